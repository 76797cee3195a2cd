"""Which stacks of a deposit become one image in the bag, where that image lies, and which stay loose files, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from confocal_bag.deposit.image_rules import difference_in
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.sequences import Confidence, Sequence, SequenceFile, SequenceReport
from confocal_bag.deposit.sequences.override import names_counter
from confocal_bag.deposit.tiers import folded
from confocal_bag.findings import RULES, Severity, readable_path
from confocal_bag.image.companion import COMPANION_SUFFIX
from confocal_bag.image.file_names import safe_stem
from confocal_bag.image.tiff_structure import TIFF_FORMATS
from confocal_bag.inspect import Inspection
from confocal_bag.stacks.model import LooseSequence, PlannedStack, StackMode, StackPlan, name_of, shared_folder
from confocal_bag.vocabulary import Tier

__all__ = ["RESULT_SUFFIX", "plan_stacks", "stated_sequences"]

#: Places in space, from the slowest to the fastest: images at different places are images of their own.
_PLACES = ("W", "P", "M", "Y", "X")
#: Companion files of planes in the raw tier, to which nothing is added.
_COMPANIONS = PurePosixPath("metadata/companion")
_IMAGE_TIERS = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)
#: How the name of a compiled stack ends.
RESULT_SUFFIX = ".ome.tiff"


def plan_stacks(
    inspection: Inspection,
    places: Mapping[PurePosixPath, PurePosixPath],
    mode: StackMode,
    *,
    reserved: Iterable[PurePosixPath],
) -> StackPlan:
    """What to make of each sequence; `places` says where each file goes below data/, `reserved` what is taken there."""
    taken = {folded(path) for path in (*reserved, *places.values())}
    records = {str(record.path): record for record in inspection.inventory.files}
    stacks: list[PlannedStack] = []
    loose: list[LooseSequence] = []
    for sequence in inspection.sequences.sequences:
        if not _is_of_images(sequence, records):
            continue
        if any(records[file.path].tier not in _IMAGE_TIERS for file in sequence.files if file.path in records):
            continue
        reason = _obstacle(inspection, sequence, records)
        if reason is not None:
            loose.append(LooseSequence(name=name_of(sequence), path=sequence.files[0].path, reason=reason))
            continue
        for part in _by_place(sequence):
            if len(part.files) > 1:
                stacks.append(_planned(part, places, records, mode, taken))
    asked = mode is not StackMode.KEEP
    return StackPlan(stacks=tuple(one for one in stacks if one.made), loose=tuple(loose) if asked else ())


def stated_sequences(found: SequenceReport, places: Mapping[PurePosixPath, PurePosixPath]) -> list[Sequence]:
    """The sequences of several files, all of them in the bag."""
    return [
        one
        for one in found.sequences
        if len(one.files) > 1 and all(PurePosixPath(file.path) in places for file in one.files)
    ]


def _is_of_images(sequence: Sequence, records: Mapping[str, FileRecord]) -> bool:
    """Whether several files that are images by themselves make it up, here or in a zip file."""
    if len(sequence.files) < 2 or not sequence.varying:
        return False
    known = [records[file.path] for file in sequence.files if file.path in records]
    if len(known) < len(sequence.files):
        return not known
    return any(one.images for one in known) and all(one.set_head in (None, one.path) for one in known)


def _obstacle(inspection: Inspection, sequence: Sequence, records: Mapping[str, FileRecord]) -> str | None:
    """Why no image can be made of a sequence with certainty; None where it can."""
    paths = {file.path for file in sequence.files}
    if not paths <= records.keys():
        return "it lies in a zip file, which is kept as it was received"
    unread = [path for path in sorted(paths) if len(records[path].images) != 1]
    if unread:
        return f"{readable_path(unread[0])} is not a file of one image that can be read"
    different = difference_in([records[file.path] for file in sequence.files])
    return different or _uncertainty(inspection, sequence, paths)


def _uncertainty(inspection: Inspection, sequence: Sequence, paths: set[str]) -> str | None:
    """What the names leave open of a sequence of these files; None where they are clear."""
    for problem in inspection.sequences.problems:
        blocking = RULES[f"sequence.{problem.code}"].severity is Severity.ERROR or problem.code == "ambiguous-axis"
        if blocking and (problem.path in paths or not paths.isdisjoint(problem.detail.get("paths", ()))):
            return problem.message.rstrip(".")
    if sequence.irregular:
        return f"its numbers for {', '.join(sequence.irregular)} are no regular steps"
    pattern = inspection.loaded.description.naming.pattern if inspection.loaded else None
    if any(axis.startswith("N") for axis in sequence.varying) and not (pattern and names_counter(pattern)):
        return "what its numbers mean is not known"
    if sequence.confidence is Confidence.GUESS:
        return "what its names mean is only guessed"
    return None


def _by_place(sequence: Sequence) -> Iterator[Sequence]:
    """The sequence at each place in space, as sequences of their own."""
    axes = [axis for axis in _PLACES if axis in sequence.varying]
    groups: dict[tuple[int | str, ...], list[SequenceFile]] = {}
    for file in sequence.files:
        groups.setdefault(tuple(file.coordinates[axis] for axis in axes), []).append(file)
    for place, files in groups.items():
        where = "".join(f"_{axis}{value}" for axis, value in zip(axes, place, strict=True))
        yield replace(sequence, stem=f"{name_of(sequence)}{where}", files=tuple(files)) if where else sequence


def _planned(
    part: Sequence,
    places: Mapping[PurePosixPath, PurePosixPath],
    records: Mapping[str, FileRecord],
    mode: StackMode,
    taken: set[str],
) -> PlannedStack:
    members = tuple(places[PurePosixPath(file.path)] for file in part.files)
    folder, stem = shared_folder(members), name_of(part)
    companion = result = None
    if mode is not StackMode.COMPILE and _may_have_companion(part, members, records):
        beside = folder if folder.parts[0] != Tier.RAW else _COMPANIONS / folder
        companion = _free(beside, stem, COMPANION_SUFFIX, taken)
    if mode is not StackMode.KEEP:
        tier = Tier.PROCESSED if folder.parts[0] == Tier.PROCESSED else Tier.TRANSFORMED
        result = _free(PurePosixPath(tier.value, *folder.parts[1:]), stem, RESULT_SUFFIX, taken)
    first = records[part.files[0].path].images[0]
    return PlannedStack(sequence=part, members=members, first=first, companion=companion, result=result)


def _may_have_companion(part: Sequence, members: tuple[PurePosixPath, ...], records: Mapping[str, FileRecord]) -> bool:
    """Whether a companion file can speak of the planes: open TIFFs in one folder, under names that XML can hold."""
    return (
        len({path.parent for path in members}) == 1
        and all(path.name.isprintable() for path in members)
        and all(known.open and known.id in TIFF_FORMATS for known in (records[one.path].format for one in part.files))
    )


def _free(folder: PurePosixPath, stem: str, suffix: str, taken: set[str]) -> PurePosixPath:
    """A name that no file has, and that is taken then."""
    number = 1
    while folded(path := folder / f"{safe_stem(stem if number == 1 else f'{stem}-{number}')}{suffix}") in taken:
        number += 1
    taken.add(folded(path))
    return path
