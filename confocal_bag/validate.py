"""Bag in, verdict out: BagIt, profile, tiers, sidecars and, when asked, every plane."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from confocal_bag.bag.obstacles import serious, serious_faults
from confocal_bag.bag.profile import Profile, load_profile, shipped_profiles
from confocal_bag.bag.profile_model import ProfileSubject
from confocal_bag.bag.profile_rules import check_profile
from confocal_bag.bag.rules import BagCheck, Depth, check_bag
from confocal_bag.bag.source import BagSource
from confocal_bag.bag.unpack import unpack_into
from confocal_bag.findings import Check, Finding, Report, Severity, readable_path
from confocal_bag.progress import SILENT, Progress
from confocal_bag.promises import PackedBag, check_promises, skip_promises

__all__ = ["Depth", "validate_bag"]

#: What may be missing while a deposit is still being described.
_OPEN_IN_A_DRAFT = ("profile.bag-info-required", "profile.bag-info-values", "profile.payload-files-required")


def validate_bag(
    path: str | Path,
    *,
    profiles: Sequence[str | Path] = (),
    depth: Depth = Depth.FULL,
    pixels: bool = False,
    strict: bool = False,
    jobs: int = 2,
    progress: Progress = SILENT,
) -> Report:
    """Judge one bag without changing anything about it.

    `profiles` are names of shipped profiles or JSON files; without them the shipped profiles that the bag itself
    claims are used. `pixels` decodes every plane. Raises `CannotFinish` when there is nothing to validate.
    """
    path = Path(path)
    progress.stage(f"Checking {path.name}", None)
    bag_check = check_bag(path, depth=depth, strict=strict, jobs=jobs, on_bytes=progress.advance)
    checks, findings = list(bag_check.checks), list(bag_check.findings)
    subject = _profile_subject(path, bag_check)
    chosen = [load_profile(profile) for profile in profiles] or _claimed_profiles(subject.bag_info)
    for profile in chosen:
        more_checks, more_findings = check_profile(profile, subject)
        checks += more_checks
        findings += more_findings
    if any(profile.name in shipped_profiles() for profile in chosen):
        more_checks, more_findings = _check_promises(path, bag_check, depth, progress, pixels=pixels)
        checks += more_checks
        findings += more_findings
    return Report(
        command="validate",
        subject=readable_path(path),
        checks=tuple(checks),
        findings=tuple(_as_draft(findings) if _is_draft(subject) else findings),
        summary=_summary(bag_check, subject, chosen, depth, pixels=pixels),
    )


def _profile_subject(path: Path, checked: BagCheck) -> ProfileSubject:
    bag = checked.bag
    return ProfileSubject(
        bagit_version=".".join(map(str, bag.version)),
        bag_info=bag.bag_info,
        manifests=tuple(one.algorithm for one in bag.manifests.values()),
        tag_manifests=tuple(one.algorithm for one in bag.tag_manifests.values()),
        tag_files=tuple(bag.tag_files),
        payload=bag.payload,
        has_fetch="fetch.txt" in bag.tag_files,
        serialization=_serialization(path),
    )


def _serialization(path: Path) -> str | None:
    """The media type of an archive, by its content; None for a folder."""
    from confocal_bag.image.formats import identify

    return None if path.is_dir() else identify(path).mime


def _claimed_profiles(bag_info: Iterable[tuple[str, str]]) -> list[Profile]:
    """The shipped profiles whose identifiers the bag names; others are known only by their file (--profile)."""
    claimed = {value for label, value in bag_info if label.casefold() == "bagit-profile-identifier"}
    shipped = [load_profile(name) for name in shipped_profiles()]
    return [profile for profile in shipped if profile.identifier in claimed]


def _check_promises(
    path: Path, checked: BagCheck, depth: Depth, progress: Progress, *, pixels: bool
) -> tuple[list[Check], list[Finding]]:
    irregular = [finding for finding in checked.findings if finding.rule in ("bag.special-file", "bag.symbolic-link")]
    if irregular:
        return skip_promises("the bag holds links or special files, which are never opened"), []
    order = checked.bag.source.in_order(checked.bag.payload)
    packed = PackedBag(
        root=path,
        payload=tuple(PurePosixPath(name).relative_to("data") for name in order),
        open_images=depth is Depth.FULL,
        read_pixels=pixels,
        progress=progress,
    )
    return _check_packed_promises(packed, checked) if checked.bag.source.is_archive else check_promises(packed)


def _check_packed_promises(packed: PackedBag, checked: BagCheck) -> tuple[list[Check], list[Finding]]:
    """Judge the promises of a bag in an archive: from its stream, or with every image, unpacked for the while."""
    source = checked.bag.source
    if serious_faults(source.listing):
        return skip_promises("the archive's member list is not sound, so nothing in it was opened"), []
    if not packed.read_pixels:
        with source:
            return check_promises(replace(packed, root=None, read_member=partial(_sidecar, source)))
    if serious(checked.findings):
        return skip_promises("the bag is not valid, so the archive was not unpacked to look at its images"), []
    with TemporaryDirectory(prefix="confocal-bag-") as folder, source:
        packed.progress.stage("Unpacking for a look at the images", sum(source.files.values()))
        unpack_into(source, Path(folder), on_bytes=packed.progress.advance)
        return check_promises(replace(packed, root=Path(folder)))


def _sidecar(source: BagSource, path: PurePosixPath, limit: int) -> bytes:
    """The bytes of a sidecar; nothing where it is damaged or huge, which its rule then reports as no XML."""
    try:
        return source.read(f"data/{path}", limit=limit)
    except OSError:
        return b""


def _is_draft(subject: ProfileSubject) -> bool:
    return any(label.casefold() == "confocal-draft" and value == "true" for label, value in subject.bag_info)


def _as_draft(findings: Iterable[Finding]) -> list[Finding]:
    """A draft says of itself that its description is not finished: those findings become warnings, all others stay."""
    return [
        replace(finding, severity=Severity.WARNING)
        if finding.rule in _OPEN_IN_A_DRAFT and finding.severity is Severity.ERROR
        else finding
        for finding in findings
    ]


def _summary(
    checked: BagCheck, subject: ProfileSubject, profiles: Sequence[Profile], depth: Depth, *, pixels: bool
) -> dict[str, object]:
    levels = [value for label, value in subject.bag_info if label.casefold() == "confocal-practice-level"]
    return {
        "bagit_version": subject.bagit_version,
        "payload_files": len(subject.payload),
        "payload_bytes": sum(subject.payload.values()),
        "bytes_hashed": checked.bytes_hashed,
        "profiles": ", ".join(profile.name for profile in profiles) or "none claimed",
        "practice_level": levels[0] if levels else None,
        "draft": _is_draft(subject),
        "depth": depth.value,
        "pixels_read": pixels,
    }
