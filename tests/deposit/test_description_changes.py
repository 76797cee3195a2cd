"""What a refresh changed, in sentences."""

from dataclasses import replace

from confocal_bag.deposit.description.changes import describe_changes
from confocal_bag.deposit.description.file import draft_description, refresh_description
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import MICROSCOPE, changed, file, inventory, stack, two_cells


def test_nothing_changed_says_nothing() -> None:
    """A refresh without effect has nothing to tell."""
    text = draft_description(two_cells(), level=PracticeLevel.MINIMUM)
    assert describe_changes(text, text, two_cells()) == []


def test_what_was_added_and_filled_in_is_told() -> None:
    """New setups, new files, and fields that were empty, each with its line."""
    text = changed(draft_description(two_cells(), level=PracticeLevel.MINIMUM), {"zoom: 2": "zoom:"})
    new = stack(instrument=replace(MICROSCOPE, model="LSM 980"))
    deposit = inventory(*two_cells().files, file("raw/sub/new.czi", "czi", Tier.RAW, new))
    refreshed = refresh_description(text, deposit)
    told = describe_changes(text, refreshed, deposit)
    lines = refreshed.splitlines()
    zoom = next(number for number, line in enumerate(lines, 1) if "zoom: 2" in line)
    assert f"Filled in zoom of acquisition a1 (line {zoom}): 2." in told
    starts = ("Added instrument m2 (line", "Added acquisition a2 (line", "Added entry for raw/sub/new.czi (line")
    assert all(any(one.startswith(start) for one in told) for start in starts)
    assert len(told) == 4


def test_an_entry_whose_files_are_gone_is_kept_and_named() -> None:
    """Hand edits are sacred; people decide what to remove."""
    text = draft_description(two_cells(), level=PracticeLevel.MINIMUM)
    left = inventory(*(one for one in two_cells().files if one.tier is Tier.RAW))
    refreshed = refresh_description(text, left)
    assert refreshed == text
    (one,) = describe_changes(text, refreshed, left)
    assert one.startswith("Kept the entry for transformed/cell01.ome.tif (line ")
