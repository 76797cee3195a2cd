"""The files of a deposit as a readme lists them, those left out, and those that lost something."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import FileDescription
from confocal_bag.deposit.exports.plain_text import Prepared, paragraph, path_line, shown_path
from confocal_bag.deposit.exports.readme import ReadmeFacts, StackFacts
from confocal_bag.deposit.exports.readme_words import count, joined, without_advice
from confocal_bag.deposit.exports.text_table import table
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.tiers import has_microscope_extension, image_folder
from confocal_bag.deposit.zips import inner_path, member_path
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import Tier

__all__ = [
    "file_lines",
    "folded",
    "left_out_lines",
    "loss_warnings",
    "meaning_lines",
    "place_of",
    "tier_order",
    "tier_table",
    "unread_lines",
]

_TIERS = list(Tier)
_MEANINGS = {
    Tier.RAW: "as it came off the microscope",
    Tier.TRANSFORMED: "images in an open format",
    Tier.PROCESSED: "analysed, annotated, cropped or merged",
    Tier.README: "what people wrote about the data",
    Tier.METADATA: "what programs read about the data",
}
_LOSSY_FORMATS = frozenset({"jpeg"})


def place_of(facts: ReadmeFacts, file: FileRecord) -> str:
    """Where a file lies: below data/ where that is known, else in the deposit; not yet fit to print."""
    if file.archive is not None:
        place = facts.places.get(file.archive)
        return f"data/{inner_path(place, member_path(file.archive, file.path))}" if place else str(file.path)
    place = facts.places.get(file.path)
    return f"data/{place}" if place is not None else str(file.path)


def tier_order(file: FileRecord) -> int:
    """Where the tier of a file stands among the tiers."""
    return _TIERS.index(file.tier)


def tier_table(inventory: Inventory) -> Prepared | None:
    """How many files of how many bytes were received in each tier; None where there are none."""
    by_tier = sorted(inventory.files, key=tier_order)
    rows: list[Sequence[object]] = []
    for tier, group in groupby(by_tier, key=tier_order):
        sizes = [file.bytes for file in group]
        rows.append((f"data/{_TIERS[tier]}", _MEANINGS[_TIERS[tier]], f"{len(sizes):,}", f"{sum(sizes):,}"))
    if not rows:
        return None
    every = [file.bytes for file in by_tier]
    rows.append(("together", None, f"{len(every):,}", f"{sum(every):,}"))
    return table(("Tier", "What it holds", "Files", "Bytes"), rows, right=("Files", "Bytes"))


def folded(facts: ReadmeFacts, files: Sequence[FileRecord]) -> Iterator[tuple[Sequence[FileRecord], StackFacts | None]]:
    """The files one by one, and those of a stack of single-plane files together, in the place of the first."""
    stack_of = {path: stack for stack in facts.stacks if len(stack.files) > 2 for path in stack.files}
    members: dict[int, list[FileRecord]] = {}
    for file in files:
        stack = stack_of.get(str(file.path))
        if stack is not None:
            members.setdefault(id(stack), []).append(file)
    for file in files:
        stack = stack_of.get(str(file.path))
        if stack is None:
            yield [file], None
        elif members[id(stack)][0] is file:
            yield members[id(stack)], stack


def file_lines(facts: ReadmeFacts) -> list[Prepared]:
    """Each file with its format and size, what it contains, and what it was made from."""
    index = DescriptionIndex(facts.description)
    by_tier = sorted(facts.inventory.files, key=tier_order)
    lines: list[Prepared] = []
    parts: dict[PurePosixPath, list[FileRecord]] = {}
    for file in by_tier:
        if (folder := _folder_of_image(file.path)) is not None:
            parts.setdefault(folder, []).append(file)
    for group, stack in folded(facts, by_tier):
        folder = _folder_of_image(group[0].path)
        if folder is None:
            lines.extend(_lines(facts, group, stack, index.file(group[0].path)))
        elif folder in parts:
            lines.extend(_folder_lines(facts, folder, parts.pop(folder), index))
    return lines


def _folder_of_image(path: PurePosixPath) -> PurePosixPath | None:
    """The folder that is one image, or holds the planes of one, for each of the files in it; None for other files."""
    whole = image_folder(path)
    if whole is None:
        return path.parent if path.name in ZARR_TOPS else None
    return next(folder for folder in reversed(path.parents) if folder.name == whole[0])


def _folder_lines(
    facts: ReadmeFacts, folder: PurePosixPath, files: Sequence[FileRecord], index: DescriptionIndex
) -> Iterator[Prepared]:
    """The folder on one line, for it may hold many thousand files, and what is said of the image that it is."""
    first = next((file for file in files if file.images), files[0])
    place = PurePosixPath(place_of(facts, first)).parents[len(first.path.parts) - len(folder.parts) - 1]
    kind = first.format.name if first.images else "planes of one image"
    told = f"{kind}, a folder of {count(len(files), 'file')}, {sum(file.bytes for file in files):,} bytes"
    yield path_line(f"{place}/", told, 2)
    yield from _said(first, index.file(first.path))


def _lines(
    facts: ReadmeFacts, group: Sequence[FileRecord], stack: StackFacts | None, entry: FileDescription | None
) -> Iterator[Prepared]:
    first = group[0]
    told = f"{first.format.name}, {sum(file.bytes for file in group):,} bytes"
    if stack is None or len(group) == 1:
        yield path_line(place_of(facts, first), told, 2)
    else:
        yield path_line(place_of(facts, first), "", 2)
        yield path_line(place_of(facts, group[-1]), f"{count(len(group), 'file')} of one stack, {told}", 2, lead="to ")
    yield from _said(first, entry)


def _said(first: FileRecord, entry: FileDescription | None) -> Iterator[Prepared]:
    """What people say of a file: what it contains, and what it was made from."""
    contents = _contents(first, entry)
    if contents:
        yield paragraph(contents, 6)
    if entry and entry.derived_from:
        yield paragraph(f"made from: {', '.join(map(shown_path, entry.derived_from))}", 6)
    if entry and entry.tool.name:
        yield paragraph(f"made with: {joined(entry.tool.name, entry.tool.version, entry.tool.command, between=' ')}", 6)
    if entry and entry.created:
        yield paragraph(f"created: {entry.created}", 6)
    if entry and entry.codes:
        yield paragraph(f"codes used: {'; '.join(entry.codes)}", 6)


def _contents(file: FileRecord, entry: FileDescription | None) -> str | None:
    if entry is not None and entry.description is not None and says_something(entry.description):
        return entry.description
    told = file.tier in (Tier.README, Tier.METADATA) and not file.tier_reason.startswith(file.format.name)
    return file.tier_reason if told else None


def left_out_lines(inventory: Inventory) -> Sequence[Prepared]:
    """What was received and did not go into the bag, and why."""
    return [path_line(one.path, one.reason) for one in inventory.left_out]


def loss_warnings(facts: ReadmeFacts) -> Mapping[str, Any]:
    """The files whose pixels are compressed with loss, those that say they are not, and those that do not say."""
    lossy: list[Prepared] = []
    images = [(file, image) for file in facts.inventory.every for image in file.images]
    for file in facts.inventory.every:
        names = [one.name for image in file.images for one in image.compression if one.lossy]
        if file.format.id in _LOSSY_FORMATS or any(image.lossy for image in file.images):
            lossy.append(path_line(place_of(facts, file), joined(*dict.fromkeys(names)) or ""))
    return {
        "lossy": lossy,
        "lossless": sum(image.lossy is False for _, image in images),
        "unknown": sum(image.lossy is None and file.format.id not in _LOSSY_FORMATS for file, image in images),
        "signs": _signs(facts),
    }


def _signs(facts: ReadmeFacts) -> list[Prepared]:
    """What images show of values that were lost before they were received."""
    files = facts.inventory.every
    seen = [
        (place_of(facts, file), sign.evidence)
        for file in files
        for image in file.images
        for sign in image.signs
        if sign.kind.is_loss
    ]
    return [path_line(place, evidence) for place, evidence in dict.fromkeys(seen)]


def meaning_lines(facts: ReadmeFacts) -> list[Prepared]:
    """The images whose values stand for something else than brightness from the top left, as their tags say."""
    seen = [
        (place_of(facts, file), sign.evidence)
        for file in facts.inventory.every
        for image in file.images
        for sign in image.signs
        if not sign.kind.is_loss
    ]
    return [path_line(place, evidence) for place, evidence in dict.fromkeys(seen)]


def unread_lines(facts: ReadmeFacts) -> list[Prepared]:
    """The files that should hold images of which nothing could be read, each with the reason."""
    told = ((file, _why_unread(file)) for file in facts.inventory.every)
    return [path_line(place_of(facts, file), why) for file, why in told if why]


def _why_unread(file: FileRecord) -> str | None:
    """Why the image that a file promises is not there; None for every other file."""
    if file.image_problem:
        return without_advice(file.image_problem)
    if file.format.kind is Kind.IMAGE or not has_microscope_extension(file.path):
        return None
    if file.bytes == 0:
        return "empty (0 bytes)"
    return f"is {file.format.name} by its bytes, which hold no image" if file.extension_disagrees else None
