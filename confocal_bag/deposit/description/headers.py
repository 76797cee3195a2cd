"""What image headers can say for a description: settings, instruments and channels, never people or paths."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.findings import readable_path
from confocal_bag.image.record import ChannelRecord, ImageRecord, InstrumentRecord
from confocal_bag.vocabulary import Tier

__all__ = [
    "Fact",
    "Facts",
    "HeaderImage",
    "collected_dates",
    "header_image",
    "header_images",
    "number_text",
    "rounded",
    "safe_text",
]

Fact = str | float | tuple[float, ...]
#: Facts by the name of their field, such as "objective.na".
Facts = Mapping[str, Fact]

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w"  # e-mail
    r"|(?:^|[\s\"'(=,;])[A-Za-z]:[\\/]"  # drive letter
    r"|\\\\|[^/\s]\\[^\s]"  # UNC and other Windows paths
    r"|(?:^|[\s\"'(=,;:])~?/(?:home|Users|mnt|media|data|Volumes|tmp|var|srv|export)\b"
    r"|\bfile:/|\bUsers[\\/]|\buser(?:name)?\s*[:=]",
    re.IGNORECASE,
)
_LONGEST_TEXT = 200
_EARLIEST_YEAR = "1985"  # before the first commercial confocal microscopes: a clock that was never set


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderImage:
    """What the header of one image says, ready for a description.

    `settings` holds one mapping per channel.
    """

    path: str
    tier: Tier
    record: ImageRecord
    instrument: Facts
    acquisition: Facts
    channels: tuple[Facts, ...]
    settings: tuple[Facts, ...]
    laser_lines_nm: tuple[float, ...]
    detectors: tuple[str, ...]


def header_images(inventory: Inventory) -> list[HeaderImage]:
    """The images whose headers describe the acquisition: raw ones and transformed ones.

    Processed ones only if alone.
    """
    for tiers in ({Tier.RAW, Tier.TRANSFORMED}, {Tier.PROCESSED}):
        found = [header_image(file, record) for file in inventory.files if file.tier in tiers for record in file.images]
        if found:
            return found
    return []


def header_image(file: FileRecord, record: ImageRecord) -> HeaderImage:
    """What the header of one image says."""
    count = max(1, record.axes.get("C", 1))
    channels = [
        *record.channels[:count],
        *[ChannelRecord()] * (min(count, 64) - len(record.channels[:count])),
    ]
    lines = {rounded(line) for channel in channels for line in channel.laser_lines_nm if _positive(line)}
    detectors = dict.fromkeys(filter(None, (safe_text(channel.detector) for channel in channels)))
    return HeaderImage(
        path=readable_path(file.path),
        tier=file.tier,
        record=record,
        instrument=_instrument_facts(record.instrument),
        acquisition=_acquisition_facts(record),
        channels=tuple(_channel_facts(channel) for channel in channels),
        settings=tuple(_setting_facts(channel) for channel in channels),
        laser_lines_nm=tuple(sorted(lines)),
        detectors=tuple(detectors),
    )


def _instrument_facts(instrument: InstrumentRecord) -> Facts:
    return _facts(
        {
            "microscope.manufacturer": instrument.manufacturer,
            "microscope.model": instrument.model,
            "objective.model": instrument.objective,
            "objective.na": instrument.numerical_aperture,
            "objective.magnification": instrument.magnification,
            "objective.immersion": instrument.immersion,
            "objective.refractive_index": instrument.refractive_index,
            "software.name": instrument.software,
        }
    )


def _acquisition_facts(record: ImageRecord) -> Facts:
    size, instrument = record.pixel_size_um, record.instrument
    both = _positive(size.x) and _positive(size.y)
    return _facts(
        {
            "pixel_size_um": (size.x, size.y) if both else None,
            "z_step_um": size.z if record.axes.get("Z", 1) > 1 else None,
            "time_increment_s": record.time_increment_s if record.axes.get("T", 1) > 1 else None,
            "pinhole_um": _common(channel.pinhole_um for channel in record.channels),
            "pinhole_au": _common(channel.pinhole_au for channel in record.channels),
            "zoom": instrument.zoom,
            "pixel_dwell_us": instrument.pixel_dwell_us,
            "scan_mode": instrument.scan_mode,
            **_averaging(instrument.averaging),
        }
    )


def _averaging(text: str | None) -> dict[str, str | float | None]:
    counted = re.fullmatch(r"\s*(\d{1,6})(?:\s+(line|frame|stack)s?)?\s*", text or "", re.IGNORECASE)
    if counted is None:
        return {"averaging.note": text}
    return {
        "averaging.number": float(counted[1]),
        "averaging.unit": counted[2].capitalize() if counted[2] else None,
    }


def _channel_facts(channel: ChannelRecord) -> Facts:
    return _facts(
        {
            "name": channel.name,
            "fluor": channel.fluor,
            "excitation_nm": channel.excitation_nm,
            "emission_nm": channel.emission_nm,
            "color": channel.color,
        }
    )


def _setting_facts(channel: ChannelRecord) -> Facts:
    volts = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*V\s*", channel.gain or "")
    lines = [rounded(line) for line in channel.laser_lines_nm if _positive(line)]
    return _facts(
        {
            "laser": lines[0] if len(lines) == 1 else None,
            "detector": channel.detector,
            "gain_v": float(volts[1]) if volts else None,
            "gain": None if volts else channel.gain,
        }
    )


def _facts(values: Mapping[str, str | float | tuple[float | None, ...] | None]) -> Facts:
    facts: dict[str, Fact] = {}
    for name, value in values.items():
        if isinstance(value, str):
            text = safe_text(value)
            if text:
                facts[name] = text
        elif isinstance(value, tuple):
            facts[name] = tuple(rounded(number) for number in value if number is not None)
        elif _positive(value):
            assert value is not None
            facts[name] = rounded(value)
    return facts


def _positive(value: float | None) -> bool:
    """A size that can be written down.

    Zero, negative and absurd ones are what headers hold when nothing was set.
    """
    return value is not None and 1e-9 < value < 1e12


def _common(values: Iterable[float | None]) -> float | None:
    found = {rounded(value) for value in values if value is not None and _positive(value)}
    return found.pop() if len(found) == 1 else None


def rounded(value: float) -> float:
    """The number with nine significant digits: more than any instrument knows."""
    return float(f"{value:.9g}")


def number_text(value: float) -> str:
    """The number in plain decimal notation, without an exponent."""
    text = format(Decimal(f"{value:.9g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=8192)
def safe_text(text: str | None) -> str | None:
    """Header text on one line; None where it is blank or looks like a path, an address or a user name."""
    if text is None:
        return None
    one_line = "".join(c if c.isprintable() else " " for c in text)
    one_line = " ".join(one_line.split())
    if not one_line or len(one_line) > _LONGEST_TEXT or _PERSONAL.search(one_line):
        return None
    return one_line


def collected_dates(images: Iterable[HeaderImage]) -> tuple[str, HeaderImage] | None:
    """The days on which raw images were taken, as a day or an interval a/b, with the first image."""
    dated = sorted(
        ((day, image) for image in images if image.tier is Tier.RAW and (day := _day(image)) is not None),
        key=lambda pair: pair[0],
    )
    if not dated:
        return None
    first, last = dated[0][0], dated[-1][0]
    return (first if first == last else f"{first}/{last}"), dated[0][1]


def _day(image: HeaderImage) -> str | None:
    found = re.match(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)", image.record.instrument.acquired or "")
    return found[0] if found and found[1] >= _EARLIEST_YEAR else None
