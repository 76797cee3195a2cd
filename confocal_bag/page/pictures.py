"""Pictures for a page: of a sample of the images where there are many, and small enough together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.worker import in_order
from confocal_bag.page.images import Exhibit
from confocal_bag.page.run import RunImage
from confocal_bag.progress import SILENT, Progress

if TYPE_CHECKING:
    from confocal_bag.image.preview.compact import CompactPreview

__all__ = ["MOST_PICTURES", "MOST_PICTURE_BYTES", "Card", "Gallery", "hang"]

#: Images with pictures on one page, unless the user wants more or fewer.
MOST_PICTURES = 48

#: What all pictures of a page may take before they are written as text, which adds a third.
MOST_PICTURE_BYTES = 13_000_000
#: Pixels on the longer side of a picture, by the number of images that have some.
_SIZES = ((60, 256), (200, 160), (2000, 96))
#: Planes of one stack of files that are read for its pictures.
_MOST_STACK_BYTES = 2 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One image on the page; `preview` is None where `problem` says why, or where it is none of the sample."""

    exhibit: Exhibit
    record: RunImage | None
    preview: "CompactPreview | None" = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The images with pictures, or a reason for having none, and the others; `note` says how they were chosen."""

    cards: tuple[Card, ...]
    others: tuple[Card, ...]
    note: str | None = None


def hang(
    images: Sequence[Exhibit],
    *,
    most: int = MOST_PICTURES,
    room: int = MOST_PICTURE_BYTES,
    jobs: int = 2,
    progress: Progress = SILENT,
) -> Gallery:
    """Make the pictures of at most so many of the images, evenly spread over all, each file in a guarded process.

    They take at most `room` bytes.
    """
    readable = [one for one in images if one.local]
    chosen = _sample(readable, most)
    numbers = {id(one) for one in chosen}
    others = tuple(
        Card(exhibit=one, record=one.record, problem=one.problem) for one in images if id(one) not in numbers
    )
    progress.stage("Making pictures", len(chosen))
    cards: list[Card] = []
    files = [list(group) for _, group in groupby(chosen, key=lambda one: one.path)]
    make = partial(_pictures, size=_size_for(len(chosen)))
    for made in in_order(make, files, jobs=jobs):
        for card in made:
            share = room // (len(chosen) - len(cards))
            cards.append(_within(card, share))
            room -= cards[-1].preview.bytes if cards[-1].preview else 0
        progress.advance(len(made))
    return Gallery(cards=tuple(cards), others=others, note=_note(len(chosen), len(readable)))


def _note(shown: int, readable: int) -> str | None:
    if shown == readable:
        return None
    if not shown:
        return f"No pictures were made of {counted(readable, 'image')}."
    return (
        f"Pictures of {shown} of {readable:,} images, evenly spread over all of them in the order of their paths; "
        "report --pictures NUMBER shows more or fewer, and the command preview makes larger ones."
    )


def _sample(images: Sequence[Exhibit], most: int) -> list[Exhibit]:
    if len(images) <= most:
        return list(images)
    return [images[number * len(images) // most] for number in range(most)]


def _size_for(count: int) -> int:
    return next((size for most, size in _SIZES if count <= most), _SIZES[-1][1])


def _pictures(of_file: Sequence[Exhibit], *, size: int) -> list[Card]:
    """The cards of the chosen series of one file, or of one stack."""
    first = of_file[0]
    try:
        return [_of_stack(first, size)] if first.stack else list(_of_series(of_file, size))
    except CannotFinish as problem:
        return [Card(exhibit=one, record=one.record, problem=_said(problem, one)) for one in of_file]


def _of_series(of_file: Sequence[Exhibit], size: int) -> Iterator[Card]:
    from confocal_bag.image.preview.compact import compact_file

    path = of_file[0].local
    made = compact_file(path, [one.series for one in of_file], size=size) if path else []
    found = {one.series: one for one in made}
    for one in of_file:
        pictures = found.get(one.series)
        if pictures is None:
            yield Card(exhibit=one, record=one.record, problem="The file has no such series any more.")
        else:
            yield Card(exhibit=one, record=one.record, preview=pictures.preview, problem=pictures.problem)


def _of_stack(one: Exhibit, size: int) -> Card:
    from confocal_bag.image.preview.compact import compact_stack

    if one.bytes > _MOST_STACK_BYTES:
        why = f"The stack has {one.bytes / 1e9:.1f} GB; that is too much to read for a picture here."
        return Card(exhibit=one, record=one.record, problem=why)
    return Card(exhibit=one, record=one.record, preview=compact_stack(one.path, one.stack, size=size))


def _said(problem: CannotFinish, one: Exhibit) -> str:
    """The sentence with the path that readers of the page know; where the file lies on this machine is left out."""
    said = str(problem)
    places = [(readable_path(file.path), readable_path(file.path.name)) for file in one.stack]
    places += [(readable_path(one.local), one.path)] if one.local else []
    for local, shown in places:
        said = said.replace(local, shown)
    return said


def _within(card: Card, share: int) -> Card:
    """The card with its pictures in so many bytes: the walk through depth goes first, then the single channels."""
    preview = card.preview
    if preview is None or preview.bytes <= share:
        return card
    if preview.strip is not None:
        note = "Depth is not shown: the page has no room for it."
        preview = replace(preview, strip=None, notes=(*preview.notes, note))
    if preview.bytes > share:
        kept = preview.channels[:1] if len(preview.channels) > 1 else preview.channels
        left_out = preview.channels_left_out + len(preview.channels) - len(kept)
        preview = replace(preview, channels=kept, channels_left_out=left_out)
    if preview.bytes > share:
        return replace(card, preview=None, problem="The page has no room for its pictures.")
    return replace(card, preview=preview)
