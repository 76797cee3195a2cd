"""Whether the conditions of access agree with the licence and with what is said of privacy."""

from collections.abc import Iterator

from confocal_bag.deposit.access_context import PRIMER, RESTRICTIONS, AccessContext, needs_license, quoted
from confocal_bag.deposit.access_words import restricts_access
from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.model import AccessLevel
from confocal_bag.deposit.identifiers import parse_date
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.privacy.reasons import is_reason
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []


@rule("access.open-license", severity=Severity.WARNING, reference=PRIMER)
def open_license(context: AccessContext) -> Iterator[Problem]:
    """The licence lets everybody pass the data on, and access to them is restricted: the two contradict each other.

    Whoever is given a copy may publish it. Choose another licence (LicenseRef- and a name, with the conditions under
    `license.statement`), or open the access.
    """
    needs_license(context)
    if context.said.access.level is not AccessLevel.RESTRICTED:
        raise NotApplicable("access is not restricted")
    public = context.public_licenses
    if public:
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {public[0]}, which lets everybody pass the data on, but access.level is restricted",
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
    if not says_something(said.conditions):
        yield told_of(
            context.loaded,
            ("access", "level"),
            "access.level is restricted, and access.conditions does not say on which conditions the data can be had",
            "Write under access.conditions whom to ask and what must be agreed to.",
        )


@rule("access.restricted-data", severity=Severity.ERROR, reference=RESTRICTIONS)
def restricted_data(context: AccessContext) -> Iterator[Problem]:
    """The description says that some of the data must be restricted, and that everybody may have them.

    Write `access: {level: restricted, conditions: ...}`; or, if what had to be restricted was taken out, say so under
    `privacy.redaction`.
    """
    said = context.said
    if not said.privacy.restricted:
        raise NotApplicable("no data have to be restricted")
    if said.access.level is AccessLevel.OPEN and not says_something(said.privacy.redaction):
        yield told_of(
            context.loaded,
            ("access", "level"),
            "privacy.restricted says that data must be restricted, but access.level is open",
            "Write restricted under access.level, or say under privacy.redaction what was taken out.",
        )


@rule("access.open-conditions", severity=Severity.WARNING, reference=RESTRICTIONS)
def open_conditions(context: AccessContext) -> Iterator[Problem]:
    """Access is open, and the conditions say that it depends on consent, a request, or who asks.

    Whoever reads only `access.level` publishes the data. Write `access: {level: restricted, conditions: ...}`, or take
    out the conditions.
    """
    said = context.said.access
    if said.level is not AccessLevel.OPEN or not says_something(said.conditions):
        raise NotApplicable("access is not open, or on no conditions")
    if restricts_access(said.conditions or ""):
        yield told_of(
            context.loaded,
            ("access", "conditions"),
            f"access.level is open, but access.conditions says {quoted(said.conditions)}",
            "Write restricted under access.level, or remove the conditions.",
        )


@rule("access.human-subjects", severity=Severity.WARNING, reference=RESTRICTIONS)
def human_subjects(context: AccessContext) -> Iterator[Problem]:
    """Samples come from people, everybody may have the data, and nobody says what protects those people.

    Write under `privacy.notes` that they agreed to open sharing or cannot be identified, under `privacy.approval` which
    ethics committee approved it, or restrict the access.
    """
    privacy = context.said.privacy
    if not privacy.human_subjects:
        raise NotApplicable("the description does not say that samples come from people")
    if context.said.access.level is not AccessLevel.OPEN:
        raise NotApplicable("access is not open")
    if not any(is_reason(text) for text in (privacy.notes, privacy.approval, privacy.redaction)):
        yield told_of(
            context.loaded,
            ("privacy", "human_subjects"),
            "privacy.human_subjects says that samples come from people and access.level is open, but privacy.notes "
            "does not say what protects these people",
            "Write under privacy.notes that they agreed to open sharing or cannot be identified, or restrict the "
            "access.",
        )
