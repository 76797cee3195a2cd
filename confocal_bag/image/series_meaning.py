"""What the numbers of a whole series stand for, if that is one thing: its pages or the files of a sequence compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from confocal_bag.findings import readable_path
from confocal_bag.image.bioio_image import in_order
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.pixel_meaning import PixelMeaning, page_meanings
from confocal_bag.image.signs import is_ordered_table
from confocal_bag.image.tiff_structure import TIFF_FORMATS

if TYPE_CHECKING:
    from confocal_bag.image.model import ImageFile, Series

__all__ = ["MixedPagesError", "SeriesMeaning", "meaning_of"]

#: Formats whose planes may lie in several files.
_SETS = ("ome-tiff", "ome-companion")
#: A place along C, None where it is not known; the meaning of a page there; how messages call the page.
_Found = tuple[int | None, PixelMeaning, str]


class MixedPagesError(UnreadableImage):
    """Planes of one image mean different things by equal numbers; `difference` is the clause that says which."""

    difference = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMeaning:
    """The meaning of each channel's planes, by index along C; only their colour tables can differ.

    Empty for a file that is no TIFF, whose reader knows what its numbers are.
    """

    channels: Mapping[int, PixelMeaning]

    def of(self, coordinates: Mapping[str, int]) -> PixelMeaning | None:
        """The meaning of the plane at these coordinates."""
        return self.channels.get(coordinates.get("C", 0))

    @property
    def first(self) -> PixelMeaning | None:
        """That of the first channel, which is that of all but for colour tables."""
        return next(iter(self.channels.values()), None)


def meaning_of(image: "ImageFile", series: "Series") -> SeriesMeaning:
    """What the numbers of a series stand for.

    Raises MixedPagesError where planes of it mean different things: white and black exchanged, turned differently,
    other bits of a sample, or other colours, but for the tables that show each channel in a colour of its own.
    """
    channels: dict[int, PixelMeaning] = {}
    first: tuple[PixelMeaning, str] | None = None
    for channel, meaning, shown in _found(image, series):
        first = first or (meaning, shown)
        _check_same(image.path, (meaning.without_colors(), shown), (first[0].without_colors(), first[1]))
        for at in range(series.axes.get("C", 1)) if channel is None else (channel,):
            if channels.setdefault(at, meaning) != meaning:
                raise _differ(image.path, shown, f"another table of {meaning.colors} colours than the others")
    _check_tables(image.path, channels)
    return SeriesMeaning(channels=dict(sorted(channels.items())))


def _found(image: "ImageFile", series: "Series") -> Iterator[_Found]:
    """Every meaning that a series has, with the channel that has it; equal ones of one file only once."""
    files: Mapping[tuple[int, ...], Path] | None = getattr(image, "files", None)
    if files is None:
        if image.format.id in TIFF_FORMATS | {"ome-companion"}:
            yield from _of_file(image, series)
        return
    axes: Sequence[str] = getattr(image, "file_axes", ())
    for place, path in files.items():
        channel = dict(zip(axes, place, strict=True)).get("C")
        distinct = _distinct(page_meanings(path))
        if len(distinct) > 1:
            raise _differ(path, readable_path(path.name), "pages of several kinds")
        # A slice of another format holds plain samples of the type that all have.
        plain = PixelMeaning(bits=8 * series.dtype.itemsize, samples=series.samples)
        yield channel, (distinct or [plain])[0], readable_path(path.name)


def _of_file(image: "ImageFile", series: "Series") -> Iterator[_Found]:
    """By the page of each plane where the reader knows it, so that images of one set or file may differ."""
    meanings: Any = getattr(image, "page_meanings", page_meanings)
    find: Any = getattr(image, "page_address", None)
    if image.format.id not in _SETS:
        distinct = _distinct(meanings(image.path))
        if len(distinct) <= 1:
            yield from ((None, one, "page 1") for one in distinct)
            return
    seen: set[tuple[int | None, PixelMeaning | None]] = set()
    for coordinates in in_order(series.stacked_axes):
        path, number = (find(series, coordinates) if find else None) or (image.path, -1)
        pages = meanings(path)
        if not 0 <= number < len(pages):
            # No page is one plane: what all of them are must be the same.
            yield from _of_all_pages(image, meanings)
            return
        channel, meaning = coordinates.get("C"), pages[number]
        if meaning is not None and (channel, meaning) not in seen:
            seen.add((channel, meaning))
            of = f" of {readable_path(path.name)}" if path != image.path else f" of {len(pages)}"
            yield channel, meaning, f"page {number + 1}{of}"


def _of_all_pages(image: "ImageFile", meanings: Callable[[Path], Sequence[PixelMeaning | None]]) -> Iterator[_Found]:
    for path in _files_of(image):
        for meaning in _distinct(meanings(path)):
            yield None, meaning, f"a page of {path.name}"


def _files_of(image: "ImageFile") -> list[Path]:
    """The TIFFs that hold the planes: the file, or those of a set that one OME-XML calls an image."""
    if image.format.id not in _SETS:
        return [image.path]
    from confocal_bag.image.ome_document import is_plain_name, read_document

    document = read_document(image.path)
    named = [document.path.with_name(name) for name in document.members if is_plain_name(name)]
    return named or [image.path]


def _distinct(meanings: Sequence[PixelMeaning | None]) -> list[PixelMeaning]:
    return [one for one in dict.fromkeys(meanings) if one is not None]


def _check_same(path: Path, mine: tuple[PixelMeaning, str], first: tuple[PixelMeaning, str]) -> None:
    (one, shown), (other, where) = mine, first
    if one == other:
        return
    pairs = (
        (one.interpretation, other.interpretation, "the photometric interpretation"),
        (one.turned, other.turned, "the orientation"),
        (str(one.bits), str(other.bits), "as bits of a sample"),
        (str(one.extra_samples), str(other.extra_samples), "as extra samples"),
    )
    for seen, before, what in pairs:
        if seen != before:
            raise _differ(path, shown, f"{what} {seen}, {where} {before}")
    raise _differ(path, shown, f"samples stored otherwise than those of {where}")


def _check_tables(path: Path, channels: Mapping[int, PixelMeaning]) -> None:
    """Tables that differ between channels show each in its colour; tables without order name colours."""
    tables = dict.fromkeys(one.color_map for one in channels.values())
    if len(tables) < 2:
        return
    for table in tables:
        if len(table) % 3 or not is_ordered_table(np.array(table, dtype=np.uint16).reshape(3, -1)):
            raise _differ(path, "one channel", "other colours than another, in tables without order")


def _differ(path: Path, shown: str, what: str) -> MixedPagesError:
    error = MixedPagesError(
        f"{readable_path(path)} cannot be made one image: {shown} has {what}; equal numbers or places in it would mean "
        "different things. Keep the original as it is, and ask the depositor how it was made."
    )
    error.difference = f"{shown} has {what}"
    return error
