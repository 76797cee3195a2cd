"""Saved runs that somebody edited, or that another program wrote: shown as far as they go, or refused in a sentence."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from confocal_bag.document import as_document
from confocal_bag.findings import Finding, Report, Severity
from confocal_bag.render.machine import as_junit
from tests.bag.bags import make_bag
from tests.recording import Ran
from tests.render.runs import deposit_report

Run = Callable[..., Ran]
Edit = Callable[[dict[str, Any]], None]
FORMATS = ("text", "html", "json", "csv", "junit")


def _set(**values: Any) -> Edit:
    return lambda document: document.update(values)


def _without(key: str) -> Edit:
    return lambda document: document.pop(key)


def _image_without_dimensions(document: dict[str, Any]) -> None:
    document["files"][0]["images"][0].pop("dimensions")


SHOWN: dict[str, Edit] = {
    "sequences without axes": lambda document: document["sequences"][0].pop("axes", None),
    "a way without key questions": _without("key_questions"),
    "an image without dimensions": _image_without_dimensions,
    "steps of a way that are nothing but names": _set(decision_tree=[{"node": "x"}, {"node": "y"}]),
    "a size in words": _set(summary={"payload_bytes": "many", "bytes_hashed": None, "payload_files": [1]}),
    "a summary of a bag": _set(
        command="validate", files=[], summary={"bagit_version": "1.0", "payload_bytes": "many", "depth": {"a": 1}}
    ),
    "a level with markup": _set(level={"reached": "[link=https://x]minimum[/link]", "missing": {}}),
    "a level without fields": _set(level={"missing": {"minimum": [{"field": "f", "message": "m"}]}}),
    "characters that XML cannot hold": _set(checks=[{"rule": "a\uffff.b\x00", "outcome": "passed"}], subject="x\ufffe"),
}
REFUSED: dict[str, Edit] = {
    "a number larger than any": _set(summary={"payload_bytes": 10**400}),
    "a float larger than any": _set(summary={"payload_bytes": 1e308}),
    "a number that is none": _set(summary={"payload_bytes": math.nan}),
    "bags without number": _set(coverage=[{"at": "x", "bags": 10**400, "checked": 1}]),
    "an image of negative size": lambda document: document["files"][0]["images"][0].update(axes={"Z": -5}),
    "sequences of one": _set(sequences={"stem": "x"}),
}


def saved(folder: Path, edit: Edit) -> Path:
    """A run as `inspect --format json` saves it, with one change."""
    document = as_document(deposit_report())
    edit(document)
    path = folder / "run.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SHOWN)
def test_an_edited_run_is_shown_in_every_format(tmp_path: Path, run: Run, name: str, form: str) -> None:
    """What is missing is not shown; what every format shows comes from one model."""
    ran = run("report", saved(tmp_path, SHOWN[name]), "--format", form)
    assert (ran.code, ran.err) in ((0, ""), (1, ""))
    assert ran.out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REFUSED)
def test_a_run_that_cannot_be_is_refused_in_every_format(tmp_path: Path, run: Run, name: str, form: str) -> None:
    """In a sentence that says where."""
    ran = run("report", saved(tmp_path, REFUSED[name]), "--format", form)
    assert (ran.code, ran.out) == (3, "")
    assert "is no saved run of confocal-bag" in ran.err


def test_markup_in_a_run_is_text_in_a_terminal(tmp_path: Path, run: Run) -> None:
    """A level is not a link."""
    out = run("report", saved(tmp_path, SHOWN["a level with markup"]), "--format", "text").out
    assert "Practice level reached: [link=https://x]minimum[/link]" in out


def test_no_character_makes_a_junit_report_impossible() -> None:
    """Every character that XML 1.0 leaves out is replaced, and every other one kept."""
    kept = "\t\n\r\x20\x7f\ud7ff\ue000\ufffd\U0010ffff"
    text = kept + "\x00\x08\x1f\ud800\udfff\ufffe\uffff"
    finding = Finding(rule="bag.file-missing", severity=Severity.ERROR, message=text)
    root = etree.fromstring(as_junit([Report(command="validate", subject=text, findings=(finding,))]).encode())
    assert root[0].get("name") == kept + "\ufffd" * 7


def test_a_bag_with_such_a_name_has_a_junit_report(tmp_path: Path, run: Run) -> None:
    """The file is written."""
    bag = make_bag(tmp_path / "n\uffffx")
    assert run("validate", bag, "--format", "junit", "-o", tmp_path / "out.xml").code == 0
    assert etree.parse(tmp_path / "out.xml").getroot()[0].get("name", "").endswith("n\ufffdx")


def test_a_slip_keeps_no_page_from_being_made(tmp_path: Path, run: Run) -> None:
    """One of several names is missing: the others are on the page, and the slip is a row."""
    one, two = make_bag(tmp_path / "one"), make_bag(tmp_path / "two")
    ran = run("report", one, tmp_path / "missing", two, "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ran.code == 3
    assert "3 reports" in page
    assert "usage.not-found" in page
    assert run("report", tmp_path / "missing", "-o", tmp_path / "none.html").code == 3
    assert not (tmp_path / "none.html").exists()


def test_a_bag_in_a_store_gets_no_page_and_is_told_what_makes_one(run: Run) -> None:
    """`validate` does."""
    ran = run("report", "s3://shelf/coral", "-o", "page.html")
    assert ran.code == 3
    assert "`confocal-bag validate ADDRESS -o page.html` makes one of a bag" in ran.err
