"""The second opinion: the bagit library agrees, disagrees, or is known not to be able to judge."""

import logging
import os
import shutil
from pathlib import Path

import pytest

from confocal_bag.bag.second_opinion import Opinion, OpinionOutcome, ask_bagit
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.findings import CannotFinish


def make_bag(destination: Path, *names: str) -> Path:
    """A valid bag with a file of each name in data/."""
    with BagWriter(destination, algorithms=("sha256",)) as writer:
        for name in names or ("a.tif",):
            writer.write(f"data/{name}", name.encode())
        return writer.seal([("Source-Organization", "Test Lab")])


@pytest.mark.parametrize("full", [True, False])
def test_the_library_agrees_with_a_valid_bag(tmp_path: Path, *, full: bool) -> None:
    """Nothing more is said."""
    assert ask_bagit(make_bag(tmp_path / "bag"), full=full) == Opinion(outcome=OpinionOutcome.AGREES)


def test_a_changed_byte_is_found_by_the_full_check_only(tmp_path: Path) -> None:
    """Completeness looks at names and sizes, the full check at every checksum."""
    bag = make_bag(tmp_path / "bag")
    (bag / "data" / "a.tif").write_bytes(b"A.tif")
    assert ask_bagit(bag).outcome is OpinionOutcome.AGREES
    full = ask_bagit(bag, full=True)
    assert full.outcome is OpinionOutcome.DISAGREES
    assert "data/a.tif" in (full.reason or "")


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    """The library's own sentence is the reason."""
    bag = make_bag(tmp_path / "bag", "a.tif", "b.tif")
    (bag / "data" / "b.tif").unlink()
    opinion = ask_bagit(bag)
    assert opinion.outcome is OpinionOutcome.DISAGREES
    assert "Payload-Oxum validation failed" in (opinion.reason or "")


def test_a_folder_that_is_no_bag_is_not_agreed_to(tmp_path: Path) -> None:
    """And the folder is left as it is."""
    assert ask_bagit(tmp_path).outcome is OpinionOutcome.DISAGREES
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "100%.tif",
        "%0A.tif",
        "a\nb\nc\nd.tif",
        "ends in a blank ",
        "ends in a wide blank\u3000",
        " begins with a blank",
        "line\u2028separator.tif",
        "next\x85line.tif",
        "vertical\x0btab.tif",
        "file\x1cseparator.tif",
    ],
)
@pytest.mark.parametrize("full", [True, False])
def test_a_name_it_misreads_is_told_apart_from_an_invalid_bag(
    tmp_path: Path,
    name: str,
    *,
    full: bool,
) -> None:
    """The bag is valid; the library must not be quoted as saying otherwise."""
    opinion = ask_bagit(make_bag(tmp_path / "bag", name), full=full)
    assert opinion.outcome is not OpinionOutcome.DISAGREES
    assert opinion.outcome is OpinionOutcome.AGREES or (opinion.reason or "").startswith("cannot judge: ")


def test_a_percent_sign_is_named_as_what_it_cannot_read(tmp_path: Path) -> None:
    """The reason names the file and the defect, and keeps what the library said."""
    reason = ask_bagit(make_bag(tmp_path / "bag", "100%.tif")).reason or ""
    assert reason.startswith("cannot judge: it misreads the name 'data/100%.tif', because")
    assert "Bag is incomplete" in reason


@pytest.mark.parametrize("full", [True, False])
def test_a_bag_whose_own_path_confuses_it(tmp_path: Path, *, full: bool) -> None:
    """It looks for 'tagmanifest-' in the whole path."""
    folder = tmp_path / "tagmanifest-shelf"
    folder.mkdir()
    opinion = ask_bagit(make_bag(folder / "bag"), full=full)
    assert opinion.outcome is not OpinionOutcome.DISAGREES
    if full:
        assert opinion.outcome is OpinionOutcome.CANNOT_JUDGE
        assert "tagmanifest-" in (opinion.reason or "")


def test_a_unicode_form_it_compares_wrongly(tmp_path: Path) -> None:
    """An NFD name in the manifest for an NFC name on disk is valid (RFC 8493 6.1.3)."""
    bag = make_bag(tmp_path / "bag", "e\u0301.tif")
    (bag / "data" / "e\u0301.tif").rename(bag / "data" / "\u00e9.tif")
    assert ask_bagit(bag, full=True).outcome is OpinionOutcome.CANNOT_JUDGE


def test_a_crash_of_the_library_is_no_verdict(tmp_path: Path) -> None:
    """A Payload-Oxum without a dot makes it raise ValueError."""
    bag = make_bag(tmp_path / "bag")
    (bag / "bag-info.txt").write_text("Payload-Oxum: 262\n")
    opinion = ask_bagit(bag)
    assert opinion.outcome is OpinionOutcome.CANNOT_JUDGE
    assert "ValueError" in (opinion.reason or "")


def test_a_line_separator_in_a_value_is_known(tmp_path: Path) -> None:
    """Only LF and CR end a line of bag-info.txt; the library splits at more."""
    with BagWriter(tmp_path / "bag") as writer:
        writer.write("data/a", b"a")
        bag = writer.seal([("External-Description", "one\u2028two")])
    opinion = ask_bagit(bag)
    assert opinion.outcome is OpinionOutcome.CANNOT_JUDGE
    assert "bag-info.txt" in (opinion.reason or "")


@pytest.mark.parametrize("kind", ["pipe", "link to a file", "link to a folder", "dangling link"])
@pytest.mark.parametrize("place", ["data/x", "x"])
def test_special_files_are_not_put_before_it(tmp_path: Path, kind: str, place: str) -> None:
    """It would wait for a pipe for ever and read what a link leads to."""
    bag = make_bag(tmp_path / "bag")
    if kind == "pipe":
        os.mkfifo(bag / place)
    else:
        (bag / place).symlink_to({"link to a file": "bagit.txt", "link to a folder": ".."}.get(kind, "nowhere"))
    opinion = ask_bagit(bag, full=True)
    assert opinion.outcome is OpinionOutcome.CANNOT_JUDGE
    assert "link, pipe or device" in (opinion.reason or "")


def test_a_pipe_beside_the_bag_is_not_opened(tmp_path: Path) -> None:
    """Its check of paths accepts a sibling whose name begins like the bag's; a pipe there would hang it."""
    bag = make_bag(tmp_path / "bag")
    (tmp_path / "bag-evil").mkdir()
    os.mkfifo(tmp_path / "bag-evil" / "x")
    with (bag / "tagmanifest-sha256.txt").open("a") as manifest:
        manifest.write(f"{'0' * 64}  ../bag-evil/x\n")
    opinion = ask_bagit(bag, full=True)
    assert opinion.outcome is OpinionOutcome.CANNOT_JUDGE
    assert "lead out of the bag" in (opinion.reason or "")


def test_the_library_says_nothing_aloud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """No log line, nothing on the terminal, and its logger is as it was."""
    bag = make_bag(tmp_path / "bag")
    (bag / "data" / "a.tif").write_bytes(b"A.tif")
    ask_bagit(bag, full=True)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert not logging.getLogger("bagit").disabled


def test_the_bag_is_left_as_it_was(tmp_path: Path) -> None:
    """Asking changes no byte and adds no file."""
    bag = make_bag(tmp_path / "bag")
    shutil.copytree(bag, tmp_path / "before")
    ask_bagit(bag, full=True)
    after = {path.relative_to(bag): path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    before = tmp_path / "before"
    assert after == {path.relative_to(before): path.read_bytes() for path in before.rglob("*") if path.is_file()}


def test_an_archive_is_refused(tmp_path: Path) -> None:
    """The library reads folders only."""
    (tmp_path / "bag.zip").write_bytes(b"PK")
    with pytest.raises(CannotFinish, match="not a folder"):
        ask_bagit(tmp_path / "bag.zip")
