"""`confocal-bag report`, and .html as the output of other commands."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests import make
from tests.recording import Ran

Runner = Callable[..., Ran]


def read(path: Path) -> Any:
    """The page at a path."""
    from lxml import html

    return html.document_fromstring(path.read_text(encoding="utf-8"))


def untimed(text: str) -> str:
    """The same text without the times at which runs ended."""
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "then", text)


def section(page: Any, name: str) -> str:
    """The text of one section, empty where there is none."""
    found = page.xpath(f"//section[h2[@id='r1-{name}']]")
    return " ".join(found[0].text_content().split()) if found else ""


@pytest.fixture
def page(run: Runner, built: Path, tmp_path: Path) -> Any:
    """The page of the demonstration bag."""
    result = run("report", built, "-o", tmp_path / "page.html")
    assert (result.code, result.out) == (0, "")
    return read(tmp_path / "page.html")


def test_the_page_of_a_bag_shows_all_that_the_bag_keeps(page: Any) -> None:
    """Tiers, formats, proof, tree, fixity, provenance."""
    assert page.xpath("//strong[@class='verdict valid']")
    assert page.xpath("//ol[@class='levels']/li/@class") == ["reached"] * 3
    for tier in ("raw", "transformed", "processed", "readme", "metadata"):
        assert tier in section(page, "files")
    assert "Zeiss LSM" in section(page, "files")
    assert "every copy has those of its source" in section(page, "proof")
    assert page.xpath("//section[h2[@id='r1-tree']]//*[local-name()='svg']")
    assert "Every file has the checksum its manifests listyes" in section(page, "fixity")
    assert "migration" in section(page, "provenance")
    assert "planes read again from the result; all equal" in section(page, "provenance")
    assert "complete" in section(page, "sequences")


def test_the_page_is_headed_by_the_dataset(page: Any, built: Path) -> None:
    """Title, creators, licence; a finished bag is no draft, and its images come before the list of findings."""
    head = " ".join(page.xpath("string(//header)").split())
    info = dict(line.split(": ", 1) for line in (built / "bag-info.txt").read_text().splitlines() if ": " in line)
    assert info["External-Description"] in head
    assert "CC0-1.0" in head
    assert "Rossi" in head or "Creator" in head
    assert not page.xpath("//strong[@class='draft']")
    sections = page.xpath("//section/h2/@id")
    assert sections.index("r1-images") < sections.index("r1-findings")


def test_the_page_of_a_draft_says_so_beside_the_verdict(run: Runner, tmp_path: Path) -> None:
    """And a title of code stays text."""
    deposit = make.small_deposit(tmp_path / "deposit")
    description = tmp_path / "d.yaml"
    description.write_text("title: <script>alert(1)</script>\n", encoding="utf-8")
    assert run("build", deposit, tmp_path / "bag", "--draft", "--description", description).code == 0
    assert run("report", tmp_path / "bag", "-o", tmp_path / "page.html").code == 0
    page = read(tmp_path / "page.html")
    assert page.xpath("string(//strong[@class='draft'])") == "DRAFT"
    assert "<script>alert(1)</script>" in page.xpath("string(//h1)")
    assert len(page.xpath("//script")) == 1


def test_the_page_counts_every_payload_file_of_a_bag(page: Any, built: Path) -> None:
    """Also those that the inventory cannot list: itself, and what is written after it."""
    payload = [path for path in (built / "data").rglob("*") if path.is_file()]
    files = section(page, "files")
    assert f"all{len(payload)}" in files.replace(" ", "")
    assert f"payload files{len(payload)}" in section(page, "fixity")
    for ending, known in ((".csv", "CSV"), (".json", "JSON")):
        number = sum(path.suffix == ending for path in payload)
        (row,) = page.xpath(f"//tr[th/bdi='{known}']")
        assert row.xpath("string(./td[@class='num'])") == str(number)


def test_the_checklist_of_a_bag_speaks_of_the_bag(run: Runner, page: Any, bag: Path, tmp_path: Path) -> None:
    """Its manifests were tested, or are wrong, or were not looked at; its images count with the copies made."""

    def fixity(page: Any) -> list[str]:
        (row,) = page.xpath("//tr[th/span='R6']")
        return [cell.text_content() for cell in row.xpath("./td")]

    assert "A3 and R6 are told of the bag as it is" in section(page, "fair")
    assert "10 image files in open formats, among them 1 copy made by the build" in section(page, "fair")
    number = sum(path.is_file() for path in (bag / "data").rglob("*"))
    assert fixity(page) == ["pass", f"payload files: {number}, each there and with the checksums of the manifests"]
    run("report", bag, "--fast", "-o", tmp_path / "fast.html")
    assert fixity(read(tmp_path / "fast.html"))[0] == "not testable"
    with (bag / "data/readme/methods.txt").open("a") as stream:
        stream.write("!")
    run("report", bag, "-o", tmp_path / "wrong.html")
    outcome, told = fixity(read(tmp_path / "wrong.html"))
    assert outcome == "fail"
    assert "methods.txt" in told


def test_each_image_has_a_card(page: Any) -> None:
    """The stack with composite, depth and channels; the sequence as one; the projection. The copy has none."""
    names = ["".join(card.xpath("./header/h3//text()")).strip() for card in page.xpath("//article[@class='card']")]
    assert len(names) == 3
    assert names[0].endswith("MAX_fibroblasts.tif")
    (stack,) = [
        card for card in page.xpath("//article[@class='card']") if "fibroblasts.lsm" in card.xpath("string(header/h3)")
    ]
    assert len(stack.xpath(".//figure[@class='composite']//img")) == 1
    assert len(stack.xpath(".//ul[@class='thumbs']//img")) == 2
    (depth,) = stack.xpath(".//figure[@class='depth']")
    assert depth.get("data-frames") == str(len(depth.get("data-depths").split()))
    text = " ".join(stack.text_content().split())
    assert "Plan-Apochromat 63x/1.4" in text
    assert "data/transformed/fibroblasts.lsm.ome.tiff" in text


def test_the_walk_through_depth_has_one_picture_with_all_frames(page: Any) -> None:
    """Its height is that of a frame times their number, and the style knows the shape of a frame."""
    for figure in page.xpath("//figure[@class='depth']"):
        frames = int(figure.get("data-frames"))
        (picture,) = figure.xpath(".//img")
        height, width = int(picture.get("height")), int(picture.get("width"))
        assert height % frames == 0
        shape = figure.xpath("./div/@class")[0].split()[1]
        assert f".{shape}{{aspect-ratio:{width}/{height // frames}}}" in page.xpath("//style")[0].text


def test_a_broken_plane_proof_is_seen(run: Runner, bag: Path, tmp_path: Path) -> None:
    """A sidecar of the copy that records another plane: the series is counted as not proven and stands first."""
    sidecar = bag / "data/metadata/ome/transformed/fibroblasts.lsm.ome.tiff.ome.xml"
    text = sidecar.read_text(encoding="utf-8")
    changed = re.sub("[0-9a-f]{40}", "0" * 40, text, count=1)
    assert changed != text
    sidecar.write_text(changed, encoding="utf-8")
    assert run("report", bag, "-o", tmp_path / "page.html").code == 1
    page = read(tmp_path / "page.html")
    assert "1 image is not proven" in section(page, "proof")
    planes, equal = page.xpath("//section[h2[@id='r1-proof']]//tbody/tr[1]/td[position()=2 or position()=4]")
    assert equal.text_content() == f"{int(planes.text) - 1} of {planes.text}"
    assert "Every file has the checksum its manifests listno" in section(page, "fixity")


def test_any_bag_has_a_page(run: Runner, tmp_path: Path) -> None:
    """One of another program, with an image and a sequence with a hole; one without any image."""
    bag = tmp_path / "foreign"
    make.lsm(bag / "deep" / "cells.lsm")
    make.plane_sequence(bag / "planes", planes=4)[2].unlink()
    bagit.make_bag(str(bag))
    assert run("report", bag, "-o", tmp_path / "page.html").code == 0
    page = read(tmp_path / "page.html")
    assert "1 plane missing" in section(page, "sequences")
    assert "data/deep/cells.lsm" in section(page, "images")
    assert page.xpath("//img")
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "note.txt").write_text("No image.\n")
    bagit.make_bag(str(plain))
    assert run("report", plain, "-o", tmp_path / "plain.html").code == 0
    assert not read(tmp_path / "plain.html").xpath("//img")
    assert "does not look into zip files" not in read(tmp_path / "plain.html").text_content()


def test_the_page_of_a_foreign_bag_says_that_zip_files_stay_closed(run: Runner, tmp_path: Path) -> None:
    """So that nobody takes the page for one of all images."""
    scans = make.lsm(tmp_path / "scans" / "cells.lsm").parent
    (tmp_path / "foreign").mkdir()
    shutil.make_archive(str(tmp_path / "foreign" / "scans"), "zip", scans)
    bagit.make_bag(str(tmp_path / "foreign"))
    assert run("report", tmp_path / "foreign", "-o", tmp_path / "page.html").code == 0
    assert "does not look into zip files, of which the payload has 1." in read(tmp_path / "page.html").text_content()


def test_a_bag_in_an_archive_shows_its_images(run: Runner, built: Path, tmp_path: Path) -> None:
    """They are unpacked for the while; what is no sound archive has a page without them."""
    archive = shutil.make_archive(str(tmp_path / "bag"), "zip", built.parent, built.name)
    assert run("report", archive, "-o", tmp_path / "page.html").code == 0
    assert len(read(tmp_path / "page.html").xpath("//article[@class='card']")) == 3


def test_the_page_of_a_deposit_has_pictures_too(run: Runner, tmp_path: Path) -> None:
    """From a folder and from a zip file alike."""
    deposit = make.small_deposit(tmp_path / "deposit")
    archive = shutil.make_archive(str(tmp_path / "zipped"), "zip", deposit)
    for subject in (deposit, archive):
        run("report", subject, "-o", tmp_path / "page.html", "--fail-on", "never")
        page = read(tmp_path / "page.html")
        assert len(page.xpath("//article[@class='card']")) == 2
        assert "Ask the depositor" in section(page, "tree")


def test_an_output_called_html_is_a_page(run: Runner, built: Path, tmp_path: Path) -> None:
    """Of inspect and validate; a page is replaced by a later one, another HTML file is not."""
    deposit = make.small_deposit(tmp_path / "deposit")
    target = tmp_path / "page.html"
    run("inspect", deposit, "-o", target, "--fail-on", "never")
    assert read(target).xpath("//article[@class='card']//img")
    assert run("validate", built, "-o", target).code == 0
    assert read(target).xpath("//strong[@class='verdict valid']")
    target.write_text("<!DOCTYPE html><title>Mine</title>")
    result = run("validate", built, "-o", target)
    assert result.code == 3
    assert "is not a report of confocal-bag" in result.err


def test_no_page_is_written_into_its_subject(run: Runner, built: Path, tmp_path: Path) -> None:
    """Neither into a bag nor into a deposit, nor into the subject of a saved run."""
    saved = tmp_path / "run.json"
    run("validate", built, "--format", "json", "-o", saved)
    for subject in (built, saved):
        assert run("report", subject, "-o", built / "page.html").code == 3
    assert not (built / "page.html").exists()


def test_a_saved_run_is_shown_again(run: Runner, built: Path, tmp_path: Path) -> None:
    """As the same page where the subject is still there; without pictures, which is said, where it is not."""
    moved = shutil.copytree(built, tmp_path / "moved")
    run("validate", moved, "--format", "json", "-o", tmp_path / "run.json")
    run("validate", moved, "-o", tmp_path / "first.html")
    run("report", tmp_path / "run.json", "-o", tmp_path / "again.html")
    first, again = (untimed((tmp_path / f"{name}.html").read_text()) for name in ("first", "again"))
    assert again == first
    deposit = make.small_deposit(tmp_path / "deposit")
    run("inspect", deposit, "--format", "json", "-o", tmp_path / "deposit.json")
    shutil.rmtree(moved)
    shutil.rmtree(deposit)
    assert run("report", tmp_path / "run.json", tmp_path / "deposit.json", "-o", tmp_path / "gone.html").code == 0
    page = read(tmp_path / "gone.html")
    assert not page.xpath("//img")
    assert "The bag is not at hand" in page.text_content()
    assert "The deposit is not at hand" in page.text_content()
    assert page.xpath("//table[@class='overview']")


def test_a_saved_run_can_take_any_form(run: Runner, built: Path, tmp_path: Path) -> None:
    """JSON comes out as it went in, but for its name of the program's version; text has the verdict."""
    run("validate", built, "--format", "json", "-o", tmp_path / "run.json")
    again = run("report", tmp_path / "run.json", "--format", "json")
    assert json.loads(again.out) == json.loads((tmp_path / "run.json").read_text())
    assert "valid" in run("report", tmp_path / "run.json", "--format", "text").out
    run("validate", built, "--format", "jsonl", "-o", tmp_path / "run.jsonl")
    lines = run("report", tmp_path / "run.jsonl", "--format", "json").out
    assert json.loads(untimed(lines)) == json.loads(untimed(again.out))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ('{"record": 1}', "command"),
        ('{"record": 9, "command": "x", "subject": "y", "verdict": "valid"}', "newer confocal-bag"),
        ("[]", "holds no run"),
        ('{"record": 1, "command": "x", "subject": "y", "verdict": "valid", "files": [{"path": 3}]}', "files.0"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_saved_run_is_refused(run: Runner, tmp_path: Path, content: str, said: str) -> None:
    """In a sentence that says what was expected."""
    saved = tmp_path / "run.json"
    saved.write_text(content)
    result = run("report", saved, "-o", tmp_path / "page.html")
    assert result.code == 3
    assert said in result.err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.slow
def test_what_a_bag_keeps_may_be_damaged(run: Runner, bag: Path, tmp_path: Path) -> None:
    """The page is made all the same, and says what could not be read."""
    for name in ("inventory.csv", "events.jsonl", "findings.json"):
        (bag / "data/metadata" / name).write_bytes(b"\xff{[nothing")
    assert run("report", bag, "-o", tmp_path / "page.html").code == 1
    text = read(tmp_path / "page.html").text_content()
    for name in ("inventory.csv", "events.jsonl", "findings.json"):
        assert f"data/metadata/{name} could not be read for this page" in text
    assert read(tmp_path / "page.html").xpath("//article[@class='card']//img")


def test_pictures_are_sampled_and_that_is_said(run: Runner, tmp_path: Path) -> None:
    """The others are in a table; with none, no picture is made."""
    deposit = tmp_path / "deposit"
    deposit.mkdir()
    for name in ("ant", "bee", "cow", "dog", "elk"):
        write_lsm(deposit / f"{name}.lsm", cell_stack(planes=1, size=32))
    run("report", deposit, "-o", tmp_path / "page.html", "--pictures", 2, "--fail-on", "never")
    page = read(tmp_path / "page.html")
    assert len(page.xpath("//article[@class='card']")) == 2
    assert "Pictures of 2 of 5 images" in section(page, "images")
    assert "3 images without pictures here" in section(page, "images")
    run("report", deposit, "-o", tmp_path / "page.html", "--pictures", 0, "--fail-on", "never")
    assert not read(tmp_path / "page.html").xpath("//img")
    assert "No pictures were made of 5 images" in section(read(tmp_path / "page.html"), "images")


def test_an_image_that_cannot_be_read_says_why(run: Runner, tmp_path: Path) -> None:
    """And keeps the others from nothing."""
    deposit = make.small_deposit(tmp_path / "deposit")
    whole = (deposit / "cells.lsm").read_bytes()
    (deposit / "torn.lsm").write_bytes(whole[: len(whole) // 2])
    run("report", deposit, "-o", tmp_path / "page.html", "--fail-on", "never")
    page = read(tmp_path / "page.html")
    assert "torn.lsm" in section(page, "images")
    assert str(tmp_path) not in section(page, "images")
    assert len(page.xpath("//article[@class='card']//figure[@class='composite']")) == 2
