"""ask, describe --answers and log as commands: where they write, what they never write over, and what they say."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.curation.log import LOG_JSON, LOG_TEXT, read_log
from confocal_bag.findings import CannotFinish
from confocal_bag.inspect import inspect_deposit
from tests import make
from tests.recording import Ran

Watch = Callable[[Callable[[Path], Path]], Path]
Run = Callable[..., Ran]


def test_ask_writes_the_letter_into_the_work_folder(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """And says what is left for the curator."""
    folder = deposit(make.small_deposit)
    ran = run("ask", folder, "--sheet", tmp_path / "answers.csv")
    assert ran.code == 0
    letter = (tmp_path / "deposit.curation" / "letter.txt").read_text(encoding="utf-8")
    assert letter.startswith("Dear depositor,")
    assert "answers.csv" in letter
    assert "Left for you to see to: the institution that hands over the data" in ran.out
    assert (tmp_path / "answers.csv").read_bytes().startswith(b"\xef\xbb\xbfquestion id,")


def test_a_letter_that_was_edited_is_kept_and_told(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Each of them; the same letter again changes nothing."""
    folder = deposit(make.small_deposit)
    letter = tmp_path / "deposit.curation" / "letter.txt"
    run("ask", folder)
    assert "is as it was" in run("ask", folder).out
    letter.write_text("My own words\n", encoding="utf-8")
    assert "the one that was there is kept as letter.earlier-1.txt" in run("ask", folder).out
    letter.write_text("Other words\n", encoding="utf-8")
    assert "letter.earlier-2.txt" in run("ask", folder).out
    assert letter.with_name("letter.earlier-1.txt").read_text(encoding="utf-8") == "My own words\n"
    assert letter.with_name("letter.earlier-2.txt").read_text(encoding="utf-8") == "Other words\n"


def test_a_sheet_with_answers_is_never_lost(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """It may be the only copy."""
    folder, sheet = deposit(make.small_deposit), tmp_path / "answers.csv"
    sheet.write_text("question id,answer\ntitle,Cells\n", encoding="utf-8")
    assert "kept as answers.earlier-1.csv" in run("ask", folder, "--sheet", sheet).out
    assert "title,Cells" in (tmp_path / "answers.earlier-1.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["-o", "--sheet", "--work"])
def test_nothing_is_written_into_the_deposit(deposit: Watch, run: Run, option: str) -> None:
    """Whatever is asked for."""
    folder = deposit(make.small_deposit)
    ran = run("ask", folder, option, folder / "file")
    assert ran.code == 3
    assert "never written to" in ran.err


def test_ask_writes_neither_through_links_nor_into_bags(deposit: Watch, run: Run, tmp_path: Path, bag: Path) -> None:
    """Nor where it cannot."""
    folder = deposit(make.small_deposit)
    (tmp_path / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert "link or a folder" in run("ask", folder, "-o", tmp_path / "link.txt").err
    assert "inside a bag" in run("ask", folder, "-o", bag / "letter.txt").err
    assert not (tmp_path / "elsewhere.txt").exists()


def test_ask_as_markdown(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Under a name of its own."""
    run("ask", deposit(make.small_deposit), "--markdown", "--level", "good-enough")
    text = (tmp_path / "deposit.curation" / "letter.md").read_text(encoding="utf-8")
    assert "\n## What only you can tell us\n" in text
    assert re.search(r"^12\. ", text, re.MULTILINE)


def test_answers_come_back_and_are_logged(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """What is wrong is said with row and column, and the exit code says so too."""
    folder, sheet = deposit(make.small_deposit), tmp_path / "answers.csv"
    run("ask", folder, "--sheet", sheet)
    rows = list(csv.reader(sheet.open(encoding="utf-8-sig", newline="")))
    given = {"title": "Cells", "license.spdx": "CC0-1.0", "privacy.restricted": "in part", "abstract": "unknown"}
    for row in rows[1:]:
        row[4] = given.get(row[0], "")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    ran = run("describe", folder, "--answers", sheet)
    assert ran.code == 1
    number = next(place for place, row in enumerate(rows, start=1) if row[0] == "privacy.restricted")
    assert f"row {number}, column 'answer': 'in part' is the answer for privacy.restricted; yes or no" in ran.out
    assert "2 answers from" in ran.out
    assert "not known: 1 answer, for which nothing is written" in ran.out
    work = tmp_path / "deposit.curation"
    assert "title: Cells\n" in (work / "deposit.yaml").read_text(encoding="utf-8")
    (line,) = (work / "curation-log.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["note"].startswith("2 answers from answers.csv")


def test_a_corrected_sheet_says_what_changed(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """On the screen and in the log; what was written by hand is refused."""
    folder, sheet, work = deposit(make.small_deposit), tmp_path / "answers.csv", tmp_path / "deposit.curation"
    sheet.write_text(
        "question id,answer\ntitle,Cels\nabstract,Some cells that were imaged in depth\n", encoding="utf-8"
    )
    assert run("describe", folder, "--answers", sheet).code == 0
    sheet.write_text(
        "question id,answer\ntitle,Cells\nabstract,Some cells that were imaged in depth\n", encoding="utf-8"
    )
    ran = run("describe", folder, "--answers", sheet)
    assert ran.code == 0
    assert "corrected title: Cels -> Cells" in ran.out
    assert "1 answer stood there already" in ran.out
    assert "title: Cells\n" in (work / "deposit.yaml").read_text(encoding="utf-8")
    last = json.loads((work / "curation-log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["note"] == "1 answer corrected by answers.csv: title"
    assert "Cels" not in (work / "curation-log.txt").read_text(encoding="utf-8")


def test_the_sheet_of_another_deposit_is_refused(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Before anything is written."""
    folder, sheet = deposit(make.small_deposit), tmp_path / "answers.csv"
    other = tmp_path / "other"
    other.mkdir()
    make.lsm(other / "elsewhere.lsm", size=32)
    run("ask", other, "--sheet", sheet)
    ran = run("describe", folder, "--answers", sheet)
    assert ran.code == 3
    assert "answers.csv is the answer sheet of another deposit: of 1 files" not in ran.err
    assert "is the answer sheet of another deposit: the one file that it was made for is not in" in ran.err
    assert not (tmp_path / "deposit.curation").exists()


def test_a_sheet_that_cannot_be_read_leaves_deposit_yaml_alone(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """It is read before anything is written."""
    folder = deposit(make.small_deposit)
    ran = run("describe", folder, "--answers", tmp_path / "missing.csv")
    assert ran.code == 3
    assert not (tmp_path / "deposit.curation").exists()


def test_the_way_through_the_tree_is_shown(deposit: Watch, run: Run) -> None:
    """As text and as JSON."""
    folder = deposit(make.small_deposit)
    text = run("inspect", folder).out
    assert "Have the images been modified? unknown" in text
    assert "-> 2 questions for the depositor" in text
    document = json.loads(run("inspect", folder, "--format", "json").out)
    assert document["decision_tree"][0]["question"] == "Is the format proprietary?"
    assert document["decision_tree"][-1] == {"node": "ask-depositor", "open": ["settings_provided", "modified"]}
    assert [one["number"] for one in document["key_questions"]] == list(range(1, 10))
    assert "-> accept" in run("inspect", deposit_of_demo(folder.parent)).out


def deposit_of_demo(folder: Path) -> Path:
    """The demonstration deposit beside another."""
    return make.demo_deposit(folder / "demo")


def test_the_log_says_who_when_and_what(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """The same entries for the same date."""
    folder = deposit(make.small_deposit)
    work = tmp_path / "deposit.curation"
    first = ("--who", "Chris Doe", "--date", "2026-11-02T10:30", "--what", "letter")
    assert run("log", folder, "Letter sent.", *first).code == 0
    assert run("log", work, "Answers came\nby e-mail.", "--who", "Kim\x1b[31m", "--date", "2026-11-03").code == 0
    assert (work / "curation-log.txt").read_text(encoding="utf-8") == (
        "2026-11-02T10:30:00Z  Chris Doe: letter\n    Letter sent.\n"
        "2026-11-03T00:00:00Z  Kim [31m: note\n    Answers came by e-mail.\n"
    )
    entries = [json.loads(one) for one in (work / "curation-log.jsonl").read_text(encoding="ascii").splitlines()]
    assert [one["when"] for one in entries] == ["2026-11-02T10:30:00Z", "2026-11-03T00:00:00Z"]
    assert entries[1]["note"] == "Answers came\nby e-mail."


def test_the_log_is_read_for_the_bag(tmp_path: Path) -> None:
    """As it stands; nothing where there is none, and never through a link."""
    assert read_log(tmp_path, LOG_TEXT) is None
    (tmp_path / LOG_TEXT).write_text("a\n", encoding="utf-8")
    assert read_log(tmp_path, LOG_TEXT) == b"a\n"
    (tmp_path / LOG_JSON).symlink_to(tmp_path / LOG_TEXT)
    with pytest.raises(CannotFinish, match="is a link"):
        read_log(tmp_path, LOG_JSON)
    (tmp_path / "folder" / LOG_TEXT).mkdir(parents=True)
    with pytest.raises(CannotFinish, match="cannot be read"):
        read_log(tmp_path / "folder", LOG_TEXT)


def test_the_log_lies_beside_the_description_that_is_used(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """In the work folder, or wherever the curator keeps deposit.yaml."""
    folder = deposit(make.small_deposit)
    assert inspect_deposit(folder, with_digests=False).curation_log is None
    run("log", folder, "Here.", "--who", "Kim", "--date", "2026-11-02")
    assert b"Here." in (inspect_deposit(folder, with_digests=False).curation_log or b"")
    elsewhere = tmp_path / "elsewhere"
    run("log", folder, "There.", "--who", "Kim", "--work", elsewhere)
    (elsewhere / "deposit.yaml").write_text("title: Cells\n", encoding="utf-8")
    found = inspect_deposit(folder, description=elsewhere / "deposit.yaml", with_digests=False).curation_log
    assert b"There." in (found or b"")


def test_the_log_knows_the_curator_or_asks_who(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """An entry without a name is worth nothing."""
    folder = deposit(make.small_deposit)
    ran = run("log", folder, "Looked at it.")
    assert ran.code == 3
    assert "--who" in ran.err
    work = tmp_path / "deposit.curation"
    work.mkdir()
    (work / "deposit.yaml").write_text("curation: {curator: Chris Doe}\n", encoding="utf-8")
    assert run("log", folder, "Looked at it.").code == 0
    assert "Chris Doe: note" in (work / "curation-log.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("", "--who", "x"), "note is empty"), (("y", "--who", "x", "--date", "gestern"), "is no date")],
)
def test_an_entry_that_says_nothing_is_refused(deposit: Watch, run: Run, arguments: tuple[str, ...], said: str) -> None:
    """In a sentence."""
    ran = run("log", deposit(make.small_deposit), *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_bags_and_links_are_not_logged_to(run: Run, bag: Path, tmp_path: Path, deposit: Watch) -> None:
    """A bag is sealed; a link may lead anywhere."""
    assert "inside a bag" in run("log", bag, "x", "--who", "y").err
    folder = deposit(make.small_deposit)
    work = tmp_path / "deposit.curation"
    work.mkdir()
    (work / "curation-log.jsonl").symlink_to(tmp_path / "elsewhere")
    assert "cannot be written" in run("log", folder, "x", "--who", "y").err
    assert not (tmp_path / "elsewhere").exists()
    assert "There is no" in run("log", tmp_path / "nothing", "x", "--who", "y").err
