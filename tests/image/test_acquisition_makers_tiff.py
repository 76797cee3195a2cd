"""What MetaMorph and the older FluoView record in tags of their own."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from confocal_bag.image.acquisition.fluoview_tiff import fluoview_facts
from confocal_bag.image.acquisition.stk import read_stk, stk_facts
from confocal_bag.image.model import Series

_DATES = np.array(
    ["2004-05-03T10:15:00.000", "2004-05-03T10:15:02.500", "2004-05-03T10:15:05.000"], dtype="datetime64[ns]"
)
_STK: dict[str, Any] = {
    "SpatialCalibration": 1,
    "XCalibration": 0.129,
    "YCalibration": 0.129,
    "CalibrationUnits": "um",
    "ZDistance": np.array([0.3, 0.3, 0.3]),
    "DatetimeCreated": _DATES,
    "PlaneDescriptions": ["Exposure: 50 ms\r\nBinning: 1 x 1", "Exposure: 50 ms", "Exposure: 50 ms"],
}


def _series(**sizes: int) -> Series:
    axes = {"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4} | sizes
    return Series(index=0, name="x", axes=axes, dtype=np.dtype("uint16"))


def test_a_metamorph_stack_tells_its_steps_date_and_exposure() -> None:
    """The clock's zone is not recorded."""
    facts = stk_facts(_STK, "MetaMorph 7.8.13.0", _series(Z=3))
    size = facts.pixel_size_um
    assert (size.x, size.y, size.z) == (0.129, 0.129, 0.3)
    assert (facts.acquired, facts.time_increment_s) == ("2004-05-03T10:15:00.000", None)
    assert (facts.software, facts.software_version) == ("MetaMorph 7.8.13.0", "7.8.13.0")
    assert [one.exposure_s for one in facts.channels] == [0.05]


def test_a_series_in_time_has_an_increment_and_no_step() -> None:
    """The mean of the times; distances of zero are those of a stage that did not move."""
    facts = stk_facts({**_STK, "ZDistance": np.zeros(3)}, None, _series(T=3))
    assert (facts.time_increment_s, facts.pixel_size_um.z) == (2.5, None)


@pytest.mark.parametrize(
    "change",
    [
        {"SpatialCalibration": 0},
        {"CalibrationUnits": "pixel"},
        {"CalibrationUnits": ""},
        {"XCalibration": float("inf"), "YCalibration": float("nan")},
        {"XCalibration": 0.0, "YCalibration": -1},
    ],
)
def test_an_uncalibrated_stack_has_no_pixel_size(change: dict[str, Any]) -> None:
    """1 for 1 pixel is what MetaMorph writes where nobody calibrated."""
    size = stk_facts({**_STK, "XCalibration": 1.0, "YCalibration": 1.0, **change}, None, _series(Z=3)).pixel_size_um
    assert (size.x, size.y) == (None, None)


def test_steps_that_differ_are_no_step() -> None:
    """Planes at depths of their own have no common distance; backwards is a direction."""
    uneven = {**_STK, "ZDistance": np.array([0.3, 0.9, 0.3])}
    assert stk_facts(uneven, None, _series(Z=3)).pixel_size_um.z is None
    assert stk_facts({**_STK, "ZDistance": -_STK["ZDistance"]}, None, _series(Z=3)).pixel_size_um.z == 0.3


def test_exposures_that_differ_are_not_told_of_the_channel() -> None:
    """Which plane had which is in the descriptions of the planes."""
    told = {**_STK, "PlaneDescriptions": ["Exposure: 50 ms", "Exposure: 100 ms"]}
    assert stk_facts(told, None, _series(Z=3)).channels == ()


def test_an_empty_header_of_metamorph_tells_nothing() -> None:
    """Dates that could not be read are None, and so is a date of the year zero."""
    facts = stk_facts({"DatetimeCreated": None}, None, _series(Z=3))
    assert (facts.acquired, facts.channels, facts.pixel_size_um.x) == (None, (), None)
    assert stk_facts({"DatetimeCreated": np.array(["NaT"], dtype="datetime64[ns]")}, None, _series()).acquired is None


def test_the_axes_of_an_older_fluoview_are_read_in_their_units() -> None:
    """An axis of one sample was not scanned; a channel has no length."""
    dimensions = [
        ("X", 512, 0.0, 0.4, "um"),
        ("Y", 512, 0.0, 0.4, "\u03bcm"),
        ("Z", 20, 0.0, -500.0, "nm"),
        ("T", 1, 0.0, 1.0, "s"),
        ("Ch", 2, 0.0, 1.0, ""),
    ]
    facts = fluoview_facts({"Dimensions": dimensions}, "FLUOVIEW 5.0")
    size = facts.pixel_size_um
    assert [size.x, size.y, size.z] == pytest.approx([0.4, 0.4, 0.5])
    assert (facts.time_increment_s, facts.software_version) == (None, "5.0")
    timed = fluoview_facts({"Dimensions": [("Time", 5, 0.0, 250.0, "ms")]}, None)
    assert timed.time_increment_s == 0.25


def test_an_empty_header_of_fluoview_tells_nothing() -> None:
    """Nor does one of units that are no length."""
    assert fluoview_facts({}, None).pixel_size_um.x is None
    assert fluoview_facts({"Dimensions": [("X", 512, 0.0, 1.0, "pixel")]}, None).pixel_size_um.x is None


def _stk(path: Path, *, planes: int, depths: int, milliseconds: int) -> Path:
    """A stack of 4 x 4 planes: one directory, the tags UIC1 (calibration) and UIC2 (depth and time of each plane)."""
    content = bytearray(b"II*\0" + bytes(4))
    pixels = len(content)
    content += bytes(planes * 32)
    of_planes = len(content)
    for number in range(planes):
        content += struct.pack("<6I", depths, 10, 2453129, 36900000 + milliseconds * number, 0, 0)
    size = len(content)
    content += struct.pack("<2I", 129, 1000)
    unit = len(content)
    content += struct.pack("<I", 3) + b"um\0\0"
    calibration = len(content)
    content += struct.pack("<8I", 3, 1, 4, size, 5, size, 6, unit)
    tags = [
        (256, 3, 1, 4), (257, 3, 1, 4), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, pixels),
        (277, 3, 1, 1), (278, 3, 1, 4), (279, 4, 1, 32), (33628, 4, 4, calibration), (33629, 5, planes, of_planes),
    ]  # fmt: skip
    content[4:8] = struct.pack("<I", len(content))
    content += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    path.write_bytes(bytes(content))
    return path


def test_a_written_stack_tells_its_facts(tmp_path: Path) -> None:
    """From the file's bytes, through tifffile: a stack in depth, and a series in time."""
    (deep,) = read_stk(_stk(tmp_path / "z.stk", planes=3, depths=3, milliseconds=0), [_series(Z=3)]).series
    assert (deep.pixel_size_um.x, deep.pixel_size_um.z) == (0.129, 0.3)
    assert (deep.acquired, deep.time_increment_s) == ("2004-05-04T10:15:00.000", None)
    (timed,) = read_stk(_stk(tmp_path / "t.stk", planes=3, depths=0, milliseconds=2500), [_series(T=3)]).series
    assert (timed.pixel_size_um.z, timed.time_increment_s) == (None, 2.5)
