"""A hostile image costs a finding, and nothing of the deposit around it."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from confocal_bag.image import guarded, worker, write_series
from confocal_bag.image.convert import convert_image
from confocal_bag.image.model import UnreadableImage
from confocal_bag.inspect import inspect_deposit
from tests import make
from tests.image import hostile

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BILLION_LAUGHS = (
    f'<?xml version="1.0"?><!DOCTYPE OME [<!ENTITY l0 "ha">{LAUGHS}]>'
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="&l11;"/></OME>'
)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A deposit of a good image and one that crashes its reader."""
    folder = tmp_path / "deposit"
    make.lsm(folder / "bad.lsm")
    make.lsm(folder / "good.lsm")
    return folder


def test_one_crash_is_one_finding(pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other image is described."""
    monkeypatch.setattr(guarded, "_records", hostile.records_or_crash)
    inspection = inspect_deposit(pair)
    unreadable = [finding for finding in inspection.findings if finding.rule == "image.unreadable"]
    assert [finding.path for finding in unreadable] == ["bad.lsm"]
    assert "bad.lsm cannot be read: the process that read it crashed" in unreadable[0].message
    assert str(pair) not in unreadable[0].message
    assert [bool(record.images) for record in inspection.inventory.files] == [False, True]


def test_a_crash_at_the_end_of_a_conversion_leaves_nothing(
    pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what was finished."""
    monkeypatch.setattr(write_series, "write_all", hostile.convert_or_crash)
    with pytest.raises(UnreadableImage, match="crashed"):
        convert_image(pair / "bad.lsm", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    (done,) = convert_image(pair / "good.lsm", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == [done.path]


def test_a_draft_keeps_what_crashes_as_it_came(pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a copy, and says so; the good image has its copy."""
    monkeypatch.setattr(write_series, "write_all", hostile.convert_or_crash)
    result = build_bag(pair, tmp_path / "bag", BuildOptions(draft=True))
    assert [finding.path for finding in result.report.findings if finding.rule == "image.unreadable"] == ["bad.lsm"]
    assert result.bag is not None
    assert [path.name for path in (result.bag / "data/transformed").iterdir()] == ["good.lsm.ome.tiff"]
    assert (result.bag / "data/raw/bad.lsm").read_bytes() == (pair / "bad.lsm").read_bytes()


@pytest.mark.parametrize("kind", ["pixels", "entities"])
def test_bombs_are_image_problems(tmp_path: Path, kind: str) -> None:
    """A header of 2^40 pixels, and XML that would grow to a hundred billion words."""
    path = tmp_path / "deposit" / "bomb.ome.tif"
    path.parent.mkdir()
    text = BILLION_LAUGHS if kind == "entities" else None
    tifffile.imwrite(path, np.zeros((8, 8), np.uint8), description=text, metadata=None)
    if kind == "pixels":
        with tifffile.TiffFile(path, mode="r+") as tiff:
            for name in ("ImageWidth", "ImageLength", "RowsPerStrip"):
                tiff.pages.first.tags[name].overwrite(1 << 20, dtype="I")
    (record,) = take_inventory(open_deposit(path.parent)).files
    assert record.image_problem is not None
    assert "bomb.ome.tif" in record.image_problem


def test_a_deposit_without_images_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are read here."""
    monkeypatch.setattr(worker, "run", lambda *_, **__: pytest.fail("a process was asked for"))
    (tmp_path / "notes.txt").write_text("Mouse fibroblasts.\n")
    assert len(take_inventory(open_deposit(tmp_path), jobs=2).files) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_several_at_once_give_the_same_inventory(tmp_path: Path, jobs: int) -> None:
    """Whatever ends first."""
    for number in range(6):
        make.lsm(tmp_path / f"{number}.lsm", planes=6 - number)
    inventory = take_inventory(open_deposit(tmp_path), jobs=jobs)
    assert [str(record.path) for record in inventory.files] == [f"{number}.lsm" for number in range(6)]
    assert [record.images[0].axes["Z"] for record in inventory.files] == [6, 5, 4, 3, 2, 1]
