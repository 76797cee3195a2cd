"""The rules about descriptions: one good case for each, and one change that each must find."""

from dataclasses import replace

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.findings import Finding, Outcome
from confocal_bag.image.model import PixelSize
from confocal_bag.vocabulary import Tier
from tests.deposit.described import (
    COMPLETE,
    GREEN,
    MICROSCOPE,
    STACK,
    changed,
    file,
    inventory,
    stack,
    two_cells,
)


def found(text: str, deposit: Inventory | None = None) -> list[Finding]:
    """The findings about a description of two stacks."""
    return check_description(read_description(text), deposit or two_cells())[1]


def test_a_complete_description_has_no_findings() -> None:
    """Every rule about descriptions runs and passes."""
    checks, findings = check_description(read_description(COMPLETE), two_cells())
    assert findings == []
    assert {check.rule for check in checks if check.outcome is not Outcome.PASSED} == {"description.no-such-folder"}
    assert len(checks) >= 18


def test_an_empty_description_has_no_findings() -> None:
    """What is missing is a matter of levels, not of right and wrong."""
    assert found("") == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "says"),
    [
        ("unknown-key", "keywords:", "keyword:", "did you mean keywords?"),
        ("wrong-type", "na: 1.4", "na: high", "a number was expected"),
        ("duplicate-key", "keywords:", "title: x\nkeywords:", "given on line"),
        ("unquoted-number", 'version: "1.0"', "version: 1.10", "1.10"),
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0079", "check digit"),
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825", "four groups"),
        ("email", "ada@example.org", "ada at example", "one address such as"),
        ("email", "ada@example.org", "'ada@example.org, bob@example.org'", "one address such as"),
        ("email", "ada@example.org", "ada@localhost", "one address such as"),
        ("ror", "04tj63d06", "04tj63d60", "check digits"),
        ("ror", "04tj63d06", "tj63d06", "eight more characters"),
        ("identifier", "10.5072/example", "doi.org/example", "10.5072/example"),
        ("identifier", "{doi: 10.5072/example}", "{handle: nothing}", "Handle"),
        ("identifier", "{doi: 10.5072/example}", "{uri: somewhere}", "https://"),
        ("identifier", "license:", "related: [{id: abc, type: DOI}]\nlicense:", "its type says DOI"),
        ("term", "NCBITaxon:10090", "Mus musculus", "prefix and a number"),
        ("term", "NCBITaxon:10090", "CL:2000042", "NCBITaxon"),
        ("term", "CL:2000042", "CL:42", "CL:0000001"),
        ("term", "CL:2000042", "XX:2000042", "prefix XX"),
        ("license", "CC0-1.0", "CC BY 4.0", "did you mean CC-BY-4.0?"),
        ("license", "CC0-1.0", "CC0", "did you mean CC0-1.0?"),
        ("date", "collected: 2019-04-17", "collected: 17.4.2019", "a date"),
        ("date", "collected: 2019-04-17", "collected: 2019-04-17/2019-04-16", "first/last"),
        ("date", "collected: 2019-04-17", "collected: 2019-02-30", "first/last"),
        ("date", "collected: 2019-04-17", "collected: 2999-01-01", "future"),
        ("date", "issued: 2019-07-01", "issued: 2018-07-01", "after dates.issued"),
        ("date", "issued: 2019-07-01", "issued: July", "a date such as"),
        ("schema", "deposit/1", "deposit/2", "deposit/1 was expected"),
        ("placeholder", "Fixed and stained.", "TODO write this", "placeholder"),
        (
            "placeholder",
            "title: Stacks of dividing fibroblasts",
            "title: <title of your dataset>",
            "placeholder",
        ),
        ("duplicate-id", "{id: c1,", "{id: c0,", "have the id 'c0'"),
        ("unknown-id", "instrument: m1", "instrument: m2", "the ids under instruments are: m1"),
        ("unknown-id", "specimen: s1", "specimen: s2", "s1"),
        ("unknown-id", "{channel: c1,", "{channel: c9,", "c0, c1"),
        (
            "unknown-id",
            'raw/*.czi", tier: raw, acquisition: a1',
            'raw/*.czi", tier: raw, acquisition: a7',
            "a1",
        ),
        ("unknown-id", "{channel: c1,", "{channel: c1..c3,", "c0, c1"),
        (
            "unknown-id",
            'raw/*.czi", tier: raw, acquisition: a1',
            'raw/*.czi", tier: raw, acquisition: [a1, a7]',
            "files[0].acquisition[1] is 'a7'",
        ),
        ("no-such-file", "raw/*.czi", "raw/*.lsm", "no file of the deposit fits"),
        ("no-such-file", 'path: "raw/*.czi", ', "", "no path"),
        ("derived-from", "[raw/cell01.czi]", "[raw/cell99.czi]", "raw/cell99.czi"),
        ("contradicts-header", "[0.0902, 0.0902]", "[0.18, 0.0902]", "0.0902 x 0.0902 µm"),
        ("contradicts-header", "z_step_um: 0.5", "z_step_um: 1", "says 1 µm"),
        ("contradicts-header", "na: 1.4", "na: 0.8", "records 1.4"),
        ("contradicts-header", "emission_nm: 520", "emission_nm: 620", "says 620 nm"),
        ("collected-date", "collected: 2019-04-17", "collected: 2019-05", "records 2019-04-17"),
        ("implausible", "na: 1.4", "na: 63", "instruments[0].objective.na is 63; 0.01 to 1.7 was expected"),
        ("implausible", "magnification: 63}", "magnification: 630}", "0.1 to 250"),
        ("implausible", "wavelength_nm: 488}", "wavelength_nm: 48}", "lasers[0].wavelength_nm is 48; 200 to 2000 nm"),
        ("implausible", "laser_power_percent: 2.0", "laser_power_percent: 200", "is 200; 0 to 100 %"),
        ("implausible", "[499, 553]", "[4.99, 553]", "emission_band_nm[0] is 4.99"),
        ("implausible", "emission_nm: 520", "emission_nm: 52", "is 52; 200 to 2000 nm was expected"),
        ("implausible", "[0.0902, 0.0902]", "[0.0902, 902]", "pixel_size_um[1] is 902; 0.001 to 100 µm"),
        ("implausible", "z_step_um: 0.5", "z_step_um: 500", "is 500; 0.001 to 200 µm"),
    ],
)
def test_one_change_is_found_by_its_rule(rule: str, old: str, new: str, says: str) -> None:
    """Each mutation of the complete description is found, with a remedy and the line."""
    findings = [one for one in found(changed(COMPLETE, {old: new})) if one.rule == f"description.{rule}"]
    assert findings, f"description.{rule} found nothing"
    assert says in findings[0].message
    assert findings[0].remedy
    assert findings[0].detail["line"] > 0


@pytest.mark.parametrize("address", ["o'brien+x@mail.uni.example", "müller@beispiel.example", "a.b@x-y.example.org"])
def test_good_addresses_are_accepted(address: str) -> None:
    """Plus signs, apostrophes and letters of other alphabets."""
    assert found(changed(COMPLETE, {"email: ada@example.org": f'email: "{address}"'})) == []


def test_a_contradiction_that_the_notes_explain_is_for_information() -> None:
    """The remedy works: a note that names the field; one that names another changes nothing."""
    text = changed(COMPLETE, {"z_step_um: 0.5": "z_step_um: 1\n    notes: [REASON]"})
    (one,) = found(changed(text, {"REASON": '"zoom: set by hand"'}))
    assert (one.rule, one.severity) == ("description.contradicts-header", "error")
    assert "begins with `z_step_um:`" in str(one.remedy)
    (one,) = found(changed(text, {"REASON": '"z_step_um: every second plane was kept"'}))
    assert (one.rule, one.severity) == ("description.contradicts-header", "info")


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("[0.0902, 0.0902]", "[0.9, 0.9]", "error"),
        ("z_step_um: 0.5", "z_step_um: 1", "error"),
        ("na: 1.4", "na: 0.8", "error"),
        ("zoom: 2.0", "zoom: 3.0", "warning"),
        ("emission_nm: 520", "emission_nm: 620", "warning"),
    ],
)
def test_what_lengths_are_measured_with_must_not_be_said_twice(old: str, new: str, severity: str) -> None:
    """Two pixel sizes, steps or apertures in one bag are an error; other settings a warning."""
    (one,) = [one for one in found(changed(COMPLETE, {old: new})) if one.rule.endswith("contradicts-header")]
    assert one.severity == severity


def test_what_was_made_of_an_image_may_have_pixels_of_its_own() -> None:
    """A reduced copy in the processed tier, the only file there is, is no error; a raw file is."""
    reduced = stack(pixel_size_um=PixelSize(x=0.3608, y=0.3608, z=0.5))
    for path, tier, severity in (
        ("processed/a.tif", Tier.PROCESSED, "warning"),
        ("raw/cell01.czi", Tier.RAW, "error"),
    ):
        deposit = inventory(file(path, "tiff", tier, reduced))
        (one,) = [one for one in found(COMPLETE, deposit) if one.rule == "description.contradicts-header"]
        assert one.severity == severity


def test_each_image_of_a_file_is_compared_with_its_own_acquisition() -> None:
    """The second of two images has another step, and another acquisition."""
    second = stack(series=1, pixel_size_um=PixelSize(x=0.0902, y=0.0902, z=2.0))
    deposit = inventory(file("raw/all.lif", "lif", Tier.RAW, STACK, second))
    start = COMPLETE.index("files:")
    text = COMPLETE[:start] + "files: [{path: raw/all.lif, acquisition: [a1, a2], description: x}]\n"
    entry = COMPLETE[COMPLETE.index("  - id: a1") : COMPLETE.index("protocols:")]
    own = changed(entry, {"id: a1": "id: a2", "z_step_um: 0.5": "z_step_um: 2"})
    assert found(changed(text, {"protocols:": own + "protocols:"}), deposit) == []
    (one,) = found(changed(text, {"protocols:": entry.replace("id: a1", "id: a2") + "protocols:"}), deposit)
    assert "acquisitions[1].z_step_um says 0.5 µm" in one.message


def test_a_missing_height_contradicts_nothing() -> None:
    """Only sides that both know are compared."""
    assert found(changed(COMPLETE, {"[0.0902, 0.0902]": "[0.0902, null]"})) == []


def test_a_channel_too_many_in_the_image_is_found() -> None:
    """The image has three channels where the acquisition lists two."""
    three = stack(axes={"C": 3, "Z": 10, "Y": 8, "X": 8}, channels=(GREEN, GREEN, GREEN))
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, three), *two_cells().files[1:])
    (one,) = [f for f in found(COMPLETE, deposit) if f.rule == "description.channel-count"]
    assert "lists 2 channels, but raw/cell01.czi has 3" in one.message


def test_a_contradiction_of_many_files_is_told_once() -> None:
    """A hundred files of one setup give one finding that counts them."""
    deposit = inventory(
        *(file(f"raw/{number:03}.czi", "czi", Tier.RAW, STACK) for number in range(100)),
        file("raw/cell01.czi", "czi", Tier.RAW, STACK),
        file("transformed/a.ome.tif", "ome-tiff", Tier.TRANSFORMED),
    )
    (one,) = found(changed(COMPLETE, {"na: 1.4": "na: 1.2"}), deposit)
    assert "raw/000.czi (and 100 more)" in one.message


@pytest.mark.parametrize("written", ["[0.09, 0.09]", "[0.0902, 0.0902]", "[0.091, 0.09]"])
def test_a_rounded_pixel_size_does_not_contradict(written: str) -> None:
    """Depositors round; two percent is the same size."""
    assert found(changed(COMPLETE, {"[0.0902, 0.0902]": written})) == []


def test_a_header_without_a_value_contradicts_nothing() -> None:
    """Not recorded is not another value."""
    blank = stack(pixel_size_um=PixelSize(), instrument=replace(MICROSCOPE, numerical_aperture=None))
    deposit = inventory(file("raw/cell01.czi", "czi", Tier.RAW, blank), *two_cells().files[1:])
    assert found(COMPLETE, deposit) == []


@pytest.mark.parametrize(
    "spdx", ["CC-BY-4.0", "cc0-1.0", "LicenseRef-Agreement", "MIT OR Apache-2.0", "(CC-BY-4.0 AND MIT)"]
)
def test_good_licences_are_accepted(spdx: str) -> None:
    """SPDX identifiers in any letter case, expressions and names of one's own."""
    assert found(changed(COMPLETE, {"spdx: CC0-1.0": f'spdx: "{spdx}"'})) == []


def test_a_licence_that_may_exist_is_a_warning_only() -> None:
    """The list is short; a rare identifier must not stop a bag."""
    (one,) = found(changed(COMPLETE, {"spdx: CC0-1.0": "spdx: CDLA-Nothing-9.0"}))
    assert (one.rule, one.severity) == ("description.license", "warning")


@pytest.mark.parametrize("orcid", ["https://orcid.org/0000-0002-1694-233X", "0000-0001-5109-3700"])
def test_good_orcids_are_accepted(orcid: str) -> None:
    """With and without the address, and with X as check digit."""
    assert found(changed(COMPLETE, {"0000-0002-1825-0097": orcid})) == []


@pytest.mark.parametrize("ror", ["02catss52", "https://ror.org/03vek6s52", "ror.org/04tj63d06"])
def test_good_rors_are_accepted(ror: str) -> None:
    """With and without the address."""
    assert found(changed(COMPLETE, {"https://ror.org/04tj63d06": ror})) == []


@pytest.mark.parametrize("collected", ["2019", "2019-04", "2019-04-17/2019-05", "2018-12-31/2019-04-17"])
def test_good_dates_are_accepted(collected: str) -> None:
    """Years, months, days and periods."""
    assert found(changed(COMPLETE, {"collected: 2019-04-17": f"collected: {collected}"})) == []


@pytest.mark.parametrize("pattern", ["raw/", "raw/cell0?.czi", "**/*.czi", "./raw/*.czi", "raw/**", "r*/cell*"])
def test_patterns_name_files(pattern: str) -> None:
    """Folders, stars, double stars and question marks."""
    assert found(changed(COMPLETE, {"raw/*.czi": pattern})) == []


@pytest.mark.parametrize("pattern", ["*.czi", "Raw/*.czi", "raw", "raw/cell[01]*.czi", "raw/*/*.czi"])
def test_patterns_that_fit_nothing_are_found(pattern: str) -> None:
    """A star stays in its folder, letter case counts, brackets mean themselves."""
    findings = found(changed(COMPLETE, {"raw/*.czi": pattern}))
    assert "description.no-such-file" in {one.rule for one in findings}


def test_a_file_with_brackets_in_its_name_is_found() -> None:
    """Microscopes write brackets into names."""
    deposit = inventory(file("raw/cell [1].czi", "czi", Tier.RAW, STACK), *two_cells().files)
    text = COMPLETE + "  - {path: 'raw/cell [1].czi', description: One}\n"
    assert found(text, deposit) == []


@pytest.mark.parametrize(
    ("works", "says"),
    [
        ("[{title: Nowhere}]", "child_works[0] has no folder"),
        ("[mouse7]", "child_works[0].folder is 'mouse7', and no file of the deposit lies in it"),
        ("[raw]", "no file of the deposit lies in it"),
        ("[raw/mouse1, {folder: raw/mouse1}]", "child_works[1].folder is 'raw/mouse1', as of an entry before"),
    ],
)
def test_a_child_work_without_a_folder_of_its_own_is_told(works: str, says: str) -> None:
    """Its title and people would be lost."""
    deposit = inventory(file("raw/mouse1/a.czi", "czi", Tier.RAW, STACK))
    _, findings = check_description(read_description(f"child_works: {works}\n"), deposit)
    (found,) = [one for one in findings if one.rule == "description.no-such-folder"]
    assert says in found.message


@pytest.mark.parametrize("folder", ["mouse1", "mouse1/", "raw/mouse1"])
def test_a_child_work_is_named_with_or_without_its_tier(folder: str) -> None:
    """And its specimens and acquisitions are those of the dataset."""
    deposit = inventory(file("raw/mouse1/a.czi", "czi", Tier.RAW, STACK))
    text = f"specimens: [{{id: s1}}]\nchild_works: [{{folder: {folder}, specimens: [s1, s9]}}]\n"
    _, findings = check_description(read_description(text), deposit)
    assert not [one for one in findings if one.rule == "description.no-such-folder"]
    assert [one.message for one in findings if one.rule == "description.unknown-id"] == [
        "child_works[0].specimens[1] is 's9', but the ids under specimens are: s1 (line 2)."
    ]
