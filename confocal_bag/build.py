"""Deposit in, bag out: the one place where deposit, images and BagIt meet on the way in."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from confocal_bag import __version__
from confocal_bag.bag.holey.address import reference_url
from confocal_bag.bag.profiles.load import load_profile
from confocal_bag.bag.writing.staging import staging_path
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.build_report import documents_not_written, level_aimed_at, report_build
from confocal_bag.dataset_readme import Written, written_texts
from confocal_bag.deposit.exports.bag_info import bag_info_fields
from confocal_bag.deposit.exports.bag_level import level_of_bag
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish, Report, Severity, readable_path
from confocal_bag.hindrances import (
    blocking_findings,
    overriding_reason,
    refuse_checksums,
    refuse_invalid,
    refuse_little_room,
    refuse_other_deposit,
    refuse_places,
)
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.packing import (
    AGENT,
    Ledger,
    PackingTask,
    convert_images,
    copy_files,
    found_out,
    write_metadata,
    write_sidecars,
    write_small,
)
from confocal_bag.plan import BagPlan, make_plan
from confocal_bag.progress import SILENT, Progress
from confocal_bag.stacking import make_stacks
from confocal_bag.stacks import StackMode
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["BuildOptions", "BuildResult", "blocking_findings", "build_bag", "plan_bag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a bag is built. Without `level` the one that deposit.yaml claims is meant, else minimum; the bag is of that
    level, and says so everywhere, though what is in it may reach a higher one.

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
        today=options.date.date() if options.date else None,
        jobs=options.jobs,
        progress=progress,
    )
    plan = make_plan(inspection, with_empty_folders=options.keep_empty_folders, stacks=options.stacks)
    if not plan.copies:
        raise CannotFinish(f"{readable_path(deposit)} holds nothing to preserve; see `confocal-bag inspect`.")
    if options.raw_url is not None:
        reference_url(options.raw_url, "raw")  # raises for an address that nobody could fetch from
    refuse_checksums(level_aimed_at(inspection), options.algorithms)
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
        return BuildResult(report=report_build(deposit, inspection), bag=None)
    with (
        BagWriter(
            destination,
            algorithms=options.algorithms,
            key=_key(inspection, plan, options),
            keep=True,
            discard=options.fresh,
        ) as writer,
        Unpacking(_unpacked_beside(destination)) as unpacking,
    ):
        task = PackingTask(
            inspection=inspection,
            plan=plan,
            writer=writer,
            unpacking=unpacking,
            level=level_aimed_at(inspection),
            algorithms=options.algorithms,
            compression=options.compression,
            raw_url=options.raw_url,
            keep_personal=options.keep_personal,
            jobs=options.jobs,
            second_reader=options.second_reader,
            date=options.date,
            privacy_override=overriding_reason(inspection, options.override_privacy),
        )
        ledger = Ledger(date=options.date)
        if not _fill(task, ledger, destination.name, options, progress):
            return BuildResult(report=report_build(deposit, inspection, task, ledger), bag=None)
        refuse_other_deposit(inspection)
        fields = _bag_info(task, ledger, draft=options.draft, tags=options.tags)
        check = partial(refuse_invalid, is_holey=options.raw_url is not None, jobs=options.jobs, progress=progress)
        bag = writer.seal(fields, check=check)
    return BuildResult(
        report=report_build(deposit, inspection, task, ledger, bag=bag),
        bag=bag,
        not_written=documents_not_written(task),
    )


def _unpacked_beside(destination: Path) -> Path:
    """Where images inside zip files are unpacked while the bag is made: on its disk, beside the staging folder."""
    staging = staging_path(destination)
    return staging.with_name(f"{staging.name.removesuffix('staging')}members")


def _fill(task: PackingTask, ledger: Ledger, bag_name: str, options: BuildOptions, progress: Progress) -> bool:
    """Make everything below data/; False where what was found on the way keeps the bag from being finished."""
    written: Written = {
        "draft": options.draft,
        "algorithms": options.algorithms,
        "templates": Templates(options.templates),
    }
    if options.templates is not None:
        list(written_texts(task, ledger, bag_name, **written))  # an error in a template is told at once
    copy_files(task, ledger, progress)
    convert_images(task, ledger, progress)
    make_stacks(task, ledger, progress)
    write_sidecars(task, ledger, progress)
    if any(one.severity is Severity.ERROR for one in ledger.findings) and not options.draft:
        return False
    for place, text, purpose in written_texts(task, ledger, bag_name, **written):
        write_small(task, ledger, place, text.encode(), purpose)
    write_metadata(task, ledger)
    return True


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


def _bag_info(
    task: PackingTask, ledger: Ledger, *, draft: bool, tags: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    level = level_of_bag(found_out(task, ledger).level.reached, task.level)
    profile = load_profile(f"confocal-{level or PracticeLevel.MINIMUM}")
    fields = bag_info_fields(
        task.description,
        level=level,
        aim=task.level,
        profile_identifier=profile.identifier or "",
        bag_uuid=task.bag_uuid(ledger.rows),
        agent=AGENT,
        draft=draft,
    )
    if task.privacy_override:
        fields.append(("Confocal-Privacy-Override", task.privacy_override))
    given = {label.casefold() for label, _ in tags}
    fields = [(label, value) for label, value in fields if label.casefold() not in given]
    return [*fields, *tags, ("Bagging-Date", task.moment.date().isoformat())]
