"""fetch.txt, the payload files that are kept elsewhere: read with every fault named, and written by the letter.

A reader never raises for what the file holds. A fault is a `LineProblem`; what it amounts to is for the rules to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from confocal_bag.bag.paths import BAGIT_1_0, Version, decode_path, encode_path, plain_path, unsafe_because
from confocal_bag.bag.tagtext import Fault, LineProblem, Problems, quoted, read_lines
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Fetch", "FetchEntry", "format_fetch", "parse_fetch"]

_FETCH_LINE = re.compile(r"([^ \t]+)[ \t]+([^ \t]+)[ \t]+(.+)", re.DOTALL)
_LENGTH = re.compile(r"-|[0-9]{1,18}")
_WRITTEN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")


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
