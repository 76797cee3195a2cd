"""The readme of a dataset: plain text for people, with what the Cornell guide and the primer ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.resources import templates_folder
from confocal_bag.vocabulary import PracticeLevel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePosixPath

    from confocal_bag.deposit.description.model import Description

__all__ = ["ConversionFacts", "ReadmeFacts", "StackFacts", "render_readme", "summarize_dimensions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFacts:
    """A stack of single-plane files: where they lie, the part of the name they share, their axes in words."""

    folder: str
    stem: str
    axes: str
    count: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionFacts:
    """One image that was converted, and how many of its planes were compared and found equal."""

    source: str
    result: str
    planes: int
    series_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeFacts:
    """Everything a readme says.

    `places` says where each file of the deposit lies below data/, where that is known.
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


def render_readme(facts: ReadmeFacts) -> str:
    """The text of README.txt: UTF-8, lines ended by LF, about 80 columns."""
    from confocal_bag.deposit.exports.readme_facts import template_values

    text = _environment().get_template("readme.txt.j2").render(template_values(facts))
    lines = [line.rstrip() for line in text.split("\n")]
    return _without_gaps(lines)


def _environment() -> Any:
    import jinja2

    from confocal_bag.deposit.exports import plain_text

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - plain text; `finalize` makes every value harmless
        finalize=_harmless,
    )
    environment.globals.update(
        entry=plain_text.entry,
        heading=plain_text.heading,
        paragraph=plain_text.paragraph,
        path_line=plain_text.path_line,
        title_line=plain_text.title_line,
    )
    return environment


def _harmless(value: object) -> str:
    """What a template prints: text that was laid out, or any other value on one line."""
    from confocal_bag.deposit.exports.plain_text import Prepared, cleaned

    return value if isinstance(value, Prepared) else cleaned(value)


def _without_gaps(lines: Sequence[str]) -> str:
    """The lines with no more than two blank lines in a row, and one at the end."""
    kept: list[str] = []
    for line in lines:
        if not line and len(kept) >= 2 and not kept[-1] and not kept[-2]:
            continue
        kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"
