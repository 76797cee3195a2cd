"""Everything a page says of one run."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import pairwise
from pathlib import Path

from confocal_bag.findings import CannotFinish
from confocal_bag.page.at_hand import AtHand, bag_at_hand, deposit_at_hand
from confocal_bag.page.described import describe_payload, sequences_of
from confocal_bag.page.grid import Grid, draw_grid
from confocal_bag.page.images import Exhibit, exhibits
from confocal_bag.page.kept import Kept, read_kept
from confocal_bag.page.pictures import MOST_PICTURE_BYTES, MOST_PICTURES, Gallery, hang
from confocal_bag.page.proof import ProofRow, prove_planes
from confocal_bag.page.run import Run, RunFile, RunSequence
from confocal_bag.page.unlisted import unlisted_files
from confocal_bag.progress import SILENT, Progress

__all__ = ["Page", "SubjectKind", "Wanted", "make_page", "tier_sizes"]

MOST_GRIDS = 200

#: The name of the format in lists of files.
_ZIP = "ZIP"


class SubjectKind(StrEnum):
    """What a run is about."""

    BAG = "bag"
    DEPOSIT = "deposit"
    SHELF = "shelf"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The most images with pictures, and the most bytes that these take."""

    pictures: int = MOST_PICTURES
    bytes: int = MOST_PICTURE_BYTES

    def shared_by(self, pages: int) -> "list[Wanted]":
        """What each of several pages that become one may have: evenly spread, so that many pages may have none."""
        ends = [number * self.pictures // max(1, pages) for number in range(pages + 1)]
        pictures = [end - begin for begin, end in pairwise(ends)]
        return [
            Wanted(pictures=one, bytes=self.bytes * one // max(1, self.pictures)) if self.pictures else self
            for one in pictures
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One run, and what its subject can still show. `kept` is None where the subject is no bag, or is not there.

    `packed` is the inspection of the deposit: the run itself, or the one a bag was made after. `notes` says what the
    page does not show, and why.
    """

    run: Run
    kind: SubjectKind
    files: tuple[RunFile, ...]
    gallery: Gallery
    grids: tuple[Grid, ...]
    grids_left_out: int
    proof: tuple[ProofRow, ...]
    kept: Kept | None = None
    packed: Run | None = None
    notes: tuple[str, ...] = ()


def make_page(
    run: Run,
    subject: Path | None = None,
    *,
    wanted: Wanted | None = None,
    jobs: int = 2,
    progress: Progress = SILENT,
) -> Page:
    """The page of a run. `subject` is what the run is about, where it is at hand; it is only read.

    What is not there, or cannot be read, is said in the notes.
    """
    hanging = partial(_hang, wanted=wanted or Wanted(), jobs=jobs, progress=progress)
    page = Page(
        run=run,
        kind=_kind(run),
        files=run.files,
        gallery=Gallery(cards=(), others=()),
        grids=(),
        grids_left_out=0,
        proof=(),
        packed=run if run.decision_tree or run.level else None,
    )
    if page.kind is SubjectKind.DEPOSIT:
        with deposit_at_hand(subject) as at_hand:
            shown = exhibits(run.files, run.sequences, folder=at_hand.folder)
            return _with_sequences(replace(page, gallery=hanging(shown), notes=_noted(at_hand)), run.sequences)
    if page.kind is not SubjectKind.BAG:
        return page
    if subject is None:
        return replace(page, notes=("The bag is not at hand, so only what the run says of it is shown.",))
    return _of_bag(page, subject, hanging, jobs, progress)


def _kind(run: Run) -> SubjectKind:
    if run.command == "audit":
        return SubjectKind.SHELF
    if run.files or run.command in ("inspect", "ask", "describe"):
        return SubjectKind.DEPOSIT
    return SubjectKind.BAG if run.command == "validate" and "bagit_version" in run.summary else SubjectKind.OTHER


def _hang(shown: Sequence[Exhibit], *, wanted: Wanted, jobs: int, progress: Progress) -> Gallery:
    return hang(shown, most=wanted.pictures, room=wanted.bytes, jobs=jobs, progress=progress)


def _noted(at_hand: AtHand) -> tuple[str, ...]:
    return (at_hand.note,) if at_hand.note else ()


def _of_bag(
    page: Page, subject: Path, hanging: Callable[[Sequence[Exhibit]], Gallery], jobs: int, progress: Progress
) -> Page:
    try:
        kept = read_kept(subject)
    except CannotFinish as problem:
        return replace(page, notes=(f"The bag could not be read for this page: {problem}",))
    with bag_at_hand(subject, progress) as at_hand:
        files, notes = _payload(kept, at_hand.folder, jobs)
        sequences = _in_bag(kept.packed.sequences, kept.origins) if kept.packed else sequences_of(files)
        copies: dict[tuple[str, int], list[str]] = {}
        present = {one.path for one in files}
        for one in kept.conversions:
            if one.source not in present:
                continue  # it lies in a zip file, and its copy is the one to be shown
            copies.setdefault((one.source, one.series), []).append(one.copy)
        gallery = hanging(exhibits(files, sequences, folder=at_hand.folder, copies=copies))
    return _with_sequences(
        replace(
            page,
            kept=kept,
            packed=kept.packed,
            files=files,
            gallery=gallery,
            proof=tuple(prove_planes(kept)),
            notes=(*kept.notes, *_noted(at_hand), *notes),
        ),
        sequences,
    )


def _payload(kept: Kept, folder: Path | None, jobs: int) -> tuple[tuple[RunFile, ...], tuple[str, ...]]:
    """The files of a bag: as its inventory has them, and what it does not list; without an inventory as they are."""
    if kept.files or folder is None:
        return (*kept.files, *unlisted_files(kept, folder)), ()
    try:
        files = describe_payload(folder, jobs=jobs)
    except CannotFinish as problem:
        return (), (f"The payload could not be described for this page: {problem}",)
    return files, _unopened(files)


def _unopened(files: Iterable[RunFile]) -> tuple[str, ...]:
    """That zip files of a bag without an inventory are shown as files, whatever they hold."""
    zipped = sum(one.format.name == _ZIP for one in files)
    return (f"This page does not look into zip files, of which the payload has {zipped}.",) if zipped else ()


def _in_bag(sequences: Iterable[RunSequence], origins: Mapping[str, str]) -> tuple[RunSequence, ...]:
    """Sequences of a deposit with the paths their files have in the bag; those whose files are not in it are left out.

    Paths below raw and transformed alike may come from one file; the bag has every origin once but for copies.
    """
    places = {origin: path for path, origin in reversed(list(origins.items()))}
    moved = []
    for one in sequences:
        if all(file.path in places for file in one.files):
            files = tuple(file.model_copy(update={"path": places[file.path]}) for file in one.files)
            moved.append(one.model_copy(update={"files": files}))
    return tuple(moved)


def _with_sequences(page: Page, sequences: Sequence[RunSequence]) -> Page:
    several = [one for one in sequences if len(one.files) > 1]
    return replace(
        page,
        grids=tuple(draw_grid(one) for one in several[:MOST_GRIDS]),
        grids_left_out=max(0, len(several) - MOST_GRIDS),
    )


def tier_sizes(files: Iterable[RunFile]) -> list[tuple[str, int, int]]:
    """Each tier with the number and bytes of its files, in the order in which they come."""
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for one in files:
        count[one.tier] += 1
        size[one.tier] += one.bytes
    return [(tier, number, size[tier]) for tier, number in count.items()]
