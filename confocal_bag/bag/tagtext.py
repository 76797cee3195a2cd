"""The text of tag files: encodings, line ends, and the faults that lines can have."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from confocal_bag.findings import readable_path

__all__ = [
    "Fault",
    "LineProblem",
    "Problems",
    "is_known_encoding",
    "is_utf8",
    "quoted",
    "read_lines",
]

#: Faults kept per file; beyond them the faults are only counted.
MAX_PROBLEMS = 1000
#: Lines read of one file, so that a hostile one cannot fill the memory.
MAX_LINES = 5_000_000

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_LINE_OF_BYTES = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|\Z)")
#: Characters that would steer a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENCODING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+()-]{0,60}")
#: Python codecs that are no character encodings of files, or that bring a byte order mark of their own.
_NOT_FOR_FILES = {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_8_sig"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Fault(StrEnum):
    """The kinds of fault a line can have."""

    MALFORMED = "malformed"
    BLANK = "blank"
    UNDECODABLE = "undecodable"
    BYTE_ORDER_MARK = "byte-order-mark"
    BINARY_MARKER = "binary-marker"
    RAW_PERCENT = "raw-percent"
    NOT_PLAIN = "not-plain"
    LOOSE = "loose"
    SPACING = "spacing"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineProblem:
    """What is wrong with one line (counted from 1; 0 for the file as a whole)."""

    line: int
    fault: Fault
    message: str


class Problems:
    """Collects the faults of one file, and only counts them once there are very many."""

    def __init__(self) -> None:
        self._found: list[LineProblem] = []
        self._more = dict.fromkeys(Fault, 0)

    def add(self, line: int, fault: Fault, message: str) -> None:
        """Record one fault."""
        if len(self._found) < MAX_PROBLEMS:
            self._found.append(LineProblem(line=line, fault=fault, message=message))
        else:
            self._more[fault] += 1

    def all(self) -> tuple[LineProblem, ...]:
        """Every fault recorded, then one per kind for those only counted."""
        rest = (
            LineProblem(line=0, fault=fault, message=f"{count} more lines have the same kind of fault")
            for fault, count in self._more.items()
            if count
        )
        return (*self._found, *rest)


def is_known_encoding(name: str) -> bool:
    """Whether the name is that of a character encoding this program can read."""
    if not _ENCODING_NAME.fullmatch(name):
        return False
    try:
        known = codecs.lookup(name).name
        b"\0\0\0\0".decode(name)
    except UnicodeError:
        pass  # an encoding, if not that of four NUL bytes
    except (LookupError, ValueError):
        return False  # also the codecs that turn bytes into bytes
    return known.replace("-", "_") not in _NOT_FOR_FILES


def is_utf8(encoding: str) -> bool:
    """Whether the encoding is UTF-8 by any of its names."""
    return codecs.lookup(encoding).name == "utf-8"


def read_lines(data: bytes, encoding: str, problems: Problems, *, limit: int = MAX_LINES) -> Iterator[tuple[int, str]]:
    """Lines of a tag file in a known encoding, with their numbers from 1; faults of its bytes go to `problems`.

    Only LF, CR and CRLF end a line (RFC 8493 2.3). Bytes that are not UTF-8 are kept as surrogates, so that names of
    files can still be matched; in any other encoding what cannot be read becomes U+FFFD.
    """
    lines = _utf8_lines(data, problems) if is_utf8(encoding) else _other_lines(data, encoding, problems)
    for number, line in enumerate(lines, 1):
        if number > limit:
            problems.add(number, Fault.MALFORMED, f"is beyond the {limit:,} lines that are read of such a file")
            return
        yield number, line


def _utf8_lines(data: bytes, problems: Problems) -> Iterator[str]:
    position = 0
    if data.startswith(codecs.BOM_UTF8):
        position = len(codecs.BOM_UTF8)
        problems.add(1, Fault.BYTE_ORDER_MARK, "begins with a byte order mark, which UTF-8 must not")
    for number, content in enumerate(_byte_lines(data, position), 1):
        line = content.decode("utf-8", "surrogateescape")
        if not line.isascii() and _SURROGATE.search(line):
            problems.add(number, Fault.UNDECODABLE, "holds bytes that are not UTF-8")
        yield line


def _byte_lines(data: bytes, position: int) -> Iterator[bytes]:
    if b"\r" not in data:
        with BytesIO(data) as stream:
            stream.seek(position)
            yield from (line.removesuffix(b"\n") for line in stream)
        return
    while position < len(data):
        match = _LINE_OF_BYTES.match(data, position)
        assert match  # the pattern matches anywhere
        position = match.end()
        yield match[1]


def _other_lines(data: bytes, encoding: str, problems: Problems) -> Iterator[str]:
    text, is_clean = _decode(data, encoding)
    if not is_clean:
        problems.add(0, Fault.UNDECODABLE, f"holds bytes that are not {encoding}")
    position = 0
    while position < len(text):
        match = _LINE.match(text, position)
        assert match  # the pattern matches anywhere
        position = match.end()
        yield match[1]


def _decode(data: bytes, encoding: str) -> tuple[str, bool]:
    """The text, and whether all of it could be read."""
    try:
        text = data.decode(encoding)
        is_clean = _SURROGATE.search(text) is None
    except UnicodeError:
        is_clean = False
        try:
            text = data.decode(encoding, "replace")
        except UnicodeError:
            text = ""
    return (text.removeprefix("\ufeff"), True) if is_clean else (_SURROGATE.sub("\ufffd", text), False)


def quoted(text: str) -> str:
    """The text in quotes, cut where it is long, fit for a message."""
    shown = readable_path(text if len(text) <= 120 else text[:120] + "...")
    return "'" + _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", shown) + "'"
