"""A value of one plane, track or channel is never told of another: synthetic headers in which two parts differ."""

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tifffile
from lxml import etree

from confocal_bag.image.acquisition.czi import czi_facts
from confocal_bag.image.acquisition.facts import ChannelFacts, Laser, SeriesFacts
from confocal_bag.image.acquisition.lif import lif_facts
from confocal_bag.image.acquisition.lsm import lsm_facts
from confocal_bag.image.acquisition.nd2 import _lasers, _scan
from confocal_bag.image.acquisition.nd2_channel import channel_facts
from confocal_bag.image.acquisition.nd2_text import PlaneText, parse_description
from confocal_bag.image.acquisition.shared import powers_of, shared, shared_lasers
from confocal_bag.image.acquisition.tiff import read_tiff
from confocal_bag.image.acquisition.transmitted import is_transmitted
from confocal_bag.image.model import Series

_ND2 = """Camera Name: Fusion, SN:500651
Plane #1:
 Name: Mono
 Camera Settings:   Exposure: 20 ms
  CSU-W1 Observation Mode:
     Port 2: On
  LUN-F, MultiLaser(LUN-F):
     Line:3; ExW:561; Power: 82.5; On
  Lida, MultiLaser(Lida):
     Line:1; ExW:450; Power:  5.0; On
     Line:2; ExW:550; Power:  5.0; On
Plane #2:
 Name: TRITC
 Camera Settings:   Exposure: 1 s
  Zoom: 1.00x
  CSU-W1, Observation Mode: Confocal
  CSU-W1, rpm: 4000
  LUN-F, MultiLaser(LUN-F):
     Line:3; ExW:561; Power: 33.5; On
  Lida, MultiLaser(Lida):
"""


def nd2_channel(
    name: str, plane: PlaneText, *flags: str, excitation: float | None = None, emission: float | None = None
) -> ChannelFacts:
    """What is told of a channel with this metadata and this text."""
    return channel_facts(_nd2(name, *flags, excitation=excitation, emission=emission), plane)


def _nd2(
    name: str, *flags: str, excitation: float | None = None, emission: float | None = None, zoom: float = 1.0
) -> SimpleNamespace:
    meta = SimpleNamespace(name=name, excitationLambdaNm=excitation, emissionLambdaNm=emission, color=None)
    scope = SimpleNamespace(modalityFlags=list(flags), pinholeDiameterUm=None, zoomMagnification=zoom)
    return SimpleNamespace(channel=meta, microscope=scope)


def test_what_all_parts_have_is_shared_and_nothing_else() -> None:
    """A part without a value shares none; of no parts there is nothing."""
    assert shared([2, 2]) == 2
    assert shared([2, 3]) is None
    assert shared([2, None]) is None
    assert shared([None, 2]) is None
    assert shared(iter(())) is None


def test_a_line_has_the_power_that_all_parts_lit_by_it_had() -> None:
    """A part that another line lit says nothing of it."""
    first, second = Laser(wavelength_nm=488, power="1 %"), Laser(wavelength_nm=561, power="2 %")
    again = Laser(wavelength_nm=561, power="3 %")
    assert [one.power for one in shared_lasers([[first, second], [second]])] == ["1 %", "2 %"]
    assert [one.power for one in shared_lasers([[first, second], [again]])] == ["1 %", None]
    assert powers_of([first, second, again], [488.0, 561.0]) == {488.0: "1 %"}


def test_each_plane_of_an_nd2_has_its_own_power_of_a_line() -> None:
    """561 nm had 82.5 % for one plane and 33.5 % for the other: the image has no power of it."""
    described = parse_description(_ND2)
    mono, tritc = described.of_channels(["Mono", "TRITC"])
    told = nd2_channel("TRITC", tritc, "fluorescence", "camera", excitation=405, emission=595)
    assert (told.excitation_nm, told.laser_lines_nm, dict(told.laser_powers)) == (561, (561.0,), {561.0: "33.5 %"})
    assert [(one.wavelength_nm, one.power) for one in _lasers(described.planes)] == [(561.0, None)]
    lit = nd2_channel("Mono", mono, "fluorescence", "camera")
    assert (lit.laser_lines_nm, dict(lit.laser_powers), lit.excitation_nm) == ((), {}, None)
    assert lit.notes["Lights that were on"] == "LUN-F 561 nm at 82.5 %; Lida 450 nm at 5 %; Lida 550 nm at 5 %"


def test_a_plane_is_that_of_its_channels_name() -> None:
    """In another order too; where the text has no such plane nothing is told, not what is said of another."""
    described = parse_description(_ND2)
    assert [one.exposure_s for one in described.of_channels(["TRITC", "Mono"])] == [1.0, 0.02]
    assert [one.exposure_s for one in described.of_channels(["TRITC", "Cy5"])] == [1.0, None]
    assert [one.exposure_s for one in described.of_channels(["TRITC"])] == [1.0]
    assert [one.exposure_s for one in described.of_channels(["Cy5"])] == [None]
    assert [one.exposure_s for one in described.of_channels(["a", "b"])] == [0.02, 1.0]  # all renamed: in order
    assert [one.exposure_s for one in described.of_channels(["a", "b", "c"])] == [None, None, None]


def test_an_only_text_of_a_camera_is_not_of_several_channels() -> None:
    """Of a laser scan it is: that lists all lines at once."""
    alone = parse_description("Camera Settings:   Exposure: 20 ms\n     Line:1; ExW:405; Power: 84.0; On\n")
    assert [one.exposure_s for one in alone.of_channels(["DAPI"])] == [0.02]
    assert [one.exposure_s for one in alone.of_channels(["DAPI", "FITC"])] == [None, None]
    scan = parse_description("{Scanner Selection}: Galvano\n{Pinhole Size(um)}: 38.3\n")
    assert [one.pinhole_um for one in scan.of_channels(["DAPI", "FITC"])] == [38.3, 38.3]


def test_one_excitation_is_told_of_no_channel_with_several_lights() -> None:
    """NIS-Elements gives all channels the same; two lines were on."""
    words = "ExW:405; Power: 84.0; On\nExW:488; Power: 10.0; On\n"
    plane = parse_description(f" Name: A\n LUN-F, MultiLaser(LUN-F):\n{words}").of_channels(["A"])[0]
    told = nd2_channel("A", plane, "fluorescence", "camera", excitation=405, emission=520)
    assert (told.excitation_nm, told.laser_lines_nm) == (None, (405.0, 488.0))
    assert dict(told.laser_powers) == {405.0: "84 %", 488.0: "10 %"}


def test_two_detectors_of_one_line_do_not_tell_whose_the_voltage_is() -> None:
    """Nor whose band; one detector of a line does."""
    words = (
        "{Scanner Selection}: Galvano\n{Third Filter Cube}: 595/50\n{Fourth Filter Cube}: 700/75\n"
        "CH3\t{Laser Wavelength}: 561.0\t{Laser Power}: 9.0\n\t{PMT HV}: 75\t{PMT Offset}: -25\n"
    )
    alone = parse_description(words).planes[0]
    both = parse_description(f"{words}{words[words.index('CH3') :].replace('CH3', 'CH4').replace('75', '90')}").planes[
        0
    ]
    one, two = (nd2_channel("A", plane, "laserScanConfocal", excitation=561, emission=595) for plane in (alone, both))
    assert (one.gain, one.detection_bands_nm) == (75, ((570, 620),))
    assert (two.gain, two.detection_bands_nm) == (None, ())


def test_the_light_that_passes_the_sample_has_not_the_voltage_of_the_fluorescence() -> None:
    """The detector behind the sample has neither the gain, nor the band, nor the pinhole of the line's channel."""
    words = (
        "{Scanner Selection}: Galvano\n{Second Filter Cube}: 525/50\n{Pinhole Size(um)}: 38.3\n"
        "CH2\t{Laser Wavelength}: 488.0\t{Laser Power}: 9.0\n\t{PMT HV}: 75\n"
    )
    told = nd2_channel("TD", parse_description(words).planes[0], "laserScanConfocal")
    assert (told.gain, told.detection_bands_nm, told.pinhole_um, told.laser_lines_nm) == (None, (), None, (488.0,))


def test_a_disk_is_told_by_the_plane_that_names_it() -> None:
    """ "Port 2: On" names no mode."""
    mono, tritc = parse_description(_ND2).planes
    assert nd2_channel("TRITC", tritc, "fluorescence", "camera").acquisition_mode == "SpinningDiskConfocal"
    assert nd2_channel("Mono", mono, "fluorescence", "camera").acquisition_mode is None
    open_field = parse_description(_ND2.replace("Mode: Confocal", "Mode: Bright Field")).planes[1]
    assert open_field.is_spinning_disk is False


def test_every_plane_of_a_camera_is_called_fluorescence_and_only_one_with_emission_is() -> None:
    """A lamp beside the laser leaves it open, too."""
    mono, tritc = parse_description(_ND2).planes
    assert nd2_channel("TRITC", tritc, "fluorescence", emission=595).contrast_method == "Fluorescence"
    assert nd2_channel("Mono", mono, "fluorescence").contrast_method is None
    assert nd2_channel("Mono", mono, "fluorescence", emission=595).contrast_method is None
    assert nd2_channel("DIC", mono, "diContrast").contrast_method == "DIC"


def test_the_zoom_of_a_camera_is_none_of_a_scan() -> None:
    """It stays among the notes; a laser scan has its own."""
    camera = _scan([_nd2("A", "camera", zoom=1.5)], parse_description(_ND2).planes)
    assert camera == {"notes": {"Zoom of the optics": "1.5"}}
    words = "{Scanner Selection}: Galvano\n{Line Average Mode}: None\n{Scan Speed}: 1\n"
    scan = _scan([_nd2("A", "laserScanConfocal", zoom=2.5)], parse_description(words).planes)
    assert (scan["zoom"], scan["scan_speed"], scan["averaging"]) == (2.5, "1", None)
    assert scan["notes"] == {"Scanner": "Galvano", "Averaging": "none (Line Average Mode: None)"}


def test_planes_of_an_nd2_that_were_scanned_differently_share_no_speed() -> None:
    """Nor the averaging, the direction and the time on a pixel."""
    one = "Plane #1:\n{Scanner Selection}: Galvano\n{Scan Speed}: 1\n{Scan Direction}: One way\n"
    two = "Plane #2:\n{Scanner Selection}: Galvano\n{Scan Speed}: 2\n{Scan Direction}: One way\n"
    told = _scan([_nd2("A", "laserScanConfocal")] * 2, parse_description(one + two).planes)
    assert (told["scan_speed"], told["bidirectional"]) == (None, False)


_TRACK: dict[str, Any] = {
    "Acquire": 1,
    "PixelTime": 1.5,
    "SamplingNumber": 4,
    "SamplingMode": 1,
    "DetectionChannels": [{"ChannelName": "Ch1", "Acquire": 1, "PinholeDiameter": 38.5, "PointDetectorName": "Pmt1"}],
    "IlluminationChannels": [{"Wavelength": 561.0, "Power": 5.0, "Aquire": 1}],
}


def _lsm(names: tuple[str, ...] = ("Ch1-T1", "Ch1-T2"), **second: Any) -> SeriesFacts:
    """Two tracks, the second with changes."""
    info = {
        "DimensionChannels": len(names),
        "ChannelColors": {"ColorNames": list(names)},
        "ScanInformation": {"Tracks": [copy.deepcopy(_TRACK), {**copy.deepcopy(_TRACK), **second}]},
    }
    return lsm_facts(info, {})


def test_tracks_of_an_lsm_that_differ_share_no_dwell_time_averaging_or_power() -> None:
    """Each channel has the power of its own track."""
    same = _lsm()
    assert (same.pixel_dwell_us, same.averaging, same.averaging_unit, same.lasers[0].power) == (1.5, 4, "Line", "5 %")
    lines = [{"Wavelength": 561.0, "Power": 20.0, "Aquire": 1}]
    told = _lsm(PixelTime=3.0, SamplingNumber=2, IlluminationChannels=lines)
    assert (told.pixel_dwell_us, told.averaging, told.lasers[0].power) == (None, None, None)
    assert [dict(one.laser_powers) for one in told.channels] == [{561.0: "5 %"}, {561.0: "20 %"}]
    assert _lsm(SamplingMode=2).averaging_unit is None


def test_channels_of_an_lsm_named_in_another_order_are_those_of_their_names() -> None:
    """The order of the tracks is not that of the channels."""
    other = [{**_TRACK["DetectionChannels"][0], "PinholeDiameter": 77.0}]
    assert [one.pinhole_um for one in _lsm(DetectionChannels=other).channels] == [38.5, 77.0]
    swapped = _lsm(("Ch1-T2", "Ch1-T1"), DetectionChannels=other)
    assert [one.pinhole_um for one in swapped.channels] == [77.0, 38.5]


def test_a_detector_behind_the_sample_has_no_pinhole() -> None:
    """Zeiss calls it ChD; the record has the field all the same."""
    behind = [{"ChannelName": "ChD", "Acquire": 1, "PinholeDiameter": 38.5, "PointDetectorName": "DiaPmt"}]
    told = _lsm(("Ch1-T1", "ChD-T2"), DetectionChannels=behind)
    assert [one.pinhole_um for one in told.channels] == [38.5, None]


_CZI_CHANNEL = """<Channel Id="Channel:{number}" Name="{name}">
  <ContrastMethod>Fluorescence</ContrastMethod><IlluminationType>Epifluorescence</IlluminationType>
  <AcquisitionMode>{mode}</AcquisitionMode>
  <LaserScanInfo><PixelTime>{dwell}</PixelTime><ZoomX>2</ZoomX><Averaging>{averaging}</Averaging></LaserScanInfo>
  <LightSourcesSettings><LightSourceSettings><LightSource Id="L"/><Transmission>{power}</Transmission>
  </LightSourceSettings></LightSourcesSettings></Channel>"""
_LASER = """<Instrument><LightSources><LightSource Id="L"><LightSourceType><Laser><Wavelength>488</Wavelength></Laser>
  </LightSourceType></LightSource></LightSources></Instrument>"""


def _czi(second: dict[str, str], *, experiment: str = "", first: dict[str, str] | None = None) -> SeriesFacts:
    """Two channels, the second with changes."""
    plain = {
        "name": "Ch1",
        "mode": "LaserScanningConfocalMicroscopy",
        "dwell": "1e-06",
        "averaging": "4",
        "power": "0.1",
    }
    channels = "".join(
        _CZI_CHANNEL.format(number=number, **{**plain, **changes})
        for number, changes in enumerate((first or {}, second))
    )
    document = (
        f"<ImageDocument><Metadata><Information><Image><Dimensions><Channels>{channels}</Channels></Dimensions></Image>"
        f"{_LASER}</Information>{experiment}</Metadata></ImageDocument>"
    )
    series = Series(index=0, name="x", axes={"C": 2, "Y": 4, "X": 4}, dtype=np.dtype("uint8"))
    return czi_facts(document.encode(), [series], {}).series[0]


def test_channels_of_a_czi_that_differ_share_no_dwell_time_averaging_or_power() -> None:
    """What they share is told of the image."""
    same = _czi({"name": "Ch2"})
    assert (same.zoom, same.pixel_dwell_us, same.averaging, same.lasers[0].power) == (2, 1, 4, "10 %")
    told = _czi({"name": "Ch2", "dwell": "2e-06", "averaging": "8", "power": "0.5"})
    assert (told.zoom, told.pixel_dwell_us, told.averaging, told.lasers[0].power) == (2, None, None, None)
    assert [dict(one.laser_powers) for one in told.channels] == [{488.0: "10 %"}, {488.0: "50 %"}]


def test_a_camera_of_a_czi_scans_nothing() -> None:
    """A channel of a camera may have the element of a scan."""
    told = _czi({"mode": "WideField"}, first={"mode": "WideField"})
    assert (told.zoom, told.pixel_dwell_us, told.averaging) == (None, None, None)


def test_transmitted_light_of_a_czi_is_no_fluorescence() -> None:
    """ZEN writes the same words for every channel of a scan."""
    plain, behind = _czi({"name": "T PMT"}).channels
    assert (plain.contrast_method, plain.illumination_type) == ("Fluorescence", "Epifluorescence")
    assert (behind.contrast_method, behind.illumination_type) == (None, None)


def test_lines_that_two_channels_share_do_not_tell_whose_detector_it_was() -> None:
    """The experiment has one detector in the track of both."""
    experiment = """<Experiment><ExperimentBlocks><AcquisitionBlock><MultiTrackSetup><TrackSetup>
      <Attenuators><Attenuator><Wavelength>4.88e-007</Wavelength></Attenuator></Attenuators>
      <Detectors><Detector Id="other"><Voltage>600</Voltage><PinholeDiameter>9e-005</PinholeDiameter></Detector>
      </Detectors></TrackSetup></MultiTrackSetup></AcquisitionBlock></ExperimentBlocks></Experiment>"""
    told = _czi({"name": "Ch2"}, experiment=experiment)
    assert [(one.voltage_v, one.pinhole_um) for one in told.channels] == [(None, None)] * 2


def _lif(*scans: str, tag: str = "ATLConfocalSettingDefinition") -> SeriesFacts:
    """Sequential scans with these attributes; 488 nm at 1, 2 ... percent."""
    lines = [
        f'<{tag} MicroscopeModel="DMI8" {attributes}><AotfList><Aotf><LaserLineSetting LaserLine="488" '
        f'IntensityDev="{number}"/></Aotf></AotfList></{tag}>'
        for number, attributes in enumerate(scans, start=1)
    ]
    place = "LDM_Block_Sequential" if tag.startswith("ATLConfocal") else "LDM_Block_Widefield_Sequential"
    block = f"<{place}><LDM_Block_Sequential_List>{''.join(lines)}</LDM_Block_Sequential_List></{place}>"
    words = f'<Element><Data><Image><Attachment Name="HardwareSetting">{block}</Attachment></Image></Data></Element>'
    return lif_facts(etree.fromstring(words))


def test_sequential_scans_of_a_lif_that_differ_share_no_zoom_speed_averaging_or_power() -> None:
    """Nor the lens; what they share is told."""
    same = _lif('Zoom="2" ScanSpeed="400" LineAverage="4"', 'Zoom="2" ScanSpeed="400" LineAverage="4"')
    assert (same.zoom, same.scan_speed, same.averaging) == (2, "400 Hz", 4)
    assert same.lasers == (Laser(wavelength_nm=488, power=None),)
    told = _lif('Zoom="2" ScanSpeed="400" LineAverage="4"', 'Zoom="3" ScanSpeed="600" LineAverage="1"')
    assert (told.zoom, told.scan_speed, told.averaging) == (None, None, None)
    lenses = _lif('ObjectiveName="HC PL APO 10x/0.4"', 'ObjectiveName="HC PL APO 63x/1.4 OIL"')
    assert lenses.objective.is_recorded is False


def test_a_camera_of_a_lif_scans_nothing() -> None:
    """Its settings have a zoom of their own kind, and an averaging."""
    told = _lif('Zoom="1" ScanSpeed="400" LineAverage="1"', tag="ATLCameraSettingDefinition")
    assert (told.microscope, told.zoom, told.scan_speed, told.averaging) == ("DMI8", None, None, None)


def test_rows_of_an_older_lif_that_differ_tell_nothing() -> None:
    """Two zooms are of two scans."""
    rows = '<ScannerSettingRecord Identifier="SystemType" Variant="TCS SP5"/>' + "".join(
        f'<ScannerSettingRecord Identifier="dblZoom" Variant="{zoom}"/>' for zoom in ("2.5", "4")
    )
    setting = f"<HardwareSetting><ScannerSetting>{rows}</ScannerSetting></HardwareSetting>"
    listed = f'<Attachment Name="HardwareSettingList">{setting}</Attachment>'
    told = lif_facts(etree.fromstring(f"<Element><Data><Image>{listed}</Image></Data></Element>"))
    assert (told.microscope, told.zoom) == ("TCS SP5", None)


def test_each_series_of_a_tiff_has_the_size_of_its_own_pages(tmp_path: Path) -> None:
    """A label beside an image is not as large as that."""
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as writer:
        for side, resolution in ((32, 98000), (20, 49000)):
            pixels = np.zeros((side, side), "uint8")
            writer.write(pixels, resolution=(resolution, resolution), resolutionunit=3, metadata=None)
    series = [
        Series(index=index, name="x", axes={"Y": side, "X": side}, dtype=np.dtype("uint8"))
        for index, side in enumerate((32, 20))
    ]
    sizes = [one.pixel_size_um.x for one in read_tiff(path, series).series]
    assert sizes == pytest.approx([10000 / 98000, 10000 / 49000])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T PMT", True), ("T-PMT1", True), ("TD1", True), ("TD", True), ("TL BF", True), ("ChD", True),
        ("NonDescannedTransmissionPmt1", True), ("Brightfield", True), ("DIC", True), ("trans", True),
        ("Ch1", False), ("TRITC", False), ("TdTomato", False), ("DICER", False), ("Transferrin", False), (None, False),
    ],
)  # fmt: skip
def test_names_of_transmitted_light_are_known(name: str | None, *, expected: bool) -> None:
    """A dye whose name only begins like one is none."""
    assert is_transmitted(name) is expected


def test_a_scan_beside_a_camera_has_no_zoom_of_both() -> None:
    """Which of the channels has it the structure does not say."""
    words = "{Scanner Selection}: Galvano\n"
    both = [_nd2("A", "laserScanConfocal", zoom=2.5), _nd2("B", "camera", zoom=2.5)]
    assert _scan(both, parse_description(words).planes)["zoom"] is None


def test_a_camera_of_an_nd2_is_told_as_one() -> None:
    """A scan head has detectors of its own."""
    plane = parse_description(_ND2).planes[1]
    assert nd2_channel("A", plane, "camera").notes.get("Detector kind") == "Camera"
    assert "Detector kind" not in nd2_channel("A", plane, "laserScanConfocal").notes


def test_a_detector_of_a_lif_behind_the_sample_has_no_pinhole() -> None:
    """The pinhole is in front of the detectors of the scan head."""
    detectors = '<DetectorList><Detector IsActive="1" Name="PMT 1"/><Detector IsActive="1" Name="PMT" ScanType="TLD"/>'
    setting = (
        '<ATLConfocalSettingDefinition Pinhole="1E-4" PinholeAiry="1">'
        f"{detectors}</DetectorList></ATLConfocalSettingDefinition>"
    )
    described = '<ImageDescription><Channels><ChannelDescription LUTName="Green" BytesInc="0"/>'
    words = (
        f'<Element><Data><Image>{described}<ChannelDescription LUTName="Gray" BytesInc="9"/></Channels>'
        f'</ImageDescription><Attachment Name="HardwareSetting">{setting}</Attachment></Image></Data></Element>'
    )
    front, behind = lif_facts(etree.fromstring(words)).channels
    assert (front.detector, front.pinhole_au) == ("PMT 1", 1)
    assert front.pinhole_um == pytest.approx(100)
    assert (behind.detector, behind.pinhole_um, behind.pinhole_au) == ("PMT", None, None)
