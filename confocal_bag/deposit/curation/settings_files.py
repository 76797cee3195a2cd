"""Find files beside the images that record how these were taken, and of which images each of them speaks.

OME-XML may hold nothing but sizes, or describe an image that is not in the deposit: it is read, and its name proves
nothing. A file that is no XML, or is too large, tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.deposit.description.plan import stem_of
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path, PurePosixPath

    from lxml.etree import _Element as Element

    from confocal_bag.deposit.inventory import FileRecord, Inventory
    from confocal_bag.deposit.source import Deposit

__all__ = ["images_told", "read_settings_files", "speaks_of"]

_FORMATS = frozenset({"ome-xml", "ome-companion", "xlef"})
_MOST_BYTES = 16 << 20
_MOST_FILES = 200
_MOST_NAMES = 10_000

#: What says how an image was taken, by the element and the attributes of which one must have a value (OME 2016-06).
_SETTINGS: Mapping[str, frozenset[str]] = {
    "Objective": frozenset({"Model", "LensNA", "NominalMagnification", "CalibratedMagnification", "Immersion"}),
    "Laser": frozenset({"Wavelength", "Model", "Type", "LaserMedium"}),
    "Detector": frozenset({"Model", "Type", "Gain", "Voltage"}),
    "Microscope": frozenset({"Model"}),
    "Channel": frozenset({"ExcitationWavelength", "EmissionWavelength", "PinholeSize"}),
    "DetectorSettings": frozenset({"Gain", "Voltage"}),
    "LightSourceSettings": frozenset({"Wavelength", "Attenuation"}),
    # Leica's LMS
    "ATLConfocalSettingDefinition": frozenset({"ObjectiveName", "NumericalAperture", "Pinhole", "Zoom"}),
    "ATLCameraSettingDefinition": frozenset({"ObjectiveName", "NumericalAperture"}),
}
#: Where a document names the images or files that it speaks of.
_NAMES = {"Image": "Name", "UUID": "FileName", "Element": "Name", "Frame": "File"}


def read_settings_files(deposit: Deposit, inventory: Inventory) -> Mapping[PurePosixPath, frozenset[str]]:
    """The files that record settings of a microscope, each with the names of the images it speaks of.

    At most 200 files are looked at, each up to 16 MB. Raises `CannotFinish` where one cannot be opened.
    """
    beside = [one for one in inventory.files if one.format.id in _FORMATS][:_MOST_FILES]
    return {one.path: names for one in beside if (names := _names_in(deposit.local(one.path), one.path)) is not None}


def _names_in(path: Path, shown: PurePosixPath) -> frozenset[str] | None:
    try:
        names = worker.run(images_told, path)
    except UnreadableImage:
        return None
    except OSError as error:
        raise CannotFinish(
            f"{readable_path(shown)} cannot be read: {error.strerror}. Check its permissions."
        ) from error
    return None if names is None else names | {_plain(shown.name)}


def images_told(path: Path) -> frozenset[str] | None:
    """The names of the images that a document speaks of; None where it records no setting, or is no such document."""
    from confocal_bag.image.acquisition.xml import parse_header

    with open_regular(path) as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        return None
    try:
        root = parse_header(content)
    except ValueError:
        return None
    if not any(map(_is_setting, root.iter())):
        return None
    return frozenset(name for name, _ in zip(_named(root), range(_MOST_NAMES), strict=False))


def _is_setting(element: Element) -> bool:
    wanted = _SETTINGS.get(_tag(element), frozenset())
    return any((element.get(name) or "").strip() not in ("", "0", "Unknown", "Other") for name in wanted)


def _named(root: Element) -> Iterator[str]:
    for element in root.iter():
        name = element.get(_NAMES.get(_tag(element), "")) if _tag(element) in _NAMES else None
        if name:
            yield _plain(name)


def _tag(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _plain(name: str) -> str:
    """A name as it is compared: without folder and ending, in lower case; cell.lif [Series 1] is of cell."""
    return stem_of(name.replace("\\", "/").partition(" [")[0].partition(" #")[0].strip()).casefold()


def speaks_of(told: Iterable[frozenset[str]], record: FileRecord) -> bool:
    """Whether one of the documents speaks of an image file."""
    own = _plain(record.path.name)
    return any(own in names for names in told)
