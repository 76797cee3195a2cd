"""Read every path of a deposit: folder by folder, so that conventions and plate wells are recognised together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from confocal_bag.deposit.sequences.conventions import Convention, convention_for
from confocal_bag.deposit.sequences.filenames import FileName, without_copy_suffix
from confocal_bag.deposit.sequences.tokens import Meaning, Reading, Token, read_text

__all__ = ["Entry", "read_names", "spaced_words"]

_DIGITS = re.compile(r"[0-9]+")
_WELL = re.compile(r"(?<![^\W_])[A-Pa-p](?: ?- ?)?(?:0?[1-9]|1[0-9]|2[0-4])(?![^\W_])")
#: Two of these letters in one place are two markers in either order, not two rows of a plate.
_MARKER_ROWS = frozenset("cflmp")
_POSITION_PAIR = re.compile(r"(?P<before>.*?)pos(?:ition)?_?(?P<X>[0-9]+)_(?P<Y>[0-9]+)\Z", re.IGNORECASE | re.DOTALL)
_WELL_FOLDER = re.compile(r"(?P<before>.*?)well[ _-]?(?P<W>[A-P][0-9]{1,3})\Z", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Entry:
    """One file with what its name says. `key` is equal for names that differ only in variable parts.

    `pattern` holds the marked parts in the order of the name: (axis, marker).
    """

    name: FileName
    stem: str
    copy_mark: str
    tokens: list[Token]
    words: tuple[str, ...]
    key: tuple[object, ...]
    convention: str | None
    pattern: tuple[tuple[str, str], ...]


def read_names(names: Iterable[FileName]) -> list[Entry]:
    """Read names that belong to one deposit, in the order given."""
    families: dict[str, list[FileName]] = {}
    for name in names:
        families.setdefault(_DIGITS.sub("#", name.folder), []).append(name)
    return [entry for family in families.values() for entry in _read_family(family)]


def _read_family(names: list[FileName]) -> list[Entry]:
    """Read the files of folders whose names differ only in numbers."""
    stems = _stems_without_copy_marks(names)
    convention = convention_for((stem, name.extension) for (stem, _), name in zip(stems, names, strict=True))
    contexts = frozenset() if convention is not None else _well_contexts(stem for stem, _ in stems)
    return [_entry(name, stem, mark, convention, contexts) for (stem, mark), name in zip(stems, names, strict=True)]


def _stems_without_copy_marks(names: list[FileName]) -> list[tuple[str, str]]:
    """Each stem and its copy mark. A mark counts when what it marks exists or is written like others that do."""
    patterns = {_pattern(name.stem) for name in names if without_copy_suffix(name.stem) is None}
    stems = []
    for name in names:
        found = without_copy_suffix(name.stem)
        numbered = found is not None and _DIGITS.search(found[0]) is not None
        if found is not None and numbered and _pattern(found[0]) in patterns:
            stems.append(found)
        else:
            stems.append((name.stem, ""))
    return stems


def _pattern(stem: str) -> str:
    return _DIGITS.sub("#", stem).casefold()


def _well_contexts(stems: Iterable[str]) -> frozenset[str]:
    """The texts behind which different plate rows stand (A1, A2, B1): there the letter is part of the value."""
    rows: dict[str, set[str]] = {}
    for stem in stems:
        for found in _WELL.finditer(stem):
            rows.setdefault(_context(stem, found.start()), set()).add(found.group(0)[0].casefold())
    return frozenset(context for context, letters in rows.items() if len(letters) > 1 and not letters <= _MARKER_ROWS)


def _context(stem: str, at: int) -> str:
    return _DIGITS.sub("#", _WELL.sub("?", stem[:at])).casefold()


def _entry(name: FileName, stem: str, mark: str, convention: Convention | None, contexts: frozenset[str]) -> Entry:
    reading = _by_convention(stem, name.extension, convention) if convention is not None else None
    by_table = convention.name if convention is not None and reading is not None else None
    if reading is None:
        wells = [f.span() for f in _WELL.finditer(stem) if _context(stem, f.start()) in contexts] if contexts else ()
        reading = read_text(stem, wells)
    folder_key: tuple[object, ...] = (name.folder,)
    above: list[Token] = []
    if name.folder:
        folder_key, above, reading = _with_folder(name.folder, reading)
    pattern = tuple(
        (t.axis, "" if t.meaning is Meaning.CHANNEL else t.word) for t in reading.tokens if t.meaning <= Meaning.CHANNEL
    )
    tokens, words = sorted([*above, *reading.tokens], key=_column_order), reading.words
    shape = tuple((token.meaning, token.axis) for token in tokens)
    return Entry(name, stem, mark, tokens, words, (folder_key, words, shape), by_table, pattern)


def _column_order(token: Token) -> tuple[int, str]:
    # The order of marked parts is free (z01_c1, c1_z01); unmarked ones are told apart by their place among the words.
    return token.meaning, token.axis if token.meaning <= Meaning.CHANNEL else ""


def _by_convention(stem: str, extension: str, convention: Convention) -> Reading | None:
    """Read a stem as a convention says; None when it is not written that way."""
    found = convention.ending.search(stem)
    if found is None or not convention.takes(extension):
        return None
    before = _read_head(stem[: found.start()])
    tokens, words, at = list(before.tokens), list(before.words), found.start()
    for group, index in convention.ending.groupindex.items():
        start = found.start(index)
        if start < 0:
            continue
        if start > at + 1:
            words.extend(_literals(stem[at:start]))
        meaning = Meaning.IGNORED if group.startswith("_") else Meaning.AXIS
        tokens.append(Token(meaning, "" if meaning is Meaning.IGNORED else group, convention.name, found[index]))
        at = found.end(index)
    words.extend(_literals(stem[at:]))
    return Reading(tuple(tokens), tuple(words))


def _literals(text: str) -> list[str]:
    """Constant words between the groups of a convention; marker letters alone say nothing about the sequence."""
    return [word.casefold() for word in _WORD.findall(text) if _DIGITS.search(word)]


@lru_cache(maxsize=1024)
def _read_head(text: str) -> Reading:
    """Read what stands before a convention's part; it is the same for thousands of names."""
    return read_text(text)


def _with_folder(folder: str, name: Reading) -> tuple[tuple[object, ...], list[Token], Reading]:
    """Return the part of the folder that names the sequence, the axes the folder states, and the name in its light."""
    said = {(token.word, token.text) for token in name.tokens if token.word}
    said |= {(token.axis.lower(), token.text) for token in name.tokens if token.meaning is Meaning.AXIS}
    key: list[object] = []
    above: list[Token] = []
    for component in folder.split("/"):
        reading = _read_folder(component)
        literals = []
        for token in reading.tokens:
            if token.word and (token.word, token.text) in said:
                continue
            if token.meaning in (Meaning.AXIS, Meaning.CHANNEL):
                name = _split_glued(token, name)
                above.append(token)
            else:
                literals.append((token.word, token.text))
        key.append((reading.words, tuple(literals)))
    return tuple(key), above, name


@lru_cache(maxsize=4096)
def _read_folder(component: str) -> Reading:
    """Read one folder name: only unmistakable markers are axes there."""
    pair = _POSITION_PAIR.fullmatch(component)
    if pair is not None:
        before = read_text(pair["before"])
        axes = (
            Token(Meaning.AXIS, "X", "pos", pair["X"]),
            Token(Meaning.AXIS, "Y", "pos", pair["Y"]),
        )
        return Reading(before.tokens + axes, (*before.words, "pos"))
    well = _WELL_FOLDER.fullmatch(component)
    if well is not None:
        before = read_text(well["before"])
        return Reading((*before.tokens, Token(Meaning.AXIS, "W", "well", well["W"])), before.words)
    reading = read_text(component)
    tokens = tuple(token if _is_sure(token) else token._replace(meaning=Meaning.PLAIN) for token in reading.tokens)
    return Reading(tokens, reading.words)


def _is_sure(token: Token) -> bool:
    if token.meaning is Meaning.CHANNEL:
        return True
    return token.meaning is Meaning.AXIS and (len(token.word) > 1 or token.word in ("z", "t", "c"))


def _split_glued(above: Token, name: Reading) -> Reading:
    """Where a folder ch0 holds ch00000, ch00001: the folder's digit is repeated and the rest is another number."""
    for at, token in enumerate(name.tokens):
        if token.meaning is not Meaning.AXIS or (token.axis, token.word) != (above.axis, above.word):
            continue
        rest = token.text[len(above.text) :]
        if token.text.startswith(above.text) and len(rest) > 1:
            number = Token(Meaning.PLAIN, "", "", rest, glued=False)
            return Reading((*name.tokens[:at], number, *name.tokens[at + 1 :]), (*name.words, "#"))
    return name


def spaced_words(stem: str) -> list[str]:
    """The words and numbers of a stem between its separators, as written."""
    return _WORD.findall(stem)
