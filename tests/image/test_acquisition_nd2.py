"""What NIS-Elements records as text, and the date it counts in Julian days."""

import pytest

from confocal_bag.image.acquisition.nd2 import _pixel_size, julian_date
from confocal_bag.image.acquisition.nd2_text import PlaneText, parse_description

_SCAN = """Dimensions: T(3) x Z(10)\r
Camera Name: Nikon A1plus\r
Plane #1:\r
 Name: FAM\r
 Camera Settings:\r
  {Scanner Selection}: Galvano\r
  CH1\t{Laser Wavelength}: 405.0\t{Laser Power}: 0.0\r
  \t{PMT HV}: 90\t{PMT Offset}: 0\r
  CH2\t{Laser Wavelength}: 488.0\t{Laser Power}: 0.5\r
  \t{PMT HV}: 37\t{PMT Offset}: -29\r
  {Scan Direction}: One way\r
  {Scan Speed}: 1\r
  {Line Average Mode}: Average\r
  {Line Average/Integrate Count}: 4\r
 Microscope Settings:   Microscope: Ti Microscope\r
  Nikon Ti, FilterChanger(Turret1): 2\r
"""
_CAMERA = """Metadata:
Camera Name: Fusion, SN:500651
Plane #1:
 Name: DAPI
 Camera Settings:   Exposure: 20 ms
  Binning: 2x2
 Microscope Settings:   Microscope: Ti2 Microscope
  LUN-F, MultiLaser(LUN-F):
     Line:1; ExW:405; Power: 84.0; On
     Line:2; ExW:488; Power: 10.0; Off
Plane #2:
 Name: FITC
 Camera Settings:   Exposure: 1 s
  LUN-F, MultiLaser(LUN-F):
     Line:2; ExW:488; Power: 95.7; On
"""


def test_a_laser_scan_tells_its_lines_voltages_and_averaging() -> None:
    """A channel without power was not used, whatever its voltage."""
    described = parse_description(_SCAN)
    plane = described.plane(0)
    assert dict(plane.lines) == {488.0: "0.5 %"}
    assert dict(plane.voltages) == {488.0: 37.0}
    assert (plane.averaging, plane.scan_speed, plane.bidirectional) == (4, "1", False)
    assert (described.microscope, described.names_nikon, plane.camera) == ("Ti", True, "Nikon A1plus")


def test_no_averaging_is_not_an_averaging_of_none() -> None:
    """The mode "None" with count 0 is absence."""
    unset = _SCAN.replace("Mode}: Average", "Mode}: None").replace("Count}: 4", "Count}: 0")
    assert parse_description(unset).plane(0).averaging is None


def test_each_plane_has_the_lines_that_were_on_and_its_exposure() -> None:
    """Milliseconds and seconds; lines that were off are not told."""
    described = parse_description(_CAMERA)
    first, second = described.plane(0), described.plane(1)
    assert (dict(first.lines), first.exposure_s, first.binning) == ({405.0: "84 %"}, 0.02, "2x2")
    assert (dict(second.lines), second.exposure_s) == ({488.0: "95.7 %"}, 1.0)
    assert described.plane(2) == PlaneText()


def test_the_camera_is_named_without_its_serial_number() -> None:
    """The number identifies one device and its owner."""
    assert parse_description(_CAMERA).plane(0).camera == "Fusion"


def test_no_text_is_no_fact() -> None:
    """An empty description describes nothing."""
    assert parse_description("  ").planes == ()


def test_julian_days_are_utc_to_the_millisecond() -> None:
    """2456827.080131852 is an afternoon of June 2014; 0 is none."""
    assert julian_date(2456827.080131852) == "2014-06-18T13:55:23.392Z"
    assert julian_date(0.0) is None
    assert julian_date(-1.0) is None


class _Volume:
    axesCalibrated = (True, True, False)  # noqa: N815 - names of the library
    axesCalibration = (0.16, 0.16, 1.0)  # noqa: N815


class _Channel:
    volume = _Volume()


class _Parameters:
    stepUm = -0.5  # noqa: N815


class _Loop:
    type = "ZStackLoop"
    parameters = _Parameters()


class _Source:
    def __init__(self, loops: list[_Loop]) -> None:
        self.experiment = loops


def test_an_uncalibrated_axis_is_no_step_of_one_micrometre() -> None:
    """The library gives 1.0 for z where there is no stack; a stack downwards has the size of its step."""
    assert _pixel_size(_Source([]), _Channel()).z is None
    assert _pixel_size(_Source([]), _Channel()).x == pytest.approx(0.16)
    assert _pixel_size(_Source([_Loop()]), _Channel()).z == 0.5
