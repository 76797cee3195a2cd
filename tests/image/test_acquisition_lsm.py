"""What an LSM header records, on synthetic CZ_LSMINFO records."""

import copy
import struct
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.image.acquisition.lsm import lsm_facts, read_lsm
from confocal_bag.image.acquisition.lsm_blocks import application_tags, characteristics
from tests import make

_DETECTOR = {
    "ChannelName": "Ch1",
    "Acquire": 1,
    "DetectorGainFirst": 764.5,
    "AmplifierGainFirst": 1.0,
    "PinholeDiameter": 38.5,
    "PointDetectorName": "Pmt1",
    "DyeName": "Alexa Fluor 568",
}
_INFO: dict[str, Any] = {
    "DimensionZ": 1,
    "DimensionTime": 1,
    "DimensionChannels": 1,
    "VoxelSizeX": 2e-7,
    "VoxelSizeY": 2e-7,
    "VoxelSizeZ": 1e-19,
    "TimeIntervall": 0.0,
    "SpectralScan": 0,
    "Positions": [[0.0, 0.0, 0.0]],
    "ChannelWavelength": [[5.7e-7, 6.3e-7]],
    "ChannelColors": {"ColorNames": ["Ch1"], "Colors": [[255, 0, 0, 0]]},
    "ScanInformation": {
        "Objective": "Plan-Apochromat 63x/1.4 Oil DIC M27",
        "User": "a.person",
        "ZoomX": 2.0,
        "ScanMode": "Plane",
        "ScanDirection": 0,
        "Sample0time": 42888.65119212963,
        "Lasers": [{"Name": "DPSS 561-10"}],
        "Tracks": [
            {
                "Name": "Track 1",
                "Acquire": 1,
                "PixelTime": 1.5,
                "SamplingNumber": 4,
                "SamplingMode": 1,
                "SamplingMethod": 1,
                "DetectionChannels": [_DETECTOR],
                "IlluminationChannels": [{"Wavelength": 561.0, "Power": 5.0, "Aquire": 1}],
                "DataChannels": [{"BitsPerSample": 12}],
            }
        ],
    },
}


@pytest.fixture
def info() -> dict[str, Any]:
    """A record of one channel, one plane, one laser, to be changed by each test."""
    return copy.deepcopy(_INFO)


def _track(info: dict[str, Any]) -> dict[str, Any]:
    track: dict[str, Any] = info["ScanInformation"]["Tracks"][0]
    return track


def test_the_settings_of_a_scan_are_told_in_fixed_units(info: dict[str, Any]) -> None:
    """Pixel size in micrometres, dwell in microseconds, pinhole in micrometres."""
    facts = lsm_facts(info, {"Device": "LSM 710, AxioObserver"})
    channel = facts.channels[0]
    assert facts.pixel_size_um.x == pytest.approx(0.2)
    assert (facts.zoom, facts.pixel_dwell_us, facts.averaging, facts.averaging_unit) == (2, 1.5, 4, "Line")
    assert (facts.objective.magnification, facts.objective.numerical_aperture) == (63, 1.4)
    assert (facts.microscope, facts.manufacturer) == ("LSM 710, AxioObserver", "Zeiss")
    assert (channel.pinhole_um, channel.voltage_v, channel.fluor) == (38.5, 764.5, "Alexa Fluor 568")
    assert channel.detection_bands_nm == ((570.0, 630.0),)
    assert channel.color == (255, 0, 0)
    assert facts.bit_depth == 12


def test_a_z_step_of_a_single_plane_is_not_recorded(info: dict[str, Any]) -> None:
    """1e-19 m is a filler, and so is any step where there is one plane."""
    assert lsm_facts(info, {}).pixel_size_um.z is None
    info["VoxelSizeZ"] = 5e-7
    assert lsm_facts(info, {}).pixel_size_um.z is None
    info["DimensionZ"] = 5
    assert lsm_facts(info, {}).pixel_size_um.z == pytest.approx(0.5)


def test_one_time_point_has_no_increment(info: dict[str, Any]) -> None:
    """An interval of 0 is a filler; stamps tell the increment where it was not set."""
    info["TimeStamps"] = [10.0]
    assert lsm_facts(info, {}).time_increment_s is None
    info |= {"DimensionTime": 3, "TimeStamps": [10.0, 12.0, 15.0]}
    assert lsm_facts(info, {}).time_increment_s == pytest.approx(2.5)
    info["TimeIntervall"] = 2.0
    assert lsm_facts(info, {}).time_increment_s == 2.0


def test_the_date_is_that_of_the_file_to_the_hour(info: dict[str, Any]) -> None:
    """Sample0time counts days from 30 December 1899."""
    assert lsm_facts(info, {}).acquired == "2017-06-02T15:37:43"
    info["ScanInformation"]["Sample0time"] = 0.0
    assert lsm_facts(info, {}).acquired is None
    assert lsm_facts(info, {"AcquisitionDateAndTime": "42888.65119212963"}).acquired == "2017-06-02T15:37:43"


def test_lasers_are_not_paired_with_lines_by_their_order(info: dict[str, Any]) -> None:
    """The two lists are in different orders, so of several lines none gets a name."""
    assert [(one.wavelength_nm, one.name) for one in lsm_facts(info, {}).lasers] == [(561, "DPSS 561-10")]
    _track(info)["IlluminationChannels"].append({"Wavelength": 405.0, "Power": 1.0, "Aquire": 1})
    info["ScanInformation"]["Lasers"].append({"Name": "Diode 405-30"})
    facts = lsm_facts(info, {})
    assert [(one.wavelength_nm, one.name) for one in facts.lasers] == [(405, None), (561, None)]
    assert facts.channels[0].excitation_nm is None
    assert facts.channels[0].laser_lines_nm == (405, 561)


def test_lines_of_a_lambda_track_count_though_none_is_marked_as_acquired(info: dict[str, Any]) -> None:
    """Their flags are 0 and their powers set; lines without power were off."""
    _track(info)["Name"] = "Lambda"
    _track(info)["IlluminationChannels"] = [
        {"Wavelength": 488.0, "Power": 1.3, "Aquire": 0},
        {"Wavelength": 633.0, "Power": 0.0, "Aquire": 0},
    ]
    assert [one.wavelength_nm for one in lsm_facts(info, {}).lasers] == [488]


def test_lines_of_another_track_in_which_none_is_marked_were_off(info: dict[str, Any]) -> None:
    """A lamp lit the track; the powers are what the lasers were left at."""
    _track(info)["IlluminationChannels"] = [{"Wavelength": 488.0, "Power": 25.0, "Aquire": 0}]
    facts = lsm_facts(info, {})
    assert (facts.lasers, facts.channels[0].laser_lines_nm, facts.channels[0].excitation_nm) == ((), (), None)


def test_a_track_of_a_detector_with_many_bands_is_a_lambda_track(info: dict[str, Any]) -> None:
    """Whatever its user named it."""
    _track(info)["DetectionChannels"] = [{**_DETECTOR, "SpectralScanChannels": 28}]
    _track(info)["IlluminationChannels"] = [{"Wavelength": 488.0, "Power": 1.3, "Aquire": 0}]
    assert [one.wavelength_nm for one in lsm_facts(info, {}).lasers] == [488]


def test_an_only_track_was_acquired_whatever_its_mark(info: dict[str, Any]) -> None:
    """Of several tracks only the marked ones were; files of early versions mark none."""
    _track(info)["Acquire"] = 0
    assert lsm_facts(info, {}).pixel_dwell_us == 1.5
    info["ScanInformation"]["Tracks"].append({**_track(info), "PixelTime": 3.0, "Acquire": 1})
    assert lsm_facts(info, {}).pixel_dwell_us == 3.0


@pytest.mark.parametrize(
    ("mode", "method", "count", "expected"),
    [(1, 1, 4, 4), (2, 1, 8, 8), (0, 1, 4, None), (0, 1, 1, 1), (1, 2, 4, None)],
)
def test_only_a_mean_is_averaging(
    info: dict[str, Any], mode: int, method: int, count: int, expected: int | None
) -> None:
    """Mode 0 takes a sample as it comes, whatever number stands beside it; method 2 is a sum."""
    _track(info).update(SamplingMode=mode, SamplingMethod=method, SamplingNumber=count)
    assert lsm_facts(info, {}).averaging == expected


def test_tiles_are_counted(info: dict[str, Any]) -> None:
    """One tile is no mosaic."""
    assert lsm_facts({**info, "DimensionM": 1}, {}).tiles is None
    assert lsm_facts({**info, "DimensionM": 6}, {}).tiles == 6


def test_a_lambda_scan_tells_where_it_starts_and_its_step(info: dict[str, Any]) -> None:
    """All bands come from one detector; a transmitted channel beside them has its own."""
    transmitted = {"ChannelName": "T-PMT", "Acquire": 1, "DetectorGainFirst": 300.0, "PinholeDiameter": 0.0}
    _track(info)["DetectionChannels"] = [_DETECTOR | {"ChannelName": "ChS"}, transmitted]
    info |= {
        "SpectralScan": 1,
        "DimensionChannels": 4,
        "ChannelWavelength": [[4.1e-7, 4.2e-7], [4.2e-7, 4.3e-7], [4.3e-7, 4.4e-7], [0.0, 0.0]],
        "ChannelColors": {"ColorNames": ["415", "425", "435", "T-PMT"], "Colors": []},
    }
    facts = lsm_facts(info, {})
    assert (facts.lambda_count, facts.lambda_start_nm, facts.lambda_step_nm) == (3, 410.0, 10.0)
    assert [one.voltage_v for one in facts.channels] == [764.5, 764.5, 764.5, 300.0]
    assert [one.pinhole_um for one in facts.channels] == [38.5, 38.5, 38.5, None]
    assert facts.channels[3].detection_bands_nm == ()


def test_channels_of_two_tracks_are_told_apart_by_their_names(info: dict[str, Any]) -> None:
    """Ch1-T2 is the detector Ch1 of the second track, with the line of that track."""
    second = copy.deepcopy(_track(info))
    second["IlluminationChannels"][0]["Wavelength"] = 488.0
    second["DetectionChannels"] = [_DETECTOR, _DETECTOR | {"ChannelName": "Ch2"}]
    info["ScanInformation"]["Tracks"].append(second)
    info |= {"DimensionChannels": 2, "ChannelColors": {"ColorNames": ["Ch1-T2", "Ch1-T1"], "Colors": []}}
    assert [one.excitation_nm for one in lsm_facts(info, {}).channels] == [488, 561]


def test_a_stage_at_zero_was_not_read(info: dict[str, Any]) -> None:
    """All zero is what is written without a motorised stage."""
    assert lsm_facts(info, {}).stage.x_um is None
    info["Positions"] = [[1e-3, -2e-3, 0.0]]
    assert (lsm_facts(info, {}).stage.x_um, lsm_facts(info, {}).stage.y_um) == (1000.0, -2000.0)


def test_an_empty_record_has_no_facts() -> None:
    """Nothing recorded is nothing said."""
    facts = lsm_facts({}, {})
    assert facts.channels == ()
    assert not facts.objective.is_recorded
    assert facts.manufacturer is None


def test_the_characteristics_are_read_without_whose_they_are() -> None:
    """The user's name is not among what is kept."""
    block = b"\0\0\0\0ANSI\r\nBEGIN\r\n\tCreatedByUser = a.person\r\n\tDevice = LSM 880, AxioObserver\r\nEND\r\n"
    assert characteristics(block) == {"Device": "LSM 880, AxioObserver"}


def _tag(name: bytes, value: bytes) -> bytes:
    body = struct.pack("<I", len(name) + 1) + name + b"\0" + struct.pack("<II", 2, len(value) + 1) + value + b"\0"
    return struct.pack("<I", len(body) + 4) + body


def test_the_software_is_read_from_its_tags() -> None:
    """Each record counts its own length."""
    block = struct.pack("<I", 0) + _tag(b"ApplicationVersion", b"14.0.21.201") + _tag(b"ApplicationName", b"Aim")
    assert application_tags(block) == {"ApplicationVersion": "14.0.21.201", "ApplicationName": "Aim"}


@pytest.mark.parametrize("block", [b"", b"\0" * 64, b"\xff" * 64, struct.pack("<III", 0, 4, 1 << 30) + b"x" * 20])
def test_damaged_software_tags_end_the_reading(block: bytes) -> None:
    """Lengths of nothing, or of more than there is, neither loop nor fail."""
    assert application_tags(block) == {}


def test_a_written_lsm_file_tells_its_facts(tmp_path: Path) -> None:
    """From the file's bytes, through tifffile."""
    facts = read_lsm(make.lsm(tmp_path / "cells.lsm")).series[0]
    assert facts.pixel_size_um.x == pytest.approx(0.09)
    assert facts.pixel_size_um.z == pytest.approx(0.5)
    assert [one.fluor for one in facts.channels] == ["DAPI", "Alexa Fluor 488"]
    assert [one.excitation_nm for one in facts.channels] == [405, 488]
