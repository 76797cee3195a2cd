"""Whether the sequences of a received bag are those that it promises."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import Finding, Outcome, Report, Severity
from confocal_bag.stacks import StackMode
from confocal_bag.validate import validate_bag
from tests.recording import Ran
from tests.test_stacks import two_stacks, with_gap, write_stack
from tests.test_validate import rewrite_manifests

Runner = Callable[..., Ran]
BROKEN = "sequence.promise-broken"
CELL = "data/transformed/day1/cell"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of two stacks, compiled and with companion files."""
    folder = tmp_path_factory.mktemp("packed")
    build_bag(two_stacks(folder / "deposit"), folder / "bag", BuildOptions(draft=True, stacks=StackMode.BOTH))
    return folder / "bag"


@pytest.fixture
def bag(packed: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(packed, tmp_path / "bag")


def broken(report: Report) -> list[Finding]:
    """The findings about sequences."""
    return [finding for finding in report.findings if finding.rule == BROKEN]


def outcome(report: Report) -> Outcome:
    """What became of the rule."""
    return {check.rule: check.outcome for check in report.checks}[BROKEN]


def remove(bag: Path, *names: str) -> None:
    """Take images out of a bag with their sidecars, as somebody would who hides it."""
    for name in names:
        (bag / name).unlink()
        (bag / f"data/metadata/ome/{name.removeprefix('data/')}.ome.xml").unlink()
    rewrite_manifests(bag)


def change(bag: Path, old: str, new: str) -> None:
    """Change the statement."""
    path = bag / "data/metadata/sequences.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    rewrite_manifests(bag)


def test_whole_sequences_keep_the_promise(bag: Path) -> None:
    """Folder and archive alike."""
    assert outcome(validate_bag(bag)) is Outcome.PASSED
    archive = shutil.make_archive(str(bag), "gztar", bag.parent, bag.name)
    assert outcome(validate_bag(archive)) is Outcome.PASSED


def test_a_missing_plane_breaks_the_promise(bag: Path) -> None:
    """Named with its place, although manifests and sidecars agree; in an archive too."""
    remove(bag, f"{CELL}/scan_z02_c1.tif", f"{CELL}/scan_z03_c2.tif")
    (finding,) = broken(validate_bag(bag))
    assert finding.severity is Severity.ERROR
    assert f"2 of 6 files are not in the bag: {CELL}/scan_z02_c1.tif (C = 1, Z = 2)" in finding.message
    assert finding.path == f"{CELL}/scan_z02_c1.tif"
    assert finding.detail["missing"] == [f"{CELL}/scan_z02_c1.tif", f"{CELL}/scan_z03_c2.tif"]
    archive = shutil.make_archive(str(bag), "gztar", bag.parent, bag.name)
    assert [one.message for one in broken(validate_bag(archive))] == [finding.message]


def test_a_plane_too_many_breaks_the_promise(bag: Path) -> None:
    """A fourth depth; a file that is no plane of it does not."""
    folder = bag / CELL
    shutil.copy(folder / "scan_z03_c1.tif", folder / "overview.tif")
    rewrite_manifests(bag)
    assert broken(validate_bag(bag)) == []
    shutil.copy(folder / "scan_z03_c1.tif", folder / "scan_z04_c1.tif")
    rewrite_manifests(bag)
    (finding,) = broken(validate_bag(bag))
    assert finding.detail["extra"] == [f"{CELL}/scan_z04_c1.tif"]


def test_other_axes_break_the_promise(bag: Path) -> None:
    """The statement calls positions in depth time points."""
    change(bag, '"Z"', '"T"')
    found = broken(validate_bag(bag))
    assert len(found) == 2
    assert "says C = 1, Z = 1, and C = 1, T = 1 was promised" in found[0].message


def test_a_bag_of_another_version_may_have_been_read_otherwise(bag: Path) -> None:
    """A warning then, for the names may mean what they always meant."""
    change(bag, '"Z"', '"T"')
    path = bag / "data/metadata/sequences.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "version": "0.0.1"}))
    rewrite_manifests(bag)
    assert {finding.severity for finding in broken(validate_bag(bag))} == {Severity.WARNING}


def test_a_compiled_image_that_is_gone_breaks_the_promise(bag: Path) -> None:
    """And so does its companion file."""
    remove(bag, f"{CELL}/scan.ome.tiff", f"{CELL}/scan.companion.ome")
    assert [finding.path for finding in broken(validate_bag(bag))] == [
        f"{CELL}/scan.ome.tiff",
        f"{CELL}/scan.companion.ome",
    ]


def test_a_compiled_image_of_other_planes_breaks_the_promise(bag: Path) -> None:
    """Its sidecar records other digests than those of the files."""
    data = bag / "data"
    shutil.copy(data / "transformed/day2/other.ome.tiff", data / "transformed/day1/cell/scan.ome.tiff")
    shutil.copy(
        data / "metadata/ome/transformed/day2/other.ome.tiff.ome.xml",
        data / "metadata/ome/transformed/day1/cell/scan.ome.tiff.ome.xml",
    )
    rewrite_manifests(bag)
    (finding,) = broken(validate_bag(bag))
    assert f"the 4 planes of {CELL}/scan.ome.tiff are not the 6 of its files" in finding.message


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\x00", b"[]", b"{}", b'{"record": 2, "sequences": []}', b'{"sequences": [{"stem": 1}]}', b"[" * 50_000],
)
def test_a_statement_that_cannot_be_read_is_an_error_and_no_crash(bag: Path, content: bytes) -> None:
    """It may come from anyone."""
    (bag / "data/metadata/sequences.json").write_bytes(content)
    rewrite_manifests(bag)
    (finding,) = broken(validate_bag(bag))
    assert "cannot be read" in finding.message


def test_a_hostile_statement_is_only_compared(bag: Path) -> None:
    """Paths that lead elsewhere are names that the bag does not have."""
    change(bag, f"{CELL}/scan.ome.tiff", "../../../etc/passwd")
    (finding,) = broken(validate_bag(bag))
    assert "../../../etc/passwd" in finding.message


def test_a_bag_without_the_statement_promises_nothing(bag: Path) -> None:
    """As those of earlier versions do not."""
    (bag / "data/metadata/sequences.json").unlink()
    rewrite_manifests(bag)
    report = validate_bag(bag)
    assert (outcome(report), broken(report)) == (Outcome.NOT_APPLICABLE, [])


def test_a_plane_that_was_missing_when_packed_is_no_broken_promise(tmp_path: Path) -> None:
    """The readme and the statement tell of it."""
    build_bag(with_gap(tmp_path / "deposit"), tmp_path / "bag", BuildOptions(draft=True))
    report = validate_bag(tmp_path / "bag")
    assert (outcome(report), broken(report)) == (Outcome.PASSED, [])
    (stated,) = json.loads((tmp_path / "bag/data/metadata/sequences.json").read_bytes())["sequences"]
    assert stated["axes"]["Z"]["missing"] == [3]
    assert "missing: 3" in stated["sentences"][0]
    (tmp_path / "bag/data/transformed/scan_z05_c1.tif").unlink()
    rewrite_manifests(tmp_path / "bag")
    assert len(broken(validate_bag(tmp_path / "bag"))) == 1


def test_what_headers_decided_is_not_read_from_names_again(tmp_path: Path) -> None:
    """A counter that every header calls depth: the names alone do not say so, which breaks no promise."""
    import numpy as np
    import tifffile

    from confocal_bag.deposit.sequences import FileFacts, find_sequences
    from confocal_bag.deposit.sequences.statement import read_again, state_sequence

    paths = {f"scan{n}.tif": f"data/transformed/scan{n}.tif" for n in range(1, 4)}
    facts = {path: FileFacts(pages=1, width=4, height=4, dtype="uint8", size_z=3) for path in paths}
    (found,) = find_sequences(paths, facts=facts).sequences
    read = read_again(paths.values(), made=(), pattern=None)
    stated = state_sequence(found, folder="data/transformed", paths=paths, read=read, compiled=(), companions=())
    assert found.varying == ("Z",)
    assert not stated.readable_by_name
    folder = tmp_path / "deposit"
    folder.mkdir()
    for path in paths:
        tifffile.imwrite(folder / path, np.zeros((4, 4), np.uint8), metadata=None)
    build_bag(folder, tmp_path / "bag", BuildOptions(draft=True))
    assert outcome(validate_bag(tmp_path / "bag")) is Outcome.PASSED


def test_a_part_of_the_files_elsewhere_keeps_the_promise(tmp_path: Path) -> None:
    """Raw planes named in fetch.txt are promised, not missing."""
    source = tmp_path / "deposit"
    write_stack(source / "raw" / "far", channels=1)
    options = BuildOptions(draft=True, raw_url="https://example.org/raw/", stacks=StackMode.BOTH)
    build_bag(source, tmp_path / "bag", options)
    report = validate_bag(tmp_path / "bag")
    assert (outcome(report), broken(report)) == (Outcome.PASSED, [])


def test_the_command_tells_of_a_broken_promise(bag: Path, run: Runner) -> None:
    """With exit code 1."""
    remove(bag, f"{CELL}/scan_z02_c1.tif")
    result = run("validate", bag, "--format", "json")
    assert result.code == 1
    assert BROKEN in {finding["rule"] for finding in json.loads(result.out)["findings"]}
