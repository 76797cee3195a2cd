"""Tag files: bagit.txt, bag-info.txt and fetch.txt, read with every fault named and written by the letter.

Readers never raise for what a file holds. A fault is a `LineProblem`; what it amounts to is for the rules to
say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confocal_bag.bag.paths import BAGIT_1_0, Version, decode_path, encode_path, plain_path, unsafe_because
from confocal_bag.bag.tagtext import Fault, LineProblem, Problems, quoted, read_lines
from confocal_bag.findings import CannotFinish, readable_path

__all__ = [
    "BagInfo",
    "Declaration",
    "Fault",
    "Fetch",
    "FetchEntry",
    "LineProblem",
    "format_bag_info",
    "format_bagit_txt",
    "format_fetch",
    "parse_bag_info",
    "parse_bagit_txt",
    "parse_fetch",
]

FOLD_COLUMN = 79
#: Lines read of bag-info.txt, so that a hostile one cannot fill the memory.
MAX_INFO_LINES = 1_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_VERSION_LINE = re.compile(r"BagIt-Version: ([0-9]{1,9})\.([0-9]{1,9})")
_ENCODING_LINE = re.compile(r"Tag-File-Character-Encoding: ([^ \t]+)")
_LOOSE_VERSION_LINE = re.compile(r"bagit-version[ \t]*:[ \t]*([0-9]{1,9})\.([0-9]{1,9})[ \t]*", re.IGNORECASE)
_LOOSE_ENCODING_LINE = re.compile(r"tag-file-character-encoding[ \t]*:[ \t]*([^ \t]+)[ \t]*", re.IGNORECASE)
_FETCH_LINE = re.compile(r"([^ \t]+)[ \t]+([^ \t]+)[ \t]+(.+)", re.DOTALL)
_LENGTH = re.compile(r"-|[0-9]{1,18}")
_WRITTEN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What bagit.txt says; a part that cannot be understood is None."""

    version: Version | None
    encoding: str | None
    problems: tuple[LineProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BagInfo:
    """The fields of bag-info.txt as (label, value), in its order; folded values are joined by one blank."""

    fields: tuple[tuple[str, str], ...] = ()
    problems: tuple[LineProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEntry:
    """One line of fetch.txt; `length` in bytes, None if not stated; `spelled` is the name undecoded."""

    url: str
    length: int | None
    path: str
    spelled: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The lines of fetch.txt."""

    entries: tuple[FetchEntry, ...] = ()
    problems: tuple[LineProblem, ...] = ()


def parse_bagit_txt(data: bytes) -> Declaration:
    """Read bagit.txt: exactly two lines, UTF-8 without a byte order mark (RFC 8493 2.1.1)."""
    problems = Problems()
    lines = [line for _, line in read_lines(data, "utf-8", problems)]
    while len(lines) > 2 and not lines[-1].strip(" \t"):
        lines.pop()
        problems.add(len(lines) + 1, Fault.BLANK, "is blank; the file has exactly two lines")
    if len(lines) != 2:
        problems.add(0, Fault.MALFORMED, f"has {len(lines)} lines where exactly two are expected")
    version = _declared_version(lines, problems)
    return Declaration(version=version, encoding=_declared_encoding(lines, version, problems), problems=problems.all())


def _declared_version(lines: list[str], problems: Problems) -> Version | None:
    line = lines[0] if lines else ""
    match = _VERSION_LINE.fullmatch(line)
    if match is None:
        match = _LOOSE_VERSION_LINE.fullmatch(line)
        expected = "'BagIt-Version: M.N'"
        if match is None:
            problems.add(1, Fault.MALFORMED, f"reads {quoted(line)} where {expected} is expected")
            return None
        version = (int(match[1]), int(match[2]))
        problems.add(1, _looseness(line, version), f"reads {quoted(line)} where {expected} is expected")
    return int(match[1]), int(match[2])


def _declared_encoding(lines: list[str], version: Version | None, problems: Problems) -> str | None:
    line = lines[1] if len(lines) > 1 else ""
    match = _ENCODING_LINE.fullmatch(line)
    if match is None:
        match = _LOOSE_ENCODING_LINE.fullmatch(line)
        expected = "'Tag-File-Character-Encoding: UTF-8'"
        fault = Fault.MALFORMED if match is None else _looseness(line, version or BAGIT_1_0)
        problems.add(2, fault, f"reads {quoted(line)} where {expected} is expected")
    return match[1] if match else None


def _looseness(line: str, version: Version) -> Fault:
    """Other letters in a label are only loose; blanks in the wrong place are against 1.0, not its drafts."""
    spaced_right = re.fullmatch(r"[^ \t:]+: [^ \t]+", line) is not None
    return Fault.LOOSE if spaced_right or version < BAGIT_1_0 else Fault.MALFORMED


def parse_bag_info(data: bytes, encoding: str, version: Version = BAGIT_1_0) -> BagInfo:
    """Read bag-info.txt (RFC 8493 2.2.2). Blanks around a value are not part of it."""
    problems = Problems()
    fields: list[tuple[str, list[str]]] = []
    for number, line in read_lines(data, encoding, problems, limit=MAX_INFO_LINES):
        if not line.strip(" \t"):
            problems.add(number, Fault.BLANK, "is blank")
        elif line[0] in " \t":
            if fields:
                fields[-1][1].append(line.strip(" \t"))
            else:
                problems.add(number, Fault.MALFORMED, "continues a field, but no field came before it")
        elif (field := _field(number, line, version, problems)) is not None:
            fields.append((field[0], [field[1]]))
    return BagInfo(fields=tuple((label, " ".join(parts)) for label, parts in fields), problems=problems.all())


def _field(number: int, line: str, version: Version, problems: Problems) -> tuple[str, str] | None:
    label, colon, value = line.partition(":")
    if not colon or not label.strip(" \t"):
        problems.add(number, Fault.MALFORMED, f"reads {quoted(line)} where 'Label: value' is expected")
        return None
    if version >= BAGIT_1_0:
        if label != label.rstrip(" \t"):
            problems.add(
                number,
                Fault.MALFORMED,
                f"has a blank between the label {quoted(label.rstrip())} and its colon",
            )
        if not value:
            problems.add(number, Fault.LOOSE, f"has no blank and no value after the label {quoted(label)}")
        elif value[0] not in " \t":
            problems.add(number, Fault.MALFORMED, f"has no blank after the colon of {quoted(label)}")
        elif len(value) > 1 and value[1] in " \t" and value.strip(" \t"):
            problems.add(number, Fault.SPACING, f"has more than one blank after the colon of {quoted(label)}")
    return label.rstrip(" \t"), value.strip(" \t")


def parse_fetch(data: bytes, encoding: str, version: Version = BAGIT_1_0) -> Fetch:
    """Read fetch.txt: `URL LENGTH PATH` on each line, LENGTH in bytes or `-` (RFC 8493 2.2.3)."""
    problems = Problems()
    entries: list[FetchEntry] = []
    for number, line in read_lines(data, encoding, problems):
        match = _FETCH_LINE.fullmatch(line)
        if not line.strip(" \t"):
            problems.add(number, Fault.BLANK, "is blank")
        elif match is None:
            problems.add(number, Fault.MALFORMED, f"reads {quoted(line)} where 'URL LENGTH PATH' is expected")
        else:
            entries.append(_fetch_entry(number, match, version, problems))
    return Fetch(entries=tuple(entries), problems=problems.all())


def _fetch_entry(number: int, match: re.Match[str], version: Version, problems: Problems) -> FetchEntry:
    url, length, spelled = match[1], match[2], match[3]
    if not _LENGTH.fullmatch(length):
        problems.add(
            number,
            Fault.MALFORMED,
            f"has the length {quoted(length)} where a number of bytes or - is expected",
        )
        length = "-"
    decoded = decode_path(spelled, version)
    if decoded.note:
        problems.add(number, Fault.RAW_PERCENT, f"spells {quoted(spelled)}: {decoded.note}")
    path = plain_path(decoded.path)
    if path != decoded.path:
        problems.add(number, Fault.NOT_PLAIN, f"spells {quoted(spelled)} where {quoted(path)} is expected")
    return FetchEntry(
        url=url,
        length=None if length == "-" else int(length),
        path=path,
        spelled=plain_path(spelled),
        line=number,
    )


def format_bagit_txt() -> bytes:
    """The bagit.txt of a version 1.0 bag with UTF-8 tag files."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def format_bag_info(fields: Iterable[tuple[str, str]]) -> bytes:
    """bag-info.txt with the fields in the order given, long values folded (RFC 8493 2.2.2).

    A line end inside a value becomes a fold, so it is read back as one blank. Raises CannotFinish for a label
    or a value that the format cannot hold.
    """
    return "".join(_format_field(label, value) for label, value in fields).encode("utf-8")


def _format_field(label: str, value: str) -> str:
    if not label.strip() or label != label.strip() or re.search(r"[:\r\n]", label):
        raise CannotFinish(
            f"{quoted(label)} cannot be a label in bag-info.txt; leave out colons, line ends, outer blanks."
        )
    if _SURROGATE.search(label + value):
        raise CannotFinish(f"The value of {label} in bag-info.txt holds characters that are not Unicode; correct it.")
    pieces = [piece.strip(" \t") for piece in re.split(r"[\r\n]+", value)]
    lines: list[str] = []
    for piece in filter(None, pieces):
        lines.extend(_fold(piece, len(label) + 2 if not lines else 2))
    return f"{label}: " + "\n  ".join(lines) + "\n"


def _fold(text: str, indent: int) -> Iterator[str]:
    line = ""
    for word in re.split(r"(?<![ \t]) (?![ \t])", text):
        if line and indent + len(line) + 1 + len(word) > FOLD_COLUMN:
            yield line
            line, indent = word, 2
        else:
            line = f"{line} {word}" if line else word
    yield line


def format_fetch(entries: Iterable[FetchEntry]) -> bytes:
    """fetch.txt in UTF-8, sorted by the bytes of the names: the same entries always give the same bytes.

    Only `url`, `length` and `path` of an entry are used. Raises CannotFinish for an address that is not absolute or
    not percent-encoded, a length below 0, and a path that is not a safe name below data/ in UTF-8 (RFC 8493 2.2.3).
    """
    return b"".join(line for _, line in sorted(_fetch_line(entry) for entry in entries))


def _fetch_line(entry: FetchEntry) -> tuple[bytes, bytes]:
    name = readable_path(entry.path)
    if not _WRITTEN_URL.fullmatch(entry.url):
        raise CannotFinish(
            f"{quoted(entry.url)} cannot be the address of {name} in fetch.txt; "
            "give one that begins with its scheme and has its blanks and other letters percent-encoded."
        )
    if entry.length is not None and entry.length < 0:
        raise CannotFinish(f"{name} cannot have {entry.length} bytes; give its length, or none where it is not known.")
    if unsafe_because(entry.path) or not entry.path.startswith("data/") or plain_path(entry.path) != entry.path:
        raise CannotFinish(f"{name} cannot be fetched into a bag; name a file below data/.")
    try:
        path = entry.path.encode("utf-8")
    except UnicodeEncodeError:
        raise CannotFinish(f"The name {name} is not UTF-8 and cannot stand in fetch.txt; rename the file.") from None
    length = "-" if entry.length is None else str(entry.length)
    return path, f"{entry.url} {length} {encode_path(entry.path)}\n".encode()
