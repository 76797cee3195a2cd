"""Sentences of readmes and Methods paragraphs that once read badly: what is not known is not dressed up as known."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.method_facts import method_facts
from confocal_bag.deposit.exports.method_model import ChannelMethod, MethodFacts
from confocal_bag.deposit.exports.methods import methods_paragraph
from confocal_bag.deposit.exports.readme import StackFacts
from confocal_bag.deposit.named_channels import NamedChannel
from confocal_bag.vocabulary import Tier
from tests.deposit.described import BARE, COMPLETE, changed, file, inventory
from tests.deposit.test_readme import flat, readme


def told(old: str, new: str) -> str:
    """The readme of the complete description with one change."""
    return flat(readme(description=read_description(changed(COMPLETE, {old: new})).description))


def test_an_instrument_of_which_nothing_is_listed_is_not_named() -> None:
    """A reader would look for it in vain."""
    assert "Acquisition a1 Instrument: m1 Specimen: s1" in flat(readme())
    start, end = COMPLETE.index("instruments:"), COMPLETE.index("acquisitions:")
    text = told(COMPLETE[start:end], "instruments: [{id: m1}]\n")
    assert "Acquisition a1 Specimen: s1" in text


@pytest.mark.parametrize("word", ["Other", "unknown"])
def test_an_immersion_without_a_name_is_not_told(word: str) -> None:
    """OME's Other says nothing; oil does."""
    objective = "na: 1.4, magnification: 63}"
    text = told(objective, f"na: 1.4, magnification: 63, immersion: {word}}}")
    assert f"immersion {word.lower()}" not in text
    assert "immersion oil" in told(objective, "na: 1.4, magnification: 63, immersion: Oil}")


def test_a_gain_in_volts_and_in_another_unit_is_one_gain() -> None:
    """Neither is an alternative to the other."""
    text = told("gain_v: 650", "gain_v: 650, gain: 1.5")
    assert "gain 650 V (1.5 in the instrument's own unit)" in text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (MethodFacts(zoom=1.0), "The zoom was 1."),  # of a camera
        (MethodFacts(zoom=1.0, dwell_us=2.0), "The sample was scanned at zoom 1 with a pixel dwell time of 2 µs."),
        (
            MethodFacts(microscope="Leica SP8", objective="C PLAN 10x/0.22", immersion="Air"),
            "Images were acquired on a Leica SP8 with a C PLAN 10x/0.22 objective (without immersion).",
        ),
        (MethodFacts(immersion="dry"), "Images were acquired with an objective without immersion."),
        (MethodFacts(averaging_note="none (Line Average Mode: None)"), "The images were taken with no averaging."),
        (MethodFacts(frame=(128, 64), is_xz=True), "Each image has 128 \N{MULTIPLICATION SIGN} 64 pixels (x by z)."),
        (
            MethodFacts(channels=(ChannelMethod(name="DAPI", detector_type="Camera"),)),
            "For channel DAPI, the emission was detected with a camera.",
        ),
        (MethodFacts(immersion="Oil"), "Images were acquired with an objective for oil immersion."),
    ],
)
def test_a_methods_sentence_says_no_more_than_is_recorded(facts: MethodFacts, sentence: str) -> None:
    """Nor in other words than people use."""
    assert methods_paragraph(facts) == sentence


@pytest.mark.parametrize("channels", [1, 2])
def test_files_of_several_channels_are_not_said_to_be_of_one(channels: int) -> None:
    """Where nothing but their names tells them apart, the files of two channels stand in one range."""
    places = [(z, c) for z in (1, 2, 3) for c in range(channels)]
    paths = [PurePosixPath(f"raw/z{z}_c{c}.tif") for z, c in places]
    first = NamedChannel(position=0, values=(1, 2), examples=(paths[0], paths[-1]))
    deposit = inventory(
        *(
            replace(file(str(path), "tiff", Tier.RAW, BARE), named_channel=replace(first, position=c))
            for path, (_, c) in zip(paths, places, strict=True)
        )
    )
    stack = StackFacts(folder="raw", stem="z", axes="Z", count=len(paths), files=tuple(map(str, paths)))
    text = flat(readme(description=read_description("").description, inventory=deposit, stacks=[stack]))
    images = text.partition("IMAGES")[2].partition("STACKS OF FILES")[0]
    assert f"{len(paths)} files of {'one channel of one stack' if channels == 1 else 'one stack'}" in images


def test_the_rows_of_an_xz_scan_are_no_stack() -> None:
    """It has columns and steps in depth, and one plane."""
    scan = replace(BARE, axes={"X": 128, "Z": 64})
    (one,) = method_facts(read_description("").description, inventory(file("raw/xz.lif", "lif", Tier.RAW, scan)))
    assert (one.frame, one.is_xz, one.z_planes) == ((128, 64), True, None)
