"""The page as text: the template, filled in.

Whatever comes from a file, a header or a saved run is text on the page: the template escapes all of it, letters that
turn the direction of writing are shown as \\u202e, and the page allows no script and no style but its own.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from confocal_bag import __version__
from confocal_bag.bag.sizes import readable_size
from confocal_bag.findings import Severity, one_line
from confocal_bag.image.numbering import image_number
from confocal_bag.page.fair import fair_of
from confocal_bag.page.page import Page, tier_sizes
from confocal_bag.render.html.bags import bags_worth_a_look
from confocal_bag.render.html.counts import image_counts
from confocal_bag.render.html.coverage import plot_coverage
from confocal_bag.render.html.findings import group_checks, group_findings, personal_fields
from confocal_bag.render.html.summary import (
    channel_words,
    event_groups,
    facts_of,
    fixity_rows,
    format_rows,
    instrument_words,
    level_rows,
    summary_words,
)
from confocal_bag.render.html.times import in_utc
from confocal_bag.render.html.tree import answer_words, draw_tree
from confocal_bag.render.image_size import card_size_words
from confocal_bag.resources import templates_folder

if TYPE_CHECKING:
    from jinja2 import Environment

    from confocal_bag.image.preview.compact import DepthStrip, Encoded

__all__ = ["as_html"]

_WORST_FIRST = ("invalid", "incomplete", "valid-with-warnings", "valid")


def as_html(pages: Sequence[Page], *, now: datetime | None = None) -> str:
    """One page of one run or of several, which then begins with a table of them, worst first; made `now`."""
    from markupsafe import Markup

    ordered = sorted(pages, key=lambda page: _WORST_FIRST.index(page.run.verdict.value))
    shapes = _strip_shapes(ordered)
    style = _own("report.css") + _strip_rules(shapes)
    script = _own("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            pages=ordered,
            title=_title(ordered),
            shape_of=lambda strip: shapes[_shape(strip)],
            style=Markup(style),  # noqa: S704 - our own style sheet and whole numbers
            script=Markup(script),  # noqa: S704 - our own script
            style_hash=_hash(style),
            script_hash=_hash(script),
            version=__version__,
            now=now or datetime.now(UTC),
            **_WORDS,
        )
    )


def _shape(strip: "DepthStrip") -> tuple[int, int]:
    """Width and height of one frame."""
    return strip.picture.width, strip.picture.height // len(strip.depths)


def _strip_shapes(pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """A class name for each shape that the frames of a walk through depth have."""
    previews = (card.preview for page in pages for card in page.gallery.cards)
    found = dict.fromkeys(_shape(one.strip) for one in previews if one and one.strip)
    return {shape: f"shape{number}" for number, shape in enumerate(found)}


def _strip_rules(shapes: Mapping[tuple[int, int], str]) -> str:
    """The style of each shape; an attribute on the element itself is more than the page allows."""
    return "".join(f".{name}{{aspect-ratio:{width}/{height}}}\n" for (width, height), name in shapes.items())


def _title(pages: Sequence[Page]) -> str:
    if len(pages) == 1:
        return f"{_name(pages[0])}: {pages[0].run.verdict.value}"
    return f"{len(pages)} reports"


def _name(page: Page) -> str:
    return (page.kept and page.kept.dataset.title) or page.run.subject


def _data_uri(picture: "Encoded") -> str:
    return f"data:{picture.mime};base64,{b64encode(picture.content).decode('ascii')}"


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _own(name: str) -> str:
    """A file of ours that becomes a part of the page."""
    return (templates_folder() / name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(templates_folder(), encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_as_text,
    )


def _as_text(value: Any) -> Any:
    """What the template writes: nothing for None, one line that cannot turn the text around it for anything else."""
    if value is None:
        return ""
    return value if hasattr(value, "__html__") else one_line(str(value))


_WORDS = {
    "answer_words": answer_words,
    "bags_worth_a_look": bags_worth_a_look,
    "channel_words": channel_words,
    "data_uri": _data_uri,
    "draw_tree": draw_tree,
    "event_groups": event_groups,
    "facts_of": facts_of,
    "fair_of": fair_of,
    "fixity_rows": fixity_rows,
    "format_rows": format_rows,
    "group_checks": group_checks,
    "group_findings": group_findings,
    "image_counts": image_counts,
    "image_number": image_number,
    "in_utc": in_utc,
    "instrument_words": instrument_words,
    "level_rows": level_rows,
    "personal_fields": personal_fields,
    "plot_coverage": plot_coverage,
    "severities": tuple(Severity),
    "size": readable_size,
    "size_words": card_size_words,
    "summary_words": summary_words,
    "tier_sizes": tier_sizes,
}
