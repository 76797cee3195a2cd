"""What a CZI header records, on small metadata documents."""

from collections.abc import Mapping

import numpy as np
import pytest

from confocal_bag.image.acquisition.czi import czi_facts
from confocal_bag.image.acquisition.czi_blocks import SceneBlocks
from confocal_bag.image.acquisition.facts import SeriesFacts, StagePosition
from confocal_bag.image.model import Series

_CHANNEL = """
<Channel Id="Channel:0" Name="Ch1">
  <PinholeSizeAiry>2.07</PinholeSizeAiry><Fluor>ATTO 488</Fluor>
  <DetectionWavelength><Ranges>499-643</Ranges></DetectionWavelength>
  <EmissionWavelength>571</EmissionWavelength><ExcitationWavelength>488</ExcitationWavelength>
  <AcquisitionMode>LaserScanningConfocalMicroscopy</AcquisitionMode><Color>#FF00FF00</Color>
  <LaserScanInfo><PixelTime>2.048e-006</PixelTime><ZoomX>1.5</ZoomX><Averaging>2</Averaging></LaserScanInfo>
  <DetectorSettings><Gain>600</Gain><Detector Id="Detector:0"/></DetectorSettings>
  <LightSourcesSettings>
    <LightSourceSettings><LightSource Id="LightSource:0"/></LightSourceSettings></LightSourcesSettings>
</Channel>"""
_DOCUMENT = """<ImageDocument><Metadata>
<Information>
  <Document><UserName>a.person</UserName><CreationDate>2020-12-15T10:25:00</CreationDate></Document>
  <Application><Name>ZEN</Name><Version>3.6</Version></Application>
  <Image>
    <ComponentBitCount>14</ComponentBitCount><AcquisitionDateAndTime>2021-06-15T06:09:43.0304818Z</AcquisitionDateAndTime>
    <MicroscopeRef Id="Microscope:1"/>
    <ObjectiveSettings><ObjectiveRef Id="Objective:2"/><RefractiveIndex>1.518</RefractiveIndex></ObjectiveSettings>
    <Dimensions><Channels>CHANNEL</Channels>
      <T><Positions><Interval><Increment>33.4</Increment></Interval></Positions></T>
      <S><Scenes><Scene Index="0" Name="TR1"><CenterPosition>100.5,-20</CenterPosition></Scene></Scenes></S>
    </Dimensions>
  </Image>
  <Instrument>
    <Microscopes><Microscope Id="Microscope:1"><System>LSM 880</System><Type>Inverted</Type></Microscope></Microscopes>
    <LightSources>
      <LightSource Id="LightSource:0"><LightSourceType><Laser><Wavelength>488</Wavelength></Laser></LightSourceType>
        <Manufacturer><Model>Argon</Model></Manufacturer></LightSource>
      <LightSource Id="LightSource:1">
        <LightSourceType><Laser><Wavelength>633</Wavelength></Laser></LightSourceType></LightSource>
    </LightSources>
    <Detectors><Detector Id="Detector:0"><Type>PMT</Type></Detector></Detectors>
    <Objectives>
      <Objective Id="Objective:1"><LensNA>0.44</LensNA><NominalMagnification>13.3</NominalMagnification></Objective>
      <Objective Id="Objective:2"><LensNA>1.4000000000000001</LensNA><NominalMagnification>40</NominalMagnification>
        <Immersion>Oil</Immersion><Manufacturer><Model>Plan-Apochromat 40x/1.4 Oil</Model></Manufacturer></Objective>
    </Objectives>
  </Instrument>
</Information>
<Scaling><Items><Distance Id="X"><Value>1.6E-07</Value><DefaultUnitFormat>nm</DefaultUnitFormat></Distance>
  <Distance Id="Y"><Value>1.6E-07</Value></Distance></Items></Scaling>
<Experiment><ExperimentBlocks><AcquisitionBlock><MultiTrackSetup><TrackSetup>
  <Attenuators><Attenuator><Wavelength>4.88e-007</Wavelength></Attenuator></Attenuators>
  <Detectors><Detector Id="other"><ImageChannelName>Ch1</ImageChannelName><Voltage>600</Voltage>
    <PinholeDiameter>9.0e-005</PinholeDiameter></Detector></Detectors>
</TrackSetup></MultiTrackSetup></AcquisitionBlock></ExperimentBlocks></Experiment>
</Metadata></ImageDocument>"""


def _facts(*changes: tuple[str, str], blocks: Mapping[int, SceneBlocks] | None = None, times: int = 2) -> SeriesFacts:
    document = _DOCUMENT.replace("CHANNEL", _CHANNEL)
    for old, new in changes:
        assert old in document
        document = document.replace(old, new)
    series = Series(index=0, name="x", axes={"T": times, "C": 1, "Z": 1, "Y": 4, "X": 4}, dtype=np.dtype("uint16"))
    return czi_facts(document.encode(), [series], blocks or {}).series[0]


def test_the_settings_of_a_laser_scan_are_told_in_fixed_units() -> None:
    """Metres and nanometres, seconds and nanoseconds side by side end in one unit each."""
    facts = _facts()
    channel = facts.channels[0]
    assert facts.pixel_size_um.x == pytest.approx(0.16)
    assert facts.pixel_size_um.z is None
    assert (facts.zoom, facts.pixel_dwell_us, facts.averaging) == (1.5, 2.048, 2)
    assert (facts.time_increment_s, facts.bit_depth) == (33.4, 14)
    assert channel.pinhole_um == pytest.approx(90)
    assert (channel.pinhole_au, channel.gain, channel.voltage_v) == (2.07, 600, 600)
    assert (channel.excitation_nm, channel.emission_nm, channel.color) == (488, 571, (0, 255, 0))
    assert channel.detection_bands_nm == ((499, 643),)


def test_the_objective_is_the_one_the_image_refers_to() -> None:
    """Not the first of the turret."""
    lens = _facts().objective
    assert (lens.magnification, lens.numerical_aperture, lens.immersion) == (40, 1.4, "Oil")
    assert lens.refractive_index == 1.518


def test_only_lasers_that_lit_a_channel_are_used() -> None:
    """The second laser is installed and was off."""
    facts = _facts()
    assert [(one.wavelength_nm, one.name) for one in facts.lasers] == [(488, "Argon")]
    assert facts.channels[0].laser_lines_nm == (488,)


def test_a_diode_is_no_laser() -> None:
    """A light-emitting diode has a wavelength too, in its settings; a source of no kind in a laser scan is a laser."""
    lit = ('<LightSource Id="LightSource:0"/>', '<LightSource Id="LightSource:0"/><Wavelength>470</Wavelength>')
    diode = ("<Laser><Wavelength>488</Wavelength></Laser>", "<LightEmittingDiode/>")
    assert _facts(lit, diode).lasers == ()
    unsaid = ("<LightSourceType><Laser><Wavelength>488</Wavelength></Laser></LightSourceType>", "")
    assert [one.wavelength_nm for one in _facts(lit, unsaid).lasers] == [470]


def test_exposure_is_in_nanoseconds() -> None:
    """100 000 000 is a tenth of a second."""
    facts = _facts(("<Fluor>ATTO 488</Fluor>", "<ExposureTime>100000000</ExposureTime>"))
    assert facts.channels[0].exposure_s == pytest.approx(0.1)


@pytest.mark.parametrize("label", ["Dye1", "TL Brightfield"])
def test_a_numbered_dye_or_a_contrast_is_no_fluor(label: str) -> None:
    """ZEN fills the field where no dye was chosen."""
    assert _facts(("ATTO 488", label)).channels[0].fluor is None


def test_a_band_without_width_was_not_set() -> None:
    """Airyscan files give a range from a wavelength to itself."""
    assert _facts(("499-643", "578.6-578.6")).channels[0].detection_bands_nm == ()


def test_a_mode_ome_does_not_know_is_left_out() -> None:
    """OME's list has no lattice light sheet."""
    changed = ("<AcquisitionMode>LaserScanningConfocalMicroscopy", "<AcquisitionMode>LatticeLightsheet")
    assert _facts(changed).channels[0].acquisition_mode is None


def test_uncalibrated_scaling_is_no_pixel_size() -> None:
    """Pixel items of value 1 and distances of 0 say that nothing was calibrated."""
    opened = ('<Distance Id="X">', '<Pixel Id="X">')
    closed = ("nm</DefaultUnitFormat></Distance>", "nm</DefaultUnitFormat></Pixel>")
    assert _facts(opened, closed).pixel_size_um.x is None
    assert _facts(("1.6E-07", "0")).pixel_size_um.x is None


def test_the_date_is_the_acquisition_s_and_not_the_document_s() -> None:
    """Creation is said apart; year 1 is a filler."""
    facts = _facts()
    assert facts.acquired == "2021-06-15T06:09:43.0304818Z"
    assert facts.created == "2020-12-15T10:25:00"
    assert _facts(("2021-06-15T06:09:43.0304818Z", "0001-01-01T00:00:00")).acquired is None


def test_the_stage_is_where_the_first_plane_was_taken_else_the_scene_s_centre() -> None:
    """Neither is zero; a zero centre was not recorded."""
    assert _facts().stage == StagePosition(x_um=100.5, y_um=-20)
    taken = SceneBlocks(stage=StagePosition(x_um=1.0, y_um=2.0, z_um=3.0), tiles=4)
    facts = _facts(blocks={0: taken})
    assert (facts.stage, facts.tiles) == (taken.stage, 4)
    assert _facts(("100.5,-20", "0,0")).stage == StagePosition()


def test_time_stamps_tell_the_increment_where_none_was_set() -> None:
    """And one time point has none."""
    unset = ("<Increment>33.4</Increment>", "")
    assert _facts(unset, blocks={0: SceneBlocks(time_increment_s=5.5)}).time_increment_s == 5.5
    assert _facts(times=1).time_increment_s is None


def test_scenes_that_were_planned_and_not_taken_are_passed_over() -> None:
    """The planes say which scenes there are."""
    planned = (
        '<Scene Index="0" Name="TR1">',
        '<Scene Index="0" Name="planned"/><Scene Index="3" Name="TR1">',
    )
    assert _facts(planned, blocks={3: SceneBlocks()}).name == "TR1"


def test_nobody_s_name_is_among_the_facts() -> None:
    """The user's login is in the document and nowhere else."""
    assert "a.person" not in repr(_facts())


def test_an_exported_file_has_the_names_and_colours_of_its_display() -> None:
    """Without channels under Dimensions the display settings are all there is."""
    display = "<DisplaySetting><Channels><Channel Id='Channel:0' Name='DAPI'><Color>#FF0000FF</Color></Channel></Channels></DisplaySetting></Metadata>"  # fmt: skip  # noqa: E501
    facts = _facts((_CHANNEL, ""), ("</Metadata>", display))
    assert (facts.channels[0].name, facts.channels[0].color) == ("DAPI", (0, 0, 255))
    assert facts.lasers == ()


def test_a_header_with_a_document_type_is_refused() -> None:
    """No vendor writes one; it is how entities are smuggled in."""
    with pytest.raises(ValueError, match="document type"):
        czi_facts(b"<!DOCTYPE a [<!ENTITY b 'c'>]><ImageDocument><Metadata/></ImageDocument>", [], {})


_BLUE = """
<Channel Id="Channel:0" Name="AF555-T5">
  <ExcitationWavelength>553</ExcitationWavelength><PinholeSize>57.279820667137</PinholeSize>
  <PinholeSizeAiry>1.0000000000000082</PinholeSizeAiry><ComponentBitCount>8</ComponentBitCount>
  <AcquisitionMode>LaserScanningConfocalMicroscopy</AcquisitionMode>
  <DetectorSettings><DigitalGain>1</DigitalGain><Voltage>650</Voltage><EMGain>0</EMGain>
    <Detector Id="Detector: Spectral"/></DetectorSettings>
  <LightSourcesSettings><LightSourceSettings><Attenuation>0.998</Attenuation>
    <Transmission>0.0020000000000000018</Transmission><Wavelength>5.61E-07</Wavelength>
    <LightSource Id="MTBLaserLine561"/></LightSourceSettings></LightSourcesSettings>
  <LaserScanInfo><Averaging>2</Averaging><AveragingMode>Line</AveragingMode><AveragingMethod>Mean</AveragingMethod>
    <PixelTime>1.1000895255147716E-06</PixelTime><ScanSpeed>6</ScanSpeed><ZoomX>1</ZoomX>
    <ScanDirection>Bidirectional</ScanDirection></LaserScanInfo>
</Channel>"""


def test_zen_blue_tells_of_the_channel_what_zen_black_tells_of_the_experiment() -> None:
    """Pinhole in micrometres, voltage, transmission, averaging and direction of the scan."""
    facts = _facts((_CHANNEL, _BLUE))
    channel = facts.channels[0]
    assert channel.pinhole_um == pytest.approx(57.279820667137)
    assert (channel.voltage_v, channel.gain, channel.laser_lines_nm) == (650, None, (561,))
    assert channel.notes == {"Digital gain": "1"}
    assert [laser.power for laser in facts.lasers] == ["0.2 %"]
    assert (facts.averaging, facts.averaging_unit, facts.bidirectional) == (2, "Line", True)
    assert (facts.scan_speed, facts.zoom) == ("6", 1)


def test_a_sum_is_no_average() -> None:
    """ZEN writes the number of scans for both."""
    assert _facts((_CHANNEL, _BLUE), (">Mean<", ">Sum<")).averaging is None


@pytest.mark.parametrize(("written", "expected"), [("9.0e-005", 90.0), ("44.5", 44.5), ("0", None), ("1e-19", None)])
def test_a_pinhole_is_read_in_metres_or_micrometres(written: str, expected: float | None) -> None:
    """No pinhole is so wide or so narrow that the one could be the other."""
    pinhole = _facts((">9.0e-005<", f">{written}<")).channels[0].pinhole_um
    assert pinhole == (None if expected is None else pytest.approx(expected))


def test_the_depth_that_all_channels_have_is_that_of_the_image() -> None:
    """Where the image itself gives none."""
    depth = "<ComponentBitCount>14</ComponentBitCount>"
    assert _facts((_CHANNEL, _BLUE), (depth, "")).bit_depth == 8
    other = _BLUE.replace("<ComponentBitCount>8<", "<ComponentBitCount>12<")
    assert _facts((_CHANNEL, _BLUE + other), (depth, "")).bit_depth is None


def test_a_laser_scan_of_a_mode_ome_does_not_know_is_lit_by_lasers() -> None:
    """Airyscan files give the mode a name of their own."""
    mode = "<AcquisitionMode>LaserScanningConfocalMicroscopy</AcquisitionMode>"
    facts = _facts((_CHANNEL, _BLUE), (mode, "<AcquisitionMode>Airyscan</AcquisitionMode>"))
    assert (facts.channels[0].laser_lines_nm, facts.channels[0].acquisition_mode) == ((561,), None)


def test_times_listed_one_by_one_tell_the_increment() -> None:
    """Seconds since the start; a list with a word in it tells nothing."""
    interval = "<Interval><Increment>33.4</Increment></Interval>"
    assert _facts((interval, "<List><Offsets>0 1.5 3</Offsets></List>"), times=3).time_increment_s == 1.5
    assert _facts((interval, "<List><Offsets>0 x 3</Offsets></List>"), times=3).time_increment_s is None


_LASERS = """<LightSourcesSettings>
    <LightSourceSettings><LightSource Id="LightSource:0"/></LightSourceSettings></LightSourcesSettings>"""


def test_the_light_of_a_lamp_is_noted_beside_the_maximum_of_the_dye() -> None:
    """ZEN writes what the dye asks for as the excitation."""
    lamp = "<IlluminationWavelength><SinglePeak>470</SinglePeak><Ranges>450-488</Ranges></IlluminationWavelength>"
    notes = _facts((_LASERS, lamp)).channels[0].notes
    assert (notes["Illumination range"], notes["Illumination peak"]) == ("450-488 nm", "470 nm")
    assert "Illumination range" not in _facts(("<Fluor>", f"{lamp}<Fluor>")).channels[0].notes


def test_an_excitation_that_is_the_maximum_of_the_dye_is_said_to_be() -> None:
    """Where no light is recorded at all."""
    shown = (
        "<DisplaySetting><Channels><Channel Id='Channel:0'><DyeMaxExcitation>{}</DyeMaxExcitation></Channel>"
        "</Channels></DisplaySetting><Scaling>"
    )
    assert "Excitation wavelength is" in _facts((_LASERS, ""), ("<Scaling>", shown.format(488))).channels[0].notes
    assert "Excitation wavelength is" not in _facts((_LASERS, ""), ("<Scaling>", shown.format(490))).channels[0].notes
    assert "Excitation wavelength is" not in _facts(("<Scaling>", shown.format(488))).channels[0].notes


def test_airyscan_processing_is_noted() -> None:
    """With the settings that the header has."""
    done = """<Processing><Airyscan><Channels><Channel><SuperResolutionParameter>3</SuperResolutionParameter>
        <DeconvolutionType>3D</DeconvolutionType></Channel></Channels></Airyscan></Processing><Instrument>"""
    told = "Airyscan processing (super-resolution parameter 3, 3D deconvolution)"
    assert _facts(("<Instrument>", done)).notes == {"Processing recorded in the header": told}
    assert _facts().notes == {}


def test_no_pinhole_stands_before_the_detector_of_transmitted_light() -> None:
    """Neither in micrometres nor in Airy units."""
    channel = _facts(('Id="Channel:0" Name="Ch1"', 'Id="Channel:0" Name="T PMT"')).channels[0]
    assert (channel.pinhole_um, channel.pinhole_au) == (None, None)


@pytest.mark.parametrize(("passed", "power"), [("0.02", "2 %"), ("0.5", "Attenuation 0.98")])
def test_an_attenuator_tells_the_power_where_the_image_agrees(passed: str, power: str) -> None:
    """What is held back and what passes are one."""
    facts = _facts(
        (
            "<Wavelength>4.88e-007</Wavelength>",
            f"<Wavelength>4.88e-007</Wavelength><Transmission>{passed}</Transmission>",
        ),
        ('<LightSource Id="LightSource:0"/>', '<LightSource Id="LightSource:0"/><Attenuation>0.98</Attenuation>'),
    )
    assert facts.lasers[0].power == power
