"""Real files of every vendor: what is said of them is judged against what they record."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from confocal_bag.findings import CannotFinish
from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.formats import FORMATS
from confocal_bag.image.model import ImageFile, Series
from confocal_bag.image.open import open_image
from confocal_bag.image.sidecar import for_tiff, ome_bytes, write_sidecar
from confocal_bag.image.sidecar_check import check_sidecar, compare_sidecar, read_sidecar
from tests import make

#: Logins, people, serial numbers and folders that the samples' headers hold.
_PERSONAL = (
    "Jefferis", "ubaguest", "Andrews", "LSM User", "Guest", "ruiany", "Timm", "M1SRH", "500651", "8100000201",
    "D:\\", "C:\\", "W:\\",
)  # fmt: skip


def _samples(shared: Path) -> list[Path]:
    truth = json.loads((shared / "corpora/metadata/truth.json").read_text(encoding="utf-8"))
    return [path for name in truth if (path := shared / "samples" / name).is_file()]


@pytest.mark.slow
def test_nothing_is_wrong_or_invented_and_almost_nothing_is_lost(shared: Path, tmp_path: Path) -> None:
    """The judge knows every fact that the samples record, and what they do not."""
    samples = _samples(shared)
    for path in samples:
        with open_image(path) as image:
            name = f"{path.parent.name}_{path.name}.ome.xml"
            write_sidecar(describe_acquisition(image), tmp_path / name, source_name=path.name)
    judge = [sys.executable, str(shared / "corpora/metadata/judge.py"), str(tmp_path), "--min", "0.95", "--json"]
    judged = json.loads(subprocess.run(judge, capture_output=True, check=False, text=True).stdout)
    assert judged["total"].get("wrong", 0) == 0
    assert judged["total"].get("invented", 0) == 0
    assert judged["recall"] >= 0.99
    assert judged["pass"] is True


@pytest.mark.slow
def test_every_sidecar_is_sound_agrees_with_its_file_and_names_nobody(shared: Path) -> None:
    """The same for the document inside an OME-TIFF of each series."""
    for path in _samples(shared):
        with open_image(path) as image:
            ome = describe_acquisition(image)
            content = ome_bytes(ome, source_name=path.name)
            assert list(check_sidecar(content)) == [], path.name
            assert list(compare_sidecar(read_sidecar(content), records(image, ome))) == [], path.name
            for index in range(len(image.series)):
                assert list(check_sidecar(for_tiff(ome, index, "a.ome.tif").encode())) == [], path.name
        assert [word for word in _PERSONAL if word in content.decode()] == [], path.name


def test_an_opened_lsm_file_is_described(tmp_path: Path) -> None:
    """From opening to record, on a synthetic file."""
    with open_image(make.lsm(tmp_path / "cells.lsm")) as image:
        ome = describe_acquisition(image)
        (record,) = records(image, ome)
    assert list(check_sidecar(ome_bytes(ome, source_name="cells.lsm"))) == []
    assert record.pixel_size_um.z == pytest.approx(0.5)
    assert [channel.fluor for channel in record.channels] == ["DAPI", "Alexa Fluor 488"]


def _image(path: Path, found: str) -> ImageFile:
    series = Series(index=0, name="x", axes={"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4}, dtype=np.dtype("uint8"))
    return cast("ImageFile", SimpleNamespace(path=path, format=FORMATS[found], series=(series,)))


@pytest.mark.parametrize("found", ["lsm", "czi", "nd2", "lif", "oib", "tiff", "ome-tiff"])
def test_a_header_that_cannot_be_read_names_its_file(tmp_path: Path, found: str) -> None:
    """Damage ends in one sentence, whatever library met it."""
    path = tmp_path / "damaged.bin"
    path.write_bytes(b"\x70\0\0\0" + b"damaged" * 100)
    with pytest.raises(CannotFinish, match=r"damaged\.bin"):
        describe_acquisition(_image(path, found))


def test_a_format_without_settings_is_described_by_its_series(tmp_path: Path) -> None:
    """A PNG has sizes and nothing else."""
    ome = describe_acquisition(_image(tmp_path / "a.png", "png"))
    assert (ome.images[0].pixels.size_x, ome.instruments) == (4, [])
