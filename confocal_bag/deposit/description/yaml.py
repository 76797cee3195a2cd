"""Read the YAML text of a description: values with the lines they stand on, and never more than plain data.

Only scalars, lists and mappings are read. Tags, aliases and endless nesting are refused: they could run
code or fill the memory. Dates stay ISO text, and an unquoted number keeps the characters that were written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    NodeEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.values import WrittenFloat, WrittenInt
from confocal_bag.findings import CannotFinish

__all__ = ["LARGEST_DESCRIPTION_BYTES", "FieldPath", "ParsedYaml", "YamlProblem", "field_name", "parse_yaml"]

#: A description is written by people; a larger file is something else.
LARGEST_DESCRIPTION_BYTES = 4_000_000
_DEEPEST_NESTING = 30
_STANDARD_TAG = "tag:yaml.org,2002:"

#: Lists whose items mean something by their position: width and height, first and second image.
_POSITION_MATTERS = frozenset({"pixel_size_um", "acquisition"})

#: Where a value stands: keys and list positions from the top, such as ("creators", 0, "orcid").
FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlProblem:
    """One thing wrong with the text, on a line counted from 1."""

    code: str
    field: str
    line: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedYaml:
    """The data of a description.

    List items that hold nothing are left out, and `lines` counts without them; they stay where position matters.
    """

    data: dict[str, Any]
    lines: Mapping[FieldPath, int]
    root: MappingNode | None
    problems: tuple[YamlProblem, ...] = ()


@dataclass(slots=True)
class _Reading:
    name: str
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)


def field_name(path: FieldPath) -> str:
    """A field's place as people write it: creators[0].orcid."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def parse_yaml(text: str, *, name: str = "deposit.yaml") -> ParsedYaml:
    """Parse the text; raises `CannotFinish` with the line where it is not YAML or not plain data."""
    root = _compose(text, name)
    if root is None or (isinstance(root, ScalarNode) and not str(root.value).strip()):
        return ParsedYaml(data={}, lines={}, root=None)
    if not isinstance(root, MappingNode):
        raise CannotFinish(f"{name} holds no `field: value` lines at the top; start from the drafted description.")
    reading = _Reading(name=name)
    data = _value(root, (), reading)
    return ParsedYaml(data=data, lines=reading.lines, root=root, problems=tuple(reading.problems))


def _compose(text: str, name: str) -> Node | None:
    try:
        _refuse_dangerous(text, name)
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f" line {mark.line + 1}" if mark is not None else ""
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise CannotFinish(
            f"{name}{where} is not valid YAML: {what}. Check the indentation, and put texts "
            "that contain a colon, a hash sign or a bracket into quotation marks."
        ) from error
    except (ValueError, OverflowError) as error:
        # ruamel.yaml lets these through for escapes and versions that no YAML has.
        raise CannotFinish(f"{name} is not valid YAML: {error}. Correct the text.") from error
    return root


def _refuse_dangerous(text: str, name: str) -> None:
    depth = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise CannotFinish(f"{name} line {line} repeats a value with an alias (*); write the value out instead.")
        if isinstance(event, NodeEvent) and (tag := getattr(event, "tag", None)) is not None:
            raise CannotFinish(f"{name} line {line} has the tag {tag!r}; a description holds plain values only.")
        if isinstance(event, DocumentStartEvent):
            documents += 1
        if documents > 1:
            raise CannotFinish(f"{name} line {line} starts a second document (---); a description is one document.")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST_NESTING:
            raise CannotFinish(f"{name} line {line} nests more than {_DEEPEST_NESTING} levels deep; flatten it.")


def _value(node: Node, path: FieldPath, reading: _Reading) -> Any:
    reading.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        return dict(_entries(node, path, reading))
    if isinstance(node, SequenceNode):
        items: list[Any] = []
        for child in node.value:
            if not _is_empty(child) or (path[-1:] and path[-1] in _POSITION_MATTERS):
                items.append(_value(child, (*path, len(items)), reading))
        return items
    assert isinstance(node, ScalarNode)
    return _scalar(node, _text(node, reading))


def _entries(node: MappingNode, path: FieldPath, reading: _Reading) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            reading.problems.append(_bad_key(path, line))
            continue
        key = _text(key_node, reading)
        here = (*path, key)
        if key in seen:
            reading.problems.append(_duplicate(here, line, seen[key]))
            continue
        seen[key] = line
        reading.lines[here] = line
        yield key, _value(value_node, here, reading)


def _bad_key(path: FieldPath, line: int) -> YamlProblem:
    return YamlProblem(
        code="unknown-key",
        field=field_name(path),
        line=line,
        message="The name of a field is a list or mapping; a word was expected.",
        remedy="Put the text into quotation marks, or write the field's name before the colon.",
    )


def _duplicate(path: FieldPath, line: int, first: int) -> YamlProblem:
    return YamlProblem(
        code="duplicate-key",
        field=field_name(path),
        line=line,
        message=f"{field_name(path)} is given on line {first} and again on line {line}; only the first is read.",
        remedy="Keep one of the two.",
    )


def _text(node: ScalarNode, reading: _Reading) -> str:
    """The characters of a scalar, escaped surrogate pairs joined as JSON writes them."""
    text = str(node.value)
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        line = node.start_mark.line + 1
        raise CannotFinish(
            f"{reading.name} line {line} holds half a Unicode character (a lone surrogate); correct the text."
        ) from None


def _scalar(node: ScalarNode, text: str) -> Any:
    kind = str(node.tag).removeprefix(_STANDARD_TAG)
    if node.style is not None:
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.casefold() in ("true", "yes", "on", "y")
    if kind == "int":
        return _whole_number(text)
    if kind == "float":
        return _decimal_number(text)
    return text


def _whole_number(text: str) -> Any:
    try:
        number = WrittenInt(text.replace("_", ""), 10)
    except ValueError:
        return text
    number.text = text
    return number


def _decimal_number(text: str) -> Any:
    try:
        number = WrittenFloat(text.replace("_", ""))
    except ValueError:
        return text
    number.text = text
    return number


def _is_empty(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return _scalar(node, str(node.value)) in (None, "")
    if isinstance(node, MappingNode):
        return all(_is_empty(value) for _, value in node.value)
    assert isinstance(node, SequenceNode)
    return all(_is_empty(child) for child in node.value)
