"""Find names of people that YAML reads as something else: `family: Null` is nothing there, and `family: True` no word.

Only in quotation marks do they stay words (YAML 1.2.2, 10.3.2). Yes and No are words in YAML 1.2.
"""

from collections.abc import Iterator

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.yaml import ParsedYaml, YamlProblem

__all__ = ["unquoted_names"]

_PEOPLE = ("creators", "contributors")
_NAMES = ("family", "given", "name")
#: Small letters are how programs write that there is nothing; nobody writes a name so.
_NOTHING = ("null", "~", "")


def unquoted_names(parsed: ParsedYaml) -> Iterator[YamlProblem]:
    """The names that are read as true, false or nothing, each with its line."""
    for section, people in _entries(parsed.root):
        if section in _PEOPLE:
            persons = people.value if isinstance(people, SequenceNode) else [people]
            for number, person in enumerate(persons):
                yield from _names_of(person, f"{section}[{number}]")


def _names_of(person: Node, place: str) -> Iterator[YamlProblem]:
    for name, value in _entries(person):
        if name in _NAMES and isinstance(value, ScalarNode) and _is_misread(value):
            nothing = str(value.tag).endswith(":null")
            yield YamlProblem(
                code="wrong-type",
                field=f"{place}.{name}",
                line=value.start_mark.line + 1,
                message=f"{place}.{name} is written {value.value} without quotation marks, which YAML reads as "
                f"{'nothing' if nothing else 'true or false'}; a text was expected.",
                remedy=f'Write "{value.value}" in quotation marks if it is the name; until then it is not recorded.',
            )


def _is_misread(value: ScalarNode) -> bool:
    kind = str(value.tag).rpartition(":")[2]
    return value.style is None and (kind == "bool" or (kind == "null" and value.value not in _NOTHING))


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield str(key.value), value
