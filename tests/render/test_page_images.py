"""Which files a page opens for its pictures, and which planes it says they show."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from confocal_bag.image.preview.compact import compact_file
from confocal_bag.page.images import exhibits
from confocal_bag.page.run import RunFile, RunSequence
from tests.bag.bags import make_bag
from tests.recording import Ran
from tests.render.runs import image_file

Run = Callable[..., Ran]


def stack_of(*paths: str) -> tuple[list[RunFile], list[RunSequence]]:
    """Files that are planes of one image."""
    files = [RunFile.model_validate(image_file(path)) for path in paths]
    members = [{"path": path, "coords": {"Z": number}} for number, path in enumerate(paths)]
    return files, [RunSequence.model_validate({"stem": "s", "files": members})]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with images, beside one with a secret."""
    for name in ("bag/a.tif", "bag/b.tif", "private/secret.tif"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"not read")
    return tmp_path / "bag"


def test_every_member_of_a_stack_is_a_regular_file_in_the_folder(folder: Path) -> None:
    """None of them is opened where one lies elsewhere, is a link, or is not there."""
    (folder / "link.tif").symlink_to("a.tif")
    (folder / "out.tif").symlink_to("../private/secret.tif")
    (folder / "inner").symlink_to("../private")
    (folder / "folder.tif").mkdir()
    files, sequences = stack_of("a.tif", "b.tif")
    (whole,) = exhibits(files, sequences, folder=folder)
    assert [one.path for one in whole.stack] == [folder / "a.tif", folder / "b.tif"]
    assert (whole.local, whole.problem) == (folder / "a.tif", None)
    secret = folder.parent / "private/secret.tif"
    for bad in (
        "../private/secret.tif",
        str(secret),
        "link.tif",
        "out.tif",
        "inner/secret.tif",
        "folder.tif",
        "no.tif",
    ):
        for members in (("a.tif", bad), (bad, "a.tif")):
            (found,) = exhibits(*stack_of(*members), folder=folder)
            assert (found.local, found.stack) == (None, ())
            assert found.problem is not None
            assert "none of them is opened" in found.problem


def test_a_bag_that_lists_an_image_outside_shows_nothing_of_it(tmp_path: Path, run: Run) -> None:
    """Neither of its pixels nor of the stack it would be a part of."""
    bag = make_bag(tmp_path / "bag", payload={"data/transformed/z0.tif": b"", "data/metadata/inventory.csv": b""})
    (tmp_path / "private").mkdir()
    secret = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    tifffile.imwrite(tmp_path / "private/z1.tif", secret)
    tifffile.imwrite(bag / "data/transformed/z0.tif", np.zeros((64, 64), np.uint8))
    paths = ["data/transformed/z0.tif", "data/transformed/../../../private/z1.tif"]
    with (bag / "data/metadata/inventory.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["path", "bytes", "format", "tier", "origin"])
        rows.writerows([path, 1, "TIFF", "transformed", f"z{number}.tif"] for number, path in enumerate(paths))
    packed: dict[str, Any] = {"record": 1, "command": "inspect", "subject": "x", "verdict": "valid"}
    packed["files"] = [image_file(f"z{number}.tif", axes={"Y": 64, "X": 64}) for number in range(2)]
    members = [{"path": f"z{number}.tif", "coords": {"Z": number}} for number in range(2)]
    packed["sequences"] = [{"stem": "z", "files": members}]
    (bag / "data/metadata/findings.json").write_text(json.dumps(packed), encoding="utf-8")
    run("report", bag, "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "none of them is opened" in page
    assert page.count("<img ") == 0


@pytest.mark.parametrize("shape", [(1000, 10), (64, 64)])
def test_a_depth_strip_names_the_planes_it_shows(tmp_path: Path, shape: tuple[int, int]) -> None:
    """Equal frames are one in a movie; those after them keep their numbers."""
    values = np.zeros((60, *shape), np.uint8)
    values[40:] = np.arange(20, dtype=np.uint8)[:, None, None] * 10 + 50
    values[40:, : shape[0] // 2] = 0
    tifffile.imwrite(tmp_path / "a.ome.tif", values, metadata={"axes": "ZYX"})
    (made,) = compact_file(tmp_path / "a.ome.tif", [0], size=256)
    assert made.preview is not None
    assert made.preview.strip is not None
    depths, picture = made.preview.strip.depths, made.preview.strip.picture
    assert (depths[0], depths[-1]) == (0, 59)
    assert picture.height % len(depths) == 0
    from io import BytesIO

    from PIL import Image

    shown = np.asarray(Image.open(BytesIO(picture.content)).convert("L")).reshape(len(depths), -1, picture.width)
    lit = [bool(frame.max() > 40) for frame in shown]
    assert lit == [depth >= 40 for depth in depths]


def notes_of(path: Path) -> str:
    """What the page says of the pictures of a file."""
    (made,) = compact_file(path, [0], size=64)
    assert made.preview is not None
    return " ".join(made.preview.notes)


def test_values_too_large_for_a_picture_are_said_to_be(tmp_path: Path) -> None:
    """Nobody is told that they are 3.4e+38."""
    values = np.full((64, 64), 1e300)
    tifffile.imwrite(tmp_path / "a.tif", values)
    assert "are beyond 3.4e+38, which pictures cannot tell apart" in notes_of(tmp_path / "a.tif")
    values[:32] = 0
    tifffile.imwrite(tmp_path / "b.tif", values)
    assert "beyond 3.4e+38 are shown as that" in notes_of(tmp_path / "b.tif")
    tifffile.imwrite(tmp_path / "c.tif", np.full((64, 64), 7.5))
    assert "is 7.5 everywhere" in notes_of(tmp_path / "c.tif")


def test_an_image_that_is_white_all_over_is_told_of_once(tmp_path: Path) -> None:
    """Not that it is the right way up, counted from black, and shown black."""
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((64, 64), np.uint8), photometric="miniswhite")
    told = notes_of(tmp_path / "a.tif")
    assert "is 0 everywhere, where 0 is white; it is shown black" in told
    assert "the right way up" not in told
    ramp = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    tifffile.imwrite(tmp_path / "b.tif", ramp, photometric="miniswhite")
    assert "the right way up" in notes_of(tmp_path / "b.tif")
