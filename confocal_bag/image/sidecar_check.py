"""Whether an OME-XML sidecar is valid, what it says, and whether that agrees with the image beside it.

What the schema of OME 2016-06 does not check is in `ome_checks`. A sidecar may come from anyone: no entity is resolved,
nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Any

from confocal_bag.counted import counted
from confocal_bag.image.acquisition.build import OME_PIXEL_TYPES
from confocal_bag.image.acquisition.layout import Layout, layout_of
from confocal_bag.image.acquisition.units import micrometres
from confocal_bag.image.numbering import image_number
from confocal_bag.image.ome_checks import CHECKS
from confocal_bag.image.sidecar import OME_NAMESPACE, PROCESSING, READ_BY, ome_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from confocal_bag.image.model import Series
    from confocal_bag.image.record import ImageRecord

__all__ = ["SidecarFacts", "SidecarImage", "check_sidecar", "compare_sidecar", "plane_key", "read_sidecar"]

#: A sidecar of a million planes has about half of this.
_LARGEST = 1 << 28
_MOST_MESSAGES = 20
_NS = {"o": OME_NAMESPACE}


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarImage:
    """One Image of a sidecar: sizes as `Pixels` has them, pixel sizes in µm (None where not recorded).

    `plane_hashes` maps (t, c, z) to the hexadecimal SHA-1 of the plane; empty where the sidecar has none.
    """

    name: str | None
    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    pixel_type: str
    physical_size_x_um: float | None
    physical_size_y_um: float | None
    physical_size_z_um: float | None
    channel_count: int
    plane_hashes: Mapping[tuple[int, int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarFacts:
    """What a sidecar says, image by image; `reader` read the file when the sidecar was written, None where not said."""

    images: tuple[SidecarImage, ...]
    reader: str | None = None


def check_sidecar(content: bytes) -> Iterator[str]:
    """Everything wrong with a sidecar, a sentence each; nothing where it is sound. Content never raises."""
    try:
        root = _parse(content)
    except ValueError as error:
        yield f"{error}."
        return
    schema = ome_schema()
    if not schema.validate(root):
        errors: Any = schema.error_log
        yield from _first(f"Line {one.line}: {one.message}" for one in errors)
    for check in CHECKS:
        yield from _first(check(root))


def read_sidecar(content: bytes) -> SidecarFacts:
    """What a sidecar says; ValueError for content in which `check_sidecar` finds XML or schema errors."""
    root = _parse(content)
    readers = (
        pair.text
        for annotation in root.iterfind("o:StructuredAnnotations/o:MapAnnotation", _NS)
        if annotation.get("Namespace") == PROCESSING
        for pair in annotation.iterfind("o:Value/o:M", _NS)
        if pair.get("K") == READ_BY
    )
    return SidecarFacts(
        images=tuple(_read_image(one) for one in root.iterfind("o:Image", _NS)), reader=next(readers, None)
    )


def compare_sidecar(facts: SidecarFacts, image_records: Sequence[ImageRecord]) -> Iterator[str]:
    """Where a sidecar contradicts its file: number of images, sizes, type, channels, pixel size."""
    if len(facts.images) != len(image_records):
        yield f"The sidecar describes {counted(len(facts.images), 'image')}; the file holds {len(image_records)}."
        return
    for number, (said, record) in enumerate(zip(facts.images, image_records, strict=True)):
        for name, stated, found in _differences(said, record):
            place = image_number(number, len(image_records))
            yield f"{place.capitalize()}: the sidecar says {name} {stated}; the file has {found}."


def plane_key(series: Series, coordinates: Mapping[str, int]) -> tuple[int, int, int]:
    """The key (t, c, z) under which `SidecarImage.plane_hashes` has the plane of a series at these coordinates."""
    place = layout_of(series).place(coordinates)
    return place.t, place.c, place.z


def _parse(content: bytes) -> Element:
    """The root of an OME 2016-06 document; ValueError says what else it is."""
    from lxml import etree

    if len(content) > _LARGEST:
        raise ValueError(f"The sidecar has {len(content)} bytes; at most {_LARGEST} are looked at")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"The sidecar is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("The sidecar declares a document type, which OME-XML never does")
    if root.tag != f"{{{OME_NAMESPACE}}}OME":
        raise ValueError(f"The sidecar's root element is {root.tag}; expected OME of schema 2016-06")
    return root


def _first(messages: Iterable[str]) -> Iterator[str]:
    """The first messages, and how many more there are: a broken file must not drown the report."""
    count = 0
    for count, message in enumerate(messages, start=1):
        if count <= _MOST_MESSAGES:
            yield message
    if count > _MOST_MESSAGES:
        yield f"And {count - _MOST_MESSAGES} more of the same kind."


def _read_image(image: Element) -> SidecarImage:
    pixels = image.find("o:Pixels", _NS)
    if pixels is None:
        raise ValueError(f"{image.get('ID')} has no Pixels")
    sizes = {axis: _integer(pixels.get(f"Size{axis}")) for axis in "XYZCT"}
    if None in sizes.values():
        raise ValueError(f"{pixels.get('ID')} lacks a size")
    x, y, z, c, t = (size or 0 for size in sizes.values())
    return SidecarImage(
        name=image.get("Name"),
        size_x=x,
        size_y=y,
        size_z=z,
        size_c=c,
        size_t=t,
        pixel_type=pixels.get("Type") or "",
        physical_size_x_um=_physical_size(pixels, "X"),
        physical_size_y_um=_physical_size(pixels, "Y"),
        physical_size_z_um=_physical_size(pixels, "Z"),
        channel_count=len(pixels.findall("o:Channel", _NS)),
        plane_hashes=_plane_hashes(pixels),
    )


def _physical_size(pixels: Element, axis: str) -> float | None:
    try:
        value = float(pixels.get(f"PhysicalSize{axis}") or "nan")
    except ValueError:
        return None
    return micrometres(value, pixels.get(f"PhysicalSize{axis}Unit", "µm")) if value > 0 else None


def _plane_hashes(pixels: Element) -> dict[tuple[int, int, int], str]:
    found = {}
    for plane in pixels.iterfind("o:Plane", _NS):
        t, c, z = (_integer(plane.get(f"The{axis}")) for axis in "TCZ")
        digest = plane.findtext("o:HashSHA1", None, _NS)
        if digest and t is not None and c is not None and z is not None:
            found[t, c, z] = digest.strip().lower()
    return found


def _differences(said: SidecarImage, record: ImageRecord) -> Iterator[tuple[str, object, object]]:
    layout = Layout(axes=dict(record.axes))
    pairs: list[tuple[str, object, object]] = [
        ("SizeX", said.size_x, layout.columns),
        ("SizeY", said.size_y, layout.rows),
        ("SizeZ", said.size_z, layout.size_z),
        ("SizeC", said.size_c, layout.channels * layout.samples),
        ("SizeT", said.size_t, layout.size_t),
        ("type", said.pixel_type, OME_PIXEL_TYPES.get(record.dtype, record.dtype)),
    ]
    if said.channel_count:
        pairs.append(("a number of channels of", said.channel_count, layout.channels))
    yield from ((name, stated, found) for name, stated, found in pairs if stated != found)
    rows, columns = layout.plane_axes
    size = {"X": record.pixel_size_um.x, "Y": record.pixel_size_um.y, "Z": record.pixel_size_um.z}
    for name, stated_um, axis in (
        ("PhysicalSizeX", said.physical_size_x_um, columns),
        ("PhysicalSizeY", said.physical_size_y_um, rows),
        ("PhysicalSizeZ", said.physical_size_z_um, "Y" if rows == "Z" else "Z"),
    ):
        recorded = size.get(axis)
        if stated_um is not None and recorded is not None and not isclose(stated_um, recorded, rel_tol=1e-3):
            yield name, f"{stated_um:.6g} µm", f"{recorded:.6g} µm"


def _integer(text: str | None) -> int | None:
    """A whole number of at most 18 digits, or None."""
    return int(text) if text is not None and len(text) < 19 and text.isascii() and text.isdigit() else None
