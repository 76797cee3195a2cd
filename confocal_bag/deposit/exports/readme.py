"""The readmes of a dataset and of its child works: plain text for people, with what the Cornell guide and the primer
ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from confocal_bag.deposit.exports.bag_level import level_of_bag
from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import PracticeLevel

if TYPE_CHECKING:
    from confocal_bag.deposit.description.model import Description
    from confocal_bag.deposit.exports.child_works import ChildWork

__all__ = [
    "ConversionFacts",
    "ReadmeFacts",
    "StackFacts",
    "render_child_readme",
    "render_methods",
    "render_readme",
    "summarize_dimensions",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFacts:
    """A stack of single-plane files: where they lie, the part of the name they share, their axes in words.

    `files` are their paths in the deposit in the order of the planes; `example` says what the first name means. `known`
    says how the meaning of the numbers is known, `opened_by` which files of the bag open the stack as one image.
    """

    folder: str
    stem: str
    axes: str | Sequence[str]
    count: int
    problems: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    example: str | None = None
    known: str | None = None
    opened_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionFacts:
    """One image that was converted, and how many of its planes were compared and found equal.

    `member` is its path inside the file, where that is a zip file.
    """

    source: str
    result: str
    planes: int
    series_name: str
    member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeFacts:
    """Everything a readme says.

    `places` says where each file of the deposit lies below data/, where that is known. `missing` are sentences about
    what `next_level`, the level above the one that is reached, would need. `redacted` holds each file (below data/) of
    whose header fields were left out of sidecars and copies, `naming` the texts and tables (below data/) that name
    people. `overruled` are sentences about what keeps a draft from being finished besides its level, `answered` what
    was found in files and settled by an answer, by its mark. `documents` are the metadata documents, each with what it
    is. `part` is the description of a child work, where the readme is of one.
    """

    description: "Description"
    inventory: Inventory
    stacks: Sequence[StackFacts] = ()
    conversions: Sequence[ConversionFacts] = ()
    level_claimed: PracticeLevel | None
    level_reached: PracticeLevel | None
    draft: bool
    tool_version: str
    bag_name: str
    created: date
    algorithms: Sequence[str] = ()
    places: "Mapping[PurePosixPath, PurePosixPath]" = field(default_factory=dict)
    missing: Sequence[str] = ()
    next_level: PracticeLevel | None = None
    redacted: Sequence[tuple[str, Sequence[str]]] = ()
    naming: Sequence[str] = ()
    overruled: Sequence[str] = ()
    answered: Mapping[str, str] = field(default_factory=dict)
    documents: Sequence[tuple[str, str]] = ()
    children: "Sequence[ChildWork]" = ()
    part: "Description | None" = None
    templates: Templates = field(default_factory=Templates)

    @property
    def level(self) -> PracticeLevel | None:
        """The level of the bag; None where none is reached."""
        return level_of_bag(self.level_reached, self.level_claimed)


def render_readme(facts: ReadmeFacts) -> str:
    """The text of README.txt: UTF-8, lines ended by LF, at most 80 columns."""
    from confocal_bag.deposit.exports.readme_facts import template_values

    return facts.templates.render("readme.txt.j2", template_values(facts), _layout())


def render_child_readme(facts: ReadmeFacts, work: "ChildWork") -> str:
    """The readme of one child work: its own samples, images and files, and where to read of the dataset."""
    from confocal_bag.deposit.exports.readme_facts import template_values

    own = work.own
    values = {
        **template_values(_of_work(facts, work)),
        "folder": str(work.folder),
        "part_title": work.title,
        "part_summary": own.description if own and says_something(own.description) else None,
        "has_own_people": bool(own and own.creators),
    }
    return facts.templates.render("child-readme.txt.j2", values, _layout())


def render_methods(facts: ReadmeFacts) -> str:
    """The text of metadata/methods.txt: a Methods paragraph for each acquisition."""
    from confocal_bag.deposit.exports.readme_facts import template_values

    return facts.templates.render("methods.txt.j2", template_values(facts), _layout())


def _of_work(facts: ReadmeFacts, work: "ChildWork") -> ReadmeFacts:
    """The facts of one child work."""
    files = tuple(file for file in facts.inventory.files if file.path in work.files)
    inner = tuple(file for file in facts.inventory.inner if file.archive in work.files)
    below = {str(facts.places.get(path, path)) for path in work.files}
    names = {str(path) for path in work.files}
    stacks = [one for one in facts.stacks if names.issuperset(one.files) and one.files]
    compiled = {
        str(facts.places.get(PurePosixPath(path), PurePosixPath(path)).parent)
        for one in stacks
        for path in one.files[:1]
    }
    return replace(
        facts,
        part=work.description,
        inventory=replace(facts.inventory, files=files, inner=inner, left_out=()),
        stacks=stacks,
        conversions=[one for one in facts.conversions if one.source in {*below, *compiled}],
        redacted=[one for one in facts.redacted if one[0] in below],
        naming=[one for one in facts.naming if one in below],
        children=(),
        documents=(),
    )


def _layout() -> Mapping[str, Callable[..., Any]]:
    """The functions that lay out text, for one rendering: headings are numbered as they come."""
    from itertools import count

    from confocal_bag.deposit.exports import plain_text
    from confocal_bag.deposit.exports.text_table import table

    numbers = count(1)

    def heading(title: str) -> plain_text.Prepared:
        """A section heading with the next number."""
        return plain_text.heading(next(numbers), title)

    return {
        "heading": heading,
        "subheading": plain_text.subheading,
        "bullet": plain_text.bullet,
        "entry": plain_text.entry,
        "entries": plain_text.entries,
        "paragraph": plain_text.paragraph,
        "path_line": plain_text.path_line,
        "table": table,
        "title_line": plain_text.title_line,
    }
