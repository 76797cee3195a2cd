"""Which settings have a meaning for an image: a camera scans nothing, and transmitted light has no band."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.levels.missing import is_said

__all__ = ["has_lasers", "has_pinhole", "is_camera", "is_fluorescent", "is_scanned", "lit_by_laser"]

_WIDEFIELD = re.compile(r"wide-?\s?field", re.IGNORECASE)
#: FBbi:00000253 is spinning disk confocal microscopy.
_DISK = re.compile(r"spinning|FBbi:00000253", re.IGNORECASE)
_CAMERA = re.compile(r"camera|\bs?cmos\b|ccd\b", re.IGNORECASE)
_POINT = re.compile(r"pmt|multiplier|hyd\b|gaasp|\bapd\b|photodiode|airyscan", re.IGNORECASE)


def _method(image: DescribedImage) -> str:
    """The imaging method in words, as described or as the header has it."""
    said = image.instrument.method if image.instrument else None
    return f"{said.name} {said.term}" if said and said.is_recorded else str(image.header.instrument.get("method.name"))


def is_camera(image: DescribedImage, position: int) -> bool:
    """Whether a camera took a channel: by its header, by the detector that is named for it, or the only one there is.

    A photomultiplier has a voltage, a camera has none. Where nobody says what the detector is, the method tells: only a
    camera sees a field, or a disk, at once.
    """
    kinds = list(_kinds_of_detector(image, position))
    if kinds and all(_CAMERA.search(kind) for kind in kinds):
        return True
    method = _method(image)
    at_once = bool(_WIDEFIELD.search(method) or _DISK.search(method))
    return at_once and not any(_POINT.search(kind) for kind in kinds)


def _kinds_of_detector(image: DescribedImage, position: int) -> Iterator[str]:
    """What is said of the detector of a channel, or of all that it may be."""
    header = image.header.channel_detectors[position]
    if header is not None and header.type is not None:
        yield header.type
        return
    detectors = image.instrument.detectors if image.instrument else ()
    setting = image.settings[position]
    named = [one for one in detectors if setting and setting.detector and one.id == setting.detector]
    for one in named or detectors:
        yield f"{one.type} {one.model}"


def _is_taken_by_camera(image: DescribedImage) -> bool:
    """Whether a camera took every channel of an image."""
    return bool(image.settings) and all(is_camera(image, position) for position in range(len(image.settings)))


def is_scanned(image: DescribedImage) -> bool:
    """Whether a laser scans the image point by point, with a zoom, a time per pixel and an averaging."""
    method = _method(image)
    return not (_WIDEFIELD.search(method) or _DISK.search(method) or _is_taken_by_camera(image))


def has_pinhole(image: DescribedImage) -> bool:
    """Whether the light passes a pinhole, or those of a disk."""
    method = _method(image)
    return not _WIDEFIELD.search(method) and (bool(_DISK.search(method)) or not _is_taken_by_camera(image))


def has_lasers(image: DescribedImage) -> bool:
    """Whether lasers are the light: in all but widefield microscopes."""
    return not _WIDEFIELD.search(_method(image))


def lit_by_laser(image: DescribedImage, position: int) -> bool:
    """Whether a laser lights a channel; before a camera, a lamp lights what is transmitted."""
    return has_lasers(image) and (is_fluorescent(image, position) or not is_camera(image, position))


def is_fluorescent(image: DescribedImage, position: int) -> bool:
    """Whether a channel has no contrast of its own; transmitted light has no band."""
    said = image.channels[position]
    return "contrast" not in image.header.channels[position] and not (said and is_said(said, "contrast"))
