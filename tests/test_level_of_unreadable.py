"""No draft claims the most demanding level while OME-XML of an image is missing: bag-info, readme, findings agree."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.exports.readme_words import LEVELS
from confocal_bag.image.model import UnreadableImage
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel
from tests import make

GOOD, MOST = PracticeLevel.GOOD_ENOUGH, PracticeLevel.MOST_REPRODUCIBLE
ENTRY = '  - {path: raw/scans.zip, acquisition: a1, description: "A day at the microscope"}\nnaming:'


def deposit(folder: Path) -> Path:
    """The demonstration deposit, which reaches the most demanding level, with an image in a zip file; where that is."""
    make.demo_deposit(folder)
    (folder / "raw").mkdir()
    with zipfile.ZipFile(folder / "raw/scans.zip", "w") as archive:
        archive.writestr("cells.lsm", make.lsm(folder.with_name("cells.lsm")).read_bytes())
    path = folder / "deposit.yaml"
    path.write_text(path.read_text("utf-8").replace("naming:", ENTRY), encoding="utf-8")
    return folder / "raw/scans.zip"


def levels(bag: Path) -> dict[str, str]:
    """The level that each part of a bag says it reaches."""
    info = dict(line.partition(": ")[::2] for line in (bag / "bag-info.txt").read_text("utf-8").splitlines())
    readme = (bag / "data/readme/README.txt").read_text("utf-8")
    (line,) = [line for line in readme.splitlines() if line.strip().startswith("Practice level:")]
    found = json.loads((bag / "data/metadata/findings.json").read_text("utf-8"))
    identifiers = {load_profile(f"confocal-{level}").identifier: level.value for level in PracticeLevel}
    names = {name: level.value for level, name in LEVELS.items()}
    told = " ".join((bag / "bag-info.txt").read_text("utf-8").replace("\n  ", "").split())
    return {
        "bag-info": info["Confocal-Practice-Level"],
        "profile": next(level for identifier, level in identifiers.items() if f"{identifier} " in f"{told} "),
        "readme": names[line.partition(":")[2].partition(";")[0].strip()],
        "findings": found["level"]["reached"],
    }


def cut(path: Path) -> None:
    """Without its last quarter, and so without the list of what is in it."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])


def encrypt(path: Path) -> None:
    """As if a password were needed."""
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def spoil(path: Path) -> None:
    """An image that ends early, in a sound zip file."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read("cells.lsm")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cells.lsm", content[: len(content) // 2])


@pytest.mark.parametrize("damage", [None, cut, encrypt, spoil], ids=["sound", "cut", "encrypted", "truncated"])
def test_a_draft_with_a_damaged_zip_file_does_not_claim_the_highest_level(
    tmp_path: Path, damage: Callable[[Path], None] | None
) -> None:
    """Of the image in it there is no OME-XML; with a sound one there is, and the level is reached."""
    path = deposit(tmp_path / "d")
    if damage:
        damage(path)
    assert build_bag(tmp_path / "d", tmp_path / "bag", BuildOptions(draft=True)).bag
    assert set(levels(tmp_path / "bag").values()) == {(GOOD if damage else MOST).value}
    assert [one.message for one in validate_bag(tmp_path / "bag").findings if one.severity == "error"] == []


@pytest.mark.parametrize("name", ["fibroblasts.lsm", "cells.lsm"], ids=["loose", "in the zip file"])
def test_an_image_that_fails_while_it_is_converted_lowers_the_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its header was sound, so only the build finds out; the readme says what the higher level would need."""
    from confocal_bag.image import convert

    honest = convert.convert_image

    def fail(path: Path, *arguments: object, **options: object) -> object:
        if path.name == name:
            raise UnreadableImage(f"{path} is damaged in plane 3.")
        return honest(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(convert, "convert_image", fail)
    deposit(tmp_path / "d")
    result = build_bag(tmp_path / "d", tmp_path / "bag", BuildOptions(draft=True))
    assert result.report.extra["level"]["reached"] == GOOD
    assert set(levels(tmp_path / "bag").values()) == {GOOD.value}
    readme = " ".join((tmp_path / "bag/data/readme/README.txt").read_text("utf-8").split())
    assert f'at the level "{LEVELS[GOOD]}"' in readme
    assert "because the image cannot be read" in readme
