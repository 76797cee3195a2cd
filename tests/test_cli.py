"""The command line: its promises about output, formats and exit codes."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]

KEYS = {"record", "tool", "command", "subject", "verdict", "checks", "findings", "summary"}


def test_the_inspect_document_holds_what_was_promised(deposit: Watch, run: Run) -> None:
    """One JSON document with files, images, level and sequences."""
    ran = run("inspect", deposit(make.demo_deposit), "--format", "json")
    document = json.loads(ran.out)
    assert document.keys() >= KEYS | {"files", "level", "sequences", "unsequenced"}
    assert (document["record"], document["command"], document["verdict"]) == (1, "inspect", "valid")
    (lsm,) = [one for one in document["files"] if one["path"] == "fibroblasts.lsm"]
    assert lsm["tier"] == "raw"
    assert lsm["tier_reason"]
    assert len(lsm["sha256"]) == 64
    assert lsm["format"] == {
        "name": "Zeiss LSM",
        "puid": "fmt/353",
        "edam": "format_3988",
        "mime": "image/tiff",
        "open": False,
    }
    (image,) = lsm["images"]
    assert image["axes"] == {"T": 1, "C": 2, "Z": 8, "Y": 96, "X": 96} or image["axes"] == {
        "C": 2,
        "Z": 8,
        "Y": 96,
        "X": 96,
    }
    assert image["dtype"] == "uint16"
    assert image["pixel_size_um"]["x"] == pytest.approx(0.09)
    assert image["pixel_size_um"]["z"] == pytest.approx(0.5)
    assert [channel["name"] for channel in image["channels"]] == ["Ch1", "Ch2"]
    assert image["instrument"]["numerical_aperture"] == pytest.approx(1.4)
    assert document["level"]["reached"] == "most-reproducible"


def test_the_sequences_document_holds_what_was_promised(run: Run, tmp_path: Path) -> None:
    """Names alone are enough; the files need not exist."""
    names = tmp_path / "names.txt"
    names.write_text("".join(f"a/scan_z{z:02d}_c{c}.tif\n" for z in (1, 2, 4) for c in (0, 1)) + "a/notes.txt\n")
    ran = run("sequences", "--names-from", names, "--format", "json")
    document = json.loads(ran.out)
    (sequence,) = document["sequences"]
    assert sequence.keys() >= {"stem", "axes", "convention", "confidence", "files"}
    assert sequence["axes"]["Z"] == {"first": 1, "last": 4, "count": 3}
    assert {"path": "a/scan_z04_c1.tif", "coords": {"Z": 4, "C": 1}} in sequence["files"]
    assert "sequence.gap" in {finding["rule"] for finding in document["findings"]}
    assert ran.code == 1


def untimed(text: str) -> str:
    """The same text without the times at which it was made."""
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "then", text)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit"])
def test_every_format_can_be_read_by_its_readers(deposit: Watch, run: Run, tmp_path: Path, form: str) -> None:
    """To standard output and to a file alike."""
    source = deposit(make.small_deposit)
    target = tmp_path / "report"
    printed = run("inspect", source, "--format", form, "--fail-on", "never")
    written = run("inspect", source, "--format", form, "--fail-on", "never", "-o", target)
    assert printed.code == written.code == 0
    assert written.out == ""
    text = target.read_bytes().decode()
    assert untimed(text) == untimed(printed.out)
    if form == "json":
        assert json.loads(text).keys() >= KEYS
    elif form == "jsonl":
        assert [json.loads(line)["command"] for line in text.splitlines()] == ["inspect"]
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {row["rule"] for row in rows} >= {"level.not-claimed"}
    elif form == "junit":
        assert etree.fromstring(text.encode()).find("testsuite") is not None


def test_nothing_but_the_report_goes_to_standard_output(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """A pipe gets one JSON document; the rest is on standard error, without progress."""
    ran = run("build", deposit(make.demo_deposit), tmp_path / "bag", "--format", "json")
    assert json.loads(ran.out)["summary"]["outcome"] == "built"
    assert ran.err == f"Built {tmp_path / 'bag'}\n"


def test_rules_can_be_chosen_and_the_exit_code_follows(deposit: Watch, run: Run) -> None:
    """--select, --ignore and --fail-on."""

    def with_litter(folder: Path) -> Path:
        make.small_deposit(folder)
        (folder / "empty.txt").touch()
        return folder

    source = deposit(with_litter)
    assert run("inspect", source).code == 0
    assert run("inspect", source, "--fail-on", "warning").code == 1
    assert run("inspect", source, "--fail-on", "warning", "--ignore", "deposit").code == 0
    chosen = run("inspect", source, "--select", "deposit.empty-file").out
    assert "deposit.empty-file" in chosen
    assert "level.not-claimed" not in chosen


def test_choosing_rules_changes_neither_the_verdict_nor_the_json(deposit: Watch, run: Run) -> None:
    """What is not shown was still seen: a corrupt bag is never valid because somebody looked away."""

    def with_link(folder: Path) -> Path:
        make.small_deposit(folder)
        (folder / "link").symlink_to("notes.txt")
        return folder

    source = deposit(with_link)
    ran = run("inspect", source, "--ignore", "deposit", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.code, document["verdict"]) == (0, "invalid")
    assert "deposit.symbolic-link" in {finding["rule"] for finding in document["findings"]}
    assert ": invalid (" in run("inspect", source, "--ignore", "deposit").out


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_rule_that_does_not_exist_is_wrong_usage(deposit: Watch, run: Run, option: str) -> None:
    """A slip of the pen must not make a report look clean."""
    ran = run("inspect", deposit(make.small_deposit), option, "deposit.symbolik-link")
    assert ran.code == 2
    assert "deposit.symbolic-link" in ran.err


def test_several_bags_are_judged_although_one_cannot_be(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """One that is missing never stops the rest; the exit code says that something could not be finished."""
    run("build", deposit(make.demo_deposit), tmp_path / "bag")
    ran = run("validate", tmp_path / "nowhere", tmp_path / "bag", "--format", "jsonl")
    verdicts = [json.loads(line)["verdict"] for line in ran.out.splitlines()]
    assert verdicts == ["incomplete", "valid"]
    assert ran.code == 3


def test_describe_writes_beside_the_deposit_and_keeps_hand_edits(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """The deposit itself is not written to, and a second run changes nothing that a person wrote."""
    source = deposit(make.small_deposit)
    assert run("describe", source).code == 0
    target = tmp_path / "deposit.curation" / "deposit.yaml"
    text = target.read_text()
    assert "needed for: minimum" in text
    edited = text.replace("title:", "title: My cells  # said on the phone\n#", 1)
    target.write_text(edited)
    assert run("describe", source).code == 0
    again = target.read_text()
    assert "title: My cells  # said on the phone" in again
    assert run("describe", source).code == 0
    assert target.read_text() == again


def test_convert_names_what_it_made_and_proved(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """One line for each OME-TIFF."""
    source = deposit(make.small_deposit)
    ran = run("convert", source / "cells.lsm", tmp_path / "out")
    assert ran.code == 0
    assert (tmp_path / "out/cells.lsm.ome.tiff").is_file()
    assert "6 planes, all equal" in ran.out


def test_a_file_that_cannot_be_converted_does_not_stop_the_others(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """All that can be done is done, and the exit code tells."""
    source = deposit(make.small_deposit)
    ran = run("convert", source / "notes.txt", source / "cells.lsm", tmp_path / "out")
    assert ran.code == 3
    assert (tmp_path / "out/cells.lsm.ome.tiff").is_file()


def test_profiles_and_rules_explain_themselves(run: Run) -> None:
    """The shipped profiles are listed and sound; each rule has its page."""
    listed = run("profiles").out
    for name in ("confocal-minimum", "confocal-good-enough", "confocal-most-reproducible"):
        assert name in listed
        assert run("profiles", name).code == 0
    explained = run("explain", "deposit.symbolic-link")
    assert "links are never" in " ".join(explained.out.split())
    assert "deposit.symbolic-link" in run("explain").out


def test_doctor_proves_that_conversion_works(run: Run) -> None:
    """It converts a file it makes itself."""
    ran = run("doctor")
    assert ran.code == 0
    assert "conversion works" in ran.out


def test_demo_runs_from_nothing_to_a_validated_bag(run: Run, tmp_path: Path) -> None:
    """What make demo runs; a second time it refuses to overwrite."""
    ran = run("demo", tmp_path / "demo")
    assert ran.code == 0
    assert "Where to look:" in ran.out
    assert (tmp_path / "demo/bag/bagit.txt").is_file()
    assert run("demo", tmp_path / "demo").code == 3


def test_help_and_version_fit_on_one_screen(run: Run) -> None:
    """Every command is there, grouped by work."""
    ran = run("--help")
    assert ran.code == 0
    assert len(ran.out.splitlines()) <= 50
    for command in ("inspect", "describe", "sequences", "convert", "build", "validate", "profiles", "explain"):
        assert f"  {command} " in ran.out
    assert run("--version").out.startswith("confocal-bag 0")


def test_help_loads_no_heavy_library() -> None:
    """The command line starts quickly because commands import what they need when they run."""
    code = (
        "import sys; sys.argv = ['confocal-bag', '--help']\n"
        "from confocal_bag.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'bioio', 'ome_types', 'tifffile', 'pydantic', 'lxml', 'jinja2', 'rich', 'dask'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
