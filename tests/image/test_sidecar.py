"""OME-XML beside a file and inside an OME-TIFF."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from lxml import etree
from ome_types import OME
from ome_types.model import Rights

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.ome_notes import file_entries, sidecar_notes
from confocal_bag.image.acquisition import records
from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import (
    ChannelFacts,
    FileFacts,
    Laser,
    Modulo,
    Objective,
    SeriesFacts,
    StagePosition,
)
from confocal_bag.image.model import ImageFile, PixelSize, Series
from confocal_bag.image.sidecar import RIGHTS, Note, for_tiff, ome_bytes, write_sidecar
from confocal_bag.image.sidecar_check import check_sidecar, read_sidecar
from confocal_bag.image.sidecar_settings import compare_settings
from tests.deposit.described import COMPLETE

_NS = {"o": "http://www.openmicroscopy.org/Schemas/OME/2016-06"}
_FACTS = SeriesFacts(
    acquired="2021-06-15T06:09:43.0304818Z",
    pixel_size_um=PixelSize(x=0.1, y=0.1, z=0.5),
    bit_depth=12,
    manufacturer="Zeiss",
    microscope="LSM 880",
    microscope_type="Inverted",
    software="ZEN",
    software_version="3.6",
    objective=Objective(
        model="Plan-Apochromat 63x/1.4 Oil",
        magnification=63,
        numerical_aperture=1.4,
        immersion="Oil",
        refractive_index=1.518,
    ),
    lasers=(Laser(wavelength_nm=405), Laser(wavelength_nm=488, name="Argon", power="2 %")),
    zoom=2.5,
    pixel_dwell_us=1.02,
    averaging=4,
    averaging_unit="Line",
    stage=StagePosition(x_um=-10.5, y_um=3),
    channels=(
        ChannelFacts(
            name="GFP",
            fluor="EGFP",
            excitation_nm=488,
            emission_nm=509,
            color=(0, 255, 0),
            pinhole_um=38.5,
            pinhole_au=1.0,
            laser_lines_nm=(488,),
            detection_bands_nm=((499, 553),),
            detector="PMT 1",
            voltage_v=650,
            exposure_s=0.02,
        ),
        ChannelFacts(name="DAPI", laser_lines_nm=(405, 488)),
    ),
)


def _series(axes: Mapping[str, int], *, dtype: str = "uint16", index: int = 0) -> Series:
    return Series(index=index, name=f"cells {index}", axes=axes, dtype=np.dtype(dtype))


def _ome(axes: Mapping[str, int], facts: SeriesFacts = _FACTS) -> OME:
    return build_ome([_series(axes)], FileFacts(series=(facts,)))


_STACK = {"T": 2, "C": 2, "Z": 3, "Y": 8, "X": 8}


def _hashes(axes: Mapping[str, int]) -> list[tuple[dict[str, int], str]]:
    return [
        ({"T": t, "C": c, "Z": z}, f"{t}{c}{z}".zfill(40))
        for t in range(axes["T"])
        for z in range(axes["Z"])
        for c in range(axes["C"])
    ]


def _find(content: bytes | str, path: str) -> list[etree._Element]:
    raw = content.encode() if isinstance(content, str) else content
    return etree.fromstring(raw).findall(path, _NS)


def test_a_sidecar_is_valid_and_holds_every_plane_s_digest() -> None:
    """The digests come back under the place of their planes."""
    content = ome_bytes(_ome(_STACK), source_name="cells.czi", plane_hashes={0: _hashes(_STACK)})
    assert list(check_sidecar(content)) == []
    read = read_sidecar(content).images[0]
    assert len(read.plane_hashes) == 12
    assert read.plane_hashes[1, 0, 2] == "102".zfill(40)
    assert len(_find(content, ".//o:MetadataOnly")) == 1
    assert b"little-endian" in content


def test_a_digest_does_not_take_the_exposure_of_its_plane() -> None:
    """The first plane of a channel has both."""
    content = ome_bytes(_ome(_STACK), source_name="cells.czi", plane_hashes={0: _hashes(_STACK)})
    first = _find(content, ".//o:Plane")[0]
    assert first.get("ExposureTime") == "0.02"
    assert first.findtext("o:HashSHA1", None, _NS) == "0".zfill(40)


def test_the_same_input_gives_the_same_bytes() -> None:
    """No clock, no random identifier."""
    one, two = (ome_bytes(_ome(_STACK), source_name="a.czi", plane_hashes={0: _hashes(_STACK)}) for _ in range(2))
    assert one == two


def test_the_document_given_is_not_changed() -> None:
    """It serves the TIFF and the sidecar alike."""
    ome = _ome(_STACK)
    before = ome_bytes(ome, source_name="a.czi")
    ome_bytes(ome, source_name="b.czi", plane_hashes={0: _hashes(_STACK)})
    for_tiff(ome, 0, "a.ome.tif")
    assert ome_bytes(ome, source_name="a.czi") == before


def test_notes_of_the_depositor_are_carried_under_their_namespace() -> None:
    """For one image, or for all."""
    ome = build_ome([_series(_STACK), _series(_STACK, index=1)], FileFacts())
    notes = [
        Note(namespace="https://example.org/ns/biosample/1", pairs={"Organism": "Mus musculus"}),
        Note(namespace="https://example.org/ns/channel/1", series_index=1, pairs={"Target": "tubulin"}),
    ]
    content = ome_bytes(ome, source_name="a.czi", notes=notes)
    assert content.count(b"Mus musculus") == 2
    assert content.count(b"tubulin") == 1
    assert list(check_sidecar(content)) == []


def test_rights_that_people_state_stand_in_the_element_of_ome() -> None:
    """And in an annotation with their source; those that the file itself states are kept."""
    pairs = {"RightsHolder": "NC State", "RightsHeld": "CC0-1.0", "Source": "deposit.yaml"}
    ome, note = _ome(_STACK), Note(namespace=RIGHTS, pairs=pairs)
    content = ome_bytes(ome, source_name="a.czi", notes=[note])
    assert [one.text for one in _find(content, "o:Rights/*")] == ["NC State", "CC0-1.0"]
    assert b"deposit.yaml" in content
    assert list(check_sidecar(content)) == []
    assert _find(ome_bytes(ome, source_name="a.czi"), "o:Rights") == []
    ome.rights = Rights(rights_held="all of them")
    content = ome_bytes(ome, source_name="a.czi", notes=[note])
    assert [one.text for one in _find(content, "o:Rights/*")] == ["all of them"]


def test_what_people_say_of_an_acquisition_is_no_statement_of_the_header() -> None:
    """So that a sidecar with all of it agrees with its file."""
    said = read_description(COMPLETE).description
    notes = sidecar_notes(said, file_entries(said), PurePosixPath("raw/a.czi"))
    assert "1.4" in [one.pairs.get("Objective.LensNA") for one in notes]
    ome = _ome(_STACK)
    assert list(compare_settings(ome_bytes(ome, source_name="a.czi", notes=notes), ome)) == []


def test_text_no_xml_can_carry_does_not_break_a_sidecar() -> None:
    """Names of files and notes may hold anything."""
    notes = [Note(namespace="https://example.org/ns/x/1", pairs={"a\x00b": "c\udc80\x1bd"})]
    assert list(check_sidecar(ome_bytes(_ome(_STACK), source_name="a\udcff\n.czi", notes=notes))) == []


def test_a_sidecar_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A digest that is none leaves no file behind."""
    path = tmp_path / "cells.ome.xml"
    with pytest.raises(ValueError, match="schema"):
        write_sidecar(_ome(_STACK), path, source_name="cells.czi", plane_hashes={0: [({"T": 0}, "no digest")]})
    assert list(tmp_path.iterdir()) == []
    write_sidecar(_ome(_STACK), path, source_name="cells.czi")
    assert [one.name for one in tmp_path.iterdir()] == ["cells.ome.xml"]


def test_a_digest_of_the_wrong_length_is_a_bug_and_raises() -> None:
    """The schema wants twenty bytes."""
    with pytest.raises(ValueError, match="schema"):
        ome_bytes(_ome(_STACK), source_name="a.czi", plane_hashes={0: [({"T": 0}, "00")]})


def test_settings_ome_has_a_place_for_stand_there() -> None:
    """Each where OME 2016-06 puts it, in its default unit."""
    content = ome_bytes(_ome(_STACK), source_name="a.czi")
    pixels, channel = _find(content, ".//o:Pixels")[0], _find(content, ".//o:Channel")[0]
    assert (pixels.get("PhysicalSizeZ"), pixels.get("SignificantBits")) == ("0.5", "12")
    assert (channel.get("PinholeSize"), channel.get("ExcitationWavelength")) == ("38.5", "488.0")
    assert channel.get("Color") == str(0x00FF00FF)
    assert _find(content, ".//o:Objective")[0].get("LensNA") == "1.4"
    assert _find(content, ".//o:StageLabel")[0].get("XUnit") == "µm"
    assert _find(content, ".//o:TransmittanceRange")[0].get("CutIn") == "499.0"
    assert _find(content, ".//o:AcquisitionDate")[0].text == "2021-06-15T06:09:43.030481Z"
    assert "2021-06-15T06:09:43.0304818Z" in content.decode()


def test_a_channel_lit_by_several_lines_names_no_single_light_source() -> None:
    """OME allows one, so the lines are said in the channel's annotation."""
    first, second = _find(ome_bytes(_ome(_STACK), source_name="a.czi"), ".//o:Channel")
    assert first.find("o:LightSourceSettings", _NS) is not None
    assert second.find("o:LightSourceSettings", _NS) is None


def test_nothing_recorded_is_nothing_said() -> None:
    """No instrument, no size, no date, no colour: absence, not zero."""
    content = ome_bytes(_ome(_STACK, SeriesFacts()), source_name="a.czi")
    assert _find(content, "o:Instrument") == []
    pixels = _find(content, ".//o:Pixels")[0]
    assert not [name for name in pixels.attrib if str(name).startswith(("Physical", "Time", "Significant"))]
    assert [sorted(one.attrib) for one in _find(content, ".//o:Channel")] == [["ID", "SamplesPerPixel"]] * 2
    assert _find(content, ".//o:AcquisitionDate") == []


def test_a_tiff_of_one_series_carries_only_what_is_its_own() -> None:
    """The instrument and annotations of the other series stay out."""
    other = SeriesFacts(microscope="another", zoom=9)
    ome = build_ome([_series(_STACK), _series(_STACK, index=1)], FileFacts(series=(_FACTS, other)))
    text = for_tiff(ome, 1, "a.ome.tif")
    assert "another" in text
    assert "LSM 880" not in text
    assert [one.get("PlaneCount") for one in _find(text, ".//o:TiffData")] == ["12"]
    assert list(check_sidecar(text.encode())) == []


def test_wavelengths_folded_onto_time_say_so() -> None:
    """A ModuloAlongT tells start, step and end, and the planes tell where each lies."""
    modulo = {"L": Modulo(kind="lambda", start=500, step=10, unit="nm")}
    axes = {"L": 3, "T": 2, "C": 1, "Z": 1, "Y": 4, "X": 4}
    text = for_tiff(_ome(axes, SeriesFacts(modulo=modulo, time_increment_s=8.0)), 0, "a.ome.tif")
    (element,) = etree.fromstring(text.encode()).iter("ModuloAlongT")
    assert [element.get(name) for name in ("Type", "Unit", "Start", "Step", "End")] == [
        "lambda",
        "nm",
        "500",
        "10",
        "520",
    ]
    assert [one.get("FirstT") for one in _find(text, ".//o:TiffData")] == ["0", "3", "1", "4", "2", "5"]
    assert _find(text, ".//o:Pixels")[0].get("TimeIncrement") is None
    assert '<M K="Time increment">8 s</M>' in text
    assert list(check_sidecar(text.encode())) == []


def test_phases_without_a_scale_are_labelled() -> None:
    """Thirty-two phases of an Airyscan are numbered, not measured."""
    axes = {"H": 4, "T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4}
    text = for_tiff(_ome(axes, SeriesFacts()), 0, "a.ome.tif")
    (element,) = etree.fromstring(text.encode()).iter("ModuloAlongT")
    assert (element.get("Type"), len(element), element.get("Start")) == ("phase", 4, None)
    assert [one.get("PlaneCount") for one in _find(text, ".//o:TiffData")] == ["4"]


def test_an_xz_scan_has_its_rows_in_y_and_its_axes_told() -> None:
    """And the z step is the distance of its rows."""
    ome = _ome({"T": 2, "C": 2, "Z": 16, "X": 4}, SeriesFacts(pixel_size_um=PixelSize(x=0.1, z=0.7)))
    text = for_tiff(ome, 0, "a.ome.tif")
    pixels = _find(text, ".//o:Pixels")[0]
    assert [pixels.get(name) for name in ("SizeY", "SizeZ", "PhysicalSizeY", "PhysicalSizeZ")] == [
        "16",
        "1",
        "0.7",
        None,
    ]
    assert '<M K="Rows run along">Z</M>' in text


def test_a_stack_of_xz_scans_is_numbered_along_y() -> None:
    """Its digests lie along OME's Z."""
    axes = {"Y": 5, "T": 1, "C": 1, "Z": 16, "X": 4}
    hashes = [({"Y": y, "T": 0, "C": 0}, str(y).zfill(40)) for y in range(5)]
    content = ome_bytes(_ome(axes, SeriesFacts()), source_name="a.lif", plane_hashes={0: hashes})
    assert list(check_sidecar(content)) == []
    assert read_sidecar(content).images[0].plane_hashes[0, 0, 4] == "4".zfill(40)


def test_a_colour_picture_has_one_channel_of_three_samples() -> None:
    """SizeC counts samples."""
    content = ome_bytes(_ome({"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4, "S": 3}, SeriesFacts()), source_name="a.tif")
    assert list(check_sidecar(content)) == []
    image = read_sidecar(content).images[0]
    assert (image.size_c, image.channel_count) == (3, 1)


def test_a_type_ome_cannot_name_is_refused() -> None:
    """64-bit integers have no name in the schema."""
    with pytest.raises(ValueError, match="int64"):
        build_ome([_series(_STACK, dtype="int64")], FileFacts())


def test_records_tell_what_the_document_tells() -> None:
    """In the plain form that inventories and readmes use."""
    series = (_series(_STACK),)
    ome = build_ome(series, FileFacts(series=(_FACTS,)))
    (record,) = records(cast("ImageFile", SimpleNamespace(series=series)), ome)
    assert record.pixel_size_um == PixelSize(x=0.1, y=0.1, z=0.5)
    assert record.instrument.model == "LSM 880"
    assert record.instrument.acquired == "2021-06-15T06:09:43.0304818Z"
    assert record.instrument.averaging == "4 (line)"
    assert (record.instrument.zoom, record.instrument.pixel_dwell_us) == (2.5, 1.02)
    assert (record.instrument.immersion, record.instrument.numerical_aperture) == ("Oil", 1.4)
    channel = record.channels[0]
    assert (channel.color, channel.gain, channel.detector) == ("#00FF00", "650 V", "PMT 1")
    assert (channel.pinhole_um, channel.pinhole_au, channel.laser_lines_nm) == (38.5, 1.0, (488.0,))


def test_records_of_nothing_recorded_hold_none() -> None:
    """None, never 0 or 1.0."""
    series = (_series({"T": 1, "C": 1, "Z": 16, "X": 4}),)
    ome = build_ome(series, FileFacts())
    (record,) = records(cast("ImageFile", SimpleNamespace(series=series)), ome)
    assert record.pixel_size_um == PixelSize()
    assert record.channels[0].color is None
    assert record.instrument.acquired is None
    assert record.time_increment_s is None
