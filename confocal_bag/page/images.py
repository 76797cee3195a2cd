"""The images of a deposit or bag, each as one thing to show: a series of a file, or a stack of files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.image.preview.stack import StackFile
from confocal_bag.page.run import RunFile, RunImage, RunSequence

__all__ = ["Exhibit", "exhibits"]

_NOT_OPENED = "A file of the stack is not there, is a link, or lies elsewhere; none of them is opened."


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One image. `local` is None where its file is not at hand; `record` where nobody has read its header yet.

    `series` is its index among the images of its file, `of` so many. `stack` are the files of a stack, `copies` the
    converted copies of this series, by their paths in the bag.
    """

    path: str
    local: Path | None
    tier: str
    format: str
    bytes: int
    series: int = 0
    of: int = 1
    record: RunImage | None = None
    problem: str | None = None
    stack: tuple[StackFile, ...] = ()
    copies: tuple[str, ...] = ()


def exhibits(
    files: Iterable[RunFile],
    sequences: Iterable[RunSequence],
    *,
    folder: Path | None,
    copies: Mapping[tuple[str, int], Sequence[str]] | None = None,
) -> list[Exhibit]:
    """Every image of the files, in their order; the files of a stack are one, and copies are none of their own.

    `folder` is where the paths of the files begin on this machine, None where they are not at hand.
    """
    copied = {path for paths in (copies or {}).values() for path in paths}
    kept = [one for one in files if one.path not in copied]
    known = {one.path: one for one in kept}
    stacks = {one.files[0].path: one for one in sequences if _is_stack(one, known)}
    inside = {file.path for one in stacks.values() for file in one.files}
    found: list[Exhibit] = []
    for one in kept:
        if one.path in stacks:
            found.append(_stack(stacks[one.path], known, folder))
        elif one.path not in inside:
            found.extend(_of_file(one, folder, copies or {}))
    return found


def _is_stack(sequence: RunSequence, known: Mapping[str, RunFile]) -> bool:
    """Whether the files are planes of one image: more than one, each of them there and with one image."""
    return len(sequence.files) > 1 and all(
        file.path in known and len(known[file.path].images) == 1 for file in sequence.files
    )


def _stack(sequence: RunSequence, known: Mapping[str, RunFile], folder: Path | None) -> Exhibit:
    members = [known[file.path] for file in sequence.files]
    first, places = members[0], [_local(file.path, folder) for file in sequence.files]
    stack = tuple(
        StackFile(path=place, coordinates=dict(file.coords))
        for file, place in zip(sequence.files, places, strict=True)
        if place
    )
    is_whole = len(stack) == len(members)
    return Exhibit(
        path=sequence.stem,
        local=places[0] if is_whole else None,
        tier=first.tier,
        format=f"{first.format.name}, {len(members)} files",
        bytes=sum(one.bytes for one in members),
        record=_stack_record(sequence, first.images[0]),
        problem=None if is_whole or folder is None else _NOT_OPENED,
        stack=stack if is_whole else (),
    )


def _stack_record(sequence: RunSequence, first: RunImage) -> RunImage:
    """What the first file records, with the axes that the names number."""
    axes = {axis: len({file.coords.get(axis) for file in sequence.files}) for axis in sequence.files[0].coords}
    planar = {axis: size for axis, size in first.axes.items() if axis in "YXS"}
    return first.model_copy(update={"axes": {**axes, **planar}, "dimensions": "", "name": "", "series": 0})


def _of_file(one: RunFile, folder: Path | None, copies: Mapping[tuple[str, int], Sequence[str]]) -> Iterator[Exhibit]:
    for image in one.images:
        yield Exhibit(
            path=one.path,
            local=_local(one.path, folder),
            tier=one.tier,
            format=one.format.name,
            bytes=one.bytes,
            series=image.series,
            of=len(one.images),
            record=image,
            copies=tuple(copies.get((one.path, image.series), ())),
        )
    if one.image_problem:
        yield Exhibit(
            path=one.path, local=None, tier=one.tier, format=one.format.name, bytes=one.bytes, problem=one.image_problem
        )


def _local(path: str, folder: Path | None) -> Path | None:
    """Where a regular file lies; nothing outside the folder, and no link, is ever opened for a picture."""
    if folder is None or "!/" in path:
        return None
    place = folder / path
    try:
        inside = place.resolve().is_relative_to(folder.resolve())
        return place if inside and place.is_file() and not place.is_symlink() else None
    except OSError:
        return None
