"""Take a field out of the text of deposit.yaml that an answer sheet put there, and leave every other character."""

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from confocal_bag.deposit.curation.placing import find_entry, same_value
from confocal_bag.deposit.description.edit import child
from confocal_bag.deposit.description.yaml import parse_yaml

__all__ = ["without_field"]


def without_field(text: str, section: str, entry: str, leaf: str, value: str) -> str:
    """The text without a field of an entry of a list; unchanged where it says something else than `value` (as YAML).

    The field of a file goes; of other entries, which are drafted with all of their fields, it is left empty.
    """
    group = find_entry(parse_yaml(text, name="deposit.yaml").root, section, entry)
    found = child(group, leaf)
    if group is None or found is None or not isinstance(found[1], ScalarNode):
        return text
    key, node = found[0], found[1]
    if not same_value(text[node.start_mark.index : node.end_mark.index].strip(), value):
        return text
    start, end = _reach(text, group, key, node) if section == "files" else (0, 0)
    if not end:
        start, end = text.index(":", key.end_mark.index) + 1, node.end_mark.index
    return text[:start] + text[end:]


def _reach(text: str, group: MappingNode, key: Node, node: Node) -> tuple[int, int]:
    """From where to where the field can go with what parts it from its neighbours; to 0 where it cannot."""
    place = next(number for number, (one, _) in enumerate(group.value) if one is key)
    if place == 0:
        following = group.value[1][0].start_mark.index if len(group.value) > 1 else 0
        between = text[node.end_mark.index : following]
        return (key.start_mark.index, following) if following and not between.strip(" ,\r\n") else (0, 0)
    before = group.value[place - 1][1].end_mark.index
    is_alone = not text[before : key.start_mark.index].strip(" ,\r\n")
    return (before, node.end_mark.index) if is_alone else (0, 0)
