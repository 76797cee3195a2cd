"""What stands in the way of packing or unpacking a bag: every error but that fetch.txt is still to be followed."""

from collections.abc import Iterable, Sequence

from confocal_bag.bag.listing import Listing
from confocal_bag.findings import RULES, CannotFinish, Finding, Severity

__all__ = ["refuse", "serious", "serious_faults"]

_SHOWN = 10


def serious(findings: Iterable[Finding]) -> list[str]:
    """The errors among the findings, but for what follows from files that fetch.txt names and nobody fetched yet."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    counted = [one for one in errors if one.detail.get("fetchable") is not True]
    if len(counted) < len(errors):  # until the bag is complete, its size cannot be the one stated
        counted = [one for one in counted if one.rule != "bag.oxum-wrong"]
    return [one.message for one in counted]


def serious_faults(listing: Listing) -> list[str]:
    """The errors among the faults of an archive's member list, and its links and special files."""
    faults = [
        fault.message for fault in listing.faults if (fault.severity or RULES[fault.rule].severity) is Severity.ERROR
    ]
    return faults + [f"The member '{one.path}' is a {one.kind}." for one in listing.irregular]


def refuse(what: str, problems: Sequence[str]) -> None:
    """Raise CannotFinish with the first problems, if there are any."""
    if problems:
        more = f" And {len(problems) - _SHOWN:,} more problems." if len(problems) > _SHOWN else ""
        raise CannotFinish(f"{what}: {' '.join(problems[:_SHOWN])}{more}")
