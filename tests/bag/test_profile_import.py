"""Profiles of DART and Bagger: what is carried over is checked, what is not is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.bag.profiles.document import check_profile_document
from confocal_bag.bag.profiles.importer import profile_of_document
from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.profiles.model import LabelRule, Origin, Profile
from confocal_bag.bag.profiles.rules import PROFILE_RULES, check_profile
from confocal_bag.bag.profiles.subject import profile_subject
from confocal_bag.bag.rules import check_bag
from confocal_bag.findings import CannotFinish, Finding, Outcome, Severity
from tests.bag.bags import make_bag, make_tar, members, write


def tag(label: str, file: str = "bag-info.txt", **more: Any) -> dict[str, Any]:
    """A tag as DART defines it."""
    return {"tagFile": file, "tagName": label, "required": False, "values": [], "emptyOK": True, **more}


DART: dict[str, Any] = {
    "id": "1",
    "name": "Test",
    "acceptBagItVersion": ["1.0"],
    "acceptSerialization": ["application/tar"],
    "allowFetchTxt": False,
    "bagItProfileInfo": {
        "bagItProfileIdentifier": "https://example.org/dart.json",
        "bagItProfileVersion": "",
        "sourceOrganization": "Test Lab",
    },
    "manifestsRequired": ["sha512"],
    "manifestsAllowed": ["sha256", "sha512"],
    "tagManifestsRequired": [],
    "tagManifestsAllowed": ["sha256", "sha512"],
    "tagFilesAllowed": ["*", ""],
    "serialization": "optional",
    "tarDirMustMatchName": False,
    "tags": [
        tag("BagIt-Version", "bagit.txt", required=True, values=["1.0"], emptyOK=False),
        tag("Source-Organization", required=True, emptyOK=False, help="Who sends it."),
        tag("Bagging-Date", required=True),
        tag("Title", "aptrust-info.txt", required=True, emptyOK=False),
        tag("Access", "aptrust-info.txt", required=True, values=["Consortia", "Institution"], emptyOk=False),
        tag("Description", "aptrust-info.txt"),
    ],
}
INFO = (
    "Source-Organization: Test Lab",
    "Bagging-Date: 2026-11-24",
    "BagIt-Profile-Identifier: https://example.org/dart.json",
)
TITLES = b"Title: Cells\nACCESS: Consortia\n"


def dart_bag(folder: Path, titles: bytes | None = TITLES, info: tuple[str, ...] = INFO, name: str = "bag") -> Path:
    """A bag that conforms to DART, unless it is given something else."""
    tag_files = {} if titles is None else {"aptrust-info.txt": titles}
    return make_bag(folder / name, info=info, tag_files=tag_files)


def checked(profile: Profile, bag: Path, serialization: str | None = None) -> tuple[dict[str, Outcome], list[Finding]]:
    """The outcome of each rule and the findings, remarks on the profile left out."""
    subject = profile_subject(check_bag(bag).bag, serialization=serialization)
    checks, findings = check_profile(profile, subject)
    return {one.rule: one.outcome for one in checks}, [one for one in findings if one.rule != "profile.document"]


def faults(profile: Profile) -> dict[str, Severity | None]:
    """The keys of the faults of a profile."""
    return {str(one.detail["key"]): one.severity for one in check_profile_document(profile)}


def label_of(profile: Profile, label: str) -> LabelRule:
    """What a profile asks of one bag-info label."""
    return next(one for one in profile.labels if one.label == label)


def test_a_profile_of_dart_is_read_from_its_file(tmp_path: Path) -> None:
    """With nothing to complain of but that it is DART's."""
    path = write(tmp_path / "dart.json", json.dumps(DART))
    profile = load_profile(path)
    assert (profile.origin, profile.identifier) == (Origin.DART, "https://example.org/dart.json")
    assert (profile.manifests_required, profile.manifests_allowed) == (("sha512",), ("sha256", "sha512"))
    assert (profile.tag_files_allowed, profile.fetch_allowed, profile.serialization) == (("*",), False, "optional")
    assert (profile.accept_bagit_version, profile.accept_serialization) == (("1.0",), ("application/tar",))
    assert label_of(profile, "Source-Organization").description == "Who sends it."
    assert [one.path for one in profile.tag_file_rules] == ["bagit.txt", "aptrust-info.txt"]
    assert faults(profile) == {"format": Severity.INFO}


def test_a_bag_is_checked_against_a_profile_of_dart(tmp_path: Path) -> None:
    """In a folder and in an archive, whose tag files are read without unpacking."""
    bag = dart_bag(tmp_path)
    profile = profile_of_document(DART, name="dart")
    outcomes, findings = checked(profile, bag)
    assert findings == []
    assert outcomes["profile.tag-file-labels"] is Outcome.PASSED
    archive = make_tar(tmp_path / "bag.tar", members(bag))
    assert checked(profile, archive, "application/x-tar") == (outcomes, [])


@pytest.mark.parametrize(
    ("titles", "info", "rule", "said"),
    [
        (None, INFO, "profile.tag-file-labels", "aptrust-info.txt is missing; the profile requires its labels Title"),
        (b"Access: Consortia\n", INFO, "profile.tag-file-labels", "aptrust-info.txt has no Title"),
        (b"Title:\nAccess: Consortia\n", INFO, "profile.tag-file-labels", "Title has no value"),
        (b"Title: A\nAccess: Me\n", INFO, "profile.tag-file-labels", "Access is 'Me'"),
        (TITLES, INFO[1:], "profile.bag-info-required", "no Source-Organization"),
        (TITLES, ("Source-Organization: ", *INFO[1:]), "profile.bag-info-required", "has no value"),
    ],
)
def test_what_a_profile_of_dart_asks_for_is_missed(
    tmp_path: Path, titles: bytes | None, info: tuple[str, ...], rule: str, said: str
) -> None:
    """Each as an error: DART does not let a required tag be empty unless it says so."""
    _, findings = checked(profile_of_document(DART, name="dart"), dart_bag(tmp_path, titles, info))
    assert [(one.rule, one.severity) for one in findings] == [(rule, Severity.ERROR)]
    assert said in findings[0].message


def test_a_tag_that_may_be_empty_may_be_empty(tmp_path: Path) -> None:
    """emptyOK, without even a warning."""
    info = (INFO[0], "Bagging-Date: ", INFO[2])
    assert checked(profile_of_document(DART, name="dart"), dart_bag(tmp_path, info=info))[1] == []


def test_a_tag_file_is_found_in_any_capitals(tmp_path: Path) -> None:
    """Profiles and bags write APTrust-Info.txt either way."""
    bag = make_bag(tmp_path / "bag", info=INFO, tag_files={"APTrust-Info.txt": TITLES})
    assert checked(profile_of_document(DART, name="dart"), bag)[1] == []


@pytest.mark.parametrize(
    ("changes", "key", "severity"),
    [
        ({"tarDirMustMatchName": True}, "tarDirMustMatchName", Severity.WARNING),
        ({"colour": "red"}, "colour", Severity.WARNING),
        ({"bagItProfileInfo": {}}, "bagItProfileInfo/bagItProfileIdentifier", Severity.WARNING),
        ({"tags": [tag("A", colour="red")]}, "bag-info.txt/A/colour", Severity.WARNING),
        ({"tags": [tag("A"), tag("A")]}, "bag-info.txt/A", Severity.ERROR),
        ({"tags": [{"tagName": "A"}]}, "tags/1", Severity.ERROR),
        ({"tags": "A"}, "tags/1", Severity.ERROR),
        ({"tags": [tag("A", "../x.txt")]}, "Other-Info/../x.txt", Severity.ERROR),
        ({"tags": [tag("A", required="yes")]}, "Bag-Info/A/required", Severity.ERROR),
        ({"serialization": "sometimes"}, "Serialization", Severity.ERROR),
        ({"acceptBagItVersion": []}, "Accept-BagIt-Version", Severity.ERROR),
        ({"manifestsAllowed": ["md5"]}, "Manifests-Allowed", Severity.ERROR),
    ],
)
def test_what_a_profile_of_dart_says_wrongly_or_in_vain_is_reported(
    changes: dict[str, Any], key: str, severity: Severity
) -> None:
    """By the key that says it."""
    found = faults(profile_of_document({**DART, **changes}, name="dart"))
    assert found == {"format": Severity.INFO, key: severity}


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"tagFilesAllowed": []}, "tag_files_allowed", None),
        ({"tagFilesAllowed": [""]}, "tag_files_allowed", None),
        ({"tagFilesAllowed": None}, "tag_files_allowed", None),
        ({"manifestsAllowed": None}, "manifests_allowed", None),
        ({"manifestsRequired": "sha512"}, "manifests_required", ("sha512",)),
        ({"tagFilesRequired": ["a.txt", " "]}, "tag_files_required", ("a.txt",)),
        ({"allowFetchTxt": True}, "fetch_allowed", True),
        ({"allowFetchTxt": None}, "fetch_allowed", True),
    ],
)
def test_lists_are_read_as_dart_reads_them(changes: dict[str, Any], field: str, expected: object) -> None:
    """Empty texts count for nothing, and no tag file is forbidden by an empty list."""
    assert getattr(profile_of_document({**DART, **changes}, name="dart"), field) == expected


def test_the_other_spellings_of_dart_are_read() -> None:
    """tagDefinitions; values as a text, which older versions wrote; emptyOk; a required tag without any emptyOK."""
    document = {"tagDefinitions": [tag("A", values="x"), {"tagFile": "bag-info.txt", "tagName": "B", "required": True}]}
    profile = profile_of_document(document, name="dart")
    assert label_of(profile, "A").values == ("x",)
    assert label_of(profile, "B").empty_ok is False


def test_the_only_profile_of_exported_settings_is_read() -> None:
    """Of several it is open which is meant."""
    settings = {"appSettings": [], "bagItProfiles": [DART]}
    assert profile_of_document(settings, name="settings").identifier == "https://example.org/dart.json"
    with pytest.raises(CannotFinish, match=r"2 profiles \(Test, Test\)"):
        profile_of_document({"bagItProfiles": [DART, DART]}, name="settings")


BAGGER: dict[str, Any] = {
    "Source-Organization": {"fieldRequired": True, "requiredValue": "Test Lab", "valueList": ["a", "b"]},
    "digitalOriginality": {"fieldRequired": True, "defaultValue": "born", "valueList": ["born", "scanned"]},
    "Notes": {"fieldRequired": False, "fieldType": "TF"},
    "Anything": {},
}


@pytest.mark.parametrize("is_ordered", [True, False])
def test_a_profile_of_bagger_is_read(*, is_ordered: bool) -> None:
    """With its fields in a list or in an object, in their order."""
    document = {"ordered": [{label: asked} for label, asked in BAGGER.items()]} if is_ordered else BAGGER
    profile = profile_of_document(document, name="bagger")
    assert profile.origin is Origin.BAGGER
    assert [one.label for one in profile.labels] == list(BAGGER)
    assert [one.label for one in profile.labels if one.required] == ["Source-Organization", "digitalOriginality"]
    assert label_of(profile, "Source-Organization").values == ("Test Lab",)
    assert label_of(profile, "digitalOriginality").values == ("born", "scanned")
    assert faults(profile) == {"format": Severity.INFO}


@pytest.mark.parametrize(
    ("info", "said"),
    [
        (("Source-Organization: Test Lab", "DIGITALoriginality: scanned"), None),
        (("Source-Organization: Test Lab",), "no digitalOriginality"),
        (("Source-Organization: Test Lab", "digitalOriginality: both"), "is 'both'"),
        (("Source-Organization: Other Lab", "digitalOriginality: born"), "is 'Other Lab'"),
    ],
)
def test_a_bag_is_checked_against_a_profile_of_bagger(tmp_path: Path, info: tuple[str, ...], said: str | None) -> None:
    """Its bag-info.txt only; what the format has no place for is not asked."""
    _, findings = checked(profile_of_document(BAGGER, name="bagger"), make_bag(tmp_path / "bag", info=info))
    assert [said in one.message for one in findings if said] == ([True] if said else [])
    assert bool(findings) is bool(said)


@pytest.mark.parametrize(
    ("changes", "key", "severity"),
    [
        ({"A": {"isReadOnly": True}}, "A/isReadOnly", Severity.WARNING),
        ({"A": {"colour": "red"}}, "A/colour", Severity.WARNING),
        ({"Send-To": {"name": "x"}}, "Send-To", Severity.WARNING),
        ({"A": "text"}, "A", Severity.ERROR),
        ({"A": {"fieldRequired": "yes"}}, "Bag-Info/A/required", Severity.ERROR),
        ({"A": {"valueList": "x"}}, "Bag-Info/A/values", Severity.ERROR),
        ({"Custom-info": {"Notes": {}}}, "Notes", Severity.ERROR),
        ({"a": {}, "A": {}}, "Bag-Info/A", Severity.ERROR),
        ({"ordered": ["x"]}, "ordered/1", Severity.ERROR),
    ],
)
def test_what_a_profile_of_bagger_says_wrongly_or_in_vain_is_reported(
    changes: dict[str, Any], key: str, severity: Severity
) -> None:
    """By the field that says it."""
    assert faults(profile_of_document({**BAGGER, **changes}, name="bagger")).get(key) is severity


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*DART, "tagDefinitions", "tagFilesRequired"]), json_values)
def test_no_value_in_a_profile_of_dart_makes_it_crash(key: str, value: Any) -> None:
    """It is a fault, or it is asked of the bag."""
    read_and_used({**DART, key: value})


@given(st.sampled_from(list(DART["tags"][0])), json_values)
def test_no_value_in_a_tag_of_dart_makes_it_crash(key: str, value: Any) -> None:
    """Nor there."""
    read_and_used({**DART, "tags": [{**DART["tags"][0], key: value}]})


@given(st.sampled_from(["ordered", "Custom-info", "name", *BAGGER]), json_values)
def test_no_value_in_a_profile_of_bagger_makes_it_crash(key: str, value: Any) -> None:
    """As a field or in place of all of them."""
    read_and_used({**BAGGER, key: value})


@given(st.sampled_from(["fieldRequired", "requiredValue", "defaultValue", "valueList", "isReadOnly"]), json_values)
def test_no_value_in_a_field_of_bagger_makes_it_crash(key: str, value: Any) -> None:
    """Nor there."""
    read_and_used({**BAGGER, "Notes": {key: value}})


def read_and_used(document: dict[str, Any]) -> None:
    """Read a profile, check it and use it; it may be refused with a sentence."""
    from tests.bag.test_profile import SUBJECT

    try:
        profile = profile_of_document(document, name="odd")
    except CannotFinish:
        return
    list(check_profile_document(profile))
    checks, findings = check_profile(profile, SUBJECT)
    assert len(checks) == len(PROFILE_RULES)
    assert not [finding for finding in findings if finding.rule == "internal.rule-failed"]
