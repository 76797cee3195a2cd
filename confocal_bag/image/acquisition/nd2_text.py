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
_SECONDS = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneText:
    """What the text tells of one plane, a channel; `lines` and `voltages` map laser lines to power and HV."""

    camera: str | None = None
    exposure_s: float | None = None
    binning: str | None = None
    is_scan: bool = False
    lines: Mapping[float, str | None] = field(default_factory=dict)
    voltages: Mapping[float, float] = field(default_factory=dict)
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
    return PlaneText(
        camera=_camera(words) or camera,
        exposure_s=_exposure(words),
        binning=_setting(words, r"Binning"),
        is_scan=is_scan,
        lines={**_scan_lines(words), **_unit_lines(words)},
        voltages=_voltages(words),
        scan_speed=_setting(words, r"\{Scan Speed\}"),
        scanner=_setting(words, r"\{Scanner Selection\}"),
        dwell_us=positive(_setting(words, r"\{(?:Pixel )?Dwell(?: Time)?\s*[(\[](?:us|usec|µs)[)\]]\}")),
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
    found = re.search(r"Exposure: ([\d.]+) ?(s|sec|ms|us|µs)\b", words)
    number = positive(found[1]) if found else None
    return None if found is None or number is None else round(number * _SECONDS[found[2]], 9)


def _scan_channels(words: str) -> list[tuple[float, float | None, float | None]]:
    """Line, power and high voltage of the channels of a laser scan that had power."""
    pattern = r"\{Laser Wavelength\}: ([\d.]+)\s+\{Laser Power\}: ([\d.]+)(?:\s+\{PMT HV\}: ([\d.]+))?"
    found = [
        (wavelength_nm(line), positive(power), positive(voltage)) for line, power, voltage in re.findall(pattern, words)
    ]
    return [(line, power, voltage) for line, power, voltage in found if line is not None and power is not None]


def _scan_lines(words: str) -> dict[float, str | None]:
    return {line: f"{power:.6g} %" if power is not None else None for line, power, _ in _scan_channels(words)}


def _voltages(words: str) -> dict[float, float]:
    return {line: voltage for line, _, voltage in _scan_channels(words) if voltage is not None}


def _unit_lines(words: str) -> dict[float, str | None]:
    """The lines of a multi-laser unit that were on: "Line:1; ExW:405; Power: 84.0; On"."""
    found = {}
    for line, power in re.findall(r"ExW: ?([\d.]+); Power: *([\d.]+); On\b", words):
        wavelength, strength = wavelength_nm(line), positive(power)
        if wavelength is not None:
            found[wavelength] = None if strength is None else f"{strength:.6g} %"
    return found


def _averaging(words: str) -> int | None:
    mode = _setting(words, r"\{Line Average Mode\}")
    if mode is None or "average" not in mode.lower():
        return None
    return whole(_setting(words, r"\{Line Average/Integrate Count\}"))
