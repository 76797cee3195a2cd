"""What is odd about the planes of one sequence: duplicates, missing planes, holes, steps, late starts."""

from collections.abc import Iterable, Iterator, Mapping

from confocal_bag.deposit.sequences.filenames import readable_pair
from confocal_bag.deposit.sequences.grid import missing_places, missing_values, starts_shifted, steps
from confocal_bag.deposit.sequences.model import Sequence, SequenceProblem
from confocal_bag.findings import readable_path

__all__ = ["find_plane_problems", "listed_place"]

_EXAMPLES = 5
_UNORDERED_AXES = ("C", "P", "M", "W", "X", "Y", "R", "A", "V")


def find_plane_problems(sequence: Sequence) -> Iterator[SequenceProblem]:
    """Problems of the grid that the files of a sequence form."""
    yield from _duplicates(sequence)
    yield from _in_grid(sequence)
    for axis in sequence.varying:
        yield from _in_axis(sequence, axis)


def _duplicates(sequence: Sequence) -> Iterator[SequenceProblem]:
    first: dict[tuple[int | str, ...], str] = {}
    claims: dict[tuple[int | str, ...], list[str]] = {}
    for file in sequence.files:
        place = tuple(file.coordinates.values())
        if (before := first.setdefault(place, file.path)) is not file.path:
            claims.setdefault(place, [before]).append(file.path)
    for place, paths in claims.items():
        where = listed_place(dict(zip(sequence.axes, place, strict=True)))
        yield SequenceProblem(
            code="duplicate-index",
            path=paths[1],
            message=f"{readable_pair(*paths[:2])} both claim {where}.",
            remedy="Compare the two and keep one.",
            detail={"paths": paths},
        )


def _in_grid(sequence: Sequence) -> Iterator[SequenceProblem]:
    absent, examples = missing_places(sequence, most=_EXAMPLES)
    if not absent:
        return
    for axis in sequence.varying:
        starts = starts_shifted(sequence, axis)
        if starts is not None:
            (x, one), (y, other) = sorted(starts.items(), key=lambda item: str(item[0]))[:2]
            yield SequenceProblem(
                code="start-index-mismatch",
                path=sequence.files[0].path,
                message=f"{axis} starts at {x} for {listed_place(one[0])} and at {y} for {listed_place(other[0])}: "
                "planes with the same number may not match.",
                remedy="Ask the depositor which planes belong together.",
                detail={"axis": axis, "starts": sorted(starts, key=str)},
            )
            return
    total = absent + len({tuple(file.coordinates.items()) for file in sequence.files})
    yield SequenceProblem(
        code="missing-plane",
        path=sequence.files[0].path,
        message=f"{_name_of(sequence)}: {absent} of {total} planes are missing, e.g. {listed_place(examples[0])}.",
        remedy="Ask the depositor for the missing planes, or why they were not acquired.",
        detail={"missing": absent, "expected": total, "examples": examples},
    )


def _in_axis(sequence: Sequence, axis: str) -> Iterator[SequenceProblem]:
    """Holes, steps and late starts of one axis with numbers."""
    extent = sequence.axes[axis]
    differences = steps(extent)
    if not differences:
        return
    path, stem = sequence.files[0].path, _name_of(sequence)
    if axis in _UNORDERED_AXES or axis in sequence.irregular:
        if max(differences) > 1:
            yield SequenceProblem(
                code="sparse-axis",
                path=path,
                message=f"{stem}: {axis} values present: {_listed(extent.values)}.",
                detail={"axis": axis, "values": list(extent.values[:100])},
            )
        return
    if len(set(differences)) > 1:
        holes = missing_values(extent, most=100)
        yield SequenceProblem(
            code="gap",
            path=path,
            message=f"{stem}: {axis} index {_listed(holes)} is missing in every file; "
            f"every step between {extent.first} and {extent.last} was expected to be equal.",
            remedy="Ask the depositor for the missing planes, or whether they were left out on purpose.",
            detail={"axis": axis, "missing": holes},
        )
    elif differences[0] > 1:
        yield SequenceProblem(
            code="non-unit-step",
            path=path,
            message=f"{stem}: {axis} counts in steps of {differences[0]}.",
            detail={"axis": axis, "step": differences[0]},
        )
    if axis != "L" and extent.first not in (0, 1):
        yield SequenceProblem(
            code="late-start",
            path=path,
            message=f"{stem}: {axis} starts at {extent.first}. Were planes cropped?",
            remedy="Ask the depositor whether this is part of a longer stack.",
            detail={"axis": axis, "first": extent.first},
        )


def _name_of(sequence: Sequence) -> str:
    """The text that the names share; where they share none, the first of them."""
    return readable_path(sequence.stem) if sequence.stem else f"{readable_path(sequence.files[0].path)} and its like"


def _listed(values: Iterable[int | str]) -> str:
    shown = [str(value) for value in values]
    return ", ".join(shown[:_EXAMPLES]) + (f" and {len(shown) - _EXAMPLES} more" if len(shown) > _EXAMPLES else "")


def listed_place(coordinates: Mapping[str, int | str]) -> str:
    """Coordinates as a reader takes them: "C 1, Z 4"."""
    return ", ".join(f"{axis} {value}" for axis, value in coordinates.items())
