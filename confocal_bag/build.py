"""Deposit in, bag out: the one place where deposit, images and BagIt meet on the way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from confocal_bag import __version__
from confocal_bag.bag.profile import load_profile
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.writer import BagWriter
from confocal_bag.deposit.exports.bag_info import bag_info_fields
from confocal_bag.deposit.exports.readme import ConversionFacts, ReadmeFacts, StackFacts, render_readme
from confocal_bag.deposit.sequences import AxisRange
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.packing import AGENT, Packing
from confocal_bag.plan import README, BagPlan, make_plan
from confocal_bag.progress import SILENT, Progress
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import AXIS_NAMES, PracticeLevel

__all__ = ["BuildOptions", "BuildResult", "build_bag", "plan_bag"]

#: What even a draft cannot hold: a manifest cannot name the file, or its bytes cannot be had.
_NEVER_BAGGED = ("deposit.name-not-utf8", "deposit.name-unsafe", "deposit.unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a bag is built. Without `level` the one that deposit.yaml claims is meant, else minimum."""

    level: PracticeLevel | None = None
    draft: bool = False
    description: Path | None = None
    compression: str | None = None
    algorithms: tuple[str, ...] = ("sha256", "sha512")
    jobs: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What became of a build: the report, and the bag, or None when it was refused."""

    report: Report
    bag: Path | None


def plan_bag(
    deposit: Path, destination: Path, options: BuildOptions, progress: Progress = SILENT
) -> tuple[Inspection, BagPlan]:
    """Look at the deposit and say what a build would do. Raises `CannotFinish` when it could not begin."""
    _refuse_places(deposit, destination)
    inspection = inspect_deposit(
        deposit, description=options.description, level=options.level, with_digests=False, progress=progress
    )
    return inspection, make_plan(inspection)


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
    level = _level(inspection, options)
    blocking = _blocking(inspection.findings, draft=options.draft)
    if blocking:
        return BuildResult(report=_report(deposit, inspection, level, None), bag=None)
    with BagWriter(destination, algorithms=options.algorithms) as writer:
        packing = Packing(inspection=inspection, plan=plan, writer=writer, level=level, algorithms=options.algorithms)
        packing.copy_files(progress)
        packing.convert_images(options.compression, progress)
        packing.write_sidecars(progress)
        packing.write_readme(README, _readme(packing, destination, draft=options.draft))
        packing.write_metadata()
        fields = _bag_info(packing, level, draft=options.draft)
        bag = writer.seal(fields, check=lambda staging: _verify(staging, options, progress))
    return BuildResult(report=_report(deposit, inspection, level, packing), bag=bag)


def _refuse_places(deposit: Path, destination: Path) -> None:
    shown = readable_path(destination)
    if destination.exists() or destination.is_symlink():
        raise CannotFinish(f"{shown} already exists and is never overwritten. Choose another name for the bag.")
    source, target = deposit.resolve(), destination.resolve()
    if target.is_relative_to(source):
        raise CannotFinish(
            f"The bag {shown} would lie inside the deposit, which is never written to. Choose a place outside it."
        )


def _level(inspection: Inspection, options: BuildOptions) -> PracticeLevel:
    claimed = inspection.loaded.description.level if inspection.loaded else None
    return options.level or claimed or PracticeLevel.MINIMUM


def _blocking(findings: Sequence[Finding], *, draft: bool) -> list[Finding]:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    return [finding for finding in errors if finding.rule in _NEVER_BAGGED] if draft else errors


def _bag_info(packing: Packing, level: PracticeLevel, *, draft: bool) -> list[tuple[str, str]]:
    profile = load_profile(f"confocal-{level}")
    return bag_info_fields(
        packing.description,
        level=level,
        profile_identifier=profile.identifier or "",
        bag_uuid=uuid4(),
        agent=AGENT,
        draft=draft,
    )


def _readme(packing: Packing, destination: Path, *, draft: bool) -> str:
    inspection = packing.inspection
    return render_readme(
        ReadmeFacts(
            description=packing.description,
            inventory=inspection.inventory,
            stacks=_stacks(inspection),
            conversions=[
                ConversionFacts(
                    source=str(one.source), result=str(one.result), planes=one.planes, series_name=one.series_name
                )
                for one in packing.proven
            ],
            level_claimed=packing.level,
            level_reached=inspection.level.reached,
            draft=draft,
            tool_version=__version__,
            bag_name=destination.name,
            created=datetime.now().astimezone().date(),
            places=packing.plan.places,
        )
    )


def _stacks(inspection: Inspection) -> list[StackFacts]:
    """The stacks of single-plane files, with what is wrong with each."""
    problems = inspection.sequences.problems
    return [
        StackFacts(
            folder=one.folder,
            stem=one.stem,
            axes=_axes_in_words(one.axes),
            count=len(one.files),
            problems=tuple(
                problem.message for problem in problems if problem.path in {file.path for file in one.files}
            ),
        )
        for one in inspection.sequences.sequences
    ]


def _axes_in_words(axes: Mapping[str, AxisRange]) -> str:
    """What each number in the names stands for; an axis with one value tells planes of a stack from no others."""
    counted = {name: axis for name, axis in axes.items() if axis.count > 1}
    return "; ".join(
        f"{name} = {AXIS_NAMES.get(name, name)}, {axis.first} to {axis.last} ({axis.count})"
        for name, axis in counted.items()
    )


def _verify(staging: Path, options: BuildOptions, progress: Progress) -> None:
    """Judge the staged bag as its receiver will, and have a second implementation agree. Raises to refuse the seal."""
    report = validate_bag(staging, jobs=options.jobs, progress=progress)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        raise CannotFinish(
            f"The bag was written but does not validate ({len(errors)} errors; first: {first.rule}: {first.message}) "
            "and was not kept. Mend what it names, or try another disk."
        )
    opinion = ask_bagit(staging)
    if opinion.outcome is OpinionOutcome.DISAGREES:
        raise CannotFinish(
            f"The reference implementation of BagIt does not accept the bag: {opinion.reason}. It was not kept; "
            "report this as a bug of confocal-bag."
        )


def _report(deposit: Path, inspection: Inspection, level: PracticeLevel, packing: Packing | None) -> Report:
    """The report of a build; what a draft overruled stays in it as a warning."""
    findings = inspection.findings if packing is None else tuple(_overruled(one) for one in inspection.findings)
    summary: dict[str, object] = {"outcome": "built" if packing else "refused", "claimed_level": level.value}
    if packing:
        summary |= {
            "files": len(packing.plan.copies),
            "series_converted": len(packing.proven),
            "planes_proven": sum(one.planes for one in packing.proven),
        }
    return Report(
        command="build",
        subject=readable_path(deposit),
        checks=inspection.checks,
        findings=findings,
        summary=summary,
        extra={"level": inspection.report("").extra["level"]},
    )


def _overruled(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding
