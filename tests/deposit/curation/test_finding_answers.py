"""What is found in files and only the depositor can explain: asked, answered, and no longer in the way of a bag."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.asking import ask_depositor, current_description
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.cli.answers import take_in
from confocal_bag.deposit.curation.finding_answers import ANSWERABLE, finding_field, is_open, is_settled
from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.log import LogEntry, add_to_log
from confocal_bag.deposit.curation.placing import NoPlace, place_answer
from confocal_bag.deposit.curation.sheet import SheetRow, read_sheet
from confocal_bag.deposit.curation.taking import take_answers
from confocal_bag.deposit.curation.wordings.findings import FINDINGS, question_about
from confocal_bag.deposit.description.file import read_description
from confocal_bag.findings import Finding, Severity
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.deposit.described import two_cells

ANSWER = "J. Doe: never acquired, the laser failed"


def plane(path: Path, photometric: str = "minisblack") -> None:
    """One small plane."""
    path.parent.mkdir(exist_ok=True)
    tifffile.imwrite(path, np.arange(576, dtype="uint8").reshape(24, 24), photometric=photometric)


@pytest.fixture
def deposit(tmp_path: Path) -> Path:
    """Two channels of three planes, of which one is missing."""
    folder = tmp_path / "deposit"
    make.small_deposit(folder)
    for channel in (1, 2):
        for z in (1, 2, 3):
            if (channel, z) != (2, 3):
                plane(folder / "pair" / f"cell_c{channel}_z{z:02d}.tif")
    return folder


def described(deposit: Path, *answers: tuple[str, str]) -> Inspection:
    """What is seen of a deposit whose description has these answers."""
    seen = inspect_deposit(deposit, with_digests=False)
    text = current_description(seen, level=PracticeLevel.MINIMUM)
    for field, value in answers:
        text = place_answer(text, field, json.dumps(value))
    own = deposit.with_name("deposit.curation")
    own.mkdir(exist_ok=True)
    (own / "deposit.yaml").write_text(text, encoding="utf-8")
    return inspect_deposit(deposit, with_digests=False)


def found(seen: Inspection, rule: str) -> Finding:
    """The one finding of a rule."""
    (one,) = (one for one in seen.findings if one.rule == rule)
    return one


def rules_of(seen: Inspection) -> list[str]:
    """The rules that found something."""
    return [one.rule for one in seen.findings]


def test_a_missing_plane_is_asked_for_and_its_answer_settles_it(deposit: Path) -> None:
    """In the letter, as a row of the sheet, in deposit.yaml, and as a warning that quotes it."""
    seen = described(deposit)
    missing = found(seen, "sequence.missing-plane")
    assert missing.severity is Severity.ERROR
    assert "ask --sheet" in (missing.remedy or "")
    asked = ask_depositor(seen, aim=PracticeLevel.MINIMUM, size="1 kB")
    assert "Planes are missing from these stacks" in asked.letter()
    assert "is missing; " in asked.letter()
    rows = list(csv.reader(io.StringIO(asked.sheet().lstrip("\ufeff"))))
    assert finding_field(missing) in [row[0] for row in rows]
    after = described(deposit, (finding_field(missing), ANSWER))
    settled = found(after, "sequence.missing-plane")
    assert settled.severity is Severity.WARNING
    assert f'"{ANSWER}"' in settled.message
    assert is_settled(settled)
    assert "curation.answer-settles-nothing" not in rules_of(after)
    again = ask_depositor(after, aim=PracticeLevel.MINIMUM, size="1 kB")
    assert "Planes are missing" not in again.letter()


def test_an_answer_does_not_speak_for_what_is_found_later(deposit: Path) -> None:
    """A second plane that goes missing is asked for anew."""
    field = finding_field(found(described(deposit), "sequence.missing-plane"))
    described(deposit, (field, ANSWER))
    (deposit / "pair" / "cell_c2_z02.tif").unlink()
    seen = inspect_deposit(deposit, with_digests=False)
    assert found(seen, "sequence.missing-plane").severity is Severity.ERROR
    assert "something else" in found(seen, "curation.answer-settles-nothing").message


@pytest.mark.parametrize("rule", ["deposit.unreadable", "privacy.gate", "deposit.names-collide", "level.not-reached"])
def test_what_no_answer_can_settle_is_not_settled(deposit: Path, rule: str) -> None:
    """Personal data, names, and what cannot be read stay errors."""
    seen = described(deposit, (f"curation.findings[{rule} 12345678 notes.txt].note", ANSWER))
    assert "no answer can settle" in found(seen, "curation.answer-settles-nothing").message
    one = Finding(rule=rule, severity=Severity.ERROR, message="x", path="notes.txt")
    assert not is_open(one)


def test_a_reader_that_crashed_is_no_question_to_the_depositor() -> None:
    """It says nothing of the file."""
    crash = "a.lsm cannot be read: the process that read it crashed; ask the depositor for the file again."
    assert not is_open(Finding(rule="image.unreadable", severity=Severity.ERROR, message=crash, path="a.lsm"))


def test_damaged_empty_renamed_and_inverted_files_are_asked_for(deposit: Path) -> None:
    """Each under its own question; the general one about files that cannot be opened is not asked besides."""
    lsm = (deposit / "cells.lsm").read_bytes()
    (deposit / "cut.lsm").write_bytes(lsm[:-500])
    (deposit / "empty.czi").write_bytes(b"")
    (deposit / "renamed.tif").write_bytes(lsm)
    plane(deposit / "white.tif", photometric="miniswhite")
    seen = described(deposit)
    letter = ask_depositor(seen, aim=PracticeLevel.MINIMUM, size="1 kB").letter()
    for words in ("damaged, cut short", "files are empty", "promise another kind", "small values are white"):
        assert words in " ".join(letter.split())
    assert "We cannot open these files" not in letter
    assert "the depositor for" not in letter


def test_copies_are_asked_for(deposit: Path) -> None:
    """Files of one size are compared, whether or not everything was hashed."""
    (deposit / "copy.lsm").write_bytes((deposit / "cells.lsm").read_bytes())
    letter = ask_depositor(described(deposit), aim=PracticeLevel.MINIMUM, size="1 kB").letter()
    assert "Are the copies meant?" in letter
    assert "cells.lsm, copy.lsm hold the same bytes." in letter


def test_a_draft_that_is_settled_says_so_in_readme_findings_and_events(deposit: Path, tmp_path: Path) -> None:
    """And a draft that is not says what it was made in spite of."""
    options = BuildOptions(draft=True, jobs=1)
    field = finding_field(found(described(deposit), "sequence.missing-plane"))
    before = build_bag(deposit, tmp_path / "before", options).bag
    assert before is not None
    told = " ".join((before / "data/readme/README.txt").read_text(encoding="utf-8").split())
    assert "made in spite of what is listed here" in told
    assert "description was complete" not in told
    described(deposit, (field, ANSWER))
    after = build_bag(deposit, tmp_path / "after", options).bag
    assert after is not None
    told = " ".join((after / "data/readme/README.txt").read_text(encoding="utf-8").split())
    assert "1 of 6 planes are missing, e.g. C 2, Z 3. (sequence.missing-plane, pair/cell_c1_z01.tif," in told
    assert ANSWER in told
    assert "in spite of" not in told
    assert ANSWER in (after / "data/metadata/findings.json").read_text(encoding="utf-8")
    assert f"accepted: {ANSWER}" in (after / "data/metadata/events.jsonl").read_text(encoding="utf-8")


def test_the_sheet_carries_the_answer_to_its_place(deposit: Path, tmp_path: Path) -> None:
    """Written once; a corrected sheet takes its place."""
    seen = described(deposit)
    field = finding_field(found(seen, "sequence.missing-plane"))
    sheet = tmp_path / "a.csv"
    target = deposit.with_name("deposit.curation") / "deposit.yaml"
    for answer in ("Never acquired", ANSWER):
        sheet.write_text(f'question id,answer\n"{field}","{answer}"\n', encoding="utf-8")
        assert take_in(target, read_sheet(sheet).rows, seen.inventory, sheet) == 0
        (entry,) = read_description(target.read_text(encoding="utf-8")).description.curation.findings
        assert entry.note == answer
        assert entry.rule == "sequence.missing-plane"


def test_a_promise_is_told_and_settles_nothing(
    deposit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither from the sheet nor written by hand; the next letter asks again."""
    seen = described(deposit)
    field = finding_field(found(seen, "sequence.missing-plane"))
    sheet = tmp_path / "a.csv"
    sheet.write_text(f'question id,answer\n"{field}",We will look for it.\n', encoding="utf-8")
    target = deposit.with_name("deposit.curation") / "deposit.yaml"
    before = target.read_text(encoding="utf-8")
    assert take_in(target, read_sheet(sheet).rows, seen.inventory, sheet) == 0
    assert target.read_text(encoding="utf-8") == before
    assert 'row 2: "We will look for it." promises an answer and is none yet' in capsys.readouterr().out
    after = described(deposit, (field, "will be sent later"), (field.replace("].note", " x].note"), ANSWER))
    assert found(after, "sequence.missing-plane").severity is Severity.ERROR
    idle = [one.message for one in after.findings if one.rule == "curation.answer-settles-nothing"]
    assert "its note promises an answer and is none yet" in idle[0]
    again = ask_depositor(after, aim=PracticeLevel.MINIMUM, size="1 kB")
    assert "Planes are missing from these stacks" in again.letter()


@pytest.mark.parametrize(
    "text",
    [
        "title: x\n",
        "title: x\ncuration:\n",
        "curation:\n  # who\n  curator: A\n  tree:\n",
        "curation: {curator: A}\n",
        "curation: {curator: A, findings: }\n",
        "curation:\n  findings:\n",
        "curation:\n  findings:\n    - {rule: a.b, path: c, seen: d, note: e}\ntitle: x\n",
        "curation:\r\n  findings: [{rule: a.b, path: c, seen: d, note: e}]\r\n",
    ],
)
def test_every_form_of_the_list_takes_an_answer(text: str) -> None:
    """Whatever a curator wrote around it, with names of files that hold blanks, dots and brackets."""
    field = "curation.findings[sequence.gap 0123456e a b[1].x.tif].note"
    new = place_answer(text, field, '"not acquired"')
    loaded = read_description(new)
    assert not loaded.problems
    last = loaded.description.curation.findings[-1]
    assert (last.rule, last.seen, last.path, last.note) == (
        "sequence.gap",
        "0123456e",
        "a b[1].x.tif",
        "not acquired",
    )
    assert place_answer(new, field, '"not acquired"') == new


def test_an_entry_without_its_three_names_has_no_place() -> None:
    """A slip in the question id is told, not guessed at."""
    with pytest.raises(NoPlace, match="rule, what was seen, and the file"):
        place_answer("title: x\n", "curation.findings[sequence.gap].note", '"x"')
    rows = [SheetRow(number=2, field="curation.findings[sequence.gap].note", answer="x")]
    assert take_answers("title: x\n", rows, two_cells()).problems


def test_every_answerable_rule_has_a_question() -> None:
    """In the order of the letter."""
    assert list(FINDINGS) == list(dict.fromkeys(map(question_about, ANSWERABLE)))


def test_a_settled_deposit_is_built_and_is_no_draft(tmp_path: Path) -> None:
    """Complete but for one plane: refused, answered, built, and valid for whoever receives it."""
    deposit = make.demo_deposit(tmp_path / "deposit")
    (deposit / "planes" / "fibroblasts_z004_c2.tif").unlink()
    refused = build_bag(deposit, tmp_path / "bag", BuildOptions(jobs=1))
    assert refused.bag is None
    (gap,) = (one for one in refused.report.findings if one.severity is Severity.ERROR)
    assert gap.rule == "sequence.gap"
    text = (deposit / "deposit.yaml").read_text(encoding="utf-8")
    own = tmp_path / "deposit.curation"
    own.mkdir()
    field = finding_field(gap)
    (own / "deposit.yaml").write_text(place_answer(text, field, json.dumps(ANSWER)), encoding="utf-8")
    built = build_bag(deposit, tmp_path / "bag", BuildOptions(jobs=1))
    assert built.bag is not None
    assert "Confocal-Draft" not in (built.bag / "bag-info.txt").read_text(encoding="utf-8")
    assert ANSWER in (built.bag / "data/readme/README.txt").read_text(encoding="utf-8")


def test_a_readme_names_every_file_without_pixels_and_every_inverted_one(deposit: Path, tmp_path: Path) -> None:
    """And the curation log among the metadata, where somebody wrote one."""
    (deposit / "empty.czi").write_bytes(b"")
    (deposit / "text.czi").write_bytes(b"this is no image")
    plane(deposit / "white.tif", photometric="miniswhite")
    described(deposit)
    add_to_log(
        tmp_path / "deposit.curation", LogEntry(who="A", when=datetime(2026, 1, 2, tzinfo=UTC), what="call", note="x")
    )
    bag = build_bag(deposit, tmp_path / "bag", BuildOptions(draft=True, jobs=1)).bag
    assert bag is not None
    told = " ".join((bag / "data/readme/README.txt").read_text(encoding="utf-8").split())
    unread = told.partition("Files whose images could not be read")[2]
    assert "data/raw/empty.czi, empty (0 bytes)" in unread
    assert "text.czi" in unread
    assert "0 is the brightest value" in told.partition("Images whose values mean something else than usual")[2]
    assert "data/metadata/curation-log.txt, what the curators did, when and why" in told
    assert "(line " not in told


def test_one_open_key_question_is_not_called_the_first(deposit: Path) -> None:
    """It is the only one."""
    named = {f"curation.questions.{one.id}.answer": "not applicable" for one in KEY_QUESTIONS[:-1]}
    seen = described(deposit, *named.items())
    (one,) = (one for one in seen.findings if one.rule == "curation.key-question")
    assert "the first is" not in one.message
    assert "Key question 9 of the primer is not answered: " in one.message
