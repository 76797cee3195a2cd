"""Images inside the zip files of a deposit are found, named by their place, described, and converted on request."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.container_rules import check_containers
from confocal_bag.deposit.convertible import images_to_convert
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from confocal_bag.deposit.zips.inner_files import InnerFiles, look_inside
from confocal_bag.findings import CannotFinish, Finding, Outcome
from confocal_bag.image.convert import convert_image
from tests import make
from tests.image.synthetic_oif import write_oif
from tests.image.synthetic_zarr import stack, write_zarr
from tests.recording import Ran


def zipped(path: Path, folder: Path) -> Path:
    """A zip file of everything below a folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, one.relative_to(folder))
    return path


def looked_into(folder: Path) -> InnerFiles:
    """What the only zip file of a deposit holds."""
    opened = open_deposit(folder)
    (inner,) = look_inside(opened, take_inventory(opened))
    return inner


def judged(folder: Path) -> tuple[dict[str, Outcome], list[Finding]]:
    """The outcome of every rule about containers, and what they found."""
    opened = open_deposit(folder)
    inventory = take_inventory(opened)
    checks, findings = check_containers(opened, inventory, look_inside(opened, inventory))
    return {one.rule: one.outcome for one in checks}, findings


def rules(findings: list[Finding]) -> list[str]:
    """Which rules found something."""
    return [one.rule for one in findings]


def test_the_images_in_a_zip_file_have_their_records(tmp_path: Path) -> None:
    """Under the path of the archive, a mark, and their own."""
    make.lsm(tmp_path / "in" / "day 1" / "cells.lsm", planes=3)
    (tmp_path / "in" / "notes.txt").write_text("notes")
    zipped(tmp_path / "d" / "scans" / "a.zip", tmp_path / "in")
    inner = looked_into(tmp_path / "d")
    assert [str(one.path) for one in inner.images] == ["scans/a.zip!/day 1/cells.lsm"]
    assert inner.images[0].images[0].axes["Z"] == 3
    assert (inner.problem, inner.nested, inner.unreadable) == (None, (), ())


def test_a_zip_file_without_images_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first bytes of its members say so."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("notes")
    zipped(tmp_path / "d" / "a.zip", tmp_path / "in")
    opened = open_deposit(tmp_path / "d")
    inventory = take_inventory(opened)
    monkeypatch.setattr("confocal_bag.deposit.zips.inner_files.open_deposit", lambda path: pytest.fail("unpacked"))
    assert look_inside(opened, inventory)[0].images == ()
    assert check_containers(opened, inventory, look_inside(opened, inventory))[1] == []


def test_images_of_several_files_are_whole_inside_a_zip(tmp_path: Path) -> None:
    """An OIF with its folder, an OME-Zarr, and one without its folder (.ozx)."""
    (tmp_path / "in").mkdir()
    write_oif(tmp_path / "in" / "a.oif", {"X": 6, "Y": 8, "C": 2, "Z": 3})
    write_zarr(tmp_path / "in" / "b.ome.zarr", stack(1, 1, 2, 4, 4))
    zipped(tmp_path / "d" / "a.zip", tmp_path / "in")
    inner = looked_into(tmp_path / "d")
    assert [str(one.path) for one in inner.images] == ["a.zip!/a.oif", "a.zip!/b.ome.zarr/.zattrs"]
    assert [one.image_problem for one in inner.images] == [None, None]
    write_zarr(tmp_path / "c.zarr", stack(1, 1, 2, 4, 4), zarr_format=3)
    zipped(tmp_path / "e" / "c.ozx", tmp_path / "c.zarr")
    assert [len(one.images) for one in looked_into(tmp_path / "e").images] == [1]


def test_a_damaged_image_in_a_zip_is_reported_by_its_place(tmp_path: Path) -> None:
    """The sentence has no private folder in it."""
    path = make.lsm(tmp_path / "in" / "cells.lsm")
    path.write_bytes(path.read_bytes()[:-2000])
    zipped(tmp_path / "d" / "a.zip", tmp_path / "in")
    outcomes, findings = judged(tmp_path / "d")
    assert outcomes["image.unreadable-in-archive"] is Outcome.FAILED
    (found,) = [one for one in findings if one.rule == "image.unreadable-in-archive"]
    assert found.path == "a.zip!/cells.lsm"
    assert found.message.startswith("a.zip!/cells.lsm")


def test_archives_in_archives_are_named_and_not_opened(tmp_path: Path) -> None:
    """With and without images beside them."""
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("deep.txt", "deep")
    for number, with_image in enumerate((False, True)):
        folder = tmp_path / f"in{number}"
        folder.mkdir()
        (folder / "more.zip").write_bytes(inside.getvalue())
        if with_image:
            make.lsm(folder / "cells.lsm")
        zipped(tmp_path / f"d{number}" / "a.zip", folder)
        outcomes, findings = judged(tmp_path / f"d{number}")
        assert outcomes["deposit.archive-nested"] is Outcome.FAILED
        assert any("a.zip!/more.zip" in one.message for one in findings)


def test_what_a_zip_file_does_not_give_is_reported(tmp_path: Path) -> None:
    """A damaged archive, and members with names that lead out."""
    (tmp_path / "d").mkdir()
    with zipfile.ZipFile(tmp_path / "d" / "a.zip", "w") as archive:
        archive.writestr("../evil.txt", "evil")
    zipped(tmp_path / "d" / "b.zip", make.small_deposit(tmp_path / "in"))
    (tmp_path / "d" / "b.zip").write_bytes((tmp_path / "d" / "b.zip").read_bytes()[:-40])
    outcomes, findings = judged(tmp_path / "d")
    assert outcomes["deposit.archive-unreadable"] is Outcome.FAILED
    first, second = (one.message for one in findings if one.rule == "deposit.archive-unreadable")
    assert "leads out" in first
    assert second.startswith("b.zip is a damaged zip file")


def test_missing_chunks_of_an_ome_zarr_are_found(tmp_path: Path) -> None:
    """One is enough; none is none; without an OME-Zarr the rule has nothing to say."""
    path = write_zarr(tmp_path / "d" / "a.zarr", stack(1, 1, 3, 4, 4))
    assert judged(tmp_path / "d")[0]["image.chunks-missing"] is Outcome.PASSED
    (path / "0" / "0/0/1/0/0").unlink()
    outcomes, findings = judged(tmp_path / "d")
    assert outcomes["image.chunks-missing"] is Outcome.FAILED
    assert (findings[0].path, findings[0].detail) == ("a.zarr", {"image": "0", "absent": 1, "expected": 3})
    make.small_deposit(tmp_path / "e")
    assert judged(tmp_path / "e")[0]["image.chunks-missing"] is Outcome.NOT_APPLICABLE


def test_an_image_read_through_a_plugin_is_said_to_be_uncounted(tmp_path: Path) -> None:
    """The plugin's word is all there is."""
    from confocal_bag.image.readers.plugins import find_plugins
    from tests.image.fake_plugin import install_plugin, write_fake

    with pytest.MonkeyPatch.context() as patch:
        install_plugin(tmp_path / "site", patch)
        (tmp_path / "d").mkdir()
        write_fake(tmp_path / "d" / "a.fake")
        outcomes, findings = judged(tmp_path / "d")
    find_plugins.cache_clear()
    assert outcomes["image.not-counted"] is Outcome.FAILED
    assert rules(findings) == ["image.not-counted"]


def test_a_plain_deposit_passes_every_rule_about_containers(tmp_path: Path) -> None:
    """No archive, no folder that is an image, no plugin."""
    make.small_deposit(tmp_path / "d")
    outcomes, findings = judged(tmp_path / "d")
    assert findings == []
    assert {one for one, outcome in outcomes.items() if outcome is Outcome.PASSED} == outcomes.keys() - {
        "image.chunks-missing"
    }


def test_inspect_lists_inner_files(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """In JSON with all their facts, in text among the files; the advice names them."""
    make.lsm(tmp_path / "in" / "cells.lsm")
    zipped(tmp_path / "d" / "a.zip", tmp_path / "in")
    document = json.loads(run("inspect", "--format", "json", tmp_path / "d").out)
    assert [one["path"] for one in document["inner_files"]] == ["a.zip!/cells.lsm"]
    assert document["inner_files"][0]["images"][0]["axes"]["Z"] == 3
    assert [one["path"] for one in document["files"]] == ["a.zip"]
    assert "deposit.images-in-archive" in [one["rule"] for one in document["findings"]]
    assert "a.zip!/cells.lsm" in run("inspect", tmp_path / "d").out


@pytest.mark.parametrize("separator", [".", "/"])
def test_the_chunks_of_an_ome_zarr_are_one_line(tmp_path: Path, run: Callable[..., Ran], separator: str) -> None:
    """No sequence, no files of the same bytes, no unknown formats."""
    write_zarr(tmp_path / "d" / "a.zarr", stack(2, 2, 3, 4, 4) * 0 + 1, separator=separator)
    ran = run("inspect", tmp_path / "d")
    assert ran.out.count("a.zarr/0/") <= 1
    document = json.loads(run("inspect", "--format", "json", tmp_path / "d").out)
    assert document["sequences"] == []
    assert [
        one["rule"] for one in document["findings"] if one["rule"].startswith(("sequence", "tier", "deposit"))
    ] == []
    assert {one["tier"] for one in document["files"]} == {"transformed"}


def test_a_zip_file_is_a_deposit_like_its_folder(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Inspected and built from; the bag has the members in their tiers and is valid."""
    folder = make.demo_deposit(tmp_path / "deposit")
    path = zipped(tmp_path / "deposit.zip", folder)
    ran = run("build", path, tmp_path / "bag")
    assert ran.code == 0, ran.out + ran.err
    assert run("validate", "--pixels", tmp_path / "bag").code == 0
    run("build", folder, tmp_path / "other")
    names = [
        {str(p.relative_to(bag)) for p in (bag / "data").rglob("*") if p.is_file()}
        for bag in (tmp_path / "bag", tmp_path / "other")
    ]
    assert names[0] == names[1]


def test_the_images_of_a_zip_file_can_be_converted(tmp_path: Path) -> None:
    """Each under a name that says where it came from, also where two are called alike."""
    for day in ("day1", "day2"):
        make.lsm(tmp_path / "in" / day / "cells.lsm")
    make.lsm(tmp_path / "in" / "day1_cells.lsm")
    write_zarr(tmp_path / "in" / "z" / "b.zarr", stack(1, 1, 2, 4, 4))
    (tmp_path / "in" / "notes.txt").write_text("notes")
    path = zipped(tmp_path / "a.zip", tmp_path / "in")
    found = images_to_convert(path)
    assert [one.stem for one in found] == ["day1/cells.lsm", "day1_cells.lsm", "day2_cells.lsm", "z_b.zarr"]
    assert found[0].shown == f"{path}!/day1/cells.lsm"
    made = [convert_image(one.path, tmp_path / "out", stem=one.stem)[0].path.name for one in found]
    assert len(set(made)) == 4
    assert made[2:] == ["day2_cells.lsm.ome.tiff", "z_b.zarr.ome.tiff"]


def test_a_zipped_ome_zarr_is_one_image(tmp_path: Path) -> None:
    """Without its folder in the zip file, it has the name of that."""
    path = zipped(tmp_path / "b.ozx", write_zarr(tmp_path / "b.zarr", stack(1, 1, 2, 4, 4), zarr_format=3))
    (image,) = images_to_convert(path)
    (made,) = convert_image(image.path, tmp_path / "out", stem=image.stem)
    assert (made.path.name, len(made.planes)) == ("b.ozx.ome.tiff", 2)


def test_a_path_that_is_no_zip_file_stands_for_itself(tmp_path: Path) -> None:
    """And a zip file without an image is refused."""
    path = make.lsm(tmp_path / "a.lsm")
    assert [(one.path, one.stem) for one in images_to_convert(path)] == [(path, "a.lsm")]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("notes")
    empty = zipped(tmp_path / "a.zip", tmp_path / "in")
    with pytest.raises(CannotFinish, match="holds no image"):
        images_to_convert(empty)
