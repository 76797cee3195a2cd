"""Lay out plain text for a readme so that no value can look like anything but a value.

Values from files, headers and people are put on one line, freed of characters that do not print, and always
indented: a heading starts in the first column, which only the template writes to.
"""

import textwrap

from confocal_bag.deposit.placeholders import is_placeholder
from confocal_bag.findings import readable_path

__all__ = [
    "NOT_RECORDED",
    "Prepared",
    "cleaned",
    "entry",
    "heading",
    "paragraph",
    "path_line",
    "row",
    "shown_path",
    "title_line",
]

NOT_RECORDED = "not recorded"
_WIDTH = 80


class Prepared(str):
    """Text that is laid out and safe to put into a readme as it is."""

    __slots__ = ()


def cleaned(value: object) -> str:
    """The value on one line of printable characters; None is "not recorded"."""
    if value is None:
        return NOT_RECORDED
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()) or NOT_RECORDED


def shown_path(path: object) -> str:
    """A path with every character that does not print written as its code, so that paths stay distinct."""
    text = readable_path(str(path))
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def heading(number: int, title: str) -> Prepared:
    """A numbered section heading, underlined."""
    line = f"{number}. {cleaned(title).upper()}"
    return Prepared(f"{line}\n{'-' * len(line)}")


def title_line(text: str | None) -> Prepared:
    """The title of the readme between two rules, behind a label so that it can pass for nothing else."""
    lines = _wrap(f"README: {cleaned(text) if text else 'a dataset whose title is not recorded'}", "", " " * 8)
    return Prepared("\n".join(["=" * _WIDTH, *lines, "=" * _WIDTH]))


def entry(label: str, value: object, *, indent: int = 2, width: int = 22) -> Prepared:
    """A label and its value, the value wrapped beside the label. Several values stand below each other."""
    values = list(value) if isinstance(value, list | tuple) else [value]
    lead = f"{' ' * indent}{cleaned(label) + ':':<{width}}"
    rest = " " * (indent + width)
    lines: list[str] = []
    for one in values or [None]:
        answer = None if isinstance(one, str) and is_placeholder(one) else one
        lines += _wrap(cleaned(answer), lead if not lines else rest, rest)
    return Prepared("\n".join(lines))


def paragraph(value: object, indent: int = 2) -> Prepared:
    """A wrapped, indented paragraph."""
    if isinstance(value, str) and is_placeholder(value):
        value = None
    return Prepared("\n".join(_wrap(cleaned(value), " " * indent, " " * indent)))


def path_line(path: object, rest: str = "", indent: int = 4, lead: str = "") -> Prepared:
    """A path on a line of its own, unbroken, with what is said of it behind or, for want of room, below."""
    line = f"{' ' * indent}{lead}{shown_path(path)}"
    if not rest:
        return Prepared(line)
    told = cleaned(rest)
    if len(line) + 2 + len(told) <= _WIDTH:
        return Prepared(f"{line}, {told}")
    return Prepared("\n".join([line, *_wrap(told, " " * (indent + 4), " " * (indent + 4))]))


def row(cells: "list[str]", widths: "list[int]", indent: int = 2) -> Prepared:
    """One line of a table: the first cell may outgrow its column, the last is aligned to the right."""
    parts = [f"{cell:<{width}}" for cell, width in zip(cells[:-1], widths[:-1], strict=True)]
    parts.append(f"{cells[-1]:>{widths[-1]}}")
    return Prepared(" " * indent + "  ".join(parts).rstrip())


def _wrap(text: str, first: str, rest: str) -> list[str]:
    width = max(_WIDTH, len(rest) + 30)
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
