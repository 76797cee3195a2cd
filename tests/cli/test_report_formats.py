"""Reports: the format by the ending of a name, the time in all of them, and JUnit as the exit code has it."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest
from lxml import etree

from confocal_bag.findings import Check, Finding, Outcome, Report, Severity
from confocal_bag.render.machine import as_csv, as_junit
from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A plain bag, with a warning: its manifest is by MD5."""
    folder = tmp_path / "bag"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    bagit.make_bag(str(folder), checksums=["md5"])
    return folder


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("x.json", "{"),
        ("x.jsonl", '{"record"'),
        ("x.csv", "subject,"),
        ("x.xml", "<?xml"),
        ("x.JUnit", "<?xml"),
        ("x.html", "<!DOCTYPE html>"),
        ("x.txt", "warning "),
        ("x", "warning "),
    ],
)
def test_the_ending_of_a_name_chooses_the_format(name: str, begin: str, bag: Path, run: Run, tmp_path: Path) -> None:
    """Where no format was asked for."""
    assert run("validate", bag, "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text().lstrip().startswith(begin)


@pytest.mark.parametrize("order", ["format first", "name first"])
def test_a_name_that_contradicts_the_format_is_refused(order: str, bag: Path, run: Run, tmp_path: Path) -> None:
    """In whatever order; another ending contradicts nothing."""
    asked, named = ("--format", "json"), ("-o", tmp_path / "x.csv")
    given = (*asked, *named) if order == "format first" else (*named, *asked)
    ran = run("validate", *given, bag)
    assert (ran.code, "x.csv is the name of a csv report, and --format asks for json" in ran.err) == (2, True)
    assert not (tmp_path / "x.csv").exists()
    assert run("validate", bag, "--format", "json", "-o", tmp_path / "x.log").code == 0
    assert json.loads((tmp_path / "x.log").read_text())["record"] == 1
    assert run("validate", bag, "--format", "junit", "-o", tmp_path / "x.xml").code == 0


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit", "html"])
def test_every_report_says_when_it_was_made(form: str, bag: Path, run: Run) -> None:
    """A saved report is evidence of a check on a date only where it names the date."""
    assert TIME.search(run("validate", bag, "--format", form).out)


def test_a_report_that_is_shown_again_keeps_its_time(bag: Path, run: Run, tmp_path: Path) -> None:
    """One that was saved before there were any has none."""
    saved = tmp_path / "x.json"
    run("validate", bag, "-o", saved)
    document = json.loads(saved.read_text())
    saved.write_text(json.dumps({**document, "made": "2019-04-17T08:09:10Z"}))
    assert "2019-04-17T08:09:10Z" in run("report", saved, "--format", "text").out.splitlines()[-1]
    assert 'Checked <time datetime="2019-04-17T08:09:10Z">' in run("report", saved).out
    del document["made"]
    saved.write_text(json.dumps(document))
    assert not TIME.search(run("report", saved, "--format", "text").out)
    assert json.loads(run("report", saved, "--format", "json").out)["made"] is None


def test_the_report_in_a_bag_has_the_time_of_the_bag(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """With --date the given one, in UTC."""
    source = deposit(make.demo_deposit)
    run("build", source, tmp_path / "bag", "--date", "2026-01-31T12:00:00+02:00")
    found = json.loads((tmp_path / "bag/data/metadata/findings.json").read_text(encoding="utf-8"))
    assert found["made"] == "2026-01-31T10:00:00Z"


@pytest.mark.parametrize(("least", "failed"), [("error", 0), ("warning", 1), ("never", 0)])
def test_junit_fails_what_the_exit_code_counts(least: str, failed: int, bag: Path, run: Run) -> None:
    """A warning by default does not; what was seen stands in the output of its case."""
    ran = run("validate", bag, "--format", "junit", "--fail-on", least)
    root: Any = etree.fromstring(ran.out.encode())
    assert (ran.code, len(root.xpath("//failure"))) == (failed, failed)
    suite = root.find("testsuite")
    assert suite.get("failures") == str(failed)
    said = root.xpath("//failure/text()" if failed else "//system-out/text()")
    assert any(" -> " in text for text in said), said


def test_junit_leaves_out_rules_that_had_nothing_to_look_at() -> None:
    """What was not looked at stays, and so does a finding that no check tells of; a crashed rule is an error."""
    findings = [
        Finding(rule="a.other", severity=Severity.ERROR, message="Odd.", remedy="Mend."),
        Finding(rule="internal.rule-failed", severity=Severity.ERROR, message="Crashed.", detail={"rule": "a.crashed"}),
    ]
    checks = [
        Check(rule="a.absent", outcome=Outcome.NOT_APPLICABLE, reason="no archive"),
        Check(rule="a.skipped", outcome=Outcome.SKIPPED, reason="no pixels"),
        Check(rule="a.crashed", outcome=Outcome.SKIPPED, reason="the rule failed"),
    ]
    report = Report(command="validate", subject="bag", checks=tuple(checks), findings=tuple(findings))
    suite: Any = etree.fromstring(as_junit([report]).encode())[0]
    assert {case.get("name"): [one.tag for one in case] for case in suite} == {
        "a.skipped": ["skipped"],
        "a.crashed": ["error"],
        "a.other": ["failure"],
    }
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "1"]
    assert suite.xpath("//failure/text()") == ["Odd. -> Mend."]
    assert TIME.fullmatch(suite.get("timestamp"))


def test_rows_of_one_deposit_can_be_told_apart(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """By row and bag: in the table, CSV and JUnit, whether a bag was built or not."""
    source = deposit(make.demo_deposit)
    jobs = tmp_path / "jobs.csv"
    jobs.write_text(f"deposit,bag\n{source},one\n{source},two\n{tmp_path / 'gone'},three\n")
    out = run("build", "--batch", jobs).out
    assert f"row 2: {tmp_path / 'one'}, built from {source}: valid" in out
    assert f"row 4: {tmp_path / 'gone'}, {tmp_path / 'three'} not built: incomplete" in out
    ran = run("build", "--batch", jobs, "--format", "csv")
    told = {(row["row"], Path(row["bag"]).name) for row in csv.DictReader(io.StringIO(ran.out, newline=""))}
    assert told == {("2", "one"), ("3", "two"), ("4", "three")}
    suites: Any = etree.fromstring(run("build", "--batch", jobs, "--format", "junit").out.encode())
    assert [suite.get("name").partition(":")[0] for suite in suites] == ["row 2", "row 3", "row 4"]


def test_a_report_of_no_job_has_no_row() -> None:
    """The columns are there and empty."""
    (row,) = csv.DictReader(io.StringIO(as_csv([Report(command="validate", subject="bag")]), newline=""))
    assert (row["subject"], row["row"], row["bag"]) == ("bag", "", "")
    assert TIME.fullmatch(row["made"])
