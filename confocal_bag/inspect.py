"""Deposit in, everything that can be said of it out: files, tiers, sequences, description, level, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from confocal_bag.deposit.access import check_access
from confocal_bag.deposit.container_rules import check_containers
from confocal_bag.deposit.curation.log import LOG_TEXT, read_log
from confocal_bag.deposit.curation.rules import check_curation
from confocal_bag.deposit.curation.study import CurationStudy, study_curation
from confocal_bag.deposit.description.file import LoadedDescription, decode_description, read_description_bytes
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.description.terms import untested_terms
from confocal_bag.deposit.description.written_terms import terms_at_hand
from confocal_bag.deposit.exports.readme import summarize_dimensions
from confocal_bag.deposit.fair import FairResult, FairView, check_fair
from confocal_bag.deposit.image_rules import check_images
from confocal_bag.deposit.inner_files import InnerFiles, look_inside
from confocal_bag.deposit.inventory import FileRecord, Inventory, take_inventory
from confocal_bag.deposit.levels.assess import LevelAssessment, assess_level, check_level
from confocal_bag.deposit.ontology.table import shipped_terms
from confocal_bag.deposit.privacy import check_gate, check_privacy, search_deposit
from confocal_bag.deposit.rules import check_deposit
from confocal_bag.deposit.sequences import FileFacts, SequenceReport, as_json, check_sequences, find_sequences
from confocal_bag.deposit.source import Deposit, open_deposit
from confocal_bag.deposit.tiers import TierEntries
from confocal_bag.findings import CannotFinish, Check, Finding, Report, readable_path
from confocal_bag.image.privacy import Search
from confocal_bag.image.privacy.withhold import withheld_fields
from confocal_bag.image.record import ImageRecord
from confocal_bag.progress import SILENT, Progress
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = ["DescriptionFile", "Inspection", "find_description", "inspect_deposit", "is_convertible", "work_folder"]

#: Sequence rules that repeat, for images, what rules about the deposit say of all files.
_SAID_OF_EVERY_FILE = ("sequence.case-conflict", "sequence.junk-file")


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionFile:
    """A description as it was read, once; `place` is its path in the deposit, None when it lies elsewhere."""

    path: Path
    content: bytes
    place: PurePosixPath | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that was found out about a deposit.

    `described` is None when nobody has described it yet; `aim` is the practice level it was judged by, if any.
    `personal` holds what each file records of people, `inner` what its zip files hold, `curation` the answers to the
    primer's decision tree and key questions, `fair` the FAIR checklist, `curation_log` what the curators did, None
    where nobody has written one.
    """

    deposit: Deposit
    inventory: Inventory
    described: "DescriptionFile | None"
    aim: PracticeLevel | None
    loaded: LoadedDescription | None
    sequences: SequenceReport
    level: LevelAssessment
    personal: Mapping[PurePosixPath, Search]
    inner: tuple[InnerFiles, ...]
    curation: CurationStudy
    fair: tuple[FairResult, ...]
    curation_log: bytes | None
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    def report(self, subject: str) -> Report:
        """The inspection as a report, with the keys that `inspect --format json` promises."""
        sequences = as_json(self.sequences)
        return Report(
            command="inspect",
            subject=subject,
            checks=self.checks,
            findings=self.findings,
            summary=_summary(self.inventory),
            extra={
                "files": [_file(record) for record in self.inventory.files],
                "inner_files": [_file(record) for one in self.inner for record in one.images],
                "left_out": [{"path": str(one.path), "reason": one.reason} for one in self.inventory.left_out],
                **sequences,
                "level": self.level_document,
                **self.curation.as_document(),
                "fair": self.fair_document,
            },
        )

    def withheld(self, record: FileRecord) -> list[str]:
        """The fields of an image's header that sidecars and converted copies leave out, by their paths."""
        search = self.personal.get(record.path)
        return withheld_fields(search.fields) if search and record.images else []

    @property
    def fair_document(self) -> list[Mapping[str, Any]]:
        """The FAIR checklist, as values that JSON can hold."""
        return [one.as_document() for one in self.fair]

    @property
    def level_document(self) -> Mapping[str, Any]:
        """The level that is reached, and what each level still needs, as values that JSON can hold."""
        return {
            "reached": self.level.reached.value if self.level.reached else None,
            "missing": {
                level.value: [
                    {"field": one.field, "fields": list(one.fields), "message": one.message, "remedy": one.remedy}
                    for one in missing
                ]
                for level, missing in self.level.missing.items()
            },
        }


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
    jobs: int = 2,
    progress: Progress = SILENT,
) -> Inspection:
    """Look at everything in the folder `path` without changing any of it.

    `level` is the practice level to judge by; without it the one deposit.yaml claims, else `default_level`.
    `ontologies` are OBO files against which the terms of the description are tested. `jobs` files are looked at at
    once. Raises `CannotFinish` when there is nothing to inspect.
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
    return _study(deposit, inventory, described, loaded, aim, personal=personal, ontologies=ontologies)


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
    described: DescriptionFile | None,
    loaded: LoadedDescription | None,
    aim: PracticeLevel | None,
    *,
    personal: Mapping[PurePosixPath, Search],
    ontologies: Sequence[Path] = (),
) -> Inspection:
    pattern = loaded.description.naming.pattern if loaded else None
    inner = look_inside(deposit, inventory)
    sequences = _sequences(inventory, inner, pattern)
    assessment = assess_level(
        loaded.description if loaded else None,
        inventory,
        transformed=will_transform(inventory),
        z_planes=z_planes(sequences),
        lines=loaded.lines if loaded else None,
    )
    results = [check_deposit(deposit, inventory), check_images(deposit, inventory), _of_sequences(sequences)]
    results.append(check_containers(deposit, inventory, inner))
    privacy = check_privacy(inventory, personal, loaded.description if loaded else None)
    results.append(privacy)
    known = shipped_terms()
    if loaded:
        results.append(check_gate(loaded, privacy[1]))
        known = terms_at_hand(loaded.description, ontologies)
        results.append(check_description(loaded, inventory, known))
        results.append(check_access(loaded, inventory))
    results.append(check_level(assessment, claimed=aim))
    curation = study_curation(
        deposit, inventory, loaded=loaded, level=assessment, aim=aim, sequences=sequences, inner=inner
    )
    results.append(check_curation(curation))
    view = FairView(
        loaded=loaded,
        inventory=inventory,
        level=assessment,
        findings=tuple(finding for _, findings in results for finding in findings),
        untested_terms=untested_terms(loaded.description, known) if loaded else (),
    )
    checks, findings, fair = check_fair(view)
    results.append((checks, findings))
    return Inspection(
        deposit=deposit,
        inventory=inventory,
        described=described,
        aim=aim,
        loaded=loaded,
        sequences=sequences,
        level=assessment,
        personal=personal,
        inner=inner,
        curation=curation,
        fair=fair,
        curation_log=read_log(_curators_folder(deposit, described), LOG_TEXT),
        checks=tuple(check for checks, _ in results for check in checks),
        findings=tuple(finding for _, findings in results for finding in findings),
    )


def _sequences(inventory: Inventory, inner: Sequence[InnerFiles], pattern: str | None) -> SequenceReport:
    """The sequences of the deposit, with those of images inside its zip files (scans.zip!/stack_z01.tif)."""
    records = [*inventory.files, *(record for one in inner for record in one.images)]
    paths = [str(one.path) for one in records if one.format.id != "zarr-part"]
    return find_sequences(paths, facts=_file_facts(records), pattern=pattern)


def z_planes(sequences: SequenceReport) -> frozenset[PurePosixPath]:
    """The files that are planes of a z-stack by their names."""
    stacks = (one for one in sequences.sequences if "Z" in one.axes and one.axes["Z"].count > 1)
    return frozenset(PurePosixPath(file.path) for stack in stacks for file in stack.files)


def _of_sequences(sequences: SequenceReport) -> tuple[list[Check], list[Finding]]:
    """What the sequence rules say beyond what the deposit's own rules say of every file."""
    checks, findings = check_sequences(sequences)
    kept = [finding for finding in findings if finding.rule not in _SAID_OF_EVERY_FILE]
    return [check for check in checks if check.rule not in _SAID_OF_EVERY_FILE], kept


def will_transform(inventory: Inventory) -> bool:
    """Whether a bag of this deposit will have a transformed tier: files for it, or raw images to convert."""
    return any(record.tier is Tier.TRANSFORMED or is_convertible(record) for record in inventory.files)


def is_convertible(record: FileRecord) -> bool:
    """Whether a build converts this file: a raw image in the microscope's own format that can be read."""
    return record.tier is Tier.RAW and not record.format.open and bool(record.images)


def _tier_entries(loaded: LoadedDescription | None) -> TierEntries:
    files = loaded.description.files if loaded else ()
    return TierEntries([(one.path, one.tier) for one in files if one.path and one.tier])


def _file_facts(records: Sequence[FileRecord]) -> dict[str, FileFacts]:
    """Header facts of the files that hold one image, to confirm or contradict what the names say."""
    alone = [record for record in records if len(record.images) == 1 and record.set_head is None]
    return {str(record.path): _facts(record.images[0]) for record in alone}


def _facts(image: ImageRecord) -> FileFacts:
    names = [name for name in image.axes if name != "S"]
    pages = 1
    for name in names[:-2]:
        pages *= image.axes[name]
    return FileFacts(
        pages=pages,
        width=image.axes[names[-1]],
        height=image.axes[names[-2]],
        samples=image.axes.get("S", 1),
        dtype=image.dtype,
    )


def _summary(inventory: Inventory) -> Mapping[str, Any]:
    tiers = {tier.value: sum(record.tier is tier for record in inventory.files) for tier in Tier}
    return {
        "files": len(inventory.files),
        "bytes": sum(record.bytes for record in inventory.files),
        "images": sum(len(record.images) for record in inventory.files),
        "left_out": len(inventory.left_out),
        "tiers": tiers,
    }


def _file(record: FileRecord) -> Mapping[str, Any]:
    known = record.format
    return {
        "path": readable_path(record.path),
        "bytes": record.bytes,
        "sha256": record.digests.get("sha256"),
        "format": {"name": known.name, "puid": known.puid, "edam": known.edam, "mime": known.mime, "open": known.open},
        "tier": record.tier.value,
        "tier_reason": record.tier_reason,
        "images": [_image(image) for image in record.images],
        "image_problem": record.image_problem,
        "part_of": readable_path(record.set_head) if record.set_head not in (None, record.path) else None,
    }


def _image(image: ImageRecord) -> Mapping[str, Any]:
    return {**asdict(image), "axes": dict(image.axes), "dimensions": summarize_dimensions(image)}
