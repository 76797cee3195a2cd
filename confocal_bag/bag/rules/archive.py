"""Rules about the archive that a bag lies in; what is wrong with it comes before what is wrong inside."""

from collections.abc import Iterator

from confocal_bag.bag.rules.inspection import Inspection
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule


def _archive_faults(inspection: Inspection, rule_id: str, remedy: str | None = None) -> Iterator[Problem]:
    if not inspection.bag.source.is_archive:
        raise NotApplicable("the bag is a folder")
    for one in inspection.bag.source.listing.faults:
        if one.rule == rule_id:
            path = readable_path(one.path) if one.path is not None else None
            yield Problem(path=path, message=one.message, remedy=remedy, severity=one.severity)


@rule("bag.archive-damaged", severity=Severity.ERROR)
def archive_damaged(inspection: Inspection) -> Iterator[Problem]:
    """The archive can be read from its beginning to its end."""
    yield from _archive_faults(inspection, "bag.archive-damaged", "Copy or fetch the archive again.")


@rule("bag.archive-layout", severity=Severity.ERROR, reference="BagIt 0.97 4")
def archive_layout(inspection: Inspection) -> Iterator[Problem]:
    """The archive holds one folder, the bag, and nothing beside it."""
    yield from _archive_faults(inspection, "bag.archive-layout")


@rule("bag.archive-name", severity=Severity.WARNING, reference="BagIt 0.97 4")
def archive_name(inspection: Inspection) -> Iterator[Problem]:
    """The archive is called as the folder in it."""
    yield from _archive_faults(inspection, "bag.archive-name")


@rule("bag.archive-member-unsafe", severity=Severity.ERROR, reference="RFC 8493 5.1")
def archive_member_unsafe(inspection: Inspection) -> Iterator[Problem]:
    """No member of the archive would be written outside the folder it is unpacked into, on any platform."""
    yield from _archive_faults(inspection, "bag.archive-member-unsafe")


@rule("bag.archive-member-twice", severity=Severity.ERROR)
def archive_member_twice(inspection: Inspection) -> Iterator[Problem]:
    """No two members have the same name; tools disagree on which of them is the file."""
    yield from _archive_faults(inspection, "bag.archive-member-twice")


@rule("bag.archive-member-unreadable", severity=Severity.ERROR)
def archive_member_unreadable(inspection: Inspection) -> Iterator[Problem]:
    """Every member can be read: it is not encrypted, not sparse, and packed by a method that is known."""
    yield from _archive_faults(inspection, "bag.archive-member-unreadable")


@rule("bag.archive-ratio", severity=Severity.WARNING, reference="RFC 8493 5")
def archive_ratio(inspection: Inspection) -> Iterator[Problem]:
    """The archive does not unpack to far more than its size; such an archive can fill a disk.

    Images of nothing but background pack well, so a high ratio alone is a warning. Beyond a limit the archive
    is not read at all.
    """
    yield from _archive_faults(inspection, "bag.archive-ratio")
