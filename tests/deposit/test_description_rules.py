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
        ("license", "CC0-1.0", "CC BY", "did you mean CC-BY-4.0?"),
        ("license", "CC0-1.0", "cc-by", "did you mean CC-BY-4.0?"),
        ("license", "CC0-1.0", "CC0-1.0 and ours", "ours is not a known"),
        ("orcid", "0000-0002-1825-0097", "\u0660000-0002-1825-0097", "four groups"),
        ("date", "issued: 2019-07-01", "issued: 2019-07-01T99:99:99", "a date such as"),
        ("date", "issued: 2019-07-01", "issued: \u0662\u0660\u0661\u0669", "a date such as"),
        ("related-id", "license:", "related: [{id: the paper, relation: IsSupplementTo}]\nlicense:", "no DOI, PMID"),
        ("related-id", "license:", "related: [{id: not a url, type: URL}]\nlicense:", "begins with https://"),
        ("related-id", "license:", "related: [{id: PMC12, type: PMID}]\nlicense:", "is a number"),
        ("related-id", "license:", "related: [{id: nothing, type: handle}]\nlicense:", "20.500"),
        ("location", "{name: Raleigh}", "{name: Raleigh, lat: 35.8}", "location.lon is not"),
        ("location", "{name: Raleigh}", "{name: Raleigh, lon: -78.6}", "location.lat is not"),
        ("live-fixed", "strain: C57BL/6J", "live: true", "fixation is 'formaldehyde fixed tissue'"),
        ("wrong-type", "zoom: 2.0", "zoom: true", "a number was expected"),
        ("wrong-type", "gain_v: 650", "gain: true", "gain"),
        ("wrong-type", "laser_power_percent: 2.0", "laser_power_percent: [true]", "number"),
        ("wrong-type", "[0.0902, 0.0902]", "[true, 0.0902]", "pixel_size_um"),
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


@pytest.mark.parametrize(
    "orcid",
    [
        "https://orcid.org/0000-0002-1694-233X",
        "0000-0002-1694-233x",
        "orcid.org/0000-0002-1694-233X",
        "0000 0002 1694 233X",
        "000000021694233X",
        "http://www.orcid.org/0000-0002-1694-233x/",
        "ORCID: 0000-0002-1694-233X",
    ],
)
def test_good_orcids_are_read_as_they_are_meant(orcid: str) -> None:
    """With and without the address or hyphens, and with X as check digit, large or small."""
    text = changed(COMPLETE, {"0000-0002-1825-0097": f"'{orcid}'"})
    assert found(text) == []
    assert read_description(text).description.creators[0].orcid == "0000-0002-1694-233X"


def test_one_orcid_is_that_of_one_person() -> None:
    """Two creators cannot share one; a creator may also be a contributor, under one name."""
    orcid = "0000-0002-1825-0097"
    again = f"  - {{family: Babbage, given: C, orcid: {orcid}}}\norganization:"
    two = [one for one in found(changed(COMPLETE, {"organization:": again})) if one.rule.endswith("duplicate-orcid")]
    assert "creators[0]" in two[0].message
    for name, times in (("Ada", 0), ("Eve", 1)):
        text = f"{COMPLETE}contributors: [{{family: Lovelace, given: {name}, orcid: {orcid}}}]\n"
        assert sum(one.rule == "description.duplicate-orcid" for one in found(text)) == times


@pytest.mark.parametrize(
    ("written", "spdx"),
    [
        ("CC0", "CC0-1.0"),
        ("cc0 1.0", "CC0-1.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("CC-BY 4.0", "CC-BY-4.0"),
        ("cc-by 4.0", "CC-BY-4.0"),
        ("cc by-nc-sa 4.0", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "CC-BY-NC-SA-4.0"),
        ("mit", "MIT"),
        ("CC0-1.0 and MIT", "CC0-1.0 AND MIT"),
        ("(cc0 and (mit or apache-2.0))", "(CC0-1.0 AND (MIT OR Apache-2.0))"),
        ("gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("LicenseRef-ours", "LicenseRef-ours"),
        ("CC BY", "CC BY"),
        ("CC BY 9.0", "CC BY 9.0"),
        ("CC0-1.0 and ours", "CC0-1.0 and ours"),
    ],
)
def test_licences_are_read_as_spdx_writes_them(written: str, spdx: str) -> None:
    """Where only one can be meant; the file itself stays as it was written."""
    text = changed(COMPLETE, {"spdx: CC0-1.0": f'spdx: "{written}"'})
    assert read_description(text).description.license.spdx == spdx


@pytest.mark.parametrize(
    ("said", "identifier", "kind"),
    [
        ("id: 'PMID:31234567'", "31234567", "PMID"),
        ("id: 'https://pubmed.ncbi.nlm.nih.gov/31234567/', type: pmid", "31234567", "PMID"),
        ("id: www.protocols.io/x", "https://www.protocols.io/x", "URL"),
        ("id: protocols.io/x, type: url", "https://protocols.io/x", "URL"),
        ("id: 10.1234/x", "10.1234/x", "DOI"),
        ("id: 'https://doi.org/10.1234/x'", "https://doi.org/10.1234/x", "DOI"),
        ("id: 'https://example.org/x', type: Url", "https://example.org/x", "URL"),
        ("id: 'arXiv:1234.5678'", "arXiv:1234.5678", "arXiv"),
        ("id: 'ISBN 978-3-16-148410-0'", "ISBN 978-3-16-148410-0", "ISBN"),
        ("id: 'hdl:20.500.1/2'", "hdl:20.500.1/2", "Handle"),
    ],
)
def test_related_works_are_of_the_type_that_their_identifier_shows(said: str, identifier: str, kind: str) -> None:
    """And the relation is in DataCite's words, in whatever way it was written."""
    text = f"{COMPLETE}related: [{{{said}, relation: Is Supplement To}}]\n"
    (work,) = read_description(text).description.related
    assert (work.id, work.type, work.relation) == (identifier, kind, "IsSupplementTo")
    assert found(text) == []


def test_what_no_type_fits_stays_as_it_was_written() -> None:
    """Nothing is guessed, and a short form is read as before."""
    works = read_description(
        "related: [the paper, {id: x, type: Pubmed}, {relation: foo}, 10.1234/x]\n"
    ).description.related
    assert [(one.id, one.type, one.relation) for one in works] == [
        ("the paper", None, None),
        ("x", "Pubmed", None),
        (None, None, "foo"),
        ("10.1234/x", "DOI", None),
    ]


@pytest.mark.parametrize(
    ("written", "words"), [("a, b; c", ("a", "b", "c")), ("['a, b', c]", ("a, b", "c")), ("a", ("a",))]
)
def test_keywords_on_one_line_are_a_list(written: str, words: tuple[str, ...]) -> None:
    """In a list each stays whole."""
    assert read_description(f"keywords: {written}\n").description.keywords == words


@pytest.mark.parametrize("fields", ["live: true", "live: true, fixation: none", "live: false, fixation: PFA"])
def test_what_lives_is_not_fixed(fields: str) -> None:
    """A specimen that was alive, and one that was not."""
    assert [one for one in found(f"specimens: [{{{fields}}}]\n") if one.rule == "description.live-fixed"] == []


def test_a_note_that_is_only_the_name_of_a_field_explains_nothing() -> None:
    """The word na is a field, and an answer of nobody."""
    text = changed(COMPLETE, {"na: 1.4": "na: 0.8", "    zoom: 2.0": "    notes: [na]\n    zoom: 2.0"})
    assert [one.severity for one in found(text) if one.rule == "description.contradicts-header"] == ["error"]


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
