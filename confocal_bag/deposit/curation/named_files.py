"""Which files a sentence speaks of: those that it names, those of a folder that it names, or all."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.formats import FORMATS, Kind

__all__ = ["FILE_NAME", "covered_by", "spoken_of"]


def _endings() -> str:
    """The endings of names of images and archives, the longest first, as a pattern."""
    of_images = {one for known in FORMATS.values() if known.kind is Kind.IMAGE for one in known.extensions}
    every = {*of_images, ".tif", ".tiff", ".zip", ".7z", ".rar", ".tgz", ".tar", ".tar.gz"}
    return "|".join(re.escape(one.lstrip(".")) for one in sorted(every, key=lambda one: (-len(one), one)))


#: A name of an image or archive, perhaps with a folder before it or an asterisk in it: raw/cell_*.tif.
FILE_NAME = re.compile(
    rf"(?<![\w.*?/\\-])[\w*?/\\+-][\w.*?/\\+-]{{0,200}}?\.(?:{_endings()})(?![\w*?]|\.\w)", re.IGNORECASE
)
_FOLDER = re.compile(
    r"\b(?:in|from|of|under|within|inside)(?: the)?(?: sub-?)? ?(?:folders?|director(?:y|ies))(?: called| named)?"
    r" [\"'\u201c\u2018]?(?P<after>[\w.+-]{1,80})"
    r"|\b(?:in|from|of|under|within|inside) (?:the )?[\"'\u201c\u2018]?(?P<before>[\w.+-]{1,80})[\"'\u201d\u2019]?"
    r" (?:sub-?)?(?:folder|directory)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"[\s\"']*(?:to|through|until|up to|bis|-|\u2013|\u2014|\.{2,3}|\u2026)[\s\"']*", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,9}")
#: Words beside "folder" that name none.
_NO_NAME = frozenset({
    "this", "the", "same", "main", "root", "top", "each", "every", "all", "our", "whole", "its", "their", "is", "are",
    "was", "were", "and", "or", "that", "which", "there", "here", "deposit", "deposited", "data", "image", "images",
    "upper", "one", "a", "an",
})  # fmt: skip


def covered_by(said: Iterable[Sentence], records: Iterable[FileRecord]) -> frozenset[PurePosixPath]:
    """The files among `records` that sentences speak of."""
    wanted = tuple(records)
    return frozenset(path for one in said for path in spoken_of(one, wanted))


def spoken_of(sentence: Sentence, records: Iterable[FileRecord]) -> Iterator[PurePosixPath]:
    """The files that a sentence speaks of.

    The names count that stand in its paragraph; a name that no file has speaks of none. Where it names nothing, it
    speaks of all.
    """
    wanted = tuple(records)
    names = list(_names(sentence.text)) or list(_names(sentence.around))
    folders = list(_folders(sentence.text))
    if not names and not folders:
        stems = [one for one in wanted if _is_named_by_stem(one, sentence.text)]
        yield from (one.path for one in stems or wanted)
        return
    spans = list(_spans(sentence.text))
    for one in wanted:
        is_named = any(_is_named(one.path, name) for name in names) or any(
            _is_within(one.path, *ends) for ends in spans
        )
        if is_named or any(_lies_in(one.path, name) for name in folders):
            yield one.path


def _names(text: str) -> Iterator[str]:
    for found in FILE_NAME.finditer(text):
        yield found[0].replace("\\", "/").casefold()


def _spans(text: str) -> Iterator[tuple[str, str]]:
    """The two ends of "cell_01.tif to cell_12.tif"."""
    found = list(FILE_NAME.finditer(text))
    for first, last in pairwise(found):
        if _TO.fullmatch(text[first.end() : last.start()]):
            yield first[0].casefold(), last[0].casefold()


def _is_within(path: PurePosixPath, first: str, last: str) -> bool:
    """Whether a name differs from both ends in its numbers only, and they lie between."""
    name = path.name.casefold()
    if len({_DIGITS.sub("#", one) for one in (name, first, last)}) != 1:
        return False
    begin, own, end = ([int(one) for one in _DIGITS.findall(text)] for text in (first, name, last))
    return all(low <= number <= high for low, number, high in zip(begin, own, end, strict=True))


def _folders(text: str) -> Iterator[str]:
    for found in _FOLDER.finditer(text):
        name = (found["after"] or found["before"]).strip(".").casefold()
        if name and name not in _NO_NAME:
            yield name


def _is_named(path: PurePosixPath, name: str) -> bool:
    whole = str(path).casefold()
    if "*" in name or "?" in name:
        return fnmatchcase(path.name.casefold(), name) or fnmatchcase(whole, name) or fnmatchcase(whole, f"*/{name}")
    return path.name.casefold() == name or whole == name.removeprefix("./") or whole.endswith(f"/{name}")


def _lies_in(path: PurePosixPath, folder: str) -> bool:
    return folder in {one.casefold() for one in path.parent.parts}


def _is_named_by_stem(record: FileRecord, text: str) -> bool:
    """Whether a name without its ending stands in the text; only names that are no words count: cell01, ctrl_b."""
    stem = record.path.name.partition(".")[0]
    if len(stem) < 3 or not re.search(r"[\d_]", stem):
        return False
    return re.search(rf"(?<![\w.-]){re.escape(stem)}(?![\w-])", text, re.IGNORECASE) is not None
