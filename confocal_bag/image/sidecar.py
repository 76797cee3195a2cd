"""OME-XML beside a file and inside an OME-TIFF: what the headers record, and the digest of every plane."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.annotations import AXES_KEY, LAYOUT, MODULO, Annotations
from confocal_bag.image.acquisition.build import CREATOR
from confocal_bag.image.acquisition.layout import Layout, parse_axes
from confocal_bag.image.acquisition.modulo import as_element, folded_axes, unfold
from confocal_bag.image.acquisition.values import printable
from confocal_bag.image.ome_subset import all_annotations, one_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from lxml import etree
    from ome_types import OME
    from ome_types.model import Rights, TiffData, XMLAnnotation

__all__ = [
    "DESCRIBED_BY",
    "OME_NAMESPACE",
    "PROCESSING",
    "READ_BY",
    "RIGHTS",
    "Note",
    "for_tiff",
    "layout_in",
    "ome_bytes",
    "ome_schema",
    "with_pixels",
    "write_sidecar",
]

OME_NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"

#: Where the sidecar says whose it is and how its plane digests are taken.
PROCESSING = "https://example.org/confocal-bag/ns/sidecar/1"
#: The rights in an image as people state them; OME's own element says the same where no header says anything.
RIGHTS = "https://example.org/confocal-bag/ns/rights/1"
#: The key of that annotation under which the reader stands.
READ_BY = "Read by"
#: The key that has the name and version of this program where the document has those of another.
DESCRIBED_BY = "Described by"
#: The schema leaves the layout of the hashed bytes open; ours is said in every sidecar that has digests.
PLANE_ORDER = "XYCZT: C runs fastest, then Z, then T; an axis beyond these runs slowest, wherever it is folded"
DIGEST_RULE = "SHA-1 of the decoded plane: row-major, samples interleaved, little-endian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Facts from elsewhere, as the depositor's, carried as a MapAnnotation; for all images if not for one.

    One of the namespace RIGHTS fills OME's `Rights` too, with what stands under RightsHolder and RightsHeld.
    """

    namespace: str
    series_index: int | None = None
    pairs: Mapping[str, str]


def write_sidecar(
    ome: OME,
    path: Path,
    *,
    source_name: str,
    plane_hashes: Mapping[int, Sequence[tuple[Mapping[str, int], str]]] | None = None,
    notes: Sequence[Note] = (),
) -> None:
    """Write the sidecar of a file: valid OME-XML 2016-06 with MetadataOnly, in one step or not at all."""
    content = ome_bytes(ome, source_name=source_name, plane_hashes=plane_hashes, notes=notes)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def ome_bytes(
    ome: OME,
    *,
    source_name: str,
    plane_hashes: Mapping[int, Sequence[tuple[Mapping[str, int], str]]] | None = None,
    notes: Sequence[Note] = (),
    reader: str | None = None,
) -> bytes:
    """The sidecar as bytes; the same input gives the same bytes.

    `plane_hashes` maps a series index to (coordinates, hexadecimal SHA-1) of each of its planes. `reader` is the name
    of what read the file.
    """
    document = ome.model_copy(deep=True)
    annotations = Annotations(start=_next_annotation(document))
    hashes = plane_hashes or {}
    for index, image in enumerate(document.images):
        facts = {"Source file": source_name} | ({READ_BY: reader} if reader else {})
        if document.creator != CREATOR:
            # The document keeps the name of the program that wrote it into the file.
            facts[DESCRIBED_BY] = CREATOR
        if hashes.get(index):
            facts |= {"Plane order": PLANE_ORDER, "Plane digests": DIGEST_RULE}
        image.annotation_refs += annotations.add_map(PROCESSING, facts)
        for note in notes:
            if note.series_index in (None, index):
                image.annotation_refs += annotations.add_map(note.namespace, dict(note.pairs))
    _append(document, annotations)
    document.rights = document.rights or _rights(notes)
    root = _tree(document)
    for index, pixels in enumerate(root.iterfind(f".//{{{OME_NAMESPACE}}}Pixels")):
        if hashes.get(index):
            _add_hashes(pixels, layout_in(ome, index), hashes[index])
    return _valid_xml(root)


def for_tiff(ome: OME, series_index: int, file_name: str) -> str:
    """The OME-XML to embed in an OME-TIFF of one series, its planes in the order of `ImageFile.planes`."""
    return with_pixels(ome, series_index, _tiff_data(layout_in(ome, series_index)), name=file_name).decode("utf-8")


def with_pixels(ome: OME, series_index: int, blocks: list[TiffData], *, name: str, uuid: str | None = None) -> bytes:
    """The OME-XML of one series whose planes lie where `blocks` say; `name` where it records none of its own."""
    from ome_types.model import Pixels_DimensionOrder

    document = one_image(ome, series_index)
    document.uuid = uuid
    image = document.images[0]
    image.pixels.metadata_only = None
    # The order of the source's own pages is not that of ours.
    image.pixels.dimension_order = Pixels_DimensionOrder.XYCZT
    image.pixels.tiff_data_blocks = blocks
    if image.name is None:
        image.name = name
    return _valid_xml(_tree(document))


def layout_in(ome: OME, series_index: int) -> Layout:
    """The layout of an Image: that of its layout annotation, else T, Z, C, Y and X, with folded axes taken out."""
    image = ome.images[series_index]
    wanted = {reference.id for reference in image.annotation_refs}
    structured = ome.structured_annotations
    for one in structured.map_annotations if structured else []:
        if one.id in wanted and one.namespace == LAYOUT:
            for pair in one.value.ms:
                if pair.k == AXES_KEY:
                    return parse_axes(pair.value)
    pixels = image.pixels
    samples = (pixels.channels[0].samples_per_pixel or 1) if pixels.channels else 1
    sizes = {"T": pixels.size_t, "C": pixels.size_c // samples, "Z": pixels.size_z}
    modulo = [one for one in (structured.xml_annotations if structured else []) if one.id in wanted]
    values = [as_element(part) for one in modulo if one.namespace == MODULO and one.value for part in _parts(one)]
    axes = unfold(sizes, folded_axes(values))
    colour = {"S": samples} if samples > 1 else {}
    return Layout(axes={**axes, "Y": pixels.size_y, "X": pixels.size_x, **colour})


def _parts(annotation: XMLAnnotation) -> list[Any]:
    return list(annotation.value.any_elements) if annotation.value else []


def _add_hashes(pixels: etree._Element, layout: Layout, hashes: Iterable[tuple[Mapping[str, int], str]]) -> None:
    """Give every plane its HashSHA1, in the order T, Z, C; planes the document has already keep what they say.

    On the XML and not on the model: images have hundreds of thousands of planes, and objects for each take minutes.
    """
    digests = {}
    for coordinates, digest in hashes:
        place = layout.place(coordinates)
        digests[place.t, place.z, place.c] = digest
    known = {}
    for plane in pixels.findall(f"{{{OME_NAMESPACE}}}Plane"):
        pixels.remove(plane)
        known[int(plane.get("TheT", "")), int(plane.get("TheZ", "")), int(plane.get("TheC", ""))] = plane
    for key in sorted(digests.keys() | known.keys()):
        pixels.append(_plane(key, known.get(key), digests.get(key)))


def _plane(key: tuple[int, int, int], known: etree._Element | None, digest: str | None) -> etree._Element:
    """The Plane at (t, z, c): the one there is or a new one, with the digest if there is one."""
    from lxml import etree

    t, z, c = key
    if known is None:
        known = etree.Element(f"{{{OME_NAMESPACE}}}Plane", {"TheZ": str(z), "TheT": str(t), "TheC": str(c)})
    if digest is not None:
        for old in known.findall(f"{{{OME_NAMESPACE}}}HashSHA1"):
            known.remove(old)
        element = etree.Element(f"{{{OME_NAMESPACE}}}HashSHA1")
        element.text = digest
        known.insert(0, element)
    return known


def _tiff_data(layout: Layout) -> list[TiffData]:
    """One block where the planes lie in OME's own order (XYCZT), else one TiffData for each plane."""
    from ome_types.model import TiffData

    places = list(layout.places())
    in_order = sorted(places, key=lambda place: (place.t, place.z, place.c))
    if places == in_order:
        return [TiffData(ifd=0, first_c=0, first_z=0, first_t=0, plane_count=len(places))]
    return [
        TiffData(ifd=ifd, first_c=place.c, first_z=place.z, first_t=place.t, plane_count=1)
        for ifd, place in enumerate(places)
    ]


def _next_annotation(ome: OME) -> int:
    """A number no annotation of the document has."""
    numbers = [name.removeprefix("Annotation:") for name in all_annotations(ome)]
    return max((int(number) for number in numbers if number.isdecimal()), default=-1) + 1


def _rights(notes: Sequence[Note]) -> Rights | None:
    from ome_types.model import Rights

    told = next((one.pairs for one in notes if one.namespace == RIGHTS), {})
    holder, held = (printable(told[key]) if key in told else None for key in ("RightsHolder", "RightsHeld"))
    return Rights(rights_holder=holder, rights_held=held) if holder or held else None


def _append(ome: OME, annotations: Annotations) -> None:
    if ome.structured_annotations is None:
        ome.structured_annotations = annotations.structured()
        return
    ome.structured_annotations.map_annotations += annotations.maps


@cache
def ome_schema() -> etree.XMLSchema:
    """The OME 2016-06 schema that ome-types carries, compiled once; it needs no network."""
    from importlib.util import find_spec
    from pathlib import Path

    from lxml import etree

    # Found without importing the package, which takes half a second.
    package = find_spec("ome_types")
    if package is None or package.origin is None:
        raise ImportError("ome-types is not installed")
    content = Path(package.origin).with_name("ome-2016-06.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(content, etree.XMLParser(no_network=True)))


def _tree(ome: OME) -> etree._Element:
    from lxml import etree
    from ome_types import to_xml

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=True)
    return etree.fromstring(to_xml(ome, indent=0).encode("utf-8"), parser)


def _valid_xml(root: etree._Element) -> bytes:
    """The document as bytes; ValueError where it breaks the schema, which is a bug of ours."""
    from lxml import etree

    schema = ome_schema()
    if not schema.validate(root):
        errors: Any = schema.error_log
        raise ValueError(f"the OME-XML to be written breaks the schema: {errors[0]}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
