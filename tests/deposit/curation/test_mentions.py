"""What a sentence is taken to say, and what not: a false yes would keep a question from being asked."""

from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.curation.documents import sentences
from confocal_bag.deposit.curation.mentions import (
    Setting,
    describes_change,
    describes_pages,
    names_analysis,
    says_changed,
    says_unchanged,
    settings_in,
)


@pytest.mark.parametrize(
    "text",
    [
        "Each file is a z-stack of 12 planes.",
        "Images are time series, one frame every 30 s.",
        "The pages are optical sections, 0.5 µm apart.",
        "Pages: one page per time point",
        "Z stacks were acquired from the coverslip upwards.",
        "Each image holds several z-slices, at most 20.",
        "cells.tif is a z-stack; some other files are single images.",
        "Z-stacks were acquired as in another study.",
    ],
)
def test_pages_that_are_explained(text: str) -> None:
    """Plain statements count."""
    assert describes_pages(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please describe whether the images are z-stacks.",
        "Describe z-stacks here.",
        "Is this a z-stack or a time series?",
        "The files are not z-stacks.",
        "These aren't z-stacks.",
        "Z-stacks will follow.",
        "If the file is a z-stack, say so.",
        "z-stack: TODO",
        "<z-stack or time series>",
        "The images may be z-stacks.",
        "Cells were fixed at time points 0, 5 and 10 min after incubation.",
        "The cells were plated on glass.",
        "No z-stack was taken.",
        "Some of our z-stacks are in another repository.",
        "The z-stacks are kept elsewhere.",
        "Most images are z-stacks.",
        "The other images are time series.",
        "Several of the files are z-stacks.",
        "Z-stacks are available on request.",
    ],
)
def test_pages_that_are_not_explained(text: str) -> None:
    """Questions, instructions, promises, doubts and denials do not."""
    assert not describes_pages(text)


@pytest.mark.parametrize(
    "text",
    [
        "The contrast of all images was adjusted in Fiji.",
        "Images were cropped to the cell.",
        "Processing: maximum-intensity projection of all planes in Fiji; no change of contrast.",
        "Background was subtracted from every image (rolling ball radius 50).",
        "Stacks were deconvolved with Huygens.",
        "Channels were merged, but the images are not cropped.",
    ],
)
def test_changes_that_are_described(text: str) -> None:
    """Who reads it knows what was done."""
    assert describes_change(text)


@pytest.mark.parametrize(
    "text",
    [
        "Images were processed in Fiji.",
        "The medium was sterile-filtered before imaging.",
        "The contrast of the images was not changed.",
        "No images were cropped.",
        "Without background subtraction of the images.",
        "Please describe how the images were cropped.",
        "Images should be cropped.",
        "Contrast agents were added to the sample.",
        "Cells were merged into spheroids.",
        "The images show that protein levels were increased.",
    ],
)
def test_changes_that_are_not_described(text: str) -> None:
    """That something was done is not what was done."""
    assert not describes_change(text)


def test_that_images_were_changed_is_less_than_how() -> None:
    """Enough to ask how."""
    assert says_changed("Images were processed in Fiji.")
    assert not says_changed("Images were not processed.")
    assert not says_changed("Samples were processed for imaging.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The images are unprocessed.", True),
        ("No processing was done.", True),
        ("Images were not modified.", True),
        ("Images were not modified except for cropping.", False),
        ("Control images were not processed.", False),
        ("Some images are unprocessed.", False),
        ("The raw images are unmodified.", False),
        ("No further processing of the samples.", False),
        ("Were the images not modified?", False),
        ("Images were modified.", False),
        ("The images have not been cropped, contrast-stretched or otherwise altered.", True),
        ("Images were never processed, filtered or modified in any way.", True),
        ("No cropping, filtering or other processing was done.", True),
        ("The images have not been altered or cropped.", True),
        ("The images have not been cropped.", False),
        ("The images were not altered or were cropped.", False),
        ("The images were not processed, cropping was done in Fiji.", False),
        ("The images were unmodified or cropped.", False),
        ("The images were not modified or maybe they were.", False),
        ("Not all images were cropped or altered.", False),
        ("The images were not only cropped or altered.", False),
    ],
)
def test_that_nothing_was_changed_must_be_said_of_all_images(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """An exception is no assurance."""
    assert says_unchanged(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Imaged on a Zeiss LSM 880.", {Setting.MICROSCOPE}),
        ("We used a 63x/1.4 oil objective.", {Setting.OBJECTIVE}),
        ("NA 1.4", {Setting.OBJECTIVE}),
        ("Excitation at 488 nm.", {Setting.LIGHT}),
        ("Pixel size: 0.09 µm", {Setting.SAMPLING}),
        ("Pinhole 1 AU", {Setting.DETECTION}),
        ("We thank Zeiss for support.", set()),
        ("Dilute 10x in buffer.", set()),
        ("Objectives of the study were met.", set()),
        ("Microscope settings: to be added.", set()),
        ("Pixel size is unknown.", set()),
        ("The lateral resolution is 200 nm.", set()),
        ("The protein was purified at 280 nm.", set()),
    ],
)
def test_settings_need_their_values(text: str, expected: set[Setting]) -> None:
    """A word alone sets nothing."""
    assert settings_in(text) == expected


def test_an_analysis_is_named_by_its_program() -> None:
    """Counting alone is no method."""
    assert names_analysis("Nuclei were counted using CellProfiler 4.2.")
    assert names_analysis("Intensities were measured with a Fiji macro.")
    assert not names_analysis("Cells were counted.")
    assert not names_analysis("Cells were not segmented using ilastik.")
    assert not names_analysis("Cells will be tracked with TrackMate.")


def test_sentences_know_their_lines_and_survive_abbreviations() -> None:
    """Wrapped lines belong together; list items do not."""
    text = "One sentence, e.g. this\none, goes on.  A second one.\n- an item\n- another. With more\n\nLabel: 0.5 µm\n"
    found = [(one.line, one.text) for one in sentences(PurePosixPath("r.txt"), text)]
    assert found == [
        (1, "One sentence, e.g. this one, goes on"),
        (2, "A second one."),
        (3, "- an item"),
        (4, "- another"),
        (4, "With more"),
        (6, "Label: 0.5 µm"),
    ]


def test_hostile_text_becomes_single_lines_that_print() -> None:
    """No line break, escape sequence or turned direction leaves a sentence."""
    text = "Dear curator,\r\n\x1b[31mAll images\u202e are\x00 z-stacks.\u2028Accept.\x85 End."
    for one in sentences(PurePosixPath("r.txt"), text):
        assert one.text.isprintable()
        assert "\n" not in one.around


def test_a_text_without_an_end_is_cut(tmp_path: object) -> None:
    """A line of a megabyte is no sentence."""
    (one,) = sentences(PurePosixPath("r.txt"), "x" * 1_000_000)
    assert len(one.text) == 1000
    (other,) = sentences(PurePosixPath("r.txt"), "z-stack, " + "a-" * 100_000)
    assert describes_pages(other.text)
