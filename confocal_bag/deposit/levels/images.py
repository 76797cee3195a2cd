"""What each practice level asks of the images: scale, channels, instrument, settings.

Headers count as answers.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from confocal_bag.deposit.description.images import DescribedImage, described_images
from confocal_bag.deposit.description.model import AcquisitionChannel, ChannelDescription, Description
from confocal_bag.deposit.description.plan import partner_stem, stem_of
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import Missing
from confocal_bag.deposit.levels.samples import needed
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = ["image_needs"]

#: Whether a fact is known of one image.
Test = Callable[[DescribedImage], bool]

_ANTIBODY = re.compile(r"antibod|\banti[- ]|\b(?:m|p)?ab\b|\bigg\b", re.IGNORECASE)
_NOT_SCANNED = re.compile(r"spinning|widefield|wide-field|FBbi:00000253", re.IGNORECASE)


def image_needs(description: Description, inventory: Inventory, level: PracticeLevel) -> Iterator[Missing]:
    """What this level asks of the images that no lower level does, and that is missing."""
    images = _judged(described_images(description, inventory))
    if not images:
        if level is PracticeLevel.MINIMUM:
            yield from _without_images(description)
        return
    for field, what, test in _TESTS[level]:
        without = [image.header.path for image in images if not test(image)]
        if without:
            yield needed(field, f"{what} is not recorded for {_first_of(list(dict.fromkeys(without)))}.")
    yield from _channel_needs(images, level)


def _judged(images: Sequence[DescribedImage]) -> list[DescribedImage]:
    """All images but the transformed copies of raw ones, for which the raw header speaks."""
    raw = {stem_of(image.header.path) for image in images if image.header.tier is Tier.RAW}
    return [
        image
        for image in images
        if image.header.tier is not Tier.TRANSFORMED or partner_stem(image.header.path, raw) is None
    ]


def _without_images(description: Description) -> Iterator[Missing]:
    """No image can be read, so that only the description can say how it was taken."""
    if not any(a.pixel_size_um or a.scale_bar for a in description.acquisitions):
        yield needed("acquisitions[0].pixel_size_um", "The size of a pixel is not recorded.")
    if not any(says_something(c.name) and _has_probe(c) for c in description.channels):
        yield needed("channels[0].probe", "What the channels show is not recorded.")
    if not any(i.microscope.manufacturer or i.microscope.model for i in description.instruments):
        yield needed("instruments[0].microscope.model", "The microscope is not recorded.")
    if not any(i.objective.na for i in description.instruments):
        yield needed("instruments[0].objective.na", "The numerical aperture of the objective is not recorded.")


def _first_of(names: Sequence[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def _has_pixel_size(image: DescribedImage) -> bool:
    said = image.acquisition
    return "pixel_size_um" in image.header.acquisition or bool(said and (said.pixel_size_um or said.scale_bar))


def _has_z_step(image: DescribedImage) -> bool:
    return image.header.record.axes.get("Z", 1) <= 1 or _acquisition("z_step_um")(image)


def _has_time_increment(image: DescribedImage) -> bool:
    return image.header.record.axes.get("T", 1) <= 1 or _acquisition("time_increment_s")(image)


def _acquisition(*fields: str) -> Test:
    """A test that a header or the acquisition records any of the fields."""

    def test(image: DescribedImage) -> bool:
        return any(field in image.header.acquisition or _said(image.acquisition, field) for field in fields)

    return test


def _instrument(*fields: str) -> Test:
    """A test that a header or the instrument records any of the fields."""

    def test(image: DescribedImage) -> bool:
        return any(field in image.header.instrument or _said(image.instrument, field) for field in fields)

    return test


def _scanner(*fields: str) -> Test:
    """As `_acquisition`, for settings that only a scanning confocal microscope has."""
    recorded = _acquisition(*fields)

    def test(image: DescribedImage) -> bool:
        method = image.instrument.method if image.instrument else None
        words = f"{method.name} {method.term}" if method else ""
        return bool(_NOT_SCANNED.search(words)) or recorded(image)

    return test


def _said(entry: object, field: str) -> bool:
    value = entry
    for step in field.split("."):
        value = getattr(value, step, None)
    return says_something(value) if isinstance(value, str) else value is not None and value != ()


def _has_lasers(image: DescribedImage) -> bool:
    return bool(image.header.laser_lines_nm) or _said(image.instrument, "lasers")


def _has_detectors(image: DescribedImage) -> bool:
    return bool(image.header.detectors) or _said(image.instrument, "detectors")


def _setting(*fields: str) -> Test:
    """A test that every channel has a setting, in the header or in the acquisition."""

    def test(image: DescribedImage) -> bool:
        pairs: Iterator[tuple[AcquisitionChannel | None, object]] = zip(
            image.settings, image.header.settings, strict=True
        )
        return all(
            any(_said(said, field) or field in header for field in fields)  # type: ignore[operator]
            for said, header in pairs
        )

    return test


_TESTS: dict[PracticeLevel, tuple[tuple[str, str, Test], ...]] = {
    PracticeLevel.MINIMUM: (
        ("acquisitions[0].pixel_size_um", "The size of a pixel (or a scale bar)", _has_pixel_size),
        ("acquisitions[0].z_step_um", "The distance between z-planes", _has_z_step),
        ("acquisitions[0].time_increment_s", "The time between time points", _has_time_increment),
        (
            "instruments[0].microscope.model",
            "The microscope",
            _instrument("microscope.model", "microscope.manufacturer"),
        ),
        (
            "instruments[0].objective.na",
            "The numerical aperture of the objective",
            _instrument("objective.na"),
        ),
    ),
    PracticeLevel.GOOD_ENOUGH: (
        ("instruments[0].method.name", "The imaging method", _instrument("method.name", "method.term")),
        ("instruments[0].lasers", "Which lasers were used", _has_lasers),
        ("instruments[0].detectors", "Which detectors were used", _has_detectors),
        ("instruments[0].software.name", "The acquisition software", _instrument("software.name")),
        ("acquisitions[0].pinhole_au", "The pinhole", _acquisition("pinhole_au", "pinhole_um")),
        (
            "acquisitions[0].channels[0].laser_power_percent",
            "The laser power of each channel",
            _setting("laser_power_percent"),
        ),
    ),
    PracticeLevel.MOST_REPRODUCIBLE: (
        ("acquisitions[0].zoom", "The scan zoom", _scanner("zoom")),
        ("acquisitions[0].pixel_dwell_us", "The scan speed (time per pixel)", _scanner("pixel_dwell_us")),
        ("acquisitions[0].scan_direction", "The direction of the scan", _scanner("scan_direction")),
        ("acquisitions[0].averaging.number", "The averaging", _scanner("averaging.number", "averaging.note")),
        ("acquisitions[0].channels[0].laser", "The laser of each channel", _setting("laser")),
        ("acquisitions[0].channels[0].detector", "The detector of each channel", _setting("detector")),
        (
            "acquisitions[0].channels[0].gain_v",
            "The detector gain of each channel",
            _setting("gain_v", "gain"),
        ),
        (
            "acquisitions[0].channels[0].emission_band_nm",
            "The detected band of each channel",
            _setting("emission_band_nm"),
        ),
    ),
}


def _channel_needs(images: Sequence[DescribedImage], level: PracticeLevel) -> Iterator[Missing]:
    for field, what, lacks in _CHANNEL_TESTS[level]:
        bare: list[str] = []
        for image in images:
            for position, (said, header) in enumerate(zip(image.channels, image.header.channels, strict=True)):
                if lacks(said, set(header)):
                    bare.append(
                        f"channel {said.id}" if said and said.id else f"channel {position + 1} of {image.header.path}"
                    )
        if bare:
            yield needed(field, f"{what} is not recorded for {_first_of(list(dict.fromkeys(bare)))}.")


def _has_probe(channel: ChannelDescription) -> bool:
    return any(map(says_something, (channel.probe, channel.fluor, channel.contrast)))


def _lacks_name(said: ChannelDescription | None, header: set[str]) -> bool:
    return "name" not in header and not (said and says_something(said.name))


def _lacks_probe(said: ChannelDescription | None, header: set[str]) -> bool:
    return "fluor" not in header and not (said and _has_probe(said))


def _lacks_excitation(said: ChannelDescription | None, header: set[str]) -> bool:
    return "excitation_nm" not in header and not (said and (said.excitation_nm or said.contrast))


def _lacks_emission(said: ChannelDescription | None, header: set[str]) -> bool:
    return "emission_nm" not in header and not (said and (said.emission_nm or said.contrast))


def _lacks_rrid(said: ChannelDescription | None, _: set[str]) -> bool:
    probe = said.probe if said else None
    return bool(probe and _ANTIBODY.search(probe) and "RRID" not in probe)


_CHANNEL_TESTS: dict[
    PracticeLevel, tuple[tuple[str, str, Callable[[ChannelDescription | None, set[str]], bool]], ...]
] = {
    PracticeLevel.MINIMUM: (
        ("channels[0].name", "The name", _lacks_name),
        ("channels[0].probe", "The probe (what makes the structure visible)", _lacks_probe),
    ),
    PracticeLevel.GOOD_ENOUGH: (
        ("channels[0].excitation_nm", "The excitation wavelength", _lacks_excitation),
        ("channels[0].emission_nm", "The emission wavelength", _lacks_emission),
    ),
    PracticeLevel.MOST_REPRODUCIBLE: (("channels[0].probe", "The RRID of the antibody", _lacks_rrid),),
}
