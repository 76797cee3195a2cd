"""Tables in plain text: columns aligned, cells wrapped, never wider than a line."""

from collections.abc import Sequence
from itertools import zip_longest

from confocal_bag.deposit.exports.plain_text import Prepared, cleaned
from confocal_bag.deposit.exports.text_width import WIDTH, display_width, padded, words, wrapped

__all__ = ["EMPTY", "table"]

#: What stands in a cell of which nothing is recorded.
EMPTY = "-"
_GAP = "  "
_NARROWEST = 5


def table(
    head: Sequence[str], rows: Sequence[Sequence[object]], *, indent: int = 2, right: Sequence[str] = ()
) -> Prepared:
    """A table with a rule below its head; a cell that is too long goes on below.

    A column in which no row has anything is left out. Columns named in `right` are aligned to the right.
    """
    texts = [["" if one is None or one == "" else cleaned(one) for one in row] for row in rows]
    used = [column for column in range(len(head)) if any(row[column] for row in texts)]
    names = [cleaned(head[column]) for column in used]
    cells = [[row[column] or EMPTY for column in used] for row in texts]
    widths = _widths([names, *cells], WIDTH - indent)
    to_the_right = [name in right for name in names]
    lines = [*_lines(names, widths, to_the_right), _GAP.join("-" * width for width in widths)]
    for row in cells:
        lines += _lines(row, widths, to_the_right)
    return Prepared("\n".join(f"{' ' * indent}{line}".rstrip() for line in lines))


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """The width of each column: what its longest cell asks for, and where that is too much, less of the widest."""
    wanted = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    # A cell in which no word is broken is easier to read, where that is to be had.
    longest = [
        max(display_width(word) for cell in column for word in words(cell)) for column in zip(*rows, strict=True)
    ]
    room -= len(_GAP) * (len(wanted) - 1)
    widths = list(wanted)
    for least in (longest, [_NARROWEST] * len(wanted)):
        while sum(widths) > room:
            slack = [width if width > low else 0 for width, low in zip(widths, least, strict=True)]
            if not any(slack):
                break
            widths[slack.index(max(slack))] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int], to_the_right: Sequence[bool]) -> list[str]:
    """One row of the table, as many lines as its longest cell needs."""
    columns = [wrapped(cell, width=width) for cell, width in zip(cells, widths, strict=True)]
    return [
        _GAP.join(
            padded(text, width, to_the_right=right)
            for text, width, right in zip(line, widths, to_the_right, strict=True)
        )
        for line in zip_longest(*columns, fillvalue="")
    ]
