"""BagIt profiles as checks: each rule passes a good bag and reports one mutation of it."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.profiles.model import Profile, ProfileSubject
from confocal_bag.bag.profiles.patterns import allows, covers_folder
from confocal_bag.bag.profiles.rules import PROFILE_RULES, check_profile, check_profile_document
from confocal_bag.findings import RULES, CannotFinish, Outcome, Severity

IDENTIFIER = "https://example.org/profile.json"

DOCUMENT: dict[str, Any] = {
    "BagIt-Profile-Info": {
        "BagIt-Profile-Identifier": IDENTIFIER,
        "BagIt-Profile-Version": "1.4.0",
        "Source-Organization": "Test Lab",
        "External-Description": "For tests",
        "Version": "1.0",
    },
    "Bag-Info": {
        "Source-Organization": {"required": True, "repeatable": False, "description": "Who sends it."},
        "Access": {"required": True, "values": ["open", "closed"]},
        "Contact-Name": {"required": False, "values": []},
        "Bagging-Date": {"regex": "[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    },
    "Manifests-Required": ["sha512"],
    "Manifests-Allowed": ["sha256", "sha512"],
    "Tag-Manifests-Required": ["sha512"],
    "Tag-Manifests-Allowed": ["sha256", "sha512"],
    "Tag-Files-Required": ["meta/a.xml"],
    "Tag-Files-Allowed": ["meta/*.xml", "README"],
    "Payload-Files-Required": ["data/readme.txt", "data/raw/"],
    "Payload-Files-Allowed": ["data/readme.txt", "data/raw/*", "data/scan-*.tif"],
    "Allow-Fetch.txt": True,
    "Fetch.txt-Required": False,
    "Data-Empty": False,
    "Serialization": "optional",
    "Accept-Serialization": ["application/zip", "application/tar", "application/gzip"],
    "Accept-BagIt-Version": ["0.97", "1.0"],
}

OTHER = {"Other-Info": [{"APTrust-Info": {"Title": {"required": True}, "Storage": {"values": ["Standard", "Cold"]}}}]}
TITLES: dict[str, tuple[tuple[str, str], ...]] = {"aptrust-info.txt": (("title", "Cells"), ("Storage", "Cold"))}

SUBJECT = ProfileSubject(
    bagit_version="1.0",
    bag_info=(
        ("Source-Organization", "Test Lab"),
        ("access", "open"),
        ("Contact-Name", "anyone"),
        ("Bagging-Date", "2026-11-24"),
        ("BagIt-Profile-Identifier", IDENTIFIER),
    ),
    manifests=("sha512",),
    tag_manifests=("sha512",),
    tag_files=("bagit.txt", "bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt", "meta/a.xml"),
    payload={"data/readme.txt": 10, "data/raw/deep/scan.czi": 100, "data/scan-.tif": 5},
    has_fetch=False,
    serialization=None,
    tag_fields=TITLES.get,
)


def with_titles(*fields: tuple[str, str]) -> ProfileSubject:
    """The good bag with other fields in its aptrust-info.txt."""
    return with_tag_files({"aptrust-info.txt": fields})


def with_tag_files(files: Mapping[str, tuple[tuple[str, str], ...]]) -> ProfileSubject:
    """The good bag with these fields in its tag files."""

    def tag_fields(path: str) -> tuple[tuple[str, str], ...] | None:
        return files.get(path)

    return replace(SUBJECT, tag_fields=tag_fields)


def write_profile(folder: Path, document: Any) -> Path:
    """A profile file."""
    path = folder / "profile.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def profile_of(tmp_path: Path) -> Any:
    """A function that loads the test profile with some top-level keys replaced; None removes a key."""

    def load(changes: Mapping[str, Any] | None = None) -> Profile:
        document = {**DOCUMENT, **(changes or {})}
        return load_profile(write_profile(tmp_path, {key: one for key, one in document.items() if one is not None}))

    return load


def findings_of(profile: Profile, subject: ProfileSubject = SUBJECT) -> dict[str, list[Severity]]:
    """The rules that found something, with the severities."""
    found: dict[str, list[Severity]] = {}
    for finding in check_profile(profile, subject)[1]:
        if finding.detail == {"key": "Other-Info"} and finding.severity is Severity.INFO:
            continue
        found.setdefault(finding.rule, []).append(finding.severity)
    return found


def with_info(*fields: tuple[str, str]) -> ProfileSubject:
    """The good bag with further bag-info fields."""
    return replace(SUBJECT, bag_info=(*SUBJECT.bag_info, *fields))


def without_info(label: str) -> ProfileSubject:
    """The good bag without one label."""
    return replace(SUBJECT, bag_info=tuple(field for field in SUBJECT.bag_info if field[0] != label))


def test_a_conforming_bag_passes_every_rule(profile_of: Any) -> None:
    """And every rule is accounted for, in the documented order."""
    checks, findings = check_profile(profile_of(), SUBJECT)
    assert findings == []
    assert tuple(check.rule for check in checks) == PROFILE_RULES
    assert {check.outcome for check in checks if check.rule != "profile.tag-file-labels"} == {Outcome.PASSED}
    assert {one for one in RULES if one.startswith("profile.")} == set(PROFILE_RULES)


BAD_BAGS: list[tuple[str, dict[str, Any], ProfileSubject]] = [
    ("profile.serialization", {"Serialization": "required"}, SUBJECT),
    ("profile.serialization", {"Serialization": "Required"}, SUBJECT),
    (
        "profile.serialization",
        {"Serialization": "forbidden"},
        replace(SUBJECT, serialization="application/zip"),
    ),
    ("profile.serialization", {}, replace(SUBJECT, serialization="application/x-7z-compressed")),
    (
        "profile.serialization",
        {"Accept-Serialization": ["application/x-tar"]},
        replace(SUBJECT, serialization="application/gzip"),
    ),
    ("profile.bagit-version", {}, replace(SUBJECT, bagit_version="0.96")),
    ("profile.identifier", {}, without_info("BagIt-Profile-Identifier")),
    (
        "profile.identifier",
        {"BagIt-Profile-Info": {**DOCUMENT["BagIt-Profile-Info"], "BagIt-Profile-Identifier": "x:y"}},
        SUBJECT,
    ),
    ("profile.bag-info-required", {}, without_info("Source-Organization")),
    ("profile.bag-info-values", {}, with_info(("ACCESS", "secret"))),
    ("profile.bag-info-pattern", {}, with_info(("bagging-date", "24.11.2026"))),
    ("profile.bag-info-pattern", {}, with_info(("Bagging-Date", "2026-11-24 or so"))),
    ("profile.bag-info-pattern", {}, with_info(("Bagging-Date", "1" * 20_000))),
    ("profile.tag-file-labels", OTHER, with_tag_files({})),
    ("profile.tag-file-labels", OTHER, with_titles(("Storage", "Cold"))),
    ("profile.tag-file-labels", OTHER, with_titles(("Title", "Cells"), ("STORAGE", "Warm"))),
    (
        "profile.tag-file-labels",
        {"Other-Info": {"more-info.txt": {"A": {"repeatable": False}}}},
        with_tag_files({"more-info.txt": (("A", "1"), ("a", "2"))}),
    ),
    (
        "profile.tag-file-labels",
        {"APTrust-Info": {"Title": {"regex": "[A-Z]+"}}},
        SUBJECT,
    ),
    (
        "profile.bag-info-required",
        {"Bag-Info": {"A": {"required": True, "emptyOK": False}}},
        with_info(("A", " ")),
    ),
    ("profile.bag-info-repeated", {}, with_info(("source-organization", "Other Lab"))),
    ("profile.manifests-required", {}, replace(SUBJECT, manifests=("sha256",))),
    ("profile.manifests-allowed", {}, replace(SUBJECT, manifests=("sha512", "md5"))),
    ("profile.tag-manifests-required", {}, replace(SUBJECT, tag_manifests=())),
    ("profile.tag-manifests-allowed", {}, replace(SUBJECT, tag_manifests=("sha512", "md5"))),
    ("profile.tag-files-required", {}, replace(SUBJECT, tag_files=("bagit.txt",))),
    ("profile.tag-files-required", {}, replace(SUBJECT, tag_files=("meta/a.xml/inside.xml",))),
    ("profile.tag-files-allowed", {}, replace(SUBJECT, tag_files=("meta/a.xml", "database/x"))),
    ("profile.tag-files-allowed", {}, replace(SUBJECT, tag_files=("meta/a.xml", "meta/deep/b.xml"))),
    ("profile.tag-files-allowed", {}, replace(SUBJECT, tag_files=("meta/a.xml", "deep/manifest-md5.txt"))),
    ("profile.tag-files-allowed", {}, replace(SUBJECT, tag_files=("meta/a.xml", "manifest-x/y.txt"))),
    ("profile.tag-files-allowed", {"Tag-Files-Allowed": [], "Tag-Files-Required": []}, SUBJECT),
    ("profile.payload-files-required", {}, replace(SUBJECT, payload={"data/raw/a": 1})),
    ("profile.payload-files-required", {}, replace(SUBJECT, payload={"data/readme.txt": 1, "data/raw": 1})),
    ("profile.payload-files-allowed", {}, replace(SUBJECT, payload={**SUBJECT.payload, "data/other/a": 1})),
    (
        "profile.payload-files-allowed",
        {},
        replace(SUBJECT, payload={**SUBJECT.payload, "data/scan-/a.tif": 1}),
    ),
    ("profile.fetch-allowed", {"Allow-Fetch.txt": False}, replace(SUBJECT, has_fetch=True)),
    ("profile.fetch-required", {"Fetch.txt-Required": True}, SUBJECT),
    ("profile.data-empty", {"Data-Empty": True}, SUBJECT),
    (
        "profile.data-empty",
        {"Data-Empty": True, "Payload-Files-Required": []},
        replace(SUBJECT, payload={"data/readme.txt": 1}),
    ),
    (
        "profile.data-empty",
        {"Data-Empty": True, "Payload-Files-Required": []},
        replace(SUBJECT, payload={"data/readme.txt": 0, "data/raw/b": 0}),
    ),
]


@pytest.mark.parametrize(("rule", "changes", "subject"), BAD_BAGS)
def test_one_mutation_is_reported_by_its_rule(
    profile_of: Any, rule: str, changes: dict[str, Any], subject: ProfileSubject
) -> None:
    """An error of that rule."""
    assert Severity.ERROR in findings_of(profile_of(changes), subject).get(rule, [])


GOOD_BAGS: list[tuple[str, dict[str, Any], ProfileSubject]] = [
    ("values: [] allows any value", {}, with_info(("Contact-Name", "someone else"))),
    ("values of a repeated label are compared one by one", {}, with_info(("Access", "closed"))),
    (
        "several profiles are claimed",
        {},
        with_info(("BagIt-Profile-Identifier", "https://example.org/2.json")),
    ),
    ("a label may be repeated by default", {}, with_info(("Contact-Name", "someone else"))),
    (
        "a label may be empty where the profile says so",
        {"Bag-Info": {"A": {"required": True, "emptyOk": True}}},
        with_info(("A", "")),
    ),
    ("a label with a pattern may be absent", {}, without_info("Bagging-Date")),
    (
        "a tag file may be absent where nothing in it is required",
        {"Other-Info": {"a-info": {"A": {"values": ["x"]}}}},
        SUBJECT,
    ),
    ("an empty pattern asks nothing", {"Bag-Info": {"A": {"regex": ""}}}, with_info(("A", "x"))),
    ("labels the profile does not know are allowed", {}, with_info(("X-Mine", "1"))),
    ("an empty payload", {"Data-Empty": True, "Payload-Files-Required": []}, replace(SUBJECT, payload={})),
    (
        "one file of zero bytes",
        {"Data-Empty": True, "Payload-Files-Required": []},
        replace(SUBJECT, payload={"data/raw/x": 0}),
    ),
    ("fetch.txt is allowed by default", {"Allow-Fetch.txt": None}, replace(SUBJECT, has_fetch=True)),
    (
        "no list of tag files allows all",
        {"Tag-Files-Allowed": None},
        replace(SUBJECT, tag_files=("meta/a.xml", "b/c")),
    ),
    (
        "a lone asterisk allows all",
        {"Tag-Files-Allowed": ["*"]},
        replace(SUBJECT, tag_files=("meta/a.xml", "b/c")),
    ),
    (
        "no list of payload files allows all",
        {"Payload-Files-Allowed": None},
        replace(SUBJECT, payload={**SUBJECT.payload, "data/x": 1}),
    ),
    (
        "no list of manifests allows all",
        {"Manifests-Allowed": None},
        replace(SUBJECT, manifests=("sha512", "md5")),
    ),
    ("no Bag-Info", {"Bag-Info": None}, SUBJECT),
    ("no required manifests", {"Manifests-Required": None}, SUBJECT),
    (
        "a name in another Unicode form",
        {"Tag-Files-Required": ["meta/\u00e9.xml"]},
        replace(SUBJECT, tag_files=("meta/e\u0301.xml",)),
    ),
]


@pytest.mark.parametrize(("why", "changes", "subject"), GOOD_BAGS, ids=[one[0] for one in GOOD_BAGS])
def test_what_the_specification_allows_is_not_reported(
    profile_of: Any, why: str, changes: dict[str, Any], subject: ProfileSubject
) -> None:
    """Cases that other validators refuse or crash on."""
    assert findings_of(profile_of(changes), subject) == {}


@pytest.mark.parametrize(
    ("accepted", "seen"),
    [
        ("application/zip", "application/x-zip-compressed"),
        ("application/tar", "application/x-tar"),
        ("application/x-tar", "application/tar"),
        ("application/tar+gzip", "application/gzip"),
        ("application/x-gzip", "application/x-compressed-tar"),
        ("application/x-tar+gzip", "application/gzip"),
        ("Application/ZIP; charset=binary", "application/zip"),
    ],
)
def test_mime_types_with_several_names_are_the_same(profile_of: Any, accepted: str, seen: str) -> None:
    """application/tar is what most real profiles say and what no operating system does."""
    profile = profile_of({"Accept-Serialization": [accepted], "Serialization": "required"})
    assert findings_of(profile, replace(SUBJECT, serialization=seen)) == {}


def test_a_fatal_fault_does_not_hide_the_others(profile_of: Any) -> None:
    """A curator sees the whole list; the fatal ones come first."""
    subject = replace(without_info("Source-Organization"), bagit_version="0.93", serialization="text/plain")
    rules = [finding.rule for finding in check_profile(profile_of(), subject)[1]]
    assert rules == ["profile.serialization", "profile.bagit-version", "profile.bag-info-required"]


def test_a_required_label_without_a_value_is_a_warning(profile_of: Any) -> None:
    """The specification asks for the label only."""
    subject = replace(
        without_info("Source-Organization"),
        bag_info=(*without_info("Source-Organization").bag_info, ("Source-Organization", " ")),
    )
    assert findings_of(profile_of(), subject) == {"profile.bag-info-required": [Severity.WARNING]}


def test_a_recommended_label_of_a_tag_file_is_advice(profile_of: Any) -> None:
    """As in bag-info.txt."""
    profile = profile_of({"Other-Info": {"APTrust-Info": {"Description": {"recommended": True}}}})
    assert findings_of(profile) == {"profile.tag-file-labels": [Severity.ADVICE]}


def test_the_labels_of_other_tag_files_are_checked(profile_of: Any) -> None:
    """A good file passes, and the key that asked for it is named because other tools do not know it."""
    checks, findings = check_profile(profile_of(OTHER), SUBJECT)
    assert [one.outcome for one in checks if one.rule == "profile.tag-file-labels"] == [Outcome.PASSED]
    assert [(finding.severity, finding.detail) for finding in findings] == [(Severity.INFO, {"key": "Other-Info"})]


def test_tag_files_that_nobody_looked_into_are_not_called_right(profile_of: Any) -> None:
    """The rule is skipped and says so; a file that cannot be read is an error."""
    checks, _ = check_profile(profile_of(OTHER), replace(SUBJECT, tag_fields=None))
    assert [one.outcome for one in checks if one.rule == "profile.tag-file-labels"] == [Outcome.SKIPPED]

    def unreadable(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    subject = replace(SUBJECT, tag_fields=unreadable)
    assert findings_of(profile_of(OTHER), subject) == {"profile.tag-file-labels": [Severity.ERROR]}


def test_a_hostile_expression_does_not_take_for_ever(profile_of: Any) -> None:
    """On a value made for it; the answer is still right."""
    profile = profile_of({"Bag-Info": {"A": {"regex": "(a+)+b"}}})
    assert findings_of(profile, with_info(("A", "a" * 3000))) == {"profile.bag-info-pattern": [Severity.ERROR]}
    assert findings_of(profile, with_info(("A", "a" * 3000 + "b"))) == {}


def test_a_recommended_label_is_advice(profile_of: Any) -> None:
    """As in the profile of Beyond the Repository."""
    profile = profile_of({"Bag-Info": {"Bag-Size": {"recommended": True}}})
    assert findings_of(profile) == {"profile.bag-info-recommended": [Severity.ADVICE]}
    assert findings_of(profile, with_info(("bag-size", "1 B"))) == {}


def test_the_remedy_quotes_the_description_of_the_profile(profile_of: Any) -> None:
    """The profile's author knows best what belongs there."""
    findings = check_profile(profile_of(), without_info("Source-Organization"))[1]
    assert "Who sends it." in (findings[0].remedy or "")


def test_a_long_list_of_strangers_is_cut(profile_of: Any) -> None:
    """A hundred by name, the rest as a number."""
    payload = {**SUBJECT.payload, **{f"data/other/{number}": 1 for number in range(250)}}
    findings = check_profile(profile_of(), replace(SUBJECT, payload=payload))[1]
    assert len(findings) == 101
    assert findings[-1].detail == {"files": 150}


@pytest.mark.parametrize("depth", ["missing", "number", "empty"])
def test_an_odd_profile_version_is_a_warning_not_a_crash(profile_of: Any, depth: str) -> None:
    """DART exports it empty; absent means 1.1.0."""
    info = dict(DOCUMENT["BagIt-Profile-Info"])
    if depth == "missing":
        del info["BagIt-Profile-Version"]
    else:
        info["BagIt-Profile-Version"] = 1.3 if depth == "number" else ""
    assert findings_of(profile_of({"BagIt-Profile-Info": info})) == {"profile.document": [Severity.WARNING]}


FAULTS: list[tuple[dict[str, Any], str, Severity]] = [
    ({"BagIt-Profile-Info": None}, "no External-Description", Severity.ERROR),
    ({"Accept-BagIt-Version": None}, "at least one", Severity.ERROR),
    ({"Accept-BagIt-Version": []}, "at least one", Severity.ERROR),
    ({"Accept-BagIt-Version": [1.0]}, "in quotation marks", Severity.ERROR),
    ({"Accept-Serialization": None}, "names no MIME type", Severity.ERROR),
    ({"Accept-Serialization": "application/zip"}, "a list of texts", Severity.ERROR),
    ({"Serialization": "sometimes"}, "forbidden, required or optional", Severity.ERROR),
    ({"Serialization": 1}, "forbidden, required or optional", Severity.ERROR),
    ({"Manifests-Allowed": ["md5"]}, "sha512 is in Manifests-Required but not allowed", Severity.ERROR),
    ({"Tag-Manifests-Allowed": []}, "sha512 is in Tag-Manifests-Required", Severity.ERROR),
    ({"Tag-Files-Allowed": ["*.xml"]}, "meta/a.xml is in Tag-Files-Required", Severity.ERROR),
    (
        {"Payload-Files-Allowed": ["data/readme.txt"]},
        "data/raw/ is in Payload-Files-Required",
        Severity.ERROR,
    ),
    ({"Payload-Files-Allowed": ["data/*", "data/x/"]}, "matches nothing", Severity.ERROR),
    ({"Payload-Files-Required": ["raw/a"], "Payload-Files-Allowed": None}, "outside data/", Severity.ERROR),
    (
        {"Tag-Files-Required": ["../../etc/passwd"], "Tag-Files-Allowed": None},
        "no bag can hold",
        Severity.ERROR,
    ),
    (
        {"Tag-Files-Required": ["meta/*"], "Tag-Files-Allowed": None},
        "only the Allowed lists",
        Severity.WARNING,
    ),
    ({"Tag-Files-Required": ["bag-info.txt"]}, "not for this list", Severity.WARNING),
    ({"Allow-Fetch.txt": False, "Fetch.txt-Required": True}, "no bag can conform", Severity.ERROR),
    ({"Allow-Fetch.txt": "no"}, "true or false", Severity.ERROR),
    ({"Manifests-Required": {"md5": True}}, "a list of texts", Severity.ERROR),
    ({"Bag-Info": []}, "an object of labels", Severity.ERROR),
    ({"Bag-Info": {"A": True}}, "an object", Severity.ERROR),
    ({"Bag-Info": {"A": {"required": "yes"}}}, "true or false", Severity.ERROR),
    ({"Bag-Info": {"A": {"values": "x"}}}, "a list of texts", Severity.ERROR),
    ({"Bag-Info": {"A": {"description": 1}}}, "a text is expected", Severity.ERROR),
    ({"Bag-Info": {"A": {}, "a": {}}}, "different spellings", Severity.ERROR),
    ({"Bag-Info": {"BagIt-Profile-Identifier": {}}}, "must have anyway", Severity.WARNING),
    ({"Bag-Info": {"A": {"regex": "("}}}, "no regular expression", Severity.ERROR),
    ({"Bag-Info": {"A": {"regex": 1}}}, "a regular expression is expected", Severity.ERROR),
    ({"Bag-Info": {"A": {"regex": r"(a)\1"}}}, "not checked: it refers back", Severity.WARNING),
    ({"Bag-Info": {"A": {"emptyOK": "no"}}}, "true or false", Severity.ERROR),
    ({"Bag-Info": {"A": {"colour": "red"}}}, "Bag-Info/A/colour is not a key", Severity.WARNING),
    ({"Other-Info": [{"A-Info": {"B": {"colour": "red"}}}]}, "A-Info/B/colour is not a key", Severity.WARNING),
    ({"Other-Info": [{"A-Info": {"B": {}}}]}, "asks of a-info.txt", Severity.INFO),
    ({"DPN-Info": {"B": {}}}, "asks of dpn-info.txt", Severity.INFO),
    ({"Other-Info": [{"../x.txt": {"B": {}}}]}, "an object of labels for a tag file", Severity.ERROR),
    ({"Other-Info": [{"A-Info": {"B": True}}]}, "an object of labels for a tag file", Severity.ERROR),
    ({"bag-info": {"A": {}}}, "bag-info is not a key", Severity.WARNING),
    ({"Bag-Info": {"A": {"default": "x"}}}, "Bag-Info/A/default is not a key", Severity.INFO),
    ({"Other-Info": []}, "Other-Info is not a key", Severity.WARNING),
    ({"manifests-required": ["md5"]}, "manifests-required is not a key", Severity.WARNING),
]


@pytest.mark.parametrize(("changes", "said", "severity"), FAULTS)
def test_a_fault_of_the_profile_itself_is_found(
    profile_of: Any, changes: dict[str, Any], said: str, severity: Severity
) -> None:
    """One mutation, one fault with what to do about it."""
    problems = [one for one in check_profile_document(profile_of(changes)) if said in one.message]
    assert problems
    assert problems[0].severity is severity
    assert problems[0].remedy


def test_a_sound_profile_has_no_faults(profile_of: Any) -> None:
    """The profile all mutations start from."""
    assert list(check_profile_document(profile_of())) == []


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"Accept-Serialization": "application/zip"}, Severity.WARNING),
        ({"Other-Info": []}, Severity.WARNING),
        ({"Bag-Info": {"A": {"regex": "["}}}, Severity.ERROR),
        ({"Bag-Info": {"A": {"regex": "(?=a)"}}}, Severity.WARNING),
        ({"Manifests-Required": {"sha512": True}}, Severity.ERROR),
        ({"Serialization": "sometimes"}, Severity.ERROR),
        ({"Bag-Info": {"A": {"default": "x"}}}, Severity.INFO),
    ],
)
def test_only_a_fault_that_hinders_the_check_makes_the_bag_fail(
    profile_of: Any, changes: dict[str, Any], severity: Severity
) -> None:
    """A constraint that cannot be read must not be passed over; a sloppy profile is not the bag's fault."""
    assert findings_of(profile_of(changes)) == {"profile.document": [severity]}


PATTERNS = [
    ("*", "a/b", True, True),
    ("meta/*", "meta/a", True, True),
    ("meta/*", "meta/a/b", False, True),
    ("meta/*", "meta", False, False),
    ("meta/**", "meta/a/b", False, True),
    ("meta/*.xml", "meta/.xml", True, True),
    ("meta/*.xml", "meta/a/b.xml", False, False),
    ("*.xml", "meta/a.xml", False, False),
    ("a*b*c", "aXbYc", True, True),
    ("a*b*c", "abc", True, True),
    ("a*bc*c", "abc", False, False),
    ("a*a", "a", False, False),
    ("a?", "ab", False, False),
    ("[ab]", "a", False, False),
    ("[ab]", "[ab]", True, True),
    ("data*", "database", True, True),
    ("data*", "data/x", False, False),
    ("*/*", "a/b", True, True),
    ("*/*", "a/b/c", False, True),
    ("\u00e9*", "e\u0301x", True, True),
    ("", "a", False, False),
]


@pytest.mark.parametrize(("pattern", "path", "as_tag_file", "as_payload"), PATTERNS)
def test_an_asterisk_stands_for_anything_but_a_slash(
    pattern: str,
    path: str,
    *,
    as_tag_file: bool,
    as_payload: bool,
) -> None:
    """And nothing else is special; a final `/*` permits a folder of the payload with all that is in it."""
    assert allows([pattern], path, whole_folders=False) is as_tag_file
    assert allows([pattern], path, whole_folders=True) is as_payload


def test_a_hostile_pattern_does_not_take_for_ever() -> None:
    """Matching looks at each asterisk once."""
    assert not allows(["*a" * 5000 + "b"], "a" * 20_000, whole_folders=False)


plain = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="*/"), max_size=30)


@given(plain, plain)
def test_a_name_matches_itself_with_any_part_replaced(start: str, end: str) -> None:
    """The star covers whatever stood in its place, unless that was a slash."""
    assert allows([f"x{start}*{end}"], f"x{start}middle{end}", whole_folders=False)
    assert not allows([f"x{start}*{end}"], f"x{start}mid/dle{end}", whole_folders=False)


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("*", True),
        ("data/*", True),
        ("data/raw/*", True),
        ("data/raw/*.czi", True),
        ("data/*/x", True),
        ("data/raw", False),
        ("data/other/*", False),
        ("data/raw2/*", False),
    ],
)
def test_a_required_folder_is_covered_by_a_pattern_that_lets_it_hold_a_file(pattern: str, *, covered: bool) -> None:
    """Otherwise the profile contradicts itself."""
    assert covers_folder([pattern], "data/raw/") is covered


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as JSON"),
        (b"{", "cannot be read as JSON"),
        (b"[1, 2]", "no JSON object"),
        (b"null", "no JSON object"),
        (b'{"a": 1}', "none of the keys"),
        (b'{"Bag-Info": NaN}', "NaN is not JSON"),
        (b'{"Bag-Info": {"A": {}, "A": {}}}', "'A' is given twice"),
        (b'{"Bag-Info": "\xff"}', "not UTF-8"),
        (b'{"Bag-Info": ' + b"[" * 100 + b"]" * 100 + b"}", "101 levels deep"),
        (b"[" * 200_000, "cannot be read as JSON"),
        (b'{"Bag-Info": ' + b"9" * 10_000 + b"}", "cannot be read as JSON"),
        (b" " * (1024 * 1024 + 1), "larger than"),
        (b'{"bagItProfiles": []}', "0 profiles"),
        (b'{"bagItProfiles": [{"name": "A"}, {"name": "B"}]}', "2 profiles .A, B."),
        (b'{"ordered": []}', "without a field"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_with_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    """One that names the file, what was seen and what to do."""
    path = tmp_path / "profile.json"
    path.write_bytes(content)
    with pytest.raises(CannotFinish, match=said) as refused:
        load_profile(path)
    assert "profile.json" in str(refused.value)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """Windows editors write one."""
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8-sig")
    assert load_profile(str(path)).identifier == IDENTIFIER


def test_what_is_neither_a_name_nor_a_file_is_refused(tmp_path: Path) -> None:
    """The sentence lists the names there are."""
    for missing in ("confocal-maximum", tmp_path / "none.json", tmp_path / "nul\0.json"):
        with pytest.raises(CannotFinish):
            load_profile(missing)
    with pytest.raises(CannotFinish, match="confocal-minimum, confocal-good-enough"):
        load_profile("confocal-maximum")
    with pytest.raises(CannotFinish, match="not downloaded"):
        load_profile(IDENTIFIER)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_profile_is_a_regular_file(tmp_path: Path, kind: str) -> None:
    """A pipe would be waited for."""
    path = tmp_path / "profile.json"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(CannotFinish, match="not a regular file"):
        load_profile(path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from([*DOCUMENT, "Other-Info", "DPN-Info", "x"]),
)
def test_no_value_of_any_key_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, value: Any, key: str) -> None:
    """Whatever stands in a profile, it is a fault or it is a constraint."""
    path = write_profile(tmp_path_factory.mktemp("odd"), {**DOCUMENT, key: value})
    profile = load_profile(path)
    list(check_profile_document(profile))
    checks, findings = check_profile(profile, SUBJECT)
    assert len(checks) == len(PROFILE_RULES)
    assert not [finding for finding in findings if finding.rule == "internal.rule-failed"]
