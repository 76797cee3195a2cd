"""BagIt Profiles 1.1.0 to 1.4.0 as checks of a bag, and what other tools' profiles ask beyond them.

The rules run in the order the specification asks for: serialization and BagIt version first. It lets a
checker stop when one of these two fails; here the rest is reported as well, because a curator wants the
whole list at once. A profile check never replaces the check of the bag itself, and a holey bag is to be
completed first.
"""

from collections.abc import Iterable, Iterator

import confocal_bag.bag.profiles.file_rules  # noqa: F401 - registers its rules
from confocal_bag.bag.profiles.document import check_profile_document, profile_faults
from confocal_bag.bag.profiles.label_rules import values_by_label
from confocal_bag.bag.profiles.model import Comparison, Profile, ProfileSubject
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules

__all__ = ["PROFILE_RULES", "ProfileSubject", "check_profile", "check_profile_document"]

_SPECIFICATION = "BagIt Profiles 1.4.0"
_IDENTIFIER = "bagit-profile-identifier"
#: MIME types that name the same thing; the archive's content decides which line it is on.
_SAME_TYPES = (
    {"application/zip", "application/x-zip", "application/x-zip-compressed"},
    {"application/tar", "application/x-tar"},
    {
        "application/gzip",
        "application/x-gzip",
        "application/tar+gzip",
        "application/x-tar+gzip",
        "application/x-compressed-tar",
        "application/x-gtar-compressed",
        "application/x-tgz",
    },
    {"application/bzip2", "application/x-bzip", "application/x-bzip2", "application/x-bzip-compressed-tar"},
    {"application/xz", "application/x-xz", "application/x-xz-compressed-tar"},
    {"application/7z", "application/x-7z-compressed"},
)


#: The rules of this family in the order they run.
PROFILE_RULES = (
    "profile.serialization",
    "profile.bagit-version",
    "profile.document",
    "profile.identifier",
    "profile.bag-info-required",
    "profile.bag-info-values",
    "profile.bag-info-pattern",
    "profile.bag-info-repeated",
    "profile.bag-info-recommended",
    "profile.tag-file-labels",
    "profile.manifests-required",
    "profile.manifests-allowed",
    "profile.tag-manifests-required",
    "profile.tag-manifests-allowed",
    "profile.tag-files-required",
    "profile.tag-files-allowed",
    "profile.payload-files-required",
    "profile.payload-files-allowed",
    "profile.fetch-allowed",
    "profile.fetch-required",
    "profile.data-empty",
)


def check_profile(profile: Profile, subject: ProfileSubject) -> tuple[list[Check], list[Finding]]:
    """Check one bag against one profile; every rule is accounted for."""
    comparison = Comparison(profile=profile, subject=subject, values=values_by_label(subject.bag_info))
    return run_rules([RULES[id_] for id_ in PROFILE_RULES], comparison)


@rule("profile.serialization", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Serialization")
def _serialization(comparison: Comparison) -> Iterator[Problem]:
    """The bag is a folder or an archive as the profile's Serialization and Accept-Serialization ask.

    The type of an archive is told by its content, never by its name, and types with several names
    (application/tar and application/x-tar) are the same type.
    """
    wanted, accepted = comparison.profile.serialization, comparison.profile.accept_serialization
    seen = comparison.subject.serialization
    if seen is None:
        if wanted == "required":
            yield Problem(
                message="The bag is a folder; the profile requires a serialized bag.",
                remedy=f"Serialize it as {_list(accepted or ['an archive'])}.",
            )
        return
    if wanted == "forbidden":
        yield Problem(
            message=f"The bag is an archive ({seen}); the profile forbids serialized bags.",
            remedy="Unpack it.",
        )
    elif accepted is not None and _type(seen) not in {_type(one) for one in accepted}:
        yield Problem(
            message=f"The bag is serialized as {seen}; the profile accepts {_list(accepted)}.",
            remedy="Serialize it as one of the accepted types." if accepted else "Correct the profile.",
        )


def _type(mime: str) -> str:
    mime = mime.partition(";")[0].strip().lower()
    return next((min(names) for names in _SAME_TYPES if mime in names), mime)


@rule("profile.bagit-version", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Accept-BagIt-Version")
def _bagit_version(comparison: Comparison) -> Iterator[Problem]:
    """The BagIt version in bagit.txt is one that the profile accepts."""
    accepted, seen = comparison.profile.accept_bagit_version, comparison.subject.bagit_version
    if accepted is None:
        raise NotApplicable("the profile names no BagIt version")
    if seen not in accepted:
        yield Problem(
            path="bagit.txt",
            message=f"The bag is BagIt {seen}; the profile accepts {_list(accepted)}.",
            remedy="Make the bag again in an accepted version.",
        )


@rule("profile.document", severity=Severity.WARNING, reference=_SPECIFICATION)
def _document(comparison: Comparison) -> Iterator[Problem]:
    """The profile file itself is sound.

    A fault that keeps the profile from judging a bag is an error; any other is a warning here, because it
    is not the bag's. Keys that BagIt Profiles does not know are named, since nothing was checked for them.
    """
    for fault in profile_faults(comparison.profile):
        severity = Severity.ERROR if fault.hinders else Severity.WARNING
        if fault.severity is Severity.INFO:
            severity = Severity.INFO
        yield Problem(
            message=f"In the profile {comparison.profile.name}: {fault.message}",
            remedy=fault.remedy,
            severity=severity,
            detail={"key": fault.key},
        )


@rule("profile.identifier", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, BagIt-Profile-Identifier")
def _identifier(comparison: Comparison) -> Iterator[Problem]:
    """bag-info.txt claims the profile in a BagIt-Profile-Identifier.

    The label may be repeated when the bag conforms to several profiles; one of its values must be this
    profile's.
    """
    wanted = comparison.profile.identifier
    if wanted is None:
        raise NotApplicable("the profile has no BagIt-Profile-Identifier to compare with")
    seen = comparison.values.get(_IDENTIFIER, [])
    if wanted not in seen:
        said = f"names {_list(seen)}" if seen else "has no BagIt-Profile-Identifier"
        yield Problem(
            path="bag-info.txt",
            message=f"bag-info.txt {said}; the profile asks for {wanted}.",
            remedy="Check the bag against the profile it names, or make it again for this one.",
        )


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
