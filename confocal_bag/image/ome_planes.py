"""Where OME-XML says that each plane of an image lies: in which file, on which page (OME-TIFF, TiffData)."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["PageAddress", "PlaneTable", "plane_table"]

_MOST_PLANES = 1 << 22
_ORDERS = {"XYZCT", "XYZTC", "XYCTZ", "XYCZT", "XYTCZ", "XYTZC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAddress:
    """A page of a TIFF: the name of the file as the document calls it, "" for its own, and the page's number."""

    file: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneTable:
    """The planes of one Pixels: sizes along T, C (channels, not samples) and Z, and the page of each (t, c, z)."""

    sizes: Mapping[str, int]
    samples: int
    pages: Mapping[tuple[int, int, int], PageAddress]


def plane_table(pixels: Any, page_count: Callable[[str], int]) -> PlaneTable:
    """The table of a Pixels element; `page_count` tells the pages of a file by the name the document gives it.

    ValueError where sizes or order make no sense, a plane has no page, or two different ones.
    """
    order = pixels.get("DimensionOrder", "")
    if order not in _ORDERS:
        raise ValueError(f"its OME-XML gives planes the order {order!r}, which OME does not have")
    samples = _samples(pixels)
    sizes = {axis: _whole(pixels, f"Size{axis}", 0) for axis in "TCZ"}
    if sizes["C"] % samples:
        raise ValueError(f"its OME-XML declares {sizes['C']} samples in channels of {samples}")
    sizes["C"] //= samples
    total = prod(sizes.values())
    if not 0 < total <= _MOST_PLANES:
        raise ValueError(f"its OME-XML declares {total} planes; 1 to {_MOST_PLANES} can be read")
    listed = _listed(pixels, order[2:], sizes, page_count)
    if len(listed) < total:
        places = (_place(order[2:], sizes, number) for number in range(total))
        t, c, z = next(place for place in places if place not in listed)
        raise ValueError(f"its OME-XML names no page for the plane T={t} C={c} Z={z}")
    return PlaneTable(sizes=sizes, samples=samples, pages=listed)


def _listed(
    pixels: Any, order: str, sizes: Mapping[str, int], page_count: Callable[[str], int]
) -> dict[tuple[int, int, int], PageAddress]:
    total = prod(sizes.values())
    found: dict[tuple[int, int, int], PageAddress] = {}
    for block in list(pixels.iterchildren("{*}TiffData")) or [None]:
        file, first, count, start = _block(block, order, sizes, page_count)
        for step in range(min(count, total - start)):
            place = _place(order, sizes, start + step)
            address = PageAddress(file=file, page=first + step)
            if found.setdefault(place, address) != address:
                t, c, z = place
                raise ValueError(f"its OME-XML names two pages for the plane T={t} C={c} Z={z}")
    return found


def _block(
    block: Any, order: str, sizes: Mapping[str, int], page_count: Callable[[str], int]
) -> tuple[str, int, int, int]:
    """What one TiffData says: file, first page, number of planes, and the number of the first plane in the order.

    Without a count it is one plane where a page is named, else all pages of the file.
    """
    if block is None:
        return "", 0, page_count(""), 0
    uuid = block.find("{*}UUID")
    file = (uuid.get("FileName") or "") if uuid is not None else ""
    first = _whole(block, "IFD", 0)
    alone = 1 if "IFD" in block.attrib else page_count(file)
    count = _whole(block, "PlaneCount", _whole(block, "NumPlanes", alone))
    at = {axis: _whole(block, f"First{axis}", 0) for axis in "TCZ"}
    outside = [axis for axis in "TCZ" if at[axis] >= sizes[axis]]
    if outside:
        raise ValueError(f"its OME-XML has pages for {outside[0]}={at[outside[0]]} of {sizes[outside[0]]}")
    inner, middle, outer = tuple(order)
    start = at[inner] + sizes[inner] * (at[middle] + sizes[middle] * at[outer])
    return file, first, count, start


def _place(order: str, sizes: Mapping[str, int], number: int) -> tuple[int, int, int]:
    """(t, c, z) of the plane with a number, counted in the order of the dimensions."""
    at = {}
    for axis in order:
        number, at[axis] = divmod(number, sizes[axis])
    return at["T"], at["C"], at["Z"]


def _samples(pixels: Any) -> int:
    """Colour samples of every channel; ValueError where channels differ, of which no reader makes an array."""
    found = {_whole(channel, "SamplesPerPixel", 1) for channel in pixels.iterchildren("{*}Channel")} or {1}
    if len(found) > 1 or 0 in found:
        raise ValueError("the channels of its OME-XML have different numbers of samples")
    return found.pop()


def _whole(element: Any, name: str, default: int) -> int:
    """A whole number of at most 12 digits; the default where there is none."""
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else default
