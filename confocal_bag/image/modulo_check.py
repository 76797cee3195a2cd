"""Whether a ModuloAlong annotation agrees with itself and with the axis that it divides.

OME 6D, 7D and 8D storage: an axis of OME holds the steps of another one inside each of its own, so its size is a
multiple of the number of those steps. The annotation lists them as labels, or as a start, an end and a step.
"""

from __future__ import annotations

from math import isclose, isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

__all__ = ["modulo_problems"]

_AXES = ("Z", "T", "C")


def modulo_problems(annotation: Element, pixels: Element) -> Iterator[str]:
    """What is wrong with the folded axes that an XMLAnnotation tells of these Pixels, a sentence each."""
    identity = annotation.get("ID")
    found = [one for axis in _AXES for one in annotation.iter(f"{{*}}ModuloAlong{axis}")]
    if not found:
        yield f"{identity}: the annotation of folded axes holds no ModuloAlongZ, ModuloAlongT or ModuloAlongC."
    for one in found:
        axis = str(one.tag)[-1]
        if not one.get("Type"):
            yield f"{identity}: ModuloAlong{axis} has no Type, so nobody knows what is folded."
        steps, size = _steps(one), pixels.get(f"Size{axis}") or ""
        if steps is None:
            yield f"{identity}: ModuloAlong{axis} tells no whole number of steps, by labels or by Start, End and Step."
        elif size.isdecimal() and int(size) % steps:
            yield f"{identity}: ModuloAlong{axis} has {steps} steps, which do not divide Size{axis} {size}."


def _steps(element: Element) -> int | None:
    """How many steps are folded, at least one; labels go before numbers. Without a Step it is 1."""
    labels = sum(1 for _ in element.iter("{*}Label"))
    if labels:
        return labels
    try:
        start, end = float(element.get("Start", "")), float(element.get("End", ""))
        step = float(element.get("Step", "1"))
    except ValueError:
        return None
    if step == 0 or not all(map(isfinite, (start, end, step))):
        return None
    steps = (end - start) / step + 1
    whole = round(steps)
    return whole if whole >= 1 and isclose(steps, whole, abs_tol=1e-3, rel_tol=1e-6) else None
