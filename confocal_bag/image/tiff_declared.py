"""Compare the pages of a TIFF with what its OME-XML or its ImageJ description says of them."""

import re
from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.counted import counted
from confocal_bag.image.numbering import image_number
from confocal_bag.image.tiff_blocks import Page
from confocal_bag.image.tiff_directory import TiffHeader, directories
from confocal_bag.image.tiff_fault import StructureFault

__all__ = ["declared_faults"]

_DESCRIPTION = 270
_MOST_PLANES = 1 << 22
_LARGEST_DESCRIPTION = 1 << 28
_IMAGEJ_COUNT = re.compile(rb"^(images|channels|slices|frames)=(\d{1,12})\s*$", re.MULTILINE)
#: OME 2016-06 PixelType: bits of a sample, and the values of tag 339 that fit.
_TYPES = {
    "bit": (1, {1}),
    "uint8": (8, {1}),
    "uint16": (16, {1}),
    "uint32": (32, {1}),
    "int8": (8, {2}),
    "int16": (16, {2}),
    "int32": (32, {2}),
    "float": (32, {3}),
    "double": (64, {3}),
    "complex": (64, {5, 6}),
    "double-complex": (128, {5, 6}),
}
_SAMPLE_FORMATS = {1: "unsigned", 2: "signed", 3: "real", 5: "complex", 6: "complex"}


def declared_faults(
    path: Path, stream: BinaryIO, header: TiffHeader, pages: Sequence[Page]
) -> Iterator[StructureFault]:
    """Where the first page's description and the pages disagree."""
    first = next(directories(stream, header, most=1))
    description = first.data(stream, _DESCRIPTION, most=_LARGEST_DESCRIPTION).split(b"\0", 1)[0]
    if description.startswith(b"ImageJ="):
        yield from _imagej(description, pages)
    elif description.rstrip().endswith(b"OME>"):
        yield from _ome(path, description, pages)


def _disagreement(code: str, message: str) -> StructureFault:
    return StructureFault(code=code, message=message, is_damage=False)


def _imagej(description: bytes, pages: Sequence[Page]) -> Iterator[StructureFault]:
    said = {name.decode(): int(value) for name, value in _IMAGEJ_COUNT.findall(description)}
    images = said.pop("images", 1)
    if said and prod(said.values()) != images:
        sizes = ", ".join(f"{name} {value}" for name, value in said.items())
        yield _disagreement("imagej-counts", f"its ImageJ description declares {counted(images, 'image')}, but {sizes}")
    listed = sum(1 for page in pages if not page.reduced)
    if listed > images:
        yield _disagreement(
            "pages-unused",
            f"its ImageJ description declares {counted(images, 'image')}, the file lists {counted(listed, 'page')}",
        )


def _ome(path: Path, description: bytes, pages: Sequence[Page]) -> Iterator[StructureFault]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(description, parser)
    except etree.XMLSyntaxError as error:
        yield _disagreement("ome-xml", f"its OME-XML cannot be parsed ({error})")
        return
    if root.find("{*}BinaryOnly") is not None:
        return
    used: set[int] = set()
    for number, pixels in enumerate(root.iterfind("{*}Image/{*}Pixels")):
        own = _own_pages(root, pixels, path.name, len(pages))
        yield from _ome_pixels(number, pixels, own, pages)
        used |= set(range(_planes(pixels)) if own is None else own)
    if used and max(used) < len(pages):
        unused = [at for at, page in enumerate(pages) if at not in used and not page.reduced]
        if unused:
            yield _disagreement(
                "pages-unused",
                f"its OME-XML does not speak of {len(unused)} of {len(pages)} pages, first of page {unused[0]}",
            )
    yield from _promises(root)


def _planes(pixels: Any) -> int:
    """How many planes a Pixels declares, of whatever samples; no more than a file could list."""
    samples = max((_number(one, "SamplesPerPixel", 1) for one in pixels.iterfind("{*}Channel")), default=1) or 1
    planes = prod(_number(pixels, f"Size{axis}", 1) for axis in "CZT") // samples
    return min(planes, _MOST_PLANES)


def _promises(root: Any) -> Iterator[StructureFault]:
    """What OME-XML promises of planes, channels, types and folded axes, whatever the pages."""
    from confocal_bag.image import ome_checks

    checks = (ome_checks.tiff_data, ome_checks.channels, ome_checks.samples, ome_checks.folded_axes)
    for check in checks:
        for sentence in check(root):
            yield _disagreement("ome-xml", f"its OME-XML contradicts itself: {sentence.rstrip('.')}")


def _own_pages(root: Any, pixels: Any, name: str, number: int) -> list[int] | None:
    """The numbers of the pages of this file that a Pixels names; None where it takes all pages in their order."""
    found: list[int] = []
    blocks = list(pixels.iterfind("{*}TiffData"))
    for block in blocks:
        uuid = block.find("{*}UUID")
        if uuid is not None and uuid.get("FileName", name) != name and (uuid.text or "").strip() != root.get("UUID"):
            continue
        if "IFD" not in block.attrib and "PlaneCount" not in block.attrib:
            return None
        first, count = _number(block, "IFD", 0), _number(block, "PlaneCount", 1)
        # One page beyond the last says enough of a block that claims a million.
        found.extend(range(first, min(first + count, max(first, number) + 1)))
        # Enough to see that pages are named twice; a hostile list is not followed to its end.
        if len(found) > 2 * number:
            break
    return found if blocks else None


def _ome_pixels(number: int, pixels: Any, own: list[int] | None, pages: Sequence[Page]) -> Iterator[StructureFault]:
    what = f"{image_number(number)} of its OME-XML"
    beyond = [at for at in own or () if at >= len(pages)]
    if beyond:
        yield _disagreement("ome-pages", f"{what} names page {beyond[0]}, the file has {len(pages)} (counted from 0)")
    inside = range(len(pages)) if own is None else [at for at in own if at < len(pages)]
    full = [pages[at] for at in inside if not pages[at].reduced]
    sizes = (_number(pixels, "SizeX", 0), _number(pixels, "SizeY", 0))
    other = next((page for page in full if (page.width, page.length) != sizes), None)
    if other is not None:
        yield _disagreement(
            "ome-size",
            f"{what} has {sizes[0]} columns and {sizes[1]} rows, the page at byte {other.offset} has {other.width} "
            f"and {other.length}",
        )
    if own is not None and len(set(own)) < len(own):
        yield _disagreement("ome-pages", f"{what} names a page for two planes")
    yield from _ome_type(what, pixels.get("Type"), full)


def _ome_type(what: str, name: str | None, pages: Sequence[Page]) -> Iterator[StructureFault]:
    bits, formats = _TYPES.get(name or "", (0, set[int]()))
    for page in pages:
        known = page.sample_format in _SAMPLE_FORMATS
        if bits and (_stored_bits(page.bits) != bits or (known and page.sample_format not in formats)):
            seen = _SAMPLE_FORMATS.get(page.sample_format, "undefined")
            yield _disagreement(
                "ome-type",
                f"{what} has samples of type {name}, the page at byte {page.offset} {page.bits} bits, {seen}",
            )
            return


def _stored_bits(bits: int) -> int:
    """The bits of the type that holds a sample once it is read: 12 bits are read as 16."""
    return next((whole for whole in (1, 8, 16, 32, 64, 128) if bits <= whole), bits)


def _number(element: Any, name: str, default: int) -> int:
    value = element.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default
