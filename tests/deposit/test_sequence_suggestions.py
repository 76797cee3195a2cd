"""Better names: proposed only where they mend something, mean the same planes, and lose nothing."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from confocal_bag.cli.app import app
from confocal_bag.deposit.sequences import find_sequences, suggest_names


def suggested(names: list[str]) -> dict[str, str | None]:
    """The proposals for these files."""
    return {one.old: one.new for one in suggest_names(find_sequences(names))}


def test_uneven_padding_is_evened_out() -> None:
    """Sorting by the new names is sorting by number."""
    names = [f"brain_z{z}.TIF" for z in range(1, 13)]
    found = suggested(names)
    assert list(found) == names
    assert list(found.values()) == [f"brain_z{z:02}.tif" for z in range(1, 13)]


def test_good_names_are_left_alone() -> None:
    """Nothing is proposed where nothing is wrong."""
    assert suggested([f"brain_z{z:03}_ch{c}.tif" for z in range(1, 13) for c in (0, 1)]) == {}


def test_a_number_that_nothing_explains_is_padded_and_not_called_z() -> None:
    """It stays a plain counter."""
    assert suggested([f"img{number}.tif" for number in range(1, 13)])["img10.tif"] == "img_10.tif"


def test_words_that_all_names_share_are_never_lost() -> None:
    """Where no name can be made that keeps them, the table says so instead."""
    found = suggest_names(find_sequences([f"TP{t}_Ch0_Ill0_Ang1,2,3.tif" for t in range(12)]))
    assert {one.new for one in found} == {None}
    assert "rename by hand" in found[0].why


def test_two_files_that_claim_one_plane_are_not_given_one_name() -> None:
    """Which of them is right is not for a program to say."""
    found = suggested([*(f"stack_z{z}.tif" for z in range(1, 13)), "stack_z01.tif"])
    assert found["stack_z1.tif"] is None
    assert found["stack_z01.tif"] is None
    assert found["stack_z2.tif"] == "stack_z02.tif"


def test_a_name_that_another_file_has_is_not_proposed() -> None:
    """A rename by the table can never overwrite."""
    names = [f"a/s_z{z}.tif" for z in range(1, 13)]
    assert suggested([*names, "a/s_z001.tif.txt", "b/s_z001.tif"])["a/s_z1.tif"] == "a/s_z01.tif"
    report = find_sequences([*names, "a/s_z0001.tiff"])
    new = [one.new for one in suggest_names(report) if one.new]
    assert len(set(new)) == len(new)
    assert not set(new) & {"a/s_z0001.tiff"}


@given(
    stem=st.sampled_from(["larva", "2 dpf larva 3 - 20x", "p53_ctrl", "Zellkörper", "細胞", "190815_EV38"]),
    numbers=st.sets(st.integers(0, 2000), min_size=3, max_size=12),
    channels=st.sampled_from([("c1", "c2"), ("DAPI", "GFP"), ("",)]),
    separator=st.sampled_from(["_", "-", " "]),
)
def test_new_names_are_read_as_the_same_planes(
    stem: str, numbers: set[int], channels: tuple[str, ...], separator: str
) -> None:
    """Whatever the stem: same coordinates, one name for each file, in number order, nothing left to mend."""
    names = [separator.join(filter(None, (stem, f"z{z}", c))) + ".tif" for z in numbers for c in channels]
    before = find_sequences(names)
    new = {one.old: one.new for one in suggest_names(before) if one.new is not None}
    if not new:
        return
    after = find_sequences([new.get(name, name) for name in names])
    where = {file.path: file.coordinates for one in after.sequences for file in one.files}
    for one in before.sequences:
        for file in one.files:
            again = where[new.get(file.path, file.path)]
            assert {axis: again[axis] for axis in one.varying} == {axis: file.coordinates[axis] for axis in one.varying}
    assert len({new.get(name, name) for name in names}) == len(names)
    assert not suggest_names(after)


def test_the_table_is_written_and_nothing_is_renamed(tmp_path: Path) -> None:
    """A CSV that opens in a spreadsheet, never inside the folder and never over another file."""
    folder = tmp_path / "stack"
    folder.mkdir()
    for z in range(1, 12):
        (folder / f"=z{z}.tif").write_bytes(b"")
    names = sorted(path.name for path in folder.iterdir())
    table = tmp_path / "names.csv"
    CliRunner().invoke(app, ["sequences", str(folder), "--suggest", str(table)])
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["old", "new", "why"]
    assert rows[1][0].startswith("'=z")
    assert len(rows) == 12
    assert sorted(path.name for path in folder.iterdir()) == names
    other = CliRunner().invoke(app, ["sequences", str(folder), "--suggest", str(folder / names[0])])
    assert other.exception is not None
    inside = CliRunner().invoke(app, ["sequences", str(folder), "--suggest", str(folder / "names.csv")])
    assert inside.exception is not None
    assert not (folder / "names.csv").exists()


@pytest.mark.parametrize("names", [[], ["readme.txt"], ["one.tif"]])
def test_without_sequences_there_is_nothing_to_propose(names: list[str]) -> None:
    """No file, or none that counts."""
    assert suggested(names) == {}
