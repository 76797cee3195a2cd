"""Lay out a letter as plain text or Markdown so that no name or answer in it can pass for the letter's own words.

Values are put on one line and freed of what does not print: line breaks, control characters, marks that turn the
direction of writing.
"""

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence

from confocal_bag.deposit.exports.plain_text import Prepared, cleaned, shown_path

__all__ = [
    "MARKDOWN",
    "MOST_NAMED",
    "NO_BREAK",
    "PLAIN",
    "WIDTH",
    "joined",
    "named",
    "numbers_in_words",
    "quoted",
    "shortened",
]

#: The longest line of a plain letter; a longer name is not broken.
WIDTH = 78
NO_BREAK = "\u00a0"
#: So many names stand in a row.
MOST_NAMED = 4
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut where it is too long."""
    line = cleaned(text)
    return line if len(line) <= longest else line[: longest - 3].rstrip() + "..."


def quoted(text: str, longest: int = 300) -> str:
    """A text in quotation marks, none of its own left to end them."""
    return f'"{shortened(text, longest).replace(chr(34), chr(39))}"'


def named(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Names in a row, the first four of many: a, b, c, d and 12 more."""
    shown = [shown_path(one).replace(" ", NO_BREAK) for one in names[:most]]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more > 0 else joined(shown)


def joined(words: Sequence[str], comma: str = ", ") -> str:
    """Words in a row: a, b and c."""
    return f"{comma.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def numbers_in_words(numbers: Sequence[int]) -> str:
    """Numbers in a row, neighbours together: 1 to 4, 7 and 9."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [word for run in runs for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return joined(words)


def _wrapped(text: str, first: str = "", rest: str = "") -> Prepared:
    lines = textwrap.wrap(
        _one_line(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Prepared("\n".join(lines).replace(NO_BREAK, " "))


def _one_line(text: str) -> str:
    kept = "".join(c if c.isprintable() or c == NO_BREAK else " " for c in text)
    return " ".join(part for part in re.split(r"[ ]+", kept) if part)


def _heading(text: str) -> Prepared:
    line = _one_line(text)
    return Prepared(f"{line}\n{'-' * len(line)}")


def _question(number: int, text: str) -> Prepared:
    lead = f"{number:>2}. "
    return _wrapped(text, lead, " " * len(lead))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", _one_line(text).replace(NO_BREAK, " "))


def _labelled(label: str) -> str:
    """A label in italics; the dash of a list is one already."""
    return "" if label == "-" else f"*{_escaped(label)}* "


#: How the parts of a letter are laid out as plain text.
PLAIN: Mapping[str, Callable[..., Prepared]] = {
    "heading": _heading,
    "subheading": lambda text: _wrapped(f"{text}:"),
    "paragraph": _wrapped,
    "bullet": lambda text: _wrapped(text, "- ", "  "),
    "subbullet": lambda text: _wrapped(text, "    ", "      "),
    "question": _question,
    "detail": lambda label, text: _wrapped(f"{label} {text}", "    ", "      "),
    "line": lambda text: Prepared(_one_line(text).replace(NO_BREAK, " ")),
}

#: The same as Markdown.
MARKDOWN: Mapping[str, Callable[..., Prepared]] = {
    "heading": lambda text: Prepared(f"## {_escaped(text)}"),
    "subheading": lambda text: Prepared(f"### {_escaped(text)}"),
    "paragraph": lambda text: Prepared(_escaped(text)),
    "bullet": lambda text: Prepared(f"- {_escaped(text)}"),
    "subbullet": lambda text: Prepared(f"    - {_escaped(text)}"),
    "question": lambda number, text: Prepared(f"{number}. {_escaped(text)}"),
    "detail": lambda label, text: Prepared(f"    - {_labelled(label)}{_escaped(text)}"),
    "line": lambda text: Prepared(_escaped(text)),
}
