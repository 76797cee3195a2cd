"""Write answers into the text of deposit.yaml, each at its place, and leave every other character as it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.counted import counted
from confocal_bag.deposit.curation.cells import NAMED_BY_PATH
from confocal_bag.deposit.curation.insertion import NoPlace, add_field
from confocal_bag.deposit.curation.placing_findings import FINDING, in_braces, new_entry, new_finding
from confocal_bag.deposit.description.edit import TextEditor, child, is_blank
from confocal_bag.deposit.description.text import Block, Value, yaml_text
from confocal_bag.deposit.description.yaml import ParsedYaml, parse_yaml
from confocal_bag.deposit.exports.plain_text import shown_path

__all__ = ["AlreadyAnswered", "NoPlace", "fill_blanks", "find_entry", "place_answer", "same_value"]

_STEP = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<entry>.*)\])?$")
#: Fields that hold a text, or a group with a field for the text: a protocol that is told in words beside its link.
_TEXT_OF = {f"protocols.{name}": "text" for name in ("sample_preparation", "acquisition", "processing")}
#: By which field an entry of a list is named in a question.
_NAMED_BY = {"files": "path"}


class AlreadyAnswered(Exception):  # noqa: N818 - an outcome, told with its row
    """The field has another answer already; the sentence says which."""


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    entry: str | None


@lru_cache(maxsize=1)
def _parsed(text: str, name: str) -> ParsedYaml:
    """The text as it was parsed last: most answers of a sheet that comes again change nothing of it."""
    return parse_yaml(text, name=name)


def place_answer(text: str, field: str, value: str, *, name: str = "deposit.yaml", replacing: bool = False) -> str:
    """The text with a value (as YAML) at a field such as channels[c0].probe; unchanged where it says so already.

    `replacing` lets it take the place of another answer. Raises `NoPlace` or `AlreadyAnswered`.
    """
    node: Node | None = _parsed(text, name).root
    editor = TextEditor(text, name)
    *groups, leaf = _steps(_within_group(node, field))
    for number, step in enumerate(groups):
        found = child(node, step.name)
        inside = [*(one.name for one in groups[number + 1 :]), leaf.name]
        if step.entry is not None:
            entry = _entry(found[1], step) if found else None
            if entry is None and step.name == "findings":
                return new_finding(editor, node, new_entry(step.entry, leaf.name, value))
            if entry is None:
                return _new_entry(editor, node, step, inside, value, is_top=number == 0)
            node = entry
        elif found is None or is_blank(found[1]):
            return _new_group(editor, node, groups[number:], leaf.name, value)
        else:
            node = found[1]
    return _write(editor, text, node, leaf.name, value, replacing=replacing)


def find_entry(root: Node | None, section: str, entry: str | None) -> MappingNode | None:
    """The entry of a list at the top of a description, by its id; by its place where it has none."""
    found = child(root, section)
    node = _entry(found[1], _Step(section, entry or "0")) if found else None
    return node if isinstance(node, MappingNode) else None


def _within_group(root: Node | None, field: str) -> str:
    """The field for the text, where what is written is a group that has one."""
    found = child(root, field) if field in _TEXT_OF else None
    is_group = found is not None and isinstance(found[1], MappingNode) and bool(found[1].value)
    return f"{field}.{_TEXT_OF[field]}" if is_group else field


def fill_blanks(text: str, answers: Mapping[str, str], *, name: str = "deposit.yaml") -> tuple[str, frozenset[str]]:
    """The text with every value (as YAML) whose field is written and empty, and those fields; in one reading.

    The others are for `place_answer`.
    """
    root = _parsed(text, name).root
    editor = TextEditor(text, name)
    filled: dict[tuple[int, str], str] = {}
    for field, value in answers.items():
        *groups, leaf = _steps(field)
        node: Node | None = root
        for step in groups:
            found = child(node, step.name)
            node = (_entry(found[1], step) if step.entry is not None else found[1]) if found else None
        found = child(node, leaf.name)
        if node is not None and found is not None and is_blank(found[1]) and (id(node), leaf.name) not in filled:
            editor.fill(node, leaf.name, Value(text=value))
            filled[id(node), leaf.name] = field
    return editor.result(), frozenset(filled.values())


def _new_entry(
    editor: TextEditor, node: Node | None, step: _Step, inside: list[str], value: str, *, is_top: bool
) -> str:
    """A new entry of a list at the top of the description; an id that is not there is a slip of the pen, not a wish."""
    may_be_new = step.name == "files" or (step.entry or "").isdigit()
    if not is_top or not may_be_new or not isinstance(node, MappingNode | None):
        raise NoPlace(f"it has no entry {step.entry!r} under `{step.name}` there")
    if step.entry and step.entry.isdigit() and step.name != "files":
        found = child(node, step.name)
        entries = found[1].value if found and isinstance(found[1], SequenceNode) else []
        following = sum(1 for one in entries if not _is_empty(one))
        if int(step.entry) > following:
            raise NoPlace(
                f"it has {counted(following, 'filled entry/filled entries')} under `{step.name}`, so the next is "
                f"`{step.name}[{following}]`"
            )
    editor.add_items(node, step.name, [_block(step, inside, value)])
    return editor.result()


def _new_group(editor: TextEditor, node: Node | None, steps: list[_Step], leaf: str, value: str) -> str:
    """A group that is not written yet, or empty, with what goes into it."""
    name, *inner = steps
    group = _nested([*(one.name for one in inner), leaf], value)
    if inner and inner[0].name == "findings":
        group = f"{{findings: [{in_braces(new_entry(inner[0].entry, leaf, value))}]}}"
    if child(node, name.name) is None:
        return add_field(editor.text, node, f"{name.name}: {group}")
    editor.fill(node, name.name, Value(text=group))  # type: ignore[arg-type]  # found in it
    return editor.result()


def _steps(field: str) -> list[_Step]:
    """The steps of a field. What stands in the brackets of `files` may hold dots and brackets."""
    for section in NAMED_BY_PATH:
        if field.startswith(f"{section}[") and "]." in field:
            entry, _, leaf = field.removeprefix(f"{section}[").rpartition("].")
            *groups, name = section.split(".")
            return [*(_Step(one, None) for one in groups), _Step(name, entry), _Step(leaf, None)]
    steps = []
    for part in re.split(r"\.(?![^\[]*\])", field):
        found = _STEP.fullmatch(part)
        if found is None:
            raise NoPlace("this is no field of deposit.yaml")
        steps.append(_Step(found["name"], found["entry"]))
    return steps


def _entry(node: Node, step: _Step) -> Node | None:
    """The entry of a list by its id or position; the first that is still empty where the position is the next."""
    if not isinstance(node, SequenceNode):
        return None
    entries = [one for one in node.value if isinstance(one, MappingNode)]
    key = _NAMED_BY.get(step.name, "id")
    for one in entries:
        names = [_scalar(one, field) for field in (key, "id", "channel", "path")]
        if step.name == "findings":
            names = [" ".join(_scalar(one, field) or "" for field in FINDING)]
        if step.entry in [name for name in names if name] or step.entry in [shown_path(name) for name in names if name]:
            return one
    if step.entry is None or not step.entry.isdigit():
        return None
    filled = [one for one in entries if not _is_empty(one)]
    position = int(step.entry)
    if position < len(filled):
        return filled[position]
    if position > len(filled):
        return None  # an entry that is left empty counts for nothing, so another would be meant
    return next((one for one in entries if _is_empty(one)), None)


def _is_empty(node: Node) -> bool:
    if isinstance(node, MappingNode):
        return all(_is_empty(value) for _, value in node.value)
    if isinstance(node, SequenceNode):
        return all(map(_is_empty, node.value))
    return is_blank(node)


def _scalar(node: Node, field: str) -> str | None:
    found = child(node, field)
    return str(found[1].value).strip() if found and isinstance(found[1], ScalarNode) else None


def _write(editor: TextEditor, text: str, node: Node | None, leaf: str, value: str, *, replacing: bool) -> str:
    found = child(node, leaf)
    if found is None:
        return add_field(text, node, f"{leaf}: {value}")
    if is_blank(found[1]):
        editor.fill(node, leaf, Value(text=value))  # type: ignore[arg-type]  # found in it
        return editor.result()
    start, end = found[1].start_mark.index, found[1].end_mark.index
    written = text[start:end].strip()
    if isinstance(found[1], MappingNode | SequenceNode) and not found[1].flow_style:
        raise AlreadyAnswered(written)
    if same_value(written, value):
        return text
    if not replacing:
        raise AlreadyAnswered(written)
    return f"{text[:start]}{value}{text[end:]}"


def same_value(written: str, value: str) -> bool:
    """Whether two texts of YAML on one line are the same value."""
    return parse_yaml(f"x: {written}\n").data == parse_yaml(f"x: {value}\n").data if "\n" not in written else False


def _nested(names: list[str], value: str) -> str:
    """Groups in braces around a value: {name: {leaf: value}}."""
    for name in reversed(names):
        value = f"{{{name}: {value}}}"
    return value


def _block(step: _Step, names: list[str], value: str) -> Block:
    """A new entry of a list, named where it has a name."""
    first: dict[str, Value] = {}
    if step.entry and not step.entry.isdigit():
        first[_NAMED_BY.get(step.name, "id")] = Value(text=yaml_text(step.entry))
    return {**first, names[0]: Value(text=_nested(names[1:], value))}
