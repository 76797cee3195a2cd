"""The readme of a dataset: everything the guides ask for, and nothing that a value could forge."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.deposit.description.file import draft_description, load_description, read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.readme import (
    ConversionFacts,
    ReadmeFacts,
    StackFacts,
    render_readme,
    summarize_dimensions,
)
from confocal_bag.deposit.inventory import LeftOut
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ImageRecord, InstrumentRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import BARE, COMPLETE, GREEN, STACK, file, inventory, stack, two_cells

HEADINGS = [
    "1. GENERAL INFORMATION",
    "2. SHARING AND ACCESS",
    "3. WHAT WAS IMAGED",
    "4. CHANNELS AND WHAT THEY SHOW",
    "5. EQUIPMENT",
    "6. ACQUISITION SETTINGS",
    "7. METHODS",
    "8. FILES",
    "9. IMAGES",
    "10. STACKS OF SINGLE-PLANE FILES",
    "11. CONVERSIONS AND THEIR PROOF",
    "12. COMPRESSION AND LOSS",
    "13. HOW TO CHECK THIS BAG",
]


def readme(**changes: Any) -> str:
    """The readme of two stacks, changed as asked."""
    facts: dict[str, Any] = {
        "description": read_description(COMPLETE).description,
        "inventory": two_cells(),
        "level_claimed": PracticeLevel.GOOD_ENOUGH,
        "level_reached": PracticeLevel.MINIMUM,
        "draft": False,
        "tool_version": "9.9",
        "bag_name": "cells",
        "created": date(2026, 1, 2),
    }
    return render_readme(ReadmeFacts(**(facts | changes)))


def flat(text: str) -> str:
    """The text with its line breaks undone."""
    return " ".join(text.split())


def headings(text: str) -> list[str]:
    """What stands above a rule of hyphens in the first column."""
    return re.findall(r"^(\S.*)\n-{3,}$", text, re.MULTILINE)


def test_a_full_readme_says_what_the_guides_ask_for() -> None:
    """The Cornell guide's minimum, the primer's documentation points and core elements."""
    text = flat(readme())
    for said in (
        "README: Stacks of dividing fibroblasts",
        "https://doi.org/10.5072/example",
        "Ada Lovelace",
        "ada@example.org",
        "NC State University, ROR https://ror.org/04tj63d06",
        "1 Main Street, Raleigh",
        "Data collected: 2019-04-17",
        "Where collected: Raleigh",
        "Intended audience: researchers",
        "claimed good-enough; reached minimum",
        "Licence: CC0-1.0",
        "the primer recommends the CC0 public domain dedication",
        "Lovelace, Ada (2019): Stacks of dividing fibroblasts. Version 1.0. Example Repository.",
        "Organism: Mus musculus (NCBITaxon:10090)",
        "Origin: Primary cells of strain C57BL/6J",
        "Fixation: formaldehyde fixed tissue (FBbi:00000010)",
        "Sectioning: none",
        "Mounting: ProLong Gold, coverslip #1.5H",
        "Channel c0: tubulin",
        "Probe: DM1A mAb (RRID:AB_477593)",
        "Microscope: Zeiss LSM 880",
        "numerical aperture 1.4",
        "Pixel size: 0.0902 x 0.0902 µm",
        "Pinhole: 1 Airy unit",
        "Averaging: each line 4 times, Average",
        "c0 (tubulin): laser l0 at 2 %, detector d0, gain 650 V, band 499 to 553 nm",
        "Fixed and stained.",
        "Calibration: Beads of 100 nm",
        "lengths in micrometres (µm)",
    ):
        assert said in text, said


def test_the_worked_example_is_rendered(shared: Path) -> None:
    """The example description of the facts becomes a readme without a gap in its sections."""
    loaded = load_description(shared / "facts" / "deposit.example.yaml")
    text = readme(description=loaded.description)
    assert headings(text) == HEADINGS
    assert "mitochondria" in text
    assert "IsDocumentedBy" in text
    assert "    ..." not in text


def test_every_section_is_there_even_if_nothing_is_known() -> None:
    """A nearly empty deposit says "not recorded" rather than leaving things out."""
    assert headings(readme()) == HEADINGS
    text = readme(description=Description(), inventory=inventory(), level_reached=None)
    assert headings(text) == HEADINGS
    for label in ("Title", "Summary", "Licence", "Data collected", "Contact", "Keywords", "Human subjects"):
        assert re.search(rf"^  {label}: +not recorded$", text, re.MULTILINE), label
    assert "None" not in text
    assert "No image of this dataset could be read." in text


def test_lines_are_short_clean_and_end_in_line_feeds() -> None:
    """About 80 columns, no blanks at the ends, one line feed at the end."""
    text = readme()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
    assert "\n\n\n" not in text
    assert max(map(len, text.split("\n"))) <= 80
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_the_file_table_says_what_each_file_is_and_comes_from() -> None:
    """Path, tier, format, size, contents and source; the place in the bag where it is known."""
    places = {PurePosixPath("raw/cell01.czi"): PurePosixPath("raw/cell01.czi")}
    text = readme(places=places)
    assert re.search(r"^  data/raw/cell01\.czi +raw +Zeiss CZI +1,234,567$", text, re.MULTILINE)
    assert re.search(r"^  transformed/cell01\.ome\.tif +transformed +OME-TIFF +1,234,567$", text, re.MULTILINE)
    assert "      Stack of one cell as acquired\n" in text
    assert "      made from: raw/cell01.czi\n" in text
    assert re.search(r"^  raw: +2 files, 2,469,134 bytes$", text, re.MULTILINE)
    assert re.search(r"^  together: +3 files, 3,703,701 bytes$", text, re.MULTILINE)


def test_images_alike_are_described_once_and_each_is_named() -> None:
    """Dimensions in words, what each channel shows, the instrument, and every file."""
    text = flat(readme())
    assert "2 channels x 10 z-planes x 512 rows x 512 columns, 16-bit; pixel 0.0902 x 0.0902 µm, z step 0.5 µm" in text
    assert "Channel 1: tubulin (shows alpha-tubulin; DM1A mAb (RRID:AB_477593); excited at 488 nm" in text
    assert "Instrument: Zeiss LSM 880, Plan-Apochromat 63x/1.4 Oil DIC M27, numerical aperture 1.4" in text
    assert "3 images: raw/cell01.czi, taken 2019-04-17 raw/cell02.czi, taken 2019-04-17 transformed/" in text


def test_series_incomplete_and_unreadable_images_are_told() -> None:
    """A file with several images numbers them; what is missing is said."""
    deposit = inventory(
        file("raw/all.lif", "lif", Tier.RAW, STACK, stack(series=1, name="Pos 2", complete=False)),
        file("raw/broken.nd2", "nd2", Tier.RAW, problem="the file ends early"),
    )
    text = flat(readme(inventory=deposit))
    assert 'image 2 of 2 "Pos 2", taken 2019-04-17, INCOMPLETE' in text
    assert "raw/broken.nd2, the file ends early" in text


def test_stacks_and_conversions_are_told_with_their_proof() -> None:
    """Planes proven, and gaps in stacks of single-plane files."""
    text = flat(
        readme(
            stacks=[StackFacts(folder="raw/s", stem="cell_z", axes="Z 1 to 40", count=39, problems=("7 is missing",))],
            conversions=[
                ConversionFacts(source="raw/a.lif", result="transformed/a.ome.tif", planes=20, series_name="Pos 1")
            ],
        )
    )
    assert "raw/s/cell_z Axes: Z 1 to 40 Files: 39 Problems: 7 is missing" in text
    assert "raw/a.lif -> transformed/a.ome.tif Planes equal: 20 Image: Pos 1" in text
    assert "Each plane of the result was read again" in text
    assert "No file was converted" in flat(readme())


def test_files_compressed_with_loss_carry_the_primers_warning() -> None:
    """A JPEG, and an image whose header says so; where nobody can tell, the readme says that."""
    deposit = inventory(
        file("fig.jpg", "jpeg", Tier.PROCESSED),
        file("raw/a.nd2", "nd2", Tier.RAW, stack(lossy=True)),
        file("raw/b.czi", "czi", Tier.RAW, stack(lossy=None)),
    )
    text = readme(inventory=deposit)
    section = text[text.index("12. COMP") :]
    assert "no action that can recover lost bytes" in flat(section)
    assert "    fig.jpg\n" in section
    assert "    raw/a.nd2\n" in section
    assert "    raw/b.czi\n" not in section
    assert "1 of the images do not say" in flat(section)
    assert "No file is known to have been compressed with loss" in readme()


def test_what_was_left_out_is_listed() -> None:
    """With the reason."""
    deposit = replace(two_cells(), left_out=(LeftOut(path=PurePosixPath("raw/.DS_Store"), reason="macOS settings"),))
    assert "    raw/.DS_Store, macOS settings\n" in readme(inventory=deposit)


def test_the_reader_learns_how_to_check_the_bag() -> None:
    """Commands that can be copied, with a name that needs quoting quoted."""
    text = readme(bag_name="my bag; rm")
    assert "    confocal-bag validate 'my bag; rm'\n" in text
    assert "    sha512sum --check --quiet manifest-sha512.txt\n" in text


def test_a_draft_is_marked() -> None:
    """And a finished bag is not."""
    assert "DRAFT:" in readme(draft=True)
    assert "DRAFT" not in readme()


def test_placeholders_are_not_printed_as_answers() -> None:
    """TODO is nothing that a reader should see."""
    text = readme(
        description=read_description("title: Cells\nabstract: TODO\nprotocols: {acquisition: '...'}\n").description
    )
    assert "TODO" not in text
    assert re.search(r"^  Summary: +not recorded$", text, re.MULTILINE)


def test_a_draft_description_gives_a_readme_without_comments() -> None:
    """What a bag holds when nobody has described the deposit."""
    said = read_description(draft_description(two_cells(), level=PracticeLevel.MINIMUM)).description
    text = readme(description=said)
    assert "LSM 880" in text
    assert "Example" not in text


HOSTILE = "x\n99. FORGED\n----------\r\n\x1b[31m\u2028=====\u202e| a | b\x00 {{ 1 + 1 }} {% raw %} 2. SHARING\n---"


def test_no_value_can_forge_a_heading_or_a_line() -> None:
    """Line breaks, control characters and template syntax in any value stay inside their place."""
    said = Description.model_validate(
        {
            "title": HOSTILE,
            "abstract": HOSTILE,
            "creators": [{"family": HOSTILE, "email": HOSTILE}],
            "license": {"spdx": HOSTILE, "statement": HOSTILE},
            "specimens": [{"id": HOSTILE, "origin": HOSTILE}],
            "channels": [{"id": HOSTILE, "name": HOSTILE, "probe": HOSTILE}],
            "instruments": [{"id": HOSTILE, "microscope": {"model": HOSTILE}, "lasers": [{"id": HOSTILE}]}],
            "acquisitions": [{"id": HOSTILE, "channels": [{"channel": HOSTILE}]}],
            "protocols": {"processing": HOSTILE},
            "files": [{"path": "*", "description": HOSTILE, "derived_from": [HOSTILE]}],
        }
    )
    image = stack(name=HOSTILE, dtype=HOSTILE, channels=(replace(GREEN, name=HOSTILE),))
    deposit = replace(
        inventory(
            file(HOSTILE.replace("\x00", ""), "czi", Tier.RAW, image, image, problem=HOSTILE),
            file("caf\udce9.czi", "czi", Tier.RAW),
        ),
        left_out=(LeftOut(path=PurePosixPath(HOSTILE), reason=HOSTILE),),
    )
    text = readme(
        description=said,
        inventory=deposit,
        bag_name=HOSTILE,
        stacks=[StackFacts(folder=HOSTILE, stem=HOSTILE, axes=HOSTILE, count=1, problems=(HOSTILE,))],
        conversions=[ConversionFacts(source=HOSTILE, result=HOSTILE, planes=1, series_name=HOSTILE)],
    )
    text.encode("utf-8")
    assert headings(text) == HEADINGS
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "{{ 1 + 1 }}" in text
    assert "caf\\xe9.czi" in text
    unindented = [line for line in text.split("\n") if line and not line.startswith(" ")]
    assert not any(line.startswith(("99", "=====|", "---")) for line in unindented if set(line) - set("=-"))


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_any_text_stays_behind_its_label(text: str) -> None:
    """Whatever the abstract is, the headings stay the same."""
    assert headings(readme(description=Description.model_validate({"abstract": text}))) == HEADINGS


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (
            STACK,
            "2 channels x 10 z-planes x 512 rows x 512 columns, 16-bit; pixel 0.0902 x 0.0902 µm, z step 0.5 µm",
        ),
        (BARE, "64 rows x 48 columns, 8-bit; pixel size not recorded"),
        (
            stack(axes={"Z": 3, "T": 4, "Y": 1, "X": 5, "S": 3}, dtype="float32", pixel_size_um=PixelSize(x=1.0)),
            "3 z-planes x 4 time points x 1 row x 5 columns x 3 colour samples, 32-bit floating point; "
            "pixel 1 µm wide, height not recorded, z step not recorded, time step not recorded",
        ),
        (
            ImageRecord(
                series=0, name="", axes={"T": 2, "Z": 8, "X": 9}, dtype="int16", time_increment_s=0.5,
                pixel_size_um=PixelSize(x=0.5, z=2.0),
            ),
            "2 time points x 8 z-planes x 9 columns, 16-bit signed; pixel 0.5 µm wide, z step 2 µm, time step 0.5 s",
        ),
        (
            ImageRecord(series=0, name="", axes={"Q": 2, "Y": 1, "X": 1}, dtype="odd"),
            "2 steps of axis Q x 1 row x 1 column, pixel type odd; pixel size not recorded",
        ),
    ],
)  # fmt: skip
def test_dimensions_are_spelled_out(image: ImageRecord, words: str) -> None:
    """Axes slowest first, depth, pixel size and steps; what is not recorded is said."""
    assert summarize_dimensions(image) == words


def test_a_name_is_not_what_a_channel_shows() -> None:
    """Where no target is given, the readme says so and does not put the name in its place."""
    text = readme(description=read_description("channels: [{id: c0, name: Ch1, probe: DAPI}]\n").description)
    assert re.search(r"Channel c0: Ch1\n\n    Shows: +not recorded\n    Probe: +DAPI\n", text)


def test_sizes_that_only_people_know_are_used_and_marked() -> None:
    """Pixel size, z step and time step of the acquisition stand in section 9, with where they are from."""
    bare = stack(axes={"T": 2, "Z": 3, "Y": 4, "X": 4}, channels=(), pixel_size_um=PixelSize())
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, bare))
    said = COMPLETE.replace("z_step_um: 0.5", "z_step_um: 0.5\n    time_increment_s: 2")
    text = flat(readme(description=read_description(said).description, inventory=deposit))
    assert "pixel 0.0902 x 0.0902 µm (from deposit.yaml), z step 0.5 µm (from deposit.yaml)" in text
    assert "time step 2 s (from deposit.yaml)" in text
    assert "Acquisition: a1 (see section 6)" in text
    scale = said.replace("pixel_size_um: [0.0902, 0.0902]", "scale_bar: true")
    text = flat(readme(description=read_description(scale).description, inventory=deposit))
    assert "pixel size: see the scale bar in the image (from deposit.yaml)" in text


def test_images_of_one_file_may_have_acquisitions_of_their_own() -> None:
    """Each image is listed with the acquisition that its place in the list names."""
    deposit = inventory(file("raw/all.lif", "lif", Tier.RAW, STACK, stack(series=1)))
    said = "acquisitions: [{id: a1, zoom: 1}, {id: a2, zoom: 2}]\nfiles: [{path: raw/all.lif, acquisition: [a2, a1]}]\n"
    text = flat(readme(description=read_description(said).description, inventory=deposit))
    assert "Acquisition: a2 (see section 6) 1 image: raw/all.lif, image 1 of 2" in text
    assert "Acquisition: a1 (see section 6) 1 image: raw/all.lif, image 2 of 2" in text


def test_the_source_of_the_dates_is_told() -> None:
    """Dates that are those of the headers are marked; another period is the depositor's."""
    assert "Data collected: 2019-04-17 (from the image headers of 2 files)" in flat(readme())
    said = COMPLETE.replace("collected: 2019-04-17", "collected: 2019-04")
    assert "Data collected: 2019-04 Published" in flat(readme(description=read_description(said).description))


def test_an_instrument_that_only_the_header_knows_is_named() -> None:
    """A deposit without description still says which microscope each image came from."""
    text = flat(readme(description=Description()))
    assert "Instrument: Zeiss LSM 880, Plan-Apochromat 63x/1.4 Oil DIC M27, numerical aperture 1.4" in text
    assert "Data collected: 2019-04-17 (from the image headers of 2 files)" in text
    bare = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(instrument=InstrumentRecord(), channels=())))
    text = flat(readme(description=Description(), inventory=bare))
    assert "Channel 2: name not recorded (what it shows is not recorded)" in text
    assert "Instrument: not recorded" in text
