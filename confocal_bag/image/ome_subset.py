"""One Image of an OME document, with all that it refers to and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ome_types import OME

__all__ = ["all_annotations", "one_image"]


def one_image(ome: OME, series_index: int) -> OME:
    """A document of one Image with only the instrument, regions and annotations that it refers to."""
    from ome_types import OME
    from ome_types.model import StructuredAnnotations

    image = ome.images[series_index].model_copy(deep=True)
    used = image.instrument_ref.id if image.instrument_ref else None
    instruments = [one for one in ome.instruments if one.id == used]
    regions = [one for one in ome.rois if one.id in {reference.id for reference in image.roi_refs}]
    annotations = all_annotations(ome)
    wanted = _references([image, instruments, regions])
    # Annotations may refer to annotations.
    while more := _references([one for name, one in annotations.items() if name in wanted]) - wanted:
        wanted |= more
    structured = ome.structured_annotations
    kept: dict[str, Any] = {
        field: [one for one in getattr(structured, field) if one.id in wanted]
        for field in (type(structured).model_fields if structured else ())
    }
    return OME(
        creator=ome.creator,
        rights=ome.rights,
        experimenters=[one.model_copy(deep=True) for one in ome.experimenters],
        instruments=[one.model_copy(deep=True) for one in instruments],
        images=[image],
        rois=[one.model_copy(deep=True) for one in regions],
        structured_annotations=StructuredAnnotations(**kept) if any(kept.values()) else None,
    )


def all_annotations(ome: OME) -> dict[str, Any]:
    """The annotations of a document of every kind, by ID."""
    structured = ome.structured_annotations
    fields = type(structured).model_fields if structured else ()
    return {one.id: one for field in fields for one in getattr(structured, field)}


def _references(part: Any) -> set[str]:
    """The IDs of all annotations that a part of the document refers to, however deep."""
    from ome_types.model import AnnotationRef
    from pydantic import BaseModel

    if isinstance(part, AnnotationRef):
        return {part.id}
    if isinstance(part, BaseModel):
        return {name for field in type(part).model_fields for name in _references(getattr(part, field))}
    if isinstance(part, list):
        return {name for one in part for name in _references(one)}
    return set()
