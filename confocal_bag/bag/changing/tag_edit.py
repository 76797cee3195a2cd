"""Change single fields or lines of a tag file and leave every other byte of it as it is.

Fields of bag-info.txt (RFC 8493 2.2.2) keep their order, their repeats, their folding and their spelling; only the
fields that are set, appended or unset are written anew.
"""

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass

from confocal_bag.bag.bag_info import format_bag_info, parse_bag_info
from confocal_bag.findings import CannotFinish, UsageProblem

__all__ = ["InfoEditor", "check_field", "parse_field", "without_lines"]

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def parse_field(text: str) -> tuple[str, str]:
    """The label and value of "Label: value" as given on a command line. Raises UsageProblem."""
    label, colon, value = text.partition(":")
    if not colon or not label.strip() or not value.strip():
        raise UsageProblem(f"{text!r} is no field of bag-info.txt; write it as 'Label: value'.")
    return label.strip(), value.strip()


def check_field(label: str, value: str) -> None:
    """Refuse a field that bag-info.txt cannot hold or that would not be read back as it is. Raises CannotFinish."""
    read = parse_bag_info(format_bag_info([(label, value)]), "utf-8")
    if read.problems or [(one, told.split()) for one, told in read.fields] != [(label, value.split())]:
        raise CannotFinish(f"{label!r} with the value {value!r} cannot stand in bag-info.txt; write it otherwise.")


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one field, or of what stands before the first one (label "")."""

    label: str
    content: bytes


class InfoEditor:
    """The fields of a bag-info.txt in UTF-8, to be changed one at a time. Labels match in whatever letters."""

    def __init__(self, content: bytes) -> None:
        self._blocks = _blocks(content.removeprefix(codecs.BOM_UTF8))

    def has(self, label: str) -> bool:
        """Whether there is such a field."""
        return any(block.label == label.casefold() for block in self._blocks)

    def set(self, label: str, value: str) -> None:
        """Give the field this one value, in the place of its first occurrence; at the end where there is none."""
        places = self._places(label)
        if not places:
            self._insert(len(self._blocks), label, value)
            return
        self._blocks[places[0]] = _block(label, value)
        for place in reversed(places[1:]):
            del self._blocks[place]

    def append(self, label: str, value: str) -> None:
        """Add the field once more, after its last occurrence; at the end where there is none."""
        places = self._places(label)
        self._insert(places[-1] + 1 if places else len(self._blocks), label, value)

    def unset(self, label: str) -> None:
        """Remove the field with all its repeats. Raises CannotFinish where there is none."""
        if not self.has(label):
            raise CannotFinish(f"bag-info.txt has no field {label} to remove; check its spelling.")
        self._blocks = [block for block in self._blocks if block.label != label.casefold()]

    def content(self) -> bytes:
        """The file as it is now."""
        return b"".join(block.content for block in self._blocks)

    def _places(self, label: str) -> list[int]:
        return [place for place, block in enumerate(self._blocks) if block.label == label.casefold()]

    def _insert(self, place: int, label: str, value: str) -> None:
        if place and not self._blocks[place - 1].content.endswith((b"\n", b"\r")):
            before = self._blocks[place - 1]
            self._blocks[place - 1] = _Block(before.label, before.content + b"\n")
        self._blocks.insert(place, _block(label, value))


def _block(label: str, value: str) -> _Block:
    return _Block(label.casefold(), format_bag_info([(label, value)]))


def _blocks(content: bytes) -> list[_Block]:
    """The file cut before every line that begins a field."""
    blocks: list[_Block] = []
    for line in _lines(content):
        begins = line.strip(b" \t\r\n") and line[:1] not in (b" ", b"\t") and b":" in line
        if begins or not blocks:
            label = line.partition(b":")[0].decode("utf-8", "surrogateescape") if begins else ""
            blocks.append(_Block(label.rstrip(" \t").casefold(), line))
        else:
            blocks[-1] = _Block(blocks[-1].label, blocks[-1].content + line)
    return blocks


def without_lines(content: bytes, numbers: Collection[int]) -> bytes:
    """A tag file in UTF-8 without the lines of these numbers, counted from 1."""
    return b"".join(line for number, line in enumerate(_lines(content), 1) if number not in numbers)


def _lines(content: bytes) -> list[bytes]:
    """The lines with their ends; only LF, CR and CRLF end one."""
    return [match[0] for match in _LINE.finditer(content) if match[0]]
