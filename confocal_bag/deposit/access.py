"""Whether the licence, the access conditions and what is said of privacy agree with each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import AccessLevel, Description
from confocal_bag.deposit.identifiers import parse_date
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.spdx import listed_licenses, names_in
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules
from confocal_bag.image.formats import Kind

__all__ = ["AccessContext", "check_access"]

_PRIMER = "primer, Licensing information"
_RESTRICTIONS = "primer, key curatorial question 9"
_CAVEAT = (
    "making a confocal image takes choices, so it may be a copyrighted work, and some publishers do not leave the "
    "copyright of submitted images with the authors"
)
#: Licences and dedications that let everybody copy and pass on the data, on whatever conditions.
_PUBLIC = re.compile(r"CC0-|CC-|PDDL-|ODbL-|ODC-By-|CDLA-|OGL-|etalab-|DL-DE-", re.IGNORECASE)
_PUBLIC_DOMAIN = re.compile(r"CC0-1\.0|CC-PD.*|PDDL-1\.0", re.IGNORECASE)
_NARROW = re.compile(r"CC-BY-(?:NC|ND|NC-ND|NC-SA)-.*", re.IGNORECASE)
_PUBLISHED = frozenset({"issupplementto", "iscitedby", "isreferencedby"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessContext:
    """What the rules look at: the description, the files, and the day on which an embargo is judged."""

    loaded: LoadedDescription
    inventory: Inventory
    today: date = field(default_factory=date.today)

    @property
    def said(self) -> Description:
        """The description itself."""
        return self.loaded.description

    @property
    def licenses(self) -> list[str]:
        """The names in the licence expression, without exceptions (WITH ...)."""
        names = names_in(self.said.license.spdx or "")
        return [name for name in names if not _is_exception(name)]


def check_access(
    loaded: LoadedDescription, inventory: Inventory, today: date | None = None
) -> tuple[list[Check], list[Finding]]:
    """Run every rule about licence and access."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    when = {"today": today} if today else {}
    return run_rules(chosen, AccessContext(loaded=loaded, inventory=inventory, **when))


def _is_exception(name: str) -> bool:
    known = listed_licenses().get(name.casefold())
    return known is not None and known.is_exception


def _needs_license(context: AccessContext) -> None:
    if not context.licenses:
        raise NotApplicable("no licence is given")


@rule("access.no-license", severity=Severity.WARNING, reference=_PRIMER)
def no_license(context: AccessContext) -> Iterator[Problem]:
    """Nobody says what others may do with the data: no licence, no statement. They may then do next to nothing.

    The primer recommends the CC0 public domain dedication. It adds that the decision is not so simple for images:
    making one takes choices, so it may be a copyrighted work, and some publishers do not leave the copyright of
    submitted images with the authors. Ask the depositor to check with the publisher, then write `license.spdx`.
    """
    said = context.said.license
    if not says_something(said.spdx) and not says_something(said.statement):
        yield told_of(
            context.loaded,
            ("license",),
            "The description gives no licence and no statement of what others may do with the data",
            f"Write CC0-1.0 under license.spdx if the depositor can give the data free; mind that {_CAVEAT}.",
        )


@rule("access.cc0", severity=Severity.ADVICE, reference=_PRIMER)
def cc0(context: AccessContext) -> Iterator[Problem]:
    """The data have a licence where the primer recommends the public domain dedication CC0.

    A researcher who keeps the copyright may choose a licence; say who holds the rights under `license.holder`.
    """
    _needs_license(context)
    said = context.said.license
    free = any(_PUBLIC_DOMAIN.fullmatch(name) for name in context.licenses)
    if not free and not says_something(said.holder):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {said.spdx!r}, and nobody is named who holds the rights; the primer recommends CC0-1.0",
            "Ask whether CC0-1.0 will do, or write under license.holder who keeps the copyright.",
        )


@rule("access.copyright", severity=Severity.ADVICE, reference=_PRIMER)
def copyright_(context: AccessContext) -> Iterator[Problem]:
    """Images that belong to a publication are given away, and nobody says that the publisher leaves them the right to.

    The primer: researchers should check with the publisher what rights they have as authors. Write the answer under
    `license.statement`, or the holder of the rights under `license.holder`.
    """
    _needs_license(context)
    said = context.said.license
    works = [work for work in context.said.related if (work.relation or "").casefold() in _PUBLISHED and work.id]
    if not works:
        raise NotApplicable("the data belong to no publication that the description names")
    if not says_something(said.holder) and not says_something(said.statement):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"The data are given as {said.spdx} and belong to {works[0].id}; nobody says who holds the copyright, and "
            f"{_CAVEAT}",
            "Ask the depositor to check with the publisher; write the answer under license.statement or "
            "license.holder.",
        )


@rule("access.software-license", severity=Severity.WARNING, reference=_PRIMER)
def software_license(context: AccessContext) -> Iterator[Problem]:
    """Images have a licence that was written for software, and speaks of source code, patents and binaries.

    Give the data CC0-1.0 or CC-BY-4.0; for scripts beside them write both, as `CC0-1.0 AND MIT`.
    """
    _needs_license(context)
    if not any(file.format.kind is Kind.IMAGE for file in context.inventory.files):
        raise NotApplicable("the deposit holds no images")
    known = [listed_licenses().get(name.removesuffix("+").casefold()) for name in context.licenses]
    if all(one is not None and one.is_software for one in known):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {context.said.license.spdx!r}, a licence for software, and the deposit holds images",
            "Give the images CC0-1.0 or CC-BY-4.0; for scripts beside them write both, as CC0-1.0 AND MIT.",
        )


@rule("access.narrow-license", severity=Severity.ADVICE, reference=_PRIMER)
def narrow_license(context: AccessContext) -> Iterator[Problem]:
    """The licence forbids commercial use (NC) or changed copies (ND), which rules out much reuse of image data.

    Segmenting, cropping and converting make changed copies, and whether a course or a journal is commercial is
    disputed. Many archives take only CC0 and CC BY.
    """
    _needs_license(context)
    narrow = [name for name in context.licenses if _NARROW.fullmatch(name)]
    if narrow:
        what = "commercial use" if "NC" in narrow[0].upper() else "changed copies"
        if re.search("NC-ND", narrow[0], re.IGNORECASE):
            what = "commercial use and changed copies"
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {narrow[0]}, which forbids {what}: much reuse and many archives are ruled out",
            "Ask whether CC0-1.0 or CC-BY-4.0 is possible.",
        )


@rule("access.open-license", severity=Severity.WARNING, reference=_PRIMER)
def open_license(context: AccessContext) -> Iterator[Problem]:
    """The licence lets everybody pass the data on, and access to them is restricted: the two contradict each other.

    Whoever is given a copy may publish it. Choose another licence (LicenseRef- and a name, with the conditions under
    `license.statement`), or open the access.
    """
    _needs_license(context)
    if context.said.access.level is not AccessLevel.RESTRICTED:
        raise NotApplicable("access is not restricted")
    public = [name for name in context.licenses if _PUBLIC.match(name)]
    if public:
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {public[0]}, which lets everybody pass the data on, but access.level is restricted",
            "Write LicenseRef- and a name, with the conditions under license.statement; or open the access.",
        )


@rule("access.embargo", severity=Severity.ERROR, reference=_RESTRICTIONS)
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


@rule("access.conditions", severity=Severity.WARNING, reference=_RESTRICTIONS)
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


@rule("access.restricted-data", severity=Severity.ERROR, reference=_RESTRICTIONS)
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
