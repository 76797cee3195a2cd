"""What there is to say about a profile: what it asks, line by line, and whether its file is sound."""

from collections.abc import Iterable, Iterator

from confocal_bag.bag.profiles.document import check_profile_document
from confocal_bag.bag.profiles.model import LabelRule, Profile
from confocal_bag.findings import Check, Finding, Outcome, Report, Severity

__all__ = ["describe_profile", "profile_report"]

_RULE = "profile.document"


def profile_report(profile: Profile) -> Report:
    """The report on a profile file itself. Unlike in the check of a bag, its faults keep their own severity."""
    labels = [*profile.labels, *(label for one in profile.tag_file_rules for label in one.labels)]
    findings = tuple(
        Finding(
            rule=_RULE,
            severity=problem.severity or Severity.WARNING,
            message=problem.message,
            remedy=problem.remedy,
            detail=problem.detail,
            reference="BagIt Profiles 1.4.0",
        )
        for problem in check_profile_document(profile)
    )
    return Report(
        command="profiles check",
        subject=profile.name,
        checks=(Check(rule=_RULE, outcome=Outcome.FAILED if findings else Outcome.PASSED),),
        findings=findings,
        summary={
            "format": profile.origin.value,
            "identifier": profile.identifier,
            "labels": len(labels),
            "required_labels": sum(label.required for label in labels),
        },
    )


def describe_profile(profile: Profile) -> Iterator[str]:
    """What the profile asks of a bag, one line at a time."""
    yield f"{profile.name}: {profile.identifier or 'no identifier'}"
    yield f"  Format: {profile.origin.value}"
    yield from (_label(label) for label in profile.labels)
    for one in profile.tag_file_rules:
        yield f"  In {one.path}:"
        yield from (f"  {_label(label)}" for label in one.labels)
    yield from _lists(profile)
    if profile.data_empty:
        yield "  The payload is empty."
    fetch = "required" if profile.fetch_required else "allowed" if profile.fetch_allowed else "not allowed"
    yield f"  fetch.txt: {fetch}"
    yield f"  Serialization: {profile.serialization}"


def _lists(profile: Profile) -> Iterator[str]:
    for what, required, allowed in (
        ("Manifests", profile.manifests_required, profile.manifests_allowed),
        ("Tag manifests", profile.tag_manifests_required, profile.tag_manifests_allowed),
        ("Tag files", profile.tag_files_required, profile.tag_files_allowed),
        ("Payload files", profile.payload_files_required, profile.payload_files_allowed),
    ):
        yield f"  {what} required: {_list(required)}"
        if allowed is not None:
            yield f"  {what} allowed: {_list(allowed)}"
    if profile.accept_serialization is not None:
        yield f"  Archives accepted: {_list(profile.accept_serialization)}"
    if profile.accept_bagit_version is not None:
        yield f"  BagIt versions accepted: {_list(profile.accept_bagit_version)}"


def _label(label: LabelRule) -> str:
    need = "required" if label.required else "recommended" if label.recommended else "optional"
    once = "" if label.repeatable else ", once"
    values = f" One of {', '.join(label.values)}." if label.values else ""
    pattern = f" Matches {label.expression.source}." if label.expression else ""
    return f"  {label.label} ({need}{once}).{values}{pattern} {label.description or ''}".rstrip()


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
