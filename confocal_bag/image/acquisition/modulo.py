"""Axes that OME-XML folds onto T, C or Z, read from its ModuloAlong annotations (OME 6D, 7D and 8D storage)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.annotations import AXES_KEY, LAYOUT, MODULO
from confocal_bag.image.acquisition.layout import Layout, parse_axes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element as Element

__all__ = ["FoldedAxis", "as_element", "axes_of_image", "folded_axes", "unfold"]

#: A letter for each Type that the specification lists; "M" and "P" are taken by tiles and positions of their own.
_LETTERS = {"angle": "A", "phase": "H", "tile": "G", "lifetime": "F", "lambda": "L", "other": "Q"}
_SPARE = "ENUVWJDKBOR"
_ALONG = {"ModuloAlongT": "T", "ModuloAlongC": "C", "ModuloAlongZ": "Z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedAxis:
    """An axis of `size` steps folded onto T, C or Z (`along`), faster than what is left of that axis."""

    letter: str
    along: str
    size: int


def folded_axes(annotations: Iterable[Element]) -> tuple[FoldedAxis, ...]:
    """The folded axes that the values of ModuloAlong annotations tell, at most one along each of T, C and Z."""
    found: dict[str, FoldedAxis] = {}
    for annotation in annotations:
        for one in annotation.iter("{*}ModuloAlongT", "{*}ModuloAlongC", "{*}ModuloAlongZ"):
            along = _ALONG[str(one.tag).rpartition("}")[2]]
            size = _size(one)
            if size > 1 and along not in found:
                letter = _letter(one.get("Type", "other"), {axis.letter for axis in found.values()})
                found[along] = FoldedAxis(letter=letter, along=along, size=size)
    return tuple(found[along] for along in "TCZ" if along in found)


def unfold(sizes: Mapping[str, int], folded: Iterable[FoldedAxis]) -> dict[str, int]:
    """The sizes along T, C and Z with the folded axes taken out of them.

    An axis folded onto T stands before it, one folded onto C or Z behind it, as `Layout` has them. An axis whose size
    does not divide that of the one it is folded onto is left where it is.
    """
    left, inner = dict(sizes), {axis.along: axis for axis in folded if sizes[axis.along] % axis.size == 0}
    for along, axis in inner.items():
        left[along] //= axis.size
    axes: dict[str, int] = {}
    for name in "TCZ":
        own, beside = {name: left[name]}, {inner[name].letter: inner[name].size} if name in inner else {}
        axes |= {**beside, **own} if name == "T" else {**own, **beside}
    return axes


def as_element(part: Any) -> Element:
    """An element of an XMLAnnotation's value as ome-types holds it, as XML."""
    from lxml import etree

    element = etree.Element(part.qname, part.attributes)
    element.text = part.text
    element.extend([as_element(child) for child in part.children])
    return element


def axes_of_image(root: Element, image: Element, sizes: Mapping[str, int]) -> dict[str, int]:
    """The axes that number the planes of an Image: its sizes along T, C and Z, unfolded as its annotations tell.

    `sizes` counts channels, not samples. Our own layout annotation goes before others: it holds every axis by letter.
    """
    wanted = {one.get("ID") for one in image.iter("{*}AnnotationRef")}
    annotations = [one for one in root.iterfind("{*}StructuredAnnotations/*") if one.get("ID") in wanted]
    for one in annotations:
        told = _own_layout(one) if one.get("Namespace") == LAYOUT else None
        if told is not None and _agrees(told, sizes):
            return told
    modulo = [one for one in annotations if one.get("Namespace") == MODULO]
    return unfold(sizes, folded_axes(modulo))


def _own_layout(annotation: Element) -> dict[str, int] | None:
    """The stacked axes of our layout annotation, where rows and columns lie as they are named."""
    text = next((one.text for one in annotation.iter("{*}M") if one.get("K") == AXES_KEY), None)
    try:
        layout = parse_axes(text or "")
    except ValueError:
        return None
    return layout.stacked if layout.plane_axes == ("Y", "X") and "Y" not in layout.stacked else None


def _agrees(axes: Mapping[str, int], sizes: Mapping[str, int]) -> bool:
    layout = Layout(axes={**axes, "Y": 1, "X": 1})
    whole = {"T": layout.size_t, "C": layout.channels, "Z": layout.size_z}
    return not set(axes) & set("YXSMP") and whole == dict(sizes)


def _letter(kind: str, taken: set[str]) -> str:
    letters: list[str] = [_LETTERS.get(kind, "Q"), *_SPARE]
    return next(one for one in letters if one not in taken)


def _size(element: Element) -> int:
    """The number of labels, or of steps from start to end; 1 where neither is told."""
    labels: Sequence[Element] = list(element.iter("{*}Label"))
    if labels:
        return len(labels)
    try:
        start, end, step = (float(element.get(name, "nan")) for name in ("Start", "End", "Step"))
    except ValueError:
        return 1
    step = step if isfinite(step) or element.get("Step") else 1.0
    if not all(map(isfinite, (start, end, step))) or step == 0:
        return 1
    steps = (end - start) / step
    return round(steps) + 1 if 0 < steps < 1 << 24 and abs(steps - round(steps)) < 1e-3 else 1
