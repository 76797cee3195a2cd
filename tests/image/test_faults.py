"""Whose fault it is: `UnreadableImage` for the file's, plain `CannotFinish` for the machine's; the path is named."""

import errno
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.convert import convert_image, obstacle
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oib import write_oib
from tests.image.synthetic_oif import write_oif

_PIXELS = np.arange(6 * 24 * 20, dtype=np.uint16).reshape(6, 24, 20)


def make(path: Path) -> None:
    """Write a small sound file of the format its extension says."""
    match path.suffix:
        case ".lsm":
            write_lsm(path, cell_stack(planes=3, size=32))
        case ".czi":
            write_czi(path, [({"Z": z}, _PIXELS[z]) for z in range(6)])
        case ".lif":
            write_lif(path, [LifImage("a", "ZYX", _PIXELS)])
        case ".oib":
            write_oib(path, {"X": 60, "Y": 50, "Z": 2})
        case ".oif":
            write_oif(path, {"X": 8, "Y": 6, "C": 2})
        case _:
            tifffile.imwrite(path, _PIXELS, metadata={"axes": "ZYX"}, ome=path.name.endswith(".ome.tif"))


def cut(path: Path) -> None:
    """End the file early."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scramble(path: Path) -> None:
    """Overwrite the middle of the file."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle - 300 : middle + 300] = b"\xee" * 600
    path.write_bytes(content)


def empty(path: Path) -> None:
    """Leave nothing."""
    path.write_bytes(b"")


def only_text(path: Path) -> None:
    """Leave a text."""
    path.write_text("no image")


def use(path: Path) -> None:
    """All that is done with an image."""
    with open_image(path) as image:
        describe_acquisition(image)
        plane_digests(image)


@pytest.mark.parametrize("damage", [cut, scramble, empty, only_text])
@pytest.mark.parametrize("name", ["a.lsm", "a.czi", "a.lif", "a.oib", "a.oif", "a.tif", "a.ome.tif"])
@pytest.mark.parametrize("folder", ["[odd] 'folder'", "caf\udce9"])
def test_a_faulty_file_is_unreadable_and_named(
    tmp_path: Path, folder: str, name: str, damage: Callable[[Path], None]
) -> None:
    """The sentence names the path as `readable_path` writes it, and no other spelling of where it lies."""
    path = tmp_path / folder / name
    path.parent.mkdir()
    make(path)
    use(path)
    damage(path)
    try:
        use(path)
    except UnreadableImage as problem:
        words = str(problem)
    else:
        # Only what no header speaks of was overwritten.
        assert damage is scramble
        return
    assert words.count(readable_path(path)) == 1
    assert readable_path(tmp_path) not in words.replace(readable_path(path), "")
    assert words.isprintable()


def test_an_oif_without_a_plane_is_unreadable(tmp_path: Path) -> None:
    """One plane file is gone."""
    path = tmp_path / "a.oif"
    make(path)
    next((tmp_path / "a.oif.files").glob("s_C002*")).unlink()
    with pytest.raises(UnreadableImage, match="2 planes are declared and 1 plane files"):
        open_image(path)


def test_an_oif_of_links_is_unreadable(tmp_path: Path) -> None:
    """A plane file that is a link may lead anywhere."""
    path = tmp_path / "a.oif"
    make(path)
    plane = next((tmp_path / "a.oif.files").glob("s_C002*"))
    plane.rename(tmp_path / "elsewhere.tif")
    plane.symlink_to(tmp_path / "elsewhere.tif")
    with pytest.raises(UnreadableImage, match="is not a regular file"):
        open_image(path)


def test_a_missing_file_is_no_unreadable_image(tmp_path: Path) -> None:
    """Nobody can say what was in it."""
    with pytest.raises(CannotFinish, match=r"gone\.lsm") as problem:
        open_image(tmp_path / "gone.lsm")
    assert not isinstance(problem.value, UnreadableImage)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE])
def test_a_failing_disk_is_not_blamed_on_the_file(tmp_path: Path, number: int) -> None:
    """Even where a reader wraps what the system said."""
    path = tmp_path / "a.lsm"
    path.touch()
    wrapped = ValueError("cannot open")
    wrapped.__cause__ = OSError(number, os.strerror(number), str(path))
    for error in (OSError(number, os.strerror(number)), wrapped):
        problem = fault(path, error, "sentence")
        assert not isinstance(problem, UnreadableImage)
        assert os.strerror(number) in str(problem)
        assert readable_path(path) in str(problem)


def test_a_senseless_position_is_blamed_on_the_file(tmp_path: Path) -> None:
    """Seeking to a negative position ends as an error of the system."""
    path = tmp_path / "a.lsm"
    path.touch()
    assert isinstance(fault(path, OSError(errno.EINVAL, "Invalid argument"), "sentence"), UnreadableImage)
    assert isinstance(fault(path, struct.error("unpack"), "sentence"), UnreadableImage)


def test_reasons_are_short_and_stand_on_one_line(tmp_path: Path) -> None:
    """Whatever a library says."""
    path = tmp_path / "caf\udce9" / "a.lsm"
    assert reason(path, ValueError("one\ntwo")) == "ValueError: one"
    assert reason(path, KeyError()) == "KeyError"
    assert reason(path, ValueError(f"not in {path}")) == "ValueError: not in a.lsm"
    assert reason(path, ValueError(f"not in {str(path)!r}")) == "ValueError: not in 'a.lsm'"
    assert len(reason(path, ValueError("x" * 10_000))) == 300
    assert "\x1b" not in reason(path, ValueError("\x1b[31m"))


@pytest.mark.parametrize("dtype", ["int64", "uint64", "float16"])
def test_samples_that_ome_tiff_cannot_hold_are_said_so(tmp_path: Path, dtype: str) -> None:
    """Before anything is written; the file is named."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((5, 8, 8), dtype), metadata=None)
    assert dtype in (obstacle(dtype) or "")
    with pytest.raises(UnreadableImage, match=dtype) as problem:
        convert_image(path, tmp_path / "out")
    assert readable_path(path) in str(problem.value)
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "float64", "complex64"])
def test_samples_that_ome_tiff_holds_meet_no_obstacle(dtype: str) -> None:
    """The types of OME 2016-06."""
    assert obstacle(dtype) is None


def test_an_existing_target_is_no_fault_of_the_file(tmp_path: Path) -> None:
    """Nor is a folder that cannot be written to."""
    make(tmp_path / "a.lsm")
    convert_image(tmp_path / "a.lsm", tmp_path / "out")
    with pytest.raises(CannotFinish, match="exists already") as problem:
        convert_image(tmp_path / "a.lsm", tmp_path / "out")
    assert not isinstance(problem.value, UnreadableImage)


def test_a_plane_file_of_an_oif_with_a_strip_shorter_than_its_rows_is_no_plane(tmp_path: Path) -> None:
    """The decoder would fill the rest with zeros."""
    write_oif(tmp_path / "a.oif", {"X": 8, "Y": 6, "Z": 2})
    plane = tmp_path / "a.oif.files/s_Z002.tif"
    with tifffile.TiffFile(plane, mode="r+") as tiff:
        counts = tiff.pages[0].tags["StripByteCounts"]  # type: ignore[union-attr]
        counts.overwrite(counts.value[0] - 4)
    with pytest.raises(UnreadableImage, match=r"s_Z002.tif.*strip"), open_image(tmp_path / "a.oif") as image:
        list(image.planes(image.series[0]))
