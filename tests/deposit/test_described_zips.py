"""Images inside zip files are images wherever loose ones are: drafted from, compared, counted and listed."""

import zipfile
from pathlib import Path

import pytest

from confocal_bag.asking import ask_depositor
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.description.draft import draft_description
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.refresh import refresh_description
from confocal_bag.findings import Finding
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests import make

SCHEMA = "schema: confocal-bag/deposit/1\n"
NO_FACTS = (
    SCHEMA
    + """\
acquisitions:
  - id: a1
    pixel_size_um:
    channels:
      - channel: c0
      - channel: c1
"""
)
WRONG_SIZE = SCHEMA + (
    "acquisitions: [{id: a1, pixel_size_um: [0.5, 0.5]}, {id: a2}]\n"
    'files: [{path: "*.zip", acquisition: a1}]\nchannels: [{id: c0}]\n'
)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A deposit of one zip file that holds one image."""
    image = make.lsm(tmp_path / "cell.lsm")
    (tmp_path / "deposit").mkdir()
    with zipfile.ZipFile(tmp_path / "deposit" / "scans.zip", "w") as archive:
        archive.write(image, "day1/cell.lsm")
        archive.writestr("notes.txt", "notes")
    return tmp_path / "deposit"


def inspected(deposit: Path, text: str | None = None) -> Inspection:
    """A deposit with what this text says of it."""
    if text is None:
        return inspect_deposit(deposit)
    path = deposit.parent / "said.yaml"
    path.write_text(text)
    return inspect_deposit(deposit, description=path)


def found(inspection: Inspection, rule: str) -> list[Finding]:
    """What one rule found."""
    return [one for one in inspection.findings if one.rule == rule]


def test_a_draft_says_what_the_header_in_the_zip_records(scans: Path) -> None:
    """The size of a pixel, the objective and each channel, and the image has an entry without a tier of its own."""
    inspection = inspected(scans)
    text = draft_description(inspection.inventory, level=PracticeLevel.MINIMUM)
    said = read_description(text).description
    assert said.acquisitions[0].pixel_size_um == (0.09, 0.09)
    assert said.instruments[0].objective.na == 1.4
    assert [one.fluor for one in said.channels] == ["DAPI", "Alexa Fluor 488"]
    assert [(one.path, one.tier, one.acquisition) for one in said.files] == [
        ("scans.zip", Tier.RAW, ()),
        ("scans.zip!/day1/cell.lsm", None, ("a1",)),
    ]
    assert "# from scans.zip!/day1/cell.lsm" in text


def test_the_depositor_is_not_asked_what_the_header_in_the_zip_records(scans: Path) -> None:
    """The size of a pixel and the aperture are known; the microscope is not, and is asked of this image."""
    asked = ask_depositor(inspected(scans), aim=PracticeLevel.MINIMUM, size="19 kB")
    fields = [cell.field for one in asked.requests.now for cell in one.cells]
    assert not [field for field in fields if field.startswith("channels[c") or field.endswith(("pixel_size_um", ".na"))]
    (model,) = (one for one in asked.requests.now if any("microscope.model" in cell.field for cell in one.cells))
    assert "1 image that we could read" in " ".join(asked.letter().split())
    assert model.shown == ("scans.zip!/day1/cell.lsm",)


def test_a_wrong_answer_contradicts_the_header_in_the_zip(scans: Path) -> None:
    """Also where only the entry of the zip file says how its images were taken."""
    (finding,) = found(inspected(scans, WRONG_SIZE), "description.contradicts-header")
    assert "0.5" in finding.message
    assert "0.09" in finding.message
    assert "scans.zip!/day1/cell.lsm" in finding.message
    right = WRONG_SIZE.replace("[0.5, 0.5]", "[0.09, 0.09]")
    assert not found(inspected(scans, right), "description.contradicts-header")


def test_an_entry_for_an_image_in_a_zip_names_a_file(scans: Path) -> None:
    """A path with the mark is a path of the deposit; a wrong one is none."""
    entry = SCHEMA + 'files: [{path: "scans.zip!/day1/cell.lsm", description: one cell}]\n'
    assert not found(inspected(scans, entry), "description.no-such-file")
    assert found(inspected(scans, entry.replace("day1", "day2")), "description.no-such-file")


def test_refreshing_fills_in_what_the_header_in_the_zip_records_once(scans: Path) -> None:
    """An entry of the zip that says how it was taken speaks of its images, so that none is added for them."""
    inventory = inspected(scans).inventory
    text = NO_FACTS + "files:\n  - path: scans.zip\n    acquisition: a1\n"
    refreshed = refresh_description(text, inventory)
    said = read_description(refreshed).description
    assert said.acquisitions[0].pixel_size_um == (0.09, 0.09)
    assert [one.path for one in said.files] == ["scans.zip"]
    assert refresh_description(refreshed, inventory) == refreshed
    silent = read_description(refresh_description(text.replace("    acquisition: a1\n", ""), inventory)).description
    assert [one.path for one in silent.files] == ["scans.zip", "scans.zip!/day1/cell.lsm"]


def test_images_in_zips_are_counted_and_tested(scans: Path) -> None:
    """By the summary, and by the FAIR test whether images can be viewed."""
    inspection = inspected(scans)
    assert inspection.report("deposit").summary["images"] == 1
    (viewable,) = (one for one in inspection.fair_document if one["id"] == "A3")
    assert "1 that a build converts to OME-TIFF" in viewable["evidence"]


def test_what_is_in_a_processed_zip_is_processed(scans: Path) -> None:
    """The tier of the zip holds for the images in it."""
    entry = SCHEMA + "files: [{path: scans.zip, tier: processed}]\n"
    assert [one.tier for one in inspected(scans, entry).inventory.inner] == [Tier.PROCESSED]
    assert [one.tier for one in inspected(scans).inventory.inner] == [Tier.RAW]


def test_the_readme_lists_the_images_in_zips(scans: Path, tmp_path: Path) -> None:
    """With their place in the bag; it does not say that no image could be read."""
    build_bag(scans, tmp_path / "bag", BuildOptions(draft=True))
    readme = (tmp_path / "bag/data/readme/README.txt").read_text()
    assert "No image of this dataset could be read" not in readme
    assert "data/raw/scans.zip!/day1/cell.lsm" in readme
    assert "24 x 24 pixels" in readme
    methods = " ".join((tmp_path / "bag/data/metadata/methods.txt").read_text().split())
    assert "data/raw/scans.zip!/day1/cell.lsm" in methods
    assert "For channel Ch2" in methods
