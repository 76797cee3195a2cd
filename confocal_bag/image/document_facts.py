"""Every fact that an OME document states of an image, flat, so that two documents can be held against each other.

A fact has a key that says where it stands, "Pixels/Channel[1]/@Name" or "Instrument/Objective/@LensNA", and a value
with its unit. IDs are names inside one document: a reference is told as the place of what it leads to. Annotations are
told by namespace and key. Pixels and their digests are no facts here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.units import micrometres, seconds
from confocal_bag.image.ome_checks import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

__all__ = ["Value", "image_facts"]

_NOT_FACTS = {"MetadataOnly", "TiffData", "BinData", "HashSHA1", "AnnotationRef", "ROIRef"}
_PLANE_KEYS = ("TheT", "TheC", "TheZ")
#: OME 2016-06: the unit of an attribute where none is written.
_DEFAULT_UNITS = (
    (re.compile(r"PhysicalSize|PinholeSize|WorkingDistance"), "µm"),
    (re.compile(r"Wavelength|CutIn|CutOut"), "nm"),
    (re.compile(r"TimeIncrement|DeltaT|ExposureTime"), "s"),
    (re.compile(r"Position[XYZ]"), "reference frame"),
    (re.compile(r"Voltage"), "V"),
    (re.compile(r"Power"), "mW"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as written, and its unit where it has one."""

    text: str
    unit: str = ""

    def agrees(self, other: Value) -> bool:
        """Whether both say the same: whole numbers and words exactly, other numbers to a millionth, in any unit."""
        if self == other:
            return True
        if self.text.isdigit() and other.text.isdigit() and self.unit == other.unit:
            return False
        one, two = self._number(), other._number()
        return one is not None and two is not None and one[1] == two[1] and isclose(one[0], two[0], rel_tol=1e-6)

    def _number(self) -> tuple[float, str] | None:
        """The number in micrometres or seconds where it is a length or a time, else as it stands."""
        try:
            number = float(self.text)
        except ValueError:
            return None
        for convert, unit in ((micrometres, "µm"), (seconds, "s")):
            converted = convert(number, self.unit)
            if converted is not None:
                return converted, unit
        return number, self.unit

    def __str__(self) -> str:
        return f"{self.text} {self.unit}".strip()


def image_facts(root: Element, index: int) -> Iterator[tuple[str, Value]]:
    """Key and value of all that a document states of its image number `index` and of the instrument that took it."""
    image = root.findall("{*}Image")[index]
    named = {one.get("ID"): one for one in root.iter("{*}*") if one.get("ID") and not _refers(one)}
    reference = image.find("{*}InstrumentRef")
    instrument = named.get(reference.get("ID")) if reference is not None else None
    places = dict(_places(instrument, "Instrument")) if instrument is not None else {}
    for key, element in _elements(image, ""):
        yield from _own_facts(key, element, places)
        for one in element.iterfind("{*}AnnotationRef"):
            annotation = named.get(one.get("ID"))
            if annotation is not None:
                yield from _annotated(key, annotation)
    for key, element in _elements(instrument, "Instrument") if instrument is not None else ():
        yield from _own_facts(key, element, places)


def _own_facts(key: str, element: Element, places: dict[str, str]) -> Iterator[tuple[str, Value]]:
    if _refers(element) and element.get("ID") in places:
        yield f"{key}/@ID", Value(text=places[element.get("ID", "")])
    for attribute, text in attributes(element):
        if attribute == "ID" or attribute.endswith("Unit") or (_local(element) == "Plane" and attribute in _PLANE_KEYS):
            continue
        unit = element.get(f"{attribute}Unit") or _default_unit(attribute)
        yield f"{key}/@{attribute}".lstrip("/"), Value(text=text.strip(), unit=unit)
    if len(element) == 0 and (element.text or "").strip():
        yield key, Value(text=(element.text or "").strip())


def _annotated(key: str, annotation: Element) -> Iterator[tuple[str, Value]]:
    """The pairs of a map, or the facts of any other value, under its namespace."""
    space = f"{key}/{{{annotation.get('Namespace') or ''}}}".lstrip("/")
    for value in annotation.iterfind("{*}Value"):
        for pair in value.iterfind("{*}M"):
            yield f"{space}{pair.get('K') or ''}", Value(text=(pair.text or "").strip())
        for path, element in _elements(value, space) if value.find("{*}M") is None else ():
            yield from _own_facts(path, element, {})


def _elements(element: Element, key: str) -> Iterator[tuple[str, Element]]:
    """The element and all below it with their keys: planes have their place in it, others of one name their number."""
    yield key, element
    count: Counter[str] = Counter(_local(one) for one in element if _is_fact(one))
    seen: Counter[str] = Counter()
    for one in element:
        if not _is_fact(one):
            continue
        name = _local(one)
        if name == "Plane":
            number = " ".join(f"{at[3:]}={one.get(at)}" for at in _PLANE_KEYS)
        else:
            number = str(seen[name]) if count[name] > 1 else ""
        seen[name] += 1
        yield from _elements(one, f"{key}/{name}{f'[{number}]' if number else ''}".lstrip("/"))


def _places(element: Element, key: str) -> Iterator[tuple[str, str]]:
    for place, one in _elements(element, key):
        identity = one.get("ID")
        if identity and not _refers(one):
            yield identity, place


def _is_fact(element: Element) -> bool:
    return isinstance(element.tag, str) and _local(element) not in _NOT_FACTS


def _refers(element: Element) -> bool:
    return _local(element).endswith(("Ref", "Settings"))


def _default_unit(attribute: str) -> str:
    return next((unit for pattern, unit in _DEFAULT_UNITS if pattern.search(attribute)), "")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
