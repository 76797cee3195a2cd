"""Bag in, verdict out: BagIt, profile, tiers, sidecars and, when asked, every plane."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from confocal_bag.bag.archives.obstacles import serious, serious_faults
from confocal_bag.bag.archives.packed import open_packed
from confocal_bag.bag.archives.unpack import unpack_into
from confocal_bag.bag.changing.interrupted import check_interruption
from confocal_bag.bag.profiles.load import Profile, load_profile, shipped_profiles
from confocal_bag.bag.profiles.model import ProfileSubject
from confocal_bag.bag.profiles.rules import check_profile
from confocal_bag.bag.profiles.subject import profile_subject
from confocal_bag.bag.rules import BagCheck, Depth, check_bag
from confocal_bag.bag.source import BagSource, TooLarge
from confocal_bag.bag.splitting.parts import PartClaim, part_claim
from confocal_bag.findings import Check, Finding, Outcome, Report, Severity, readable_path
from confocal_bag.private_folder import Purpose, private_folder
from confocal_bag.progress import SILENT, Progress
from confocal_bag.promises import PackedBag, check_promises, skip_promises

__all__ = ["Depth", "validate_bag"]

#: What may be missing while a deposit is still being described.
_OPEN_IN_A_DRAFT = (
    "profile.bag-info-required",
    "profile.bag-info-values",
    "profile.payload-files-required",
    "image.not-proven",
    "image.converted-tiff",
)
_LOOKED_AT = (Outcome.PASSED, Outcome.FAILED)


def validate_bag(
    path: str | Path,
    *,
    profiles: Sequence[str | Path] = (),
    depth: Depth = Depth.FULL,
    pixels: bool = False,
    strict: bool = False,
    jobs: int = 2,
    progress: Progress = SILENT,
    on_part: Callable[[PartClaim], None] | None = None,
    on_checked: Callable[[BagCheck], None] | None = None,
) -> Report:
    """Judge one bag without changing anything about it.

    `profiles` are names of shipped profiles or JSON files; without them the shipped profiles that the bag itself
    claims are used. `pixels` decodes every plane. `on_part` is told what a bag says of its place among several
    parts, so that they can be judged together, `on_checked` is given the outcome of the BagIt rules with the bag as it
    was read. Raises `CannotFinish` when there is nothing to validate.
    """
    path = Path(path)
    checks, findings = check_interruption(path)
    progress.stage(f"Checking {path.name}", None)
    bag_check = check_bag(path, depth=depth, strict=strict, jobs=jobs, on_bytes=progress.advance)
    checks, findings = [*checks, *bag_check.checks], [*findings, *bag_check.findings]
    if on_checked:
        on_checked(bag_check)
    claim = part_claim(bag_check.bag)
    if claim and on_part:
        on_part(claim)
    subject = profile_subject(bag_check.bag, serialization=_serialization(path, bag_check.bag.source))
    chosen = [load_profile(profile) for profile in profiles] or _claimed_profiles(subject.bag_info)
    for profile in chosen:
        more_checks, more_findings = check_profile(profile, subject)
        checks += more_checks
        findings += more_findings
    if claim and _is_ours(subject, chosen):
        checks += skip_promises("the bag is one part of several, and only all of them hold what one promises")
    elif _is_ours(subject, chosen):
        more_checks, more_findings = _check_promises(path, bag_check, depth, progress, pixels=pixels, jobs=jobs)
        checks += more_checks
        findings += more_findings
    elif pixels:
        checks += skip_promises("the bag claims no profile of this program and holds no sidecars")
    pixels_read = any(check.rule == "image.planes-differ" and check.outcome in _LOOKED_AT for check in checks)
    if pixels and not pixels_read:
        findings.append(_pixels_not_read(path, checks))
    # A receiver who names a profile wants it kept; a bag that calls itself a draft is only lenient towards itself.
    lenient = _is_draft(subject) and not profiles
    return Report(
        command="validate",
        subject=readable_path(path),
        checks=tuple(checks),
        findings=tuple(_as_draft(findings) if lenient else findings),
        summary=_summary(bag_check, subject, chosen, depth, pixels_read=pixels_read),
    )


def _is_ours(subject: ProfileSubject, profiles: Sequence[Profile]) -> bool:
    """Whether the bag promises what bags of this program do: by a profile, or by the sidecars it holds."""
    shipped = shipped_profiles()
    return any(profile.name in shipped for profile in profiles) or any(
        path.startswith("data/metadata/ome/") for path in subject.payload
    )


def _pixels_not_read(path: Path, checks: Iterable[Check]) -> Finding:
    reason = next((check.reason for check in checks if check.rule == "image.planes-differ"), None)
    return Finding(
        rule="internal.pixels-not-read",
        severity=Severity.ERROR,
        message=f"The pixels of {readable_path(path)} were not proven as asked: {reason or 'nothing to compare'}.",
        remedy="Validate without --pixels what is no bag of images, or mend what kept the pixels from being read.",
    )


def _serialization(path: Path, source: BagSource) -> str | None:
    """The media type of an archive, by its content; None for a folder."""
    if not source.is_archive:
        return None
    from confocal_bag.image.formats import identify_stream

    with open_packed(path) as stream:
        return identify_stream(stream, path.name).mime


def _claimed_profiles(bag_info: Iterable[tuple[str, str]]) -> list[Profile]:
    """The shipped profiles whose identifiers the bag names; others are known only by their file (--profile)."""
    claimed = {value for label, value in bag_info if label.casefold() == "bagit-profile-identifier"}
    shipped = [load_profile(name) for name in shipped_profiles()]
    return [profile for profile in shipped if profile.identifier in claimed]


def _check_promises(
    path: Path, checked: BagCheck, depth: Depth, progress: Progress, *, pixels: bool, jobs: int
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
        elsewhere=_elsewhere(checked),
        progress=progress,
        jobs=jobs,
    )
    return check_promises(packed) if checked.bag.source.is_local_folder else _check_packed_promises(packed, checked)


def _elsewhere(checked: BagCheck) -> frozenset[PurePosixPath]:
    """Payload files that fetch.txt names and the bag lacks, below data/."""
    fetch = checked.bag.fetch
    names = [entry.path for entry in fetch.entries if entry.path not in checked.bag.payload] if fetch else []
    return frozenset(PurePosixPath(name).relative_to("data") for name in names if name.startswith("data/"))


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
    with private_folder(Purpose.BAG) as folder, source:
        packed.progress.stage("Unpacking for a look at the images", sum(source.files.values()))
        unpack_into(source, folder, on_bytes=packed.progress.advance)
        return check_promises(replace(packed, root=folder))


def _sidecar(source: BagSource, path: PurePosixPath, limit: int) -> bytes | None:
    """The bytes of a sidecar, None for too many; none where it is damaged, which its rule reports as no XML."""
    try:
        return source.read(f"data/{path}", limit=limit)
    except TooLarge:
        return None
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
    checked: BagCheck, subject: ProfileSubject, profiles: Sequence[Profile], depth: Depth, *, pixels_read: bool
) -> dict[str, object]:
    levels = [value for label, value in subject.bag_info if label.casefold() == "confocal-practice-level"]
    return {
        "bagit_version": subject.bagit_version,
        "payload_files": len(subject.payload),
        "payload_bytes": sum(subject.payload.values()),
        "bytes_hashed": checked.bytes_hashed,
        "profiles": ", ".join(profile.name for profile in profiles) or "none claimed",
        "practice_level_claimed": levels[0] if levels else None,
        "draft": _is_draft(subject),
        "depth": depth.value,
        "pixels_read": pixels_read,
    }
