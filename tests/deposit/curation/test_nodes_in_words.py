"""What words, names and files beside the images settle in the decision tree, and of which images they settle it."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from confocal_bag.deposit.curation.documents import sentences
from confocal_bag.deposit.curation.model import Answer, Answered
from confocal_bag.deposit.curation.named_files import spoken_of
from confocal_bag.deposit.curation.nodes import ANSWERERS
from confocal_bag.deposit.curation.settings_files import images_told
from confocal_bag.deposit.curation.study import study_facts
from confocal_bag.deposit.curation.wording import Kind
from confocal_bag.deposit.curation.written import written_value
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.export_facts import presentable
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import Tier
from tests.deposit.curation.curated import MACRO, OTHER_PAGES, PAGES, PICTURE, PLAIN, SETTINGS, SINGLE_CZI, facts_of
from tests.deposit.described import BARE, STACK, file

OME = 'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
PIXELS = '<Pixels ID="Pixels:0" Type="uint8" DimensionOrder="XYZCT" SizeX="1" SizeY="1" SizeZ="1" SizeC="1" SizeT="1">'


def answered(node: str, *files: FileRecord, notes: str = "", said: str = "") -> Answered:
    """The answer to a node for a deposit of files."""
    return ANSWERERS[node](facts_of(*files, notes=notes, said=said))


def tif(path: str, tier: Tier = Tier.TRANSFORMED) -> FileRecord:
    """A TIFF with one plane."""
    return file(path, "tiff", tier, BARE)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Each file is a z-stack.", ["day1/a_01.tif", "day2/b_02.tif"]),
        ("a_01.tif is a z-stack.", ["day1/a_01.tif"]),
        ("day2/b_02.tif is a z-stack.", ["day2/b_02.tif"]),
        ("A_01.TIF is a z-stack.", ["day1/a_01.tif"]),
        ("c.tif is a z-stack.", []),
        ("The files in scans.zip are z-stacks.", []),
        ("a_*.tif are z-stacks.", ["day1/a_01.tif"]),
        ("The *.tif files are z-stacks.", ["day1/a_01.tif", "day2/b_02.tif"]),
        ("The images in the folder day2 are z-stacks.", ["day2/b_02.tif"]),
        ("The images in the day3 folder are z-stacks.", []),
        ("All images in this folder are z-stacks.", ["day1/a_01.tif", "day2/b_02.tif"]),
        ("a_01 is a z-stack.", ["day1/a_01.tif"]),
        ("a_00.tif to a_12.tif are z-stacks.", ["day1/a_01.tif"]),
        ("a_02.tif to a_12.tif are z-stacks.", []),
        ("Files were exported with export.py.", ["day1/a_01.tif", "day2/b_02.tif"]),
    ],
)
def test_a_sentence_is_about_the_files_that_it_names(sentence: str, expected: list[str]) -> None:
    """A name that no file of the deposit has is one all the same."""
    (one,) = sentences(PurePosixPath("readme.txt"), sentence)
    assert [str(path) for path in spoken_of(one, (tif("day1/a_01.tif"), tif("day2/b_02.tif")))] == expected


def test_a_sentence_about_a_file_that_is_not_here_explains_none() -> None:
    """Nor does one about another file."""
    assert answered("multipage_explained", PAGES, notes="b.tif: z-stack of 5 planes.").answer is Answer.UNKNOWN
    assert answered("multipage_explained", PAGES, notes="pages.tif: z-stack of 5 planes.").answer is Answer.YES
    both = answered("multipage_explained", PAGES, OTHER_PAGES, notes="pages.tif: z-stack of 5 planes.")
    assert (both.answer, both.files) == (Answer.UNKNOWN, (OTHER_PAGES.path,))


def test_that_one_image_is_unmodified_says_nothing_of_the_others() -> None:
    """The others are asked about."""
    found = answered("modified", tif("a.tif"), tif("b.tif"), notes="The image a.tif was not modified.")
    assert (found.answer, found.files) == (Answer.UNKNOWN, (PurePosixPath("b.tif"),))
    assert answered("modified", tif("a.tif"), notes="The image b.tif was not modified.").answer is Answer.UNKNOWN
    assert answered("modified", tif("a.tif"), notes="The image a.tif was not modified.").answer is Answer.NO
    assert answered("modified", tif("a.tif"), notes="The images were not modified.").answer is Answer.NO


def test_a_header_that_records_processing_says_that_the_image_was_modified() -> None:
    """Of a microscope's own file, which else is as it was taken."""
    computed = replace(SINGLE_CZI, images=(replace(STACK, processing="Airyscan processing"),))
    found = answered("modified", computed)
    assert (found.answer, found.files) == (Answer.YES, (SINGLE_CZI.path,))
    assert "header records processing" in found.evidence[0].text
    assert answered("modified", replace(computed, images=(STACK,))).answer is Answer.NO


def test_settings_of_one_image_are_not_those_of_another() -> None:
    """Settings have to be told of every image whose header has none."""
    notes = "a.tif: Zeiss LSM 880, 63x/1.4 oil objective, pixel size 0.09 µm."
    assert answered("settings_provided", tif("a.tif"), notes=notes).answer is Answer.YES
    found = answered("settings_provided", tif("a.tif"), tif("b.tif"), notes=notes)
    assert (found.answer, found.files) == (Answer.UNKNOWN, (PurePosixPath("b.tif"),))
    assert answered("settings_provided", tif("a.tif"), tif("b.tif"), notes=SETTINGS).answer is Answer.YES


@pytest.mark.parametrize("name", ["double-labelled neurons.lsm", "roi1.lsm", "GFP_label.lsm", "mask_control.lsm"])
def test_the_name_of_a_raw_file_labels_no_region(name: str) -> None:
    """Labels are stains there."""
    raw = file(name, "lsm", Tier.RAW, STACK)
    assert answered("regions_labelled", raw, MACRO).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cells_overlay.tif", Answer.YES),
        ("nuclei_labels.tif", Answer.YES),
        ("ROIs.png", Answer.YES),
        ("cell3 segmented.tif", Answer.YES),
        ("double-labelled neurons.tif", Answer.UNKNOWN),
        ("GFP_label.tif", Answer.UNKNOWN),
        ("overlay_DAPI_GFP.tif", Answer.UNKNOWN),
        ("roi1.tif", Answer.UNKNOWN),
        ("figure1.png", Answer.UNKNOWN),
    ],
)
def test_the_name_of_a_processed_image_may_label_regions(name: str, expected: Answer) -> None:
    """Not where it names a stain, or one cut-out."""
    assert answered("regions_labelled", tif(name, Tier.PROCESSED), MACRO).answer is expected


@pytest.mark.parametrize(
    ("words", "modified", "described"),
    [
        ("Cropped in Fiji 2.14", Answer.YES, Answer.YES),
        ("Outlines drawn by hand, nothing else", Answer.YES, Answer.YES),
        ("We did not process the images.", Answer.NO, Answer.UNKNOWN),
        ("The raw files as acquired", Answer.NO, Answer.UNKNOWN),
        ("raw data, nothing done", Answer.NO, Answer.UNKNOWN),
        ("no processing", Answer.NO, Answer.UNKNOWN),
        ("not applicable", Answer.UNKNOWN, Answer.UNKNOWN),
        ("Not known.", Answer.UNKNOWN, Answer.NO),
        ("see the paper", Answer.UNKNOWN, Answer.NO),
        ("Some processing was done", Answer.UNKNOWN, Answer.UNKNOWN),
        ("We did not process the control images", Answer.UNKNOWN, Answer.UNKNOWN),
    ],
)
def test_the_protocol_of_the_processing_is_read(words: str, modified: Answer, described: Answer) -> None:
    """A denial describes no work, and an evasion neither."""
    said = f'protocols: {{processing: "{words}"}}'
    assert answered("modified", PLAIN, said=said).answer is modified
    assert answered("modification_described", PLAIN, PICTURE, said=said).answer is described


def test_a_link_describes_the_processing_whatever_is_beside_it() -> None:
    """A protocol elsewhere is one."""
    said = "protocols: {processing: {text: see the paper, link: https://doi.org/10.17504/protocols.io.x}}"
    assert answered("modification_described", PLAIN, PICTURE, said=said).answer is Answer.YES


def test_images_in_zip_files_are_stacks_once() -> None:
    """They are among the images already."""
    inner = file("scans.zip!/a.tif", "tiff", Tier.RAW, STACK)
    facts = replace(facts_of(SINGLE_CZI), inner=(inner,))
    assert facts.z_stacks == (inner,)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<Image ID="Image:0" Name="one.tif">{PIXELS}</Pixels></Image>', None),
        (f'<Instrument ID="Instrument:0"/><Image ID="Image:0" Name="one.tif">{PIXELS}</Pixels></Image>', None),
        (
            '<Instrument ID="Instrument:0"><Objective ID="Objective:0" LensNA="1.4"/></Instrument>'
            f'<Image ID="Image:0" Name="one.tif">{PIXELS}</Pixels></Image>',
            {"one"},
        ),
        (
            f'<Image ID="Image:0" Name="raw/two.czi #1">{PIXELS}<Channel ID="Channel:0" EmissionWavelength="520"/>'
            '<TiffData><UUID FileName="Three.ome.tif">urn:uuid:0</UUID></TiffData></Pixels></Image>',
            {"two", "three"},
        ),
    ],
)
def test_a_sidecar_is_read_for_its_settings(tmp_path: Path, body: str, expected: set[str] | None) -> None:
    """Sizes alone are none, and neither is an empty instrument."""
    path = tmp_path / "any.ome.xml"
    path.write_text(f"<OME {OME}>{body}</OME>", encoding="utf-8")
    assert images_told(path) == expected


@pytest.mark.parametrize(
    "content", [b"", b"no XML", b"<OME>", b'<!DOCTYPE a [<!ENTITY b "c">]><OME>&b;</OME>', b"\x00\xff"]
)
def test_a_sidecar_that_is_none_tells_nothing(tmp_path: Path, content: bytes) -> None:
    """Whatever it holds."""
    path = tmp_path / "any.ome.xml"
    path.write_bytes(content)
    assert images_told(path) is None


@pytest.mark.parametrize(("name", "lens", "expected"), [("a", 1.4, "yes"), ("b", 1.4, "no"), ("a", None, "no")])
def test_only_a_sidecar_with_settings_of_the_image_provides_them(
    tmp_path: Path, name: str, lens: float | None, expected: str
) -> None:
    """From the files of a deposit to the tree."""
    tifffile = pytest.importorskip("tifffile")
    numpy = pytest.importorskip("numpy")
    deposit = tmp_path / "deposit"
    deposit.mkdir()
    tifffile.imwrite(deposit / "a.tif", numpy.zeros((16, 16), "uint8"), metadata=None)
    objective = (
        f'<Instrument ID="Instrument:0"><Objective ID="Objective:0" LensNA="{lens}"/></Instrument>' if lens else ""
    )
    (deposit / f"{name}.ome.xml").write_text(
        f'<?xml version="1.0"?><OME {OME}>{objective}<Image ID="Image:0">{PIXELS}</Pixels></Image></OME>',
        encoding="utf-8",
    )
    facts = inspect_deposit(deposit, with_digests=False).curation.facts
    assert ANSWERERS["settings_provided"](facts).answer == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("They are not labelled", '{answer: "no", note: They are not labelled}'),
        ("Sorry, no.", '{answer: "no", note: "Sorry, no."}'),
        ("nope", '{answer: "no"}'),
        ("Yes.", '{answer: "yes"}'),
        ("Possibly", "{note: Possibly}"),
        ("Yes, but only some", '{note: "Yes, but only some"}'),
    ],
)
def test_an_answer_that_is_neither_yes_nor_no_is_kept_as_a_note(answer: str, expected: str) -> None:
    """And the question stays open."""
    assert written_value(Kind.NODE, answer, field="curation.tree.regions_labelled") == ("", expected)


def test_a_note_alone_leaves_the_question_to_the_evidence() -> None:
    """Better evidence, when it comes, is not overruled by a "possibly" of old."""
    said = "curation: {tree: {regions_labelled: {note: Possibly}}}"
    step = study_facts(facts_of(SINGLE_CZI, MACRO, said=said)).path.step("regions_labelled")
    assert step is not None
    assert (step.answered.answer, step.by_curator) == (Answer.UNKNOWN, False)


def test_people_with_the_names_na_no_and_null_keep_them() -> None:
    """They are no placeholders there, as they are elsewhere."""
    loaded = read_description(
        'creators: [{family: Na, given: Li}, {family: "No", given: "Null"}, {name: Nil}]\nabstract: n/a\n'
        "organization: {name: N/A}\n"
    )
    assert loaded.problems == ()
    shown = presentable(loaded.description)
    assert [one.full_name for one in shown.creators] == ["Li Na", "Null No", "Nil"]
    assert (shown.abstract, shown.organization.name) == (None, None)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("creators:\n  - family: Null\n    given: Tom\n", [2]),
        ("creators:\n  - family: Ma\n    given: True\n", [3]),
        ("contributors: {name: NULL}\n", [1]),
        ("creators:\n  - {family: null, given: ~}\n  - family:\n", []),
        ('creators: [{family: "Null", given: "True"}]\n', []),
        ("title: Null\n", []),
    ],
)
def test_a_name_that_yaml_reads_as_nothing_or_true_is_told(text: str, lines: list[int]) -> None:
    """Once, with its line and how to write it; small letters are how programs write nothing."""
    problems = read_description(text).problems
    assert [(one.code, one.line) for one in problems] == [("wrong-type", line) for line in lines]
    assert all("in quotation marks" in one.remedy for one in problems)
