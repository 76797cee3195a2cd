"""convert and build with a second reader, and images inside zip files."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.model import UnreadableImage
from tests import make
from tests.image.synthetic_czi import write_czi
from tests.recording import Ran


def stack(path: Path) -> Path:
    """A TIFF that both readers read."""
    values = np.random.default_rng(2).integers(0, 60000, (3, 8, 6), dtype=np.uint16)
    tifffile.imwrite(path, values, imagej=True, metadata={"axes": "ZYX"})
    return path


def test_convert_says_that_a_second_reader_agrees(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Beside the proof of the conversion."""
    path = stack(tmp_path / "a.tif")
    ran = run("convert", "--second-reader", path, tmp_path / "out")
    assert ran.code == 0, ran.err
    assert f"{path}: 3 planes, the same by openreadout" in ran.out
    assert (tmp_path / "out" / "a.tif.ome.tiff").is_file()


def test_convert_refuses_a_format_without_a_second_reader(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Nothing is converted; without the option it would be."""
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    ran = run("convert", "--second-reader", path, tmp_path / "out")
    assert ran.code == 3
    assert not (tmp_path / "out").exists()


def test_the_images_of_a_zip_file_are_converted_by_name(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """One that fails does not keep the others from it."""
    stack(tmp_path / "a.tif")
    path = tmp_path / "scans.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "a.tif", "day1/a.tif")
        archive.writestr("day2/b.lsm", make.lsm(tmp_path / "b.lsm").read_bytes()[:-2000])
    ran = run("convert", path, tmp_path / "out")
    assert ran.code == 3
    assert f"all equal to {path}!/day1/a.tif" in ran.out
    assert f"{path}!/day2/b.lsm" in ran.err
    assert "1 of 2 files were not converted" in ran.err
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["day1_a.tif.ome.tiff"]


def test_a_zip_file_that_cannot_be_read_is_said(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Also where it is the only file."""
    (tmp_path / "a.zip").write_bytes(b"PK\3\4" + bytes(100))
    ran = run("convert", tmp_path / "a.zip", tmp_path / "out")
    assert ran.code == 3
    assert "damaged zip" in ran.err


def test_build_asks_the_second_reader_too(
    tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image on which two readers disagree is not converted; a draft keeps it as it came."""
    (tmp_path / "d").mkdir()
    write_czi(tmp_path / "d" / "a.czi", [({"C": 0}, np.arange(48, dtype=np.uint16).reshape(8, 6))])
    ran = run("build", "--draft", "--second-reader", tmp_path / "d", tmp_path / "good")
    assert "planes proven: 1" in ran.out

    def disagrees(path: Path, **_: object) -> None:
        raise UnreadableImage(f"{path}: two readers disagree.")

    monkeypatch.setattr("confocal_bag.image.readers.second.confirm", disagrees)
    ran = run("build", "--draft", "--second-reader", tmp_path / "d", tmp_path / "bad")
    assert "two readers disagree" in ran.out
    assert "series converted: 0" in ran.out
