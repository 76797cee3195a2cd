"""An image in a zip file is judged as the same image beside it would be."""

import zipfile
from pathlib import Path

import pytest

from confocal_bag.findings import Severity
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.deposit.test_image_rules import CASES, Spoil, plane, tiff
from tests.image.synthetic_ome import write_set

#: The cases of the rules about images that a picture needs no look at the file for.
TIFFS = [case for case in CASES if case[3].endswith(".tif")]


def zipped(path: Path, folder: Path) -> None:
    """Pack the files below a folder into a zip file, without the folders they lie in."""
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, one.name)


@pytest.mark.parametrize(("rule", "spoil", "severity", "path"), TIFFS, ids=[f"{case[0]}-{case[3]}" for case in TIFFS])
def test_what_is_wrong_with_an_image_in_a_zip_is_told(
    rule: str, spoil: Spoil, severity: Severity, path: str, tmp_path: Path
) -> None:
    """By the same rule, with the same severity, at its place in the zip file."""
    (tmp_path / "in/raw").mkdir(parents=True)
    spoil(tmp_path / "in")
    name = "processed/x.zip" if path.startswith("processed") else "raw/x.zip"
    zipped(tmp_path / "d" / name, tmp_path / "in")
    found = [one for one in inspect_deposit(tmp_path / "d").findings if one.rule == rule]
    assert [(one.path, one.severity) for one in found] == [(f"{name}!/{Path(path).name}", severity)]
    assert f"{name}!/{Path(path).name}" in found[0].message


def test_a_sound_image_in_a_zip_gives_no_finding(tmp_path: Path) -> None:
    """None of these rules speaks without a reason."""
    (tmp_path / "in").mkdir()
    tiff(plane())(tmp_path / "in")
    zipped(tmp_path / "d/raw/x.zip", tmp_path / "in")
    wanted = {case[0] for case in TIFFS} | {"image.extension-disagrees"}
    assert [one for one in inspect_deposit(tmp_path / "d").findings if one.rule in wanted] == []


def test_a_merged_image_in_a_zip_has_its_channels_there(tmp_path: Path) -> None:
    """As advice: the channels lie beside it in the zip file, or beside the zip file."""
    merged = next(spoil for rule, spoil, _, _ in CASES if rule == "image.rgb-composite")
    for number, channel in enumerate(("in", "d")):
        root = tmp_path / str(number)
        (root / "in").mkdir(parents=True)
        (root / "d").mkdir()
        merged(root / "in")
        tiff(plane(), "a_ch1.tif")(root / channel)
        zipped(root / "d/raw/x.zip", root / "in")
        (found,) = [one for one in inspect_deposit(root / "d").findings if one.rule == "image.rgb-composite"]
        assert (found.severity, "has the values of the channels" in found.message) == (Severity.ADVICE, True)


def test_a_set_of_ome_tiffs_in_a_zip_is_no_single_plane(tmp_path: Path) -> None:
    """Its other files are there; a plane that is alone in a zip is told."""
    (tmp_path / "in").mkdir()
    write_set(tmp_path / "in")
    names = sorted(one.name for one in (tmp_path / "in").iterdir())
    zipped(tmp_path / "d/raw/x.zip", tmp_path / "in")
    (tmp_path / "one").mkdir()
    tiff(plane(), "cells_z003.tif")(tmp_path / "one")
    zipped(tmp_path / "e/raw/x.zip", tmp_path / "one")
    alone = {
        name: [one.path for one in inspect_deposit(tmp_path / name).findings if one.rule == "sequence.single-plane"]
        for name in ("d", "e")
    }
    assert len(names) > 1
    assert alone == {"d": [], "e": ["raw/x.zip!/cells_z003.tif"]}


def test_an_image_in_a_zip_is_asked_for_what_the_level_asks_of_one_beside_it(tmp_path: Path) -> None:
    """The same fields are missing, of the image at its place in the zip file."""
    entry = "  - {path: raw/PLACE, description: Scans}\nnaming:"
    found = {}
    for place in ("cells.lsm", "scans.zip"):
        folder = make.demo_deposit(tmp_path / place)
        assert inspect_deposit(folder).level.missing[PracticeLevel.MOST_REPRODUCIBLE] == ()
        make.lsm(folder / "raw/cells.lsm")
        if place == "scans.zip":
            (folder / "raw/cells.lsm").rename(tmp_path / "cells.lsm.moved")
            with zipfile.ZipFile(folder / "raw/scans.zip", "w") as archive:
                archive.write(tmp_path / "cells.lsm.moved", "cells.lsm")
        text = (folder / "deposit.yaml").read_text()
        (folder / "deposit.yaml").write_text(text.replace("naming:", entry.replace("PLACE", place)))
        missing = inspect_deposit(folder).level.missing
        found[place] = {level: [one.field for one in fields] for level, fields in missing.items()}
        shown = "raw/cells.lsm" if place == "cells.lsm" else "raw/scans.zip!/cells.lsm"
        assert any(shown in one.message for fields in missing.values() for one in fields)
    assert found["scans.zip"] == found["cells.lsm"]
    assert any(found["scans.zip"].values())
