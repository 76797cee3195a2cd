"""Many bags in one run."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.receiving import read_names
from tests.bag.bags import make_bag, make_tar, make_zip, members
from tests.recording import Ran

Run = Callable[..., Ran]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """Folders and archives, sound and not, and one thing that is no bag at all."""
    folder = tmp_path / "in"
    good = make_bag(folder / "good")
    spoilt = make_bag(folder / "spoilt")
    (spoilt / "data/a.txt").write_bytes(b"alphq\n")
    make_zip(folder / "packed.zip", members(good, "packed"))
    make_tar(folder / "packed.tar", members(good, "packed"))
    (folder / "notes.txt").write_text("no bag")
    return folder


def verdicts(out: str) -> dict[str, str]:
    """Verdicts by name, of JSON lines."""
    return {Path(one["subject"]).name: one["verdict"] for one in map(json.loads, out.splitlines())}


EXPECTED = {
    "good": "valid",
    "spoilt": "invalid",
    "packed.zip": "valid",
    "packed.tar": "valid",
    "notes.txt": "incomplete",
}


@pytest.mark.parametrize("jobs", [1, 3])
def test_one_broken_bag_never_stops_the_rest(delivery: Path, run: Run, jobs: int) -> None:
    """The exit code is 1 with findings, 3 when something could only not be looked at, 0 else."""
    paths = sorted(delivery.iterdir())
    ran = run("validate", *paths, "--format", "jsonl", "--jobs", jobs)
    assert (verdicts(ran.out), ran.code) == (EXPECTED, 1)
    assert run("validate", delivery / "good", delivery / "notes.txt", "--jobs", jobs).code == 3
    assert run("validate", delivery / "good", delivery / "packed.zip", "--jobs", jobs).code == 0


def test_the_table_at_the_end_has_the_worst_first(delivery: Path, run: Run) -> None:
    """One row for every bag."""
    out = run("validate", *sorted(delivery.iterdir())).out
    rows = out[out.index("worst first") :].splitlines()[2:-1]
    first = [row.split(" ")[0] for row in rows]  # a long cell goes on in lines that begin with blanks or in mid-word
    assert [word for word in first if word in set(Verdict)] == ["invalid", "incomplete", "valid", "valid", "valid"]
    assert out.splitlines()[-1].startswith("5 reports: 1 invalid, 1 incomplete, 3 valid at 20")


def test_every_format_holds_every_bag_in_the_order_given(delivery: Path, run: Run) -> None:
    """JSON as a list, CSV with a row at least, JUnit with a suite."""
    names = [delivery / "packed.zip", delivery / "spoilt", delivery / "notes.txt", delivery / "good"]
    subjects = [str(name) for name in names]
    documents = json.loads(run("validate", *names, "--format", "json").out)
    assert [one["subject"] for one in documents] == subjects
    rows = csv.DictReader(io.StringIO(run("validate", *names, "--format", "csv").out, newline=""))
    assert list(dict.fromkeys(row["subject"] for row in rows)) == subjects
    root = etree.fromstring(run("validate", *names, "--format", "junit").out.encode())
    assert [suite.get("name") for suite in root.iter("testsuite")] == subjects


def test_junit_counts_a_bag_that_could_not_be_looked_at_as_an_error(delivery: Path, run: Run) -> None:
    """A receiver's build server must not show green for it."""
    out = run("validate", delivery / "good", delivery / "notes.txt", "--format", "junit").out
    suites = {Path(suite.get("name", "")).name: suite for suite in etree.fromstring(out.encode()).iter("testsuite")}
    assert suites["notes.txt"].get("errors") == "1"
    assert suites["notes.txt"].find("testcase/error") is not None
    assert suites["good"].get("errors") == "0"


def test_names_come_from_a_list_with_lines_or_nul_bytes(delivery: Path, run: Run, tmp_path: Path) -> None:
    """Empty lines, a byte order mark and Windows line ends are nothing; each bag counts once."""
    (tmp_path / "list").write_bytes(
        b"\xef\xbb\xbf\r\n" + b"\r\n".join(os.fsencode(delivery / name) for name in ("good", "packed.zip", "good"))
    )
    assert verdicts(run("validate", "--from", tmp_path / "list", "--format", "jsonl").out).keys() == {
        "good",
        "packed.zip",
    }
    (tmp_path / "list").write_bytes(b"\0".join(os.fsencode(delivery / name) for name in ("good", "packed.tar")))
    found = verdicts(run("validate", delivery / "spoilt", "--from", tmp_path / "list", "--format", "jsonl").out)
    assert found == {name: EXPECTED[name] for name in ("spoilt", "good", "packed.tar")}
    assert read_names(b"a\nb\0c\0") == [Path("a\nb"), Path("c")]


def test_a_line_that_begins_with_a_hash_is_a_comment(
    delivery: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless something is called so; NUL-separated names come from a program, which writes no comments."""
    make_bag(tmp_path / "#1 of 2")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list").write_text(f"# the good one\n{delivery / 'good'}\n#1 of 2\n#2 of 2\n")
    found = verdicts(run("validate", "--from", tmp_path / "list", "--format", "jsonl").out)
    assert found == {"good": "valid", "#1 of 2": "valid"}
    assert read_names(b"# a\0b\0") == [Path("# a"), Path("b")]


def test_a_list_can_be_piped_in_and_lines_come_out(delivery: Path) -> None:
    """As from find -print0."""
    names = b"\0".join(os.fsencode(delivery / name) for name in ("good", "spoilt"))
    start = [sys.executable, "-c", "from confocal_bag.cli.app import main; main()"]
    command = [*start, "validate", "--from", "-", "--format", "jsonl"]
    ran = subprocess.run(command, input=names, capture_output=True, cwd=ROOT, check=False)
    assert (verdicts(ran.stdout.decode()), ran.returncode, ran.stderr) == (
        {"good": "valid", "spoilt": "invalid"},
        1,
        b"",
    )


def test_patterns_are_expanded_where_the_shell_does_not(delivery: Path, run: Run) -> None:
    """A name that exists is no pattern; a pattern that matches nothing is said."""
    make_bag(delivery / "odd[1]")
    assert verdicts(run("validate", f"{delivery}/pack*", "--format", "jsonl").out).keys() == {
        "packed.zip",
        "packed.tar",
    }
    assert run("validate", delivery / "odd[1]").code == 0
    assert "matches" in run("validate", f"{delivery}/nothing*").err


@pytest.mark.parametrize("slip", ["nothing*", "missing", "sftp://me:geheim@host/bag", "https://host/bag"])
def test_a_slip_of_the_pen_is_a_row_and_the_others_are_judged(delivery: Path, run: Run, slip: str) -> None:
    """A pattern that matches nothing, a name that nothing has, an address that is none."""
    ran = run("validate", delivery / "good", slip, delivery / "packed.zip", "--format", "json")
    assert ran.code == 3
    assert [one["verdict"] for one in json.loads(ran.out)] == ["valid", "incomplete", "valid"]
    (finding,) = json.loads(ran.out)[1]["findings"]
    assert finding["rule"] == ("internal.cannot-finish" if "://" in slip else "usage.not-found")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_that_windows_wrote_is_read(encoding: str) -> None:
    """PowerShell writes UTF-16 with a mark; its NUL bytes separate nothing."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert read_names(mark + "in/bag0\r\nin/é\r\n".encode(encoding)) == [Path("in/bag0"), Path("in/é")]


@pytest.mark.parametrize("content", ["in/bag0\n".encode("utf-16-le"), b"\xff\xfe\x00\xd8x"])
def test_a_list_in_an_encoding_that_cannot_be_told_is_refused(content: bytes) -> None:
    """Rather than taken for names of one letter, of which / is one."""
    with pytest.raises(CannotFinish, match="save it as UTF-8"):
        read_names(content)


def test_blanks_and_quotation_marks_belong_to_the_list_unless_something_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As do comments that begin further to the right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / " odd ").mkdir()
    (tmp_path / '"quoted"').mkdir()
    lines = ["  ", "\t# indented", "  a  ", '"b c"', "'d'", " odd ", '"quoted"', '"', "#"]
    names = [Path(name) for name in ("a", "b c", "d", " odd ", '"quoted"', '"')]
    assert read_names("\r\n".join(lines).encode()) == names
    assert read_names(b" a \0") == [Path(" a ")]


def test_no_bag_at_all_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """An empty list is hardly what anybody meant."""
    (tmp_path / "list").touch()
    assert run("validate").code == 2
    assert run("validate", "--from", tmp_path / "list").code == 2
    assert run("validate", "--from", tmp_path / "nothing").code == 3


def test_lines_written_to_a_file_are_there_when_the_bag_is_done(delivery: Path, run: Run, tmp_path: Path) -> None:
    """And a file that is no report is never replaced."""
    target = tmp_path / "report.jsonl"
    assert run("validate", *sorted(delivery.iterdir()), "--format", "jsonl", "-o", target).out == ""
    assert verdicts(target.read_text()) == EXPECTED
    assert run("validate", delivery / "good", "--format", "jsonl", "-o", target).code == 0
    (tmp_path / "thesis").write_text("years of work")
    assert run("validate", delivery / "good", "--format", "jsonl", "-o", tmp_path / "thesis").code == 3
    assert run("validate", delivery / "good", "--format", "jsonl", "-o", delivery / "good/r").code == 3
