"""What a bag promises about its sequences of image files, in metadata/sequences.json."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag import __version__
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule
from confocal_bag.promises.packed import PackedBag

if TYPE_CHECKING:
    from confocal_bag.deposit.sequences import Sequence
    from confocal_bag.deposit.sequences.statement import SequencesStatement, SequenceStatement

STATEMENT = PurePosixPath("metadata/sequences.json")

_MOST_LISTED = 5
_RESTORE = "Restore the files from another copy of the bag; if they were changed on purpose, build the bag anew."


@rule("sequence.promise-broken", severity=Severity.ERROR, reference="DCN Confocal Microscopy primer: handling z-stacks")
def promise_broken(bag: PackedBag) -> Iterator[Problem]:
    """A sequence of image files is not the one that metadata/sequences.json and the readme promise.

    A plane is missing, there is a plane too many, the names number the planes otherwise, or the planes of the image
    compiled from them are not theirs. What the bag said when it was packed counts: a plane that was missing then is
    told in the readme and is no broken promise.
    """
    from confocal_bag.deposit.sequences.statement import read_statement

    if STATEMENT not in bag.payload:
        raise NotApplicable(f"the bag has no data/{STATEMENT}")
    try:
        statement = read_statement(bag.document(STATEMENT) or b"")
    except ValueError as error:
        yield Problem(
            path=f"data/{STATEMENT}",
            message=f"data/{STATEMENT} cannot be read, so no sequence was looked at: {error}.",
            remedy="Restore it from another copy of the bag.",
        )
        return
    present = {f"data/{path}" for path in (*bag.payload, *bag.elsewhere)}
    read = _read_again(statement, present)
    promised = {file.path for one in statement.sequences for file in one.files}
    for one in statement.sequences:
        lost = list(_lost(one, present))
        yield from lost
        if one.readable_by_name:
            yield from _read_otherwise(one, read, promised, version=statement.version, whole=not lost)
        yield from _other_planes(bag, one)


def _read_again(statement: "SequencesStatement", present: Collection[str]) -> Mapping[str, "Sequence"]:
    from confocal_bag.deposit.sequences.statement import read_again

    if not any(one.readable_by_name for one in statement.sequences):
        return {}
    return read_again(sorted(present), made=statement.made, pattern=statement.pattern)


def _lost(one: "SequenceStatement", present: Collection[str]) -> Iterator[Problem]:
    """Files of a sequence, and images made of it, that are gone."""
    gone = [file for file in one.files if file.path not in present]
    if gone:
        listed = _listed(f"{readable_path(file.path)} ({_place(file.coords)})" for file in gone)
        yield _broken(
            one,
            gone[0].path,
            f"{len(gone)} of {len(one.files)} files are not in the bag: {listed}",
            missing=[file.path for file in gone],
        )
    for path in (*one.compiled, *one.companions):
        if path not in present:
            yield _broken(one, path, f"{readable_path(path)}, which was made of it, is not in the bag", missing=[path])


def _read_otherwise(
    one: "SequenceStatement",
    read: Mapping[str, "Sequence"],
    promised: Collection[str],
    *,
    version: str,
    whole: bool,
) -> Iterator[Problem]:
    """Files too many in the sequence, or names that now say other places; both by the names in the bag alone."""
    found = {id(again): again for file in one.files if (again := read.get(file.path))}
    more = sorted({file.path for again in found.values() for file in again.files} - set(promised))
    if more:
        listed = _listed(map(readable_path, more))
        yield _broken(one, more[0], f"{len(more)} more than the {len(one.files)} files: {listed}", extra=more)
    elif whole:
        places = {file.path: dict(file.coordinates) for again in found.values() for file in again.files}
        odd = next((file for file in one.files if places.get(file.path) != file.coords), None)
        if odd is not None:
            now = places.get(odd.path)
            yield _broken(
                one,
                odd.path,
                f"the name of {readable_path(odd.path)} says {_place(now) if now else 'no place'}, and "
                f"{_place(odd.coords)} was promised",
                # Another version of the program may read names otherwise.
                severity=None if version == __version__ else Severity.WARNING,
            )


def _other_planes(bag: PackedBag, one: "SequenceStatement") -> Iterator[Problem]:
    """Whether the sidecars record the same planes for the loose files and for the images compiled from them."""
    loose = _digests(bag, [file.path for file in one.files])
    compiled = _digests(bag, one.compiled)
    if one.compiled and loose and compiled and loose != compiled:
        names = _listed(map(readable_path, one.compiled))
        sentence = f"the {len(compiled)} planes of {names} are not the {len(loose)} of its files, by their digests"
        yield _broken(one, one.compiled[0], sentence)


def _digests(bag: PackedBag, paths: Iterable[str]) -> list[str]:
    """The digests of all planes of some images, sorted; none where a sidecar is missing, which other rules report."""
    facts = [bag.facts.get(PurePosixPath(path).relative_to("data")) for path in paths if path.startswith("data/")]
    if not all(facts):
        return []
    return sorted(
        digest for known in facts if known for image in known.images for digest in image.plane_hashes.values()
    )


def _broken(
    one: "SequenceStatement", path: str, sentence: str, *, severity: Severity | None = None, **detail: list[str]
) -> Problem:
    name = readable_path(f"{one.folder}/{one.stem}")
    return Problem(
        path=readable_path(path),
        message=f"The sequence {name} is not the one that was packed: {sentence}.",
        remedy=_RESTORE,
        severity=severity,
        detail=detail,
    )


def _place(coordinates: Mapping[str, int | str]) -> str:
    return ", ".join(f"{axis} = {readable_path(str(value))}" for axis, value in coordinates.items())


def _listed(texts: Iterable[str]) -> str:
    found = list(texts)
    shown = ", ".join(found[:_MOST_LISTED])
    return shown if len(found) <= _MOST_LISTED else f"{shown} and {len(found) - _MOST_LISTED} more"
