"""What the folders above a file say: axes, and the part that names the sequence."""

import re

from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.tokens import Meaning, Reading, Token, read_text

__all__ = ["FolderReader"]

_POSITION_PAIR = re.compile(r"(?P<before>.*?)pos(?:ition)?_?(?P<X>[0-9]+)_(?P<Y>[0-9]+)\Z", re.IGNORECASE | re.DOTALL)
_WELL_FOLDER = re.compile(r"(?P<before>.*?)well[ _-]?(?P<W>[A-P][0-9]{1,3})\Z", re.IGNORECASE | re.DOTALL)


class FolderReader:
    """Reads the folders of one deposit, each once."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._paths: dict[str, tuple[tuple[Reading, ...], tuple[object, ...] | None]] = {}
        self._folders: dict[str, Reading] = {}

    def with_folder(self, folder: str, name: Reading) -> tuple[tuple[object, ...], list[Token], Reading]:
        """The part of the folder that names the sequence, the axes the folder states, and the name in its light."""
        readings, constant = self._paths.get(folder) or self._read_path(folder)
        if constant is not None:
            return constant, [], name
        key: list[object] = []
        above: list[Token] = []
        seen = name
        for reading in readings:
            literals = []
            for token in reading.tokens:
                if token.word and _says(seen, token):
                    continue
                if token.meaning in (Meaning.AXIS, Meaning.CHANNEL):
                    name = _split_glued(token, name)
                    above.append(token)
                else:
                    literals.append((token.word, token.text))
            key.append((reading.words, tuple(literals)))
        return tuple(key), above, name

    def _read_path(self, path: str) -> tuple[tuple[Reading, ...], tuple[object, ...] | None]:
        """The reading of each folder of a path, and what names the sequence there where that is so for every file."""
        readings = tuple(self._folders.get(one) or self._read_folder(one) for one in path.split("/"))
        constant = None
        if not any(t.word or t.meaning in (Meaning.AXIS, Meaning.CHANNEL) for r in readings for t in r.tokens):
            constant = tuple((r.words, tuple((token.word, token.text) for token in r.tokens)) for r in readings)
        self._paths[path] = readings, constant
        return readings, constant

    def _read_folder(self, name: str) -> Reading:
        self._folders[name] = _read_folder(name, self._forms)
        return self._folders[name]


def _says(name: Reading, token: Token) -> bool:
    """Whether a name repeats what its folder says."""
    return any(
        token.text == own.text
        and (token.word == own.word or (own.meaning is Meaning.AXIS and own.axis.lower() == token.word))
        for own in name.tokens
    )


def _read_folder(component: str, forms: Forms) -> Reading:
    """Read one folder name: only unmistakable markers are axes there."""
    pair = _POSITION_PAIR.fullmatch(component)
    if pair is not None:
        before = read_text(pair["before"], forms)
        axes = (
            Token(Meaning.AXIS, "X", "pos", pair["X"]),
            Token(Meaning.AXIS, "Y", "pos", pair["Y"]),
        )
        return Reading(before.tokens + axes, (*before.words, "pos"))
    well = _WELL_FOLDER.fullmatch(component)
    if well is not None:
        before = read_text(well["before"], forms)
        return Reading((*before.tokens, Token(Meaning.AXIS, "W", "well", well["W"])), before.words)
    reading = read_text(component, forms)
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
