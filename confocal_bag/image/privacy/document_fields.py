"""Personal data in the text of a document, and in what it records about itself."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from confocal_bag.image.privacy.content import fields_in_line
from confocal_bag.image.privacy.detectors import detect_contacts
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.image.privacy.office import is_nobody
from confocal_bag.image.privacy.subjects import detect_subjects
from confocal_bag.image.privacy.xml_fields import fields_in_xml, kind_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confocal_bag.document_text import DocumentText, Line, Property

__all__ = ["fields_in_document"]


def fields_in_document(text: DocumentText) -> Iterator[PersonalField]:
    """The fields of a document, each with the place where a person finds it."""
    for line in (*text.lines, *text.notes):
        yield from fields_in_line(line.place, line.text)
    if text.flows:
        yield from _across_lines(text.lines)
    for one in text.properties:
        yield from _of_property(one)
    for packet in text.packets:
        yield from fields_in_xml(packet, within="XMP")


def _across_lines(lines: Sequence[Line]) -> Iterator[PersonalField]:
    """What the end of a line cuts in two: "patient" and its number."""
    for line, following in pairwise(lines):
        both = f"{line.text.rstrip()} {following.text.lstrip()}"
        for kind, value in (*detect_subjects(both), *detect_contacts(both)):
            yield PersonalField(where=line.place, kind=kind, value=value)


def _of_property(one: Property) -> Iterator[PersonalField]:
    kind = kind_of_name(one.name)
    if kind is not None and not (kind is PersonalKind.PERSON and is_nobody(one.value)):
        yield PersonalField(where=one.place, kind=kind, value=one.value)
    elif kind is None:
        yield from fields_in_line(one.place, one.value)
