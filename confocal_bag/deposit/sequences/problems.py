"""What is odd about the sequences of a deposit: one `SequenceProblem` for each thing a curator should look at."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from confocal_bag.deposit.sequences import spelling
from confocal_bag.deposit.sequences.filenames import FileName, Kind, folded, readable_pair
from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.lone import is_whole_image
from confocal_bag.deposit.sequences.model import Confidence, FileFacts, Sequence, SequenceProblem
from confocal_bag.deposit.sequences.planes import find_plane_problems, listed_place
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.words import ORDERED_AXES
from confocal_bag.findings import readable_path

__all__ = ["Found", "find_problems"]


_ANY_MEANING = "z, time, channel or position"


@dataclass(frozen=True, slots=True)
class Found:
    """A sequence as reported, with the group it was made from."""

    sequence: Sequence
    group: Group

    @property
    def first(self) -> str:
        """The first file, the one a finding points at."""
        return self.sequence.files[0].path


def find_problems(
    names: list[FileName], found: list[Found], alone: list[Entry], facts: Mapping[str, FileFacts]
) -> Iterator[SequenceProblem]:
    """Every problem that names show, in a settled order. `facts` tell of a lone plane whether it is the whole image."""
    yield from _in_paths(names)
    for one in found:
        yield from _in_copies(one)
        if len(one.sequence.files) == 1:
            if not is_whole_image(one.sequence, facts.get(one.first)):
                yield _single_plane(one)
            continue
        yield from find_plane_problems(one.sequence)
        yield from spelling.find_spellings(one.sequence, one.group)
        yield from _unnamed(one)
    yield from _strays(found, alone)
    yield from _different_bases(found)
    yield from _parallel_copies(found)


def _in_paths(names: list[FileName]) -> Iterator[SequenceProblem]:
    """Litter, decomposed characters, and names that are one name on another system."""
    first: dict[str, str] = {}
    same: dict[str, list[str]] = {}
    for name in names:
        key = folded(name.path)
        if (before := first.setdefault(key, name.path)) is not name.path:
            same.setdefault(key, [before]).append(name.path)
        if name.kind is Kind.JUNK:
            yield SequenceProblem(
                code="junk-file",
                path=name.path,
                message=f"{readable_path(name.path)} is operating-system litter.",
                remedy="Leave it out of the bag.",
            )
        if not name.path.isascii() and normalize("NFC", name.path) != name.path:
            yield SequenceProblem(
                code="unicode-form",
                path=name.path,
                message=f"{readable_path(name.path)} uses decomposed characters.",
                remedy="Rename it with composed characters (Unicode form NFC), or note the form in the readme.",
            )
    for paths in same.values():
        one, other = sorted(paths)[:2]
        yield SequenceProblem(
            code="case-conflict",
            path=one,
            message=f"{readable_pair(one, other)} overwrite each other on Windows and macOS.",
            remedy="Ask the depositor which one counts and rename the other.",
            detail={"paths": sorted(paths)},
        )


def _in_copies(one: Found) -> Iterator[SequenceProblem]:
    for entry in one.group.entries:
        if entry.copy_mark:
            yield SequenceProblem(
                code="copy-suffix",
                path=entry.name.path,
                message=f"{readable_path(entry.name.path)} looks like a copy.",
                remedy="Compare it with the original; keep one of them.",
                detail={"mark": entry.copy_mark.strip()},
            )


def _single_plane(one: Found) -> SequenceProblem:
    return SequenceProblem(
        code="single-plane",
        path=one.first,
        message=f"{readable_path(one.first)} names plane {listed_place(one.sequence.files[0].coordinates)}, "
        "but no other plane is here.",
        remedy="Ask the depositor for the other planes, or why there is only one.",
        detail={"coordinates": dict(one.sequence.files[0].coordinates)},
    )


def _unnamed(one: Found) -> Iterator[SequenceProblem]:
    """Numbers that no word explains."""
    counters = [axis for axis in one.sequence.varying if axis.startswith("N")]
    meanings = [meaning for axis in counters if (meaning := one.group.axes[axis].ambiguous)]
    first = readable_path(one.first)
    if len(counters) > 1 or meanings:
        yield SequenceProblem(
            code="ambiguous-axis",
            path=one.first,
            message=f"What do the numbers in {first} mean? {meanings[0] if meanings else _ANY_MEANING}?",
            remedy="Ask the depositor, and write the answer into the readme.",
            detail={"axes": counters, "meanings": meanings},
        )
    elif counters:
        yield SequenceProblem(
            code="unnamed-axis",
            path=one.first,
            message=f"The name {first} does not say whether the number is z, time or something else.",
            remedy="Ask the depositor, and write the answer into the readme.",
            detail={"axis": counters[0]},
        )


def _strays(found: list[Found], alone: list[Entry]) -> Iterator[SequenceProblem]:
    """Images beside a sequence that belong to none; beside plain counters only where most images count."""
    lonely = Counter(entry.name.folder for entry in alone if entry.name.kind is Kind.IMAGE)
    sure: set[str] = set()
    counted: Counter[str] = Counter()
    for one in found:
        folders = [entry.name.folder for entry in one.group.entries] if len(one.sequence.files) > 1 else []
        counted.update(folders)
        if one.sequence.confidence is not Confidence.GUESS:
            sure.update(folders)
    for entry in alone:
        folder = entry.name.folder
        # A pair of numbered figures does not make strays of the many beside it.
        counts = counted[folder] >= lonely[folder] if folder in sure else counted[folder] > lonely[folder]
        if entry.name.kind is Kind.IMAGE and counts:
            yield SequenceProblem(
                code="stray-file",
                path=entry.name.path,
                message=f"{readable_path(entry.name.path)} belongs to no sequence.",
                remedy="Put it into the tier it belongs to; projections and montages are processed data.",
            )


def _different_bases(found: list[Found]) -> Iterator[SequenceProblem]:
    """The same ordered axis starts at 0 in one sequence and at 1 in another."""
    for axis in (axis for axis in ORDERED_AXES if axis != "L"):
        starts: dict[int | str, Sequence] = {}
        for one in found:
            if axis in one.sequence.varying:
                starts.setdefault(one.sequence.axes[axis].first, one.sequence)
        if 0 in starts and 1 in starts:
            zero, unit = starts[0], starts[1]
            yield SequenceProblem(
                code="base-differs",
                path=unit.files[0].path,
                message=f"{axis} starts at 0 in {readable_path(zero.files[0].path)} "
                f"and at 1 in {readable_path(unit.files[0].path)}.",
                remedy="Ask the depositor whether the first planes are the same plane.",
                detail={"axis": axis},
            )


def _parallel_copies(found: list[Found]) -> Iterator[SequenceProblem]:
    """The same planes under the same names in two formats."""
    namesakes: dict[tuple[object, ...], list[Found]] = {}
    for one in found:
        if len(one.sequence.files) > 1:
            namesakes.setdefault((folded(one.sequence.stem), one.group.entries[0].words), []).append(one)
    twins: dict[tuple[object, ...], list[Found]] = {}
    for name, alike in namesakes.items():
        for one in alike if len(alike) > 1 else ():
            planes = frozenset(tuple(file.coordinates.items()) for file in one.sequence.files)
            twins.setdefault((name, planes), []).append(one)
    for same in twins.values():
        formats = {one.group.entries[0].name.extension.lower(): one for one in same}
        if len(formats) > 1:
            first, second = (formats[extension] for extension in sorted(formats)[:2])
            yield SequenceProblem(
                code="parallel-copy",
                path=second.first,
                message=f"{readable_path(first.first)} and {readable_path(second.first)} begin two sequences "
                "that hold the same planes.",
                remedy="Keep the original format in the raw tier and the other in the transformed tier.",
                detail={"extensions": sorted(formats)},
            )
