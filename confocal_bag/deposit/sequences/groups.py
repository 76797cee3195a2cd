"""A group of files that belong together, and the axes along which they differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry

__all__ = ["Axis", "Group", "Value", "value_of", "values_of"]

Value = int | str


def value_of(text: str) -> Value:
    """A number as int, a label as it is."""
    if text.isdigit() and text.isascii():
        return int(text)
    return int(text) if text[:1] == "-" and text[1:].isdigit() and text.isascii() else text


def values_of(texts: list[str]) -> list[Value]:
    """The value of each text."""
    known = {text: value_of(text) for text in set(texts)}
    return [known[text] for text in texts]


@dataclass(slots=True)
class Axis:
    """One axis of a group: the marker word and the value text of every entry, in the order of the entries."""

    words: list[str]
    texts: list[str]
    ambiguous: str = ""
    _values: list[Value] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def values(self) -> list[Value]:
        """The values: numbers where the text is one, else the text."""
        if self._values is None:
            self._values = values_of(self.texts)
        return self._values

    def part(self, rows: Iterable[int]) -> "Axis":
        """The same axis for some of the entries."""
        rows = list(rows)
        return Axis([self.words[row] for row in rows], [self.texts[row] for row in rows], self.ambiguous)


@dataclass(slots=True)
class Group:
    """Entries that belong together, and their axes (constant ones too)."""

    entries: list[Entry]
    axes: dict[str, Axis]
    confidence: Confidence = Confidence.MARKER

    @property
    def varying(self) -> list[str]:
        """Axes with at least two values."""
        return [axis for axis, column in self.axes.items() if len(set(column.values)) > 1]

    def part(self, rows: list[int]) -> "Group":
        """Some of the entries with their axes."""
        axes = {name: axis.part(rows) for name, axis in self.axes.items()}
        return Group([self.entries[row] for row in rows], axes, self.confidence)
