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
from confocal_bag.deposit.exports.dimensions import DescribedSizes
from confocal_bag.deposit.exports.readme import (
    ConversionFacts,
    ReadmeFacts,
    StackFacts,
    render_methods,
    render_readme,
    summarize_dimensions,
)
from confocal_bag.deposit.exports.text_width import display_width
from confocal_bag.deposit.inventory import LeftOut
from confocal_bag.image.lossy.compression import Compression
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ImageRecord, InstrumentRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import BARE, COMPLETE, GREEN, STACK, file, inventory, stack, two_cells

HEADINGS = [
    "GENERAL INFORMATION",
    "SHARING AND ACCESS",
    "SAMPLES: ORIGIN AND PREPARATION",
    "CHANNELS AND WHAT THEY SHOW",
    "EQUIPMENT",
    "ACQUISITION SETTINGS",
    "METHODS",
    "FILES",
    "IMAGES",
    "STACKS OF FILES: HOW THEIR NAMES NUMBER THE PLANES",
    "FROM RAW TO TRANSFORMED: CONVERSIONS AND THEIR PROOF",
    "COMPRESSION AND LOSS",
    "HOW TO CHECK THIS BAG",
]
HEADINGS = [f"{number}. {title}" for number, title in enumerate(HEADINGS, start=1)]


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
    render = changes.pop("render", render_readme)
    text: str = render(ReadmeFacts(**(facts | changes)))
    return text


def assert_harmless(text: str) -> None:
    """Every character prints, no line but a command is too wide, and no value begins in the first column."""
    text.encode("utf-8")
    assert all(character.isprintable() or character == "\n" for character in text)
    assert max(display_width(line) for line in text.split("\n") if "validate" not in line) <= 80
    assert not re.search(r"^(?:99|FORGED|2\. SHARING\n---$)", text.replace("2. SHARING AND", ""), re.MULTILINE)


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
        "Institution: NC State University, ROR https://ror.org/04tj63d06",
        "Deposited with: University Library, 1 Main Street, Raleigh",
        "Data collected: 2019-04-17 (from the image headers of 2 files)",
        "Where collected: Raleigh",
        "Intended audience: researchers",
        "Practice level: Minimum Practice; aims at Good Enough Practice",
        "Licence: CC0-1.0, Creative Commons Zero v1.0 Universal, https://creativecommons.org/publicdomain/zero/1.0/",
        "the primer recommends to apply the CC0 public domain dedication",
        "Access: open: anyone may have the data",
        "Lovelace, Ada (2019): Stacks of dividing fibroblasts. Version 1.0. Example Repository.",
        "Organism: Mus musculus (NCBITaxon:10090)",
        "Origin: Primary cells of strain C57BL/6J",
        "Fixation: formaldehyde fixed tissue (FBbi:00000010)",
        "Sectioning: none",
        "Mounting: ProLong Gold, coverslip #1.5H",
        "tubulin alpha-tubulin DM1A mAb (RRID:AB_477593); 488 nm 520 nm Alexa Fluor 488",
        "Microscope: Zeiss LSM 880",
        "numerical aperture 1.4",
        "Pixel size: 0.0902 x 0.0902 µm",
        "Pinhole: 1 Airy unit",
        "Averaging: each line 4 times",
        "c0 (tubulin): laser l0 at 2 %, detector d0, gain 650 V, detected 499 to 553 nm",
        "Fixed and stained.",
        "Calibration: Beads of 100 nm",
        "Lengths are in micrometres (µm)",
        "Images were acquired by single-spot confocal microscopy on a Zeiss LSM 880 with a Plan-Apochromat 63x/1.4 Oil",
    ):
        assert said in text, said


def test_the_worked_example_is_rendered(shared: Path) -> None:
    """The example description of the facts becomes a readme without a gap in its sections."""
    loaded = load_description(shared / "facts" / "deposit.example.yaml")
    text = readme(description=loaded.description)
    assert headings(text) == HEADINGS
    assert "mitochondria" in text
    assert "Is documented by:" in text
    assert "    ..." not in text


def test_every_section_is_there_even_if_nothing_is_known() -> None:
    """A nearly empty deposit says that little is recorded rather than leaving sections out, and no heading is empty."""
    assert headings(readme()) == HEADINGS
    text = readme(description=Description(), inventory=inventory(), level_reached=None)
    assert headings(text) == HEADINGS
    for label in ("Title", "Summary", "Licence", "Access", "Data collected", "Contact", "Human subjects"):
        assert re.search(rf"^  {label}: +not recorded$", text, re.MULTILINE), label
    assert "None" not in text
    assert "No image of this dataset could be read." in text
    assert_no_heading_is_empty(text)


def assert_no_heading_is_empty(text: str) -> None:
    """Below every section heading stands something before the next."""
    for section in re.split(r"^\S.*\n-{3,}$", text, flags=re.MULTILINE)[1:]:
        assert section.strip(), text


def test_lines_are_short_clean_and_end_in_line_feeds() -> None:
    """About 80 columns, no blanks at the ends, one line feed at the end."""
    text = readme()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
    assert "\n\n\n" not in text
    assert max(map(len, text.split("\n"))) <= 80
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_the_files_are_listed_with_what_they_are_and_come_from() -> None:
    """Path, format, size, contents and source; the place in the bag where it is known; totals for each tier."""
    places = {PurePosixPath("raw/cell01.czi"): PurePosixPath("raw/cell01.czi")}
    text = readme(places=places)
    assert "  data/raw/cell01.czi, Zeiss CZI, 1,234,567 bytes\n      Stack of one cell as acquired\n" in text
    assert "  transformed/cell01.ome.tif, OME-TIFF, 1,234,567 bytes\n" in text
    assert "      made from: raw/cell01.czi\n" in text
    assert re.search(r"^  data/raw +as it came off the microscope +2  2,469,134$", text, re.MULTILINE)
    assert re.search(r"^  together +- +3  3,703,701$", text, re.MULTILINE)


def test_the_files_of_a_stack_are_listed_once() -> None:
    """First and last of them, how many there are, and how large they are together."""
    names = [f"raw/s/cell_z{number:03d}.tif" for number in range(1, 41)]
    plane = ImageRecord(series=0, name="", axes={"Y": 64, "X": 48}, dtype="uint8")
    deposit = inventory(*(file(name, "tiff", Tier.RAW, plane) for name in names))
    one = StackFacts(folder="raw/s", stem="cell", axes=["Z = depth"], count=40, files=tuple(names))
    text = readme(inventory=deposit, stacks=[one], description=Description())
    assert "  raw/s/cell_z001.tif\n  to raw/s/cell_z040.tif, 40 files of one stack, TIFF, 49,382,680 bytes" in text
    assert "cell_z002" not in text
    assert re.search(r"^  1 +40  48 x 64 pixels, 8-bit", text, re.MULTILINE)


def test_images_alike_are_described_once_and_each_is_named() -> None:
    """A table of their sizes, what each channel shows, the instrument, and every file."""
    text = flat(readme())
    assert "512 x 512 pixels, 2 channels, 10 z-planes, 16-bit" in flat(" ".join(column(readme(), "Size", 22)))
    assert "Channel 1: tubulin (shows alpha-tubulin; DM1A mAb (RRID:AB_477593); excited at 488 nm" in text
    assert "Kind 1: Zeiss LSM 880, acquisition a1, specimen s1" in text
    assert "raw/cell01.czi, taken 2019-04-17 raw/cell02.czi, taken 2019-04-17 transformed/" in text


def column(text: str, name: str, width: int) -> list[str]:
    """What stands below a name in the table of the images."""
    lines = text[text.index("  Kind  Images") :].split("\n")
    start = lines[0].index(name)
    return [line[start : start + width].strip() for line in lines[2 : lines.index("")]]


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
    """What the numbers in names mean, gaps in stacks, and the planes that were proven equal."""
    one = StackFacts(
        folder="raw/s",
        stem="cell_z",
        axes=["Z = depth, 1 to 40"],
        count=39,
        problems=("7 is missing",),
        example="z1 is 1",
    )
    made = ConversionFacts(source="raw/a.lif", result="transformed/a.ome.tif", planes=20, series_name="Pos 1")
    text = flat(readme(stacks=[one], conversions=[made]))
    told = "Files: 39 In the names: Z = depth, 1 to 40 For example: z1 is 1 Problems: 7 is missing"
    assert f"raw/s/cell_z... {told}" in text
    assert "data/raw/a.lif -> data/transformed/a.ome.tif Planes equal: 20 Image: Pos 1" in text
    assert "Each plane of the result was read again" in text
    assert "all 20 planes are equal" in text
    assert "No file was converted" in flat(readme())


def test_files_compressed_with_loss_carry_the_primers_warning() -> None:
    """A JPEG, and an image whose header says so; where nobody can tell, the readme says that."""
    lossy = stack(lossy=True, compression=(Compression(name="JPEG 2000, 9-7", lossy=True, evidence="COD", blocks=3),))
    deposit = inventory(
        file("fig.jpg", "jpeg", Tier.PROCESSED),
        file("raw/a.nd2", "nd2", Tier.RAW, lossy),
        file("raw/b.czi", "czi", Tier.RAW, stack(lossy=None)),
    )
    text = readme(inventory=deposit)
    section = text[text.index("12. COMP") : text.index("13. HOW")]
    assert "There is no action that can recover lost bytes (primer" in flat(section)
    assert "    fig.jpg\n" in section
    assert "    raw/a.nd2, JPEG 2000, 9-7\n" in section
    assert "raw/b.czi" not in section
    assert "1 image does not show whether there was compression with loss. If there was, there is no action" in flat(
        section
    )
    clean = readme(inventory=inventory(file("raw/a.nd2", "nd2", Tier.RAW, stack(lossy=False))))
    assert "No file is known to be compressed with loss. 1 image is compressed without loss or not at all" in flat(
        clean
    )
    assert "recover lost bytes" not in clean


def test_composites_and_stacks_come_with_the_primers_advice() -> None:
    """Merged colours against single channels, and the whole stack; neither where there is none."""
    colour = stack(axes={"Y": 4, "X": 4, "S": 3})
    text = flat(readme(inventory=inventory(file("a.tif", "tiff", Tier.PROCESSED, colour))))
    assert "1 image holds colours in place of channels. Where they were merged from channels (a composite" in text
    assert "there are none here" in text
    both = inventory(file("a.tif", "tiff", Tier.PROCESSED, colour), file("raw/b.czi", "czi", Tier.RAW, STACK))
    text = flat(readme(inventory=both))
    assert "Use the single-channel images for measurements" in text
    assert "future users may benefit from the whole stack" in text
    plain = flat(readme(inventory=inventory(file("a.tif", "tiff", Tier.RAW, BARE)), description=Description()))
    assert "composite" not in plain
    assert "whole stack" not in plain


def test_what_the_next_level_needs_is_told() -> None:
    """Sentences about what is not recorded, the first twenty of many; nothing at the highest level."""
    told = [f"Fact {number} is not recorded." for number in range(25)]
    text = readme(missing=told, next_level=PracticeLevel.GOOD_ENOUGH)
    section = text[text.index("13. WHAT IS NOT RECORDED") : text.index("14. HOW")]
    assert 'The next level of practice, "Good Enough Practice", would need this as well:' in flat(section)
    assert "  - Fact 19 is not recorded.\n  - and 5 more; see" in section
    assert "WHAT IS NOT RECORDED" not in readme()


def test_fields_that_were_left_out_are_named() -> None:
    """By the last part of their paths, each once; the paths would fill pages."""
    fields = ("ImageDocument/Metadata/User/@DisplayName", "ScanInformation/User", "Other/User")
    text = readme(redacted=[("raw/cell01.czi", fields)])
    assert "    data/raw/cell01.czi, left out: DisplayName, User\n" in text


def test_what_was_left_out_is_listed() -> None:
    """With the reason."""
    deposit = replace(two_cells(), left_out=(LeftOut(path=PurePosixPath("raw/.DS_Store"), reason="macOS settings"),))
    assert "    raw/.DS_Store, macOS settings\n" in readme(inventory=deposit)


def test_the_reader_learns_how_to_check_the_bag() -> None:
    """Commands that can be copied; the folder of the bag may be called anything, and is not named."""
    text = readme(bag_name="my bag; rm")
    assert "my bag" not in text
    assert "    confocal-bag validate THIS-BAG\n" in text
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
    hostile: dict[str, Any] = {
        "description": said,
        "inventory": deposit,
        "bag_name": HOSTILE,
        "stacks": [StackFacts(folder=HOSTILE, stem=HOSTILE, axes=HOSTILE, count=1, problems=(HOSTILE,))],
        "conversions": [ConversionFacts(source=HOSTILE, result=HOSTILE, planes=1, series_name=HOSTILE)],
    }
    text = readme(**hostile)
    assert_harmless(readme(**hostile, render=render_methods))
    assert_harmless(text)
    assert headings(text) == HEADINGS
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


def test_lengths_that_contradict_each_other_stand_with_their_sources() -> None:
    """Nobody reads two pixel sizes as fact; what is only rounded is one size."""
    told = DescribedSizes(x_um=0.9, y_um=0.9, z_um=1.0)
    assert summarize_dimensions(STACK, told).endswith(
        "; pixel 0.0902 x 0.0902 µm (by the header; 0.9 x 0.9 µm by deposit.yaml), "
        "z step 0.5 µm (by the header; 1 µm by deposit.yaml)"
    )
    rounded = DescribedSizes(x_um=0.09, y_um=0.09, z_um=0.5)
    assert summarize_dimensions(STACK, rounded) == summarize_dimensions(STACK)


def test_a_name_is_not_what_a_channel_shows() -> None:
    """Where neither target nor probe is given, the readme says so and does not put the name in their place."""
    text = readme(description=read_description("channels: [{id: c0, name: Ch1, fluor: Cy3}]\n").description)
    assert re.search(r"Id +Name +Probe or dye\n +-+ +-+ +-+\n +c0 +Ch1 +Cy3\n\n  What the channels show", text)


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ("{id: c0, probe: Alexa 488 anti tubulin}, {id: c1, name: Ch2}", "What channel c1 shows (the target) is not"),
        ("{id: c0, target: DNA}, {id: c1}, {id: c2}", "What channels c1 and c2 show (the target) is not recorded."),
        ("{id: c0, probe: Alexa 488 anti tubulin}, {id: c1, contrast: DIC}", None),
    ],
)
def test_only_channels_without_target_and_probe_are_said_to_be_unexplained(channels: str, said: str | None) -> None:
    """A probe that was answered in place of a target tells what the channel shows."""
    text = flat(readme(description=read_description(f"channels: [{channels}]\n").description))
    assert said in text if said else "(the target) is not recorded" not in text and "(their targets)" not in text


def test_sizes_that_only_people_know_are_used_and_marked() -> None:
    """Pixel size, z step and time step of the acquisition stand in section 9, with where they are from."""
    bare = stack(axes={"T": 2, "Z": 3, "Y": 4, "X": 4}, channels=(), pixel_size_um=PixelSize())
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, bare))
    said = COMPLETE.replace("z_step_um: 0.5", "z_step_um: 0.5\n    time_increment_s: 2")
    text = flat(
        " ".join(column(readme(description=read_description(said).description, inventory=deposit), "Size of", 20))
    )
    assert "0.0902 x 0.0902 µm (from deposit.yaml), z step 0.5 µm (from deposit.yaml)" in text
    assert "time step 2 s (from deposit.yaml)" in text
    scale = said.replace("pixel_size_um: [0.0902, 0.0902]", "scale_bar: true")
    text = flat(
        " ".join(column(readme(description=read_description(scale).description, inventory=deposit), "Size of", 20))
    )
    assert "see the scale bar in the image (from deposit.yaml)" in text


def test_images_of_one_file_may_have_acquisitions_of_their_own() -> None:
    """Each image is listed with the acquisition that its place in the list names."""
    deposit = inventory(file("raw/all.lif", "lif", Tier.RAW, STACK, stack(series=1)))
    said = "acquisitions: [{id: a1, zoom: 1}, {id: a2, zoom: 2}]\nfiles: [{path: raw/all.lif, acquisition: [a2, a1]}]\n"
    text = flat(readme(description=read_description(said).description, inventory=deposit))
    assert re.search(r"Kind 1: Zeiss LSM 880, acquisition a2 .{,200}raw/all.lif, image 1 of 2", text)
    assert re.search(r"Kind 2: Zeiss LSM 880, acquisition a1 .{,200}raw/all.lif, image 2 of 2", text)


def test_the_source_of_the_dates_is_told() -> None:
    """Dates that are those of the headers are marked; another period is the depositor's."""
    assert "Data collected: 2019-04-17 (from the image headers of 2 files)" in flat(readme())
    said = COMPLETE.replace("collected: 2019-04-17", "collected: 2019-04")
    assert "Data collected: 2019-04 Published: 2019-07-01" in flat(
        readme(description=read_description(said).description)
    )


def test_an_instrument_that_only_the_header_knows_is_named() -> None:
    """A deposit without description still says which microscope each image came from."""
    text = flat(readme(description=Description()))
    assert "Kind 1: Zeiss LSM 880" in text
    assert "Data collected: 2019-04-17 (from the image headers of 2 files)" in text
    assert "Images were acquired on a Zeiss LSM 880 with a Plan-Apochromat 63x/1.4 Oil DIC M27 objective" in text
    bare = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(instrument=InstrumentRecord(), channels=())))
    assert "Kind 1 raw/a.czi" in flat(readme(description=Description(), inventory=bare))


def test_channels_of_an_image_without_acquisition_keep_their_order() -> None:
    """The first channel of the description is the first of the image."""
    said = read_description("channels: [{id: c0, name: first}, {id: c1, name: second}]\n").description
    text = flat(readme(description=said, inventory=inventory(file("a.czi", "czi", Tier.RAW, STACK))))
    assert re.search(r"Channel 1: first .*Channel 2: second", text)


def test_wide_characters_keep_tables_aligned_and_in_width() -> None:
    """East Asian characters take two columns, combining marks none."""
    long = "微小管の分布と細胞核の位置を示す非常に長い説明文"
    said = read_description(f"channels: [{{id: c0, name: チャネル一, target: {long}, probe: e\u0301}}]\n").description
    text = readme(description=said)
    section = text[text.index("4. CHANNELS") : text.index("5. EQUIPMENT")]
    assert max(display_width(line) for line in text.split("\n")) <= 80
    head, rule, *_ = section.split("\n")[3:]
    assert head.index("Probe") == len(rule[: rule.rindex("  ")]) + 2


def test_very_long_values_stay_in_their_width() -> None:
    """Names without a place to break are broken all the same."""
    said = read_description(f"title: {'t' * 500}\nchannels: [{{id: {'i' * 200}, target: {'x' * 300}}}]\n").description
    deposit = inventory(file(f"raw/{'n' * 240}.czi", "czi", Tier.RAW, stack(name="s" * 400)))
    text = readme(description=said, inventory=deposit)
    assert max(map(len, text.split("\n"))) <= 80
