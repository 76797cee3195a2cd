"""The letter to the depositor: what was received, what only they can answer, what each level would need."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.layout import (
    MARKDOWN,
    MOST_NAMED,
    PLAIN,
    joined,
    named,
    numbers_in_words,
    quoted,
    shortened,
)
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.requests import Requests
from confocal_bag.deposit.curation.seen import told_once
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.dimensions import pixel_in_words, short_number, size_in_words
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.image.formats import Kind
from confocal_bag.image.record import ChannelRecord, ImageRecord
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["LetterFacts", "render_letter", "said_title"]

_LEVELS = {
    PracticeLevel.MINIMUM: "Minimum practice",
    PracticeLevel.GOOD_ENOUGH: "Good enough practice",
    PracticeLevel.MOST_REPRODUCIBLE: "Most reproducible and reusable practice",
}
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_SEEN = 60, 150, 300
_MOST_KINDS, _MOST_CHANNELS, _MOST_SEEN = 5, 8, 8
#: So many files are listed at the end of a letter, and so many of one question.
_MOST_LISTED, _MOST_OF_ONE = 200, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything a letter says. `sheet` is the name of the answer sheet that goes with it, if one does."""

    inventory: Inventory
    description: Description
    requests: Requests
    aim: PracticeLevel
    reached: PracticeLevel | None
    size: str
    sheet: str | None = None
    templates: Templates = field(default_factory=Templates)


def render_letter(facts: LetterFacts, *, markdown: bool = False) -> str:
    """The text of the letter: UTF-8, ended by LF; plain text is wrapped at 78 columns.

    Raises `CannotFinish` for an error in a template of the user's folder.
    """
    layout: dict[str, Callable[..., Any]] = {**(MARKDOWN if markdown else PLAIN)}
    layout.update(joined=joined, numbers_in_words=numbers_in_words)
    return facts.templates.render("letter.md.j2" if markdown else "letter.txt.j2", _values(facts), layout)


def _values(facts: LetterFacts) -> Mapping[str, Any]:
    numbered = list(enumerate(facts.requests.now, start=1))
    topics = [
        {"heading": topic.value, "questions": [_question(number, one) for number, one in group]}
        for topic, group in groupby(numbered, key=lambda pair: pair[1].wording.topic)
    ]
    return {
        "depositor": _depositor(facts.description),
        "curator": _known(facts.description.curation.curator),
        "organization": _known(facts.description.organization.name),
        "title": said_title(facts.description),
        "received": list(_received(facts)),
        "sizes": list(_sizes(facts.inventory)),
        "has_images": any(one.format.kind is Kind.IMAGE or one.images for one in facts.inventory.every),
        "channels": _channels(facts.inventory),
        "topics": topics,
        "concerned": [
            {"number": number, "files": _capped([shown_path(path) for path in one.shown], _MOST_OF_ONE)}
            for number, one in numbered
            if len(one.shown) > MOST_NAMED
        ],
        "all_files": _capped([shown_path(one.path) for one in facts.inventory.files], _MOST_LISTED),
        "count": len(numbered),
        "sheet": facts.sheet and shortened(facts.sheet, _LONGEST_NAME),
        "aim": _LEVELS[facts.aim],
        "reached": _LEVELS[facts.reached] if facts.reached else None,
        "levels": list(_levels(facts, numbered)),
        "always": [number for number, one in numbered if one.level is None],
    }


def _capped(names: Sequence[str], most: int) -> Sequence[str]:
    """Names in a list, the first of very many."""
    left = len(names) - most
    return [*names[:most], f"and {left:,} more"] if left > 1 else names


def _known(text: str | None) -> str | None:
    return shortened(text, _LONGEST_NAME) if text and says_something(text) else None


def _depositor(description: Description) -> str | None:
    contact = description.contact
    people = [contact, *description.creators] if contact else description.creators
    return next((name for one in people if one and (name := _known(one.full_name))), None)


def said_title(description: Description) -> str | None:
    """The title of the dataset in quotation marks, where it has one."""
    title = description.title
    return quoted(title, _LONGEST_TITLE) if title and says_something(title) else None


def _question(number: int, one: Request) -> Mapping[str, Any]:
    parts = list(dict.fromkeys(_part(cell, one) for cell in one.cells if cell.question))
    pairs = ((path, text) for cell in one.cells for path in cell.subjects[:1] for text in cell.seen)
    seen = [shortened(text, _LONGEST_SEEN) for text in told_once(pairs)]
    parts += seen[:_MOST_SEEN] if len(seen) > 1 + _MOST_SEEN else seen
    if len(seen) > 1 + _MOST_SEEN:
        parts.append(f"and {len(seen) - _MOST_SEEN:,} more of this kind")
    parts += list(dict.fromkeys(text for cell in one.cells for text in cell.said))[:_MOST_SEEN]
    return {
        "number": number,
        "text": one.wording.question,
        "parts": parts,
        "subjects": named(one.shown) if one.shown else None,
        "example": one.wording.example,
    }


def _part(cell: Cell, one: Request) -> str:
    """The words of one place for an answer, with its files where they are not those of the whole question."""
    about = f" This is about {named(cell.shown)}." if cell.shown and not one.shown else ""
    return f"{cell.question}{about}"


def _received(facts: LetterFacts) -> Iterator[str]:
    files = facts.inventory.files
    yield f"{_count(len(files), 'file')}, {facts.size} in all"
    formats = Counter(one.format.name for one in files if one.format.id not in ("zarr-part",)).most_common()
    shown = [f"{name} ({_count(count, 'file')})" for name, count in formats[:_MOST_KINDS]]
    more = sum(count for _, count in formats[_MOST_KINDS:])
    yield f"{'format' if len(formats) == 1 else 'formats'}: {joined([*shown, *([f'{more:,} others'] if more else [])])}"
    images = sum(len(one.images) for one in facts.inventory.every)
    if images:
        yield f"{_count(images, 'image')} that we could read:"
    else:
        yield "no image that we could read"


def _sizes(inventory: Inventory) -> Iterator[str]:
    """How large the images are, those of one size together."""
    kinds = Counter(_size(image) for one in inventory.every for image in one.images).most_common()
    for text, count in kinds[:_MOST_KINDS]:
        yield f"{count:,} of {text}"
    rest = sum(count for _, count in kinds[_MOST_KINDS:])
    if rest:
        yield f"{rest:,} of other sizes"


def _size(image: ImageRecord) -> str:
    pixel = pixel_in_words(image)
    known = "pixel size not recorded" if pixel.startswith("not recorded") else f"a pixel is {pixel}"
    return f"{size_in_words(image)}; {known}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _channels(inventory: Inventory) -> str | None:
    """What headers record of channels, each once; None where they record none."""
    records = (channel for one in inventory.every for image in one.images for channel in image.channels)
    told = list(dict.fromkeys(text for one in records if (text := _channel(one))))
    more = len(told) - _MOST_CHANNELS
    return f"{', '.join(told[:_MOST_CHANNELS])} and {more} more" if more > 0 else joined(told) or None


def _channel(one: ChannelRecord) -> str | None:
    if not one.name and not one.fluor:
        return None
    details = [one.fluor] if one.fluor and one.fluor != one.name and one.name else []
    details += [f"excited at {short_number(one.excitation_nm)} nm"] if one.excitation_nm else []
    name = shortened(one.name or one.fluor or "", _LONGEST_NAME)
    return f"{name} ({shortened(', '.join(details), _LONGEST_NAME)})" if details else name


def _levels(facts: LetterFacts, numbered: Sequence[tuple[int, Request]]) -> Iterator[Mapping[str, Any]]:
    """Each level: the questions whose answers it needs, and what it would need that is not asked here."""
    for level in PracticeLevel:
        yield {
            "name": _LEVELS[level],
            "numbers": [number for number, one in numbered if one.level is level],
            "later": facts.requests.later.get(level, ()),
            "is_aim": level is facts.aim,
            "is_reached": facts.reached is not None and level.rank <= facts.reached.rank,
        }
