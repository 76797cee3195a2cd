"""Deposit in, bag out: the one place where deposit, images and BagIt meet on the way in."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from confocal_bag import __version__
from confocal_bag.bag.holey.address import reference_url
from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.dataset_readme import Written, written_texts
from confocal_bag.deposit.exports.bag_info import bag_info_fields
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.deposit.privacy import GATE_RULES
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path
from confocal_bag.hindrances import refuse_checksums, refuse_little_room, refuse_other_deposit, refuse_places
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.packing import AGENT, Packing
from confocal_bag.plan import BagPlan, make_plan
from confocal_bag.progress import SILENT, Progress
from confocal_bag.stacking import make_stacks
from confocal_bag.stacks import StackMode
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["BuildOptions", "BuildResult", "blocking_findings", "build_bag", "plan_bag"]

#: What even a draft cannot hold: a manifest cannot name the file, or its bytes cannot be had.
_NEVER_BAGGED = ("deposit.name-not-utf8", "deposit.name-unsafe", "deposit.unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a bag is built. Without `level` the one that deposit.yaml claims is meant, else minimum.

    With `second_reader` each converted image is read by a second, independent reader too, and must agree.
    Without `keep_personal` sidecars and converted copies leave out names of people, paths and serial numbers.
    With `raw_url` raw files are not copied: the bag lists them, and fetch.txt says that they lie below that address.
    `stacks` is what to make of stacks of loose planes: a companion file, one OME-TIFF, or both.
    With `date` the bag says to have been made then, and two builds of the same deposit are the same byte for byte.
    `override_privacy` is the reason for which a bag is built although nobody has answered for personal data in it.
    `tags` are further fields of bag-info.txt, in place of those of the same name that the description fills.
    `templates` is a folder of templates that override or extend the built-in ones by name.
    """

    level: PracticeLevel | None = None
    draft: bool = False
    description: Path | None = None
    compression: str | None = None
    algorithms: tuple[str, ...] = ("sha256", "sha512")
    jobs: int = 2
    fresh: bool = False
    keep_empty_folders: bool = False
    raw_url: str | None = None
    keep_personal: bool = False
    second_reader: bool = False
    date: datetime | None = None
    stacks: StackMode = StackMode.KEEP
    override_privacy: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    templates: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What became of a build: the report, and the bag, or None when it was refused.

    `not_written` names the documents for archives for which the description does not say enough, with what is missing.
    """

    report: Report
    bag: Path | None
    not_written: tuple[str, ...] = ()


def plan_bag(
    deposit: Path, destination: Path, options: BuildOptions, progress: Progress = SILENT
) -> tuple[Inspection, BagPlan]:
    """Look at the deposit and say what a build would do. Raises `CannotFinish` when it could not begin."""
    refuse_places(deposit, destination)
    Templates(options.templates).check()
    inspection = inspect_deposit(
        deposit,
        description=options.description,
        level=options.level,
        default_level=PracticeLevel.MINIMUM,
        with_digests=False,
        jobs=options.jobs,
        progress=progress,
    )
    plan = make_plan(inspection, with_empty_folders=options.keep_empty_folders, stacks=options.stacks)
    if not plan.copies:
        raise CannotFinish(f"{readable_path(deposit)} holds nothing to preserve; see `confocal-bag inspect`.")
    if options.raw_url is not None:
        reference_url(options.raw_url, "raw")  # raises for an address that nobody could fetch from
    refuse_checksums(_level(inspection), options.algorithms)
    refuse_little_room(destination, plan)
    return inspection, plan


def build_bag(
    deposit: str | Path, destination: str | Path, options: BuildOptions | None = None, *, progress: Progress = SILENT
) -> BuildResult:
    """Build the bag `destination` from the folder `deposit`, which is only read.

    Nothing appears at `destination` before the bag is complete and validated. A deposit with errors, or one that
    misses the level it claims, is refused with all that is missing; a draft is built anyway and says so. Raises
    `CannotFinish` when the work cannot be done.
    """
    deposit, destination, options = Path(deposit), Path(destination), options or BuildOptions()
    inspection, plan = plan_bag(deposit, destination, options, progress)
    if blocking_findings(inspection, draft=options.draft, override_privacy=options.override_privacy):
        return BuildResult(report=_report(deposit, inspection, None), bag=None)
    with BagWriter(
        destination,
        algorithms=options.algorithms,
        key=_key(inspection, plan, options),
        keep=True,
        discard=options.fresh,
    ) as writer:
        packing = Packing(
            inspection=inspection,
            plan=plan,
            writer=writer,
            level=_level(inspection),
            algorithms=options.algorithms,
            raw_url=options.raw_url,
            keep_personal=options.keep_personal,
            jobs=options.jobs,
            second_reader=options.second_reader,
            date=options.date,
            privacy_override=_overriding(inspection, options),
        )
        written: Written = {
            "draft": options.draft,
            "algorithms": options.algorithms,
            "templates": Templates(options.templates),
        }
        if options.templates is not None:
            list(written_texts(packing, destination.name, **written))  # an error in a template is told at once
        packing.copy_files(progress)
        packing.convert_images(options.compression, progress)
        make_stacks(packing, options.compression, progress)
        packing.write_sidecars(progress)
        if any(one.severity is Severity.ERROR for one in packing.findings) and not options.draft:
            return BuildResult(report=_report(deposit, inspection, packing, bag=None), bag=None)
        for place, text, purpose in written_texts(packing, destination.name, **written):
            packing.write_readme(place, text, purpose)
        packing.write_metadata()
        refuse_other_deposit(inspection)
        fields = _bag_info(packing, draft=options.draft, tags=options.tags)
        bag = writer.seal(fields, check=lambda staging: _verify(staging, options, progress))
    return BuildResult(
        report=_report(deposit, inspection, packing, bag=bag), bag=bag, not_written=_not_written(packing)
    )


def blocking_findings(inspection: Inspection, *, draft: bool, override_privacy: str | None = None) -> list[Finding]:
    """The findings that keep a bag from being built: with `draft` only those that no draft overrules.

    With a reason in `override_privacy`, unanswered personal data are none of them.
    """
    errors = [finding for finding in inspection.findings if finding.severity is Severity.ERROR]
    if override_privacy:
        errors = [finding for finding in errors if finding.rule not in GATE_RULES]
    return [finding for finding in errors if finding.rule in (*_NEVER_BAGGED, *GATE_RULES)] if draft else errors


def _overriding(inspection: Inspection, options: BuildOptions) -> str | None:
    """The reason given for packing personal data, where there is any to be overruled by it."""
    stopped = any(one.rule in GATE_RULES and one.severity is Severity.ERROR for one in inspection.findings)
    return " ".join((options.override_privacy or "").split()) or None if stopped else None


def _key(inspection: Inspection, plan: BagPlan, options: BuildOptions) -> str:
    """What an unfinished bag must have been begun with to be gone on with: everything but the files to be copied,
    which the writer compares one by one."""
    described = inspection.described
    settings = {name: value for name, value in asdict(options).items() if name not in {"jobs", "fresh"}}
    parts = {
        "version": __version__,
        "deposit": os.fspath(inspection.deposit.root.resolve()),
        "settings": settings,
        "description": described.content.hex() if described else None,
        "plan": list(plan.steps()),
    }
    return sha256(json.dumps(parts, default=str, sort_keys=True).encode("ascii")).hexdigest()


def _level(inspection: Inspection) -> PracticeLevel:
    """The level the bag aims at; a build always aims at one."""
    return inspection.aim or PracticeLevel.MINIMUM


def _bag_info(packing: Packing, *, draft: bool, tags: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    profile = load_profile(f"confocal-{packing.level}")
    fields = bag_info_fields(
        packing.description,
        level=packing.inspection.level.reached if draft else packing.level,
        profile_identifier=profile.identifier or "",
        bag_uuid=packing.bag_uuid,
        agent=AGENT,
        draft=draft,
    )
    if packing.privacy_override:
        fields.append(("Confocal-Privacy-Override", packing.privacy_override))
    given = {label.casefold() for label, _ in tags}
    fields = [(label, value) for label, value in fields if label.casefold() not in given]
    return [*fields, *tags, ("Bagging-Date", packing.moment.date().isoformat())]


def _verify(staging: Path, options: BuildOptions, progress: Progress) -> None:
    """Judge the staged bag as its receiver will, and have a second implementation agree. Raises to refuse the seal."""
    report = validate_bag(staging, jobs=options.jobs, progress=progress)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if options.raw_url is not None:
        errors = [finding for finding in errors if not finding.detail.get("fetchable")]
    if errors:
        first = errors[0]
        raise CannotFinish(
            f"The bag was written but does not validate ({len(errors)} errors; first: {first.rule}: {first.message}) "
            "and has no name yet. Mend what it names, or try another disk."
        )
    if options.raw_url is not None:
        return  # the reference implementation judges a bag only when everything was fetched
    opinion = ask_bagit(staging)
    if opinion.outcome is OpinionOutcome.DISAGREES:
        raise CannotFinish(
            f"The reference implementation of BagIt does not accept the bag: {opinion.reason}. It has no name yet; "
            "report this as a bug of confocal-bag."
        )


def _report(deposit: Path, inspection: Inspection, packing: Packing | None, bag: Path | None = None) -> Report:
    """The report of a build; what a draft overruled stays in it as a warning."""
    findings = (*inspection.findings, *(packing.findings if packing else ()))
    summary: dict[str, object] = {
        "outcome": "built" if bag else "refused",
        "bag": readable_path(bag) if bag else None,
        "level_aimed_at": _level(inspection).value,
        "files": len(inspection.inventory.files),
        "left_out": len(inspection.inventory.left_out),
        "files_kept_elsewhere": (packing.elsewhere or None) if packing else None,
    }
    if packing:
        summary |= {
            "series_converted": len(packing.proven),
            "planes_proven": sum(one.planes for one in packing.proven),
            "images_without_proof": len(packing.unproven),
            "documents_not_written": list(_not_written(packing)) or None,
        }
    return Report(
        command="build",
        subject=readable_path(deposit),
        checks=(*inspection.checks, *(packing.checks if packing else ())),
        findings=tuple(_overruled(one) for one in findings) if bag else findings,
        summary=summary,
        extra={"level": inspection.level_document, "fair": inspection.fair_document},
    )


def _not_written(packing: Packing) -> tuple[str, ...]:
    return tuple(f"data/{path} ({reason})" for path, reason in packing.not_written.items())


def _overruled(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding
