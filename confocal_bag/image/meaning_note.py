"""The annotation of an OME document that says what the numbers of its images stand for, where that is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import Annotations
from confocal_bag.image.meaning_tags import STORED_BITS, TABLE, meaning_pairs
from confocal_bag.image.ome_subset import all_annotations
from confocal_bag.image.series_meaning import MixedPagesError, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ome_types import OME
    from ome_types.model import Image

    from confocal_bag.image.model import ImageFile, Series

__all__ = ["PIXELS", "add_notes", "note_meaning"]

#: What OME core cannot say of pixels and TIFF can: the photometric interpretation, the colour table, the orientation.
PIXELS = "https://example.org/confocal-bag/ns/pixels/1"


def note_meaning(ome: OME, image: ImageFile) -> None:
    """Add the annotation to each Image whose numbers are not plain, unless the document says as much already."""
    found = [(one, _pairs(image, series)) for one, series in zip(ome.images, image.series, strict=True)]
    add_notes(ome, [(one, PIXELS, pairs) for one, pairs in found if pairs and not _is_said(ome, one, pairs)])


def add_notes(ome: OME, notes: Iterable[tuple[Image, str, Mapping[str, str]]]) -> None:
    """Add annotations to Images of a document: which Image, the namespace, and what is said."""
    annotations = Annotations(start=_next_number(ome))
    for one, namespace, pairs in notes:
        one.annotation_refs += annotations.add_map(namespace, pairs)
    if not annotations.maps:
        return
    if ome.structured_annotations is None:
        ome.structured_annotations = annotations.structured()
    else:
        ome.structured_annotations.map_annotations += annotations.maps


def _pairs(image: ImageFile, series: Series) -> dict[str, str]:
    try:
        return meaning_pairs(meaning_of(image, series), series)
    except MixedPagesError:
        # What differs is for the findings and for whoever wants to convert it.
        return {"Meaning of the pixels": "differs between planes; the tags of each page say it"}


def _is_said(ome: OME, image: Image, pairs: Mapping[str, str]) -> bool:
    wanted = {reference.id for reference in image.annotation_refs}
    known = ome.structured_annotations.map_annotations if ome.structured_annotations else []
    said = [
        {pair.k: pair.value for pair in one.value.ms} for one in known if one.id in wanted and one.namespace == PIXELS
    ]
    return any(_covers(one, pairs) for one in said)


def _covers(said: Mapping[str | None, str], pairs: Mapping[str, str]) -> bool:
    """Whether as much is said; a copy of more bits has a longer table, of which the source's is what matters."""
    is_widened = STORED_BITS in said
    return all(said.get(key) == value or (is_widened and key.startswith(TABLE)) for key, value in pairs.items())


def _next_number(ome: OME) -> int:
    """A number that no annotation of the document has."""
    numbers = [name.removeprefix("Annotation:") for name in all_annotations(ome)]
    return max((int(number) for number in numbers if number.isdecimal()), default=-1) + 1
