"""Write the golden letters anew; read them before they are kept."""

import tempfile
from pathlib import Path

from confocal_bag.asking import ask_depositor
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests.make import small_deposit

FOLDER = Path(__file__).parent / "golden"


def write_golden_letters() -> None:
    """One letter for each practice level, to the depositor of a small deposit."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        deposit = small_deposit(Path(place, "deposit"))
        for level in PracticeLevel:
            inspection = inspect_deposit(deposit, with_digests=False, default_level=level)
            asked = ask_depositor(inspection, aim=level, size="23.5 kB", sheet="answers.csv")
            (FOLDER / f"letter-{level}.txt").write_text(asked.letter(), encoding="utf-8")


if __name__ == "__main__":
    write_golden_letters()
