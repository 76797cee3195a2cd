"""Images that lost values, merged pictures and parts of stacks: one question for all of a kind, answered once.

Nothing recovers lost values (primer, minimum practice); all there is to do is to ask whether the original exists.
"""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from confocal_bag.asking import Asked, ask_depositor, current_description
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.curation.cells import fields_of
from confocal_bag.deposit.curation.finding_answers import is_settled
from confocal_bag.deposit.curation.sheet import SheetRow, read_sheet
from confocal_bag.deposit.curation.taking import TakenAnswers, take_answers
from confocal_bag.deposit.curation.wordings.findings import FINDINGS, finding_key
from confocal_bag.deposit.description.file import read_description
from confocal_bag.findings import Finding, Severity
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make

LOST, MERGED, WHOLE = map(finding_key, ("image.lossy", "image.rgb-composite", "curation.whole-stack"))
GONE = "The CZI files were deleted in 2021; these exports are all that is left"
RANDOM = np.random.default_rng(20190417)


def jpeg(path: Path) -> None:
    """A picture that was compressed with loss."""
    Image.fromarray(RANDOM.integers(0, 255, (32, 32), dtype="uint8")).save(path)


def stretched(path: Path) -> None:
    """Sixty-four grey levels spread over 256: a histogram like a comb."""
    tifffile.imwrite(path, RANDOM.integers(0, 64, (64, 64), dtype="uint8") * 4)


def merged(path: Path) -> None:
    """Red and green, and no blue: two channels."""
    pixels = np.zeros((64, 64, 3), "uint8")
    pixels[..., :2] = RANDOM.integers(0, 255, (64, 64, 2))
    tifffile.imwrite(path, pixels, photometric="rgb")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty deposit."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    return folder


def ask(seen: Inspection) -> Asked:
    """What is asked of the depositor for the minimum."""
    return ask_depositor(seen, aim=PracticeLevel.MINIMUM, size="1 kB", sheet="answers.csv")


def look(folder: Path) -> Inspection:
    """What is seen of a deposit."""
    return inspect_deposit(folder, with_digests=False)


def keys(asked: Asked) -> list[str]:
    """The questions about loss, composites and stacks."""
    return [one.key for one in asked.requests.now if one.key in (LOST, MERGED, WHOLE)]


def rows_of(asked: Asked, key: str, tmp_path: Path) -> list[list[str]]:
    """The rows of a question in the sheet, as they come back from a spreadsheet program."""
    sheet = tmp_path / "sheet.csv"
    table = list(csv.reader(io.StringIO(asked.sheet().removeprefix("\ufeff"), newline="")))
    question = FINDINGS[key].question
    with sheet.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [*table[:1], *([*row[:4], "x"] for row in table[1:] if question in row[1])]
        )
    fields = {row.field for row in read_sheet(sheet).rows}
    return [row for row in table if row[0] in fields and question in row[1]]


def answer(
    folder: Path, seen: Inspection, rows: list[tuple[str, str]], before: TakenAnswers | None = None
) -> TakenAnswers:
    """Write answers into the description beside a deposit."""
    text = before.text if before else current_description(seen, level=PracticeLevel.MINIMUM)
    sheet = [SheetRow(number=number, field=field, answer=said) for number, (field, said) in enumerate(rows, 2)]
    taken = take_answers(text, sheet, seen.inventory, before.record if before else None)
    own = folder.with_name("deposit.curation")
    own.mkdir(exist_ok=True)
    (own / "deposit.yaml").write_text(taken.text, encoding="utf-8")
    return taken


def found(seen: Inspection, *rules: str) -> list[Finding]:
    """What rules found."""
    return [one for one in seen.findings if one.rule in rules]


def test_all_images_that_lost_values_are_one_question_with_one_row(folder: Path, tmp_path: Path) -> None:
    """Whatever took the values away; the letter tells each kind of loss once."""
    for number in range(5):
        jpeg(folder / f"figure{number}.jpg")
        stretched(folder / f"gray{number}.tif")
    asked = ask(look(folder))
    assert keys(asked) == [LOST]
    letter = " ".join(asked.letter().split())
    assert letter.count("Do the files that the microscope wrote still exist") == 1
    assert "figure0.jpg was compressed with loss" in letter
    assert letter.count("(and the same in 4 more files)") >= 1
    assert "figure3.jpg was compressed" not in letter
    (row,) = rows_of(asked, LOST, tmp_path)
    assert len(fields_of(row[0])) == 10
    assert "figure4.jpg" in row[0]


def test_the_answer_settles_every_finding_of_the_row_and_a_corrected_one_too(folder: Path, tmp_path: Path) -> None:
    """From sheet to deposit.yaml to what inspect says; and nothing is asked again."""
    for number in range(3):
        stretched(folder / f"gray{number}.tif")
    jpeg(folder / "figure.jpg")
    seen = look(folder)
    (row,) = rows_of(ask(seen), LOST, tmp_path)
    taken = answer(folder, seen, [(row[0], "They are gone")])
    assert taken.problems == ()
    assert len(taken.written) == 4
    notes = {one.note for one in read_description(taken.text).description.curation.findings}
    assert notes == {"They are gone"}
    again = answer(folder, seen, [(row[0], "They are gone")], taken)
    assert (again.text, len(again.same)) == (taken.text, 4)
    corrected = answer(folder, seen, [(row[0], GONE)], again)
    assert len(corrected.corrected) == 4
    after = look(folder)
    settled = found(after, "image.lossy", "image.histogram-gaps")
    assert len(settled) == 4
    assert all(is_settled(one) and f'"{GONE}"' in one.message for one in settled)
    assert not found(after, "curation.answer-settles-nothing")
    assert keys(ask(after)) == []


def test_where_the_raw_files_are_is_asked_in_two_parts_and_not_twice(folder: Path) -> None:
    """Whether they exist is one question, at which address they are the other, for the highest level."""
    jpeg(folder / "figure.jpg")
    letter = ask_depositor(look(folder), aim=PracticeLevel.MOST_REPRODUCIBLE, size="1 kB").letter()
    told = " ".join(letter.split())
    assert "at which address?" in told
    assert "The raw files are not among what we received" not in told


def test_one_file_of_the_row_is_answered_otherwise(folder: Path, tmp_path: Path) -> None:
    """In a row of its own, whose id the question shows."""
    for number in range(3):
        stretched(folder / f"gray{number}.tif")
    seen = look(folder)
    (row,) = rows_of(ask(seen), LOST, tmp_path)
    alone = next(field for field in fields_of(row[0]) if "gray1" in field)
    taken = answer(folder, seen, [(row[0], GONE), (alone, "In the archive, box 7")])
    notes = {one.path: one.note for one in read_description(taken.text).description.curation.findings}
    assert notes == {"gray0.tif": GONE, "gray1.tif": "In the archive, box 7", "gray2.tif": GONE}


def test_a_lossy_picture_beside_raw_files_is_not_asked_for(folder: Path) -> None:
    """It was made from them, and a picture may be all that is meant."""
    make.lsm(folder / "cells.lsm")
    jpeg(folder / "figure.jpg")
    assert LOST not in keys(ask(look(folder)))
    (folder / "cells.lsm").unlink()
    assert LOST in keys(ask(look(folder)))


def test_a_composite_without_its_channels_is_asked_for_them(folder: Path, tmp_path: Path) -> None:
    """With the primer's reason; not where the channels are there."""
    merged(folder / "cells_merge.tif")
    asked = ask(look(folder))
    assert keys(asked) == [MERGED]
    assert "turn colours on and off" in asked.letter()
    (row,) = rows_of(asked, MERGED, tmp_path)
    assert row[2] == "cells_merge.tif"
    tifffile.imwrite(folder / "cells_c1.tif", RANDOM.integers(0, 60000, (64, 64), dtype="uint16"))
    assert keys(ask(look(folder))) == []


def test_a_file_that_lost_values_and_is_merged_is_asked_about_once(folder: Path, tmp_path: Path) -> None:
    """One answer for both findings."""
    pixels = np.zeros((64, 64, 3), "uint8")
    pixels[..., 0] = RANDOM.integers(0, 255, (64, 64))
    tifffile.imwrite(folder / "cells_merge.tif", pixels, photometric="rgb", compression="jpeg")
    seen = look(folder)
    assert found(seen, "image.lossy")
    assert found(seen, "image.rgb-composite")
    asked = ask(seen)
    assert keys(asked) == [LOST]
    (row,) = rows_of(asked, LOST, tmp_path)
    assert len(fields_of(row[0])) == 2
    answer(folder, seen, [(row[0], GONE)])
    assert all(map(is_settled, found(look(folder), "image.lossy", "image.rgb-composite")))


def test_a_stack_is_asked_about_once_whether_it_is_whole(folder: Path, tmp_path: Path) -> None:
    """Where nobody said so; the answer is quoted, and settles it until another stack comes."""
    make.lsm(folder / "cells.lsm")
    seen = look(folder)
    asked = ask(seen)
    assert keys(asked) == [WHOLE]
    assert "bytes" not in asked.letter()
    (row,) = rows_of(asked, WHOLE, tmp_path)
    answer(folder, seen, [(row[0], "All of it")])
    after = look(folder)
    (settled,) = found(after, "curation.whole-stack")
    assert settled.severity is Severity.INFO
    assert settled.message.endswith('The answer to it: "All of it"')
    assert keys(ask(after)) == []
    make.lsm(folder / "more.lsm", size=32)
    assert keys(ask(look(folder))) == [WHOLE]


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("The deposit holds whole z-stacks.", False),
        ("All z-stacks are complete.", False),
        ("Some z-stacks are complete.", True),
        ("The z-stacks are not complete.", True),
        ("Whole z-stacks will be deposited later.", True),
        ("Maximum projections of the whole stacks were made in Fiji.", True),
    ],
)
def test_a_readme_that_says_it_leaves_no_question(folder: Path, text: str, *, is_asked: bool) -> None:
    """Only what is said of every stack in the deposit."""
    make.lsm(folder / "cells.lsm")
    (folder / "readme.txt").write_text(f"{text}\n", encoding="utf-8")
    assert (WHOLE in keys(ask(look(folder)))) is is_asked


@pytest.mark.parametrize(
    ("names", "sign"),
    [
        ([f"cell_z{z:02}.tif" for z in range(5, 9)], "In cell, the number of the first plane is 5."),
        (["Substack (5-20).tif"], 'The name of Substack (5-20).tif says "Substack (5-20)".'),
        (["cell_z20-40.tif"], 'The name of cell_z20-40.tif says "z20-40".'),
        (["cell_z1-40.tif"], None),
    ],
)
def test_signs_of_a_part_are_told_to_the_depositor(folder: Path, names: list[str], sign: str | None) -> None:
    """Planes whose numbers begin late, names that Fiji gives to parts; a stack from plane 1 is no part."""
    for name in names:
        planes = RANDOM.integers(0, 60000, (1 if len(names) > 1 else 3, 16, 16), dtype="uint16")
        tifffile.imwrite(folder / name, planes, imagej=True, metadata={"axes": "ZYX"})
    seen = look(folder)
    (one,) = found(seen, "curation.whole-stack")
    assert one.severity is (Severity.ADVICE if sign else Severity.INFO)
    letter = " ".join(ask(seen).letter().split())
    assert "Are the stacks that you sent whole?" in letter
    assert sign is None or sign in letter


def test_a_projection_without_a_stack_is_asked_for_it(folder: Path) -> None:
    """The same question, with what was seen."""
    tifffile.imwrite(folder / "MAX_cell.tif", RANDOM.integers(0, 60000, (16, 16), dtype="uint16"))
    asked = ask(look(folder))
    assert keys(asked) == [WHOLE]
    assert "these images are projections" in " ".join(asked.letter().split())


def test_the_readme_of_the_bag_quotes_the_answer(folder: Path, tmp_path: Path) -> None:
    """For those who come after."""
    stretched(folder / "gray.tif")
    seen = look(folder)
    (row,) = rows_of(ask(seen), LOST, tmp_path)
    answer(folder, seen, [(row[0], GONE)])
    bag = build_bag(folder, tmp_path / "bag", BuildOptions(draft=True, jobs=1)).bag
    assert bag is not None
    assert GONE in " ".join((bag / "data/readme/README.txt").read_text(encoding="utf-8").split())


def test_hundreds_of_lossy_images_are_a_few_rows_and_taken_in_at_once(folder: Path, tmp_path: Path) -> None:
    """No cell of a spreadsheet is too long, and deposit.yaml is not read once for each."""
    jpeg(folder / "figure000.jpg")
    for number in range(1, 300):
        (folder / f"figure{number:03}.jpg").write_bytes((folder / "figure000.jpg").read_bytes())
    seen = look(folder)
    rows = rows_of(ask(seen), LOST, tmp_path)
    assert 1 <= len(rows) <= 3
    assert all(len(cell) < 32_000 for row in rows for cell in row)
    taken = answer(folder, seen, [(row[0], GONE) for row in rows])
    assert len(taken.written) == 300
    assert len(read_description(taken.text).description.curation.findings) == 300
    assert keys(ask(look(folder))) == []
