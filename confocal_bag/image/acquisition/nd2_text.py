"""The text in which NIS-Elements describes an acquisition, plane by plane."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.values import positive, text, wavelength_nm, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Description", "PlaneText", "parse_description"]

#: No description of a real file comes near this; the patterns below are linear in it.
_LONGEST = 1 << 20
_SECONDS = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "usec": 1e-6, "µs": 1e-6, "\u03bcs": 1e-6}
_MICROSECONDS = "us|usec|µs|\u03bcs"
#: The filter cube in front of the detector of each channel of a scan head, CH1 to CH5.
_CUBES = ("First", "Second", "Third", "Fourth", "Fifth")
#: Light engines of diodes, which are switched line by line as lasers are.
_LAMPS = re.compile(r"lida|spectra|aura|sola\b|\bu?led\b|lamp|niji|x-?cite|\bpe-?\d|intensilight", re.IGNORECASE)
_NUMBER = r"(\d+(?:[.,]\d+)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneText:
    """What the text tells of one plane, a channel. `lamps_nm` are the lines of lamps that were on.

    `lines`, `voltages` and `bands_nm` map laser lines to their power, to the HV of the detector of their channel, and
    to the band in front of it.
    """

    camera: str | None = None
    exposure_s: float | None = None
    binning: str | None = None
    is_scan: bool = False
    lines: Mapping[float, str | None] = field(default_factory=dict)
    lamps_nm: frozenset[float] = frozenset()
    voltages: Mapping[float, float] = field(default_factory=dict)
    bands_nm: Mapping[float, tuple[float, float]] = field(default_factory=dict)
    pinhole_um: float | None = None
    scan_speed: str | None = None
    scanner: str | None = None
    dwell_us: float | None = None
    averaging: int | None = None
    bidirectional: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The whole text: the microscope, and a `PlaneText` for each plane."""

    microscope: str | None = None
    names_nikon: bool = False
    planes: tuple[PlaneText, ...] = ()

    def plane(self, index: int) -> PlaneText:
        """The text of one plane; an only text is of them all."""
        if len(self.planes) == 1:
            return self.planes[0]
        return self.planes[index] if index < len(self.planes) else PlaneText()


def parse_description(description: str) -> Description:
    """The description a text info holds; an empty one where there is none."""
    words = description[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if not words.strip():
        return Description()
    head, *planes = re.split(r"^Plane #\d+:[ \t]*$", words, flags=re.MULTILINE)
    model = re.search(r"Microscope: ([^\n]{1,80}?)(?: Microscope)?[ \t]*$", words, re.MULTILINE)
    return Description(
        microscope=text(model[1]) if model else None,
        names_nikon=re.search(r"\bNikon\b", words) is not None,
        planes=tuple(_plane(one, _camera(head)) for one in (planes or [words])),
    )


def _camera(words: str) -> str | None:
    """The name of the camera or scan head, without its serial number."""
    found = re.search(r"Camera Name: ([^\n]*)", words)
    return text(re.sub(r",?\s*SN:\s*\S+", "", found[1])) if found else None


def _plane(words: str, camera: str | None) -> PlaneText:
    is_scan = "{Scanner Selection}" in words or "{Laser Wavelength}" in words
    channels = _scan_channels(words)
    lasers, lamps = _unit_lines(words)
    return PlaneText(
        camera=_camera(words) or camera,
        exposure_s=_exposure(words),
        binning=_setting(words, r"Binning"),
        is_scan=is_scan,
        lines={**{one.line_nm: f"{one.power:.6g} %" for one in channels}, **lasers},
        lamps_nm=frozenset(lamps),
        voltages={one.line_nm: one.voltage for one in channels if one.voltage is not None},
        bands_nm={one.line_nm: band for one in channels if (band := _cube_nm(words, one.number)) is not None},
        pinhole_um=positive(_setting(words, r"\{Pinhole Size\(um\)\}")),
        scan_speed=_setting(words, r"\{Scan Speed\}"),
        scanner=_setting(words, r"\{Scanner Selection\}"),
        dwell_us=_dwell_us(words),
        averaging=_averaging(words),
        bidirectional={"One way": False, "Two way": True, "Bidirectional": True}.get(
            _setting(words, r"\{Scan Direction\}") or ""
        ),
    )


def _setting(words: str, name: str) -> str | None:
    """The value of the first setting of this name: from its colon to a tab or the end of the line."""
    found = re.search(rf"{name}:[ ]*([^\t\n]*)", words)
    return text(found[1]) if found else None


def _exposure(words: str) -> float | None:
    found = re.search(rf"Exposure: {_NUMBER} ?(s|sec|ms|{_MICROSECONDS})(?![A-Za-z])", words)
    number = positive(found[1]) if found else None
    return None if found is None or number is None else round(number * _SECONDS[found[2]], 9)


def _dwell_us(words: str) -> float | None:
    """The time on a pixel, where its unit stands with the name (A1: braces) or behind the number (AX)."""
    name = r"(?:Pixel )?Dwell(?: Time)?"
    named = re.search(rf"\{{{name}\s*[(\[](?:{_MICROSECONDS})[)\]]\}}: *{_NUMBER}", words)
    behind = re.search(rf"\b{name}\}}?: *{_NUMBER} ?(?:{_MICROSECONDS})(?![A-Za-z])", words)
    found = named or behind
    return positive(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScanChannel:
    """A channel of a scan head: its number from 1 (None where not said), laser line, power in %, and HV."""

    number: int | None
    line_nm: float
    power: float
    voltage: float | None


def _scan_channels(words: str) -> list[_ScanChannel]:
    """The channels of a laser scan that had power."""
    found = []
    for number, line, power, voltage in re.findall(
        r"(?:CH(\d)[ \t]+)?"
        rf"\{{Laser Wavelength\}}: {_NUMBER}\s+\{{Laser Power\}}: {_NUMBER}(?:\s+\{{PMT HV\}}: {_NUMBER})?",
        words,
    ):
        line_nm, strength = wavelength_nm(line), positive(power)
        if line_nm is not None and strength is not None:
            place = int(number) if number else None
            found.append(_ScanChannel(number=place, line_nm=line_nm, power=strength, voltage=positive(voltage)))
    return found


def _cube_nm(words: str, channel: int | None) -> tuple[float, float] | None:
    """The band of the filter cube in front of a channel, which is named after its centre and width: "525/50"."""
    if channel is None or not 0 < channel <= len(_CUBES):
        return None
    found = re.search(rf"\{{{_CUBES[channel - 1]} Filter Cube\}}: *(\d{{3,4}})/(\d{{1,3}})[ \t]*$", words, re.MULTILINE)
    if found is None:
        return None
    centre, width = int(found[1]), int(found[2])
    low, high = wavelength_nm(centre - width / 2), wavelength_nm(centre + width / 2)
    return (low, high) if low is not None and high is not None and low < high else None


def _unit_lines(words: str) -> tuple[dict[float, str | None], set[float]]:
    """The lines of multi-laser units that were on, with their power, and those of lamps, which NIS calls lasers too.

    "LUN-F, MultiLaser(LUN-F):" stands above "Line:1; ExW:405; Power: 84.0; On".
    """
    lasers: dict[float, str | None] = {}
    lamps: set[float] = set()
    is_lamp = False
    for row in words.splitlines():
        unit = re.search(r"\bMultiLaser\(([^)]{0,80})\)", row)
        if unit is not None:
            is_lamp = _LAMPS.search(unit[1]) is not None
        for line, power in re.findall(rf"ExW: ?{_NUMBER}; Power: *{_NUMBER}; On\b", row):
            wavelength, strength = wavelength_nm(line), positive(power)
            if wavelength is not None and is_lamp:
                lamps.add(wavelength)
            elif wavelength is not None:
                lasers[wavelength] = None if strength is None else f"{strength:.6g} %"
    return lasers, lamps


def _averaging(words: str) -> int | None:
    mode = _setting(words, r"\{Line Average Mode\}")
    if mode is None or "average" not in mode.lower():
        return None
    return whole(_setting(words, r"\{Line Average/Integrate Count\}"))
