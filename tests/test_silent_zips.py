"""A zip file whose images no sidecar describes any more proves nothing, and validation says so."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import Report, Severity
from confocal_bag.validate import Depth, validate_bag
from tests.image.synthetic_ome import write_set
from tests.image.synthetic_zarr import stack, write_zarr
from tests.test_images_in_zips import below, deposit_of, lsm, spoil, zipped
from tests.test_validate import rewrite_manifests

RULES = ("image.sidecar-missing", "image.not-proven", "tier.not-transformed")


def found(report: Report) -> dict[str, list[str | None]]:
    """Where the rules about images that nothing is known of found something."""
    seen = {rule: [one.path for one in report.findings if one.rule == rule] for rule in RULES}
    return {rule: paths for rule, paths in seen.items() if paths}


def bag_of(folder: Path, members: Mapping[str, bytes], name: str = "raw/scans.zip", *, draft: bool = False) -> Path:
    """A bag with one zip file; its data folder."""
    made = build_bag(deposit_of(members, name)(folder / "deposit"), folder / "bag", BuildOptions(draft=draft))
    assert made.bag is not None
    return folder / "bag/data"


def test_a_zip_without_any_of_its_sidecars_is_told(tmp_path: Path) -> None:
    """With its copies and their sidecars gone, the pixels changed, and the manifests made anew."""
    content = lsm(tmp_path)
    data = bag_of(tmp_path, {"day1/a.lsm": content, "b.lsm": content})
    assert found(validate_bag(tmp_path / "bag", pixels=True)) == {}
    for folder in ("metadata/ome/raw/scans.zip", "metadata/ome/transformed/scans.zip", "transformed/scans.zip"):
        shutil.rmtree(data / folder)
    zipped(data / "raw/scans.zip", {"day1/a.lsm": spoil(content), "b.lsm": spoil(content)})
    rewrite_manifests(tmp_path / "bag")
    places = ["data/raw/scans.zip!/b.lsm", "data/raw/scans.zip!/day1/a.lsm"]
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert found(report) == dict.fromkeys(RULES, places)
    assert {one.severity for one in report.findings if one.rule == "image.not-proven"} == {Severity.ERROR}
    assert found(validate_bag(tmp_path / "bag")) == dict.fromkeys(["image.sidecar-missing", RULES[2]], places)


def test_one_sidecar_of_an_image_in_a_zip_is_missed(tmp_path: Path) -> None:
    """And a sidecar in which nothing can be read proves nothing."""
    content = lsm(tmp_path)
    data = bag_of(tmp_path, {"a.lsm": content, "b.lsm": content})
    sidecar = data / "metadata/ome/raw/scans.zip/b.lsm.ome.xml"
    sidecar.write_text("<OME/>")
    rewrite_manifests(tmp_path / "bag")
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert found(report)["image.not-proven"] == ["data/raw/scans.zip!/b.lsm"]
    sidecar.unlink()
    rewrite_manifests(tmp_path / "bag")
    assert found(validate_bag(tmp_path / "bag", pixels=True)) == {rule: ["data/raw/scans.zip!/b.lsm"] for rule in RULES}
    assert found(validate_bag(tmp_path / "bag", depth=Depth.FAST)) == {}


def test_what_has_no_sidecar_of_its_own_is_not_missed(tmp_path: Path) -> None:
    """Files of a set, of an OME-Zarr and of no image, and images with a name that no bag can hold."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_set(folder, companion=True)
    write_zarr(folder / "deep/b.zarr", stack(1, 1, 2, 4, 4))
    content = lsm(tmp_path)
    more = {"notes.txt": b"notes", "._a.lsm": content, "a.lsm": content, "A.lsm": content}
    bag_of(tmp_path, {**below(folder), **more}, draft=True)
    assert found(validate_bag(tmp_path / "bag", pixels=True)) == {}


def test_a_zipped_ome_zarr_without_its_sidecar_is_told(tmp_path: Path) -> None:
    """A .ozx is one image; its chunks are none."""
    write_zarr(tmp_path / "c.zarr", stack(1, 1, 2, 4, 4), zarr_format=3)
    data = bag_of(tmp_path, below(tmp_path / "c.zarr"), "raw/c.ozx", draft=True)
    assert found(validate_bag(tmp_path / "bag", pixels=True)) == {}
    shutil.rmtree(data / "metadata/ome/raw/c.ozx")
    rewrite_manifests(tmp_path / "bag")
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert found(report)["image.not-proven"] == ["data/raw/c.ozx!/zarr.json"]


@pytest.mark.parametrize(("name", "severity"), [("raw", Severity.ERROR), ("processed", Severity.WARNING)])
def test_a_zip_that_cannot_be_looked_into_is_not_proven(tmp_path: Path, name: str, severity: Severity) -> None:
    """Cut short after packing, with nothing left that speaks of its images."""
    data = bag_of(tmp_path, {"a.lsm": lsm(tmp_path)}, f"{name}/scans.zip")
    path = data / name / "scans.zip"
    shutil.rmtree(data / f"metadata/ome/{name}/scans.zip")
    path.write_bytes(path.read_bytes()[:-40])
    rewrite_manifests(tmp_path / "bag")
    report = validate_bag(tmp_path / "bag", pixels=True)
    (one,) = [one for one in report.findings if one.rule == "image.not-proven"]
    assert (one.path, one.severity) == (f"data/{name}/scans.zip", severity)
    assert f"data/{name}/scans.zip is a damaged zip file" in one.message
    assert str(tmp_path) not in one.message
