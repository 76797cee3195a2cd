"""What FluoView's settings record, on small settings."""

import copy
import io
from typing import Any

import pytest

from confocal_bag.image.acquisition.oif import oif_facts
from confocal_bag.image.acquisition.oif_files import time_ends

_SETTINGS: dict[str, dict[str, Any]] = {
    "Acquisition Parameters Common": {
        "Acquisition Device": "FV1000",
        "ImageCaputreDate": "2012-07-26 15:13:35",
        "IntegrationCount": 0,
        "IntegrationType": "None",
        "LaserTransmissivity01": 0.3,
        "LaserWavelength01": 488,
        "LaserWavelength02": 543,
        "Number of use Laser": 1,
        "ScanDirection": "Oneway",
        "ScanMode": "XY",
        "ZoomValue": 7.0,
    },
    "Axis 3 Parameters Common": {"AxisCode": "Z", "MaxSize": 0, "Interval": 840, "UnitName": "nm"},
    "Axis 4 Parameters Common": {"AxisCode": "T", "MaxSize": 0, "Interval": 0, "UnitName": "ms"},
    "Channel 1 Parameters": {
        "CH Name": "CH1",
        "DyeName": "None",
        "Confocal": "ON",
        "BF Name": "BA505-525",
        "ExcitationWavelength": 488,
        "EmissionWavelength": 0,
        "LightType": "Fluorescence",
    },
    "File Info": {"UserName": "Guest", "Path": "W:\\A Person\\"},
    "Reference Image Parameter": {
        "WidthConvertValue": 0.177,
        "WidthUnit": "um",
        "HeightConvertValue": 0.177,
        "HeightUnit": "um",
        "ValidBitCounts": 12,
    },
    "Version Info": {"SystemName": "FLUOVIEW FV1000", "SystemVersion": "2.1.2.5"},
}
_PLANE: dict[str, dict[str, Any]] = {
    "Acquisition Parameters Common": {
        "Magnification": 40.0,
        "ObjectiveLens NAValue": 0.75,
        "ObjectiveLens Name": "UPLFLN   40X  NA:0.75",
        "ObjectiveLens WDValue": 9999.0,
        "PMTVoltage": 1050,
        "AnalogPMTGain": 1.0,
        "PinholeDiameter": 100000,
        "ScanSpeed": 8.0,
        "Time Per Pixel": "8.0",
    }
}


@pytest.fixture
def settings() -> dict[str, dict[str, Any]]:
    """The main settings of one channel, to be changed by each test."""
    return copy.deepcopy(_SETTINGS)


def test_the_settings_are_told_in_fixed_units(settings: dict[str, dict[str, Any]]) -> None:
    """Micrometres along X, nanometres for the pinhole and Z, milliseconds for T."""
    facts = oif_facts(settings, {1: _PLANE}, {1: (0, 255, 0)})
    channel = facts.channels[0]
    assert (facts.pixel_size_um.x, facts.bit_depth, facts.zoom, facts.pixel_dwell_us) == (0.177, 12, 7, 8)
    assert (facts.acquired, facts.scan_speed) == ("2012-07-26T15:13:35", "8 µs/pixel")
    assert (channel.pinhole_um, channel.voltage_v, channel.gain) == (100, 1050, 1)
    assert (channel.color, channel.detection_bands_nm) == ((0, 255, 0), ((505, 525),))
    assert (facts.software, facts.software_version, facts.microscope) == ("FLUOVIEW", "2.1.2.5", "FV1000")


def test_axes_that_were_not_scanned_have_no_step(settings: dict[str, dict[str, Any]]) -> None:
    """The z interval of 840 nm stays from an earlier scan; MaxSize 0 says there was none."""
    facts = oif_facts(settings, {}, {})
    assert (facts.pixel_size_um.z, facts.time_increment_s) == (None, None)
    settings["Axis 3 Parameters Common"]["MaxSize"] = 5
    settings["Axis 4 Parameters Common"] |= {"MaxSize": 5, "Interval": 1500}
    facts = oif_facts(settings, {}, {})
    assert facts.pixel_size_um.z == pytest.approx(0.84)
    assert facts.time_increment_s == pytest.approx(1.5)


def test_frames_without_a_set_interval_tell_the_mean_of_their_own_times(settings: dict[str, dict[str, Any]]) -> None:
    """Each plane has the milliseconds since the start; the first need not be at zero."""
    settings["Axis 4 Parameters Common"] |= {"MaxSize": 5, "Interval": 0}
    ends = tuple({"Axis 4 Parameters": {"AbsPositionValue": ms, "AbsPositionUnitName": "ms"}} for ms in (500.0, 8500.0))
    assert oif_facts(settings, {}, {}, (ends[0], ends[1])).time_increment_s == pytest.approx(2.0)
    assert oif_facts(settings, {}, {}, (ends[0], ends[0])).time_increment_s is None
    settings["Axis 4 Parameters Common"]["Interval"] = 1500
    assert oif_facts(settings, {}, {}, (ends[0], ends[1])).time_increment_s == pytest.approx(1.5)


class _Files:
    """Members by name, each the bytes of its settings."""

    def open_file(self, name: str) -> io.BytesIO:
        return io.BytesIO(f"[File Info]\r\nDataName={name!r}\r\n".encode())


def test_the_ends_in_time_are_those_of_the_first_channel_and_depth() -> None:
    """Whatever other axes were scanned; thumbnails and reference images have no number in time."""
    names = [f"d/s_C00{c}Z00{z}T0{t:02}.pty" for c in (1, 2) for z in (1, 2) for t in (1, 2, 10)]
    ends = time_ends(_Files(), sorted([*names, "d/s_Thumb.pty", "d/s_C001-R001.pty"]))
    assert ends is not None
    assert [one["File Info"]["DataName"] for one in ends] == ["d/s_C001Z001T001.pty", "d/s_C001Z001T010.pty"]
    assert time_ends(_Files(), ["d/s_C001Z001.pty", "d/s_C001Z002.pty"]) is None


def test_only_the_lasers_in_use_are_told(settings: dict[str, dict[str, Any]]) -> None:
    """ "Number of use Laser" counts them; the rest is installed."""
    assert [one.wavelength_nm for one in oif_facts(settings, {}, {}).lasers] == [488]


def test_lasers_that_are_listed_and_not_counted_are_all_in_use(settings: dict[str, dict[str, Any]]) -> None:
    """FV10i lists only those; a count of 0 is a count."""
    common = settings["Acquisition Parameters Common"]
    del common["Number of use Laser"]
    assert [one.wavelength_nm for one in oif_facts(settings, {}, {}).lasers] == [488, 543]
    common["Number of use Laser"] = 0
    assert oif_facts(settings, {}, {}).lasers == ()
    common["Number of use Laser"] = 10**9
    assert [one.wavelength_nm for one in oif_facts(settings, {}, {}).lasers] == [488, 543]


def test_a_count_beside_no_integration_is_no_averaging(settings: dict[str, dict[str, Any]]) -> None:
    """The count stays from an earlier scan."""
    common = settings["Acquisition Parameters Common"]
    common["IntegrationCount"] = 4
    assert oif_facts(settings, {}, {}).averaging is None
    common["IntegrationType"] = "Line Kalman"
    facts = oif_facts(settings, {}, {})
    assert (facts.averaging, facts.averaging_unit) == (4, "Line")


def test_rows_that_are_lines_in_time_have_no_size(settings: dict[str, dict[str, Any]]) -> None:
    """In a line scan along X the height is in milliseconds."""
    settings["Reference Image Parameter"] |= {"HeightUnit": "ms", "HeightConvertValue": 2.0}
    settings["Axis 1 Parameters Common"] = {
        "AxisCode": "Y", "MaxSize": 256, "UnitName": "um", "StartPosition": 0.0, "EndPosition": 45.1,
    }  # fmt: skip
    size = oif_facts(settings, {}, {}).pixel_size_um
    assert (size.x, size.y) == (0.177, None)


def test_a_machine_with_a_decimal_comma_wrote_the_same_sizes(settings: dict[str, dict[str, Any]]) -> None:
    """FluoView then writes "0,207.0"."""
    settings["Reference Image Parameter"] |= {"WidthConvertValue": "0,207.0", "WidthUnit": "\u03bcm"}
    assert oif_facts(settings, {}, {}).pixel_size_um.x == pytest.approx(0.207)


def test_the_plane_tells_of_the_pinhole_where_the_channel_does_not(settings: dict[str, dict[str, Any]]) -> None:
    """FV10i says with each plane whether its detector stands behind a pinhole."""
    del settings["Channel 1 Parameters"]["Confocal"]
    assert oif_facts(settings, {1: _PLANE}, {}).channels[0].pinhole_um is None
    confocal = {"Acquisition Parameters Common": {**_PLANE["Acquisition Parameters Common"], "Confocal": "ON"}}
    assert oif_facts(settings, {1: confocal}, {}).channels[0].pinhole_um == 100


def test_a_channel_without_a_kind_of_light_has_none(settings: dict[str, dict[str, Any]]) -> None:
    """Fluorescence is not what is left when nothing is said."""
    del settings["Channel 1 Parameters"]["LightType"]
    channel = oif_facts(settings, {1: _PLANE}, {}).channels[0]
    assert (channel.contrast_method, channel.illumination_type) == (None, None)


def test_an_infrared_laser_makes_no_confocal_scan(settings: dict[str, dict[str, Any]]) -> None:
    """Two-photon microscopes scan with the same program."""
    assert oif_facts(settings, {}, {}).channels[0].acquisition_mode == "LaserScanningConfocalMicroscopy"
    settings["Acquisition Parameters Common"]["LaserWavelength01"] = 800
    assert oif_facts(settings, {}, {}).channels[0].acquisition_mode is None


def test_zero_and_none_are_not_recorded(settings: dict[str, dict[str, Any]]) -> None:
    """No dye, no emission, no averaging; and the lens has no word for its medium."""
    facts = oif_facts(settings, {1: _PLANE}, {})
    assert (facts.channels[0].fluor, facts.channels[0].emission_nm, facts.averaging) == (None, None, None)
    assert (facts.objective.immersion, facts.objective.refractive_index) == (None, None)


def test_a_plane_names_its_look_up_table(settings: dict[str, dict[str, Any]]) -> None:
    """Which need not have the number of the channel."""
    plane = {**_PLANE, "LUT Parameter": {"LUTFileName": "LUT2"}}
    assert oif_facts(settings, {1: plane}, {1: (0, 255, 0), 2: (255, 0, 0)}).channels[0].color == (255, 0, 0)


def test_transmitted_light_has_no_pinhole(settings: dict[str, dict[str, Any]]) -> None:
    """The detector stands behind no pinhole, whatever the field says."""
    settings["Channel 1 Parameters"] |= {"Confocal": "OFF", "LightType": "Transmitted Light"}
    channel = oif_facts(settings, {1: _PLANE}, {}).channels[0]
    assert (channel.pinhole_um, channel.illumination_type) == (None, "Transmitted")


def test_the_filler_9999_is_not_recorded(settings: dict[str, dict[str, Any]]) -> None:
    """FluoView writes it for what it does not know."""
    plane = {"Acquisition Parameters Common": {**_PLANE["Acquisition Parameters Common"], "PinholeDiameter": 9999}}
    assert oif_facts(settings, {1: plane}, {}).channels[0].pinhole_um is None


def test_nobody_s_name_is_among_the_facts(settings: dict[str, dict[str, Any]]) -> None:
    """User and path are in the settings and nowhere else."""
    assert "Person" not in repr(oif_facts(settings, {1: _PLANE}, {}))


def test_empty_settings_have_no_facts() -> None:
    """Nothing recorded is nothing said."""
    facts = oif_facts({}, {}, {})
    assert (facts.microscope, facts.manufacturer, facts.channels, facts.lasers) == (None, None, (), ())


def _two_channels(settings: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A second channel, set for a laser that was installed and off."""
    second = {**settings["Channel 1 Parameters"], "CH Name": "CH2", "ExcitationWavelength": 543}
    lasers = {
        "Laser 1 Parameters": {"Laser Enable": 1, "LaserWavelength": 488},
        "Laser 2 Parameters": {"Laser Enable": 0, "LaserWavelength": 543},
    }
    return {**settings, "Channel 2 Parameters": second, **lasers}


def test_a_laser_that_was_off_lit_no_channel(settings: dict[str, dict[str, Any]]) -> None:
    """The channel keeps the wavelength it was set for, and says that no laser in use had it."""
    first, second = oif_facts(_two_channels(settings), {}, {}).channels
    assert (first.laser_lines_nm, first.excitation_unlit) == ((488.0,), False)
    assert (second.laser_lines_nm, second.excitation_nm, second.excitation_unlit) == ((), 543, True)


def test_a_laser_that_is_counted_and_not_enabled_was_off(settings: dict[str, dict[str, Any]]) -> None:
    """Its own parameters count more than the list; a second laser of the line may have been on."""
    both = _two_channels(settings)
    both["Acquisition Parameters Common"]["Number of use Laser"] = 2
    assert [one.wavelength_nm for one in oif_facts(both, {}, {}).lasers] == [488]
    both["Laser 3 Parameters"] = {"Laser Enable": 1, "LaserWavelength": 543}
    assert [one.wavelength_nm for one in oif_facts(both, {}, {}).lasers] == [488, 543]


def test_a_plane_through_which_no_light_passed_was_not_lit(settings: dict[str, dict[str, Any]]) -> None:
    """Of two lasers in use, each sequential scan opens one."""
    settings["Acquisition Parameters Common"]["Number of use Laser"] = 2
    dark = {"Acquisition Parameters Common": {**_PLANE["Acquisition Parameters Common"], "ExcitationOutPutLevel": 0.0}}
    told = oif_facts(settings, {1: dark}, {}).channels[0]
    assert (told.laser_lines_nm, told.excitation_unlit) == ((), True)
    lit = {"Acquisition Parameters Common": {**_PLANE["Acquisition Parameters Common"], "ExcitationOutPutLevel": 0.3}}
    assert oif_facts(settings, {1: lit}, {}).channels[0].laser_lines_nm == (488,)


def test_a_dye_set_with_its_own_maximum_is_lit_by_the_laser_next_to_it(settings: dict[str, dict[str, Any]]) -> None:
    """FV10i writes 499 nm of Alexa Fluor 488 where its laser has 473 nm; which line lit the channel it does not say."""
    settings["Channel 1 Parameters"]["ExcitationWavelength"] = 499
    told = oif_facts(settings, {1: _PLANE}, {}).channels[0]
    assert (told.excitation_nm, told.excitation_unlit, told.laser_lines_nm) == (499, False, ())


def test_channels_taken_at_different_speeds_share_none(settings: dict[str, dict[str, Any]]) -> None:
    """Each plane has its own time per pixel, and its own lens."""
    common = {**_PLANE["Acquisition Parameters Common"], "ScanSpeed": 2.0, "Magnification": 60.0}
    other = {"Acquisition Parameters Common": {**common, "Time Per Pixel": "2.0"}}
    told = oif_facts(settings, {1: _PLANE, 2: other}, {})
    assert (told.pixel_dwell_us, told.scan_speed, told.objective.is_recorded) == (None, None, False)
    same = oif_facts(settings, {1: _PLANE, 2: _PLANE}, {})
    assert (same.pixel_dwell_us, same.scan_speed, same.objective.magnification) == (8, "8 µs/pixel", 40)


def test_no_integration_is_told_in_the_words_of_the_header(settings: dict[str, dict[str, Any]]) -> None:
    """A missing type is no word."""
    assert oif_facts(settings, {}, {}).notes == {"Averaging": "none (IntegrationType: None)"}
    del settings["Acquisition Parameters Common"]["IntegrationType"]
    assert oif_facts(settings, {}, {}).notes == {}
