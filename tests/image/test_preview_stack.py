"""A stack of single-plane files has the pictures and the movie that one file of all planes would have."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.preview import StackFile, preview_stack
from confocal_bag.image.synthetic import write_plane
from tests.image.synthetic_series import frames_of, pixels_of


def stack(folder: Path, planes: int = 4) -> list[StackFile]:
    """Files numbered from 1, in no order, each with a column of light one step further to the right; two channels."""
    files = []
    for z in reversed(range(planes)):
        for channel in ("GFP", "DAPI"):
            pixels = np.zeros((20, 40), np.uint16)
            pixels[: 10 if channel == "DAPI" else 20, 10 * z : 10 * z + 10] = 900
            path = folder / f"cell_{channel}_z{z + 1:02d}.tif"
            write_plane(path, pixels)
            files.append(StackFile(path=path, coordinates={"Z": z + 1, "C": channel}))
    return files


def test_planes_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Not in that of the list or of names; the movie walks from the lowest number to the highest."""
    preview = preview_stack("cell", stack(tmp_path))
    assert preview.movie is not None
    frames, _ = frames_of(preview.movie)
    quarter = frames[0].shape[1] // 4
    assert [int(np.argmax(frame[0].max(axis=1))) // quarter for frame in frames] == [0, 1, 2, 3]


def test_channels_keep_their_labels_and_the_size_of_a_pixel(tmp_path: Path) -> None:
    """Labels are the names where the files record none; channels are not mixed up."""
    preview = preview_stack("cell", stack(tmp_path))
    assert [one.name for one in preview.channels] == ["DAPI", "GFP"]
    lower = [pixels_of(one.thumbnail)[-1].max() for one in preview.channels]
    assert lower == [0, 255]
    assert preview.scale_bar_um == 1
    assert preview.name == "cell"


def test_only_the_first_time_point_is_read(tmp_path: Path) -> None:
    """The files of others are not opened."""
    files = [StackFile(path=one.path, coordinates={**one.coordinates, "T": 3}) for one in stack(tmp_path)]
    absent = [StackFile(path=tmp_path / "absent.tif", coordinates={**one.coordinates, "T": 7}) for one in files]
    preview = preview_stack("cell", [*absent, *files])
    assert "Only T = 3 of 2 values is shown." in preview.notes


def test_a_depth_without_one_of_its_channels_is_left_out_and_said(tmp_path: Path) -> None:
    """A plane that is not there is not taken for a dark one."""
    preview = preview_stack("cell", stack(tmp_path)[1:])
    assert preview.movie_depths == (0, 1, 2)
    assert "1 of 4 planes are left out: a channel of them is missing." in preview.notes


def test_no_whole_depth_is_no_stack(tmp_path: Path) -> None:
    """Two channels that never meet."""
    files = [one for one in stack(tmp_path) if (one.coordinates["Z"] in (1, 2)) == (one.coordinates["C"] == "GFP")]
    with pytest.raises(UnreadableImage, match="No depth of the stack cell"):
        preview_stack("cell", files)


@pytest.mark.parametrize(
    ("pixels", "said"), [(np.zeros((20, 41), np.uint16), "41 x 20 uint16"), (np.zeros((20, 40), np.uint8), "uint8")]
)
def test_a_file_of_another_kind_is_named(
    tmp_path: Path, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], said: str
) -> None:
    """Its shape or type is not that of the first."""
    files = stack(tmp_path)
    tifffile.imwrite(files[0].path, pixels)
    with pytest.raises(UnreadableImage, match=f"{files[0].path.name}.*{said}"):
        preview_stack("cell", files)


def test_a_file_of_several_planes_is_named(tmp_path: Path) -> None:
    """Which of them belongs to the stack is not for us to say."""
    files = stack(tmp_path)
    tifffile.imwrite(files[0].path, np.zeros((3, 20, 40), np.uint16), imagej=True, metadata={"axes": "ZYX"})
    with pytest.raises(UnreadableImage, match="more than one plane"):
        preview_stack("cell", files)


def test_a_real_sequence_has_two_channels_and_three_depths(shared: Path) -> None:
    """The light-sheet planes of the reference files."""
    folder = shared / "samples" / "seq" / "bdp2_planes"
    if not folder.is_dir():
        pytest.skip("the sequence bdp2_planes is not among the reference files")
    files = [
        StackFile(path=path, coordinates={"Z": int(path.stem[-8:-5]), "C": int(path.stem[-3:])})
        for path in folder.glob("*.tif")
    ]
    preview = preview_stack("mouse", files)
    assert preview.movie_depths == (0, 1, 2)
    assert preview.scale_bar_um == 200
    assert [one.name for one in preview.channels] == ["1", "2"]
