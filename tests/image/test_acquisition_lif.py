"""What a LIF header records, on small image elements."""

import numpy as np
import pytest

from confocal_bag.image.acquisition.facts import SeriesFacts, StagePosition
from confocal_bag.image.acquisition.lif import _of_series, lif_facts
from confocal_bag.image.acquisition.xml import parse_header
from confocal_bag.image.model import Series

_IMAGE = """<Element Name="xzt"><Data><Image>
<Attachment Name="TileScanInfo"><Tile PosX="5e-5" PosY="1e-4" PosZ="0"/>
  <Tile PosX="2e-4" PosY="1e-4" PosZ="0"/></Attachment>
<ImageDescription>
  <Channels>
    <ChannelDescription Resolution="12" LUTName="Green" ChannelTag="0"/>
    <ChannelDescription Resolution="12" LUTName="Red" ChannelTag="0"/>
  </Channels>
  <Dimensions>
    <DimensionDescription DimID="1" NumberOfElements="101" Length="1.0e-005" Origin="0" Unit="m"/>
    <DimensionDescription DimID="3" NumberOfElements="11" Length="-1.0e-005" Origin="0" Unit="m"/>
    <DimensionDescription DimID="4" NumberOfElements="3" Length="10" Origin="0" Unit="s"/>
  </Dimensions>
</ImageDescription>
<TimeStampList NumberOfTimeStamps="2">1d71114eb8b44f0 1d71114ebdc2410 </TimeStampList>
<Attachment Name="HardwareSetting" Software="LAS X [ BETA ] 3.1.0.15531" SystemTypeName="TCS SP8">
 <ATLConfocalSettingDefinition ScanMode="xzt" StagePosX="0.034" StagePosY="0.014" Magnification="63"
  ObjectiveName="HC PL APO CS2    63x/1.30 GLYC " MicroscopeModel="DMI6000B-CS" IsInverseMicroscopeModel="1"
  Immersion="GLYC" NumericalAperture="1.3" RefractionIndex="1.46" ScanSpeed="400" Zoom="2.5"
  ScanDirectionXName="Unidirectional" Pinhole="8.28E-05" PinholeAiry="0.8" FrameAverage="1" LineAverage="4"
  PixelDwellTime="0.000004875" SystemSerialNumber="8100000201">
  <Spectro><MultiBand Channel="1" LeftWorld="493" RightWorld="541" DyeName="Leica/FITC"/>
    <MultiBand Channel="2" LeftWorld="548" RightWorld="556" DyeName=""/>
    <MultiBand Channel="3" LeftWorld="618" RightWorld="700" DyeName=""/></Spectro>
  <AotfList><Aotf LightSourceName="W1"><LaserLineSetting LaserLine="488" IntensityDev="0.5"/>
    <LaserLineSetting LaserLine="552" IntensityDev="49.9"/><LaserLineSetting LaserLine="667" IntensityDev="0"/>
  </Aotf></AotfList>
  <DetectorList><Detector Name="HyD 1" Type="HyD" Channel="1" IsActive="1" Gain="41.5" ScanType="Internal"/>
    <Detector Name="PMT 2" Type="PMT" Channel="2" IsActive="0" Gain="700" ScanType="Internal"/>
    <Detector Name="PMT 3" Type="PMT" Channel="3" IsActive="1" Gain="800" ScanType="Internal"/></DetectorList>
  <LaserArray><Laser LaserName="WLL" LightSourceName="W1"/></LaserArray>
 </ATLConfocalSettingDefinition></Attachment></Image></Data></Element>"""


def _facts(*changes: tuple[str, str]) -> SeriesFacts:
    document = _IMAGE
    for old, new in changes:
        assert old in document
        document = document.replace(old, new)
    return lif_facts(parse_header(document))


def test_the_settings_are_told_in_fixed_units() -> None:
    """Metres and seconds in the file; a step spans one less than the samples, backwards or not."""
    facts = _facts()
    assert facts.pixel_size_um.x == pytest.approx(0.1)
    assert facts.pixel_size_um.y is None
    assert facts.pixel_size_um.z == pytest.approx(1.0)
    assert (facts.time_increment_s, facts.pixel_dwell_us, facts.zoom) == (5.0, 4.875, 2.5)
    assert (facts.scan_speed, facts.averaging, facts.averaging_unit) == ("400 Hz", 4, "Line")
    assert (facts.scan_mode, facts.scan_axes) == ("xzt", "xzt")
    assert facts.stage == StagePosition(x_um=34000, y_um=14000)
    assert (facts.software, facts.software_version) == ("LAS X", "3.1.0.15531")
    assert (facts.microscope, facts.microscope_type) == ("DMI6000B-CS", "Inverted")


def test_the_lens_is_told_by_its_fields() -> None:
    """The engraved name only gives the model."""
    lens = _facts().objective
    assert (lens.model, lens.magnification) == ("HC PL APO CS2 63x/1.30 GLYC", 63)
    assert (lens.numerical_aperture, lens.immersion, lens.refractive_index) == (1.3, "Glycerol", 1.46)


def test_lines_at_no_intensity_were_not_used() -> None:
    """The AOTF lists every line it could let through."""
    assert [one.wavelength_nm for one in _facts().lasers] == [488, 552]
    assert _facts(('IntensityDev="0.5"', 'IntensityDev="0"')).channels[0].excitation_nm == 552


def test_channels_pair_with_the_detectors_that_were_on() -> None:
    """The second detector was off; the second channel is the third detector's."""
    first, second = _facts().channels
    assert (first.detector, first.gain, first.fluor) == ("HyD 1", 41.5, "Leica/FITC")
    assert (second.detector, second.gain, second.fluor) == ("PMT 3", 800, None)
    assert second.detection_bands_nm == ((618, 700),)
    assert first.pinhole_um == pytest.approx(82.8)
    assert (first.pinhole_au, first.color, second.color) == (0.8, (0, 255, 0), (255, 0, 0))


def test_detectors_that_do_not_pair_with_channels_are_not_told() -> None:
    """Three detectors for two channels: which is whose is not recorded."""
    channels = _facts(('Channel="2" IsActive="0"', 'Channel="2" IsActive="1"')).channels
    assert [one.detector for one in channels] == [None, None]
    assert channels[0].pinhole_um == pytest.approx(82.8)


def test_a_channel_that_names_its_detector_and_scan_is_believed() -> None:
    """Newer files say which of the sequential scans, and which detector, a channel is from."""
    names = (
        "<ChannelProperty><Key>DetectorName</Key><Value>PMT 3</Value></ChannelProperty>"
        "<ChannelProperty><Key>SequentialSettingIndex</Key><Value>0</Value></ChannelProperty>"
        "<ChannelProperty><Key>DyeName</Key><Value>ALEXA 568</Value></ChannelProperty>"
    )
    opened = '<ChannelDescription Resolution="12" LUTName="Green" ChannelTag="0"'
    first, _ = _facts((opened + "/>", f"{opened}>{names}</ChannelDescription>")).channels
    assert (first.detector, first.fluor, first.color) == ("PMT 3", "ALEXA 568", (0, 255, 0))


def test_channels_come_in_the_order_of_their_pixels() -> None:
    """Which need not be the order of the document; each keeps its detector."""
    green = ('LUTName="Green" ChannelTag="0"', 'LUTName="Green" ChannelTag="0" BytesInc="16384"')
    red = ('LUTName="Red" ChannelTag="0"', 'LUTName="Red" ChannelTag="0" BytesInc="0"')
    assert [(one.name, one.detector) for one in _facts(green, red).channels] == [("Red", "PMT 3"), ("Green", "HyD 1")]


def test_an_axis_of_wavelength_is_wavelength_and_not_time() -> None:
    """DimID 5 is the emission of a lambda scan, in metres."""
    facts = _facts(('DimID="4" NumberOfElements="3" Length="10" Origin="0" Unit="s"', 'DimID="5" NumberOfElements="3" Length="2e-8" Origin="5e-7" Unit="m"'))  # fmt: skip  # noqa: E501
    assert facts.time_increment_s is None
    assert (facts.lambda_count, facts.lambda_start_nm, facts.lambda_step_nm) == (3, 500, 10)
    assert facts.modulo["L"].kind == "lambda"
    assert facts.scan_axes == "xzλ"


def test_the_first_time_stamp_is_the_date_without_a_zone() -> None:
    """FILETIME counts 100 ns from 1601."""
    assert _facts().acquired == "2021-03-04T16:39:17.951000"
    assert _facts(("1d71114eb8b44f0 1d71114ebdc2410 ", "0 0")).acquired is None


def test_time_stamps_of_older_files_are_two_halves() -> None:
    """LAS AF wrote a high and a low word; these are the halves of the stamp above."""
    halves = '<TimeStamp HighInteger="30871828" LowInteger="3951772912"/>'
    acquired = _facts(("1d71114eb8b44f0 1d71114ebdc2410 ", halves)).acquired
    assert acquired == "2021-03-04T16:39:17.951000"


def test_a_camera_s_settings_tell_the_lens_and_no_laser_scan() -> None:
    """The same program takes pictures with a camera."""
    facts = _facts(("ATLConfocalSettingDefinition", "ATLCameraSettingDefinition"))
    assert facts.objective.magnification == 63
    assert facts.channels[0].acquisition_mode is None
    assert _facts().channels[0].acquisition_mode == "LaserScanningConfocalMicroscopy"


def test_each_tile_has_the_stage_of_its_own() -> None:
    """The tiles of a mosaic are series; the stage of the settings is that of the whole."""
    element = parse_header(_IMAGE)
    axes = {"T": 3, "C": 2, "Z": 11, "X": 101}
    notes = {"scene": "0", "M": "1"}
    series = Series(index=1, name="x", axes=axes, dtype=np.dtype("uint8"), notes=notes)
    assert _of_series([element], series).stage == StagePosition(x_um=200, y_um=100, z_um=0)


def test_an_image_without_settings_still_has_its_axes() -> None:
    """Images made in the software have no hardware settings."""
    facts = lif_facts(
        parse_header(
            "<Element><Data><Image><ImageDescription><Channels/><Dimensions><DimensionDescription DimID='1' "
            "NumberOfElements='3' Length='4e-6' Unit='m'/></Dimensions></ImageDescription></Image></Data></Element>"
        )
    )
    assert facts.pixel_size_um.x == pytest.approx(2.0)
    assert (facts.microscope, facts.acquired, facts.channels) == (None, None, ())


_OLDER = """<Element><Data><Image><ImageDescription>
<Channels><ChannelDescription Resolution="8" LUTName="Green"/>
  <ChannelDescription Resolution="8" LUTName="Red"/></Channels>
<Dimensions><DimensionDescription DimID="1" NumberOfElements="512" Length="1.0e-4" Unit="m"/></Dimensions>
</ImageDescription>
<Attachment Name="HardwareSettingList"><HardwareSetting Name="default"><ScannerSetting>
  <ScannerSettingRecord Identifier="SystemType" Variant="TCS SP5"/>
  <ScannerSettingRecord Identifier="csScanMode" Variant="xyz"/>
  <ScannerSettingRecord Identifier="dblZoom" Variant="2.5"/>
  <ScannerSettingRecord Identifier="nAverageFrame" Variant="1"/>
  <ScannerSettingRecord Identifier="nAverageLine" Variant="4"/>
  <ScannerSettingRecord Identifier="dblPinhole" Variant="5.5E-05" Unit="m"/>
  <ScannerSettingRecord Identifier="dblPinholeAiry" Variant="1.0"/></ScannerSetting>
<FilterSetting>
  <FilterSettingRecord ClassName="CFolderHardwareTree" Attribute="System_Number" Variant="5100001274"/>
  <FilterSettingRecord ClassName="CTurret" Attribute="Objective" Variant="HCX PL APO lambda blue  63.0x1.40 OIL  UV"/>
  <FilterSettingRecord ClassName="CTurret" Attribute="NumericalAperture" Variant="1.4"/>
  <FilterSettingRecord ClassName="CTurret" Attribute="RefractionIndex" Variant="1.518"/>
  <FilterSettingRecord ClassName="CScanCtrlUnit" Attribute="Speed" Variant="400"/>
</FilterSetting></HardwareSetting></Attachment></Image></Data></Element>"""


def test_the_rows_of_older_files_tell_the_same_settings() -> None:
    """LAS AF wrote names and values for what LAS X writes as attributes."""
    facts = lif_facts(parse_header(_OLDER))
    assert (facts.microscope, facts.zoom, facts.scan_mode, facts.scan_speed) == ("TCS SP5", 2.5, "xyz", "400 Hz")
    assert (facts.averaging, facts.averaging_unit) == (4, "Line")
    lens = facts.objective
    assert (lens.magnification, lens.numerical_aperture, lens.immersion, lens.refractive_index) == (
        63,
        1.4,
        "Oil",
        1.518,
    )
    assert [one.pinhole_um for one in facts.channels] == pytest.approx([55, 55])
    assert [one.color for one in facts.channels] == [(0, 255, 0), (255, 0, 0)]
    assert "5100001274" not in repr(facts)


def test_newer_settings_in_the_older_list_are_found() -> None:
    """Files between the two programs."""
    newer = '<ATLConfocalSettingDefinition Zoom="3" ScanMode="xyz"/></HardwareSetting>'
    facts = lif_facts(parse_header(_OLDER.replace("</HardwareSetting>", newer)))
    assert facts.zoom == 3


_CAMERA = """<Element Name="wf"><Data><Image><ImageDescription>
<Channels><ChannelDescription Resolution="16" LUTName="Blue" ChannelTag="0" BytesInc="64"/>
  <ChannelDescription Resolution="16" LUTName="Green" ChannelTag="0" BytesInc="0"/></Channels>
<Dimensions><DimensionDescription DimID="1" NumberOfElements="11" Length="10" Unit="µm"/></Dimensions>
</ImageDescription>
<Attachment Name="HardwareSetting" Software="LAS X 5.1.0" SystemTypeName="THUNDER">
 <ATLCameraSettingDefinition ObjectiveName="N PLAN    10x/0.25 DRY "/>
 <LDM_Block_Widefield_Sequential><LDM_Block_Sequential_List>
  <ATLCameraSettingDefinition ObjectiveName="N PLAN    10x/0.25 DRY " MicroscopeModel="DM6 B"
   IsInverseMicroscopeModel="0" NumericalAperture="-1" Magnification="0">
   <WideFieldChannelConfigurator CameraName="DFC9000-SN123456" CameraNamePure="DFC9000">
    <WideFieldChannelInfo ContrastingMethodName="FLUO" FluoCubeName="DAPI" UserDefName="nuclei" ExposureTime="0.05"
      EmissionWavelength="461" LUT="Blue"/>
    <WideFieldChannelInfo Active="0" ContrastingMethodName="FLUO" ExposureTime="9"/>
    <WideFieldChannelInfo ContrastingMethodName="TL-BF" UserDefName="" ExposureTime="20 ms" EmissionWavelength="0"/>
   </WideFieldChannelConfigurator></ATLCameraSettingDefinition>
 </LDM_Block_Sequential_List></LDM_Block_Widefield_Sequential></Attachment></Image></Data></Element>"""


def test_the_channels_of_a_camera_are_told_in_the_order_of_their_pixels() -> None:
    """Exposure, contrast and filter; the name of the camera without its serial number."""
    facts = lif_facts(parse_header(_CAMERA))
    green, blue = facts.channels
    assert (blue.name, blue.emission_nm, blue.exposure_s, blue.contrast_method) == ("nuclei", 461, 0.05, "Fluorescence")
    assert (blue.detector, blue.color) == ("DFC9000", (0, 0, 255))
    assert blue.notes == {"Detector kind": "Camera", "Filter cube": "DAPI"}
    assert (green.name, green.emission_nm, green.exposure_s, green.contrast_method) == (
        "Green",
        None,
        0.02,
        "Brightfield",
    )
    assert {one.acquisition_mode for one in facts.channels} == {None}


def test_settings_of_a_camera_that_do_not_pair_with_channels_are_not_told() -> None:
    """Three settings for two channels: which is whose is not recorded."""
    facts = lif_facts(parse_header(_CAMERA.replace('Active="0"', 'Active="1"')))
    assert [(one.name, one.exposure_s) for one in facts.channels] == [("Green", None), ("Blue", None)]


def test_a_lens_without_fields_is_told_by_its_name() -> None:
    """-1 and 0 stand in the fields of a lens the software does not know."""
    lens = lif_facts(parse_header(_CAMERA)).objective
    assert (lens.magnification, lens.numerical_aperture, lens.immersion) == (10, 0.25, "Air")
    assert lens.refractive_index is None


def test_a_stand_is_upright_only_where_there_is_one() -> None:
    """A simulator has no stand, and the flag is 0 as well."""
    assert lif_facts(parse_header(_CAMERA)).microscope_type == "Upright"
    assert lif_facts(parse_header(_CAMERA.replace('"DM6 B"', '""'))).microscope_type is None


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("µm", 1.0), ("\u03bcm", 1.0), ("mm", 1000.0), ("inch", 25400.0), ("", None), ("pixel", None)],
)
def test_a_length_has_the_unit_it_is_written_in(unit: str, expected: float | None) -> None:
    """Micro has two code points; without a unit of length there is no size."""
    size = lif_facts(parse_header(_CAMERA.replace('Unit="µm"', f'Unit="{unit}"'))).pixel_size_um.x
    assert size == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("origin", "length"), [("1e308", "2e-8"), ("500", "2e-8"), ("0", "2e-8"), ("5e-7", "1e308"), ("nan", "2e-8")]
)
def test_a_wavelength_axis_outside_of_light_has_no_start(origin: str, length: str) -> None:
    """The steps are still counted, and are still of wavelength."""
    axis = f'DimID="5" NumberOfElements="3" Length="{length}" Origin="{origin}" Unit="m"'
    facts = _facts(('DimID="4" NumberOfElements="3" Length="10" Origin="0" Unit="s"', axis))
    assert (facts.lambda_count, facts.lambda_start_nm, facts.lambda_step_nm) == (3, None, None)
    assert facts.modulo["L"].kind == "lambda"
