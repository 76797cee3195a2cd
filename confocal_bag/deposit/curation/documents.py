"""The depositor's own words: the sentences of the readmes and notes of a deposit, whatever format they came in.

At most a quarter of a million characters are read of each file. What a sentence says is for others to judge.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.source import Deposit
from confocal_bag.document_text import TEXT_FORMATS, DocumentText, Line, read_document
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.formats import Kind
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.regular_file import open_regular
from confocal_bag.vocabulary import Tier

__all__ = ["Documents", "Sentence", "Unread", "read_documents", "sentences"]

_MOST_CHARACTERS = 262_144
_MOST_DOCUMENTS = 50
_MOST_SENTENCES = 4000
_LONGEST_SENTENCE = 1000
_PLAIN = frozenset({"text", "markdown"})
_NOT_PROSE = frozenset({".ini", ".cfg", ".log"})

#: A line that begins something new: a list item, a label such as "Imaging:", a heading.
_NEW_ITEM = re.compile(r"\s*(?:[-*•#|]|\d{1,2}[.)]\s|[A-Z][\w /-]{0,40}:)")
#: The end of a sentence, but not of "e.g. ", "approx. ", "Fig. " or an initial.
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!approx)(?<!\bca)(?<!Fig)(?<!\b[A-Z])[.!?]\s+(?=[A-Z0-9(\"'])")
_TOO_MANY = DocumentText(gaps=(f"only the first {_MOST_DOCUMENTS} documents are read",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence on one line, the document it stands in, and the paragraph or list item around it.

    `place` is where a person finds it, "page 3, line 4" or "paragraph 12"; `line` is the number of that line,
    paragraph or row in the text of the document, from 1.
    """

    path: PurePosixPath
    line: int
    place: str
    text: str
    around: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A document that was not read, or not to its end, and why, as a part of a sentence."""

    path: PurePosixPath
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What was read; a document of which the beginning was read is in `unread` too."""

    sentences: tuple[Sentence, ...] = ()
    read: tuple[PurePosixPath, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_documents(deposit: Deposit, inventory: Inventory) -> Documents:
    """Read the documentation of a deposit. Raises `CannotFinish` where a file cannot be opened."""
    found: list[Sentence] = []
    read: list[PurePosixPath] = []
    unread: list[Unread] = []
    for record in inventory.files:
        if record.format.kind is not Kind.DOCUMENT or record.tier is not Tier.README:
            continue
        if record.path.suffix.lower() in _NOT_PROSE and record.format.id in _PLAIN:
            continue
        text = _text_of(deposit, record) if len(read) < _MOST_DOCUMENTS else _TOO_MANY
        if text.lines or text.gap is None:
            found.extend(_sentences_in(record.path, text))
            read.append(record.path)
        gap = text.gap or ("the documents say too much" if len(found) > _MOST_SENTENCES else None)
        if gap:
            unread.append(Unread(path=record.path, why=gap))
    return Documents(sentences=tuple(found[:_MOST_SENTENCES]), read=tuple(read), unread=tuple(unread))


def _text_of(deposit: Deposit, record: FileRecord) -> DocumentText:
    """The text of a document; what is packed or compressed is read in a guarded process."""
    known = record.format.id
    if known not in TEXT_FORMATS:
        return DocumentText(gaps=(f"{record.format.name} is not read here",))
    try:
        if known in _PLAIN:
            return _read(deposit.local(record.path), known)
        return worker.run(_read, deposit.local(record.path), known)
    except UnreadableImage:
        return DocumentText(gaps=("reading it takes too much time or memory, or crashes its reader",))
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(record.path)} cannot be read: {error.strerror}. Check its permissions."
        ) from error


def _read(path: Path, known: str) -> DocumentText:
    with open_regular(path) as stream:
        return read_document(stream, known, most_characters=_MOST_CHARACTERS)


def _sentences_in(path: PurePosixPath, text: DocumentText) -> Iterator[Sentence]:
    if text.flows:
        yield from _sentences(path, text.lines)
        return
    for number, line in enumerate(text.lines, start=1):
        yield from (replace(one, line=number) for one in _sentences(path, (line,)))


def sentences(path: PurePosixPath, text: str) -> Iterator[Sentence]:
    """The sentences of a plain text."""
    lines = enumerate(text.splitlines(), start=1)
    return _sentences(path, [Line(place=f"line {number}", text=line) for number, line in lines])


def _sentences(path: PurePosixPath, source: Sequence[Line]) -> Iterator[Sentence]:
    """The sentences of a text, lines joined that belong together, nothing in them that does not print."""
    for lines in _items([line.text for line in source]):
        around = " ".join(line for _, line in lines)
        place = 0
        for one in _SENTENCE_END.split(around):
            place = around.index(one, place)
            cut = one.strip()[:_LONGEST_SENTENCE]
            if cut:
                number = _line_at(lines, place)
                yield Sentence(path=path, line=number, place=source[number - 1].place, text=cut, around=around)
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
