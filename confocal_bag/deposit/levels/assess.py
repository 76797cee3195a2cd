"""What each of the primer's practice levels asks of a deposit, and what is still missing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.missing import Missing
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)
from confocal_bag.vocabulary import PracticeLevel

if TYPE_CHECKING:
    from confocal_bag.deposit.description.model import Description
    from confocal_bag.deposit.description.yaml import FieldPath
    from confocal_bag.deposit.zips.inner_files import InnerFiles

__all__ = ["LevelAssessment", "LevelContext", "Missing", "assess_level", "check_level", "lowered"]

_PRIMER = "primer, Preservation actions"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAssessment:
    """The most demanding level that is reached, None for none; and what each level still needs.

    A level also needs everything that the levels before it need, so its list holds theirs.
    """

    reached: PracticeLevel | None
    missing: Mapping[PracticeLevel, tuple[Missing, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelContext:
    """What the rules about levels look at."""

    assessment: LevelAssessment
    claimed: PracticeLevel | None


def assess_level(
    description: "Description | None",
    inventory: Inventory,
    *,
    transformed: bool | None,
    z_planes: Collection[PurePosixPath] = (),
    lines: "Mapping[FieldPath, int] | None" = None,
    inner: "Sequence[InnerFiles]" = (),
) -> LevelAssessment:
    """Judge a deposit by all three levels. What headers record counts as provided.

    `transformed` says whether the bag will have transformed files, counting the conversions that a build
    makes; None where nobody has decided, and then only the files that are there count. `z_planes` are the files
    that are planes of a z-stack by their names; `lines` the lines of the description, so that remedies can name them;
    `inner` is what its zip files hold.
    """
    from confocal_bag.deposit.description.model import Description
    from confocal_bag.deposit.levels.table import NEEDS
    from confocal_bag.deposit.levels.view import DepositView

    view = DepositView(
        description=description or Description(),
        inventory=inventory,
        transformed=transformed,
        lines=lines or {},
        z_planes=frozenset(map(readable_path, z_planes)),
        inner=inner,
    )
    return _assessment([one for need in NEEDS for one in need.find(view)])


def lowered(assessment: LevelAssessment, unread: "Mapping[str, str | None]") -> LevelAssessment:
    """The assessment when images turn out to be unreadable: `unread` holds their names, and what is wrong with each."""
    from confocal_bag.deposit.levels.sidecars import without_sidecars

    known = assessment.missing[max(PracticeLevel, key=lambda level: level.rank)]
    return _assessment([*known, without_sidecars(unread)]) if unread else assessment


def _assessment(found: "Sequence[Missing]") -> LevelAssessment:
    missing: dict[PracticeLevel, tuple[Missing, ...]] = {}
    reached: PracticeLevel | None = None
    for level in PracticeLevel:
        missing[level] = tuple(
            one for lower in PracticeLevel if lower.rank <= level.rank for one in found if one.level is lower
        )
        if not missing[level]:
            reached = level
    return LevelAssessment(reached=reached, missing=missing)


def check_level(assessment: LevelAssessment, *, claimed: PracticeLevel | None) -> tuple[list[Check], list[Finding]]:
    """Run the rules about practice levels."""
    chosen = [one for one in RULES.values() if one.family == "level" and one.run.__module__ == __name__]
    return run_rules(chosen, LevelContext(assessment=assessment, claimed=claimed))


@rule("level.not-reached", severity=Severity.ERROR, reference=_PRIMER)
def not_reached(context: LevelContext) -> Iterator[Problem]:
    """The deposit does not have everything that its practice level asks for.

    Each finding is one thing that is missing. Ask the depositor for it and write the answer into
    deposit.yaml, or set `level:` to the level that the deposit does reach.
    """
    if context.claimed is None:
        raise NotApplicable("the deposit claims no practice level")
    for one in context.assessment.missing[context.claimed]:
        yield Problem(
            message=f"{one.message} {_needed_for(one.level, context.claimed)}",
            remedy=one.remedy,
            detail={
                "level": one.level.value,
                "claimed": context.claimed.value,
                "field": one.field,
                "fields": list(one.fields),
                "missing_for": list(one.subjects),
            },
        )


def _needed_for(level: PracticeLevel, claimed: PracticeLevel) -> str:
    """The least demanding level that needs it, and the one the deposit aims at where that is another."""
    aim = "" if level is claimed else f"; this deposit aims at {claimed}"
    return f"Needed for {level}{aim}."


@rule("level.not-claimed", severity=Severity.ADVICE, reference=_PRIMER)
def not_claimed(context: LevelContext) -> Iterator[Problem]:
    """Nobody has said which practice level the deposit aims at.

    Write `level: minimum`, `good-enough` or `most-reproducible` into deposit.yaml.
    """
    if context.claimed is None:
        reached = context.assessment.reached
        yield Problem(
            message="The deposit claims no practice level; "
            + (f"it reaches {reached}." if reached else "it does not reach the lowest, minimum, yet."),
            remedy="Write the level it aims at into deposit.yaml as `level:`.",
        )


@rule("level.more-within-reach", severity=Severity.ADVICE, reference=_PRIMER)
def more_within_reach(context: LevelContext) -> Iterator[Problem]:
    """The deposit reaches a more demanding practice level than the one it claims.

    The primer's goal is the most reproducible and reusable data; claim the level that is reached.
    """
    if context.claimed is None:
        raise NotApplicable("the deposit claims no practice level")
    reached = context.assessment.reached
    if reached is not None and reached.rank > context.claimed.rank:
        yield Problem(
            message=f"The deposit claims the level {context.claimed} and reaches {reached}.",
            remedy=f"Write `level: {reached}` into deposit.yaml.",
            detail={"claimed": context.claimed.value, "reached": reached.value},
        )
