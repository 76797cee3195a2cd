"""Split a bag into parts of limited size, each a complete bag of its own (Bag-Count, RFC 8493 2.2.2).

Every payload file is in exactly one part, under the path it had. The first part has what describes the whole:
readme, metadata, the other tag files, and in split-from/ the manifests of the bag as it was. Every part has
split-from/bag-info.txt, the bag-info of the whole, and says in its own bag-info.txt which part it is and where
the rest is described. A part does not claim the profile of the whole, which it does not meet alone.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from confocal_bag.bag.changing.linking import link
from confocal_bag.bag.changing.replacement import Replacement
from confocal_bag.bag.changing.verified import refuse_errors
from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.sizes import readable_size
from confocal_bag.bag.splitting.plan import SplitPart, SplitPlan, plan_split
from confocal_bag.bag.writing.durable import sync_folder
from confocal_bag.bag.writing.staging import cannot_write
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.containment import lies_in
from confocal_bag.findings import RULES, CannotFinish, Problem, Rule, Severity, readable_path, rule

__all__ = ["SPLIT_RULES", "SplitPart", "SplitPlan", "part_too_large", "plan_split", "split_bag"]


def split_bag(
    bag: Path, folder: Path, *, max_size: int, by_link: bool = False, on_bytes: OnBytes | None = None
) -> tuple[SplitPart, ...]:
    """Make the new folder `folder` with the parts of a bag, NAME_1_of_3 and so on; the bag itself is only read.

    `folder` appears with all its parts, verified and durable, or not at all. No part has more than `max_size` bytes
    in all its files, unless a single file is larger. With `by_link`, payload files are hard links to those of the
    bag where the file system allows it: that takes no room, and they are one file under two names until either is
    deleted. Raises CannotFinish when the bag is not valid or the parts cannot be made.
    """
    if lies_in(folder, bag):
        raise CannotFinish(f"{readable_path(folder)} would lie inside the bag, which is only read; choose another.")
    if os.path.lexists(folder):
        raise CannotFinish(f"{readable_path(folder)} exists and is never overwritten; choose another name.")
    plan = plan_split(bag, folder, max_size=max_size)
    with Replacement(folder) as replacement:
        try:
            replacement.new.mkdir()
            made = [_make(plan, part, replacement.new, by_link=by_link, on_bytes=on_bytes) for part in plan.parts]
            sync_folder(replacement.new)
        except OSError as error:
            raise cannot_write(error.filename or folder, error) from error
        replacement.publish()
    return tuple(made)


def _make(plan: SplitPlan, part: SplitPart, folder: Path, *, by_link: bool, on_bytes: OnBytes | None) -> SplitPart:
    """Write one part and verify it as its receiver will."""
    place = folder / part.path.name
    with BagWriter(place, algorithms=plan.algorithms, on_bytes=on_bytes) as writer:
        for path in part.files:
            _refuse_damage(plan, path, _bring(plan, path, writer, by_link=by_link))
        for target, path in plan.tag_files(part).items():
            _refuse_damage(plan, path, writer.copy(plan.bag.source.path / path, target))
        writer.seal(plan.bag_info(part), check=_verify)
    total = sum(one.stat().st_size for one in place.rglob("*") if one.is_file())
    return replace(part, bytes=total, is_too_large=total > plan.max_size)


def _bring(plan: SplitPlan, path: str, writer: BagWriter, *, by_link: bool) -> Fixity:
    source = plan.bag.source.path / path
    if not by_link:
        return writer.copy(source, path)
    place = writer.place(path)
    if not link(source, place):
        copy_and_hash(source, place, plan.algorithms)
    return writer.adopt(path)


def _refuse_damage(plan: SplitPlan, path: str, seen: Fixity) -> None:
    """Refuse a file that is not, or no longer, the one that the manifests of the whole bag list."""
    expected = plan.expected.get(path, {})
    if any(expected.get(name, digest) != digest for name, digest in seen.digests.items()):
        raise CannotFinish(
            f"{readable_path(path)} is not the file that the bag's manifests list, so nothing was made. "
            "Validate the bag, and restore the file from another copy."
        )


def _verify(staged: Path) -> None:
    said = f"The part {readable_path(staged)} was written but is not valid, and was not kept"
    refuse_errors(check_bag(staged).findings, said)
    opinion = ask_bagit(staged)
    if opinion.outcome is OpinionOutcome.DISAGREES:
        raise CannotFinish(
            f"The reference implementation of BagIt does not accept a part: {opinion.reason}. Nothing was kept; "
            "report this as a bug of confocal-bag."
        )


@rule("bag.part-too-large", severity=Severity.WARNING, reference="RFC 8493 2.2.2")
def part_too_large(made: tuple[int, Sequence[SplitPart]]) -> Iterator[Problem]:
    """No part of a split bag is larger than was asked for.

    A file is never cut: one that is larger than the limit gets a part of its own, which is larger too.
    """
    max_size, parts = made
    for part in parts:
        if part.is_too_large:
            yield Problem(
                path=readable_path(part.path),
                message=f"{readable_path(part.path.name)} has {readable_size(part.bytes)} where at most "
                f"{readable_size(max_size)} were asked for; its file '{readable_path(part.files[0])}' cannot be cut.",
                remedy="Ask whether the receiver takes one larger part, or move that file by other means.",
                detail={"bytes": part.bytes, "max_size": max_size},
            )


#: The rule about the parts that were made; it runs on the limit and the parts.
SPLIT_RULES: tuple[Rule, ...] = (RULES["bag.part-too-large"],)
