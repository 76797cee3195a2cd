"""Confirm sequences by what the file headers say."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.model import (
    Confidence,
    FileFacts,
    Sequence,
    SequenceFile,
    SequenceProblem,
)
from confocal_bag.deposit.sequences.problems import Found
from confocal_bag.findings import readable_path

__all__ = ["compare_headers", "name_counter"]

_DECLARED: tuple[tuple[str, Callable[[FileFacts], int | None]], ...] = (
    ("Z", lambda fact: fact.size_z),
    ("T", lambda fact: fact.size_t),
    ("C", lambda fact: fact.size_c),
)


def compare_headers(sequence: Sequence, facts: Mapping[str, FileFacts]) -> Iterator[SequenceProblem]:
    """Members that differ in shape or pixel type, and headers that contradict the names."""
    known = [(file.path, facts[file.path]) for file in sequence.files if file.path in facts]
    if len(sequence.files) > 1:
        yield from _odd_ones("mixed-shape", known, _shape, "Check whether the file belongs to this sequence.")
        yield from _odd_ones("mixed-dtype", known, lambda fact: fact.dtype, "Ask which files hold the original pixels.")
    for path, fact in known:
        found = _contradiction(sequence, path, fact)
        if found is not None:
            yield found
            return


def _shape(fact: FileFacts) -> str | None:
    if fact.width is None or fact.height is None:
        return None
    return f"{fact.width} x {fact.height} pixels, {fact.samples or 1} sample(s), {fact.pages or 1} page(s)"


def _odd_ones(
    code: str, known: list[tuple[str, FileFacts]], say: Callable[[FileFacts], str | None], remedy: str
) -> Iterator[SequenceProblem]:
    """One problem when files say different things, naming a file of the smaller party."""
    said = [(path, text) for path, fact in known if (text := say(fact)) is not None]
    counts = Counter(text for _, text in said)
    if len(counts) < 2:
        return
    usual = min(counts, key=lambda text: (-counts[text], text))
    odd = [(path, text) for path, text in said if text != usual]
    path, text = odd[0]
    yield SequenceProblem(
        code=code,
        path=path,
        message=f"{readable_path(path)} is {text}, most others are {usual}.",
        remedy=remedy,
        detail={"odd": [path for path, _ in odd[:100]], "counts": dict(counts)},
    )


def _contradiction(sequence: Sequence, path: str, fact: FileFacts) -> SequenceProblem | None:
    """One file that holds more than its name says, or a declared size that is not the number of files."""
    varying = sequence.varying
    pages = fact.pages or 1
    if pages > 1:
        explained = 1
        for axis, size in _DECLARED:
            if axis not in varying:
                explained *= size(fact) or 1
        inside = [axis for axis, size in _DECLARED if axis in varying and (size(fact) or 1) > 1]
        if inside or ("Z" in varying and pages > explained):
            axis = inside[0] if inside else "Z"
            return _mismatch(
                path, 1, pages, f"{readable_path(path)} holds {pages} pages, its name says one {axis} plane"
            )
        return None
    for axis, size in _DECLARED:
        declared = size(fact)
        if axis in varying and declared is not None and declared > 1 and declared != sequence.axes[axis].count:
            count = sequence.axes[axis].count
            return _mismatch(path, count, declared, f"Names show {count} {axis} planes, metadata declares {declared}")
    sizes = [value for _, size in _DECLARED if (value := size(fact)) is not None and value > 1]
    if varying == ("N",) and len(sizes) == 1 and sizes[0] != sequence.axes["N"].count:
        count = sequence.axes["N"].count
        return _mismatch(path, count, sizes[0], f"Names show {count} planes, metadata declares {sizes[0]}")
    return None


def _mismatch(path: str, named: int, declared: int, sentence: str) -> SequenceProblem:
    return SequenceProblem(
        code="metadata-mismatch",
        path=path,
        message=f"{sentence}.",
        remedy="Ask the depositor what the number in the name stands for, and whether planes are missing.",
        detail={"names": named, "metadata": declared},
    )


def name_counter(found: Found, facts: Mapping[str, FileFacts]) -> Found:
    """Call a plain counter Z or T when every header declares exactly that size, and only for one of the two."""
    sequence = found.sequence
    if sequence.varying != ("N",):
        return found
    known = [facts.get(file.path) for file in sequence.files]
    count = sequence.axes["N"].count
    fits = {
        axis
        for axis in ("Z", "T")
        if all(fact is not None and fact.pages == 1 and dict(_DECLARED)[axis](fact) == count for fact in known)
    }
    if len(fits) != 1 or fits & sequence.axes.keys():
        return found
    return _renamed(found, fits.pop())


def _renamed(found: Found, axis: str) -> Found:
    old = found.sequence
    names = {name: axis if name == "N" else name for name in old.axes}
    sequence = replace(
        old,
        axes={names[name]: extent for name, extent in old.axes.items()},
        confidence=Confidence.STRUCTURE,
        files=tuple(
            SequenceFile(path=file.path, coordinates={names[n]: v for n, v in file.coordinates.items()})
            for file in old.files
        ),
    )
    axes = {names[name]: column for name, column in found.group.axes.items()}
    return Found(sequence, Group(found.group.entries, axes, Confidence.STRUCTURE))
