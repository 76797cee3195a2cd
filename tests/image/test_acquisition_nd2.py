"""What NIS-Elements records as text, and the date it counts in Julian days."""

from types import SimpleNamespace

import pytest

from confocal_bag.image.acquisition.facts import ChannelFacts
from confocal_bag.image.acquisition.nd2 import _lasers, _pixel_size, julian_date
from confocal_bag.image.acquisition.nd2_channel import channel_facts
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
    plane = described.planes[0]
    assert dict(plane.lines) == {488.0: "0.5 %"}
    assert dict(plane.voltages) == {488.0: 37.0}
    assert (plane.averaging, plane.scan_speed, plane.bidirectional) == (4, "1", False)
    assert (described.microscope, described.names_nikon, plane.camera) == ("Ti", True, "Nikon A1plus")


def test_no_averaging_is_not_an_averaging_of_none() -> None:
    """The mode "None" with count 0 has no number."""
    unset = _SCAN.replace("Mode}: Average", "Mode}: None").replace("Count}: 4", "Count}: 0")
    assert parse_description(unset).planes[0].averaging is None


def test_each_plane_has_the_lines_that_were_on_and_its_exposure() -> None:
    """Milliseconds and seconds; lines that were off are not told."""
    described = parse_description(_CAMERA)
    first, second = described.planes[0], described.planes[1]
    assert (dict(first.lines), first.exposure_s, first.binning) == ({405.0: "84 %"}, 0.02, "2x2")
    assert (dict(second.lines), second.exposure_s) == ({488.0: "95.7 %"}, 1.0)
    assert described.of_channels(["DAPI", "FITC", "Cy5"])[2] == PlaneText()


def test_the_camera_is_named_without_its_serial_number() -> None:
    """The number identifies one device and its owner."""
    assert parse_description(_CAMERA).planes[0].camera == "Fusion"


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


_FOUR = """Plane #1:
 Camera Settings:
  {Scanner Selection}: Galvano
  {First Filter Cube}: 450/50
  {Second Filter Cube}: 525/50
  {Third Filter Cube}: LP650
  CH1\t{Laser Wavelength}: 403.2\t{Laser Power}: 11,6
  \t{PMT HV}: 107\t{PMT Offset}: 0
  CH2\t{Laser Wavelength}: 487.7\t{Laser Power}: 4.7
  \t{PMT HV}: 132\t{PMT Offset}: -12
  CH3\t{Laser Wavelength}: 561.6\t{Laser Power}: 6.4
  {Pinhole Size(um)}: 120.1
"""


def _one(excitation: float | None, *, pinhole: float | None = None) -> ChannelFacts:
    meta = SimpleNamespace(name="DAPI", excitationLambdaNm=excitation, emissionLambdaNm=450.0, color=None)
    scope = SimpleNamespace(modalityFlags=["laserScanConfocal"], pinholeDiameterUm=pinhole)
    return channel_facts(SimpleNamespace(channel=meta, microscope=scope), parse_description(_FOUR).planes[0])


def test_a_channel_has_the_laser_nearest_to_the_light_it_is_said_to_be_excited_with() -> None:
    """Each laser has a line of its own; the channel keeps the number that was chosen for it."""
    channel = _one(405.0)
    assert (channel.excitation_nm, channel.laser_lines_nm, channel.gain) == (405, (403.2,), 107)
    assert channel.detection_bands_nm == ((425, 475),)
    assert _one(450.0).laser_lines_nm == ()


def test_a_channel_of_which_no_light_is_said_has_no_laser_of_several() -> None:
    """The image still has them all."""
    channel = _one(None)
    assert (channel.excitation_nm, channel.laser_lines_nm, channel.gain) == (None, (), None)
    lasers = _lasers(parse_description(_FOUR).planes)
    assert [(one.wavelength_nm, one.power) for one in lasers] == [(403.2, "11.6 %"), (487.7, "4.7 %"), (561.6, "6.4 %")]


def test_a_pinhole_of_zero_is_told_by_the_text() -> None:
    """Older versions leave the field of the file at 0."""
    assert _one(405.0, pinhole=0.0).pinhole_um == 120.1
    assert _one(405.0, pinhole=38.3).pinhole_um == 38.3


def test_a_cube_that_is_not_named_after_a_band_tells_none() -> None:
    """ "LP650" passes everything above; the channel behind it has no band."""
    assert _one(561.0).detection_bands_nm == ()
    assert _one(488.0).detection_bands_nm == ((500, 550),)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{Dwell Time(us)}: 2.2", 2.2),
        ("{Pixel Dwell[\u03bcs]}: 2,2", 2.2),
        ("Dwell Time: 2.2 µs", 2.2),
        ("Dwell Time: 2.2", None),
        ("Dwell Time: 2.2 used", None),
    ],
)
def test_a_dwell_time_needs_its_unit(words: str, expected: float | None) -> None:
    """With the name or behind the number; without one it could be anything."""
    assert parse_description(words).planes[0].dwell_us == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("1,5 s", 1.5), ("20 ms", 0.02), ("50 \u03bcs", 5e-5), ("0 ms", None), ("1,000 ms", None), ("Auto", None)],
)
def test_an_exposure_is_read_with_its_unit(words: str, expected: float | None) -> None:
    """Also as a machine with a decimal comma writes it."""
    assert parse_description(f"Camera Settings:   Exposure: {words}\n").planes[0].exposure_s == expected


_LAMP = """Plane #1:
  LUN-F, MultiLaser(LUN-F):
     Line:3; ExW:561; Power: 82.5; On
  Lida, MultiLaser(Lida):
     Line:1; ExW:450; Power:  5.0; On
     Line:2; ExW:550; Power:  5.0; Off
Plane #2:
  LUN-F, MultiLaser(LUN-F):
     Line:1; ExW:405; Power: 84.0; On
"""


def test_the_lines_of_a_lamp_are_no_laser_lines() -> None:
    """NIS-Elements calls every unit that is switched line by line a laser."""
    lit, other = parse_description(_LAMP).planes
    assert dict(lit.lines) == {561.0: "82.5 %"}
    assert lit.lamps_nm == {450.0}
    assert dict(other.lines) == {405.0: "84 %"}
    assert other.lamps_nm == frozenset()


@pytest.mark.parametrize("unit", ["Coupled laser", "Laser controlled"])
def test_letters_within_a_word_make_no_lamp(unit: str) -> None:
    """LED is a word of its own."""
    plane = parse_description(_LAMP.replace("Lida", unit)).planes[0]
    assert (set(plane.lines), plane.lamps_nm) == ({450.0, 561.0}, frozenset())


def test_a_channel_lit_by_a_lamp_and_a_laser_has_no_excitation_of_its_own() -> None:
    """Which of the two lit the sample is not recorded."""
    meta = SimpleNamespace(name="Mono", excitationLambdaNm=None, emissionLambdaNm=None, color=None)
    scope = SimpleNamespace(modalityFlags=[], pinholeDiameterUm=None)
    channel = SimpleNamespace(channel=meta, microscope=scope)
    told = channel_facts(channel, parse_description(_LAMP).planes[0])
    assert (told.excitation_nm, told.laser_lines_nm) == (None, ())
    assert [one.wavelength_nm for one in _lasers(parse_description(_LAMP).planes)] == [405, 561]
    assert channel_facts(channel, parse_description(_LAMP).planes[1]).excitation_nm == 405
