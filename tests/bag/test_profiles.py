"""The profiles that come with confocal-bag, and the ones other institutions really use."""

import json
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.bag.bag_info import parse_bag_info
from confocal_bag.bag.profiles.load import load_profile, shipped_profiles
from confocal_bag.bag.profiles.model import PROFILE_KEYS, Origin, ProfileSubject
from confocal_bag.bag.profiles.rules import check_profile, check_profile_document
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.findings import CannotFinish, Severity
from confocal_bag.resources import profiles_folder
from confocal_bag.vocabulary import PracticeLevel, Tier

NAMES = [f"confocal-{level}" for level in PracticeLevel]
REAL_PROFILES = Path(__file__).parents[2].parent / "shared" / "conformance" / "profiles"

FILES = {
    "data/readme/README.txt": b"Read me\n",
    "data/metadata/deposit.yaml": b"schema: x\n",
    "data/metadata/ome/scan.ome.xml": b"<OME/>",
    "data/ro-crate-metadata.json": b"{}",
    "data/raw/plate 1/deep/scan.czi": b"ZISRAWFILE",
    "data/transformed/scan.ome.tif": b"II*\0",
    "data/processed/figure.png": b"PNG",
}

#: What a file's absence means for each level: the first level whose profile then fails.
NEEDED = {
    "data/readme/README.txt": PracticeLevel.MINIMUM,
    "data/metadata/deposit.yaml": PracticeLevel.MINIMUM,
    "data/metadata/ome/scan.ome.xml": PracticeLevel.MOST_REPRODUCIBLE,
    "data/transformed/scan.ome.tif": PracticeLevel.MOST_REPRODUCIBLE,
}


def bag_info(level: str, **changes: str | None) -> list[tuple[str, str]]:
    """What the builder says of a bag of that level."""
    fields: dict[str, str | None] = {
        "Source-Organization": "Test Lab",
        "Contact-Name": "Ada Lovelace",
        "External-Description": "Cells",
        "External-Identifier": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "License": "CC0-1.0",
        "Confocal-Practice-Level": level,
        "BagIt-Profile-Identifier": f"https://example.org/confocal-bag/profiles/confocal-{level}.json",
        **{label.replace("_", "-"): value for label, value in changes.items()},
    }
    return [(label, value) for label, value in fields.items() if value is not None]


def subject_of(bag: Path, *, serialization: str | None = None) -> ProfileSubject:
    """What a profile may ask of a bag on disk."""
    files = {path.relative_to(bag).as_posix(): path.stat().st_size for path in bag.rglob("*") if path.is_file()}
    return ProfileSubject(
        bagit_version="1.0",
        bag_info=parse_bag_info((bag / "bag-info.txt").read_bytes(), "utf-8").fields,
        manifests=[name[9:-4] for name in files if name.startswith("manifest-")],
        tag_manifests=[name[12:-4] for name in files if name.startswith("tagmanifest-")],
        tag_files=[name for name in files if not name.startswith("data/")],
        payload={name: size for name, size in files.items() if name.startswith("data/")},
        has_fetch=False,
        serialization=serialization,
    )


def errors(name: str, subject: ProfileSubject) -> list[str]:
    """The rules of a shipped profile that found an error."""
    findings = check_profile(load_profile(name), subject)[1]
    return [finding.rule for finding in findings if finding.severity is Severity.ERROR]


def make_bag(folder: Path, info: list[tuple[str, str]], *without: str, **options: Any) -> ProfileSubject:
    """The full bag, less some of its files."""
    with BagWriter(folder / "bag", **options) as writer:
        for target, content in FILES.items():
            if target not in without:
                writer.write(target, content)
        return subject_of(writer.seal(info))


def test_there_is_one_profile_for_each_practice_level() -> None:
    """Least demanding first."""
    assert shipped_profiles() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_is_sound_and_keeps_to_1_4(name: str) -> None:
    """Other tools refuse unknown keys; `values` stands only where a value is chosen from a list."""
    profile = load_profile(name)
    assert list(check_profile_document(profile)) == []
    assert set(profile.document) <= set(PROFILE_KEYS)
    assert profile.identifier == f"https://example.org/confocal-bag/profiles/{name}.json"
    for label, asked in profile.document["Bag-Info"].items():
        assert (
            {"required", "repeatable", "description"}
            <= set(asked)
            <= {"required", "repeatable", "description", "values"}
        ), label
        assert asked.get("values", ["one"]), label


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_is_formatted_as_json_tools_do(name: str) -> None:
    """So that a change shows as a small difference."""
    text = (profiles_folder() / f"{name}.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_tier_is_allowed(name: str) -> None:
    """The payload has the five tiers and the crate, nothing else."""
    allowed = load_profile(name).payload_files_allowed
    assert set(allowed or ()) == {f"data/{tier}/*" for tier in Tier} | {"data/ro-crate-metadata.json"}


@pytest.mark.parametrize("level", PracticeLevel)
def test_a_bag_from_the_writer_conforms(tmp_path: Path, level: PracticeLevel) -> None:
    """With what the builder says and nothing found, not even a warning."""
    subject = make_bag(tmp_path, bag_info(level))
    assert check_profile(load_profile(f"confocal-{level}"), subject)[1] == []


@pytest.mark.parametrize("level", PracticeLevel)
@pytest.mark.parametrize("target", NEEDED)
def test_a_missing_file_fails_the_levels_that_need_it(tmp_path: Path, level: PracticeLevel, target: str) -> None:
    """And no others."""
    found = errors(f"confocal-{level}", make_bag(tmp_path, bag_info(level), target))
    assert found == (["profile.payload-files-required"] if level.rank >= NEEDED[target].rank else [])


def test_transformed_copies_are_what_most_reproducible_adds(tmp_path: Path) -> None:
    """Good enough may be the processed files of a publication instead; a profile cannot say "this or that"."""
    target = "data/transformed/scan.ome.tif"
    subjects = {}
    for level in PracticeLevel:
        (tmp_path / level).mkdir()
        subjects[level] = make_bag(tmp_path / level, bag_info(level), target)
    assert {level for level in PracticeLevel if errors(f"confocal-{level}", subjects[level])} == {
        PracticeLevel.MOST_REPRODUCIBLE
    }


@pytest.mark.parametrize("level", PracticeLevel)
def test_no_level_asks_for_raw_files(tmp_path: Path, level: PracticeLevel) -> None:
    """A link to where they are kept may stand for them."""
    assert errors(f"confocal-{level}", make_bag(tmp_path, bag_info(level), "data/raw/plate 1/deep/scan.czi")) == []


@pytest.mark.parametrize(
    "label",
    [
        "Source-Organization",
        "Contact-Name",
        "External-Description",
        "External-Identifier",
        "License",
        "Confocal-Practice-Level",
    ],
)
@pytest.mark.parametrize("level", PracticeLevel)
def test_a_missing_label_fails(tmp_path: Path, level: PracticeLevel, label: str) -> None:
    """Each of them can be filled from what every level's description must hold."""
    info = [field for field in bag_info(level) if field[0] != label]
    assert errors(f"confocal-{level}", make_bag(tmp_path, info)) == ["profile.bag-info-required"]


@pytest.mark.parametrize("profile", PracticeLevel)
@pytest.mark.parametrize("reached", PracticeLevel)
def test_a_higher_level_satisfies_a_lower_one(tmp_path: Path, profile: PracticeLevel, reached: PracticeLevel) -> None:
    """Never the other way round."""
    subject = make_bag(tmp_path, bag_info(profile, Confocal_Practice_Level=reached))
    expected = [] if reached.rank >= profile.rank else ["profile.bag-info-values"]
    assert errors(f"confocal-{profile}", subject) == expected


@pytest.mark.parametrize("level", PracticeLevel)
def test_a_draft_does_not_conform_and_is_told_why(tmp_path: Path, level: PracticeLevel) -> None:
    """The profile's own words say what Confocal-Draft means."""
    subject = make_bag(tmp_path, bag_info(level, Confocal_Draft="true"))
    findings = check_profile(load_profile(f"confocal-{level}"), subject)[1]
    assert [finding.rule for finding in findings] == ["profile.bag-info-values"]
    assert findings[0].message == "Confocal-Draft is 'true'; the profile allows false."
    remedy = findings[0].remedy or ""
    assert remedy.startswith("Build the bag again when the description is complete")
    assert "open questions" in remedy


def test_a_file_outside_the_tiers_is_not_allowed(tmp_path: Path) -> None:
    """Not even beside the crate."""
    with BagWriter(tmp_path / "bag") as writer:
        for target, content in {**FILES, "data/notes.txt": b"", "data/rawer/a": b""}.items():
            writer.write(target, content)
        subject = subject_of(writer.seal(bag_info("minimum")))
    assert errors("confocal-minimum", subject) == ["profile.payload-files-allowed"] * 2


def test_a_bag_without_sha512_does_not_conform(tmp_path: Path) -> None:
    """Other algorithms are welcome beside it."""
    (tmp_path / "more").mkdir()
    assert errors("confocal-minimum", make_bag(tmp_path, bag_info("minimum"), algorithms=("sha256",))) == [
        "profile.manifests-required",
        "profile.tag-manifests-required",
    ]
    assert (
        errors("confocal-minimum", make_bag(tmp_path / "more", bag_info("minimum"), algorithms=("sha512", "md5"))) == []
    )


@pytest.mark.parametrize(
    "serialization", ["application/zip", "application/x-tar", "application/gzip", "application/tar"]
)
def test_the_usual_archives_are_accepted(tmp_path: Path, serialization: str) -> None:
    """As is the folder."""
    make_bag(tmp_path, bag_info("minimum"))
    assert errors("confocal-minimum", subject_of(tmp_path / "bag", serialization=serialization)) == []


#: Real files by the end of their names: what is wrong with the profile itself, or None where it is refused.
EXPECTED: dict[str, set[str] | None] = {
    "OCR-D_spec__bagit-profile.json": {"Accept-Serialization"},
    "asia_catalyst-settings.json": {"BagIt-Profile-Info/External-Description"},
    "test-tag-files-allowed_profile.json": {"Accept-Serialization"},
    "fedora-import-export.json": {"Manifests-Allowed", "Tag-Manifests-Allowed"},
    "resources_profiles_profile.json": {"Manifests-Allowed", "Tag-Manifests-Allowed"},
    "profileNoBagInfo.json": {"Manifests-Allowed", "Tag-Manifests-Allowed"},
    "profileWithExtraTags.json": {"Manifests-Allowed", "Tag-Manifests-Allowed"},
    "test-profile-bag.json": {"Accept-BagIt-Version"},
    "invalidProfile.json": {
        "BagIt-Profile-Info/BagIt-Profile-Identifier",
        "Manifests-Allowed",
        "Tag-Manifests-Allowed",
        "Tag-Files-Allowed",
        "Accept-BagIt-Version",
        "Accept-Serialization",
    },
    "invalidProfileSerializationError.json": {"Serialization", "Accept-Serialization"},
}


def test_every_real_profile_loads_or_is_refused_with_a_reason() -> None:
    """Profiles of APTrust, BTR, OCR-D, Rockefeller, DART, Bagger and others, sound and deliberately bad."""
    if not REAL_PROFILES.is_dir():
        pytest.skip("the collection of real profiles is not on this machine")
    found: dict[str, set[str] | None] = {}
    for path in sorted(REAL_PROFILES.glob("*.json")):
        try:
            profile = load_profile(path)
        except CannotFinish:
            found[path.name] = None
            continue
        problems = check_profile_document(profile)
        found[path.name] = {str(one.detail["key"]) for one in problems if one.severity is Severity.ERROR}
    assert len(found) > 20
    assert None not in found.values()
    for name, keys in found.items():
        expected = next((EXPECTED[end] for end in EXPECTED if name.endswith(end)), set())
        assert keys == expected, name


#: Real files of other formats, and real files with sections that BagIt Profiles does not know: what is read of them.
READ: dict[str, tuple[Origin, dict[str, set[str]]]] = {
    "aptrust-v2.3.json": (
        Origin.DART,
        {
            "bag-info.txt": set(),
            "bagit.txt": {"BagIt-Version", "Tag-File-Character-Encoding"},
            "aptrust-info.txt": {"Title", "Access", "Storage-Option"},
        },
    ),
    "SANC-state-profile.json": (
        Origin.BAGGER,
        {
            "bag-info.txt": {
                *("itemNumber", "rcNumber", "transferringAgencyName", "transferringEmployee", "receivingInstitution"),
                *("receivingInstitutionAddress", "datesOfRecords (YYYY-MM-DD) - (YYYY-MM-DD)", "digitalOriginality"),
                *("Classification (for Access)", "digitalContentStructure"),
            }
        },
    ),
    "resources_profiles_aptrust.json": (
        Origin.BAGIT_PROFILES,
        {
            "bag-info.txt": {"Source-Organization", "Bag-Size", "Bagging-Date", "Payload-Oxum"},
            "aptrust-info.txt": {"Title", "Access", "Storage-Option"},
        },
    ),
    "profileWithExtraTags.json": (
        Origin.BAGIT_PROFILES,
        {
            "bag-info.txt": {
                *("Source-Organization", "Organization-Address", "Contact-Name", "Contact-Phone"),
                *("Bag-Size", "Bagging-Date", "Payload-Oxum"),
            },
            "aptrust-info.txt": {"Title", "Access"},
        },
    ),
}


@pytest.mark.parametrize("name", READ)
def test_what_real_profiles_require_of_each_tag_file_is_read(name: str) -> None:
    """From DART's format, from Bagger's, and from Other-Info."""
    if not REAL_PROFILES.is_dir():
        pytest.skip("the collection of real profiles is not on this machine")
    (path,) = REAL_PROFILES.glob(f"*{name}")
    profile = load_profile(path)
    files = {"bag-info.txt": profile.labels, **{one.path: one.labels for one in profile.tag_file_rules}}
    required = {file: {label.label for label in labels if label.required} for file, labels in files.items()}
    assert (profile.origin, required) == READ[name]
