"""What FluoView's settings record, on small settings."""

import copy
from typing import Any

import pytest

from confocal_bag.image.acquisition.oif import oif_facts

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


def test_only_the_lasers_in_use_are_told(settings: dict[str, dict[str, Any]]) -> None:
    """ "Number of use Laser" counts them; the rest is installed."""
    assert [one.wavelength_nm for one in oif_facts(settings, {}, {}).lasers] == [488]


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
