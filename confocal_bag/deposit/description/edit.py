"""Change the text of a description where it must change, and leave every other character as it is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.text import Block, Value, comment_text, write_block, write_items
from confocal_bag.findings import CannotFinish

__all__ = ["TextEditor", "child", "is_blank"]

_ALL_EXPLAINED = frozenset(FIELD_HELP)


def is_blank(node: Node | None) -> bool:
    """Whether a value was left empty."""
    if isinstance(node, ScalarNode):
        return not str(node.value).strip() or (node.style is None and str(node.tag).endswith(":null"))
    return node is None or not node.value


def child(node: Node | None, path: str) -> tuple[Node, Node, MappingNode] | None:
    """The key, value and surrounding group of a field such as objective.na; None where it is not written."""
    found: tuple[Node, Node, MappingNode] | None = None
    for step in path.split("."):
        if not isinstance(node, MappingNode):
            return None
        pairs = [(key, value) for key, value in node.value if isinstance(key, ScalarNode) and key.value == step]
        if not pairs:
            return None
        found = (pairs[0][0], pairs[0][1], node)
        node = pairs[0][1]
    return found


class TextEditor:
    """Collects changes to a text, made at places that the parsed nodes point to."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self._name = name
        self._edits: list[tuple[int, int, str]] = []
        self._ending = "\r\n" if "\r\n" in text else "\n"

    def result(self) -> str:
        """The text with every change made."""
        text = self.text
        for start, end, replacement in sorted(self._edits, reverse=True):
            text = text[:start] + replacement.replace("\n", self._ending) + text[end:]
        return text

    def fill(self, item: Node, field: str, value: "Value | Sequence[Value]") -> None:
        """Write the value of a field that is written and empty; does nothing otherwise."""
        found = child(item, field)
        if found is None or not is_blank(found[1]):
            return
        key, node, group = found
        colon = self.text.find(":", key.end_mark.index)
        if colon < 0 or self.text[key.end_mark.index : colon].strip():
            return
        in_line = bool(group.flow_style)
        written = self.text[node.start_mark.index : node.end_mark.index]
        start, end = (node.start_mark.index, node.end_mark.index) if written.strip() else (colon + 1, colon + 1)
        if isinstance(value, Value):
            text, comment = value.text, value.comment
            # a comment ends the line, so inside braces there is no room for one
            behind = f"  # {comment_text(comment)}" if comment and not in_line and self._rest_is_free(end) else ""
            self._edits.append((start, end, ("" if written.strip() else " ") + text + behind))
        elif in_line:
            items = ", ".join(one.text for one in value)
            self._edits.append((start, end, f"{'' if written.strip() else ' '}[{items}]"))
        else:
            lines = write_items(value, path=field, indent=key.start_mark.column + 2, explained=set(_ALL_EXPLAINED))
            if written.strip():
                self._edits.append((start, end, ""))
            self._edits.append((self._line_end(end), self._line_end(end), "\n" + "\n".join(lines)))

    def add_items(self, root: MappingNode | None, section: str, blocks: "Sequence[Block | Value]") -> None:
        """Add entries at the end of a section, which is made where it is missing."""
        if not blocks:
            return
        found = child(root, section)
        if found is None:
            self._add_section(root, section, blocks)
            return
        key, node, _ = found
        if is_blank(node):
            self._start_list(key, node, section, blocks)
        elif isinstance(node, SequenceNode) and node.flow_style:
            self._add_in_brackets(node, blocks)
        elif isinstance(node, SequenceNode):
            column = node.start_mark.column
            lines = write_items(blocks, path=section, indent=column, explained=set(_ALL_EXPLAINED))
            place = self._after_item(_last_character(node), column)
            self._edits.append((place, place, "\n" + "\n".join(lines)))
        else:
            raise CannotFinish(
                f"{self._name} line {node.start_mark.line + 1}: `{section}` is not a list; "
                "put a dash before each of its entries."
            )

    def _add_section(self, root: MappingNode | None, section: str, blocks: "Sequence[Block | Value]") -> None:
        if root is not None and root.flow_style:
            raise CannotFinish(
                f"{self._name} is written in braces, where `{section}` cannot be added; "
                "write one `field: value` on each line."
            )
        lines = write_block({section: blocks}, explained=set(_ALL_EXPLAINED))
        gap = "" if not self.text or self.text.endswith("\n") else "\n"
        end = len(self.text)
        self._edits.append((end, end, gap + "\n" + "\n".join(lines) + "\n"))

    def _start_list(self, key: Node, node: Node, section: str, blocks: "Sequence[Block | Value]") -> None:
        lines = write_items(blocks, path=section, indent=key.start_mark.column + 2, explained=set(_ALL_EXPLAINED))
        place = self._line_end(key.end_mark.index)
        written = self.text[node.start_mark.index : node.end_mark.index]
        if written.strip():
            self._edits.append((node.start_mark.index, node.end_mark.index, ""))
            place = self._line_end(node.end_mark.index)
        self._edits.append((place, place, "\n" + "\n".join(lines)))

    def _add_in_brackets(self, node: SequenceNode, blocks: "Sequence[Block | Value]") -> None:
        bracket = node.end_mark.index - 1
        behind_last = self.text[node.value[-1].end_mark.index : bracket]
        has_comma = any("," in line.partition("#")[0] for line in behind_last.splitlines())
        items = ", ".join(block.text if isinstance(block, Value) else _in_braces(block) for block in blocks)
        self._edits.append((bracket, bracket, ("" if has_comma else ", ") + items))
        self._remark(bracket, [comment for block in blocks for comment in _comments(block)])

    def _remark(self, index: int, comments: Sequence[str]) -> None:
        """Put comments, for which braces have no room, below the line, if but brackets or a comment end that."""
        end = self._line_end(index)
        if comments and re.fullmatch(r"[\]},\s]*(#.*)?", self.text[index:end]):
            start = self.text.rfind("\n", 0, index) + 1
            line = self.text[start:end]
            pad = " " * (len(line) - len(line.lstrip(" ")))
            self._edits.append((end, end, "".join(f"\n{pad}# {comment_text(one)}" for one in comments)))

    def _rest_is_free(self, index: int) -> bool:
        rest = self.text[index : self._line_end(index)].strip()
        return not rest or rest.startswith("#")

    def _line_end(self, index: int) -> int:
        end = self.text.find("\n", index)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[:end].endswith("\r") else end

    def _after_item(self, index: int, column: int) -> int:
        """The end of the line at `index`, or of the comments below it indented more than `column`."""
        place = self._line_end(index)
        ahead = place
        while ahead < len(self.text):
            start = self.text.find("\n", ahead) + 1
            if start == 0:
                break
            line = self.text[start : self._line_end(start)]
            stripped = line.lstrip(" ")
            if stripped.startswith("#") and len(line) - len(stripped) > column:
                place = self._line_end(start)
            elif stripped:
                break
            ahead = self._line_end(start)
            ahead = max(ahead, start)
        return place


def _last_character(node: Node) -> int:
    """The index of the last character that was written for a value, comments apart."""
    if isinstance(node, SequenceNode) and not node.flow_style:
        return max((_last_character(one) for one in node.value), default=_index(node.start_mark))
    if isinstance(node, MappingNode) and not node.flow_style:
        keys = [_index(key.end_mark) for key, _ in node.value]
        return max([*keys, *(_last_character(value) for _, value in node.value if not _unwritten(value))])
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        # the mark stands behind the line break that ends the text
        return max(_index(node.start_mark), _index(node.end_mark) - 1)
    return _index(node.end_mark)


def _index(mark: Any) -> int:
    return int(mark.index)


def _unwritten(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _in_braces(block: Block) -> str:
    parts: list[str] = []
    for name, node in block.items():
        if isinstance(node, Value):
            if node.text:
                parts.append(f"{name}: {node.text}")
        elif isinstance(node, Mapping):
            inner = _in_braces(node)
            if inner != "{}":
                parts.append(f"{name}: {inner}")
        elif node:
            items = [one.text if isinstance(one, Value) else _in_braces(one) for one in _each(node)]
            parts.append(f"{name}: [{', '.join(items)}]")
    return "{" + ", ".join(parts) + "}"


def _comments(block: "Block | Value") -> Iterator[str]:
    """What is remarked on the fields of an entry, each once in its order, behind the value."""
    for node in block.values() if isinstance(block, Mapping) else ():
        if isinstance(node, Value) and node.comment and not node.comment.startswith("from "):
            yield f"{node.text}: {node.comment}"


def _each(items: "Sequence[Block] | Sequence[Value] | Sequence[Block | Value]") -> "Iterable[Block | Value]":
    yield from items
