"""The primer's decision tree as a drawing: its nodes, and the way that was taken.

Questions every deposit is asked stand in one column, those only some are asked in a second one beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from confocal_bag.deposit.curation.tree import ACCEPT, START, TREE
from confocal_bag.page.run import RunStep

__all__ = ["DrawnEdge", "DrawnNode", "TreeDrawing", "answer_words", "draw_tree"]

_WIDTH, _GAP, _ROW_GAP, _LINE, _PADDING = 300, 84, 46, 17, 12
_CHARACTERS = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A box with its lines of text. `state` is "off" where the way does not lead over it, else "taken" or "ask"."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    state: str

    @property
    def middle(self) -> int:
        """The x of the middle."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """A line of SVG path commands with its label; `is_taken` where the way leads along it."""

    path: str
    label: str
    x: int
    y: int
    anchor: str
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeDrawing:
    """The whole drawing, in units of a pixel."""

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def draw_tree(steps: Sequence[RunStep]) -> TreeDrawing | None:
    """The tree with the way of these steps; None where they are of another tree than this program's."""
    way = {step.node: step for step in steps if step.node in TREE}
    if len(way) != len(steps) - 1 or not steps:
        return None
    nodes: dict[str, DrawnNode] = {}
    y = 1
    for name in (*_column(), ACCEPT):
        row = [_node(name, way, steps[-1], x=1, y=y)]
        if (side := _beside(name)) is not None:
            row.append(_node(side, way, steps[-1], x=1 + _WIDTH + _GAP, y=y))
            nodes[side] = row[1]
        nodes[name] = row[0]
        y += max(one.height for one in row) + _ROW_GAP
    return TreeDrawing(
        width=2 * _WIDTH + _GAP + 2,
        height=y - _ROW_GAP + 1,
        nodes=tuple(nodes.values()),
        edges=tuple(_edges(nodes, way)),
    )


def answer_words(step: RunStep) -> str:
    """The answer to a question as the drawing and the list below it have it.

    Where images are explained by their headers alone, the answer says so: nobody wrote it into a readme.
    """
    words = step.answer_in_words or step.answer or ""
    bases = {one.basis for one in step.evidence}
    if step.node == "multipage_explained" and step.answer == "yes" and bases == {"header"}:
        return f"{words}, by headers only"
    return words


def _label(step: RunStep) -> str:
    """The answer as it stands beside a line: "some: 2 of 5 files" is "some"."""
    return shorten(answer_words(step).partition(":")[0], 28, placeholder="...")


def _ways(node: str = START) -> Iterator[tuple[str, ...]]:
    """Every way from a node to the end."""
    if node == ACCEPT:
        yield ()
        return
    for target in dict.fromkeys(edge.to for edge in TREE[node].edges.values()):
        yield from ((node, *rest) for rest in _ways(target))


def _column() -> tuple[str, ...]:
    """The nodes that every way leads over, in order."""
    ways = list(_ways())
    return tuple(name for name in ways[0] if all(name in way for way in ways))


def _beside(name: str) -> str | None:
    """The node beside one of the column: where one of its answers leads before the next of the column."""
    if name == ACCEPT:
        return None
    column = (*_column(), ACCEPT)
    return next((edge.to for edge in TREE[name].edges.values() if edge.to not in column), None)


def _node(name: str, way: Mapping[str, RunStep], end: RunStep, *, x: int, y: int) -> DrawnNode:
    if name == ACCEPT:
        asked = len(end.open)
        text = "Accept" if not asked else f"Ask the depositor ({asked} open)"
        state = "taken" if not asked else "ask"
    else:
        text = TREE[name].question
        step = way.get(name)
        state = "off" if step is None else "ask" if step.ask else "taken"
    lines = tuple(wrap(text, _CHARACTERS))
    return DrawnNode(x=x, y=y, width=_WIDTH, height=len(lines) * _LINE + 2 * _PADDING, lines=lines, state=state)


def _edges(nodes: Mapping[str, DrawnNode], way: Mapping[str, RunStep]) -> Iterator[DrawnEdge]:
    for name in TREE:
        answers: dict[str, list[str]] = {}
        for answer, edge in TREE[name].edges.items():
            answers.setdefault(edge.to, []).append(answer.value)
        for target, leading in answers.items():
            taken = way[name].answer if name in way else None
            # Of the answers that lead the same way, the one that was given is named.
            label = (
                _label(way[name])
                if taken in leading
                else " / ".join(one for one in leading if one != "unknown") or "unknown"
            )
            yield _edge(nodes[name], nodes[target], label, is_taken=taken in leading)


def _edge(start: DrawnNode, end: DrawnNode, label: str, *, is_taken: bool) -> DrawnEdge:
    if start.x < end.x:
        y = start.y + min(start.height, end.height) // 2
        path = f"M{start.x + start.width} {y}H{end.x - 7}"
        x, label_y, anchor = (start.x + start.width + end.x) // 2, y - 6, "middle"
    elif start.x > end.x:
        turn = end.y - 18
        path = f"M{start.middle} {start.y + start.height}V{turn}H{end.middle}V{end.y - 7}"
        x, label_y, anchor = start.middle - 8, turn - 6, "end"
    else:
        path = f"M{start.middle} {start.y + start.height}V{end.y - 7}"
        x, label_y, anchor = start.middle - 8, start.y + start.height + 16, "end"
    return DrawnEdge(path=path, label=label, x=x, y=label_y, anchor=anchor, is_taken=is_taken)
