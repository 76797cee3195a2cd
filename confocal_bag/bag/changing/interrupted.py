"""Say of a bag that an update of it did not come to its end."""

import os
from collections.abc import Iterator
from pathlib import Path

from confocal_bag.bag.changing.replacement import describe_interruption
from confocal_bag.findings import (
    RULES,
    CannotFinish,
    Check,
    Finding,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)

__all__ = ["check_interruption"]


@rule("bag.update-interrupted", severity=Severity.WARNING)
def update_interrupted(bag: Path) -> Iterator[Problem]:
    """No update of the bag was interrupted or is under way.

    An update makes the new bag in a hidden folder beside the old one and then exchanges the two. When it is killed,
    the bag is whole all the same, as it was or as it was to be; only that folder is left.
    """
    said = describe_interruption(bag)
    if said:
        yield Problem(
            path=readable_path(bag),
            message=said,
            remedy="If no update is running, 'confocal-bag update BAG --recover' removes what is left.",
        )


def check_interruption(bag: Path) -> tuple[list[Check], list[Finding]]:
    """Whether an update left something beside the bag.

    Raises CannotFinish when the bag itself is not there because an update was interrupted between two renames.
    """
    if not os.path.lexists(bag):
        said = describe_interruption(bag)
        if said:
            raise CannotFinish(f"{said} Put it in its place with 'confocal-bag update {readable_path(bag)} --recover'.")
    return run_rules([RULES["bag.update-interrupted"]], bag)
