"""The text in which NIS-Elements describes an acquisition, plane by plane."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from confocal_bag.image.acquisition.nd2_lights import NUMBER, lights_of
from confocal_bag.image.acquisition.values import positive, text, wavelength_nm, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Description", "PlaneText", "parse_description"]

_Setting = TypeVar("_Setting")

#: No description of a real file comes near this; the patterns below are linear in it.
_LONGEST = 1 << 20
_SECONDS = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "usec": 1e-6, "µs": 1e-6, "\u03bcs": 1e-6}
_MICROSECONDS = "us|usec|µs|\u03bcs"
#: The filter cube in front of the detector of each channel of a scan head, CH1 to CH5.
_CUBES = ("First", "Second", "Third", "Fourth", "Fifth")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneText:
    """What the text tells of one plane, a channel. `lamps_nm` are the lines of lamps that were on.

    `lines`, `voltages` and `bands_nm` map laser lines to their power, to the HV of the detector of their channel, and
    to the band in front of it. `lights` names every source that was on, with its line and power.
    """

    name: str | None = None
    camera: str | None = None
    exposure_s: float | None = None
    binning: str | None = None
    is_scan: bool = False
    lines: Mapping[float, str | None] = field(default_factory=dict)
    lamps_nm: frozenset[float] = frozenset()
    lights: tuple[str, ...] = ()
    is_spinning_disk: bool = False
    voltages: Mapping[float, float] = field(default_factory=dict)
    bands_nm: Mapping[float, tuple[float, float]] = field(default_factory=dict)
    pinhole_um: float | None = None
    scan_speed: str | None = None
    scanner: str | None = None
    dwell_us: float | None = None
    averaging: int | None = None
    is_unaveraged: bool = False
    bidirectional: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The whole text: the microscope, and a `PlaneText` for each plane."""

    microscope: str | None = None
    names_nikon: bool = False
    planes: tuple[PlaneText, ...] = ()

    def of_channels(self, names: Sequence[str | None]) -> tuple[PlaneText, ...]:
        """The text of each channel: that of its name, or in order where no name is among those of the texts.

        An only text is of all channels where it is of a laser scan, which lists all its lines at once. A camera takes
        the channels one after the other: of several, one text tells nothing.
        """
        if len(self.planes) == 1 and (len(names) == 1 or self.planes[0].is_scan):
            return self.planes * len(names)
        if self._is_in_order(names):
            return self.planes
        return tuple(self._named(name) if names.count(name) == 1 else PlaneText() for name in names)

    def _is_in_order(self, names: Sequence[str | None]) -> bool:
        """Whether text and channel of each place bear one name, or none at all do, as after a change of names."""
        texts = [plane.name for plane in self.planes]
        if len(texts) != len(names):
            return False
        same = all(one is None or one == name for one, name in zip(texts, names, strict=True))
        return same or set(texts).isdisjoint(names)

    def _named(self, name: str | None) -> PlaneText:
        fitting = [plane for plane in self.planes if plane.name is not None and plane.name == name]
        return fitting[0] if len(fitting) == 1 else PlaneText()


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
    lights = list(lights_of(words))
    return PlaneText(
        name=_setting(words, r"(?m:^)[ \t]*Name"),
        camera=_camera(words) or camera,
        exposure_s=_exposure(words),
        binning=_setting(words, r"Binning"),
        is_scan=is_scan,
        lines=_by_line(
            [
                *((one.line_nm, f"{one.power:.6g} %") for one in channels),
                *((one.line_nm, one.power) for one in lights if not one.is_lamp),
            ]
        ),
        lamps_nm=frozenset(one.line_nm for one in lights if one.is_lamp),
        lights=tuple(one.words for one in lights),
        is_spinning_disk=_says(words, r"^ *CSU-?\w*,? Observation Mode: *Confocal"),
        voltages=_known(_by_line((one.line_nm, one.voltage) for one in channels)),
        bands_nm=_known(_by_line((one.line_nm, _cube_nm(words, one.number)) for one in channels)),
        pinhole_um=positive(_setting(words, r"\{Pinhole Size\(um\)\}")),
        scan_speed=_setting(words, r"\{Scan Speed\}"),
        scanner=_setting(words, r"\{Scanner Selection\}"),
        dwell_us=_dwell_us(words),
        averaging=_averaging(words),
        is_unaveraged=_says(words, r"\{Line Average Mode\}: *None"),
        bidirectional={"One way": False, "Two way": True, "Bidirectional": True}.get(
            _setting(words, r"\{Scan Direction\}") or ""
        ),
    )


def _setting(words: str, name: str) -> str | None:
    """The value of the first setting of this name: from its colon to a tab or the end of the line."""
    found = re.search(rf"{name}:[ ]*([^\t\n]*)", words)
    return text(found[1]) if found else None


def _says(words: str, line: str) -> bool:
    """Whether a line of the text ends like this."""
    return re.search(rf"{line}[ \t]*$", words, re.MULTILINE) is not None


def _exposure(words: str) -> float | None:
    found = re.search(rf"Exposure: {NUMBER} ?(s|sec|ms|{_MICROSECONDS})(?![A-Za-z])", words)
    number = positive(found[1]) if found else None
    return None if found is None or number is None else round(number * _SECONDS[found[2]], 9)


def _dwell_us(words: str) -> float | None:
    """The time on a pixel, where its unit stands with the name (A1: braces) or behind the number (AX)."""
    name = r"(?:Pixel )?Dwell(?: Time)?"
    named = re.search(rf"\{{{name}\s*[(\[](?:{_MICROSECONDS})[)\]]\}}: *{NUMBER}", words)
    behind = re.search(rf"\b{name}\}}?: *{NUMBER} ?(?:{_MICROSECONDS})(?![A-Za-z])", words)
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
        rf"\{{Laser Wavelength\}}: {NUMBER}\s+\{{Laser Power\}}: {NUMBER}(?:\s+\{{PMT HV\}}: {NUMBER})?",
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


def _by_line(pairs: Iterable[tuple[float, _Setting | None]]) -> dict[float, _Setting | None]:
    """The setting of each line; None where two channels share a line and differ in the setting."""
    found: dict[float, _Setting | None] = {}
    for line, setting in pairs:
        found[line] = setting if found.get(line, setting) == setting else None
    return found


def _known(settings: Mapping[float, _Setting | None]) -> dict[float, _Setting]:
    return {line: setting for line, setting in settings.items() if setting is not None}


def _averaging(words: str) -> int | None:
    mode = _setting(words, r"\{Line Average Mode\}")
    if mode is None or "average" not in mode.lower():
        return None
    return whole(_setting(words, r"\{Line Average/Integrate Count\}"))
