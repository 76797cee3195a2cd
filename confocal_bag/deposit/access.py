"""Whether the licence, the access conditions and what is said of privacy agree with each other."""

import re
from collections.abc import Iterator
from datetime import date

from confocal_bag.deposit import access_conditions, access_people
from confocal_bag.deposit.access_context import PRIMER, AccessContext, needs_license, quoted
from confocal_bag.deposit.access_words import forbids_reuse, other_licenses, tells_conditions
from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.spdx import listed_licenses
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules
from confocal_bag.image.formats import Kind

__all__ = ["AccessContext", "check_access"]

_CAVEAT = (
    "making a confocal image takes choices, so it may be a copyrighted work, and some publishers do not leave the "
    "copyright of submitted images with the authors"
)
_PUBLIC_DOMAIN = re.compile(r"CC0-1\.0|CC-PD.*|PDDL-1\.0", re.IGNORECASE)
_NARROW = re.compile(r"CC-BY-(?:NC|ND|NC-ND|NC-SA)-.*", re.IGNORECASE)
_PUBLISHED = frozenset({"issupplementto", "iscitedby", "isreferencedby"})


def check_access(
    loaded: LoadedDescription, inventory: Inventory, today: date | None = None
) -> tuple[list[Check], list[Finding]]:
    """Run every rule about licence and access."""
    homes = (__name__, access_conditions.__name__, access_people.__name__)
    chosen = [one for one in RULES.values() if one.run.__module__ in homes]
    when = {"today": today} if today else {}
    return run_rules(chosen, AccessContext(loaded=loaded, inventory=inventory, **when))


@rule("access.no-license", severity=Severity.WARNING, reference=PRIMER)
def no_license(context: AccessContext) -> Iterator[Problem]:
    """Nobody says what others may do with the data: no licence, no statement. They may then do next to nothing.

    The primer recommends the CC0 public domain dedication. It adds that the decision is not so simple for images:
    making one takes choices, so it may be a copyrighted work, and some publishers do not leave the copyright of
    submitted images with the authors. Ask the depositor to check with the publisher, then write `license.spdx`; for
    conditions of one's own `LicenseRef-` and a name, with the conditions in words under `license.statement`.
    """
    said = context.said.license
    if not says_something(said.spdx) and not tells_conditions(said.statement):
        yield told_of(
            context.loaded,
            ("license",),
            "The description gives no licence and no statement of what others may do with the data",
            f"Write CC0-1.0 under license.spdx if the depositor can give the data free; mind that {_CAVEAT}. For "
            "conditions of one's own write LicenseRef- and a name there, and the conditions under license.statement.",
        )


@rule("access.cc0", severity=Severity.ADVICE, reference=PRIMER)
def cc0(context: AccessContext) -> Iterator[Problem]:
    """The data have a licence where the primer recommends the public domain dedication CC0.

    A researcher who keeps the copyright may choose a licence; say who holds the rights under `license.holder`.
    """
    needs_license(context)
    said = context.said.license
    free = any(_PUBLIC_DOMAIN.fullmatch(name) for name in context.licenses)
    if not free and not says_something(said.holder):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {said.spdx!r}, and nobody is named who holds the rights; the primer recommends CC0-1.0",
            "Ask whether CC0-1.0 will do, or write under license.holder who keeps the copyright.",
        )


@rule("access.copyright", severity=Severity.ADVICE, reference=PRIMER)
def copyright_(context: AccessContext) -> Iterator[Problem]:
    """Images that belong to a publication are given away, and nobody says that the publisher leaves them the right to.

    The primer: researchers should check with the publisher what rights they have as authors. Write the answer under
    `license.statement`, or the holder of the rights under `license.holder`.
    """
    needs_license(context)
    said = context.said.license
    works = [work for work in context.said.related if (work.relation or "").casefold() in _PUBLISHED and work.id]
    if not works:
        raise NotApplicable("the data belong to no publication that the description names")
    if not says_something(said.holder) and not tells_conditions(said.statement):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"The data are given as {said.spdx} and belong to {works[0].id}; nobody says who holds the copyright, and "
            f"{_CAVEAT}",
            "Ask the depositor to check with the publisher; write the answer under license.statement or "
            "license.holder.",
        )


@rule("access.software-license", severity=Severity.WARNING, reference=PRIMER)
def software_license(context: AccessContext) -> Iterator[Problem]:
    """Images have a licence that was written for software, and speaks of source code, patents and binaries.

    Give the data CC0-1.0 or CC-BY-4.0; for scripts beside them write both, as `CC0-1.0 AND MIT`.
    """
    needs_license(context)
    if not any(file.format.kind is Kind.IMAGE for file in context.inventory.every):
        raise NotApplicable("the deposit holds no images")
    known = [listed_licenses().get(name.removesuffix("+").casefold()) for name in context.licenses]
    if all(one is not None and one.is_software for one in known):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {context.said.license.spdx!r}, a licence for software, and the deposit holds images",
            "Give the images CC0-1.0 or CC-BY-4.0; for scripts beside them write both, as CC0-1.0 AND MIT.",
        )


@rule("access.narrow-license", severity=Severity.ADVICE, reference=PRIMER)
def narrow_license(context: AccessContext) -> Iterator[Problem]:
    """The licence forbids commercial use (NC) or changed copies (ND), which rules out much reuse of image data.

    Segmenting, cropping and converting make changed copies, and whether a course or a journal is commercial is
    disputed. Many archives take only CC0 and CC BY.
    """
    needs_license(context)
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


@rule("access.statement", severity=Severity.WARNING, reference=PRIMER)
def statement(context: AccessContext) -> Iterator[Problem]:
    """The licence lets everybody use the data, and the statement beside it reserves rights or names another.

    A public licence cannot be taken back by a sentence, and nobody knows which of the two the depositor meant. CC0-1.0
    beside "For non-commercial use only", "No part may be reproduced without permission" or "CC BY 4.0" are such pairs.
    """
    needs_license(context)
    said = context.said.license
    public = context.public_licenses
    if not public or not tells_conditions(said.statement):
        raise NotApplicable("no statement stands beside a licence that lets everybody use the data")
    words = said.statement or ""
    if forbids_reuse(words, context.licenses) or other_licenses(words, context.licenses):
        yield told_of(
            context.loaded,
            ("license", "statement"),
            f"license.spdx is {said.spdx}, which lets everybody use the data, but license.statement says "
            f"{quoted(said.statement)}",
            "Ask the depositor which of the two holds; write LicenseRef- and a name if it is the statement.",
        )


@rule("access.own-license", severity=Severity.WARNING, reference=PRIMER)
def own_license(context: AccessContext) -> Iterator[Problem]:
    """The licence is one of the depositor's own (LicenseRef-), and nobody says what it allows.

    Write its terms, or where they can be read, under `license.statement`.
    """
    own = [name for name in context.licenses if name.casefold().startswith("licenseref-")]
    if not own:
        raise NotApplicable("the licence is none of the depositor's own")
    if not tells_conditions(context.said.license.statement):
        yield told_of(
            context.loaded,
            ("license", "spdx"),
            f"license.spdx is {own[0]}, which is in no list, and license.statement does not say what it allows",
            "Write its terms, or where they can be read, under license.statement.",
        )
