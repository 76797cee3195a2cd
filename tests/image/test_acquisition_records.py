"""What records hold of instrument, lasers, detectors and bands, from our own documents and from those of others."""

from pathlib import Path

import pytest
from ome_types import OME, from_xml

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.acquisition.record_settings import channel_settings, image_settings
from confocal_bag.image.open import open_image
from confocal_bag.image.record import ChannelRecord, ImageRecord, LaserRecord

_FOREIGN = """\
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
  <Instrument ID="Instrument:0">
    <Microscope Type="Inverted"/>
    <Laser ID="LightSource:0" Wavelength="488" Model="Argon" Type="Gas"/>
    <Laser ID="LightSource:1" Wavelength="633"/>
    <Detector ID="Detector:0" Model="R6357" Manufacturer="Hamamatsu" Type="PMT"/>
    <Filter ID="Filter:0"><TransmittanceRange CutIn="500" CutOut="550"/></Filter>
  </Instrument>
  <Image ID="Image:0">
    <InstrumentRef ID="Instrument:0"/>
    <Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" SizeX="1" SizeY="1" SizeC="1" SizeZ="1" SizeT="1">
      <Channel ID="Channel:0" AcquisitionMode="LaserScanningConfocalMicroscopy" ContrastMethod="Fluorescence">
        <LightSourceSettings ID="LightSource:0" Wavelength="488"/>
        <DetectorSettings ID="Detector:0" Voltage="650000" VoltageUnit="mV"/>
        <LightPath><EmissionFilterRef ID="Filter:0"/></LightPath>
      </Channel>
      <MetadataOnly/>
    </Pixels>
  </Image>
</OME>
"""


def foreign(old: str = "", new: str = "") -> OME:
    """A document that another program wrote, changed as asked."""
    assert old in _FOREIGN
    return from_xml(_FOREIGN.replace(old, new) if old else _FOREIGN)


def recorded(path: Path) -> ImageRecord:
    """The record of the first image of a file."""
    with open_image(path) as image:
        return records(image, describe_acquisition(image))[0]


def test_a_document_of_others_tells_detector_band_and_lasers_that_were_used() -> None:
    """Voltages in volts, bands from the filters in the light path, and no laser that was off."""
    ome = foreign()
    instrument, channel = ome.instruments[0], ome.images[0].pixels.channels[0]
    told = ChannelRecord(**channel_settings(channel, instrument, {}))
    assert (told.detector, told.detector_type, told.detector_manufacturer) == ("R6357", "PMT", "Hamamatsu")
    assert (told.voltage_v, told.emission_bands_nm, told.contrast) == (650.0, ((500.0, 550.0),), None)
    settings = image_settings(ome.images[0], instrument, {})
    assert settings["lasers"] == (LaserRecord(wavelength_nm=488.0, model="Argon", type="Gas"),)
    assert (settings["stand"], settings["method"]) == ("Inverted", "laser scanning confocal microscopy")


def test_transmitted_light_has_a_contrast_and_fluorescence_none() -> None:
    """Brightfield needs no probe."""
    channel = foreign('ContrastMethod="Fluorescence"', 'ContrastMethod="Brightfield"').images[0].pixels.channels[0]
    assert channel_settings(channel, None, {})["contrast"] == "brightfield"


def test_only_percent_is_a_laser_power() -> None:
    """An attenuation says nothing of the power without knowing what is attenuated."""
    ome = foreign()
    key = "LightSourceSettings.IlluminationPowerSettings 488 nm"
    for value, power in (("0.3 %", 0.3), ("Attenuation 0.98", None), ("12", None)):
        (laser,) = image_settings(ome.images[0], ome.instruments[0], {key: value})["lasers"]
        assert laser.power_percent == power


def test_what_says_nothing_is_not_recorded() -> None:
    """OME's "Other", and bands that end before they begin."""
    channel = foreign('Type="PMT"', 'Type="Other"').images[0].pixels.channels[0]
    instrument = foreign('Type="PMT"', 'Type="Other"').instruments[0]
    assert channel_settings(channel, instrument, {})["detector_type"] is None
    wrong = foreign('CutOut="550"', 'CutOut="450"')
    assert channel_settings(wrong.images[0].pixels.channels[0], wrong.instruments[0], {})["emission_bands_nm"] == ()


def test_an_oib_tells_detector_voltage_and_bands(shared: Path) -> None:
    """What the sidecar says, the record says."""
    first, second, third = recorded(shared / "samples/oib/test.oib").channels
    assert (first.detector_type, first.voltage_v, first.gain) == ("PMT", 1050.0, "1")
    assert (first.emission_bands_nm, second.emission_bands_nm) == (((505.0, 525.0),), ((575.0, 675.0),))
    assert third.emission_bands_nm == ()


def test_a_czi_tells_scan_direction_averaging_and_band(shared: Path) -> None:
    """Each in a field of its own."""
    record = recorded(shared / "samples/czi/tiles_z.czi")
    scan = record.instrument
    assert scan.scan_direction == "Unidirectional"
    assert (scan.averaging_number, scan.averaging_unit, scan.averaging_method) == (1.0, "Line", "Average")
    assert record.channels[0].emission_bands_nm == ((499.0, 643.0),)
    assert record.channels[0].detector_type == "PMT"


@pytest.mark.parametrize("series", [0, 1, 2])
def test_a_lif_tells_lines_and_powers(shared: Path, series: int) -> None:
    """Two lines that lit both channels, each with its power."""
    with open_image(shared / "samples/lif/xz-example.lif") as image:
        record = records(image, describe_acquisition(image))[series]
    assert [(one.wavelength_nm, one.power_percent) for one in record.instrument.lasers] == [
        (488.0, 0.499851), (552.0, 49.9952),
    ]  # fmt: skip
    assert record.channels[0].laser_lines_nm == (488.0, 552.0)
    assert record.channels[0].detector_type == "HyD"


def test_of_two_lasers_of_one_line_the_named_one_lit_the_image() -> None:
    """Where no channel names one, either may have."""
    second = '<Laser ID="LightSource:0" Model="OBIS 488" Type="SolidState" Wavelength="488"/>'
    first = second.replace("OBIS 488", "Argon").replace("SolidState", "Gas").replace("Source:0", "Source:9")
    plain = '<Laser ID="LightSource:0" Wavelength="488" Model="Argon" Type="Gas"/>'
    ome = foreign(plain, first + second)
    settings = image_settings(ome.images[0], ome.instruments[0], {})
    assert settings["lasers"] == (LaserRecord(wavelength_nm=488.0, model="OBIS 488", type="SolidState"),)
    ome.images[0].pixels.channels[0].light_source_settings = None
    settings = image_settings(ome.images[0], ome.instruments[0], {"Laser lines": "488 nm"})
    assert settings["lasers"] == (LaserRecord(wavelength_nm=488.0),)
