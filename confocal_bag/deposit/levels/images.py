"""What the practice levels ask of each image: scale, instrument, settings. Headers count as answers."""

import re
from collections.abc import Callable, Iterator, Sequence

from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.levels.applies import (
    has_lasers,
    has_pinhole,
    is_camera,
    is_fluorescent,
    is_scanned,
    lit_by_laser,
)
from confocal_bag.deposit.levels.missing import Missing, Place, first_of, is_said, needed
from confocal_bag.deposit.levels.view import DepositView, Need

__all__ = ["IMAGE_NEEDS"]

#: Whether a fact is known of one image.
Test = Callable[[DescribedImage], bool]


def _acquisition(*fields: str) -> Test:
    """A test that a header or the acquisition records any of the fields."""

    def test(image: DescribedImage) -> bool:
        return any(field in image.header.acquisition or is_said(image.acquisition, field) for field in fields)

    return test


def _instrument(*fields: str) -> Test:
    """A test that a header or the instrument records any of the fields."""

    def test(image: DescribedImage) -> bool:
        return any(field in image.header.instrument or is_said(image.instrument, field) for field in fields)

    return test


def _setting(*fields: str) -> Test:
    """A test that every channel has a setting, in the header or in the acquisition."""

    def test(image: DescribedImage) -> bool:
        return next(_bare_channels(image, fields), None) is None  # the first channel is number 0

    return test


def _bare_channels(image: DescribedImage, fields: Sequence[str]) -> Iterator[int]:
    detectors = image.header.channel_detectors
    described = image.instrument.detectors if image.instrument else ()
    for position, (said, header) in enumerate(zip(image.settings, image.header.settings, strict=True)):
        # the only detector of an instrument took all channels
        has_detector = "detector" in fields and (detectors[position] is not None or len(described) == 1)
        if not has_detector and not any(is_said(said, field) or field in header for field in fields):
            yield position


def _where(applies: Test, test: Test) -> Test:
    """A test that is asked only of the images that have such a setting."""
    return lambda image: not applies(image) or test(image)


def _has_pixel_size(image: DescribedImage) -> bool:
    """Whether the size is known along every axis that the planes have: an xz scan has no height."""
    record, said = image.header.record, image.acquisition
    if said and said.scale_bar:
        return True
    of_header = image.header.acquisition.get("pixel_size_um")
    sizes = (of_header if isinstance(of_header, tuple) else None) or (said.pixel_size_um if said else None)
    return all(size is not None for size, axis in zip(sizes or (None, None), "XY", strict=True) if axis in record.axes)


def _has_time_increment(image: DescribedImage) -> bool:
    return image.header.record.axes.get("T", 1) <= 1 or _acquisition("time_increment_s")(image)


def _has_lasers(image: DescribedImage) -> bool:
    return bool(image.header.lasers) or is_said(image.instrument, "lasers")


def _has_detectors(image: DescribedImage) -> bool:
    return any(image.header.channel_detectors) or is_said(image.instrument, "detectors")


def _has_software_version(image: DescribedImage) -> bool:
    name = (image.instrument.software.name if image.instrument else None) or image.header.instrument.get(
        "software.name"
    )
    return bool(name and re.search(r"\d", str(name))) or _instrument("software.version")(image)


def _has_pinhole(image: DescribedImage) -> bool:
    return _acquisition("pinhole_au", "pinhole_um")(image) or _setting("pinhole_au", "pinhole_um")(image)


def _if_averaged(field: str) -> Test:
    """A test of how was averaged, which has no meaning where each line was scanned once."""

    def test(image: DescribedImage) -> bool:
        said = image.acquisition.averaging if image.acquisition else None
        number = (said.number if said else None) or image.header.acquisition.get("averaging.number")
        return not (isinstance(number, int | float) and number > 1) or _acquisition(field, "averaging.note")(image)

    return test


def _z_step(view: DepositView) -> Iterator[Missing]:
    """Needed where Z is an axis: of the image, or of the stack that the image is one plane of."""
    bare = []
    for image in view.images:
        record = image.header.record
        has_z = record.axes.get("Z", 1) > 1 or image.header.path in view.z_planes
        recorded = (record.pixel_size_um.z or 0) > 0 or is_said(image.acquisition, "z_step_um")
        if has_z and not recorded:
            bare.append(image)
    if bare:
        yield _of_images(view, "acquisitions.z_step_um", "The distance between z-planes", bare)


def _of_images(view: DepositView, key: str, what: str, images: Sequence[DescribedImage]) -> Missing:
    section = key.partition(".")[0]
    attribute = section.removesuffix("s")
    entries = [getattr(image, attribute) for image in images]
    places = [place for entry in entries if entry is not None and (place := view.place(section, entry))]
    paths = list(dict.fromkeys(image.header.path for image in images))
    return needed(key, f"{what} is not recorded for {first_of(paths)}.", places=_once(places), subjects=paths)


def _once(places: Sequence[Place]) -> list[Place]:
    return list(dict.fromkeys(places))


def _image_need(fields: tuple[str, ...], what: str, test: Test) -> Need:
    """A need of every image; the first field is the one to fill in."""

    def find(view: DepositView) -> Iterator[Missing]:
        bare = [image for image in view.images if not test(image)]
        if bare:
            yield _of_images(view, fields[0], what, bare)

    return Need(fields=fields, find=find)


def _setting_need(leaf: str, what: str, *others: str, asked: Callable[[DescribedImage, int], bool]) -> Need:
    """A need of every channel's settings; `others` are fields that answer it too."""
    key = f"acquisitions.channels.{leaf}"

    def find(view: DepositView) -> Iterator[Missing]:
        places: list[Place] = []
        subjects: list[str] = []
        for image in view.images:
            for position in _bare_channels(image, (leaf, *others)):
                if asked(image, position):
                    said = image.settings[position]
                    name = said.channel if said else None
                    number = image.header.channel_number(position)
                    place = image.acquisition and view.setting_place(image.acquisition, number - 1, name)
                    places.extend([place] if place else [])
                    subjects.append(f"channel {number} of {image.header.path}")
        if subjects:
            yield needed(
                key, f"{what} is not recorded for {first_of(subjects)}.", places=_once(places), subjects=subjects
            )

    return Need(fields=(key,), find=find)


def _always(_image: DescribedImage, _position: int) -> bool:
    return True


def _has_voltage(image: DescribedImage, position: int) -> bool:
    return not is_camera(image, position)


def _scanned(field: str, what: str, test: Test | None = None, *others: str) -> Need:
    fields = (f"acquisitions.{field}",)
    return _image_need(fields, what, _where(is_scanned, test or _acquisition(field, *others)))


IMAGE_NEEDS: tuple[Need, ...] = (
    _image_need(("acquisitions.pixel_size_um",), "The size of a pixel (or a scale bar)", _has_pixel_size),
    Need(fields=("acquisitions.z_step_um",), find=_z_step),
    _image_need(("acquisitions.time_increment_s",), "The time between time points", _has_time_increment),
    _image_need(("instruments.microscope.model",), "The model of the microscope", _instrument("microscope.model")),
    _image_need(
        ("instruments.microscope.manufacturer",),
        "The manufacturer of the microscope",
        _instrument("microscope.manufacturer"),
    ),
    _image_need(("instruments.objective.na",), "The numerical aperture of the objective", _instrument("objective.na")),
    _image_need(("instruments.method.name",), "The imaging method", _instrument("method.name", "method.term")),
    _image_need(("instruments.lasers",), "Which lasers were used", _where(has_lasers, _has_lasers)),
    _image_need(("instruments.detectors",), "Which detectors were used", _has_detectors),
    _image_need(("instruments.software.name",), "The acquisition software", _instrument("software.name")),
    _image_need(("instruments.software.version",), "The version of the acquisition software", _has_software_version),
    _image_need(
        ("acquisitions.pinhole_au", "acquisitions.pinhole_um"), "The pinhole", _where(has_pinhole, _has_pinhole)
    ),
    _setting_need("laser_power_percent", "The laser power", asked=lit_by_laser),
    _scanned("zoom", "The scan zoom"),
    _scanned("pixel_dwell_us", "The scan speed (time per pixel)"),
    _scanned("scan_direction", "The direction of the scan"),
    _scanned("averaging.number", "The averaging", None, "averaging.note"),
    _scanned("averaging.unit", "What was averaged", _if_averaged("averaging.unit")),
    _scanned("averaging.method", "The method of averaging", _if_averaged("averaging.method")),
    _setting_need("laser", "The laser", asked=lit_by_laser),
    _setting_need("detector", "The detector", asked=_always),
    _setting_need("gain_v", "The detector gain", "gain", asked=_has_voltage),
    _setting_need("emission_band_nm", "The detected band", asked=is_fluorescent),
)
