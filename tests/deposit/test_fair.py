"""The FAIR checklist: each test passes for a complete deposit and fails for one change."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.description.terms import untested_terms
from confocal_bag.deposit.fair import FairResult, FairView, check_fair
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.ontology.table import shipped_terms
from confocal_bag.findings import Check, Finding, Severity
from confocal_bag.vocabulary import Tier
from tests import make
from tests.deposit.described import COMPLETE, STACK, changed, file, inventory, two_cells
from tests.recording import Ran

ENTITIES = "related: [{id: 10.1083/jcb.1, type: DOI, relation: IsSupplementTo}]\n"


def checked(
    text: str | None, deposit: Inventory | None = None, *more: Finding
) -> tuple[list[Check], list[Finding], dict[str, FairResult]]:
    """The checklist for a description, or for none, of a deposit of which other rules said `more`."""
    deposit = deposit or two_cells()
    loaded = read_description(text) if text is not None else None
    findings = check_description(loaded, deposit)[1] if loaded else []
    view = FairView(
        loaded=loaded,
        inventory=deposit,
        level=assess_level(loaded.description if loaded else None, deposit, transformed=True),
        findings=(*findings, *more),
        untested_terms=untested_terms(loaded.description, shipped_terms()) if loaded else (),
    )
    checks, found, results = check_fair(view)
    return checks, found, {one.test.id: one for one in results}


def outcomes(text: str | None, deposit: Inventory | None = None, *more: Finding) -> dict[str, str]:
    """The outcome of each test."""
    return {name: one.answer.outcome.value for name, one in checked(text, deposit, *more)[2].items()}


def packed(rule: str = "deposit.archive-nested") -> Finding:
    """What another rule found of one file."""
    return Finding(rule=rule, severity=Severity.ADVICE, message="x", path="raw/a.zip")


def unread() -> Inventory:
    """A raw image of which nothing can be read."""
    return inventory(file("raw/cell01.czi", "czi", Tier.RAW, problem="damaged"))


def closed() -> Inventory:
    """A processed file in a maker's format."""
    return inventory(
        file("raw/cell01.czi", "czi", Tier.RAW, STACK), file("processed/a.czi", "czi", Tier.PROCESSED, STACK)
    )


def test_a_complete_deposit_passes_every_test_that_can_be_made() -> None:
    """What is left can only be told once the data are published."""
    text = changed(COMPLETE, {"keywords:": ENTITIES + "keywords:"})
    checks, findings, results = checked(text)
    assert findings == []
    left = {name for name, one in results.items() if one.answer.outcome != "pass"}
    assert left == {"F1r", "F4e", "A2r", "A5", "R6"}
    assert all(one.answer.evidence for one in results.values())
    assert len(checks) == sum(one.test.rule is not None for one in results.values())


def test_the_checklist_goes_by_its_letters() -> None:
    """F, A, I, R; every test says what it is called and where it comes from."""
    results = checked(COMPLETE)[2]
    assert "".join(dict.fromkeys(name[0] for name in results)) == "FAIR"
    assert len(results) >= 25
    for one in results.values():
        assert all(metric.startswith("FsF-") for metric in one.test.fuji)
        assert one.test.principle[0] in "FAIR"


@pytest.mark.parametrize(
    ("test", "old", "new", "says"),
    [
        ("F1", "identifier: {doi: 10.5072/example}\n", "", "persistent identifier"),
        ("F1", "10.5072/example", "my dataset", "persistent identifier"),
        ("F1", "{doi: 10.5072/example}", "{uri: 'https://lab.example/data'}", "persistent identifier"),
        ("F1", "{doi: 10.5072/example}", "{uri: 'http://localhost/'}", "persistent identifier"),
        ("F1", "{doi: 10.5072/example}", "{uri: 'ark:x'}", "persistent identifier"),
        ("F1", "{doi: 10.5072/example}", "{uri: 'https://doi.org/'}", "persistent identifier"),
        ("F2", "keywords: [mitosis]\n", "", "missing: keywords"),
        ("F2", "title: Stacks of dividing fibroblasts", "title: TODO", "title"),
        ("F2d", "origin: Primary cells of strain C57BL/6J", "origin: unknown", "specimens[s1].origin"),
        ("F3", "description: The same as OME-TIFF, ", "", "files.description"),
        ("F3", '"transformed/*.ome.tif"', '"transformed/*.tiff"', "files[1].path"),
        ("F4", "publisher: {name: Example Repository}\n", "", "publisher.name"),
        ("A4", "access: {level: open}\n", "", "access.level"),
        ("A4", "access: {level: open}", "access: {level: restricted}", "access.conditions"),
        ("A4", "access: {level: open}", "access: {level: embargoed}", "access.until"),
        ("A4", "access: {level: open}", "access: {level: embargoed, until: soon}", "access.until"),
        ("I1", ', term: "NCBITaxon:10090"', "", "specimens[0].organism.term"),
        ("I1", "NCBITaxon:10090", "NCBITaxon-10090", "specimens[0].organism.term"),
        ("I2", "CL:2000042", "CL:0000057", "specimens[0].cell_type.term"),
        ("I2", "CL:2000042", "CL:xx", "specimens[0].cell_type.term"),
        ("I3", "keywords:", "keyword:", "keyword"),
        ("I4", "keywords:", "related: [{id: 10.1083/jcb.1}]\nkeywords:", "relation of 10.1083/jcb.1"),
        ("I4", "keywords:", "related: [{id: 10.1083/jcb.1, relation: foo}]\nkeywords:", "relation of 10.1083/jcb.1"),
        ("I5", "na: 1.4", "na: 1.2", "instruments[0].objective.na"),
        ("R1", "license: {spdx: CC0-1.0}", "license: {statement: Ask me}", "license.spdx"),
        ("R1", "CC0-1.0", "LicenseRef-mine", "license.spdx"),
        ("R2", "orcid: 0000-0002-1825-0097, ", "", "creators[0].orcid"),
        ("R2", 'version: "1.0"\n', "", "version"),
        ("R5", "probe: MitoTracker Red, ", "", "channels"),
        ("R7", "email: ada@example.org, ", "", "creators.email"),
        ("R7", "publisher: {name: Example Repository}\n", "", "publisher.name"),
    ],
)
def test_one_change_fails_one_test(test: str, old: str, new: str, says: str) -> None:
    """The evidence names the field; the finding is advice, says what to do, and names the metrics."""
    deposit = inventory(
        file(
            "raw/cell01.czi",
            "czi",
            Tier.RAW,
            replace(STACK, channels=(replace(STACK.channels[0]), replace(STACK.channels[1], fluor=None))),
        ),
        *two_cells().files[2:],
    )
    assert outcomes(COMPLETE, deposit)[test] != "fail"
    _, findings, results = checked(changed(COMPLETE, {old: new}), deposit)
    answer = results[test].answer
    assert answer.outcome == "fail", answer
    assert says in answer.evidence
    (finding,) = [one for one in findings if one.rule == results[test].test.rule]
    assert finding.severity is Severity.ADVICE
    assert says in finding.message
    assert finding.remedy
    assert finding.detail["fuji"] == list(results[test].test.fuji)


@pytest.mark.parametrize(
    ("test", "deposit", "more"),
    [
        ("F5", unread(), ()),
        ("A2", two_cells(), (packed(),)),
        ("A3", unread(), ()),
        ("R4", closed(), ()),
        ("R5", two_cells(), (packed("tier.unknown-format"),)),
    ],
)
def test_one_file_fails_one_test(test: str, deposit: Inventory, more: tuple[Finding, ...]) -> None:
    """What the files are like counts, not only what is said of them."""
    assert outcomes(COMPLETE)[test] == "pass"
    assert outcomes(COMPLETE, deposit, *more)[test] == "fail"


def test_no_standard_can_be_followed_without_image_and_title() -> None:
    """OME-XML needs an image, ABCD a title and more."""
    assert outcomes(COMPLETE, unread())["R3"] == "pass"
    assert outcomes(changed(COMPLETE, {"title: Stacks of dividing fibroblasts\n": ""}), unread())["R3"] == "fail"


def test_a_processed_file_says_what_it_was_made_from() -> None:
    """The link from one file to another is a qualified one."""
    deposit = inventory(*two_cells().files, file("processed/a.csv", "csv", Tier.PROCESSED))
    text = COMPLETE + "  - {path: processed/a.csv, tier: processed, description: Counts}\n"
    assert outcomes(text, deposit)["I4"] == "fail"
    linked = changed(text, {"description: Counts": "description: Counts, derived_from: [raw/cell01.czi]"})
    assert outcomes(linked, deposit)["I4"] == "pass"


@pytest.mark.parametrize(
    "uri",
    [
        "ark:/13030/tf5p30086k",
        "https://n2t.net/ark:/13030/tf5p30086k",
        "https://w3id.org/x/1",
        "https://hdl.handle.net/20.500.12345/678",
        "https://doi.org/10.5072/example",
        "urn:nbn:de:101:1-201102033592",
    ],
)
def test_what_somebody_keeps_is_persistent(uri: str) -> None:
    """ARK, URN, Handle, and addresses of services that lead on."""
    assert outcomes(changed(COMPLETE, {"{doi: 10.5072/example}": f"{{uri: '{uri}'}}"}))["F1"] == "pass"


def test_an_rrid_is_looked_up_by_nobody() -> None:
    """Alone it makes no test; beside terms it is not counted with them."""
    answer = checked('channels: [{id: c0, probe: "x (RRID:AB_477593)"}]\n')[2]["I2"].answer
    assert (answer.outcome, "RRIDs" in answer.evidence) == ("not-testable", True)
    assert "4 terms looked up; 1 RRID" in checked(COMPLETE)[2]["I2"].answer.evidence


def test_a_processed_picture_needs_no_ome_xml() -> None:
    """An overlay as PNG is what it is; a damaged one, or one that should be raw, is not."""
    picture = file("processed/overlay.png", "png", Tier.PROCESSED)
    assert outcomes(COMPLETE, inventory(*two_cells().files, picture))["F5"] == "pass"
    assert outcomes(COMPLETE, inventory(picture))["F5"] == "not-applicable"
    damaged = file("processed/overlay.png", "png", Tier.PROCESSED, problem="it is cut off")
    assert outcomes(COMPLETE, inventory(*two_cells().files, damaged))["F5"] == "fail"
    assert outcomes(COMPLETE, inventory(*two_cells().files, file("raw/a.png", "png", Tier.RAW)))["F5"] == "fail"


def test_a_term_that_nothing_can_look_up_is_not_testable() -> None:
    """Neither a pass nor a failure."""
    assert outcomes(changed(COMPLETE, {"CL:2000042": "CL:7777777"}))["I2"] == "not-testable"


def test_nothing_to_look_at_is_not_applicable() -> None:
    """No image, no term, no related work."""
    seen = outcomes("title: x\n", inventory(file("notes.txt", "text", Tier.README)))
    assert {name for name, outcome in seen.items() if outcome == "not-applicable"} == {
        "F5", "A3", "I1", "I2", "I4", "I5", "R4",
    }  # fmt: skip


def test_without_a_description_nothing_fails_that_is_asked_of_one() -> None:
    """Nobody has said anything wrong yet."""
    _, findings, results = checked(None)
    assert findings == []
    assert {name for name, one in results.items() if one.answer.outcome == "pass"} == {"F5", "A2", "A3", "R4"}


def test_inspect_shows_and_records_the_checklist(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """One line of counts, one for each failure, no percentage; in JSON every test with its evidence."""
    folder = make.small_deposit(tmp_path / "d")
    (folder / "deposit.yaml").write_text("title: Cells\n", encoding="utf-8")
    ran = run("inspect", folder)
    assert "FAIR checklist, 26 tests: " in ran.out
    assert "\n  F1  persistent identifier: " in ran.out
    assert "fair." not in ran.out
    assert "%" not in ran.out[ran.out.index("FAIR checklist") :]
    document = json.loads(run("inspect", folder, "--format", "json").out)
    (one,) = [one for one in document["fair"] if one["id"] == "F1"]
    assert (one["rule"], one["outcome"]) == ("fair.identifier", "fail")
    assert one["evidence"]
    assert one["remedy"]
    assert one["fuji"] == ["FsF-F1-01MD-1", "FsF-F1-02MD-1"]
    assert "fair.identifier" in {finding["rule"] for finding in document["findings"]}
    assert document["verdict"] != "invalid" or any(one["severity"] == "error" for one in document["findings"])


def test_the_evidence_of_described_content_does_not_claim_what_channels_show() -> None:
    """R5 agrees with the readme about the targets of channels."""
    evidence = checked(COMPLETE)[2]["R5"].answer.evidence
    assert evidence.endswith("what makes each channel visible; what it shows (its target) is recorded for 1 of 2")
    both = changed(COMPLETE, {"probe: MitoTracker Red, ": "probe: MitoTracker Red, target: mitochondria, "})
    assert checked(both)[2]["R5"].answer.evidence.endswith("what makes each channel visible, and what it shows")
