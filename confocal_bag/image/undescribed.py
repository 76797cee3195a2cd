"""Pages of an OME-TIFF that its OME-XML does not speak of: no reader gives their pixels, so that they are soon lost.

Copies called reduced (NewSubfileType 1: thumbnails, levels of a pyramid) need no description, and levels in SubIFDs are
no pages. What is left are pages of full size that someone appended, or whose description was lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confocal_bag.counted import counted
from confocal_bag.findings import readable_path
from confocal_bag.image.bioio_image import in_order
from confocal_bag.image.tiff_fault import StructureFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from ome_types import OME

    from confocal_bag.image.model import ImageFile

__all__ = ["CODE", "PAGES", "Undescribed", "note_pages", "page_remarks", "undescribed", "undescribed_faults"]

#: The word that a fault has which tells of such pages.
CODE = "pages-unused"
#: The annotation of a sidecar that says how many they are; in no OME-TIFF, whose own pages are others.
PAGES = "https://example.org/confocal-bag/ns/pages/1"

_FORMATS = ("ome-tiff", "ome-companion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undescribed:
    """The pages of one file, counted from 1, that no plane is in; `pages` is the number of all."""

    path: Path
    numbers: tuple[int, ...]
    pages: int

    def __str__(self) -> str:
        return f"its OME-XML does not describe {len(self.numbers)} of {self.pages} pages, first page {self.numbers[0]}"


def undescribed(image: ImageFile) -> list[Undescribed]:
    """Such pages in each file of an image; none of an image of any other format, whose pages are all looked at."""
    find: Any = getattr(image, "page_address", None)
    if image.format.id not in _FORMATS or find is None:
        return []
    used: dict[Path, set[int]] = defaultdict(set)
    for series in image.series:
        for coordinates in in_order(series.stacked_axes):
            path, number = find(series, coordinates)
            used[path].add(number)
    return [one for path, numbers in used.items() for one in _left(image, path, numbers)]


def _left(image: Any, path: Path, used: set[int]) -> Iterator[Undescribed]:
    pages = image.page_meanings(path)
    left = tuple(number + 1 for number, page in enumerate(pages) if page is not None and number not in used)
    if left:
        yield Undescribed(path=path, numbers=left, pages=len(pages))


def undescribed_faults(image: ImageFile) -> tuple[StructureFault, ...]:
    """The same as faults; of a file of a set with its name."""
    return tuple(
        StructureFault(
            code=CODE,
            message=str(one) if one.path == image.path else f"{one} of {readable_path(one.path.name)}",
            is_damage=False,
        )
        for one in undescribed(image)
    )


def page_remarks(image: ImageFile) -> tuple[str, ...]:
    """What whoever converts the image has to know of them, a sentence for each file that has any."""
    return tuple(
        f"Of the {counted(one.pages, 'page')} of {readable_path(one.path.name)}, {len(one.numbers)} are not described "
        f"by its OME-XML (first page {one.numbers[0]}) and not converted."
        for one in undescribed(image)
    )


def note_pages(ome: OME, image: ImageFile) -> None:
    """Add an annotation to the first Image that says how many there are, where there are any."""
    from confocal_bag.image.meaning_note import add_notes

    found = undescribed(image)
    if found and ome.images:
        left, pages = sum(len(one.numbers) for one in found), sum(one.pages for one in found)
        add_notes(ome, [(ome.images[0], PAGES, {"Pages that the OME-XML does not describe": f"{left} of {pages}"})])
