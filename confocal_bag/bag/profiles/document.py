"""Check a BagIt profile file itself: what it must say, and where it contradicts itself."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from confocal_bag.bag.profiles.model import Fault, Origin, Profile
from confocal_bag.bag.profiles.patterns import allows, covers_folder
from confocal_bag.findings import Problem, Severity

__all__ = ["check_profile_document", "profile_faults"]

_INFO_REQUIRED = ("Source-Organization", "External-Description", "Version", "BagIt-Profile-Identifier")
_SPECIFICATIONS = {"1.1.0", "1.2.0", "1.3.0", "1.4.0"}


def check_profile_document(profile: Profile) -> Iterator[Problem]:
    """Everything wrong with the profile file itself, whatever the bag."""
    for fault in profile_faults(profile):
        yield Problem(message=fault.message, remedy=fault.remedy, severity=fault.severity, detail={"key": fault.key})


def profile_faults(profile: Profile) -> Iterator[Fault]:
    """The faults of the profile, those met while reading it first.

    A profile of another tool is not measured by what BagIt Profiles asks and that tool's format has no place for.
    """
    yield from profile.faults
    if profile.origin is Origin.BAGIT_PROFILES:
        yield from _faults_of_info(profile)
    yield from _faults_of_labels(profile)
    if profile.origin is not Origin.BAGGER:
        yield from _faults_of_lists(profile)
        yield from _faults_of_files(profile)
        yield from _faults_of_words(profile)


def _faults_of_info(profile: Profile) -> Iterator[Fault]:
    info = profile.document.get("BagIt-Profile-Info")
    if not isinstance(info, dict):
        info = {}
    for key in _INFO_REQUIRED:
        if not _is_filled(info.get(key)):
            yield Fault(
                key=f"BagIt-Profile-Info/{key}",
                message=f"BagIt-Profile-Info has no {key}, which every profile must have.",
                remedy=f"Add {key} to the BagIt-Profile-Info of the profile.",
                hinders=key == "BagIt-Profile-Identifier",
            )
    version = info.get("BagIt-Profile-Version")
    if version not in _SPECIFICATIONS:
        yield _fault_of_version(version)


def _is_filled(value: Any) -> bool:
    """Whether a required value is there; real profiles also give their Version as a number."""
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, int | float)


def _fault_of_version(version: Any) -> Fault:
    seen = f"is {version!r}" if version else "is not given, which means 1.1.0"
    return Fault(
        key="BagIt-Profile-Info/BagIt-Profile-Version",
        message=f"BagIt-Profile-Version {seen}; one of {', '.join(sorted(_SPECIFICATIONS))} is expected.",
        remedy="State in the profile which version of BagIt Profiles it follows.",
        severity=Severity.WARNING,
    )


def _faults_of_labels(profile: Profile) -> Iterator[Fault]:
    spellings = Counter(rule.label.casefold() for rule in profile.labels)
    for rule in profile.labels:
        if spellings[rule.label.casefold()] > 1:
            yield Fault(
                key=f"Bag-Info/{rule.label}",
                message=f"Bag-Info lists {rule.label} more than once, in different spellings.",
                remedy="Keep one of them: labels are compared without regard to case.",
            )
        if rule.label.casefold() == "bagit-profile-identifier" and profile.origin is Origin.BAGIT_PROFILES:
            yield Fault(
                key=f"Bag-Info/{rule.label}",
                message="Bag-Info lists BagIt-Profile-Identifier, which every bag must have anyway.",
                remedy="Remove it from Bag-Info; what Bag-Info says of it is not applied.",
                severity=Severity.WARNING,
            )


def _faults_of_lists(profile: Profile) -> Iterator[Fault]:
    for kind, required, allowed in (
        ("Manifests", profile.manifests_required, profile.manifests_allowed),
        ("Tag-Manifests", profile.tag_manifests_required, profile.tag_manifests_allowed),
    ):
        for algorithm in required:
            if allowed is not None and algorithm.lower() not in {one.lower() for one in allowed}:
                yield _contradiction(kind, algorithm)
    if not profile.accept_bagit_version:
        yield Fault(
            key="Accept-BagIt-Version",
            message="Accept-BagIt-Version names no version; at least one is expected.",
            remedy='Name the accepted versions, for example ["1.0"].',
            hinders=profile.accept_bagit_version is not None,
        )
    if not profile.accept_serialization and profile.serialization != "forbidden":
        yield Fault(
            key="Accept-Serialization",
            message=f"Accept-Serialization names no MIME type and Serialization is {profile.serialization}.",
            remedy='Name the accepted types, for example ["application/zip"], or forbid serialization.',
        )


def _faults_of_files(profile: Profile) -> Iterator[Fault]:
    for path in profile.tag_files_required:
        yield from _faults_of_path("Tag-Files-Required", path)
        if path == "bag-info.txt" or path.startswith("data/"):
            yield Fault(
                key="Tag-Files-Required",
                message=f"Tag-Files-Required names {path}, which is not for this list.",
                remedy="Name files outside data/; payload files have their own list.",
                severity=Severity.WARNING,
            )
        if profile.tag_files_allowed is not None and not (
            allows(profile.tag_files_allowed, path, whole_folders=False) or path in _ALWAYS_ALLOWED
        ):
            yield _contradiction("Tag-Files", path)
    for path in profile.payload_files_required:
        yield from _faults_of_path("Payload-Files-Required", path)
        if profile.payload_files_allowed is not None and not _payload_allowed(profile.payload_files_allowed, path):
            yield _contradiction("Payload-Files", path)
    for pattern in profile.payload_files_allowed or ():
        if pattern.endswith("/"):
            yield Fault(
                key="Payload-Files-Allowed",
                message=f"Payload-Files-Allowed holds {pattern}, which matches nothing.",
                remedy=f"Write {pattern}* to allow the folder.",
            )


_ALWAYS_ALLOWED = {"bagit.txt", "bag-info.txt", "fetch.txt"}


def _payload_allowed(patterns: tuple[str, ...], path: str) -> bool:
    if path.endswith("/"):
        return covers_folder(patterns, path)
    return allows(patterns, path, whole_folders=True)


def _faults_of_path(key: str, path: str) -> Iterator[Fault]:
    names = path.rstrip("/").split("/")
    if path.startswith("/") or ".." in names or "\\" in path:
        yield Fault(
            key=key,
            message=f"{key} names {path}, which no bag can hold.",
            remedy="Write a path relative to the bag, with slashes and without '..'.",
            hinders=True,
        )
    elif "*" in path:
        yield Fault(
            key=key,
            message=f"{key} names {path}; only the Allowed lists take patterns, here * is an asterisk.",
            remedy="Name the file or folder in full.",
            severity=Severity.WARNING,
        )
    elif key.startswith("Payload") and names[0] != "data":
        yield Fault(
            key=key,
            message=f"{key} names {path}, which lies outside data/.",
            remedy="Write the path relative to the bag, beginning with data/.",
            hinders=True,
        )


def _contradiction(kind: str, what: str) -> Fault:
    return Fault(
        key=f"{kind}-Allowed",
        message=f"{what} is in {kind}-Required but not allowed by {kind}-Allowed, so no bag can conform.",
        remedy=f"Add {what} to {kind}-Allowed or drop it from {kind}-Required.",
        hinders=True,
    )


def _faults_of_words(profile: Profile) -> Iterator[Fault]:
    if profile.serialization not in {"forbidden", "required", "optional"}:
        yield Fault(
            key="Serialization",
            message=f"Serialization is {profile.serialization}; forbidden, required or optional is expected.",
            remedy="Correct Serialization in the profile.",
            hinders=True,
        )
    if profile.fetch_required and not profile.fetch_allowed:
        yield Fault(
            key="Fetch.txt-Required",
            message="Fetch.txt-Required is true and Allow-Fetch.txt is false, so no bag can conform.",
            remedy="Allow fetch.txt or do not require it.",
            hinders=True,
        )
