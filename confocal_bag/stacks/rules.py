"""What is said of a sequence of image files of which no one image was made."""

from collections.abc import Iterator

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
from confocal_bag.stacks.model import StackPlan

__all__ = ["NOT_COMPILED", "check_stacks"]

NOT_COMPILED = "sequence.not-compiled"


@rule(NOT_COMPILED, severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: handling z-stacks")
def find_not_compiled(plan: StackPlan) -> Iterator[Problem]:
    """Of a sequence of image files no one image was made, neither an OME-TIFF nor a companion file.

    Only what is whole and certain is made one image: a sequence without missing or doubled planes, whose files are
    alike, whose values mean the same in all, and whose numbers have a meaning that the names say. A plain counter is
    compiled where deposit.yaml names it (`naming: stack_{Z}`). The loose files are kept in any case. Where no compiling
    was asked for, only sequences that seemed whole are spoken of.
    """
    if not plan.stacks and not plan.loose:
        raise NotApplicable("there is no sequence of image files to make one image of")
    for one in plan.loose:
        yield Problem(
            path=readable_path(one.path),
            message=f"No one image was made of the sequence {readable_path(one.name)}: {one.reason}.",
            remedy="Its files are kept as they are. Mend what is named, or say in deposit.yaml under naming what the "
            "numbers mean, and build again.",
        )


def check_stacks(plan: StackPlan) -> tuple[list[Check], list[Finding]]:
    """Run the rule of this module."""
    return run_rules([RULES[NOT_COMPILED]], plan)
