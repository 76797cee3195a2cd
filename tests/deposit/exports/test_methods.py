"""Methods paragraphs: whole sentences from recorded facts, whatever is missing."""

import re
from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.method_facts import method_facts
from confocal_bag.deposit.exports.method_model import ChannelMethod, MethodFacts
from confocal_bag.deposit.exports.methods import NOTHING, methods_paragraph
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import InstrumentRecord
from confocal_bag.vocabulary import Tier
from tests.deposit.described import COMPLETE, STACK, file, inventory, stack, two_cells
from tests.deposit.described import GREEN as GREEN_HEADER
from tests.deposit.described import RED as RED_HEADER

GREEN = ChannelMethod(
    name="tubulin",
    target="alpha-tubulin",
    label="Alexa Fluor 488",
    lines=((488.0, 2.0),),
    excitation_nm=490.0,
    bands=((499.0, 553.0),),
    emission_nm=520.0,
    detector="GaAsP 1",
    detector_type="PMT",
    gain="650 V",
    pinhole_au=1.0,
    pinhole_um=48.9,
)
FAINT = replace(GREEN, lines=(), powers=(2.0, 1.5))
RED = replace(GREEN, name="mitochondria", target="mitochondria", lines=((561.0, None), (594.0, 1.5)), pinhole_au=1.2)
FULL = MethodFacts(
    organism="Mus musculus",
    material="steel",
    sample=("embryonic fibroblast", "strain C57BL/6J"),
    fixation="4 % PFA",
    live=False,
    sectioning="cryostat, 10 µm thick",
    medium="ProLong Gold",
    coverslip="#1.5H",
    method="laser scanning confocal microscopy",
    microscope="Zeiss LSM 880",
    objective="Plan-Apochromat",
    magnification=63.0,
    numerical_aperture=1.4,
    immersion="Oil",
    software="ZEN black 2.3",
    facility="Core Facility (RRID:SCR_000001)",
    frame=(512, 256),
    bits=16,
    pixel_x_um=0.1,
    pixel_y_um=0.1,
    z_planes=10,
    z_step_um=0.5,
    time_points=3,
    time_step_s=2.0,
    pinhole_au=1.0,
    pinhole_um=48.9,
    zoom=2.0,
    dwell_us=1.02,
    direction="Bidirectional",
    averaging=4.0,
    averaging_unit="Line",
    averaging_note="4 lines",
    environment=("37 °C", "5 % CO2"),
    focus="Definite Focus 2",
    channels=(GREEN, RED),
)


def some(whole: Any, keep: st.SearchStrategy[bool], draw: st.DrawFn) -> Any:
    """The facts without some of them."""
    dropped = [one for one in fields(whole) if not draw(keep)]
    return replace(whole, **{one.name: () if isinstance(getattr(whole, one.name), tuple) else None for one in dropped})


@st.composite
def any_facts(draw: st.DrawFn) -> MethodFacts:
    """Any subset of all facts, of the acquisition and of each channel."""
    facts: MethodFacts = some(replace(FULL, channels=()), st.booleans(), draw)
    channels = [
        some(one, st.booleans(), draw) for one in draw(st.sampled_from([(), (GREEN,), (GREEN, RED), (FAINT, RED)]))
    ]
    return replace(facts, frame=facts.frame or None, channels=tuple(channels))


def assert_reads_well(text: str) -> None:
    """What no sentence may have, and that there are sentences."""
    assert text
    for wrong in ("None", "  ", " ,", " .", ",.", ", .", "()", "( ", " )", ",,", ";)", "(;", ", and ,", "..", " with."):
        assert wrong not in text, (wrong, text)
    assert not re.search(r"\b(?:of|with|at|on|by|using|in|under|and|was|were)[.,;]", text), text
    assert text.count("(") == text.count(")"), text
    for sentence in re.split(r"(?<=[a-z)\d%mVHs])\. (?=[A-Z])", text):
        assert re.match(r"[A-Z]", sentence), text
    assert text.endswith("."), text


@settings(max_examples=500)
@given(any_facts())
def test_any_subset_of_facts_gives_whole_sentences(facts: MethodFacts) -> None:
    """No "None", no double blanks, no dangling commas or words, no empty brackets."""
    assert_reads_well(methods_paragraph(facts))


HOSTILE_TEXT = st.sampled_from(["", " ", "...", ",", "x\n2. FORGED\n---", "a.", "\x1b[31m", "\u202e", "None of them"])


@given(HOSTILE_TEXT, HOSTILE_TEXT, HOSTILE_TEXT)
def test_odd_texts_leave_no_gaps(microscope: str, label: str, medium: str) -> None:
    """Blank texts, stops and control characters."""
    facts = MethodFacts(microscope=microscope, medium=medium, channels=(replace(GREEN, label=label, gain=label),))
    text = methods_paragraph(facts)
    assert_reads_well(text.replace("None of them", "others"))
    assert text.isprintable()


def test_a_full_paragraph_reads_as_in_a_journal() -> None:
    """Every fact, once."""
    assert methods_paragraph(FULL).split(". ") == [
        "The specimen came from Mus musculus (embryonic fibroblast, strain C57BL/6J)",
        "It was fixed (4 % PFA), sectioned (cryostat, 10 µm thick) and mounted in ProLong Gold "
        "under a coverslip (#1.5H)",
        "The channels show: alpha-tubulin (Alexa Fluor 488) and mitochondria (Alexa Fluor 488)",
        "Images were acquired by laser scanning confocal microscopy on a Zeiss LSM 880 with a Plan-Apochromat "
        "objective (63x, numerical aperture 1.4, oil immersion) at Core Facility (RRID:SCR_000001) using ZEN black 2.3",
        "During imaging the specimen was kept at 37 °C and 5 % CO2",
        "The focus was stabilised (Definite Focus 2)",
        "Each image has 512 \N{MULTIPLICATION SIGN} 256 pixels, 10 z-planes and 3 time points, with 16 bits per pixel",
        "The pixel size was 0.1 µm \N{MULTIPLICATION SIGN} 0.1 µm, the z step was 0.5 µm and the time step was 2 s",
        "The sample was scanned in both directions at zoom 2 with a pixel dwell time of 1.02 µs and "
        "4-fold line averaging",
        "The pinhole was set to 1 Airy unit (48.9 µm)",
        "For channel tubulin, the excitation was at 488 nm (2 % laser power) and the emission was detected at 499 to "
        "553 nm with a PMT detector (gain 650 V)",
        "For channel mitochondria, the excitation was at 561 nm and 594 nm (1.5 % laser power) and the emission was "
        "detected at 499 to 553 nm with a PMT detector (gain 650 V).",
    ]


def test_figures_in_the_name_of_an_objective_are_not_said_twice() -> None:
    """63x/1.40 Oil needs no magnification, aperture or immersion behind it."""
    facts = MethodFacts(
        objective="Plan-Apochromat 63x/1.40 Oil DIC", magnification=63, numerical_aperture=1.4, immersion="Oil"
    )
    assert methods_paragraph(facts) == "Images were acquired with a Plan-Apochromat 63x/1.40 Oil DIC objective."
    other = replace(facts, objective="HC PL APO 20x", magnification=40, numerical_aperture=0.95, immersion="Water")
    assert methods_paragraph(other) == (
        "Images were acquired with an HC PL APO 20x objective (40x, numerical aperture 0.95, water immersion)."
    )


def test_programs_that_only_write_files_are_no_acquisition_software() -> None:
    """ImageJ wrote the file; nobody acquired an image with it."""
    assert methods_paragraph(MethodFacts(software="ImageJ 1.53c")) == "The files were written by ImageJ 1.53c."


def test_living_and_unfixed_samples_are_said_to_be_so() -> None:
    """And what was not done is said with "not"."""
    text = methods_paragraph(MethodFacts(live=True, fixation="unfixed", sectioning="none"))
    assert text == "The specimen was imaged alive, not fixed and not sectioned."


def test_a_spectrum_is_told_in_one_sentence() -> None:
    """Many channels that differ in their bands only."""
    many = tuple(replace(GREEN, name=str(n), target=None, bands=((400.0 + n, 410.0 + n),)) for n in range(28))
    text = methods_paragraph(MethodFacts(channels=many))
    assert "For the 28 channels, the excitation was at 488 nm (2 % laser power) and the emission was" in text
    assert "in 28 bands between 400 and 437 nm" in text
    others = tuple(replace(one, gain=str(n)) for n, one in enumerate(many))
    text = methods_paragraph(MethodFacts(channels=others))
    assert "The settings of 20 more channels are in the OME-XML." in text


def test_nothing_recorded_is_said_so() -> None:
    """Rather than an empty paragraph."""
    assert methods_paragraph(MethodFacts()) == NOTHING


def test_the_description_comes_before_the_headers_and_they_fill_its_gaps() -> None:
    """Pixel size from deposit.yaml, frame from the header; each acquisition with its files."""
    said = COMPLETE.replace("pixel_size_um: [0.0902, 0.0902]", "pixel_size_um: [0.5, 0.25]").replace(
        "    zoom: 2.0\n", ""
    )
    (one,) = method_facts(read_description(said).description, two_cells())
    assert (one.pixel_x_um, one.pixel_y_um) == (0.5, 0.25)
    assert one.frame == (512, 512)
    assert one.zoom == 2.0
    assert one.files == ("raw/cell01.czi", "raw/cell02.czi", "transformed/cell01.ome.tif")
    assert one.organism == "Mus musculus"
    assert [channel.lines for channel in one.channels] == [((488.0, 2.0),), ((561.0, 1.5),)]


def test_the_power_of_a_laser_that_nobody_named_is_told() -> None:
    """As the readme tells it; the one line of a header is its laser, of several nobody said which."""
    said = read_description(COMPLETE.replace("laser: l0, ", "").replace("laser: l1, ", "")).description

    def told(*lines: tuple[float, ...]) -> MethodFacts:
        channels = tuple(
            replace(one, laser_lines_nm=own) for one, own in zip((GREEN_HEADER, RED_HEADER), lines, strict=True)
        )
        (found,) = method_facts(said, inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=channels))))
        return found

    dark = told((), ())
    assert [(channel.lines, channel.powers) for channel in dark.channels] == [((), (2.0,)), ((), (1.5,))]
    assert "the excitation was at 488 nm, the laser power was 2 % and" in methods_paragraph(dark)
    lit = told((488.0,), (561.0, 594.0))
    assert [channel.lines for channel in lit.channels] == [((488.0, 2.0),), ((561.0, None), (594.0, None))]
    assert [channel.powers for channel in lit.channels] == [(), (1.5,)]


def test_the_power_of_a_laser_without_a_wavelength_is_told() -> None:
    """A laser that is listed by its id only."""
    said = read_description(COMPLETE.replace("{id: l0, wavelength_nm: 488}", "{id: l0}")).description
    (one,) = method_facts(said, inventory())
    assert [(channel.lines, channel.powers) for channel in one.channels] == [((), (2.0,)), (((561.0, 1.5),), ())]


def test_headers_that_disagree_are_not_averaged() -> None:
    """Two pixel sizes in one acquisition give none."""
    other = stack(pixel_size_um=PixelSize(x=0.2, y=0.2, z=0.5))
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, STACK), file("raw/b.czi", "czi", Tier.RAW, other))
    (one,) = method_facts(read_description("acquisitions: [{id: a1}]\n").description, deposit)
    assert one.pixel_x_um is None
    assert one.z_step_um == 0.5


def test_without_a_description_images_taken_alike_share_a_paragraph() -> None:
    """By their headers; when they were taken makes no difference."""
    later = stack(instrument=replace(STACK.instrument, acquired="2020-01-01"))
    bare = stack(instrument=InstrumentRecord(), channels=())
    deposit = inventory(
        file("raw/a.czi", "czi", Tier.RAW, STACK),
        file("raw/b.czi", "czi", Tier.RAW, later),
        file("raw/c.czi", "czi", Tier.RAW, bare),
    )
    first, second = method_facts(Description(), deposit)
    assert first.files == ("raw/a.czi", "raw/b.czi")
    assert first.microscope == "Zeiss LSM 880"
    assert second.microscope is None


def test_placeholders_are_no_facts() -> None:
    """TODO is not printed as the name of a microscope."""
    said = read_description(
        "instruments: [{id: m1, microscope: {model: TODO}}]\nacquisitions: [{id: a1}]\n"
    ).description
    (one,) = method_facts(said, inventory())
    assert methods_paragraph(one) == NOTHING


def test_the_bands_of_a_spectrum_have_a_width() -> None:
    """No channel is said to have seen them all; halves are rounded so that the width stays."""
    many = tuple(replace(GREEN, bands=((417.8 + 10 * n, 427.8 + 10 * n),)) for n in range(28))
    text = methods_paragraph(MethodFacts(channels=many))
    assert "the emission was detected in 28 bands of 10 nm from 417.8 to 697.8 nm" in text
    assert "at 511.3 to 563.8 nm" in methods_paragraph(
        MethodFacts(channels=(replace(GREEN, bands=((511.25, 563.75),)),))
    )


def test_transmitted_light_is_no_emission() -> None:
    """By the names vendors give its detectors, and not by a part of another name."""
    for name, light in (("TD1", True), ("ChD", True), ("T PMT", True), ("TL BF", True), ("trans-Golgi", False)):
        text = methods_paragraph(MethodFacts(channels=(ChannelMethod(name=name, detector="A"),)))
        assert ("the transmitted light was detected" in text) == light, name


def test_the_light_of_a_lamp_is_its_range_and_the_maximum_of_a_dye_is_no_light() -> None:
    """A header may know either."""
    lamp = ChannelMethod(name="DAPI", excitation_nm=385.0, illumination=((370.0, 400.0),))
    dye = ChannelMethod(name="DAPI", excitation_nm=353.0, excitation_of_dye=True)
    assert "the excitation was with light of 370 to 400 nm" in methods_paragraph(MethodFacts(channels=(lamp,)))
    assert "channel DAPI, the dye is excited at 353 nm" in methods_paragraph(MethodFacts(channels=(dye,)))


def test_a_pinhole_that_only_some_channels_have_is_told_of_these() -> None:
    """Also where all share its width in micrometres, which the description then has for the acquisition."""
    channels = (replace(GREEN, pinhole_au=1.0), replace(RED, pinhole_au=1.2))
    text = methods_paragraph(MethodFacts(channels=channels, pinhole_um=48.9))
    assert "The pinhole was set to 48.9 µm." in text
    assert "the pinhole was set to 1 Airy unit." in text
    assert "the pinhole was set to 1.2 Airy units." in text


def test_bits_are_those_of_samples_and_of_what_was_filled() -> None:
    """A camera of 12 bits in 16, and a picture in colour."""
    assert "16 bits per pixel (12 of them significant)" in methods_paragraph(MethodFacts(bits=16, significant_bits=12))
    assert "8 bits per sample." in methods_paragraph(MethodFacts(bits=8, significant_bits=8, is_colour=True))


def test_processing_that_headers_record_is_told() -> None:
    """What the microscope's software computed."""
    text = methods_paragraph(MethodFacts(processing="Airyscan processing (3D deconvolution)"))
    assert text == "The image headers record Airyscan processing (3D deconvolution)."
