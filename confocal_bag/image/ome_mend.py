"""Take out of an OME document of others what breaks OME's promises, so that the rest of it can be kept.

Programs write OME-TIFFs with references that lead nowhere, "NaN" for what is not known, and annotations without a
namespace. Copied into a sidecar each would make it unsound; left out with all the rest, everything else the document
records would be lost. The image file keeps what it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from confocal_bag.image.acquisition.annotations import MODULO
from confocal_bag.image.modulo_check import modulo_problems
from confocal_bag.image.ome_checks import attributes, is_no_number, is_reference, sample_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

__all__ = ["EMBEDDED", "drop_no_numbers", "mend"]

#: The namespace of pairs that an embedded document has under none.
EMBEDDED = "https://example.org/confocal-bag/ns/embedded/1"

_NS = {"o": "http://www.openmicroscopy.org/Schemas/OME/2016-06"}


def drop_no_numbers(root: Element) -> None:
    """Take out attributes whose value is NaN or infinite: the value is not known. Of a document of any schema."""
    for one in root.iter("{*}*"):
        for attribute, value in attributes(one):
            if is_no_number(attribute, value):
                del one.attrib[attribute]


def mend(root: Element) -> None:
    """Take out, or put right, all that `ome_problems` would tell of a document of schema 2016-06 but wrong sizes."""
    drop_no_numbers(root)
    for pixels in root.iterfind("o:Image/o:Pixels", _NS):
        for attribute, _ in list(sample_faults(pixels)):
            del pixels.attrib[attribute]
            pixels.attrib.pop(f"{attribute}Unit", "")
        for plane in list(_repeated_planes(pixels)):
            pixels.remove(plane)
    for annotation in root.iterfind("o:StructuredAnnotations/*", _NS):
        _name(annotation)
    for annotation in list(_wrong_folds(root)):
        _remove(annotation)
    _drop_dangling(root)


def _repeated_planes(pixels: Element) -> Iterator[Element]:
    """Planes whose place an earlier one has: which of them is right nobody knows, and readers take the first."""
    seen = set()
    for plane in pixels.iterfind("o:Plane", _NS):
        place = tuple(plane.get(f"The{axis}") for axis in "TCZ")
        if place in seen:
            yield plane
        seen.add(place)


def _name(annotation: Element) -> None:
    """Give a map without a namespace one, and make any that has spaces a URI."""
    space = (annotation.get("Namespace") or "").strip()
    if not space and str(annotation.tag).endswith("}MapAnnotation"):
        annotation.set("Namespace", EMBEDDED)
    elif any(letter.isspace() for letter in space):
        annotation.set("Namespace", quote(space, safe="/:?#[]@!$&'()*+,;=%"))


def _wrong_folds(root: Element) -> Iterator[Element]:
    known = {one.get("ID"): one for one in root.iterfind(f".//o:XMLAnnotation[@Namespace='{MODULO}']", _NS)}
    for image in root.iterfind("o:Image", _NS):
        pixels = image.find("o:Pixels", _NS)
        for reference in image.iterfind("o:AnnotationRef", _NS):
            annotation = known.get(reference.get("ID"))
            if pixels is not None and annotation is not None and any(modulo_problems(annotation, pixels)):
                yield known.pop(reference.get("ID"))


def _drop_dangling(root: Element) -> None:
    named = [one for one in root.iter("{*}*") if one.get("ID")]
    known = {one.get("ID") for one in named if not is_reference(one)}
    for one in named:
        if is_reference(one) and one.get("ID") not in known:
            _remove(one)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
