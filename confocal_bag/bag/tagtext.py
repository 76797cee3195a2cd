"""The text of tag files: encodings, line ends, and the faults that lines can have."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from confocal_bag.findings import readable_path

__all__ = [
    "Fault",
    "LineProblem",
    "Problems",
    "decode_text",
    "is_known_encoding",
    "is_utf8",
    "numbered_lines",
    "quoted",
]

#: Faults kept per file; beyond them the faults are only counted.
MAX_PROBLEMS = 1000

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
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

    def __init__(self, found: Iterable[LineProblem] = ()) -> None:
        self._found = list(found)
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


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers from 1; only LF, CR and CRLF end a line (RFC 8493 2.3)."""
    number, position = 0, 0
    while position < len(text):
        match = _LINE.match(text, position)
        assert match  # the pattern matches anywhere
        number, position = number + 1, match.end()
        yield number, match[1]


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


def decode_text(data: bytes, encoding: str) -> tuple[str, tuple[LineProblem, ...]]:
    """The text of a tag file in a known encoding, and what is wrong with its bytes.

    Bytes that are not UTF-8 are kept as surrogates, so that names of files can still be matched; in any other
    encoding what cannot be read becomes U+FFFD.
    """
    if not is_utf8(encoding):
        return _decode_other(data, encoding)
    text = data.decode("utf-8", "surrogateescape")
    problems = []
    if text.startswith("\ufeff"):
        text = text[1:]
        problems.append(
            LineProblem(
                line=1,
                fault=Fault.BYTE_ORDER_MARK,
                message="begins with a byte order mark, which UTF-8 must not",
            )
        )
    if not text.isascii() and (match := _SURROGATE.search(text)):
        line = 1 + len(re.findall(r"\r\n|\r|\n", text[: match.start()]))
        problems.append(
            LineProblem(line=line, fault=Fault.UNDECODABLE, message="holds bytes that are not UTF-8")
        )
    return text, tuple(problems)


def _decode_other(data: bytes, encoding: str) -> tuple[str, tuple[LineProblem, ...]]:
    problem = LineProblem(line=0, fault=Fault.UNDECODABLE, message=f"holds bytes that are not {encoding}")
    try:
        text = data.decode(encoding)
    except UnicodeError:
        try:
            text = data.decode(encoding, "replace")
        except UnicodeError:
            return "", (problem,)
        return _SURROGATE.sub("\ufffd", text), (problem,)
    if _SURROGATE.search(text):
        return _SURROGATE.sub("\ufffd", text), (problem,)
    return text.removeprefix("\ufeff"), ()


def quoted(text: str) -> str:
    """The text in quotes, cut where it is long, fit for a message."""
    shown = text if len(text) <= 120 else text[:120] + "..."
    return f"'{readable_path(shown)}'"
