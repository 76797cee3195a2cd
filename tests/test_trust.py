"""What a reviewer would try in order to make the program lose data or say something that is not so."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.packing import convert_images
from confocal_bag.validate import Depth, validate_bag
from tests import make
from tests.recording import Ran
from tests.test_validate import rewrite_manifests

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]

COPY = "data/transformed/fibroblasts.lsm.ome.tiff"
SIDECAR = "data/metadata/ome/transformed/fibroblasts.lsm.ome.tiff.ome.xml"


def flip_pixel(bag: Path) -> None:
    """Change one pixel of the OME-TIFF."""
    import tifffile

    with tifffile.TiffFile(bag / COPY) as tiff:
        offset = tiff.pages[0].dataoffsets[0]
    content = bytearray((bag / COPY).read_bytes())
    content[offset] ^= 1
    (bag / COPY).write_bytes(content)


# Reports are written nowhere that matters.


def test_a_report_is_never_written_over_a_deposit_or_into_a_bag(deposit: Watch, bag: Path, run: Run) -> None:
    """Neither over a microscope's file, nor beside it, nor into the bag that was just judged."""
    source = deposit(make.demo_deposit)
    before = make.snapshot(bag)
    for subject, output in ((source, source / "fibroblasts.lsm"), (source, source / "new.json")):
        ran = run("inspect", subject, "-o", output)
        assert (ran.code, "never written to" in ran.err) == (3, True)
    assert run("validate", bag, "-o", bag / "data/readme/README.txt").code == 3
    assert run("inspect", source, "-o", bag / "report.txt").code == 3
    assert make.snapshot(bag) == before


def test_a_report_replaces_a_report_and_nothing_else(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """And it is not written through a link."""
    source = deposit(make.demo_deposit)
    for form in ("text", "json", "jsonl", "csv", "junit"):
        report = tmp_path / f"report.{form}"
        assert run("inspect", source, "--format", form, "-o", report).code == 0
        assert run("inspect", source, "--format", form, "-o", report).code == 0
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "link").symlink_to(tmp_path / "thesis.txt")
    assert run("inspect", source, "-o", tmp_path / "thesis.txt").code == 3
    assert run("inspect", source, "-o", tmp_path / "link").code == 3
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_describe_never_writes_into_the_deposit(deposit: Watch, run: Run) -> None:
    """Not even when it is asked to."""
    source = deposit(make.demo_deposit)
    assert run("describe", source, "--work", source).code == 3
    assert run("describe", source, "--work", source / "new").code == 3


# Pixels are proven or the answer is not "valid".


def test_an_image_that_is_no_image_any_more_is_found(bag: Path) -> None:
    """Whatever replaced it, and although the manifests were made to agree."""
    (bag / COPY).write_bytes(b"hello")
    (bag / "data/raw/fibroblasts.lsm").write_bytes(bytes(5000))
    rewrite_manifests(bag)
    for pixels in (False, True):
        report = validate_bag(bag, pixels=pixels)
        assert report.verdict is Verdict.INVALID
        assert {"data/raw/fibroblasts.lsm", COPY} <= {finding.path for finding in report.findings}


def test_a_sidecar_without_digests_proves_nothing(bag: Path) -> None:
    """Stripping the digests does not make a changed pixel valid."""
    import re

    flip_pixel(bag)
    text = (bag / SIDECAR).read_text()
    stripped = re.sub(r"\s*<HashSHA1>[0-9a-fA-F]+</HashSHA1>\s*", "", text)
    assert stripped != text
    (bag / SIDECAR).write_text(stripped)
    rewrite_manifests(bag)
    assert validate_bag(bag, pixels=True).verdict is Verdict.INVALID


def test_an_image_without_a_sidecar_is_not_proven(bag: Path) -> None:
    """Removing the sidecar does not make a changed pixel valid."""
    flip_pixel(bag)
    (bag / SIDECAR).unlink()
    rewrite_manifests(bag)
    report = validate_bag(bag, pixels=True)
    assert report.verdict is Verdict.INVALID
    assert "image.not-proven" in {finding.rule for finding in report.findings}


def test_a_bag_that_hides_its_profile_is_still_held_to_its_sidecars(bag: Path) -> None:
    """The promises of a bag are also told by what it holds."""
    flip_pixel(bag)
    info = (bag / "bag-info.txt").read_text().splitlines(keepends=True)
    (bag / "bag-info.txt").write_text("".join(line for line in info if not line.startswith("BagIt-Profile")))
    rewrite_manifests(bag)
    assert validate_bag(bag, pixels=True).verdict is Verdict.INVALID


def test_a_changed_pixel_is_found_in_an_archive_too(bag: Path, tmp_path: Path) -> None:
    """Where it cannot be looked at, the answer says so instead of "valid"."""
    flip_pixel(bag)
    rewrite_manifests(bag)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", bag.parent, bag.name)
    report = validate_bag(Path(archive), pixels=True)
    assert report.verdict in (Verdict.INVALID, Verdict.INCOMPLETE)


def test_pixels_that_were_asked_for_and_not_read_leave_the_verdict_open(tmp_path: Path, run: Run) -> None:
    """A bag without images has nothing to prove; saying "valid" would claim that something was."""
    with BagWriter(tmp_path / "plain") as writer:
        writer.write("data/hello.txt", b"hello\n")
        writer.seal([("Source-Organization", "Somebody")])
    ran = run("validate", "--pixels", tmp_path / "plain", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.code, document["verdict"], document["summary"]["pixels_read"]) == (3, "incomplete", False)


def test_a_fast_check_does_not_call_a_good_bag_invalid(bag: Path) -> None:
    """What it does not read is not held against the bag."""
    for depth in Depth:
        assert validate_bag(bag, depth=depth).verdict is Verdict.VALID


def test_a_draft_is_not_let_off_by_a_receiver_who_names_a_profile(deposit: Watch, tmp_path: Path) -> None:
    """Its leniency is towards itself only."""
    build_bag(deposit(make.small_deposit), tmp_path / "bag", BuildOptions(draft=True))
    assert validate_bag(tmp_path / "bag").verdict is Verdict.VALID_WITH_WARNINGS
    assert validate_bag(tmp_path / "bag", profiles=["confocal-minimum"]).verdict is Verdict.INVALID


def test_a_draft_does_not_parade_a_level_it_did_not_reach(deposit: Watch, tmp_path: Path) -> None:
    """bag-info.txt names the level that is reached, if any."""
    build_bag(deposit(make.small_deposit), tmp_path / "bag", BuildOptions(draft=True))
    told = (tmp_path / "bag/bag-info.txt").read_text()
    assert "Confocal-Practice-Level:" not in told
    assert "Confocal-Practice-Level-Aimed-At: minimum" in told


# The bag is what was inspected.


@pytest.mark.parametrize("what", ["changed", "new", "gone", "touched"])
def test_a_deposit_that_changes_during_the_build_is_noticed(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, while and after its files are copied."""
    source = make.demo_deposit(tmp_path / "deposit")

    def meddle(*arguments: object) -> None:
        if what == "changed":
            (source / "methods.txt").write_text("short")
        elif what == "new":
            make.lsm(source / "late.lsm")
        elif what == "gone":
            (source / "methods.txt").unlink()
        else:
            (source / "methods.txt").touch()
        convert_images(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("confocal_bag.build.convert_images", meddle)
    with pytest.raises(CannotFinish, match="late.lsm" if what == "new" else "methods.txt"):
        build_bag(source, tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


def test_the_depositors_description_is_kept_byte_for_byte(deposit: Watch, tmp_path: Path) -> None:
    """With its line ends and its byte order mark, and with its origin in the inventory."""

    def windows(folder: Path) -> Path:
        make.demo_deposit(folder)
        text = (folder / "deposit.yaml").read_text()
        (folder / "deposit.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        return folder

    source = deposit(windows)
    build_bag(source, tmp_path / "bag")
    kept = (tmp_path / "bag/data/metadata/deposit.yaml").read_bytes()
    assert kept == (source / "deposit.yaml").read_bytes()
    assert (
        "data/metadata/deposit.yaml,metadata,deposit.yaml,"
        in (tmp_path / "bag/data/metadata/inventory.csv").read_text()
    )


def test_a_description_is_not_read_through_a_link(deposit: Watch, tmp_path: Path) -> None:
    """What lies outside the deposit does not come into the bag by that way."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("title: A secret\n")

    def linked(folder: Path) -> Path:
        make.small_deposit(folder)
        (folder / "deposit.yaml").symlink_to(secret)
        return folder

    build_bag(deposit(linked), tmp_path / "bag", BuildOptions(draft=True))
    for path in (tmp_path / "bag").rglob("*"):
        assert not path.is_file() or b"A secret" not in path.read_bytes()


def test_nothing_in_the_bag_names_a_place_on_this_machine(deposit: Watch, tmp_path: Path) -> None:
    """Paths of the curator's machine mean nothing to a reader, and may be private."""

    def damaged(folder: Path) -> Path:
        make.small_deposit(folder)
        content = (folder / "cells.lsm").read_bytes()
        (folder / "damaged.lsm").write_bytes(content[: len(content) * 6 // 10])
        return folder

    source = deposit(damaged)
    described = tmp_path / "deposit.curation" / "deposit.yaml"
    described.parent.mkdir()
    described.write_text("title: x\ntypo: y\n")
    build_bag(source, tmp_path / "bag", BuildOptions(draft=True))
    for path in (tmp_path / "bag").rglob("*"):
        assert not path.is_file() or str(tmp_path).encode() not in path.read_bytes(), path


# The main job does not stumble.


def test_a_bag_can_be_made_from_the_payload_of_a_bag(deposit: Watch, tmp_path: Path) -> None:
    """Our own outputs in a deposit are files like any other; nothing is overwritten."""
    build_bag(deposit(make.demo_deposit), tmp_path / "first")
    payload = tmp_path / "again"
    shutil.copytree(tmp_path / "first/data", payload)
    result = build_bag(payload, tmp_path / "second", BuildOptions(draft=True))
    assert result.bag is not None
    kept = {path.read_bytes() for path in payload.rglob("*") if path.is_file()}
    bagged = {path.read_bytes() for path in (tmp_path / "second/data").rglob("*") if path.is_file()}
    assert kept <= bagged


def damaged_strip(folder: Path) -> Path:
    """The described deposit, with a projection whose header is sound and whose last plane cannot be decoded."""
    import numpy as np
    import tifffile

    make.demo_deposit(folder)
    path = folder / "MAX_fibroblasts.tif"
    pixels = np.arange(2 * 96 * 96, dtype="u2").reshape(2, 96, 96)
    said = {"axes": "CYX", "PhysicalSizeX": 0.09, "PhysicalSizeY": 0.09, "Channel": {"Name": ["Ch1", "Ch2"]}}
    tifffile.imwrite(path, pixels, compression="zlib", photometric="minisblack", ome=True, metadata=said)
    with tifffile.TiffFile(path) as tiff:
        offset, count = tiff.pages[1].dataoffsets[0], tiff.pages[1].databytecounts[0]
    content = bytearray(path.read_bytes())
    content[offset : offset + count] = b"\xff" * count
    path.write_bytes(content)
    return folder


def test_an_image_that_cannot_be_decoded_stops_a_build_but_not_a_draft(deposit: Watch, tmp_path: Path) -> None:
    """The draft keeps it as it came, without a sidecar, and says so; the finding names it as the depositor does."""
    source = deposit(damaged_strip)
    refused = build_bag(source, tmp_path / "bag")
    assert refused.bag is None
    (finding,) = [one for one in refused.report.findings if one.rule == "image.unreadable"]
    assert finding.path == "MAX_fibroblasts.tif"
    assert str(tmp_path) not in finding.message
    drafted = build_bag(source, tmp_path / "bag", BuildOptions(draft=True))
    assert drafted.report.summary["images_without_proof"] == 1
    kept = tmp_path / "bag/data/processed/MAX_fibroblasts.tif"
    assert kept.read_bytes() == (source / "MAX_fibroblasts.tif").read_bytes()
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert report.verdict is Verdict.VALID_WITH_WARNINGS


def test_a_deposit_without_a_level_is_held_to_the_lowest(deposit: Watch, tmp_path: Path) -> None:
    """And refused before any work is done, with everything that is missing."""
    result = build_bag(deposit(make.small_deposit), tmp_path / "bag")
    assert result.bag is None
    assert sum(finding.rule == "level.not-reached" for finding in result.report.findings) > 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deposit"]


def test_checksums_that_no_profile_accepts_are_refused_at_once(deposit: Watch, tmp_path: Path) -> None:
    """Not after everything was copied and converted."""
    with pytest.raises(CannotFinish, match="sha512"):
        build_bag(deposit(make.demo_deposit), tmp_path / "bag", BuildOptions(algorithms=("md5",)))


def test_a_dry_run_says_that_the_build_would_be_refused(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """With the exit code that the build would have."""
    ran = run("build", "--dry-run", deposit(make.small_deposit), tmp_path / "bag")
    assert ran.code == 1
    assert "would be refused" in ran.err
    assert run("build", "--dry-run", "--draft", tmp_path / "deposit", tmp_path / "bag").code == 0


def test_folders_that_differ_by_case_collide_like_files(tmp_path: Path, run: Run) -> None:
    """On other systems they would become one folder."""
    for name in ("Dir/a.txt", "dir/b.txt"):
        path = tmp_path / "deposit" / name
        path.parent.mkdir(parents=True)
        path.write_text("x")
    ran = run("inspect", tmp_path / "deposit")
    assert "deposit.names-collide" in ran.out


def test_a_deposit_of_litter_alone_is_refused(tmp_path: Path) -> None:
    """A bag with nothing from the depositor would be a lie."""
    (tmp_path / "deposit").mkdir()
    (tmp_path / "deposit/.DS_Store").write_text("x")
    with pytest.raises(CannotFinish, match="nothing to preserve"):
        build_bag(tmp_path / "deposit", tmp_path / "bag", BuildOptions(draft=True))


def test_a_bug_is_a_sentence_and_not_a_verdict(deposit: Watch, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3, and the trace is kept for developers."""
    import confocal_bag.inspect.inspecting as module

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(module, "take_inventory", broken)
    ran = run("inspect", deposit(make.small_deposit))
    assert ran.code == 3
    assert "bug" in ran.err
    trace = Path(ran.err.rsplit("file ", 1)[1].strip().rstrip("."))
    assert "ZeroDivisionError" in trace.read_text()
    trace.unlink()


def test_no_name_reaches_the_terminal_raw(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Escape sequences, line ends and markup in names stay text, in every command that prints names."""

    def hostile(folder: Path) -> Path:
        make.small_deposit(folder)
        make.lsm(folder / "\x1b]0;title\x07[red]b:smile:[].lsm")
        (folder / "a\ncopy EVIL").write_text("x")
        return folder

    source = deposit(hostile)
    name = next(path for path in source.iterdir() if path.name.startswith("\x1b"))
    for arguments in (
        ("inspect", source),
        ("build", "--dry-run", "--draft", source, tmp_path / "bag"),
        ("convert", name, tmp_path / "out"),
        ("sequences", source),
    ):
        ran = run(*arguments)
        assert "\x1b" not in ran.out + ran.err
        assert "\ncopy EVIL" not in ran.out
        if arguments[0] == "inspect":
            assert "[red]b:smile:[].lsm" in ran.out


# A bag stays what it was.


@pytest.mark.parametrize(
    "change",
    [
        ("--add", "{file}=data/junk/new.txt"),
        ("--unset", "Source-Organization"),
        ("--remove", "data/processed/MAX_fibroblasts.tif"),
        ("--remove", "data/readme/README.txt"),
        ("--drop-algorithm", "sha512"),
    ],
)
def test_an_update_that_would_break_a_promise_is_refused(
    bag: Path, run: Run, tmp_path: Path, change: tuple[str, str]
) -> None:
    """A bag that was valid by its profile, tiers and sidecars is so afterwards, or is not changed."""
    (tmp_path / "new.txt").write_text("x")
    before = make.snapshot(bag)
    ran = run("update", bag, change[0], change[1].format(file=tmp_path / "new.txt"))
    assert ran.code == 3
    assert "nothing was changed" in ran.err
    assert make.snapshot(bag) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_update_that_keeps_every_promise_is_made(bag: Path, run: Run) -> None:
    """A label and a stronger checksum, for example."""
    assert run("update", bag, "--set", "Contact-Name: Doe, Chris", "--add-algorithm", "sha3-512").code == 0
    assert validate_bag(bag, pixels=True).verdict is Verdict.VALID


def test_no_command_writes_anything_new_into_a_bag(bag: Path, run: Run, tmp_path: Path) -> None:
    """Neither images, nor archives, nor other bags."""
    lsm = make.lsm(tmp_path / "cells.lsm")
    other = make.demo_deposit(tmp_path / "other")
    run("pack", bag, tmp_path / "bag.zip")
    before = make.snapshot(bag)
    for arguments in (
        ("convert", lsm, bag / "data/processed"),
        ("pack", bag, bag / "data/bag.zip"),
        ("unpack", tmp_path / "bag.zip", bag / "data/again"),
        ("split", bag, bag / "parts", "--max-size", "1MB"),
        ("build", other, bag / "data/new"),
    ):
        assert run(*arguments).code == 3, arguments
    assert make.snapshot(bag) == before


def test_an_interruption_that_a_library_swallowed_is_still_one(
    deposit: Watch, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some libraries make an error of their own out of it; the user pressed Ctrl-C and found no bug."""
    import confocal_bag.inspect.inspecting as module

    def wrapped(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupt:
            raise ValueError("could not build the model") from interrupt

    monkeypatch.setattr(module, "take_inventory", wrapped)
    ran = run("inspect", deposit(make.small_deposit))
    assert ran.code == 130
    assert ran.err.startswith("confocal-bag: Interrupted.")


def test_parts_that_cannot_be_made_are_refused_before_the_build(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """Not after everything was copied."""
    source = deposit(make.demo_deposit)
    (tmp_path / "bag.parts").mkdir()
    assert run("build", source, tmp_path / "bag", "--max-size", "1MB").code == 3
    both = ("--max-size", "1MB", "--raw-by-reference", "https://example.org/raw")
    assert run("build", source, tmp_path / "bag", *both).code == 2
    assert not (tmp_path / "bag").exists()
    (tmp_path / "bag.parts").rmdir()
    assert run("build", source, tmp_path / "bag", "--max-size", "400kB").code == 0
    parts = sorted((tmp_path / "bag.parts").iterdir())
    assert len(parts) > 1
    assert run("validate", *parts).code == 0
