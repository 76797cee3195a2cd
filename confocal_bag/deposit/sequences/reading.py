"""Read every path of a deposit: folder by folder, so that conventions and plate wells are recognised together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from confocal_bag.deposit.sequences.conventions import Convention, convention_for
from confocal_bag.deposit.sequences.filenames import FileName, without_copy_suffix
from confocal_bag.deposit.sequences.folders import FolderReader
from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.tokens import Meaning, Reading, Token, read_text

__all__ = ["Entry", "read_names", "spaced_words"]

_DIGITS = re.compile(r"[0-9]+")
_WELL = re.compile(r"(?<![^\W_])[A-Pa-p](?: ?- ?)?(?:0?[1-9]|1[0-9]|2[0-4])(?![^\W_])")
#: Two of these letters in one place are two markers in either order, not two rows of a plate.
_MARKER_ROWS = frozenset("cflmp")
_WORD = re.compile(r"[^\W_]+")

_Arrangement = tuple[tuple[int, ...], tuple[tuple[str, str], ...], tuple[object, ...]]
#: So much is remembered of how names are written; a deposit that has more has no stacks.
_MOST_FORMS = 4096


@dataclass(slots=True)
class Entry:
    """One file with what its name says. `key` is equal for names that differ only in variable parts.

    `pattern` holds the marked parts in the order of the name: (axis, marker). `ends_in_number` tells whether the name
    ends with a number that nothing explains.
    """

    name: FileName
    stem: str
    copy_mark: str
    tokens: list[Token]
    words: tuple[str, ...]
    key: tuple[object, ...]
    convention: str | None
    pattern: tuple[tuple[str, str], ...]
    ends_in_number: bool = False


def read_names(names: Iterable[FileName]) -> list[Entry]:
    """Read names that belong to one deposit, in the order given."""
    families: dict[str, list[FileName]] = {}
    for name in names:
        families.setdefault(_DIGITS.sub("#", name.folder), []).append(name)
    reader = _NameReader()
    return [entry for family in families.values() for entry in reader.read_family(family)]


class _NameReader:
    """Reads the names of one deposit, and remembers how such names are written."""

    def __init__(self) -> None:
        self._forms = Forms()
        self._folders = FolderReader(self._forms)
        self._heads: dict[str, Reading] = {}
        #: How the tokens of a form are arranged.
        self._arrangements: dict[tuple[object, ...], _Arrangement] = {}

    def read_family(self, names: list[FileName]) -> list[Entry]:
        """Read the files of folders whose names differ only in numbers."""
        stems = _stems_without_copy_marks(names)
        convention = convention_for((stem, name.extension) for (stem, _), name in zip(stems, names, strict=True))
        contexts = frozenset() if convention is not None else _well_contexts(stem for stem, _ in stems)
        return [
            self._read(name, stem, mark, convention, contexts) for (stem, mark), name in zip(stems, names, strict=True)
        ]

    def _read(
        self, name: FileName, stem: str, mark: str, convention: Convention | None, contexts: frozenset[str]
    ) -> Entry:
        reading = self._by_convention(stem, name.extension, convention) if convention is not None else None
        by_table = convention.name if convention is not None and reading is not None else None
        if reading is None:
            wells = (
                [f.span() for f in _WELL.finditer(stem) if _context(stem, f.start()) in contexts] if contexts else ()
            )
            reading = read_text(stem, self._forms, wells)
        folder_key: tuple[object, ...] = (name.folder,)
        above: list[Token] = []
        if name.folder:
            folder_key, above, reading = self._folders.with_folder(name.folder, reading)
        tokens = [*above, *reading.tokens]
        order, pattern, shape = self._arrangement(reading, tokens, above)
        return Entry(
            name=name,
            stem=stem,
            copy_mark=mark,
            tokens=[tokens[at] for at in order],
            words=reading.words,
            key=(folder_key, reading.words, shape),
            convention=by_table,
            pattern=pattern,
            ends_in_number=reading.words[-1:] == ("#",) and reading.tokens[-1].meaning is Meaning.PLAIN,
        )

    def _arrangement(self, reading: Reading, tokens: list[Token], above: list[Token]) -> _Arrangement:
        form = (reading.form, *[(token.axis, token.word) for token in above])
        found = self._arrangements.get(form) if reading.form else None
        if found is None:
            found = _arranged(tokens, len(above))
            if len(self._arrangements) >= _MOST_FORMS:
                self._arrangements.clear()
            self._arrangements[form] = found
        return found

    def _by_convention(self, stem: str, extension: str, convention: Convention) -> Reading | None:
        """Read a stem as a convention says; None when it is not written that way."""
        found = convention.ending.search(stem)
        if found is None or not convention.takes(extension):
            return None
        before = self._head(stem[: found.start()])
        tokens, words, at = list(before.tokens), list(before.words), found.start()
        form: list[object] = [before.form, convention.example]
        for group, index in convention.ending.groupindex.items():
            start, end = found.span(index)
            if start < 0:
                continue
            if start > at + 1:
                words.extend(_literals(stem[at:start]))
            meaning = Meaning.IGNORED if group.startswith("_") else Meaning.AXIS
            tokens.append(Token(meaning, "" if meaning is Meaning.IGNORED else group, convention.name, stem[start:end]))
            form.append(group)
            at = end
        words.extend(_literals(stem[at:]))
        return Reading(tuple(tokens), tuple(words), tuple(form))

    def _head(self, text: str) -> Reading:
        """Read what stands before a convention's part; it is the same for thousands of names."""
        found = self._heads.get(text)
        if found is None:
            if len(self._heads) >= _MOST_FORMS:
                self._heads.clear()
            found = self._heads[text] = read_text(text, self._forms)
        return found


def _stems_without_copy_marks(names: list[FileName]) -> list[tuple[str, str]]:
    """Each stem and its copy mark. A mark counts when what it marks exists or is written like others that do."""
    marked: dict[int, tuple[str, str]] = {}
    for at, name in enumerate(names):
        found = without_copy_suffix(name.stem)
        if found is not None and _DIGITS.search(found[0]) is not None:
            marked[at] = found
    stems = [(name.stem, "") for name in names]
    if marked:
        patterns = {_pattern(name.stem) for at, name in enumerate(names) if at not in marked}
        for at, found in marked.items():
            if _pattern(found[0]) in patterns:
                stems[at] = found
    return stems


def _pattern(stem: str) -> str:
    return _DIGITS.sub("#", stem).casefold()


def _well_contexts(stems: Iterable[str]) -> frozenset[str]:
    """The texts behind which different plate rows stand (A1, A2, B1): there the letter is part of the value."""
    rows: dict[str, set[str]] = {}
    stems = list(stems)
    # Most folders hold no wells: one look at all letters saves a look at what stands before each.
    every = {found[0].casefold() for stem in stems for found in _WELL.findall(stem)}
    if len(every) < 2 or every <= _MARKER_ROWS:
        return frozenset()
    for stem in stems:
        for found in _WELL.finditer(stem):
            rows.setdefault(_context(stem, found.start()), set()).add(found.group(0)[0].casefold())
    return frozenset(context for context, letters in rows.items() if len(letters) > 1 and not letters <= _MARKER_ROWS)


def _wells_in(stem: str, contexts: frozenset[str]) -> list[tuple[int, int]]:
    """Where wells stand in a stem."""
    return [found.span() for found in _WELL.finditer(stem) if _context(stem, found.start()) in contexts]


def _context(stem: str, at: int) -> str:
    return _DIGITS.sub("#", _WELL.sub("?", stem[:at])).casefold()


def _arranged(tokens: list[Token], above: int) -> _Arrangement:
    """The settled order of the tokens, their marked parts as written in the name, and what all that amounts to.

    The order of marked parts is free (z01_c1, c1_z01); unmarked ones are told apart by their place among the words.
    The first `above` tokens are the folder's.
    """
    keys = [(token.meaning, token.axis if token.meaning <= Meaning.CHANNEL else "") for token in tokens]
    order = tuple(sorted(range(len(tokens)), key=keys.__getitem__))
    pattern = tuple(
        (token.axis, "" if token.meaning is Meaning.CHANNEL else token.word)
        for token in tokens[above:]
        if token.meaning <= Meaning.CHANNEL
    )
    return order, pattern, tuple((int(tokens[at].meaning), tokens[at].axis) for at in order)


def _literals(text: str) -> tuple[str, ...]:
    """Constant words between the groups of a convention; marker letters alone say nothing about the sequence."""
    return tuple(word.casefold() for word in _WORD.findall(text) if _DIGITS.search(word))


def spaced_words(stem: str) -> list[str]:
    """The words and numbers of a stem between its separators, as written."""
    return _WORD.findall(stem)
