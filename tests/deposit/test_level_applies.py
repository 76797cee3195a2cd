"""Which settings the levels ask of which image: a camera has no voltage and scans nothing."""

import re
from dataclasses import replace

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.image.record import ChannelRecord, InstrumentRecord
from confocal_bag.vocabulary import Tier
from tests.deposit.described import BARE, file, inventory

_SCAN = {"acquisitions.zoom", "acquisitions.pixel_dwell_us", "acquisitions.averaging.number"}


def missed(*channels: ChannelRecord, method: str | None = None, said: str = "") -> set[str]:
    """The fields that any level misses of an image of these channels."""
    instrument = InstrumentRecord(method=method)
    image = replace(BARE, axes={"C": len(channels), "Y": 4, "X": 4}, channels=channels, instrument=instrument)
    deposit = inventory(file("raw/a.nd2", "nd2", Tier.RAW, image))
    assessed = assess_level(read_description(said).description, deposit, transformed=True)
    return {re.sub(r"\[[^\]]*\]", "", one.field) for all_ in assessed.missing.values() for one in all_}


CAMERA = ChannelRecord(name="a", detector="Fusion", detector_type="Camera")
MULTIPLIER = ChannelRecord(name="a", detector="Ch1", detector_type="PMT")


def test_a_camera_needs_no_voltage_and_no_scan() -> None:
    """A photomultiplier does, and the pinhole of its scan head."""
    of_camera, of_multiplier = missed(CAMERA), missed(MULTIPLIER)
    assert {"acquisitions.channels.gain_v", "acquisitions.pinhole_au"} | _SCAN <= of_multiplier
    assert of_camera.isdisjoint({"acquisitions.channels.gain_v", "acquisitions.pinhole_au"} | _SCAN)
    assert {"instruments.method.name", "acquisitions.channels.laser"} <= of_camera


@pytest.mark.parametrize("kind", ["CCD", "EMCCD", "CMOS", "sCMOS", "Camera", "IntensifiedCCD"])
def test_cameras_are_known_by_their_type(kind: str) -> None:
    """As OME and as the makers write it."""
    assert "acquisitions.channels.gain_v" not in missed(replace(CAMERA, detector_type=kind))


def test_one_scanned_channel_makes_a_scan() -> None:
    """A camera beside it has no voltage of its own."""
    both = missed(CAMERA, MULTIPLIER)
    assert both >= _SCAN


def test_the_pinholes_of_a_disk_are_asked_for() -> None:
    """A widefield microscope has none."""
    assert "acquisitions.pinhole_au" in missed(CAMERA, method="spinning disk confocal")
    assert "acquisitions.pinhole_au" not in missed(CAMERA, method="wide field")
    assert "acquisitions.pinhole_au" not in missed(MULTIPLIER, method="wide field")
    assert missed(MULTIPLIER, method="spinning disk confocal").isdisjoint(_SCAN)


def test_transmitted_light_before_a_camera_is_that_of_a_lamp() -> None:
    """In a laser scan it is that of the laser."""
    lamp, laser = replace(CAMERA, contrast="brightfield"), replace(MULTIPLIER, contrast="brightfield")
    assert missed(lamp).isdisjoint({"acquisitions.channels.laser", "acquisitions.channels.laser_power_percent"})
    assert "acquisitions.channels.laser" in missed(laser)


_DESCRIBED = """
channels: [{id: c0, name: a}]
instruments: [{id: m1, detectors: [DETECTORS]}]
acquisitions: [{id: a1, instrument: m1, channels: [{channel: c0}]}]
"""


@pytest.mark.parametrize(
    ("detectors", "asked"),
    [("{id: d0, type: PMT}", False), ("{id: d0, type: PMT}, {id: d1, type: HyD}", True), ("", True)],
)
def test_the_only_detector_took_all_channels(detectors: str, *, asked: bool) -> None:
    """Of several each channel has to name its own."""
    said = _DESCRIBED.replace("DETECTORS", detectors)
    assert ("acquisitions.channels.detector" in missed(ChannelRecord(name="a"), said=said)) is asked


def test_a_described_camera_counts_where_the_header_names_no_type() -> None:
    """Of one camera and one photomultiplier the channel's own counts."""
    one = _DESCRIBED.replace("DETECTORS", "{id: d0, type: sCMOS}")
    assert "acquisitions.channels.gain_v" not in missed(ChannelRecord(name="a"), said=one)
    two = _DESCRIBED.replace("DETECTORS", "{id: d0, type: sCMOS}, {id: d1, type: PMT}")
    assert "acquisitions.channels.gain_v" in missed(ChannelRecord(name="a"), said=two)
    own = two.replace("{channel: c0}", "{channel: c0, detector: d0}")
    assert "acquisitions.channels.gain_v" not in missed(ChannelRecord(name="a"), said=own)


@pytest.mark.parametrize("method", ["wide field", "spinning disk confocal"])
def test_what_sees_a_field_at_once_is_a_camera(method: str) -> None:
    """Where no type is known; a photomultiplier that is named stays one."""
    gain = "acquisitions.channels.gain_v"
    named = ChannelRecord(name="a", detector="HDCamC11440-22C")
    assert gain not in missed(named, method=method)
    assert gain in missed(named, method="laser scanning confocal microscopy")
    assert gain in missed(MULTIPLIER, method=method)
    said = _DESCRIBED.replace("DETECTORS", "{id: d0, type: PMT}")
    assert gain in missed(named, method=method, said=said)
