"""The images in REMBI's terms: how they were acquired, and what each of them is."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from confocal_bag.deposit.description.model import (
    AcquisitionDescription,
    InstrumentDescription,
    ProtocolText,
    Term,
)
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts
from confocal_bag.deposit.exports.identities import term_uri
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.two_values import find_two_values

__all__ = ["protocol_in_words", "rembi_acquisitions", "rembi_images", "term_fields"]


def term_fields(term: Term) -> dict[str, Any]:
    """A term by its name, its CURIE and its address."""
    return {"name": term.name, "term": term.term, "uri": term_uri(term.term)}


def rembi_acquisitions(facts: ExportFacts) -> list[dict[str, Any]]:
    """An entry for each acquisition; where none is described, one for each instrument."""
    said = facts.description
    instruments = {one.id: one for one in said.instruments}
    only = said.instruments[0] if len(said.instruments) == 1 else None
    if not said.acquisitions:
        return [_acquisition(facts, None, one) for one in said.instruments]
    return [_acquisition(facts, one, instruments.get(one.instrument) if one.instrument else only)
            for one in said.acquisitions]  # fmt: skip


def _acquisition(
    facts: ExportFacts, one: AcquisitionDescription | None, instrument: InstrumentDescription | None
) -> dict[str, Any]:
    protocol = facts.description.protocols.acquisition
    known = instrument or InstrumentDescription()
    settings = one.model_dump(exclude={"id", "instrument", "specimen"}, exclude_defaults=True) if one else {}
    return {
        "id": one.id if one else known.id,
        "specimen": one.specimen if one else None,
        "imaging_method": term_fields(known.method),
        "imaging_instrument": known.model_dump(include={"microscope", "objective", "lasers", "detectors", "filters",
                                                        "software"}),
        "protocol": protocol_in_words(protocol),
        "image_acquisition_parameters": settings,
        "image_header_differs": list(_differing(facts, one, known)),
    }  # fmt: skip


def _differing(
    facts: ExportFacts, acquisition: AcquisitionDescription | None, instrument: InstrumentDescription
) -> Iterator[dict[str, Any]]:
    """What is said of an acquisition and the headers of its images record otherwise: both values, and why."""
    images = [
        (shown_path(one.shown), one.described)
        for one in facts.images
        if one.acquired
        and one.described.acquisition is acquisition
        and (acquisition is not None or one.described.instrument is instrument)
    ]
    for found in find_two_values(facts.description, images):
        yield {
            "field": found.field,
            "of": found.what,
            "description": found.said,
            "image_header": found.recorded,
            "explanation": found.notes,
            "files": found.files,
        }


def protocol_in_words(protocol: ProtocolText) -> str | None:
    """A protocol in words with its link, or either."""
    return "; ".join(filter(None, (protocol.text, protocol.link))) or None


def rembi_images(facts: ExportFacts) -> Iterator[dict[str, Any]]:
    """Every image, those of one file told apart by their numbers."""
    counts = Counter(one.shown for one in facts.images)
    yield from (_image(facts, one, is_one_of_several=counts[one.shown] > 1) for one in facts.images)


def _image(facts: ExportFacts, one: ExportedImage, *, is_one_of_several: bool) -> dict[str, Any]:
    said = facts.descriptions.get(one.shown)
    return {
        "file": shown_path(one.shown),
        "image": one.record.series + 1 if is_one_of_several else None,
        "dimensions": dict(one.record.axes),
        "size_description": one.dimensions,
        "description": said.description if said else None,
        "derived_from": [shown_path(path) for path in said.derived_from] if said else None,
    }
