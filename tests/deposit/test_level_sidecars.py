"""The most demanding level asks for OME-XML of every image: loose ones, and those that zip files hold or held."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment, assess_level, lowered
from confocal_bag.deposit.source_entry import EntryKind, SourceEntry
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import COMPLETE, changed, file, inventory, stack, two_cells

MINIMUM, GOOD, MOST = PracticeLevel


def assess(text: str, deposit: Inventory | None = None, inner: tuple[InnerFiles, ...] = ()) -> LevelAssessment:
    """Judge a description of two stacks."""
    said = read_description(text).description
    return assess_level(said, deposit or two_cells(), transformed=None, inner=inner)


def own(assessment: LevelAssessment, level: PracticeLevel) -> set[str]:
    """The fields that a level misses and no lower level does."""
    lower = {one.field for other, all_ in assessment.missing.items() if other.rank < level.rank for one in all_}
    return {one.field for one in assessment.missing[level]} - lower


def member(path: str) -> SourceEntry:
    """A member of a zip file that cannot be had any more."""
    return SourceEntry(path=PurePosixPath(path), kind=EntryKind.UNREADABLE, note="it is encrypted", is_lost=True)


def test_a_part_of_an_image_needs_no_ome_xml_of_its_own() -> None:
    """A file of a set of OME-TIFFs is described with the set."""
    part = replace(file("raw/set_2.ome.tif", "ome-tiff", Tier.RAW), set_head=PurePosixPath("raw/set_1.ome.tif"))
    head = replace(part, path=PurePosixPath("raw/set_1.ome.tif"), images=(stack(),))
    assert "metadata" not in own(assess(COMPLETE, inventory(*two_cells().files, head, part)), MOST)
    lone = replace(part, set_head=None)
    assert "metadata" in own(assess(COMPLETE, inventory(*two_cells().files, lone)), MOST)


SCANS = PurePosixPath("raw/scans.zip")


@pytest.mark.parametrize(
    ("inner", "named"),
    [
        (InnerFiles(archive=SCANS, problem="raw/scans.zip is cut off.", is_damaged=True), "raw/scans.zip"),
        (InnerFiles(archive=SCANS, unreadable=(member("day1/cell.czi"),)), "raw/scans.zip!/day1/cell.czi"),
        (InnerFiles(archive=SCANS, unreadable=(member("day1/cell.tif"),)), "raw/scans.zip!/day1/cell.tif"),
        (InnerFiles(archive=SCANS, unreadable=(member("notes.txt"),)), None),
        (InnerFiles(archive=SCANS), None),
    ],
)
def test_an_image_that_a_zip_file_no_longer_gives_cannot_have_ome_xml(inner: InnerFiles, named: str | None) -> None:
    """A zip file that cannot be looked into may hold some; a note in it is none."""
    for folder, tier in (("raw", Tier.RAW), ("processed", Tier.PROCESSED)):
        path = PurePosixPath(folder) / SCANS.name
        deposit = inventory(*two_cells().files, file(str(path), "zip", tier))
        text = COMPLETE + f"  - {{path: {path}, description: Scans}}\n"
        missing = assess(text, deposit, inner=(replace(inner, archive=path),))
        found = [one.message for one in missing.missing[MOST] if one.field == "metadata"]
        lost = named if tier is Tier.RAW else None
        assert missing.reached == (GOOD if lost else MOST)
        assert [f"for {lost}, because the image cannot be read" in one for one in found] == [True] * bool(lost)


def test_an_image_in_a_zip_file_that_cannot_be_read_cannot_have_ome_xml() -> None:
    """As one beside it."""
    broken = replace(file("raw/scans.zip!/a.lsm", "lsm", Tier.RAW, problem="it ends early"), archive=SCANS)
    deposit = replace(two_cells(), inner=(broken,))
    (one,) = [one for one in assess(COMPLETE, deposit).missing[MOST] if one.field == "metadata"]
    assert "raw/scans.zip!/a.lsm" in one.message


def test_what_turns_out_to_be_unreadable_lowers_the_level() -> None:
    """Planes are read when a bag is built; what else is missing stays missing."""
    whole = assess(COMPLETE)
    assert lowered(whole, {}) == whole
    less = lowered(whole, {"raw/cell01.czi": "plane 3 is damaged."})
    assert (whole.reached, less.reached) == (MOST, GOOD)
    (one,) = less.missing[MOST]
    assert "raw/cell01.czi" in one.message
    assert "(plane 3 is damaged)" in one.message
    bare = assess(changed(COMPLETE, {"keywords: [mitosis]": ""}))
    assert own(lowered(bare, {"raw/cell01.czi": None}), MOST) == {"metadata"}
    assert lowered(bare, {"raw/cell01.czi": None}).reached == MINIMUM
