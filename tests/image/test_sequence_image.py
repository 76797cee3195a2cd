"""Files that are planes of one image, opened as that image."""

from pathlib import Path, PurePath

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.deposit.sequences import find_sequences
from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.readers.sequence import SequenceImage, open_sequence
from confocal_bag.image.sequence_grid import Value, values_along
from confocal_bag.image.sidecar import ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar
from tests.image.synthetic_ome import planes_of

Files = list[tuple[dict[str, Value], Path]]


def write_files(folder: Path, *, slices: int = 3, channels: int = 2) -> Files:
    """One plane per file, numbered from 1 along Z and labelled along C; plane n is full of n + 1."""
    planes = iter(planes_of(slices * channels))
    names: Files = [
        ({"Z": z, "C": ("DAPI", "GFP")[c]}, folder / f"scan_z{z}_{('DAPI', 'GFP')[c]}.tif")
        for z in range(1, slices + 1)
        for c in range(channels)
    ]
    for _, path in names:
        tifffile.imwrite(path, next(planes), metadata=None)
    return names


def values(image: SequenceImage) -> list[int]:
    """The first sample of each plane in the order planes come."""
    return [int(plane.pixels[0, 0]) for series in image.series for plane in image.planes(series)]


def test_loose_planes_open_as_one_image(tmp_path: Path) -> None:
    """In OME's order, whatever the order in which the files are given, with the labels as channel names."""
    with open_sequence(reversed(write_files(tmp_path)), name="scan", axes=["Z", "C"]) as image:
        (series,) = image.series
        assert dict(series.axes) == {"T": 1, "C": 2, "Z": 3, "Y": 3, "X": 4}
        assert (series.channel_names, image.expected_planes) == (("DAPI", "GFP"), 6)
        assert values(image) == [1, 2, 3, 4, 5, 6]
        coordinates = [dict(plane.coordinates) for plane in image.planes(series)]
        assert coordinates[1] == {"T": 0, "C": 1, "Z": 0}
        member = image.member({"T": 0, "C": 1, "Z": 2})
        assert (member.path.name, member.page) == ("scan_z3_GFP.tif", 0)


def test_a_sequence_is_described_like_a_file(tmp_path: Path) -> None:
    """Its sidecar is sound and has the digest of every plane."""
    with open_sequence(write_files(tmp_path), name="scan") as image:
        ome = describe_acquisition(image)
        content = ome_bytes(ome, source_name="scan", plane_hashes=plane_digests(image))
        (record,) = records(image, ome)
    assert list(check_sidecar(content)) == []
    assert content.count(b"HashSHA1>") == 12
    assert (record.name, [channel.name for channel in record.channels]) == ("scan", ["DAPI", "GFP"])


def test_the_pixel_size_is_that_of_the_files(tmp_path: Path) -> None:
    """ImageJ's calibration of each plane is the calibration of all."""
    files: Files = [({"Z": z}, tmp_path / f"{z}.tif") for z in range(2)]
    for _, path in files:
        tifffile.imwrite(path, planes_of(1)[0], imagej=True, resolution=(4, 4), metadata={"unit": "um", "spacing": 0.5})
    with open_sequence(files, name="scan") as image:
        (record,) = records(image, describe_acquisition(image))
    assert (record.pixel_size_um.x, record.pixel_size_um.z) == (0.25, 0.5)


def test_stacks_by_channel_are_one_image(tmp_path: Path) -> None:
    """The slices lie in the files, the channels are numbered by their names."""
    planes = np.stack(planes_of(6))
    files: Files = [({"C": c}, tmp_path / f"ch{c}.tif") for c in range(2)]
    for c, path in files:
        tifffile.imwrite(path, planes[int(c["C"]) :: 2], imagej=True, metadata={"axes": "ZYX"})
    with open_sequence(files, name="scan") as image:
        assert dict(image.series[0].axes) == {"T": 1, "C": 2, "Z": 3, "Y": 3, "X": 4}
        assert values(image) == [1, 2, 3, 4, 5, 6]
        assert image.member({"T": 0, "C": 1, "Z": 2}).page == 2


def test_pages_of_no_name_run_along_the_axis_that_is_said(tmp_path: Path) -> None:
    """Unsaid they are only counted: nobody knows whether they are slices or times."""
    files: Files = [({"C": c}, tmp_path / f"ch{c}.tif") for c in range(2)]
    for _, path in files:
        with tifffile.TiffWriter(path) as writer:
            for plane in planes_of(3):
                writer.write(plane, contiguous=False, metadata=None)
    with open_sequence(files, name="scan", pages="Z") as image:
        assert image.series[0].axes["Z"] == 3
        assert values(image) == [1, 1, 2, 2, 3, 3]
    with open_sequence(files, name="scan") as image:
        assert image.series[0].axes["Z"] == 1
        assert image.series[0].plane_count == 6


@pytest.mark.parametrize(
    ("given", "places"),
    [
        ([1, 2, 4], (1, 2, 3, 4)),
        ([0, 5, 15], (0, 5, 10, 15)),
        ([7], (7,)),
        (["GFP", "DAPI"], ("DAPI", "GFP")),
        ([2, "raw"], (2, "raw")),
        (["0.5", "-0.5", 10, "2p5", "-1.0", 0], ("-1.0", "-0.5", 0, "0.5", "2p5", 10)),
    ],
)
def test_the_places_of_an_axis_do_not_depend_on_the_files_that_are_there(
    given: list[Value], places: tuple[Value, ...]
) -> None:
    """Numbers go in even steps from the first to the last; labels have no gaps."""
    assert tuple(values_along(given)) == places


def test_missing_files_are_named_by_their_coordinates(tmp_path: Path) -> None:
    """A whole slice or a single file: the grid tells."""
    files = write_files(tmp_path, slices=4)
    with pytest.raises(UnreadableImage, match="lacks 1 of 8 files: Z=4 C=GFP"):
        open_sequence(files[:-1], name="scan")
    with pytest.raises(UnreadableImage, match="lacks 2 of 8 files: Z=2 C=DAPI; Z=2 C=GFP"):
        open_sequence([one for one in files if one[0]["Z"] != 2], name="scan")


@pytest.mark.parametrize(("numbers", "seen"), [([1, 2, 10**9], "no places"), ([1, 2, 10**30], "no places")])
def test_a_grid_beyond_all_measure_costs_nothing(tmp_path: Path, numbers: list[int], seen: str) -> None:
    """Names of three files can span any grid."""
    path = write_files(tmp_path)[0][1]
    with pytest.raises(UnreadableImage, match=seen):
        open_sequence([({"Z": number}, path) for number in numbers], name="scan")
    ends: Files = [({"Z": at, "T": at, "C": at}, path) for at in range(0, 4000, 1999)]
    with pytest.raises(UnreadableImage, match="lacks 24 of 27"):
        open_sequence(ends, name="scan")
    with pytest.raises(UnreadableImage, match="too many to list"):
        open_sequence([({"Z": at, "T": at, "C": at}, path) for at in (1, 2, 10**6)], name="scan")


def test_two_files_at_one_place_are_told(tmp_path: Path) -> None:
    """Neither is taken for the other."""
    files = write_files(tmp_path)
    with pytest.raises(UnreadableImage, match="stand at the same place"):
        open_sequence([*files, (files[0][0], files[1][1])], name="scan")


@pytest.mark.parametrize(
    ("plane", "seen"),
    [
        (np.zeros((3, 5), np.uint16), "axes"),
        (np.zeros((3, 4), np.uint8), "uint8"),
        (np.zeros((3, 4, 3), np.uint16), "axes"),
    ],
)
def test_a_file_unlike_the_others_is_named(tmp_path: Path, plane: npt.NDArray[np.generic], seen: str) -> None:
    """Size, type and colour of all files are the same, or they are not one image."""
    files = write_files(tmp_path)
    tifffile.imwrite(files[3][1], plane, metadata=None, photometric="rgb" if plane.ndim == 3 else "minisblack")
    with pytest.raises(UnreadableImage, match=f"scan_z2_GFP.tif has .*{seen}"):
        open_sequence(files, name="scan")


def test_a_damaged_file_names_itself(tmp_path: Path) -> None:
    """One cut file of hundreds."""
    files = write_files(tmp_path)
    files[4][1].write_bytes(files[4][1].read_bytes()[:-5])
    with pytest.raises(UnreadableImage, match="scan_z3_DAPI"):
        open_sequence(files, name="scan")


def test_an_axis_in_the_names_and_in_the_files_is_refused(tmp_path: Path) -> None:
    """Stacks numbered along Z are not slices of one another."""
    files: Files = [({"Z": z}, tmp_path / f"{z}.tif") for z in range(2)]
    for _, path in files:
        tifffile.imwrite(path, np.stack(planes_of(3)), imagej=True, metadata={"axes": "ZYX"})
    with pytest.raises(UnreadableImage, match="numbers its files along Z"):
        open_sequence(files, name="scan")


def test_axes_beyond_the_usual_ones_are_kept(tmp_path: Path) -> None:
    """An axis of the names with a long name gets a letter; one with a single place none."""
    files: Files = []
    for number, plane in enumerate(planes_of(4)):
        path = tmp_path / f"{number}.tif"
        tifffile.imwrite(path, plane, metadata=None)
        files.append(({"ANGLE": number // 2, "T": number % 2, "WELL": "A01"}, path))
    with open_sequence(files, name="scan") as image:
        assert dict(image.series[0].axes) == {"N": 2, "U": 1, "T": 2, "C": 1, "Z": 1, "Y": 3, "X": 4}
        assert values(image) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("group", "axes"),
    [
        ("bdp2_planes", {"T": 1, "C": 2, "Z": 3, "Y": 573, "X": 674}),
        ("mitocheck", {"T": 6, "C": 1, "Z": 1, "Y": 190, "X": 211}),
    ],
)
def test_real_sequences_open_by_the_coordinates_of_their_names(shared: Path, group: str, axes: dict[str, int]) -> None:
    """The naming finder and the reader fit together."""
    folder = shared / "samples" / "seq" / group
    (found,) = find_sequences([path.name for path in sorted(folder.iterdir())]).sequences
    files = [(file.coordinates, folder / PurePath(file.path)) for file in found.files]
    with open_sequence(files, name=found.stem, axes=list(found.axes)) as image:
        assert {axis: size for axis, size in image.series[0].axes.items() if axis in axes} == axes
        assert sum(1 for _ in image.planes(image.series[0])) == len(files) == image.expected_planes
