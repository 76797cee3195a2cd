"""What each practice level asks, and what is said to be missing."""

from dataclasses import replace

import pytest

from confocal_bag.deposit.description.fields import FIELD_HELP, PARTS, needed_level
from confocal_bag.deposit.description.file import draft_description, read_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment, assess_level, check_level
from confocal_bag.deposit.levels.table import NEEDS
from confocal_bag.findings import Outcome
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ChannelRecord, InstrumentRecord, LaserRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import COMPLETE, GREEN, MICROSCOPE, changed, file, inventory, stack, two_cells

MINIMUM, GOOD, MOST = PracticeLevel


def assess(text: str, deposit: Inventory | None = None, *, transformed: bool | None = None) -> LevelAssessment:
    """Judge a description of two stacks."""
    return assess_level(read_description(text).description, deposit or two_cells(), transformed=transformed)


def own(assessment: LevelAssessment, level: PracticeLevel) -> set[str]:
    """The fields that a level misses and no lower level does."""
    lower = {one.field for other, all_ in assessment.missing.items() if other.rank < level.rank for one in all_}
    return {one.field for one in assessment.missing[level]} - lower


def test_a_complete_description_reaches_the_highest_level() -> None:
    """Nothing is missing at any level."""
    assessment = assess(COMPLETE)
    assert assessment.missing == {MINIMUM: (), GOOD: (), MOST: ()}
    assert assessment.reached == MOST


def test_nothing_described_reaches_no_level() -> None:
    """Without a description only what headers record counts."""
    assessment = assess_level(None, two_cells(), transformed=None)
    assert assessment.reached is None
    fields = {one.field for one in assessment.missing[MINIMUM]}
    assert {"title", "license.spdx", "specimens", "protocols", "audience"} <= fields
    assert not any(field.startswith(("acquisitions", "instruments.obj", "channels.name")) for field in fields)


@pytest.mark.parametrize(
    ("level", "field", "old", "new"),
    [
        (MINIMUM, "title", "title: Stacks of dividing fibroblasts", "title:"),
        (MINIMUM, "title", "title: Stacks of dividing fibroblasts", "title: TODO"),
        (
            MINIMUM,
            "abstract",
            "abstract: Fixed fibroblasts, stained for tubulin and mitochondria,",
            "abstract: Cells,",
        ),
        (MINIMUM, "license.spdx", "license: {spdx: CC0-1.0}", ""),
        (MINIMUM, "audience", "audience: [researchers]", ""),
        (MINIMUM, "privacy.human_subjects", "human_subjects: false, ", ""),
        (MINIMUM, "privacy.restricted", ", restricted: false", ""),
        (MINIMUM, "creators[0].email", "email: ada@example.org, ", ""),
        (MINIMUM, "creators", "family: Lovelace, given: Ada, ", ""),
        (MINIMUM, "creators[0].affiliation.name", "name: NC State University, ", ""),
        (MINIMUM, "organization.name", "name: University Library, ", ""),
        (MINIMUM, "organization.address", ', address: "1 Main Street, Raleigh"', ""),
        (MINIMUM, "specimens[s1].organism.name", "organism: {name: Mus musculus,", "organism: {"),
        (MINIMUM, "specimens[s1].origin", "origin: Primary cells of strain C57BL/6J", "origin: unknown"),
        (MINIMUM, "protocols", COMPLETE[COMPLETE.index("protocols:") : COMPLETE.index("quality:")], ""),
        (MINIMUM, "files.description", "description: The same as OME-TIFF, ", ""),
        (GOOD, "publisher.name", "publisher: {name: Example Repository}", ""),
        (GOOD, "dates.issued", ", issued: 2019-07-01", ""),
        (GOOD, "keywords", "keywords: [mitosis]", ""),
        (GOOD, "access.level", "access: {level: open}", ""),
        (GOOD, "access.until", "access: {level: open}", "access: {level: embargoed}"),
        (GOOD, "location.name", "location: {name: Raleigh}", ""),
        (GOOD, "specimens[s1].cell_type.name", "cell_type: {name: embryonic fibroblast,", "cell_type: {"),
        (GOOD, "specimens[s1].fixation.name", "fixation: {name: formaldehyde fixed tissue,", "fixation: {"),
        (GOOD, "specimens[s1].sectioning.method", "sectioning: none", "sectioning:"),
        (
            GOOD,
            "instruments[m1].method.name",
            'method: {name: single-spot confocal microscopy, term: "FBbi:00000252"}',
            "",
        ),
        (GOOD, "acquisitions[a1].channels[c1].laser_power_percent", "laser_power_percent: 1.5, ", ""),
        (GOOD, "protocols.processing", ", processing: Converted only.", ""),
        (MOST, "creators[0].orcid", "orcid: 0000-0002-1825-0097, ", ""),
        (MOST, "version", 'version: "1.0"', ""),
        (MOST, "quality.calibration", "quality: {calibration: Beads of 100 nm}", ""),
        (MOST, "specimens[s1].strain", "strain: C57BL/6J", ""),
        (MOST, "specimens[s1].mounting.medium", "medium: ProLong Gold, ", ""),
        (MOST, "specimens[s1].mounting.coverslip", ', coverslip: "#1.5H"', ""),
        (MOST, "channels[c0].probe", "DM1A mAb (RRID:AB_477593)", "DM1A mAb"),
        (MOST, "acquisitions[a1].scan_direction", "scan_direction: Unidirectional", ""),
        (MOST, "acquisitions[a1].channels[c1].emission_band_nm", ", emission_band_nm: [570, 695]", ""),
        (MOST, "protocols.acquisition", "acquisition: Stacks of whole cells., ", ""),
        (MOST, "protocols.acquisition", "acquisition: Stacks of whole cells.", "acquisition: {link: 10.1/x}"),
    ],
)
def test_one_thing_less_is_missed_at_its_level(level: PracticeLevel, field: str, old: str, new: str) -> None:
    """Each level misses exactly the field that was taken away, and levels below it are still reached."""
    at = COMPLETE.index(old)
    assessment = assess(COMPLETE[:at] + new + COMPLETE[at + len(old) :])
    assert field in own(assessment, level)
    assert assessment.reached == {MINIMUM: None, GOOD: MINIMUM, MOST: GOOD}[level]
    assert all(one.message.endswith(".") and one.remedy.endswith(".") for one in assessment.missing[level])


def test_comments_of_a_draft_and_checks_have_one_source() -> None:
    """Every field that a comment calls needed has a check at that level, and no check is without its comment."""
    checked = {field for need in NEEDS for field in need.fields}
    groups = {"channels", "instruments", "acquisitions", "files", "creators"}
    commented = {field for field, help_text in FIELD_HELP.items() if help_text.level}
    assert commented - groups <= checked
    assert checked <= commented | set(PARTS)
    for need in NEEDS:
        assert len({needed_level(field) for field in need.fields}) == 1, need.fields


def test_a_manufacturer_alone_is_no_microscope() -> None:
    """The template says that the model is needed for minimum, and so it is."""
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(instrument=replace(MICROSCOPE, model=None))))
    text = changed(COMPLETE, {"{manufacturer: Zeiss, model: LSM 880}": "{manufacturer: Zeiss}"})
    assert "instruments[m1].microscope.model" in own(assess(text, deposit), MINIMUM)
    assert "instruments[m1].microscope.manufacturer" not in own(assess(text, deposit), GOOD)


def test_a_stack_of_single_planes_needs_its_step() -> None:
    """A plane knows nothing of its neighbours; the names say that there are some."""
    plane = stack(axes={"C": 2, "Y": 4, "X": 4}, pixel_size_um=PixelSize(x=0.1, y=0.1))
    deposit = inventory(*(file(f"raw/s_z{z}.tif", "tiff", Tier.RAW, plane) for z in range(3)))
    text = changed(COMPLETE, {"    z_step_um: 0.5\n": "", "raw/*.czi": "raw/*.tif"})
    said = read_description(text).description
    paths = [one.path for one in deposit.files]
    assert assess_level(said, deposit, transformed=True).reached == MOST
    assessment = assess_level(said, deposit, transformed=True, z_planes=paths)
    assert assessment.reached is None
    (one,) = assessment.missing[MINIMUM]
    assert (one.field, len(one.subjects)) == ("acquisitions[a1].z_step_um", 3)
    with_step = read_description(changed(COMPLETE, {"raw/*.czi": "raw/*.tif"})).description
    assert assess_level(with_step, deposit, transformed=True, z_planes=paths).reached == MOST


@pytest.mark.parametrize(("size", "reached"), [("[0.14, null]", MOST), ("[null, 0.14]", None)])
def test_an_xz_scan_has_no_height_to_ask_for(size: str, reached: PracticeLevel | None) -> None:
    """Its rows run along Z: width and z step are needed, and nothing else."""
    scan = stack(axes={"C": 2, "Z": 8, "X": 8}, pixel_size_um=PixelSize())
    text = changed(COMPLETE, {"[0.0902, 0.0902]": size})
    assert assess(text, inventory(file("raw/a.czi", "czi", Tier.RAW, scan)), transformed=True).reached == reached


def test_a_remedy_names_the_entry_and_its_line() -> None:
    """The second channel has no name, and its line is told; JSON has every field and subject."""
    plain = tuple(replace(one, name=None) for one in (GREEN, GREEN))
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=plain)))
    text = changed(COMPLETE, {"name: tubulin, ": "", "name: mitochondria, ": ""})
    loaded = read_description(text)
    assessment = assess_level(loaded.description, deposit, transformed=True, lines=loaded.lines)
    (one,) = assessment.missing[MINIMUM]
    first = next(number for number, line in enumerate(text.splitlines(), 1) if "{id: c0" in line)
    assert one.field == "channels[c0].name"
    assert one.fields == ("channels[c0].name", "channels[c1].name")
    assert f"channel c0 (line {first}) and 1 more" in one.remedy
    _, findings = check_level(assessment, claimed=MOST)
    assert findings[0].message.endswith("Needed for minimum; this deposit aims at most-reproducible.")
    assert findings[0].detail["missing_for"] == ["channel c0", "channel c1"]
    _, findings = check_level(assessment, claimed=MINIMUM)
    assert findings[0].message.endswith("Needed for minimum.")


def test_the_list_of_what_is_missing_is_bounded() -> None:
    """A hundred thousand files without description must not fill a report."""
    deposit = inventory(*(file(f"raw/{number}.txt", "text", Tier.RAW) for number in range(1200)))
    (one,) = [one for one in assess("", deposit).missing[MINIMUM] if one.field == "files.description"]
    assert len(one.subjects) == 1000
    assert "and 1199 more" in one.message


def test_with_several_specimens_each_image_needs_one() -> None:
    """The template says so: needed for minimum, if there are several."""
    text = changed(COMPLETE, {"specimens:\n": "specimens:\n  - {id: s2, organism: Homo sapiens, origin: HeLa cells}\n"})
    deposit = two_cells()
    assert "acquisitions[a1].specimen" not in own(assess(text, deposit), MINIMUM)
    assert "acquisitions[a1].specimen" in own(assess(changed(text, {"    specimen: s1\n": ""}), deposit), MINIMUM)


def test_laser_and_band_answer_for_excitation_and_emission() -> None:
    """What lit a channel and what was detected is known, by other fields."""
    bare = replace(GREEN, excitation_nm=None, emission_nm=None, laser_lines_nm=())
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=(bare, bare))))
    text = changed(
        COMPLETE, {", excitation_nm: 488, emission_nm: 520": "", ", excitation_nm: 561, emission_nm: 599": ""}
    )
    assert assess(text, deposit, transformed=True).reached == MOST
    less = changed(text, {"laser: l0, ": "", ", emission_band_nm: [499, 553]": ""})
    fields = own(assess(less, deposit, transformed=True), GOOD)
    assert {"channels[c0].excitation_nm", "channels[c0].emission_nm"} == fields


def test_everything_that_a_header_records_counts() -> None:
    """With a full header, nothing of instrument, acquisition or channel is asked for at any level."""
    full = tuple(
        replace(one, detector_type="PMT", voltage_v=650.0, emission_bands_nm=((500.0, 550.0),))
        for one in (GREEN, GREEN)
    )
    scope = replace(
        MICROSCOPE,
        method="laser scanning confocal microscopy",
        software_version="2.3",
        scan_direction="Unidirectional",
        averaging_number=4.0,
        averaging_unit="Line",
        averaging_method="Average",
        lasers=(LaserRecord(wavelength_nm=488.0, power_percent=2.0),),
    )
    start, end = COMPLETE.index("channels:"), COMPLETE.index("protocols:")
    text = changed(COMPLETE[:start] + COMPLETE[end:], {", acquisition: a1": ""})
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=full, instrument=scope)))
    assert assess(text, deposit, transformed=True).reached == MOST


def test_a_link_that_is_open_and_complete_stands_for_a_protocol() -> None:
    """The primer's footnote: the publication's protocol must be complete and openly accessible."""
    link = "acquisition: {link: 10.1234/x, open: true, complete: true}"
    assert assess(changed(COMPLETE, {"acquisition: Stacks of whole cells.": link})).reached == MOST


@pytest.mark.parametrize(
    ("told", "is_detailed"),
    [
        ("{link: lab book 3, open: true, complete: true}", False),
        ("see paper", False),
        ("As described in Smith et al. 2010.", False),
        ("Standard protocol", False),
        ("{text: see the paper, link: 10.1234/x, open: true, complete: true}", True),
        ("See https://protocols.example/x", False),
        ("{text: 'See https://protocols.example/x', open: true, complete: true}", True),
        ("{text: see the paper, open: true, complete: true}", False),
        ("As described in Smith et al. 2010 and then 10 min in PBS", True),
    ],
)
def test_a_protocol_is_told_or_linked(told: str, is_detailed: bool) -> None:  # noqa: FBT001 - a case of a table
    """A text that only points elsewhere needs a DOI or an address; "lab book 3" leads nobody there."""
    reached = assess(changed(COMPLETE, {"acquisition: Stacks of whole cells.": f"acquisition: {told}"})).reached
    assert (reached == MOST) is is_detailed


@pytest.mark.parametrize(
    ("told", "is_enough"),
    [
        ("see paper", False),
        ("Following Smith et al. 2010", False),
        ("as described in doi:10.1234/x", True),
        ("{link: lab book 3}", False),
        ("Fixed.", True),
    ],
)
def test_a_pointer_to_nowhere_is_no_protocol(told: str, is_enough: bool) -> None:  # noqa: FBT001 - a case of a table
    """For good-enough practice a pointer will do that leads to something."""
    start, end = COMPLETE.index("protocols:"), COMPLETE.index("quality:")
    text = f"{COMPLETE[:start]}protocols: {{processing: {told}}}\n{COMPLETE[end:]}"
    assert (assess(text).reached == GOOD) is is_enough


@pytest.mark.parametrize("work", ["the paper", "lab book 3"])
def test_a_work_that_nobody_can_find_stands_for_no_protocol(work: str) -> None:
    """It has no DOI and no address."""
    text = COMPLETE[: COMPLETE.index("protocols:")] + COMPLETE[COMPLETE.index("quality:") :]
    assert assess(f"{text}related: [{{id: {work}, relation: IsSupplementTo}}]\n").reached != GOOD


def test_a_protocol_elsewhere_is_enough_up_to_good_enough() -> None:
    """A related work that documents the data stands for the protocol where no detail is asked."""
    text = COMPLETE[: COMPLETE.index("protocols:")] + COMPLETE[COMPLETE.index("quality:") :]
    assert assess(text + "related: [{id: 10.1234/x, relation: IsDocumentedBy}]\n").reached == GOOD


@pytest.mark.parametrize(
    ("level", "field", "changes"),
    [
        (MINIMUM, "acquisitions.pixel_size_um", {"pixel_size_um": PixelSize(z=0.5)}),
        (MINIMUM, "acquisitions.z_step_um", {"pixel_size_um": PixelSize(x=0.1, y=0.1)}),
        (MINIMUM, "acquisitions.time_increment_s", {"axes": {"T": 5, "C": 2, "Y": 4, "X": 4}}),
        (
            MINIMUM,
            "instruments.objective.na",
            {"instrument": replace(MICROSCOPE, numerical_aperture=None)},
        ),
        (
            MINIMUM,
            "instruments.microscope.model",
            {"instrument": replace(MICROSCOPE, manufacturer=None, model=None)},
        ),
        (MINIMUM, "channels.name", {"channels": (GREEN, ChannelRecord(fluor="DAPI"))}),
        (MINIMUM, "channels.probe", {"channels": (GREEN, ChannelRecord(name="Ch2"))}),
        (GOOD, "channels.emission_nm", {"channels": (GREEN, replace(GREEN, emission_nm=None))}),
        (GOOD, "instruments.lasers", {"channels": (replace(GREEN, laser_lines_nm=()),) * 2}),
        (GOOD, "instruments.detectors", {"channels": (replace(GREEN, detector=None),) * 2}),
        (GOOD, "instruments.software.name", {"instrument": replace(MICROSCOPE, software=None)}),
        (GOOD, "acquisitions.pinhole_au", {"channels": (replace(GREEN, pinhole_um=None),) * 2}),
        (MOST, "acquisitions.zoom", {"instrument": replace(MICROSCOPE, zoom=None)}),
        (MOST, "acquisitions.averaging.number", {"instrument": replace(MICROSCOPE, averaging=None)}),
    ],
)
def test_what_the_header_records_counts_as_provided(
    level: PracticeLevel, field: str, changes: dict[str, object]
) -> None:
    """Without entries for images, the header must say it: present it counts, absent it is missed."""
    start, end = COMPLETE.index("channels:"), COMPLETE.index("protocols:")
    text = changed(COMPLETE[:start] + COMPLETE[end:], {", acquisition: a1": ""})
    full = inventory(file("raw/cell01.czi", "czi", Tier.RAW, stack()))
    less = inventory(file("raw/cell01.czi", "czi", Tier.RAW, stack(**changes)))
    assert field not in own(assess(text, full), level)
    assert field in own(assess(text, less), level)


def test_an_image_with_nothing_in_its_header_needs_the_description() -> None:
    """A plain TIFF reaches the level when people say what the header does not."""
    plain = stack(pixel_size_um=PixelSize(), channels=(), instrument=InstrumentRecord())
    deposit = inventory(
        file("raw/cell01.czi", "czi", Tier.RAW, plain),
        file("transformed/a.ome.tif", "ome-tiff", Tier.TRANSFORMED, plain),
    )
    assert assess(COMPLETE, deposit).reached == MOST
    assert "acquisitions.pixel_size_um" in own(assess("", deposit), MINIMUM)
    scale = changed(COMPLETE, {"pixel_size_um: [0.0902, 0.0902]": "scale_bar: true"})
    assert assess(scale, deposit).reached == MOST


def test_transformed_files_may_be_promised_by_the_build() -> None:
    """Raw files alone reach good-enough only where the build will convert them."""
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, stack()))
    assert assess(COMPLETE, deposit, transformed=True).reached == MOST
    for unpromised in (None, False):
        assessment = assess(COMPLETE, deposit, transformed=unpromised)
        assert assessment.reached == MINIMUM
        assert "transformed" in own(assessment, GOOD)


def test_what_was_submitted_to_a_publication_is_good_enough() -> None:
    """Processed figures of a publication need no transformed files for good-enough, but for most-reproducible."""
    deposit = inventory(file("processed/fig.tif", "tiff", Tier.PROCESSED, stack()))
    text = (
        COMPLETE + "  - {path: processed/*, description: Figure}\nrelated: [{id: 10.1/x, relation: IsSupplementTo}]\n"
    )
    assessment = assess(text, deposit)
    assert assessment.reached == GOOD
    assert {"transformed", "raw_location"} <= own(assessment, MOST)
    assert assess(text + "raw_location: https://x.example/raw\n", deposit, transformed=True).reached == MOST


def test_an_image_that_cannot_be_read_cannot_have_ome_xml() -> None:
    """Most-reproducible asks for OME-XML of every image."""
    broken = file("raw/broken.czi", "czi", Tier.RAW, problem="the file ends early")
    assessment = assess(COMPLETE, inventory(*two_cells().files, broken))
    (one,) = [one for one in assessment.missing[MOST] if one.field == "metadata"]
    assert "raw/broken.czi" in one.message
    assert "the file ends early" in one.message
    assert assessment.reached == GOOD


def test_a_spinning_disk_has_no_scan_settings() -> None:
    """Zoom and dwell time are asked of scanning microscopes only."""
    text = changed(
        COMPLETE,
        {
            "single-spot confocal microscopy": "spinning disk confocal microscopy",
            "FBbi:00000252": "FBbi:00000253",
            "    zoom: 2.0\n    pixel_dwell_us: 1.02\n    scan_direction: Unidirectional\n": "",
            "    averaging: {number: 4, unit: Line, method: Average}\n": "",
        },
    )
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, stack(instrument=InstrumentRecord())))
    assert assess(text, deposit, transformed=True).reached == MOST


def test_a_draft_reaches_no_level_by_itself() -> None:
    """Comments and examples are no answers."""
    assert assess(draft_description(two_cells(), level=MINIMUM)).reached is None


def test_a_deposit_without_data_reaches_nothing() -> None:
    """A readme alone is no dataset."""
    deposit = inventory(file("README.txt", "text", Tier.README))
    assert "files" in {one.field for one in assess(COMPLETE, deposit).missing[MINIMUM]}


def outcomes(text: str, claimed: PracticeLevel | None) -> dict[str, Outcome]:
    """What became of each level rule."""
    checks, _ = check_level(assess(text), claimed=claimed)
    return {check.rule: check.outcome for check in checks}


def test_a_level_that_is_claimed_and_reached_has_no_findings() -> None:
    """All level rules pass."""
    assert set(outcomes(COMPLETE, MOST).values()) == {Outcome.PASSED}


def test_a_level_that_is_claimed_and_not_reached_names_everything_missing() -> None:
    """Each missing thing is a finding with its remedy."""
    _, findings = check_level(
        assess(changed(COMPLETE, {"keywords: [mitosis]": "", 'version: "1.0"': ""})), claimed=MOST
    )
    assert {one.rule for one in findings} == {"level.not-reached"}
    assert [one.detail["field"] for one in findings] == ["keywords", "version"]
    assert all(one.remedy for one in findings)


def test_a_lower_claim_is_advised_upwards() -> None:
    """The primer's goal is the most reproducible level."""
    assert outcomes(COMPLETE, MINIMUM)["level.more-within-reach"] == Outcome.FAILED


def test_no_claim_is_advised_on() -> None:
    """Without a claim nothing can be missed, and the curator is told so."""
    seen = outcomes(COMPLETE, None)
    assert seen["level.not-claimed"] == Outcome.FAILED
    assert seen["level.not-reached"] == Outcome.NOT_APPLICABLE
