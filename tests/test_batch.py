"""Many bags built from a table."""

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confocal_bag.batch import build_batch, results_of
from confocal_bag.batch_table import read_batch
from confocal_bag.build import BuildOptions
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with two deposits."""
    for name in ("first", "second"):
        make.demo_deposit(tmp_path / name)
    return tmp_path


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A table of jobs."""
    path = folder / "jobs.csv"
    path.write_bytes(text.encode(encoding))
    return path


def outcomes(jobs: Path) -> Mapping[str, str]:
    """The outcome of each row, from the results as CSV."""
    with results_of(jobs).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["row"]: row["outcome"] for row in csv.DictReader(stream)}


def blank(path: Path) -> None:
    """Make a file say nothing, and leave it as long as it is."""
    path.write_bytes(b" " * path.stat().st_size)


def info(bag: Path) -> dict[str, str]:
    """bag-info.txt."""
    return dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text().splitlines() if ": " in line)


@pytest.mark.slow
def test_one_row_failing_never_stops_the_rest_and_a_second_run_does_what_is_left(place: Path, run: Run) -> None:
    """Levels and fields of bag-info.txt come from the table; what was built is not built again."""
    jobs = table(
        place,
        "deposit,bag,level,Internal-Sender-Identifier,Source-Organization\r\n"
        'first,out/a,minimum,"ACC 1",Another University\r\n'
        "nothing,out/b,,,\r\n"
        "second,out/c,splendid,,\r\n"
        "second,out/d,,,\r\n",
    )
    ran = run("build", "--batch", jobs, "--format", "json")
    assert ran.code == 3
    assert outcomes(jobs) == {"2": "built", "3": "failed", "4": "failed", "5": "built"}
    assert [one["summary"]["row"] for one in json.loads(ran.out)] == [2, 3, 4, 5]
    assert [[one["rule"] for one in row["findings"] if one["severity"] == "error"] for row in json.loads(ran.out)] == [
        [],
        ["usage.not-found"],
        ["usage.row"],
        [],
    ]
    said = info(place / "out/a")
    assert said["Internal-Sender-Identifier"] == "ACC 1"
    assert said["Source-Organization"] == "Another University"
    assert said["Confocal-Practice-Level"] == "minimum"
    assert "Another University" not in (place / "out/d/bag-info.txt").read_text()
    assert validate_bag(place / "out/a").verdict is Verdict.VALID
    before = make.snapshot(place / "out")
    table(place, jobs.read_text().replace("nothing,", "second,").replace("splendid", "minimum"))
    assert run("build", "--batch", jobs).code == 0
    assert outcomes(jobs) == {"2": "built before", "3": "built", "4": "built", "5": "built before"}
    after = make.snapshot(place / "out")
    assert {name: state for name, state in after.items() if name.startswith(("a/", "d/"))} == {
        name: state for name, state in before.items() if name.startswith(("a/", "d/"))
    }


@pytest.mark.slow
def test_a_second_run_says_again_what_the_first_found_in_a_draft(place: Path, run: Run) -> None:
    """Nothing was looked at anew, but a bag with warnings does not become one without."""
    make.small_deposit(place / "third")
    jobs = table(place, "deposit,bag,level\nthird,a,most-reproducible\n")
    ran = run("build", "--batch", jobs, "--draft", "--format", "json")
    first = json.loads(ran.out)
    assert ran.code == 0
    assert first["verdict"] == "valid-with-warnings"
    blank(place / "a/data/metadata/findings.json")  # it is the results that remember
    again = json.loads(run("build", "--batch", jobs, "--draft", "--format", "json").out)
    assert again["summary"]["outcome"] == "built before"
    assert again["summary"]["built_at"]
    assert (again["verdict"], again["findings"]) == (first["verdict"], first["findings"])
    assert again["summary"]["level_aimed_at"] == "most-reproducible"
    (row,) = csv.DictReader(results_of(jobs).with_suffix(".csv").read_text("utf-8-sig").splitlines())
    warnings = sum(one["severity"] == "warning" for one in first["findings"])
    assert (row["outcome"], row["verdict"], row["warnings"]) == ("built before", "valid-with-warnings", str(warnings))


@pytest.mark.slow
def test_what_was_found_is_taken_from_the_bag_where_the_run_ended_too_soon(place: Path) -> None:
    """A bag that says nothing either is not called valid; the line that was cut off does not swallow the next."""
    make.small_deposit(place / "third")
    jobs = table(place, "deposit,bag,level\nthird,a,most-reproducible\n")
    options = BuildOptions(draft=True)
    (first,) = build_batch(jobs, options, jobs=1)
    lines = results_of(jobs).read_text().splitlines(keepends=True)
    results_of(jobs).write_text(lines[0] + lines[1][:40])
    (again,) = build_batch(jobs, options, jobs=1)
    assert again.verdict is Verdict.VALID_WITH_WARNINGS
    assert {one.rule for one in again.findings} <= {one.rule for one in first.findings}
    blank(place / "a/data/metadata/findings.json")
    (unknown,) = build_batch(jobs, options, jobs=1)
    assert unknown.verdict is Verdict.INCOMPLETE
    shutil.rmtree(place / "a")
    build_batch(jobs, options, jobs=1)
    whole = [line for line in results_of(jobs).read_text().splitlines() if line.endswith("}")]
    assert [json.loads(line)["outcome"] for line in whole] == ["begun", "begun", "built"]


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["data", "data/metadata/findings.json", "bagit.txt", "*"])
def test_a_bag_that_is_no_longer_whole_is_not_called_valid(place: Path, run: Run, lost: str) -> None:
    """A second run looks at the names and sizes of what the first built, and says so."""
    jobs = table(place, "deposit,bag\nfirst,a\n")
    assert run("build", "--batch", jobs).code == 0
    whole = json.loads(run("build", "--batch", jobs, "--format", "json").out)
    assert (whole["verdict"], whole["summary"]["outcome"]) == ("valid", "built before")
    assert "no checksums" in whole["summary"]["looked_at"]
    for path in (place / "a").glob(lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    ran = run("build", "--batch", jobs, "--format", "json")
    assert ran.code in (1, 3)
    assert json.loads(ran.out)["verdict"] in ("invalid", "incomplete")


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        '{"key": [], "outcome": "built", "at": 1}',
        '{"key": "KEY", "outcome": 1, "at": "x"}',
        '{"key": "KEY", "outcome": "built", "at": "x", "summary": [1]}',
        '{"key": "KEY", "outcome": "built", "at": "x", "findings": 5}',
        '{"key": "KEY", "outcome": "built", "at": "x", "findings": [{"rule": 1, "severity": "x", "message": []}]}',
        "[" * 100_000,
    ],
)
def test_a_line_of_results_that_somebody_edited_counts_for_nothing(place: Path, line: str) -> None:
    """What the other lines and the bag say counts."""
    jobs = table(place, "deposit,bag\nfirst,a\n")
    (first,) = build_batch(jobs, BuildOptions(), jobs=1)
    key = json.loads(results_of(jobs).read_text().splitlines()[0])["key"]
    with results_of(jobs).open("a", encoding="utf-8") as stream:
        stream.write(line.replace("KEY", key) + "\n")
    (again,) = build_batch(jobs, BuildOptions(), jobs=1)
    assert again.summary["outcome"] == "built before"
    assert again.verdict is first.verdict


def test_two_rows_never_make_one_bag_however_they_call_it(tmp_path: Path) -> None:
    """By a link or by .. or as a bag in a bag: the later row is refused, whatever order they finish in."""
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out")
    rows = ["d1,out/a", "d2,out/../out/a", "d3,link/a", "d4,out/a/inner", "d5,out/b/../c", "d6,out/c"]
    found = read_batch(table(tmp_path, "\n".join(["deposit,bag", *rows])))
    assert [row.problem and row.problem.partition(": ")[2] for row in found] == [
        None,
        "row 2 makes the same bag; name another.",
        "row 2 makes the same bag; name another.",
        "it lies in the bag of row 2; name a place outside of it.",
        None,
        "row 6 makes the same bag; name another.",
    ]


@pytest.mark.slow
def test_a_row_whose_end_was_never_written_was_built_all_the_same(place: Path) -> None:
    """A bag has its name only when it is complete; a torn line counts for nothing."""
    jobs = table(place, "deposit,bag\nfirst,a\n")
    assert [one.summary["outcome"] for one in build_batch(jobs, BuildOptions(), jobs=1)] == ["built"]
    lines = results_of(jobs).read_text().splitlines(keepends=True)
    assert [json.loads(line)["outcome"] for line in lines] == ["begun", "built"]
    results_of(jobs).write_text(lines[0] + lines[1][:40])
    assert [one.summary["outcome"] for one in build_batch(jobs, BuildOptions(), jobs=1)] == ["built before"]
    table(place, "deposit,bag,level\nfirst,a,minimum\n")
    (report,) = build_batch(jobs, BuildOptions(), jobs=1)
    assert "was not made from this row" in report.findings[0].message


def test_no_bag_is_built_in_a_deposit_that_a_curator_works_on(place: Path) -> None:
    """Not even a folder for it is made."""
    (place / "second.curation").mkdir()
    (report,) = build_batch(table(place, "deposit,bag\nfirst,second/made/a\n"), BuildOptions(), jobs=1)
    assert "lies in the deposit" in report.findings[0].message
    assert not (place / "second/made").exists()


def test_a_bag_that_somebody_else_made_is_never_taken_for_the_rows_own(place: Path) -> None:
    """Nor is it replaced."""
    (place / "a").mkdir()
    (report,) = build_batch(table(place, "deposit,bag\nfirst,a\n"), BuildOptions())
    assert report.verdict is Verdict.INCOMPLETE
    assert "Row 2: " in report.findings[0].message
    assert list((place / "a").iterdir()) == []


HEADING = "deposit;bag;level;Contact-Name\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("hint", ["", "sep=;\r\n"])
def test_the_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, hint: str) -> None:
    """Rows count as spreadsheet programs count them."""
    jobs = table(tmp_path, f"{hint}{HEADING}a;b;good-enough;Zoë\r\n;;;\r\nc;d;;'=SUM\r\n", encoding)
    first, second = read_batch(jobs)
    start = 2 + bool(hint)
    assert (first.number, second.number) == (start, start + 2)
    assert first.tags == (("Contact-Name", "Zoë"),)
    assert (first.level, second.level) == (PracticeLevel.GOOD_ENOUGH, None)
    assert second.tags == (("Contact-Name", "=SUM"),)
    assert first.deposit == tmp_path / "a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'deposit'"),
        ("deposits,bag\na,b\n", "row 1: there is no column 'deposit' \\(is 'deposits' it"),
        ("deposit,bag,levle\na,b,minimum\n", "row 1, column 3: is 'levle' meant to be 'level'"),
        ("deposit,level\na,\n", "row 1: there is no column 'bag'"),
        ("deposit,bag,bag\na,b,c\n", "row 1, column 3: there are two columns 'bag'"),
        ("deposit,bag,Payload-Oxum\na,b,1.1\n", "row 1, column 3: Payload-Oxum is written by the build"),
        ("deposit,bag,Confocal-Anything\na,b,c\n", "row 1, column 3: Confocal-Anything is written by the build"),
        ("deposit,bag,a:b\na,b,c\n", "row 1, column 3: 'a:b' cannot be a field"),
        ("deposit,bag\n", "no row below"),
        ('deposit,bag\na,b\nc,"d\n', "row 3: "),
        ("PK\3\4", "a workbook"),
    ],
)
def test_a_file_that_is_no_table_of_jobs_is_refused_with_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    """Before anything is built."""
    with pytest.raises(CannotFinish, match=said):
        read_batch(table(tmp_path, text))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",b,", "Row 2, column 'deposit': the cell is empty"),
        ("a,,", "Row 2, column 'bag': the cell is empty"),
        ("a,b,best", "Row 2, column 'level': 'best' is no practice level"),
        ("a,b,,surplus", "Row 2, column 4: there is 'surplus' and no heading"),
        ("a,x,", "Row 3, column 'bag': row 2 makes the same bag"),
    ],
)
def test_a_row_that_says_too_little_is_a_problem_of_that_row_alone(tmp_path: Path, row: str, said: str) -> None:
    """With its row and column."""
    rows = read_batch(table(tmp_path, f"deposit,bag,level\n{row}\na,x,\n"))
    problems = [one.problem for one in rows if one.problem]
    assert [said in problem for problem in problems] == [True]
    assert len(rows) == 2


def test_a_batch_takes_nothing_that_is_about_one_bag(place: Path, run: Run) -> None:
    """Wrong usage, both ways."""
    jobs = table(place, "deposit,bag\nfirst,a\n")
    assert run("build", place / "first", place / "a", "--batch", jobs).code == 2
    assert run("build", "--batch", jobs, "--dry-run").code == 2
    assert run("build").code == 2
    assert run("build", place / "first").code == 2


@pytest.mark.slow
def test_a_build_that_is_refused_is_a_finding_of_its_row(place: Path, run: Run) -> None:
    """The deposit lacks what its level asks."""
    shutil.rmtree(place / "first")
    make.small_deposit(place / "first")
    jobs = table(place, "deposit,bag,level\nfirst,a,most-reproducible\nsecond,b,\n")
    assert run("build", "--batch", jobs).code == 1
    assert outcomes(jobs) == {"2": "refused", "3": "built"}


def test_a_report_of_a_batch_lies_beside_its_table_although_a_row_names_no_deposit(place: Path, run: Run) -> None:
    """An empty cell protects nothing; the report is not lost after the other rows were built."""
    jobs = table(place, "deposit,bag\n,a\nnothing,b\n")
    assert run("build", "--batch", jobs, "-o", place / "report.txt").code in (1, 3)
    assert "the cell is empty" in (place / "report.txt").read_text()


@pytest.mark.parametrize("report", ["first/report.txt", "out/a/report.txt", "jobs.csv"])
def test_a_report_of_a_batch_that_cannot_be_written_is_refused_before_anything_is_built(
    place: Path, run: Run, report: str
) -> None:
    """Neither into a deposit or bag of the table, nor over the table."""
    jobs = table(place, "deposit,bag\nfirst,out/a\n")
    before = make.snapshot(place)
    assert run("build", "--batch", jobs, "-o", place / report).code == 3
    assert make.snapshot(place) == before
