"""Words and numbers of readmes and Methods paragraphs: by the kind of light, of scan, and of spectrum."""

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.abcd import render_abcd
from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.inventory_csv import sizes_cell
from confocal_bag.deposit.exports.method_model import ChannelMethod, MethodFacts
from confocal_bag.deposit.exports.methods import methods_paragraph
from confocal_bag.deposit.exports.readme_words import scan_in_words, without_advice
from confocal_bag.vocabulary import PracticeLevel
from tests.deposit.described import COMPLETE, changed
from tests.deposit.exports.exported import facts
from tests.deposit.test_readme import flat, readme


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        (ChannelMethod(name="T", contrast="DIC", lines=((543.0, None),), detector_type="PMT"),
         "For channel T, the illumination was at 543 nm and the transmitted light was detected with a PMT detector."),
        (ChannelMethod(name="T", label="brightfield", lines=((543.0, None),)),
         "For channel T, the illumination was at 543 nm."),
        (ChannelMethod(name="R", contrast="Reflection", detector_type="PMT"),
         "For channel R, the reflected light was detected with a PMT detector."),
        (ChannelMethod(name="DIC", label="GFP", lines=((488.0, None),), contrast="Fluorescence"),
         "For channel DIC, the excitation was at 488 nm."),
        (ChannelMethod(name="a", label="anti-phase1", lines=((488.0, None),)),
         "For channel a, the excitation was at 488 nm."),
    ],
)  # fmt: skip
def test_light_that_nothing_emits_is_not_called_emission(channel: ChannelMethod, sentence: str) -> None:
    """Transmitted and reflected light have words of their own."""
    assert methods_paragraph(MethodFacts(channels=(channel,))) == sentence


@pytest.mark.parametrize(
    ("scan", "sentence"),
    [
        (MethodFacts(method="spinning disk confocal microscopy", zoom=1.0, averaging=4.0, averaging_unit="frames"),
         "The zoom was 1. The images were taken with 4-fold frame averaging."),
        (MethodFacts(method="laser scanning confocal microscopy", direction="both", averaging=4.0,
                     averaging_unit="lines"),
         "The sample was scanned in both directions with 4-fold line averaging."),
        (MethodFacts(direction="zigzag"), "The sample was scanned with the scan direction zigzag."),
        (MethodFacts(zoom=1.0, averaging=2.0, channels=(ChannelMethod(detector_type="EMCCD", name="a"),)),
         "The zoom was 1. The images were taken with 2-fold averaging."),
    ],
)  # fmt: skip
def test_only_scanners_scan(scan: MethodFacts, sentence: str) -> None:
    """Cameras do not; and words of people and of headers are put as one reads them."""
    assert sentence in methods_paragraph(scan)


def test_the_words_of_a_scan_are_those_of_the_methods() -> None:
    """In the table of settings."""
    assert scan_in_words(None, "both") == "in both directions"
    assert scan_in_words("xyz", "zigzag") == "mode xyz, direction zigzag"


@pytest.mark.parametrize(
    ("number", "text"),
    [(8.69907, "8.699"), (0.0901876, "0.09019"), (1.0, "1"), (12345.6, "12346"), (488.0, "488"), (0.5, "0.5")],
)
def test_numbers_in_prose_have_four_digits(number: float, text: str) -> None:
    """And no digit before the point is lost."""
    assert prose_number(number) == text


def test_the_bands_of_a_spectrum_are_one_line() -> None:
    """28 bands that follow each other; where one has another width, each has its line."""
    bands = [f"{{channel: c{n}, detector: d0, emission_band_nm: [{423 + 10 * n}, {433 + 10 * n}]}}" for n in range(27)]
    text = f"acquisitions: [{{id: a1, channels: [{', '.join(bands)}]}}]\n"
    shown = flat(readme(description=read_description(text).description))
    assert "c0 to c26: detector d0, detected in 27 bands from 423 to 693 nm, 10 nm apart" in shown
    odd = text.replace("[443, 453]", "[447, 453]")
    assert "c2: detector d0, detected 447 to 453 nm" in flat(readme(description=read_description(odd).description))


def test_the_colour_is_explained_where_there_is_one() -> None:
    """A table without that column has no word of it."""
    for colour, is_told in ((', color: "#00FF00"', True), ("", False)):
        text = f"channels: [{{id: c0, target: DNA{colour}}}]\n"
        assert ("The colour is the one" in flat(readme(description=read_description(text).description))) is is_told


def test_a_readme_gives_no_advice_to_curators() -> None:
    """What was seen stays."""
    assert without_advice("The file ends early; ask the depositor for a complete copy.") == "The file ends early"
    seen = "1 of 6 planes is missing. Compare its size with the original."
    assert without_advice(seen) == "1 of 6 planes is missing."


def test_the_head_of_a_draft_points_to_what_is_missing() -> None:
    """The list itself stands at the end."""
    text = flat(readme(draft=True, missing=["Say who."], next_level=PracticeLevel.MINIMUM))
    assert '1 fact that the level "Minimum Practice" asks for is not recorded; the section "What is not' in text


def test_the_cell_of_a_file_of_very_many_images_ends() -> None:
    """Excel would cut it without a word."""
    sizes = [f"day1/cell{number}.lsm: 512 x 512 pixels" for number in range(1000)]
    cell = sizes_cell(sizes)
    assert len(cell) < 5000
    shown = cell.count(".lsm")
    assert cell.endswith(f"; and {1000 - shown} more")
    assert sizes_cell(sizes[:3]) == "; ".join(sizes[:3])


@pytest.mark.parametrize(
    ("preparation", "basis"),
    [
        ("growth: in DMEM\n    live: true", "OtherSpecimen"),
        ("cell_line: HeLa\n    fixation: methanol", "OtherSpecimen"),
        ("live: true", "LivingSpecimen"),
        ("fixation: none, imaged alive", "MultimediaObject"),
        ("fixation: methanol", "PreservedSpecimen"),
        ("sex: male", "MultimediaObject"),
    ],
)
def test_a_record_is_of_what_was_kept(preparation: str, basis: str) -> None:
    """Living cells of a culture are no preserved specimen."""
    text = changed(COMPLETE, {'    fixation: {name: formaldehyde fixed tissue, term: "FBbi:00000010"}\n':
                              f"    {preparation}\n"})  # fmt: skip
    document = render_abcd(facts(read_description(text).description)).decode()
    assert f"<abcd:RecordBasis>{basis}<" in document
    assert "<abcd:Creator>" not in document


def test_a_scientific_name_is_a_name() -> None:
    """What people wrote behind it is told apart, and not lost."""
    text = changed(COMPLETE, {"name: Mus musculus,": "name: Mus musculus; fibroblasts; E13.5,"})
    document = render_abcd(facts(read_description(text).description)).decode()
    assert "<abcd:FullScientificNameString>Mus musculus<" in document
    assert ">Mus musculus; fibroblasts; E13.5<" in document
