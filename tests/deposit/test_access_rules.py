"""Licence, access and privacy must agree: a good case and a bad case of each rule."""

from datetime import date

import pytest

from confocal_bag.deposit.access import check_access
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.people import License
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.identifiers import license_problem
from confocal_bag.deposit.spdx import listed_licenses, names_in
from confocal_bag.findings import Finding, Outcome, Severity
from tests.deposit.described import COMPLETE, changed, inventory, two_cells

TODAY = date(2026, 1, 1)
RELATED = "related: [{id: 10.1083/jcb.1, type: DOI, relation: IsSupplementTo}]\n"


def outcomes(text: str) -> tuple[dict[str, Outcome], list[Finding]]:
    """What became of each rule for a description of two stacks, judged on one day."""
    checks, findings = check_access(read_description(text), two_cells(), TODAY)
    return {check.rule: check.outcome for check in checks}, findings


def said(**fields: str) -> str:
    """The complete description with its licence, access and privacy replaced."""
    rights = {"license": "{spdx: CC0-1.0}", "access": "{level: open}"} | fields
    text = changed(COMPLETE, {"license: {spdx: CC0-1.0}\n": "", "access: {level: open}\n": ""})
    if "privacy" in fields:
        text = changed(text, {"privacy: {human_subjects: false, restricted: false}\n": ""})
    if "specimens" in fields:
        text = text[: text.index("specimens:")] + text[text.index("channels:") :]
    return text + "".join(f"{name}: {value}\n" for name, value in rights.items())


GOOD = [
    ("no-license", {}),
    ("no-license", {"license": "{statement: Ask the authors}"}),
    ("cc0", {}),
    ("cc0", {"license": "{spdx: CC-BY-4.0, holder: Ada Lovelace}"}),
    ("copyright", {"related": RELATED[9:], "license": "{spdx: CC0-1.0, statement: The journal leaves it to us}"}),
    ("software-license", {"license": "{spdx: CC0-1.0 AND MIT}"}),
    ("narrow-license", {"license": "{spdx: CC-BY-SA-4.0}"}),
    ("open-license", {"access": "{level: restricted}", "license": "{spdx: LicenseRef-ours, statement: Ask}"}),
    ("embargo", {"access": '{level: embargoed, until: "2027-01-31"}'}),
    ("embargo", {}),
    ("conditions", {"access": "{level: restricted, conditions: On request}"}),
    ("restricted-data", {"privacy": "{restricted: true}", "access": "{level: restricted, conditions: On request}"}),
    ("restricted-data", {"privacy": "{restricted: true, redaction: Labels were cut off}"}),
    ("open-conditions", {"access": "{level: open, conditions: Please cite the article}"}),
    ("open-conditions", {"access": "{level: open, conditions: No permission is needed}"}),
    ("open-conditions", {"access": "{level: open, conditions: Free for everybody without registration}"}),
    ("statement", {"license": "{spdx: CC-BY-4.0, statement: The journal leaves the rights to us}"}),
    ("statement", {"license": "{spdx: CC0-1.0, statement: No rights reserved}"}),
    ("own-license", {"license": "{spdx: LicenseRef-ours, statement: For teaching only}"}),
    ("human-subjects", {"privacy": "{human_subjects: true, notes: All agreed to open sharing}"}),
    ("human-subjects", {"privacy": "{human_subjects: true, approval: IRB 2018-042}"}),
    ("human-source", {"specimens": "[{organism: Homo sapiens, cell_line: HeLa, origin: A patient in 1951}]"}),
    ("human-source", {"specimens": "[{organism: Mus musculus, origin: Biopsies of 12 mice}]"}),
    ("human-source", {"specimens": "[{organism: Homo sapiens, origin: Bought from ATCC}]"}),
    ("statement", {"license": "{spdx: CC-BY-NC-4.0, statement: For non-commercial use only}"}),
    ("statement", {"license": "{spdx: CC-BY-ND-4.0, statement: The images must not be changed}"}),
    ("statement", {"license": "{spdx: CC-BY-4.0, statement: Creative Commons Attribution 4.0 International}"}),
    ("statement", {"license": "{spdx: CC0-1.0, statement: May be used without permission}"}),
    (
        "open-license",
        {"access": "{level: restricted}", "license": "{spdx: LicenseRef-a, statement: No CC BY any more}"},
    ),
    ("open-conditions", {"access": "{level: open, conditions: No login or account is needed}"}),
]
BAD = [
    ("no-license", {"license": "{}"}, "no licence"),
    ("no-license", {"license": "{spdx: TODO}"}, "no licence"),
    ("cc0", {"license": "{spdx: CC-BY-4.0}"}, "recommends CC0-1.0"),
    ("copyright", {"related": RELATED[9:]}, "10.1083/jcb.1"),
    ("software-license", {"license": "{spdx: Apache-2.0}"}, "licence for software"),
    ("software-license", {"license": "{spdx: GPL-2.0-or-later WITH Classpath-exception-2.0}"}, "licence for software"),
    ("narrow-license", {"license": "{spdx: CC-BY-NC-ND-4.0}"}, "commercial use and changed copies"),
    ("narrow-license", {"license": "{spdx: CC-BY-ND-4.0}"}, "forbids changed copies"),
    ("open-license", {"access": "{level: restricted, conditions: On request}"}, "access.level is restricted"),
    ("embargo", {"access": "{level: embargoed}"}, "until when"),
    ("embargo", {"access": '{level: open, until: "2027-01-31"}'}, "access.level is open"),
    ("embargo", {"access": '{level: embargoed, until: "2025-12-31"}'}, "is past"),
    ("conditions", {"access": "{level: restricted}"}, "on which conditions"),
    ("restricted-data", {"privacy": "{restricted: true}"}, "must be restricted"),
    ("open-conditions", {"access": "{level: open, conditions: only with written consent}"}, "written consent"),
    ("open-conditions", {"access": "{level: open, conditions: Available on request}"}, "level is open"),
    ("statement", {"license": "{spdx: CC0-1.0, statement: All rights reserved. No reuse.}"}, "All rights reserved"),
    ("statement", {"license": "{spdx: CC-BY-4.0, statement: The images may not be shared}"}, "may not be shared"),
    ("own-license", {"license": "{spdx: LicenseRef-mine}"}, "LicenseRef-mine"),
    ("own-license", {"license": "{spdx: CC0-1.0 AND LicenseRef-mine, statement: TODO}"}, "what it allows"),
    ("human-subjects", {"privacy": "{human_subjects: true}"}, "what protects these people"),
    ("human-subjects", {"privacy": "{human_subjects: true, notes: ok}"}, "what protects these people"),
    ("human-subjects", {"privacy": "{human_subjects: true}", "access": "{}"}, "access.level is not given"),
    (
        "human-subjects",
        {"privacy": "{human_subjects: true, notes: pending IRB}", "access": "{level: embargoed, until: 2027-01-31}"},
        "access.level is embargoed",
    ),
    ("human-source", {"specimens": "[{organism: Homo sapiens, origin: biopsies of 12 patients}]"}, "'biopsies'"),
    ("human-source", {"specimens": '[{organism: {term: "NCBITaxon:9606"}, material: blood of donors}]'}, "material"),
    ("human-source", {"specimens": "[{description: Skin of 3 patients}]"}, "specimens[0].description"),
    (
        "restricted-data",
        {"privacy": "{restricted: true}", "access": "{level: embargoed, until: 2027-01-31}"},
        "embargo",
    ),
    ("restricted-data", {"privacy": "{restricted: true}", "access": "{}"}, "license.spdx lets everybody"),
    ("restricted-data", {"privacy": "{restricted: true, redaction: ask later}"}, "must be restricted"),
    ("open-license", {"access": "{level: restricted}", "license": "{statement: CC BY 4.0}"}, "license.statement says"),
    ("open-conditions", {"access": "{level: open, conditions: Login needed}"}, "Login needed"),
    ("open-conditions", {"access": "{level: open, conditions: For members of the university}"}, "members"),
    ("open-conditions", {"access": "{level: open, conditions: Not for commercial use}"}, "commercial"),
    ("open-conditions", {"access": "{level: open, conditions: Ask the authors before use}"}, "Ask the authors"),
    ("statement", {"license": "{spdx: CC0-1.0, statement: For non-commercial use only}"}, "non-commercial"),
    ("statement", {"license": "{spdx: CC-BY-4.0, statement: The images must not be changed}"}, "changed"),
    ("statement", {"license": "{spdx: CC0-1.0, statement: CC BY 4.0}"}, "CC BY 4.0"),
    ("statement", {"license": "{spdx: CC0-1.0, statement: No part may be reproduced without permission.}"}, "No part"),
    ("no-license", {"license": "{}"}, "LicenseRef-"),
]


@pytest.mark.parametrize(("rule", "fields"), GOOD)
def test_what_agrees_passes(rule: str, fields: dict[str, str]) -> None:
    """Each rule has something to look at and finds nothing."""
    assert outcomes(said(**fields))[0][f"access.{rule}"] is Outcome.PASSED


@pytest.mark.parametrize(("rule", "fields", "says"), BAD)
def test_what_contradicts_is_told_with_its_line(rule: str, fields: dict[str, str], says: str) -> None:
    """The message says what was seen, and where."""
    found = [one for one in outcomes(said(**fields))[1] if one.rule == f"access.{rule}"]
    assert len(found) == 1
    assert says in f"{found[0].message} {found[0].remedy}"
    assert "line" in found[0].message or "{}" in fields.values()
    assert found[0].remedy
    assert "primer" in (found[0].reference or "")


def test_the_complete_description_has_no_findings() -> None:
    """CC0, open, no restrictions: nothing to say."""
    assert outcomes(COMPLETE)[1] == []


def test_an_embargo_that_is_over_is_a_warning_and_one_without_end_an_error() -> None:
    """An open end can never be kept; a past end only has to be written down."""
    severities = {
        text: [one.severity for one in outcomes(said(access=text))[1] if one.rule == "access.embargo"]
        for text in ('{level: embargoed, until: "2025"}', "{level: embargoed}")
    }
    assert list(severities.values()) == [[Severity.WARNING], [Severity.ERROR]]


def test_no_licence_for_software_is_wrong_where_there_are_no_images() -> None:
    """A deposit of scripts alone may have one."""
    checks, _ = check_access(read_description(said(license="{spdx: MIT}")), inventory(), TODAY)
    assert {one.rule: one.outcome for one in checks}["access.software-license"] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CC0-1.0", None),
        ("cc-by-4.0", None),
        ("Apache-2.0+", None),
        ("(CC0-1.0 OR ODbL-1.0) AND MIT", None),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", None),
        ("LicenseRef-ours", None),
        ("GPL-3.0", "did you mean GPL-3.0-only?"),
        ("GPL-3.0+", "did you mean GPL-3.0-or-later?"),
        ("CC BY 4.0", "did you mean CC-BY-4.0?"),
        ("GPL 3", "did you mean GPL-3.0-only?"),
        ("Beerware-9", "not a known"),
        ("CC0-1.0 OR AND MIT", "one AND or OR"),
        ("CC0-1.0 AND", "one AND or OR"),
        ("AND MIT", "one AND or OR"),
        ("CC0-1.0 (MIT)", "one AND or OR"),
        ("(CC0-1.0 AND MIT", "brackets"),
        ("CC0-1.0 AND ()", "one AND or OR"),
        (")MIT(", "one AND or OR"),
        ("(MIT OR CC0-1.0) WITH Classpath-exception-2.0", "WITH stands"),
        ("MIT WITH", "WITH stands"),
        ("Classpath-exception-2.0", "an exception"),
        ("GPL-2.0-only WITH MIT", "no exception"),
        ("", "not a known"),
    ],
)
def test_licences_are_those_of_the_spdx_list(text: str, says: str | None) -> None:
    """Current identifiers pass, former ones are told with what replaced them."""
    problem = license_problem(text)
    assert problem is None if says is None else says in (problem or "")


def test_the_list_of_licences_is_whole() -> None:
    """Every line of the shipped file is read, and the ones that matter are what they are."""
    listed = listed_licenses()
    assert len(listed) > 800
    assert listed["mit"].is_software
    assert not listed["cc0-1.0"].is_software
    assert listed["gpl-3.0"].is_deprecated
    assert listed["classpath-exception-2.0"].is_exception
    assert names_in("CC0-1.0 AND (MIT OR Apache-2.0)") == ["CC0-1.0", "MIT", "Apache-2.0"]


def test_what_is_no_expression_has_no_address_in_a_readme() -> None:
    """Pages of the list are named for licences that are on it."""
    addresses = {
        text: [one.uri for one in rights_of(License(spdx=text))]
        for text in ("CC0-1.0 OR AND MIT", "mit AND Apache-2.0+", "GPL-2.0-only WITH Classpath-exception-2.0")
    }
    assert list(addresses.values()) == [
        [None],
        ["https://spdx.org/licenses/MIT.html", "https://spdx.org/licenses/Apache-2.0.html"],
        ["https://spdx.org/licenses/GPL-2.0-only.html"],
    ]
