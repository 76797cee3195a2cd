"""The text of a document as it moves through the program."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

__all__ = ["DocumentText", "Line", "Property", "first_characters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, a paragraph, or a row of a table. `place` is where a person finds it: "page 3, line 4", "paragraph 12".

    `cells` are those of a row, and `table` is the number of its table, from 1.
    """

    place: str
    text: str
    cells: tuple[str, ...] = ()
    table: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What a document records about itself or a comment in it, by the name it has there: Author, Title, Creator."""

    place: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """What was read of a document. Where `flows`, a sentence may run over several lines, but not over an empty one.

    `notes` are comments, links and what was filled into forms, which stand beside the text. `packets` are documents of
    XML metadata (XMP, ISO 16684-1). `gaps` say, each as a part of a sentence, what could not be read and why.
    """

    lines: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    properties: tuple[Property, ...] = ()
    packets: tuple[bytes, ...] = ()
    gaps: tuple[str, ...] = ()
    flows: bool = False

    @property
    def gap(self) -> str | None:
        """All that could not be read, as the end of a sentence; None where nothing is left."""
        return "; ".join(self.gaps) or None


def first_characters(lines: Iterable[Line], most: int) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines that the first `most` characters of a text make, and the gap where these are not all."""
    kept: list[Line] = []
    for line in lines:
        if len(line.text) >= most:
            kept.append(replace(line, text=line.text[:most]))
            return tuple(kept), (f"it is long and was read up to {line.place}",)
        most -= len(line.text) + 1
        kept.append(line)
    return tuple(kept), ()
