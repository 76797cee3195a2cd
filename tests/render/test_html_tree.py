"""The drawing of the decision tree."""

from itertools import product

from confocal_bag.deposit.curation.model import Answer
from confocal_bag.deposit.curation.tree import ACCEPT, START, TREE
from confocal_bag.page.run import RunStep
from confocal_bag.render.html.tree import draw_tree


def way(answers: dict[str, Answer]) -> list[RunStep]:
    """The way of some answers, as a run has it."""
    steps, place = [], START
    while place != ACCEPT:
        edge = TREE[place].edges[answers[place]]
        steps.append(RunStep(node=place, answer=answers[place].value, ask=edge.ask))
        place = edge.to
    return [*steps, RunStep(node="end", open=tuple(one.node for one in steps if one.ask))]


def test_every_way_is_drawn_from_its_start_to_its_end() -> None:
    """As many lines are strong as there are steps, and no box lies on another."""
    for chosen in product(Answer, repeat=4):
        answers = {name: chosen[number % 4] for number, name in enumerate(TREE)}
        steps = way(answers)
        drawing = draw_tree(steps)
        assert drawing is not None
        assert sum(edge.is_taken for edge in drawing.edges) == len(steps) - 1
        assert sum(node.state == "off" for node in drawing.nodes) == len(TREE) - (len(steps) - 1)
        boxes = drawing.nodes
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                apart = one.x + one.width <= other.x or other.x + other.width <= one.x
                assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_a_question_for_the_depositor_stands_out() -> None:
    """Its box, and the end, are drawn in another colour."""
    drawing = draw_tree(way(dict.fromkeys(TREE, Answer.NO)))
    assert drawing is not None
    assert [node.state for node in drawing.nodes].count("ask") == 2
    accepted = draw_tree(way({**dict.fromkeys(TREE, Answer.YES), "proprietary_format": Answer.NO}))
    assert accepted is not None
    assert "ask" not in [node.state for node in accepted.nodes]


def test_the_steps_of_another_tree_are_not_drawn() -> None:
    """A run of a later version may ask other questions; its steps are still told in words."""
    assert draw_tree([RunStep(node="is_it_fun", answer="yes"), RunStep(node="accept")]) is None
    assert draw_tree([]) is None
