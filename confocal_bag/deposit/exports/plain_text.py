"""Lay out plain text for a readme so that no value can look like anything but a value.

Values from files, headers and people are put on one line, freed of characters that do not print, and always
indented: a heading starts in the first column, which only the template writes to.
"""

import re
from collections.abc import Iterable

from confocal_bag.deposit.exports.text_width import WIDTH, display_width, padded, wrapped
from confocal_bag.deposit.placeholders import is_placeholder
from confocal_bag.findings import readable_path

__all__ = [
    "NOT_RECORDED",
    "Prepared",
    "bullet",
    "cleaned",
    "entries",
    "entry",
    "heading",
    "paragraph",
    "path_line",
    "shown_path",
    "subheading",
    "title_line",
]

NOT_RECORDED = "not recorded"


#: Halves of characters, which YAML can spell; those that stand for bytes of a name are told apart and kept.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Prepared(str):
    """Text that is laid out and safe to put into a readme as it is."""

    __slots__ = ()


def cleaned(value: object) -> str:
    """The value on one line of printable characters; None is "not recorded"."""
    if value is None:
        return NOT_RECORDED
    text = _HALVES.sub("\ufffd", str(value)).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()) or NOT_RECORDED


def shown_path(path: object) -> str:
    """A path with every character that does not print written as its code, so that paths stay distinct."""
    text = readable_path(str(path))
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def heading(number: int, title: str) -> Prepared:
    """A numbered section heading, underlined."""
    line = f"{number}. {cleaned(title).upper()}"
    return Prepared(f"{line}\n{'-' * display_width(line)}")


def subheading(text: str) -> Prepared:
    """A heading within a section, indented."""
    return Prepared("\n".join(wrapped(cleaned(text), "  ", "  ")))


def title_line(text: str | None, *, label: str = "README") -> Prepared:
    """The title between two rules, behind a label so that it can pass for nothing else."""
    known = text is not None and not is_placeholder(text)
    title = cleaned(text) if known else "a dataset whose title is not recorded"
    lines = wrapped(f"{label}: {title}", "", " " * (len(label) + 2))
    return Prepared("\n".join(["=" * WIDTH, *lines, "=" * WIDTH]))


def entry(label: str, value: object, *, indent: int = 2, width: int = 22) -> Prepared:
    """A label and its value, the value wrapped beside the label. Several values stand below each other."""
    values = list(value) if isinstance(value, list | tuple) else [value]
    lead = " " * indent + padded(cleaned(label) + ": ", width)
    rest = " " * (indent + width)
    lines: list[str] = []
    for one in values or [None]:
        lines += wrapped(_answer(one), lead if not lines else rest, rest)
    return Prepared("\n".join(lines))


def entries(pairs: Iterable[tuple[str, object]], *, indent: int = 2, width: int = 22) -> Prepared:
    """Labels and their values below each other."""
    return Prepared("\n".join(entry(label, value, indent=indent, width=width) for label, value in pairs))


def _answer(value: object) -> str:
    return cleaned(None if isinstance(value, str) and is_placeholder(value) else value)


def paragraph(value: object, indent: int = 2) -> Prepared:
    """A wrapped, indented paragraph."""
    return Prepared("\n".join(wrapped(_answer(value), " " * indent, " " * indent)))


def bullet(value: object, indent: int = 2) -> Prepared:
    """A wrapped paragraph behind a hyphen."""
    return Prepared("\n".join(wrapped(_answer(value), f"{' ' * indent}- ", " " * (indent + 2))))


def path_line(path: object, rest: str = "", indent: int = 4, lead: str = "") -> Prepared:
    """A path on a line of its own, with what is said of it behind or, for want of room, below.

    A path that is longer than a line goes on in the next, further in.
    """
    lines = _path_lines(shown_path(path), " " * indent + lead, " " * (indent + len(lead) + 2))
    if not rest:
        return Prepared("\n".join(lines))
    told = cleaned(rest)
    if len(lines) == 1 and display_width(lines[0]) + 2 + display_width(told) <= WIDTH:
        return Prepared(f"{lines[0]}, {told}")
    return Prepared("\n".join([*lines, *wrapped(told, " " * (indent + 4), " " * (indent + 4))]))


def _path_lines(path: str, first: str, rest: str) -> list[str]:
    """A path as it is where it fits, blanks in it kept, else broken."""
    return [first + path] if display_width(first + path) <= WIDTH else wrapped(path, first, rest)
