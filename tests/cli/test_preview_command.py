"""`confocal-bag preview` writes pictures beside nothing of the same name, and says what it wrote."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from confocal_bag.image.preview import files
from confocal_bag.image.preview.stack import StackFile, preview_stack
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_lif import LifImage, write_lif
from tests.recording import Ran

Runner = Callable[..., Ran]


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A two-channel z-stack."""
    path = tmp_path / "cell.lsm"
    write_lsm(path, cell_stack(planes=3, size=32))
    return path


def test_the_pictures_of_a_stack_are_written_and_listed(run: Runner, stack: Path, tmp_path: Path) -> None:
    """Two pictures of each channel, the composite, the movie; each is in the table with its size and what it shows."""
    before = stack.read_bytes()
    result = run("preview", stack, tmp_path / "out")
    channels = [f"c0{number}_{what}.png" for number in range(2) for what in ("thumbnail", "projection")]
    names = {f"cell.lsm_{what}" for what in (*channels, "composite.png", "depth.gif")}
    assert result.code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    for path in (tmp_path / "out").iterdir():
        (line,) = [line for line in result.out.splitlines() if path.name in line]
        assert f"{path.stat().st_size:,} bytes" in line
    assert "scale bar 500 nm" in result.out
    assert "plane 2 of 3 along Z" in result.out
    assert stack.read_bytes() == before


def test_pictures_of_several_series_are_numbered(run: Runner, tmp_path: Path) -> None:
    """As converted files are."""
    path = tmp_path / "two.lif"
    write_lif(path, [LifImage("a", "YX", cell_stack(size=24)[0, 0]), LifImage("b", "YX", cell_stack(size=24)[1, 0])])
    assert run("preview", path, tmp_path / "out").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"two.lif_s{number:02d}_{what}.png" for number in range(2) for what in ("c00_thumbnail", "composite")
    ]


def test_the_size_is_the_longer_side(run: Runner, stack: Path, tmp_path: Path) -> None:
    """Of pictures without a strip below; small images are enlarged by whole numbers."""
    assert run("preview", stack, tmp_path / "out", "--size", 100).code == 0
    with Image.open(tmp_path / "out" / "cell.lsm_c00_thumbnail.png") as picture:
        assert picture.size == (96, 96)


def test_no_picture_is_replaced(run: Runner, stack: Path, tmp_path: Path) -> None:
    """One that exists stops all of that file, and stays as it is."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "cell.lsm_depth.gif").write_text("mine")
    result = run("preview", stack, out)
    assert result.code == 3
    assert "exists already" in result.err
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("cell.lsm_depth.gif", "mine")]


def test_a_later_series_that_fails_takes_the_pictures_of_the_first_with_it(run: Runner, tmp_path: Path) -> None:
    """All pictures of a file, or none."""
    path = tmp_path / "two.lif"
    write_lif(path, [LifImage("a", "YX", cell_stack(size=24)[0, 0]), LifImage("b", "YX", cell_stack(size=24)[1, 0])])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "two.lif_s01_composite.png").write_text("mine")
    assert run("preview", path, tmp_path / "out").code == 3
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["two.lif_s01_composite.png"]


def test_a_disk_that_fails_leaves_no_picture(
    run: Runner, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written of the file before is removed."""
    original, written = files._write, []

    def fail_at_the_third(target: Path, content: bytes) -> None:
        written.append(target)
        if len(written) == 3:
            raise files._cannot_write(target, OSError(28, "No space left on device"))
        original(target, content)

    monkeypatch.setattr(files, "_write", fail_at_the_third)
    result = run("preview", stack, tmp_path / "out")
    assert result.code == 3
    assert "No space left on device" in result.err
    assert not (tmp_path / "out").exists()


def test_one_bad_file_does_not_hide_the_others(run: Runner, stack: Path, tmp_path: Path) -> None:
    """It is named, the pictures of the other are made, and the exit code says that something is missing."""
    bad = tmp_path / "notes.txt"
    bad.write_text("Not an image.")
    result = run("preview", bad, stack, tmp_path / "out")
    assert result.code == 3
    assert "notes.txt" in result.err
    assert "1 of 2 files" in result.err
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_names_that_file_systems_refuse_are_made_safe(run: Runner, stack: Path, tmp_path: Path) -> None:
    """As they are for converted files."""
    hostile = stack.rename(tmp_path / "a:b\n*.lsm")
    result = run("preview", hostile, tmp_path / "out")
    assert result.code == 0
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == 6
    assert all(name.startswith("a_b__.lsm-") for name in names)
    assert result.out.count("\n") == len(result.out.splitlines())


def test_nothing_is_written_into_a_bag(run: Runner, stack: Path, tmp_path: Path) -> None:
    """A bag stays what it was sealed as."""
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    result = run("preview", stack, tmp_path / "bag" / "pictures")
    assert result.code == 3
    assert "inside a bag" in result.err


def test_a_folder_is_needed(run: Runner, stack: Path, tmp_path: Path) -> None:
    """One argument is wrong usage; a file in place of the folder is named."""
    assert run("preview", stack).code == 2
    assert "is itself what is read" in run("preview", stack, stack).err
    (tmp_path / "file").touch()
    result = run("preview", stack, tmp_path / "file")
    assert result.code == 3
    assert "is a file" in result.err


def test_images_in_a_zip_file_have_pictures_too(run: Runner, stack: Path, tmp_path: Path) -> None:
    """By the names that convert gives them; one that cannot be read does not hide the others."""
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        archive.write(stack, "day1/cell.lsm")
        archive.writestr("day2/torn.lsm", stack.read_bytes()[:500])
    result = run("preview", tmp_path / "scans.zip", tmp_path / "out")
    assert (result.code, "1 of 2 files" in result.err) == (3, True), result.err
    assert "scans.zip!/day1/cell.lsm:" in result.out
    assert "scans.zip!/day2/torn.lsm" in result.err
    assert "day1_cell.lsm_composite.png" in {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("command", ["preview", "convert"])
def test_a_folder_made_for_nothing_is_removed(run: Runner, tmp_path: Path, command: str) -> None:
    """Of a file that cannot be read, and of a zip file without images."""
    (tmp_path / "torn.lsm").write_bytes(b"II*\0torn")
    with zipfile.ZipFile(tmp_path / "notes.zip", "w") as archive:
        archive.writestr("notes.txt", "no image")
    for name in ("torn.lsm", "notes.zip"):
        assert run(command, tmp_path / name, tmp_path / "new/out").code == 3
        assert not (tmp_path / "new").exists()


def brightness(path: Path) -> tuple[int, int]:
    """The grey of the upper left corner of a picture, and of the lower right one."""
    with Image.open(path) as picture:
        grey = np.asarray(picture.convert("L"))
        return int(grey[0, 0]), int(grey[-1, -1])


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "bool"])
def test_an_image_in_which_zero_is_white_is_shown_the_right_way_up(run: Runner, tmp_path: Path, dtype: str) -> None:
    """And the notes say so; the same numbers with black at 0 are shown as they are."""
    plane = np.zeros((64, 64), dtype)
    plane[32:, 32:] = 1
    tifffile.imwrite(tmp_path / "white.tif", plane, photometric="miniswhite")
    tifffile.imwrite(tmp_path / "black.tif", plane, photometric="minisblack")
    white, black = (run("preview", tmp_path / f"{name}.tif", tmp_path / name) for name in ("white", "black"))
    assert (white.code, black.code) == (0, 0), white.err + black.err
    assert "0 is white in it (WhiteIsZero); it is shown the right way up" in white.out
    assert "WhiteIsZero" not in black.out
    assert brightness(tmp_path / "white/white.tif_c00_thumbnail.png") == (255, 0)
    assert brightness(tmp_path / "black/black.tif_c00_thumbnail.png") == (0, 255)


def test_a_plane_of_a_stack_in_which_zero_is_white_is_turned_too(tmp_path: Path) -> None:
    """One file of three: without it the movie would flash."""
    plane = np.full((64, 64), 20, "u1")
    plane[32:, 32:] = 200
    places = []
    for depth in range(3):
        path = tmp_path / f"z{depth}.tif"
        stored, meaning = (255 - plane, "miniswhite") if depth == 1 else (plane, "minisblack")
        tifffile.imwrite(path, stored, photometric=meaning)
        places.append(StackFile(path=path, coordinates={"Z": depth}))
    preview = preview_stack("z", places)
    assert preview.notes[0] == "0 is white in 1 of 3 files (WhiteIsZero); they are shown the right way up."
    (tmp_path / "z.png").write_bytes(preview.channels[0].thumbnail)
    assert preview.thumbnail_depth == 1
    assert brightness(tmp_path / "z.png") == (0, 255)
