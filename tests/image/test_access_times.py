"""A depositor's file keeps its access time while its image is read: not even its times are touched."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.open import open_image
from confocal_bag.image.privacy.search import search_file
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oif import write_oif


def _tiff(path: Path) -> None:
    tifffile.imwrite(path, np.zeros((3, 6, 7), np.uint16), imagej=path.suffix == ".tif" and ".ome" not in path.name)


def _old(path: Path) -> None:
    """An access time before the last change, which file systems mounted relatime bring up to date too."""
    os.utime(path, ns=(10**18, 1_500_000_000 * 10**9))


def _touched(path: Path) -> bool:
    return path.stat().st_atime_ns != 10**18


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder where reading a file changes its access time unless one takes care."""
    if not hasattr(os, "O_NOATIME"):
        pytest.skip("this system cannot keep access times")
    probe = tmp_path / "probe"
    probe.write_bytes(b"x")
    _old(probe)
    probe.read_bytes()
    if not _touched(probe):
        pytest.skip("this file system keeps no access times")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.lsm", lambda path: write_lsm(path, cell_stack(planes=2, size=32))),
        ("a.lif", lambda path: write_lif(path, [LifImage("a", "ZYX", np.zeros((2, 4, 5), np.uint16))])),
        ("a.oif", lambda path: write_oif(path, {"X": 8, "Y": 6, "C": 2})),
        ("a.tif", _tiff),
        ("a.ome.tif", _tiff),
    ],
)
def test_reading_everything_keeps_the_access_time(kept: Path, name: str, write: Callable[[Path], object]) -> None:
    """Planes, headers, compressions and personal data."""
    write(kept / name)
    files = [path for path in kept.rglob("*") if path.is_file()]
    for path in files:
        _old(path)
    _read_everything(kept / name)
    assert [path.name for path in files if _touched(path)] == []


def test_an_nd2_keeps_its_access_time(kept: Path, shared: Path) -> None:
    """Nothing here writes one."""
    path = kept / "a.nd2"
    path.write_bytes((shared / "samples" / "nd2" / "cluster.nd2").read_bytes())
    _old(path)
    _read_everything(path)
    assert not _touched(path)


def _read_everything(path: Path) -> None:
    with open_image(path) as image:
        records(image, describe_acquisition(image), examine=True)
        for series in image.series:
            for _ in image.planes(series):
                pass
    search_file(path)


def test_a_file_of_somebody_else_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its owner may ask for the access time to be kept."""
    path = tmp_path / "a"
    path.write_bytes(b"content")
    real = os.open

    def refuse(name: str, flags: int, mode: int = 0o777) -> int:
        if flags & getattr(os, "O_NOATIME", 0):
            raise PermissionError(1, "Operation not permitted", name)
        return real(name, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    with open_regular(path) as stream:
        assert stream.read() == b"content"
