"""Write answers to findings into deposit.yaml, each an entry named by the rule, the mark and the file."""

import re
from collections.abc import Mapping

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from confocal_bag.deposit.curation.insertion import NoPlace, add_field, start_of_list
from confocal_bag.deposit.description.edit import TextEditor, child, is_blank
from confocal_bag.deposit.description.text import Value, yaml_text
from confocal_bag.deposit.description.yaml import parse_yaml
from confocal_bag.deposit.exports.plain_text import shown_path

__all__ = [
    "FINDING",
    "FindingEntry",
    "answers_to_findings",
    "in_braces",
    "new_entry",
    "new_finding",
    "with_more_findings",
]

#: Answers to findings are named by three fields, in this order, with blanks between them; the last may hold blanks.
FINDING = ("rule", "seen", "path")
#: An entry of the list: its names and what it says, each as YAML.
FindingEntry = Mapping[str, Value]

_FIELD = re.compile(r"curation\.findings\[(?P<entry>.*)\]\.(?P<leaf>[a-z_]+)", re.DOTALL)


def new_entry(name: str | None, leaf: str, value: str) -> FindingEntry:
    """A new entry with one field. Raises `NoPlace` where the name is not a rule, a mark and a path."""
    parts = (name or "").split(" ", 2)
    if len(parts) != len(FINDING):
        raise NoPlace("an answer to a finding is named by its rule, what was seen, and the file")
    named = {one: Value(text=yaml_text(part)) for one, part in zip(FINDING, parts, strict=True)}
    return {**named, leaf: Value(text=value)}


def in_braces(entry: FindingEntry) -> str:
    """An entry on one line: {rule: ..., note: ...}."""
    return "{" + ", ".join(f"{name}: {one.text}" for name, one in entry.items()) + "}"


def new_finding(editor: TextEditor, curation: Node | None, entry: FindingEntry) -> str:
    """The text with a new answer, in the group `curation`, where the others stand if there are any."""
    found = child(curation, "findings")
    if not isinstance(curation, MappingNode) or (curation.flow_style and found is None):
        return add_field(editor.text, curation, f"findings: [{in_braces(entry)}]")
    if found is None:
        started = start_of_list(editor.text, curation, "findings")
        root = parse_yaml(started).root
        editor, found = TextEditor(started, "deposit.yaml"), child(root, "curation.findings")
    group = found[2] if found else curation
    if found and is_blank(found[1]) and group.flow_style:
        editor.fill(group, "findings", Value(text=f"[{in_braces(entry)}]"))
    else:
        editor.add_items(group, "findings", [entry])
    return editor.result()


def with_more_findings(text: str, answers: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """The text with every answer (as YAML) to a finding that has none yet, and the fields of these; in one reading.

    There has to be one such entry in the text already; without, and for all other fields, nothing is done.
    """
    found = child(parse_yaml(text).root, "curation.findings")
    if found is None or not isinstance(found[1], SequenceNode) or not found[1].value:
        return text, frozenset()
    written = [tuple(_text(one, name) for name in FINDING) for one in found[1].value]
    there = {*written, *(tuple(map(shown_path, names)) for names in written)}
    new: dict[str, FindingEntry] = {}
    for field, value in answers.items():
        parts = _FIELD.fullmatch(field)
        names = tuple(parts["entry"].split(" ", 2)) if parts else ()
        if parts and len(names) == len(FINDING) and names not in there:
            new[field] = new_entry(parts["entry"], parts["leaf"], value)
            there.add(names)
    editor = TextEditor(text, "deposit.yaml")
    editor.add_items(found[2], "findings", list(new.values()))
    return editor.result(), frozenset(new)


def answers_to_findings(text: str) -> Mapping[str, str]:
    """The notes that are written (as YAML), by their fields; in one reading."""
    found = child(parse_yaml(text).root, "curation.findings")
    entries = found[1].value if found is not None and isinstance(found[1], SequenceNode) else []
    told: dict[str, str] = {}
    for one in entries:
        *names, path = (_text(one, name) for name in FINDING)
        for shown in (path, shown_path(path)):
            told[f"curation.findings[{' '.join((*names, shown))}].note"] = yaml_text(_text(one, "note"))
    return told


def _text(node: Node, field: str) -> str:
    found = child(node, field)
    return str(found[1].value).strip() if found else ""
