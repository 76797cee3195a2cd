"""bagit.txt, which declares that a folder is a bag: read with every fault named, and written by the letter.

A reader never raises for what the file holds. A fault is a `LineProblem`; what it amounts to is for the rules to say.
"""

import re
from dataclasses import dataclass

from confocal_bag.bag.paths import BAGIT_1_0, Version
from confocal_bag.bag.tagtext import Fault, LineProblem, Problems, quoted, read_lines

__all__ = ["Declaration", "format_bagit_txt", "parse_bagit_txt"]

_VERSION_LINE = re.compile(r"BagIt-Version: ([0-9]{1,9})\.([0-9]{1,9})")
_ENCODING_LINE = re.compile(r"Tag-File-Character-Encoding: ([^ \t]+)")
_LOOSE_VERSION_LINE = re.compile(r"bagit-version[ \t]*:[ \t]*([0-9]{1,9})\.([0-9]{1,9})[ \t]*", re.IGNORECASE)
_LOOSE_ENCODING_LINE = re.compile(r"tag-file-character-encoding[ \t]*:[ \t]*([^ \t]+)[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What bagit.txt says; a part that cannot be understood is None."""

    version: Version | None
    encoding: str | None
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


def format_bagit_txt() -> bytes:
    """The bagit.txt of a version 1.0 bag with UTF-8 tag files."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
