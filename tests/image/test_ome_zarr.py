"""OME-Zarr is read whole at full resolution, described by its axes, counted by its chunks, and never trusted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from zarr.storage import LocalStore

from confocal_bag.findings import CannotFinish
from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.convert import convert_image
from confocal_bag.image.count_zarr import absent_chunks, count
from confocal_bag.image.formats import extension_disagrees, identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.readers.second import check_second_reader
from confocal_bag.image.record import ImageRecord
from tests.image.synthetic_zarr import multiscale, stack, write_array, write_group, write_zarr


def planes(path: Path) -> list[dict[tuple[int, ...], Any]]:
    """The samples of every plane by T, C and Z, for each series."""
    with open_image(path) as image:
        return [
            {tuple(plane.coordinates[axis] for axis in "TCZ"): plane.pixels for plane in image.planes(series)}
            for series in image.series
        ]


def record(path: Path) -> ImageRecord:
    """The record of the first image."""
    with open_image(path) as image:
        return records(image, describe_acquisition(image))[0]


def change(path: Path, **values: object) -> None:
    """Change values of a JSON file."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("chunks", [(1, 1, 1, 6, 5), (2, 1, 3, 4, 2)])
def test_every_plane_comes_at_its_place(tmp_path: Path, zarr_format: int, chunks: tuple[int, ...]) -> None:
    """Chunks that hold several planes, or parts of one, or reach over the edge, make no difference."""
    values = stack(3, 2, 4, 6, 5)
    path = write_zarr(tmp_path / "a.ome.zarr", values, zarr_format=zarr_format, chunks=chunks)
    (found,) = planes(path)
    assert len(found) == 24
    for place, pixels in found.items():
        assert pixels.tolist() == values[place].tolist()
    with open_image(path) as image:
        assert image.expected_planes == 24


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_what_the_zarr_library_writes_is_read(tmp_path: Path, zarr_format: int) -> None:
    """Blosc or Zstandard chunks, and shards in Zarr 3, as the library writes them when nobody says otherwise."""
    values = stack(1, 2, 4, 16, 20)
    said = {"multiscales": [multiscale()]}
    store = LocalStore(tmp_path / "a.zarr")
    group = zarr.create_group(
        store=store, zarr_format=2 if zarr_format == 2 else 3, attributes=said if zarr_format == 2 else {"ome": said}
    )
    shards: Any = (1, 1, 4, 16, 16) if zarr_format == 3 else None
    array = group.create_array("0", shape=values.shape, chunks=(1, 1, 2, 16, 8), shards=shards, dtype="uint16")
    array[:] = values
    (found,) = planes(tmp_path / "a.zarr")
    assert all(pixels.tolist() == values[place].tolist() for place, pixels in found.items())
    assert absent_chunks(tmp_path / "a.zarr") == ()


def test_blocks_too_large_to_keep_are_read_plane_by_plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory for decoded blocks is bounded, and the planes are the same."""
    from confocal_bag.image.readers import ome_zarr

    monkeypatch.setattr(ome_zarr, "_MOST_KEPT", 100)
    values = stack(2, 2, 4, 6, 5)
    (found,) = planes(write_zarr(tmp_path / "a.zarr", values, chunks=(2, 1, 4, 6, 5)))
    assert all(pixels.tolist() == values[place].tolist() for place, pixels in found.items())


def test_steps_and_units_come_from_the_axes(tmp_path: Path) -> None:
    """Micrometres from any unit of length, the scale of the level times that of the whole, seconds for time."""
    units = {"t": "millisecond", "z": "micrometer", "y": "nanometer", "x": "nanometer"}
    said = multiscale(units=units, scale=(500.0, 1.0, 0.25, 50.0, 50.0))
    said["coordinateTransformations"] = [{"type": "scale", "scale": [1.0, 1.0, 2.0, 2.0, 2.0]}]
    found = record(write_zarr(tmp_path / "a.zarr", stack(2, 1, 2, 4, 4), said={"multiscales": [said]}))
    size = found.pixel_size_um
    assert [size.x, size.y, size.z] == pytest.approx([0.1, 0.1, 0.5])
    assert found.time_increment_s == pytest.approx(0.5)
    assert found.name == "cells"


def test_a_scale_without_a_unit_is_not_recorded(tmp_path: Path) -> None:
    """Most writers put 1.0 where they know nothing."""
    found = record(write_zarr(tmp_path / "a.zarr", stack(2, 1, 2, 4, 4)))
    assert (found.pixel_size_um.x, found.pixel_size_um.y, found.pixel_size_um.z) == (None, None, None)
    assert found.time_increment_s is None


def test_channels_are_those_of_omero(tmp_path: Path) -> None:
    """Labels and colours; where omero describes another number of channels, none."""
    channels = [{"label": "DAPI", "color": "0000FF"}, {"label": "GFP", "color": "00FF0080"}]
    said = {"multiscales": [multiscale()], "omero": {"channels": channels}}
    path = write_zarr(tmp_path / "a.zarr", stack(1, 2, 1, 4, 4), said=said)
    assert [(one.name, one.color) for one in record(path).channels] == [("DAPI", "#0000FF"), ("GFP", "#00FF00")]
    said["omero"] = {"channels": channels[:1]}
    other = write_zarr(tmp_path / "b.zarr", stack(1, 2, 1, 4, 4), said=said)
    assert [one.name for one in record(other).channels] == [None, None]


def test_axes_of_other_names_stay_axes(tmp_path: Path) -> None:
    """Nothing is folded away; old Zarrs without a list of axes have the five of NGFF 0.1."""
    said = {"multiscales": [multiscale(("angle", "y", "x"))]}
    path = write_zarr(tmp_path / "a.zarr", stack(3, 4, 5), said=said)
    with open_image(path) as image:
        assert dict(image.series[0].axes) == {"N": 3, "T": 1, "C": 1, "Z": 1, "Y": 4, "X": 5}
    old = {"multiscales": [{"version": "0.1", "datasets": [{"path": "0"}]}]}
    with open_image(write_zarr(tmp_path / "b.zarr", stack(2, 1, 3, 4, 5), said=old, separator=".")) as image:
        assert dict(image.series[0].axes) == {"T": 2, "C": 1, "Z": 3, "Y": 4, "X": 5}


def test_pyramid_levels_and_labels_are_no_images(tmp_path: Path) -> None:
    """Only the first data set of each multiscale is the picture."""
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 8, 8), said={"multiscales": [multiscale(levels=2)]})
    write_array(path / "1", stack(1, 1, 1, 4, 4), (1, 1, 1, 4, 4))
    write_group(path / "labels", {"labels": ["nuclei"]})
    write_zarr(path / "labels" / "nuclei", stack(1, 1, 1, 8, 8))
    assert [len(one) for one in planes(path)] == [1]


def test_the_images_of_a_bioformats2raw_layout_are_series(tmp_path: Path) -> None:
    """In the order of the OME group, or by their numbers where it lists none."""
    path = write_group(tmp_path / "a.zarr", {"bioformats2raw.layout": 3})
    for number in range(2):
        write_zarr(path / str(number), stack(1, 1, 1, 4, 4, seed=number), said={"multiscales": [multiscale(name=None)]})
    with open_image(path) as image:
        assert [series.notes["group"] for series in image.series] == ["0", "1"]
        assert image.expected_planes == 2
    write_group(path / "OME", {"series": ["1", "0"]})
    with open_image(path) as image:
        assert [series.notes["group"] for series in image.series] == ["1", "0"]


def test_the_ome_document_of_a_bioformats2raw_layout_is_kept(tmp_path: Path) -> None:
    """OME/METADATA.ome.xml says more than the JSON; people are left out as always."""
    path = write_group(tmp_path / "a.zarr", {"bioformats2raw.layout": 3})
    write_zarr(path / "0", stack(1, 1, 1, 4, 4))
    write_group(path / "OME", {"series": ["0"]})
    (path / "OME" / "METADATA.ome.xml").write_text(
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Experimenter ID="Experimenter:0" '
        'LastName="Somebody"/><Image ID="Image:0" Name="kidney"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" '
        'Type="uint16" SizeX="4" SizeY="4" SizeZ="1" SizeC="1" SizeT="1" PhysicalSizeX="0.2" PhysicalSizeY="0.2">'
        '<Channel ID="Channel:0:0" Name="DAPI" SamplesPerPixel="1"/><MetadataOnly/></Pixels></Image></OME>'
    )
    with open_image(path) as image:
        ome = describe_acquisition(image)
        found = records(image, ome)[0]
    assert (found.name, found.pixel_size_um.x, found.channels[0].name) == ("kidney", 0.2, "DAPI")
    assert "Somebody" not in ome.to_xml()


def test_an_ome_document_that_breaks_its_schema_is_noted_and_not_copied(tmp_path: Path) -> None:
    """The pixels are none the worse for it."""
    path = write_group(tmp_path / "a.zarr", {"bioformats2raw.layout": 3})
    write_zarr(path / "0", stack(1, 1, 1, 4, 4))
    (path / "OME").mkdir()
    (path / "OME" / "METADATA.ome.xml").write_text("<OME><broken")
    with open_image(path) as image:
        assert "breaks its schema" in describe_acquisition(image).to_xml()


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_the_fields_of_a_plate_are_series(tmp_path: Path, zarr_format: int) -> None:
    """Each is called by its well and its number."""
    path = write_group(
        tmp_path / "p.zarr",
        {"plate": {"wells": [{"path": "A/1"}, {"path": "B/2"}]}},
        zarr_format=zarr_format,
    )
    for well in ("A/1", "B/2"):
        write_group(path / well, {"well": {"images": [{"path": "0"}, {"path": "1"}]}}, zarr_format=zarr_format)
        for field in ("0", "1"):
            write_zarr(path / well / field, stack(1, 1, 2, 4, 4), zarr_format=zarr_format)
    with open_image(path) as image:
        assert [series.name for series in image.series] == ["A/1/0", "A/1/1", "B/2/0", "B/2/1"]
        assert image.expected_planes == 8


def test_the_fields_of_a_plate_stand_in_the_order_of_its_ome_document(tmp_path: Path) -> None:
    """Else the facts of one field would be told of another; fields it does not list come last."""
    path = write_group(tmp_path / "p.zarr", {"plate": {"wells": [{"path": one} for one in ("A/1", "B/2", "C/3")]}})
    for well in ("A/1", "B/2", "C/3"):
        write_group(path / well, {"well": {"images": [{"path": "0"}]}})
        write_zarr(path / well / "0", stack(1, 1, 1, 4, 4))
    write_group(path / "OME", {"series": ["C/3/0", "A/1/0"]})
    with open_image(path) as image:
        assert [series.name for series in image.series] == ["C/3/0", "A/1/0", "B/2/0"]


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_missing_chunks_are_counted(tmp_path: Path, zarr_format: int) -> None:
    """Zarr fills them in without a word; files that only look like chunks do not make up for them."""
    path = write_zarr(tmp_path / "a.zarr", stack(2, 1, 2, 4, 4), zarr_format=zarr_format)
    assert absent_chunks(path) == ()
    first = path / "0" / ("0/0/0/0/0" if zarr_format == 2 else "c/0/0/0/0/0")
    first.rename(first.with_name("7"))
    (found,) = absent_chunks(path)
    assert (found.image, found.absent, found.expected) == ("0", 1, 4)
    assert not planes(path)[0][0, 0, 0].any()


def test_a_cut_chunk_is_refused_by_its_plane(tmp_path: Path) -> None:
    """A chunk that cannot be decoded is never filled in."""
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 3, 16, 16))
    chunk = path / "0" / "0/0/1/0/0"
    chunk.write_bytes(chunk.read_bytes()[:40])
    with pytest.raises(UnreadableImage, match="Z=1"):
        planes(path)


def test_an_ome_zarr_is_converted_with_proof(tmp_path: Path) -> None:
    """As any other format, from the folder or from the file at its top."""
    values = stack(1, 2, 3, 6, 5)
    path = write_zarr(tmp_path / "a.ome.zarr", values)
    (made,) = convert_image(path, tmp_path / "out")
    assert (made.path.name, len(made.planes)) == ("a.ome.zarr.ome.tiff", 6)
    with open_image(made.path) as image:
        found = [plane.pixels.tolist() for plane in image.planes(image.series[0])]
    assert found == [values[0, c, z].tolist() for z in range(3) for c in range(2)]
    assert planes(path / ".zattrs")[0].keys() == planes(path)[0].keys()


def test_a_second_reader_agrees(tmp_path: Path) -> None:
    """openreadout reads the same planes from the same folder."""
    for zarr_format in (2, 3):
        path = write_zarr(tmp_path / f"a{zarr_format}.zarr", stack(1, 2, 3, 6, 5), zarr_format=zarr_format)
        assert check_second_reader(path).planes == 6


def test_the_file_at_the_top_stands_for_the_image(tmp_path: Path) -> None:
    """Chunks are parts, whatever their bytes look like; documents are JSON."""
    two = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4))
    three = write_zarr(tmp_path / "b.zarr", stack(1, 1, 1, 4, 4), zarr_format=3)
    assert [identify(one).id for one in (two, two / ".zattrs", three, three / "zarr.json")] == ["ome-zarr"] * 4
    assert identify(two / ".zgroup").id == identify(two / "0" / ".zarray").id == "json"
    for chunk in (two / "0/0/0/0/0/0", three / "0/c/0/0/0/0/0"):
        assert identify(chunk).id == "zarr-part"
        assert not extension_disagrees(chunk, identify(chunk))
    assert not extension_disagrees(three / "zarr.json", identify(three / "zarr.json"))
    (two / ".zattrs").write_text("{}")
    assert identify(two / ".zattrs").id == "json"


HOSTILE: dict[str, tuple[str, dict[str, object], str]] = {
    "pickle": (".zarray", {"compressor": None, "filters": [{"id": "pickle"}]}, "packed by pickle"),
    "objects": (".zarray", {"dtype": "|O"}, "type"),
    "structs": (".zarray", {"dtype": [["a", "<u2"]]}, "type"),
    "negative": (".zarray", {"shape": [1, 1, 1, -4, 4]}, "sizes"),
    "endless": (".zarray", {"shape": [1, 1, 1, 2**50, 4]}, "sizes"),
    "huge plane": (".zarray", {"shape": [1, 1, 1, 2**20, 2**20], "chunks": [1, 1, 1, 64, 64]}, "can hold"),
    "many planes": (".zarray", {"shape": [2**40, 1, 1, 4, 4]}, "can hold"),
    "huge chunk": (".zarray", {"shape": [1, 1, 1, 2**17, 2**17], "chunks": [1, 1, 1, 2**17, 2**17]}, "chunks of more"),
    "other axes": (".zarray", {"chunks": [1, 1, 4, 4]}, "axes"),
    "text for a shape": (".zarray", {"shape": "large"}, "sizes"),
    "odd names": (".zarray", {"dimension_separator": "../"}, "named"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_arrays_are_refused_with_a_sentence(tmp_path: Path, case: str) -> None:
    """Nothing is executed, allocated or followed before the numbers make sense."""
    name, values, words = HOSTILE[case]
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4))
    change(path / "0" / name, **values)
    with pytest.raises(UnreadableImage, match=words):
        open_image(path)


def test_a_codec_of_zarr_3_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """Also one inside a shard."""
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4), zarr_format=3)
    inner = {"chunk_shape": [1, 1, 1, 4, 4], "codecs": [{"name": "numcodecs.pickle"}], "index_codecs": []}
    change(path / "0" / "zarr.json", codecs=[{"name": "sharding_indexed", "configuration": inner}])
    with pytest.raises(UnreadableImage, match="packed by pickle"):
        open_image(path)


@pytest.mark.parametrize("place", ["../../b.zarr/0", "/etc", "0\0", "..", "x\\..\\y"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, place: str) -> None:
    """An image is where the Zarr is, and nowhere else."""
    write_zarr(tmp_path / "b.zarr", stack(1, 1, 1, 4, 4))
    said = multiscale()
    said["datasets"] = [{"path": place}]
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4), said={"multiscales": [said]})
    with pytest.raises(UnreadableImage, match="leads out"):
        open_image(path)


@pytest.mark.parametrize("target", ["0", "0/0/0/0/0/0", ".zattrs"])
def test_links_are_not_followed(tmp_path: Path, target: str) -> None:
    """Neither for a folder, nor for a chunk, nor for a document."""
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4))
    (path / target).rename(tmp_path / "elsewhere")
    (path / target).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotFinish):
        open_image(path)


@pytest.mark.parametrize(
    "content", ["{", "[" * 100000, "[]", '{"multiscales": 3}', '{"multiscales": []}', '{"multiscales": [{"axes": 3}]}']
)
def test_documents_that_make_no_sense_are_refused(tmp_path: Path, content: str) -> None:
    """Each with one sentence, whatever JSON or text stands there."""
    path = write_zarr(tmp_path / "a.zarr", stack(1, 1, 1, 4, 4))
    (path / ".zattrs").write_text(content + " " * 3 + '"multiscales"' * (content == "{"))
    with pytest.raises(UnreadableImage):
        open_image(path)


def test_the_samples_may_be_of_any_byte_order(tmp_path: Path) -> None:
    """Digests are over little-endian bytes whatever the file has."""
    values = stack(1, 1, 2, 4, 4)
    big = write_zarr(tmp_path / "a.zarr", values.astype(">u2"))
    assert count(big) == 2
    assert np.array_equal(planes(big)[0][0, 0, 1], values[0, 0, 1])
