"""The depositor's own words: the sentences of the readmes and notes of a deposit, in plain text or Word.

At most a quarter of a megabyte of text is read of each file. What a sentence says is for others to judge.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.curation.word_text import word_lines
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.source import Deposit
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import Tier

__all__ = ["Documents", "Sentence", "read_documents", "sentences"]

_MOST_BYTES = 262_144
_MOST_DOCUMENTS = 50
_MOST_SENTENCES = 4000
_LONGEST_SENTENCE = 1000
_READ_FORMATS = frozenset({"text", "markdown", "docx"})
_NOT_PROSE = frozenset({".ini", ".cfg", ".log"})

#: A line that begins something new: a list item, a label such as "Imaging:", a heading.
_NEW_ITEM = re.compile(r"\s*(?:[-*•#]|\d{1,2}[.)]\s|[A-Z][\w /-]{0,40}:)")
#: The end of a sentence, but not of "e.g. ", "approx. ", "Fig. " or an initial.
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!approx)(?<!\bca)(?<!Fig)(?<!\b[A-Z])[.!?]\s+(?=[A-Z0-9(\"'])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence on one line, the document it stands in, its line, and the paragraph or list item around it.

    The lines of a Word document are its paragraphs and the rows of its tables.
    """

    path: PurePosixPath
    line: int
    text: str
    around: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What was read, and the documents that were not, or not to their end: PDF, damaged, too many or too long."""

    sentences: tuple[Sentence, ...] = ()
    read: tuple[PurePosixPath, ...] = ()
    unread: tuple[PurePosixPath, ...] = ()


def read_documents(deposit: Deposit, inventory: Inventory) -> Documents:
    """Read the documentation of a deposit. Raises `CannotFinish` where a file cannot be opened."""
    found: list[Sentence] = []
    read: list[PurePosixPath] = []
    unread: list[PurePosixPath] = []
    for record in inventory.files:
        if record.format.kind is not Kind.DOCUMENT or record.tier is not Tier.README:
            continue
        if record.format.id not in _READ_FORMATS or len(read) == _MOST_DOCUMENTS:
            unread.append(record.path)
            continue
        if record.path.suffix.lower() in _NOT_PROSE:
            continue
        told, is_whole = _sentences_of(deposit.local(record.path), record)
        if told is not None:
            found.extend(told)
            read.append(record.path)
        if not is_whole or len(found) > _MOST_SENTENCES:
            unread.append(record.path)
    return Documents(sentences=tuple(found[:_MOST_SENTENCES]), read=tuple(read), unread=tuple(unread))


def _sentences_of(path: Path, record: FileRecord) -> tuple[list[Sentence] | None, bool]:
    """The sentences of a document, and whether these are all; None where it cannot be read."""
    if record.format.id != "docx":
        content = _beginning(path, record.path)
        return list(sentences(record.path, _decoded(content[:_MOST_BYTES]))), len(content) <= _MOST_BYTES
    lines = word_lines(path)
    if lines is None:
        return None, False
    ends = list(accumulate(map(len, lines)))
    kept = lines[: bisect_right(ends, _MOST_BYTES)]
    found = (
        replace(one, line=number) for number, line in enumerate(kept, start=1) for one in sentences(record.path, line)
    )
    return list(found), len(kept) == len(lines)


def _beginning(path: Path, place: PurePosixPath) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(place)} cannot be read: {error.strerror}. Check its permissions."
        ) from error


def _decoded(content: bytes) -> str:
    """The text: UTF-8, UTF-16 where a mark says so, else Windows-1252, which old notes are written in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:  # cut within a character
            return content[: error.start].decode("utf-8-sig")
    return content.decode("cp1252", "replace")


def sentences(path: PurePosixPath, text: str) -> Iterator[Sentence]:
    """The sentences of a text, lines joined that belong together, nothing in them that does not print."""
    for lines in _items(text.splitlines()):
        around = " ".join(line for _, line in lines)
        place = 0
        for one in _SENTENCE_END.split(around):
            place = around.index(one, place)
            cut = one.strip()[:_LONGEST_SENTENCE]
            if cut:
                yield Sentence(path=path, line=_line_at(lines, place), text=cut, around=around)
            place += len(one)


def _line_at(lines: Sequence[tuple[int, str]], place: int) -> int:
    """The number of the line that holds the character at `place` of the joined lines."""
    end = 0
    for number, line in lines:
        end += len(line) + 1
        if place < end:
            return number
    return lines[-1][0]


def _items(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Paragraphs and list items, as their lines with their numbers from 1."""
    gathered: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if gathered and (not line.strip() or _NEW_ITEM.match(line[:60])):
            yield gathered
            gathered = []
        bare = _on_one_line(line)
        if bare:
            gathered.append((number, bare))
    if gathered:
        yield gathered


def _on_one_line(line: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in line).split())
