"""One practice level in profile, readme and bag-info.txt; and one deposit gives one bag, whatever that is called."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.exports.bag_level import level_of_bag
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.test_exports_in_bag import bag_info, contents

LOW, MIDDLE, HIGH = PracticeLevel
DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reached", "aim", "level"),
    [(HIGH, LOW, LOW), (HIGH, HIGH, HIGH), (LOW, HIGH, LOW), (None, HIGH, None), (MIDDLE, None, MIDDLE)],
)
def test_a_bag_is_of_the_lower_of_what_is_aimed_at_and_reached(
    reached: PracticeLevel | None, aim: PracticeLevel | None, level: PracticeLevel | None
) -> None:
    """None where none is reached."""
    assert level_of_bag(reached, aim) is level


def test_a_lower_level_that_was_asked_for_is_named_everywhere(tmp_path: Path) -> None:
    """The readme says, too, what the deposit would reach."""
    result = build_bag(make.demo_deposit(tmp_path / "deposit"), tmp_path / "bag", BuildOptions(level=LOW))
    bag = result.bag
    assert bag is not None
    assert bag_info(bag, "Confocal-Practice-Level") == ["minimum"]
    assert bag_info(bag, "BagIt-Profile-Identifier")[0].endswith("confocal-minimum.json")
    readme = " ".join((bag / "data/readme/README.txt").read_text().split())
    assert 'at the level "Minimum Practice": what was received is preserved' in readme
    assert "Practice level: Minimum Practice, as was asked for; what is recorded reaches Most Reproducible" in readme


def test_the_name_of_the_bag_changes_no_byte_of_it(tmp_path: Path) -> None:
    """Two bags of one deposit, in folders of other names."""
    deposit = make.small_deposit(tmp_path / "deposit")
    for name in ("one", "another name"):
        build_bag(deposit, tmp_path / name, BuildOptions(date=DATE, draft=True))
    assert contents(tmp_path / "one") == contents(tmp_path / "another name")


@pytest.mark.parametrize(("year", "is_over"), [(2026, False), (2999, True)])
def test_dates_are_judged_as_of_the_date_of_the_bag(tmp_path: Path, year: int, is_over: bool) -> None:  # noqa: FBT001
    """An embargo that ends between two days of building is over or not by the date that is given."""
    deposit = make.small_deposit(tmp_path / "deposit")
    (deposit / "deposit.yaml").write_text("title: Cells\naccess: {level: embargoed, until: 2998-01-31}\n")
    build_bag(deposit, tmp_path / "bag", BuildOptions(date=DATE.replace(year=year), draft=True))
    found = json.loads((tmp_path / "bag/data/metadata/findings.json").read_bytes())["findings"]
    assert any(one["rule"] == "access.embargo" for one in found) is is_over
