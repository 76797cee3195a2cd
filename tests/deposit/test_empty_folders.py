"""Placeholders for empty folders: one for each, in the tier of the folder, never in the way of another file."""

from pathlib import PurePosixPath as Path

from confocal_bag.deposit.empty_folders import keep_empty_folders


def test_an_empty_folder_is_kept_in_the_tier_it_is_named_after() -> None:
    """Without such a name it is kept as received."""
    places = keep_empty_folders([Path("controls/day-1"), Path("processed/masks"), Path("raw")], [])
    assert places == {
        Path("controls/day-1"): Path("raw/controls/day-1/.keep"),
        Path("processed/masks"): Path("processed/masks/.keep"),
        Path("raw"): Path("raw/.keep"),
    }


def test_a_placeholder_takes_no_place_that_is_taken() -> None:
    """Neither one of a file, in whatever letters, nor one below a file, nor one of another placeholder."""
    taken = [Path("raw/a/.KEEP"), Path("raw/b")]
    places = keep_empty_folders([Path("a"), Path("b"), Path("c"), Path("raw/c")], taken)
    assert places[Path("a")] == Path("raw/depositor/a/.keep")
    assert places[Path("b")] == Path("raw/depositor/b/.keep")
    assert len(set(places.values())) == 4
