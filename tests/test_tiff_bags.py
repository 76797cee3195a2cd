"""Bags with TIFFs that other programs wrote: what was tampered with is seen, and what is sound is taken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import Severity, Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.test_validate import rewrite_manifests

PIXELS = np.arange(3 * 16 * 20, dtype=np.uint16).reshape(3, 16, 20)


def overwritten(tag: int, value: int) -> Callable[[Path], None]:
    """Give a tag of every page another value."""

    def change(path: Path) -> None:
        with tifffile.TiffFile(path, mode="r+") as opened:
            for page in opened.pages:
                page.aspage().tags[tag].overwrite(value)

    return change


def appended(path: Path) -> None:
    """Append a page of other pixels."""
    with tifffile.TiffWriter(path, append="force") as writer:
        writer.write(PIXELS[0] + 7, metadata=None)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag with an OME-TIFF and a negative that is turned over in the transformed tier, and masks of 64 bits."""
    folder = tmp_path_factory.mktemp("tiffs")
    deposit = make.small_deposit(folder / "deposit")
    for tier in ("transformed", "processed"):
        (deposit / tier).mkdir(exist_ok=True)
    tifffile.imwrite(deposit / "transformed/many.ome.tif", PIXELS, ome=True, metadata={"axes": "ZYX"})
    tifffile.imwrite(
        deposit / "transformed/negative.tif", PIXELS[0], photometric="miniswhite", extratags=[(274, 3, 1, 6, True)]
    )
    tifffile.imwrite(deposit / "processed/labels.tif", PIXELS.astype(np.int64), photometric="minisblack")
    build_bag(deposit, folder / "bag", BuildOptions(draft=True))
    return folder / "bag"


def test_samples_of_64_bits_are_taken_as_they_are(packed: Path) -> None:
    """A warning, no sidecar, and a bag that is valid with `--pixels`."""
    report = validate_bag(packed, pixels=True)
    assert [one for one in report.findings if one.severity is Severity.ERROR] == []
    (told,) = (one for one in report.findings if one.rule == "image.not-proven")
    assert (told.severity, told.path) == (Severity.WARNING, "data/processed/labels.tif")
    assert "OME has no name for" in told.message


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("many.ome.tif", appended),
        ("negative.tif", overwritten(262, 1)),
        ("negative.tif", overwritten(274, 1)),
        ("negative.tif", overwritten(274, 3)),
    ],
    ids=["a page more", "no negative", "not turned", "turned otherwise"],
)
def test_what_no_plane_shows_was_changed_after_packing(
    name: str, change: Callable[[Path], None], packed: Path, tmp_path: Path
) -> None:
    """Every plane is as it was and the manifests agree; the sidecar does not."""
    bag = tmp_path / "bag"
    shutil.copytree(packed, bag)
    change(bag / "data" / "transformed" / name)
    rewrite_manifests(bag)
    report = validate_bag(bag, pixels=True)
    told = [one for one in report.findings if one.rule == "image.sidecar-contradicts"]
    assert [one.path for one in told] == [f"data/transformed/{name}"]
    assert report.verdict is Verdict.INVALID
