"""Whether the conditions of access agree with the licence and with what is said of privacy."""

from collections.abc import Iterator

from confocal_bag.deposit.access_context import PRIMER, RESTRICTIONS, AccessContext, needs_license, quoted
from confocal_bag.deposit.access_words import restricts_access, tells_conditions
from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.model import AccessLevel
from confocal_bag.deposit.identifiers import parse_date
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []


@rule("access.open-license", severity=Severity.WARNING, reference=PRIMER)
def open_license(context: AccessContext) -> Iterator[Problem]:
    """The licence lets everybody pass the data on, and access to them is restricted: the two contradict each other.

    Whoever is given a copy may publish it. Choose another licence (LicenseRef- and a name, with the conditions under
    `license.statement`), or open the access.
    """
    public, field = context.public_licenses, context.license_field
    if not public:
        needs_license(context)
    if context.said.access.level is not AccessLevel.RESTRICTED:
        raise NotApplicable("access is not restricted")
    if public:
        yield told_of(
            context.loaded,
            ("license", field),
            f"license.{field} {'is' if field == 'spdx' else 'says'} {public[0]}, which lets everybody pass the data "
            "on, but access.level is restricted",
            "Write LicenseRef- and a name, with the conditions under license.statement; or open the access.",
        )


@rule("access.embargo", severity=Severity.ERROR, reference=RESTRICTIONS)
def embargo(context: AccessContext) -> Iterator[Problem]:
    """An embargo has no end, or an end that is past, or a date is given and no embargo.

    Write `access: {level: embargoed, until: 2027-01-31}`; once the day has come, `access: {level: open}`.
    """
    said = context.said.access
    if said.level is None and said.until is None:
        raise NotApplicable("no access conditions are given")
    end = parse_date(said.until or "")
    if said.level is AccessLevel.EMBARGOED and not says_something(said.until):
        yield told_of(
            context.loaded,
            ("access", "level"),
            "access.level is embargoed, and access.until does not say until when",
            "Write the last day of the embargo under access.until, such as 2027-01-31.",
        )
    elif said.level is not AccessLevel.EMBARGOED and said.until is not None:
        yield told_of(
            context.loaded,
            ("access", "until"),
            f"access.until is {said.until!r}, but access.level is {said.level or 'not given'}",
            "Write embargoed under access.level, or remove the date.",
        )
    elif end is not None and end[1] < context.today:
        yield told_of(
            context.loaded,
            ("access", "until"),
            f"access.until is {said.until!r}, which is past",
            "Write open under access.level, or correct the date.",
            Severity.WARNING,
        )


@rule("access.conditions", severity=Severity.WARNING, reference=RESTRICTIONS)
def conditions(context: AccessContext) -> Iterator[Problem]:
    """Access is restricted, and nobody says on which conditions the data can be had, or from whom.

    Write them under `access.conditions`: whom to ask, and what must be agreed to.
    """
    said = context.said.access
    if said.level is not AccessLevel.RESTRICTED:
        raise NotApplicable("access is not restricted")
    if not tells_conditions(said.conditions):
        yield told_of(
            context.loaded,
            ("access", "level"),
            "access.level is restricted, and access.conditions does not say on which conditions the data can be had",
            "Write under access.conditions whom to ask and what must be agreed to.",
        )


@rule("access.open-conditions", severity=Severity.WARNING, reference=RESTRICTIONS)
def open_conditions(context: AccessContext) -> Iterator[Problem]:
    """Access is open, and the conditions say that it depends on consent, a request, an account, or who asks what for.

    Whoever reads only `access.level` publishes the data. Write `access: {level: restricted, conditions: ...}`, or take
    out the conditions.
    """
    said = context.said.access
    if said.level is not AccessLevel.OPEN or not tells_conditions(said.conditions):
        raise NotApplicable("access is not open, or on no conditions")
    if restricts_access(said.conditions or ""):
        yield told_of(
            context.loaded,
            ("access", "conditions"),
            f"access.level is open, but access.conditions says {quoted(said.conditions)}",
            "Write restricted under access.level, or remove the conditions.",
        )
