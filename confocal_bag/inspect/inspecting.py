"""Looks at a deposit: reads it once, then has every family of rules judge it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.curation.log import LOG_TEXT, read_log
from confocal_bag.deposit.curation.study import study_curation
from confocal_bag.deposit.description.file import LoadedDescription, decode_description, read_description_bytes
from confocal_bag.deposit.inventory import Inventory, take_inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.privacy import search_deposit
from confocal_bag.deposit.sequences import SequenceReport
from confocal_bag.deposit.source import Deposit, open_deposit
from confocal_bag.deposit.tiers import TierEntries
from confocal_bag.deposit.zips.inner_files import InnerFiles, look_inside, with_inner, with_records
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.privacy import Search
from confocal_bag.inspect.families import Seen, judge
from confocal_bag.inspect.inspection import DescriptionFile, Inspection
from confocal_bag.inspect.sequences_seen import name_channels, read_sequences, z_planes
from confocal_bag.inspect.to_convert import will_transform
from confocal_bag.progress import SILENT, Progress
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["find_description", "inspect_deposit", "work_folder"]


def work_folder(deposit: Path) -> Path:
    """The folder NAME.curation beside a deposit, where the curator's own files lie."""
    resolved = deposit.resolve()
    return resolved.with_name(f"{resolved.name}.curation")


def _curators_folder(deposit: Deposit, described: DescriptionFile | None) -> Path:
    """Where the curator's files lie: beside a deposit.yaml that is not the depositor's, else beside the deposit."""
    own = described is not None and described.place is None
    return described.path.parent if described and own else work_folder(deposit.root)


def find_description(deposit: Path, given: Path | None = None) -> Path | None:
    """The deposit.yaml to use: the one given, else the curator's, else the depositor's, else None."""
    if given is not None:
        return given
    candidates = (work_folder(deposit) / "deposit.yaml", deposit / "deposit.yaml")
    return next((path for path in candidates if path.is_file() and not path.is_symlink()), None)


def inspect_deposit(
    path: str | Path,
    *,
    description: Path | None = None,
    level: PracticeLevel | None = None,
    default_level: PracticeLevel | None = None,
    with_digests: bool = True,
    ontologies: Sequence[Path] = (),
    today: date | None = None,
    jobs: int = 2,
    progress: Progress = SILENT,
) -> Inspection:
    """Look at everything in the folder `path` without changing any of it.

    `level` is the practice level to judge by; without it the one deposit.yaml claims, else `default_level`.
    `ontologies` are OBO files against which the terms of the description are tested. Dates, as that of the end of an
    embargo, are judged as of `today`, without it as of the day it is. `jobs` files are looked at at once. Raises
    `CannotFinish` when there is nothing to inspect.
    """
    deposit = open_deposit(Path(path))
    described = _read_description(deposit, description)
    loaded = decode_description(described.content, name=readable_path(described.path)) if described else None
    claimed = loaded.description.level if loaded else None
    progress.stage("Reading the deposit", sum(entry.bytes for entry in deposit.files))
    inventory = take_inventory(
        deposit, tier_entries=_tier_entries(loaded), with_digests=with_digests, jobs=jobs, on_bytes=progress.advance
    )
    personal = search_deposit(deposit, inventory, jobs=jobs)
    aim = level or claimed or default_level
    inner = look_inside(deposit, inventory, jobs=jobs)
    inventory = with_inner(inventory, inner)
    sequences = read_sequences(inventory, loaded.description.naming.pattern if loaded else None)
    inventory = name_channels(inventory, sequences)
    inner = with_records(inner, inventory)
    personal |= {one.archive: one.complete_search(personal.get(one.archive, Search())) for one in inner}
    personal |= {path: search for one in inner for path, search in one.personal.items()}
    seen = _study(
        deposit,
        inventory,
        loaded,
        aim,
        sequences=sequences,
        inner=inner,
        personal=personal,
        ontologies=ontologies,
        today=today,
    )
    checks, findings, fair = judge(seen)
    return Inspection(
        deposit=deposit,
        inventory=inventory,
        described=described,
        aim=aim,
        loaded=loaded,
        sequences=seen.sequences,
        level=seen.level,
        personal=seen.personal,
        inner=seen.inner,
        curation=seen.curation,
        fair=fair,
        curation_log=read_log(_curators_folder(deposit, described), LOG_TEXT),
        checks=checks,
        findings=findings,
    )


def _read_description(deposit: Deposit, given: Path | None) -> DescriptionFile | None:
    path = find_description(deposit.root, given) or find_description(deposit.folder)
    if path is None:
        return None
    folder = deposit.folder.resolve()
    inside = path.parent.resolve() / path.name
    place = PurePosixPath(inside.relative_to(folder)) if inside.is_relative_to(folder) else None
    if place is not None and path.is_symlink():
        raise CannotFinish(
            f"{readable_path(path)} is a symbolic link; links in a deposit are not followed. Give the file."
        )
    return DescriptionFile(path=path, content=read_description_bytes(path), place=place)


def _study(
    deposit: Deposit,
    inventory: Inventory,
    loaded: LoadedDescription | None,
    aim: PracticeLevel | None,
    *,
    sequences: SequenceReport,
    inner: tuple[InnerFiles, ...],
    personal: Mapping[PurePosixPath, Search],
    ontologies: Sequence[Path],
    today: date | None,
) -> Seen:
    """What follows from the files and their description: the practice level, the curator's questions."""
    level = assess_level(
        loaded.description if loaded else None,
        inventory,
        transformed=will_transform(inventory, inner),
        z_planes=z_planes(sequences),
        lines=loaded.lines if loaded else None,
        inner=inner,
    )
    return Seen(
        deposit=deposit,
        inventory=inventory,
        inner=inner,
        personal=personal,
        loaded=loaded,
        sequences=sequences,
        level=level,
        aim=aim,
        curation=study_curation(
            deposit, inventory, loaded=loaded, level=level, aim=aim, sequences=sequences, inner=inner
        ),
        ontologies=ontologies,
        today=today,
    )


def _tier_entries(loaded: LoadedDescription | None) -> TierEntries:
    files = loaded.description.files if loaded else ()
    return TierEntries([(one.path, one.tier) for one in files if one.path and one.tier])
