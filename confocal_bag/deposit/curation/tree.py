"""The decision tree of the primer's Figure 1, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from confocal_bag.deposit.curation.model import Answer

__all__ = ["ACCEPT", "FIGURE", "START", "TREE", "Edge", "Node"]

#: Where every finding of the tree comes from.
FIGURE = "primer, Figure 1 (curation workflow decision tree)"

#: The end of the tree.
ACCEPT = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where an answer leads. `ask` is what the depositor is asked for on the way, in the primer's words."""

    to: str
    ask: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One question of the tree, in the primer's words, and where each answer leads.

    `look` is what the curator can do where the answer is not known and the depositor is not asked.
    """

    id: str
    question: str
    edges: Mapping[Answer, Edge]
    look: str | None = None


def _node(id: str, question: str, *, yes: Edge, no: Edge, unknown: Edge | None = None, look: str | None = None) -> Node:  # noqa: A002 - the word of the tree
    """A node; what is not known is treated as "no" unless said otherwise."""
    edges = {Answer.YES: yes, Answer.NO: no, Answer.UNKNOWN: unknown or no}
    return Node(id=id, question=question, edges=edges, look=look)


_NODES = (
    _node(
        "proprietary_format",
        "Is the format proprietary?",
        yes=Edge(to="can_be_opened"),
        no=Edge(to="multipage"),
        look="Find out what these files are",
    ),
    _node(
        "can_be_opened",
        "Can it be opened (e.g. in Fiji)?",
        yes=Edge(to="multipage"),
        no=Edge(to="multipage", ask="Ask the depositor to convert to TIFF"),
        unknown=Edge(to="multipage"),
        look="Open these files in Fiji, whose Bio-Formats knows their format",
    ),
    _node(
        "multipage",
        "Does the dataset contain multipage images?",
        yes=Edge(to="multipage_explained"),
        no=Edge(to="embedded_metadata"),
        look="Open the images that could not be read here and see whether they have several pages",
    ),
    _node(
        "multipage_explained",
        "Is the nature of the multipage images (time series, z-stack) explained in the readme?",
        yes=Edge(to="embedded_metadata"),
        no=Edge(to="embedded_metadata", ask="Ask the depositor to include it"),
    ),
    _node(
        "embedded_metadata",
        "Do the images contain embedded metadata?",
        yes=Edge(to="modified"),
        no=Edge(to="settings_provided"),
    ),
    _node(
        "settings_provided",
        "Are metadata describing the imaging settings provided separately?",
        yes=Edge(to="modified"),
        no=Edge(to="modified", ask="Ask the depositor to provide them in the readme"),
    ),
    _node(
        "modified",
        "Have the images been modified?",
        yes=Edge(to="modification_described"),
        no=Edge(to="analysis_submitted"),
        unknown=Edge(to="analysis_submitted", ask="Ask the depositor whether they were, and for a description"),
    ),
    _node(
        "modification_described",
        "Are the methods of modification described?",
        yes=Edge(to="analysis_submitted"),
        no=Edge(to="analysis_submitted", ask="Ask the depositor for a description"),
    ),
    _node(
        "analysis_submitted",
        "Are image analysis methods submitted with the images?",
        yes=Edge(to="regions_labelled"),
        no=Edge(to=ACCEPT),
        look="See whether the tables or documents come with the method they were made by",
    ),
    _node(
        "regions_labelled",
        "Are the regions of interest labelled in image files?",
        yes=Edge(to=ACCEPT),
        no=Edge(to=ACCEPT, ask="Ask the depositor to overlay them"),
    ),
)

#: Every node by its id, in the order of the figure.
TREE: Mapping[str, Node] = {node.id: node for node in _NODES}

START = _NODES[0].id
