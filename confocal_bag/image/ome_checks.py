"""What OME-XML 2016-06 promises and its schema does not check.

The schema file lets pass: references from light paths and to regions that lead nowhere, channels that do not add up to
SizeC, planes and TiffData outside the pixels, numbers that are none (NaN, INF), more significant bits than the type
has, pixel sizes in units that measure nothing, namespaces that are no URI, and folded axes that do not divide the axis
they are folded onto. Counts are made from what is there, never from what a size claims: a hostile size costs nothing.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import MODULO
from confocal_bag.image.acquisition.units import micrometres
from confocal_bag.image.modulo_check import modulo_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

__all__ = ["CHECKS", "attributes", "is_no_number", "is_reference", "ome_problems", "sample_faults"]

_NS = {"o": "http://www.openmicroscopy.org/Schemas/OME/2016-06"}
#: OME 2016-06 PixelType, in bits of one sample; "bit" samples have one.
_BITS = {
    "bit": 1, "int8": 8, "uint8": 8, "int16": 16, "uint16": 16, "int32": 32, "uint32": 32, "float": 32, "double": 64,
    "complex": 64, "double-complex": 128,
}  # fmt: skip
#: Attributes that hold text, where "NaN" or "INF" may be somebody's word.
_TEXT = {"ID", "Name", "Model", "Fluor", "FileName", "Namespace", "K", "Description", "Manufacturer", "Creator", "Text"}


def ome_problems(root: Element) -> Iterator[str]:
    """Every broken promise in an OME 2016-06 document, a sentence each, whether or not the schema accepts it."""
    return chain.from_iterable(check(root) for check in CHECKS)


def dangling_references(root: Element) -> Iterator[str]:
    """References to what the document does not define."""
    named = [one for one in root.iter("{*}*") if one.get("ID")]
    known = {one.get("ID") for one in named if not is_reference(one)}
    for one in named:
        if is_reference(one) and one.get("ID") not in known:
            yield f"{_local(one)} refers to {one.get('ID')}, which the sidecar does not define."


def repeated_identities(root: Element) -> Iterator[str]:
    """Two elements of one ID, whatever they are: a reference to it could mean either."""
    seen: dict[str, str] = {}
    for one in root.iter("{*}*"):
        name, identity = _local(one), one.get("ID")
        if not identity or is_reference(one):
            continue
        if identity in seen:
            yield f"{name} and {seen[identity]} have the same ID {identity}."
        seen[identity] = name


def no_numbers(root: Element) -> Iterator[str]:
    """NaN and infinity, which the schema takes for numbers."""
    for one in root.iter("{*}*"):
        for attribute, value in attributes(one):
            if is_no_number(attribute, value):
                yield f"{_local(one)} {one.get('ID', '')}: {attribute} is {value.strip()}, which is no number."


def channels(root: Element) -> Iterator[str]:
    """Channels whose samples do not add up to SizeC."""
    for pixels in _pixels(root):
        found = pixels.findall("o:Channel", _NS)
        samples = sum(_integer(one.get("SamplesPerPixel")) or 1 for one in found)
        size = _integer(pixels.get("SizeC"))
        if found and size is not None and samples != size:
            yield f"{pixels.get('ID')}: its channels hold {samples} samples; SizeC is {size}."


def samples(root: Element) -> Iterator[str]:
    """More significant bits than the samples have; a pixel size in a unit that is no length."""
    for pixels in _pixels(root):
        for _, fault in sample_faults(pixels):
            yield f"{pixels.get('ID')}: {fault}."


def planes(root: Element) -> Iterator[str]:
    """Planes outside the pixels, or there twice; C counts channels here, not samples."""
    for pixels in _pixels(root):
        sizes, seen = _sizes(pixels), set()
        if sizes is None:
            continue
        for plane in pixels.iterfind("o:Plane", _NS):
            place = _place(plane, "The")
            if place is None:
                continue
            where = "T={} C={} Z={}".format(*place)
            if any(at >= size for at, size in zip(place, sizes, strict=True)):
                yield f"{pixels.get('ID')}: the Plane {where} lies outside the pixels."
            if place in seen:
                yield f"{pixels.get('ID')}: the Plane {where} is there twice."
            seen.add(place)


def tiff_data(root: Element) -> Iterator[str]:
    """TiffData outside the pixels, of more planes than there are, or of one UUID for two files."""
    for pixels in _pixels(root):
        sizes, names = _sizes(pixels), dict[str, str | None]()
        if sizes is None:
            continue
        total = 0
        for block in pixels.iterfind("o:TiffData", _NS):
            place = _place(block, "First", missing="0")
            total += _integer(block.get("PlaneCount")) or 1
            if place is not None and any(at >= size for at, size in zip(place, sizes, strict=True)):
                where = "T={} C={} Z={}".format(*place)
                yield f"{pixels.get('ID')}: the TiffData at {where} lies outside the pixels."
            yield from _one_name(block, names)
        if total > sizes[0] * sizes[1] * sizes[2]:
            yield f"{pixels.get('ID')}: its TiffData speak of {total} planes; its sizes make fewer."


def namespaces(root: Element) -> Iterator[str]:
    """Annotations whose keys have no meaning, since no namespace or none that is a URI says what they mean."""
    for one in root.iterfind(".//o:MapAnnotation", _NS):
        if not one.get("Namespace"):
            yield f"{one.get('ID')}: the MapAnnotation has no Namespace, so its keys have no meaning."
    for one in root.iterfind("o:StructuredAnnotations/*", _NS):
        if any(letter.isspace() for letter in (one.get("Namespace") or "").strip()):
            yield f"{one.get('ID')}: the Namespace {one.get('Namespace')!r} is no URI."


def folded_axes(root: Element) -> Iterator[str]:
    """ModuloAlong annotations that contradict themselves or the axis they speak of (OME 6D, 7D and 8D storage)."""
    known = {
        one.get("ID"): one
        for one in root.iterfind(".//o:XMLAnnotation", _NS)
        if (one.get("Namespace") or "").strip() == MODULO
    }
    for image in root.iterfind("o:Image", _NS) if known else ():
        pixels = image.find("o:Pixels", _NS)
        for reference in image.iterfind("o:AnnotationRef", _NS):
            annotation = known.get(reference.get("ID"))
            if pixels is not None and annotation is not None:
                yield from modulo_problems(annotation, pixels)


#: In the order in which they are told.
CHECKS: tuple[Callable[[Element], Iterator[str]], ...] = (
    dangling_references, repeated_identities, no_numbers, channels, samples, planes, tiff_data, namespaces, folded_axes,
)  # fmt: skip


def attributes(element: Element) -> list[tuple[str, str]]:
    """Names and values, as text."""
    return [(str(name), str(value)) for name, value in element.items()]


def is_no_number(attribute: str, value: str) -> bool:
    """Whether an attribute that holds a number has none."""
    return value.strip() in ("NaN", "INF", "-INF") and attribute not in _TEXT


def is_reference(element: Element) -> bool:
    """Whether the ID of an element is that of another one, which it refers to."""
    return _local(element).endswith(("Ref", "Settings"))


def sample_faults(pixels: Element) -> Iterator[tuple[str, str]]:
    """The attributes of Pixels that say what cannot be of its samples, and what they say."""
    bits, most = _integer(pixels.get("SignificantBits")), _BITS.get(pixels.get("Type") or "")
    if bits is not None and most is not None and bits > most:
        yield "SignificantBits", f"SignificantBits is {bits}; {pixels.get('Type')} samples have {most}"
    for axis in "XYZ":
        name, unit = f"PhysicalSize{axis}", pixels.get(f"PhysicalSize{axis}Unit", "µm")
        if pixels.get(name) and micrometres(1.0, unit) is None:
            yield name, f"{name} is in {unit}, which is no unit of length"


def _one_name(block: Element, names: dict[str, str | None]) -> Iterator[str]:
    uuid = block.find("o:UUID", _NS)
    if uuid is None:
        return
    identity, name = (uuid.text or "").strip(), uuid.get("FileName")
    if names.setdefault(identity, name) != name:
        yield f"TiffData gives {identity} both to {names[identity]} and to {name}."


def _pixels(root: Element) -> Iterator[Element]:
    return root.iterfind("o:Image/o:Pixels", _NS)


def _sizes(pixels: Element) -> tuple[int, int, int] | None:
    """How many time points, channels and slices there are; None where that is no number, which the schema tells."""
    t, c, z = (_integer(pixels.get(f"Size{axis}")) for axis in "TCZ")
    count = len(pixels.findall("o:Channel", _NS))
    return None if t is None or c is None or z is None else (t, count or c, z)


def _place(element: Element, prefix: str, *, missing: str | None = None) -> tuple[int, int, int] | None:
    t, c, z = (_integer(element.get(f"{prefix}{axis}") or missing) for axis in "TCZ")
    return None if t is None or c is None or z is None else (t, c, z)


def _integer(text: str | None) -> int | None:
    """A whole number of at most 18 digits, or None."""
    return int(text) if text is not None and len(text) < 19 and text.isascii() and text.isdigit() else None


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
