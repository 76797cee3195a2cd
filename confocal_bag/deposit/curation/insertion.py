"""Insert a field that deposit.yaml does not have yet, and leave every other character as it is."""

from ruamel.yaml.nodes import MappingNode, Node

__all__ = ["NoPlace", "add_field", "start_of_list"]


class NoPlace(Exception):  # noqa: N818 - an outcome, told with its row
    """deposit.yaml has no place for an answer; the sentence says why."""


def add_field(text: str, node: Node | None, line: str) -> str:
    """A field that is not written yet: at the end of the description, or at the beginning of its group."""
    ending = "\r\n" if "\r\n" in text else "\n"
    if node is not None and not isinstance(node, MappingNode):
        raise NoPlace("the field around it holds a text, not a group of fields")
    if node is not None and node.flow_style:
        brace = node.end_mark.index - 1
        before = text[:brace].rstrip()
        comma = "" if before.endswith(("{", ",")) else ", "
        return f"{before}{comma}{line}{text[brace:]}"
    key = node.value[0][0] if node is not None else None
    if key is None or key.start_mark.column == 0:
        return f"{text}{'' if text.endswith(chr(10)) or not text else ending}{line}{ending}"
    place = key.start_mark.index
    return f"{text[:place]}{line}{ending}{' ' * key.start_mark.column}{text[place:]}"


def start_of_list(text: str, group: MappingNode, name: str) -> str:
    """The text with a list begun before the first field of a group and the comments about it."""
    key = group.value[0][0]
    place = text.rfind("\n", 0, key.start_mark.index) + 1
    while place:
        above = text.rfind("\n", 0, place - 1) + 1
        if not text[above:place].lstrip().startswith("#"):
            break
        place = above
    ending = "\r\n" if "\r\n" in text else "\n"
    return f"{text[:place]}{' ' * key.start_mark.column}{name}:{ending}{text[place:]}"
