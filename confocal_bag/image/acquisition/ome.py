"""OME-XML that a file already carries: kept as it is, without pixels and without people."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.annotations import MODULO
from confocal_bag.image.acquisition.build import build_ome, pixel_type
from confocal_bag.image.acquisition.facts import FileFacts, SeriesFacts
from confocal_bag.image.acquisition.layout import layout_of, scene_of
from confocal_bag.image.acquisition.xml import parse_header

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element
    from ome_types import OME
    from ome_types.model import Image, Pixels

    from confocal_bag.image.acquisition.layout import Layout
    from confocal_bag.image.model import Series
    from confocal_bag.image.privacy.model import PersonalField
    from confocal_bag.image.privacy.withhold import Cleaner

__all__ = ["ome_from_xml", "read_ome_tiff"]

#: Elements that name people, and attributes that name people or one single device.
_PEOPLE = {"Experimenter", "ExperimenterGroup", "ExperimenterRef", "ExperimenterGroupRef", "Leader"}
_PERSONAL_ATTRIBUTES = (
    "UserName",
    "Email",
    "FirstName",
    "MiddleName",
    "LastName",
    "Annotator",
    "SerialNumber",
    "LotNumber",
)
#: Elements of numbers alone, of which an image may have a hundred thousand; and those that people name.
_NUMBERS = {"Plane", "TiffData", "HashSHA1", "BinData"}
_NAMED = {"Image", "StageLabel", "Description", "Value", "M"}
_PERSONAL_KEYS = re.compile(r"user|author|operator|e-?mail|path|folder|directory|serial|owner|computer|host", re.I)


def read_ome_tiff(
    path: Path, series: Sequence[Series], *, personal: Sequence[PersonalField] = (), keep_personal: bool = False
) -> OME:
    """The OME document of an OME-TIFF or a set, one Image per series; where its own cannot be read, one that says so.

    People are left out of it, and masked where its texts repeat the values in `personal`, unless they are to be kept.
    """
    from lxml import etree

    from confocal_bag.image.ome_document import read_document

    content = etree.tostring(read_document(path).root, encoding="unicode")
    try:
        return ome_from_xml(content, series, personal=personal, keep_personal=keep_personal)
    except ValueError as error:
        # Many programs write OME-XML that breaks its schema; the pixels are none the worse for it.
        reason = f"breaks its schema and is not copied: {str(error).splitlines()[0][:200]}"
        known = SeriesFacts(notes={"Embedded OME-XML": reason})
        return build_ome(series, FileFacts(series=(known,) * len(series)))


def ome_from_xml(
    content: str, series: Sequence[Series], *, personal: Sequence[PersonalField] = (), keep_personal: bool = False
) -> OME:
    """The Images of an OME document that are the series of a file, in order, with all that they refer to.

    Schemas older than 2016-06 are brought up to it, and what breaks OME's promises is taken out (`ome_mend`).
    ValueError for what is not OME-XML.
    """
    from lxml import etree
    from ome_types import from_xml

    from confocal_bag.image.ome_mend import drop_no_numbers
    from confocal_bag.image.privacy.withhold import Cleaner

    root = parse_header(content.encode("utf-8"))
    drop_no_numbers(root)
    if not keep_personal:
        _drop_personal(root)
        _clean_texts(root, Cleaner(personal))
    with warnings.catch_warnings():
        # References into what was dropped; `sidecar_check` reports the ones that matter.
        warnings.simplefilter("ignore")
        ome = from_xml(etree.tostring(root))
    if any(scene_of(one) >= len(ome.images) for one in series):
        return build_ome(series, FileFacts())
    ome.images = [_image(ome.images[scene_of(one)], one) for one in series]
    ome.uuid, ome.binary_only = None, None
    ome.plates, ome.screens, ome.projects, ome.datasets, ome.folders = [], [], [], [], []
    ome.experiments = []
    return _mended(ome)


def _mended(ome: OME) -> OME:
    """The document without what would make its sidecar unsound; itself where there is nothing of the kind."""
    from lxml import etree
    from ome_types import from_xml, to_xml

    from confocal_bag.image.ome_checks import ome_problems
    from confocal_bag.image.ome_mend import mend

    root = etree.fromstring(to_xml(ome, indent=0).encode("utf-8"))
    if not any(ome_problems(root)):
        return ome
    mend(root)
    return from_xml(etree.tostring(root))


def _image(image: Image, series: Series) -> Image:
    """The Image with the sizes of the series, which are those of the pixels, and no pixels of its own."""
    from ome_types.model import MetadataOnly

    pixels, layout = image.pixels, layout_of(series)
    image.experiment_ref, image.microbeam_manipulation_refs = None, []
    pixels.tiff_data_blocks, pixels.bin_data_blocks = [], []
    pixels.metadata_only = MetadataOnly()
    pixels.size_x, pixels.size_y, pixels.size_z = layout.columns, layout.rows, layout.size_z
    pixels.size_t, pixels.size_c = layout.size_t, layout.channels * layout.samples
    pixels.type = type(pixels.type)(pixel_type(series))
    _fit_channels(pixels, layout)
    pixels.planes = [
        plane
        for plane in pixels.planes
        if plane.the_t < layout.size_t and plane.the_z < layout.size_z and plane.the_c < layout.channels
    ]
    return image


def _fit_channels(pixels: Pixels, layout: Layout) -> None:
    """As many channels as the pixels have, each of as many samples; colour may be one channel or one per sample."""
    from ome_types.model import Channel

    if len(pixels.channels) == layout.channels * layout.samples and layout.samples > 1:
        return
    del pixels.channels[layout.channels :]
    known = {channel.id for channel in pixels.channels}
    free = (name for number in range(2 * layout.channels) if (name := f"Channel:{number}") not in known)
    while len(pixels.channels) < layout.channels:
        pixels.channels.append(Channel(id=next(free)))
    for channel in pixels.channels:
        channel.samples_per_pixel = layout.samples


def _drop_personal(root: Element) -> None:
    """Take out people, serial numbers, paths, and copies of vendors' headers, which hold all of these."""
    for element in list(root.iter("{*}*")):
        name = _local(element)
        if _is_personal(element, name):
            _remove(root, element)
        else:
            for attribute in _PERSONAL_ATTRIBUTES:
                element.attrib.pop(attribute, "")


def _clean_texts(root: Element, cleaner: Cleaner) -> None:
    """Mask what names, descriptions and annotations repeat of what was dropped."""
    for element in root.iter("{*}*"):
        name = _local(element)
        if name in _NUMBERS:
            continue
        people = name in _NAMED
        for attribute, value in element.attrib.items():
            if attribute not in ("ID", "K", "Namespace", "Type"):
                element.set(attribute, cleaner.clean(str(value), people=people))
        if element.text and element.text.strip():
            element.text = cleaner.clean(element.text, people=people)


def _is_personal(element: Element, name: str) -> bool:
    if name == "XMLAnnotation":
        return element.get("Namespace") != MODULO
    return name in _PEOPLE or (name == "M" and _PERSONAL_KEYS.search(element.get("K") or "") is not None)


def _remove(root: Element, element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    identity = element.get("ID")
    if identity and not _local(element).endswith("Ref"):
        for reference in list(root.iter("{*}AnnotationRef")):
            if reference.get("ID") == identity:
                above: Any = reference.getparent()
                above.remove(reference)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
