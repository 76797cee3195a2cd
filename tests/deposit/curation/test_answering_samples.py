"""As a new user does it: from a folder of real files to a sealed bag, by answering only what `ask` asked."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.validate import validate_bag
from tests.recording import Ran

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"
#: Questions that a depositor leaves empty who has nothing to say to them: no embargo.
EMPTY = ("access.until",)


def filled(sheet: Path, target: Path) -> list[list[str]]:
    """The sheet with the example of each question as its answer; its rows."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        row[4] = row[4] or ("" if row[0] in EMPTY or row[0].startswith("specimens[1]") else row[3])
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("part", ["lsm", "tiff", "lif", "czi", "."])
def test_answers_to_what_was_asked_make_a_good_enough_bag(tmp_path: Path, run: Callable[..., Ran], part: str) -> None:
    """Nothing else is written into deposit.yaml by anybody, and the bag validates."""
    deposit = SAMPLES / part
    if not deposit.is_dir():
        pytest.skip(f"the samples are not there: {deposit.name}")
    work, sheet, back = tmp_path / "work", tmp_path / "answers.csv", tmp_path / "back.csv"
    assert run("ask", deposit, "--level", "good-enough", "--work", work, "--sheet", sheet).code == 0
    rows = filled(sheet, back)
    assert len({row[0] for row in rows}) == len(rows)
    taken = run("describe", deposit, "--level", "good-enough", "--work", work, "--answers", back)
    assert taken.code == 0, taken.out
    built = run("build", deposit, tmp_path / "bag", "--description", work / "deposit.yaml")
    assert built.code == 0, built.out
    assert "Practice level reached: good-enough" in built.out
    report = validate_bag(tmp_path / "bag")
    assert [one.message for one in report.findings if one.severity == "error"] == []
    again = run("describe", deposit, "--work", work, "--answers", back)
    assert again.code == 0
    assert "corrected" not in again.out
