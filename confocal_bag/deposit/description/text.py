"""Write YAML for people: values with their sources, and comments that explain every field left empty."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from confocal_bag.deposit.description.facts import Fact, number_text
from confocal_bag.deposit.description.fields import FieldHelp, field_help

__all__ = ["Block", "Value", "comment_text", "fact_text", "write_block", "write_items", "yaml_text"]

_PLAIN_START = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_PLAIN = _PLAIN_START | frozenset("0123456789 _./+-*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as YAML text, blank where it is empty, with what the comment behind it says, if anything."""

    text: str
    comment: str | None = None


#: A group of fields in order. None is a field to be filled in; a list holds groups or one-line values.
Block: TypeAlias = "Mapping[str, Value | Block | Sequence[Block] | Sequence[Value] | Sequence[Block | Value] | None]"


def yaml_text(text: str) -> str:
    """The text as one YAML scalar on one line, quoted where it could be read as anything else."""
    plain = text and text[0] in _PLAIN_START and set(text) <= _PLAIN and text[-1] != " "
    if plain and text.casefold() not in _NOT_PLAIN:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def fact_text(fact: Fact) -> str:
    """A fact from a header as YAML."""
    if isinstance(fact, str):
        return yaml_text(fact)
    if isinstance(fact, tuple):
        items = ["null" if one is None else fact_text(one) for one in fact]
        return items[0] if len(items) == 1 else f"[{', '.join(items)}]"
    return number_text(fact)


def comment_text(text: str) -> str:
    """Text that is safe in a comment: one line of printable characters."""
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def write_block(block: Block, *, path: str = "", indent: int = 0, explained: set[str]) -> Iterator[str]:
    """The lines of a group.

    Fields whose help stands in `explained` get a short comment; new ones are added to it.
    """
    pad = " " * indent
    for name, node in block.items():
        here = f"{path}.{name}" if path else name
        if isinstance(node, Value):
            yield f"{pad}{name}:{' ' * bool(node.text)}{node.text}" + _behind(node)
        elif isinstance(node, Mapping):
            yield f"{pad}{name}:"
            yield from write_block(node, path=here, indent=indent + 2, explained=explained)
        elif node:
            yield from _group_help(here, indent, explained)
            yield f"{pad}{name}:"
            yield from write_items(node, path=here, indent=indent + 2, explained=explained)
        else:
            yield from _empty_field(name, here, indent, explained)


def write_items(
    items: "Sequence[Block] | Sequence[Value] | Sequence[Block | Value]", *, path: str, indent: int, explained: set[str]
) -> Iterator[str]:
    """The lines of a list, each item behind a dash."""
    pad = " " * indent
    for item in items:
        if isinstance(item, Value):
            yield f"{pad}- {item.text}" + _behind(item)
            continue
        lines = list(write_block(item, path=path, indent=indent + 2, explained=explained))
        first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
        lines[first] = f"{pad}- {lines[first].lstrip()}"
        yield from lines


def _behind(value: Value) -> str:
    return f"  # {comment_text(value.comment)}" if value.comment else ""


def _group_help(path: str, indent: int, explained: set[str]) -> Iterator[str]:
    help_text = field_help(path)
    if help_text is not None and path not in explained:
        explained.add(path)
        yield from _comment_lines(help_text, indent)


def _empty_field(name: str, path: str, indent: int, explained: set[str]) -> Iterator[str]:
    pad = " " * indent
    help_text = field_help(path)
    if help_text is None:
        yield f"{pad}{name}:"
    elif path in explained:
        yield f"{pad}{name}:  # {help_text.needed_for}"
    else:
        explained.add(path)
        yield from _comment_lines(help_text, indent)
        yield f"{pad}{name}:"


def _comment_lines(help_text: FieldHelp, indent: int) -> Iterator[str]:
    lead = " " * indent + "# "
    told = f"{help_text.meaning}. {help_text.needed_for.capitalize()}."
    yield from textwrap.wrap(
        told,
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )
    if help_text.example:
        yield f"{lead}  Example: {help_text.example}"
