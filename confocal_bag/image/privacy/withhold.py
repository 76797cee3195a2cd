"""What a sidecar leaves out of a header, and what it says in its place."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from confocal_bag.image.acquisition.facts import SeriesFacts
from confocal_bag.image.acquisition.values import printable
from confocal_bag.image.privacy.detectors import detect
from confocal_bag.image.privacy.model import MARK, PersonalField, PersonalKind, mask
from confocal_bag.image.privacy.subjects import detect_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ome_types import OME

    from confocal_bag.image.model import Series

__all__ = ["PERSONAL", "WITHHELD", "Cleaner", "clean_facts", "clean_series", "note_personal", "withheld_fields"]

#: Which fields of the header are left out: paths and kinds, no values.
WITHHELD = "https://example.org/confocal-bag/ns/withheld/1"
#: The fields and their values, where they were asked for.
PERSONAL = "https://example.org/confocal-bag/ns/personal/1"

_MOST_PAIRS = 200
_SHORTEST = 4
#: Kinds whose values mean the same wherever they stand; a name may also be that of a dye or a lamp.
_PLAIN_KINDS = {PersonalKind.EMAIL, PersonalKind.PHONE, PersonalKind.FOLDER, PersonalKind.HOST, PersonalKind.SUBJECT}

Part = TypeVar("Part")


class Cleaner:
    """Masks the personal data of one file wherever text repeats them."""

    def __init__(self, known: Iterable[PersonalField]) -> None:
        known = [one for one in known if len(one.value.strip()) >= _SHORTEST]
        self._values = _longest_first(one.value for one in known if one.kind in _PLAIN_KINDS or _is_serial(one))
        self._people = _longest_first(one.value for one in known if one.kind is PersonalKind.PERSON)

    def clean(self, text: str, *, people: bool = False) -> str:
        """The text with addresses, folders and serial numbers masked; with `people` also the names of the file."""
        for value in (*self._values, *(self._people if people else ())):
            if value.casefold() in text.casefold():
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda found: mask(found[0]), text, flags=re.I)
        for _, value in [*detect(text), *detect_subjects(text)]:
            text = text.replace(value, mask(value))
        return text


def clean_facts(part: Part, cleaner: Cleaner, *, people: bool = False) -> Part:
    """Facts with all their text cleaned; names of people are looked for in the names and notes of series only."""
    cleaned: Any = part
    if isinstance(part, str):
        cleaned = cleaner.clean(part, people=people)
    elif isinstance(part, tuple):
        cleaned = tuple(clean_facts(one, cleaner, people=people) for one in part)
    elif isinstance(part, dict):
        cleaned = {name: clean_facts(value, cleaner, people=people) for name, value in part.items()}
    elif is_dataclass(part) and not isinstance(part, type):
        named = {"name", "notes"} if isinstance(part, SeriesFacts) else set()
        values = {one.name: getattr(part, one.name) for one in fields(part)}
        cleaned = replace(
            part,
            **{name: clean_facts(value, cleaner, people=name in named) for name, value in values.items()},
        )
    return cleaned  # type: ignore[no-any-return]


def clean_series(series: Sequence[Series], cleaner: Cleaner) -> list[Series]:
    """The series with their names cleaned."""
    return [
        replace(
            one,
            name=cleaner.clean(one.name, people=True),
            channel_names=tuple(name and cleaner.clean(name) for name in one.channel_names),
        )
        for one in series
    ]


def note_personal(ome: OME, known: Sequence[PersonalField], *, keep: bool) -> None:
    """Say in every image of a document which fields were left out or, with `keep`, what they hold."""
    from ome_types.model import AnnotationRef, Map, MapAnnotation, StructuredAnnotations

    pairs = _pairs(known, keep=keep)
    if not pairs:
        return
    value = Map(ms=[Map.M(k=name, value=words) for name, words in pairs.items()])
    identity = _free_id(ome, "Annotation:Personal" if keep else "Annotation:Withheld")
    note = MapAnnotation(id=identity, namespace=PERSONAL if keep else WITHHELD, value=value)
    if ome.structured_annotations is None:
        ome.structured_annotations = StructuredAnnotations()
    ome.structured_annotations.map_annotations.append(note)
    for image in ome.images:
        image.annotation_refs.append(AnnotationRef(id=identity))


def withheld_fields(known: Sequence[PersonalField]) -> list[str]:
    """The paths of the fields that a sidecar leaves out, as its annotation lists them."""
    return list(_pairs([one for one in known if not one.where.startswith("byte ")], keep=False))


def _free_id(ome: OME, wanted: str) -> str:
    """An identifier that no MapAnnotation has: the document of a converted copy has such a note already."""
    taken = {one.id for one in ome.structured_annotations.map_annotations} if ome.structured_annotations else set()
    return next(name for number in range(len(taken) + 1) if (name := f"{wanted}{number or ''}") not in taken)


def _pairs(known: Sequence[PersonalField], *, keep: bool) -> Mapping[str, str]:
    """What is said of each field, by its path."""
    pairs: dict[str, str] = {}
    for one in known:
        # Descriptions in OME-XML are for readers, and stay.
        if not keep and one.kind is PersonalKind.FREE_TEXT and one.where.startswith("OME/"):
            continue
        where = printable(one.where)
        if len(pairs) >= _MOST_PAIRS and where not in pairs:
            pairs["further fields"] = "not listed"
            break
        pairs.setdefault(where, printable(one.value) if keep else f"{MARK}: {one.kind.value}")
    return pairs


def _is_serial(one: PersonalField) -> bool:
    """Whether a value of a device is a number of its own and not the name of its model."""
    digits = sum(character.isdecimal() for character in one.value)
    return one.kind is PersonalKind.DEVICE and digits >= _SHORTEST and " " not in one.value


def _longest_first(values: Iterable[str]) -> list[str]:
    return sorted({value.strip() for value in values}, key=lambda value: (-len(value), value))
