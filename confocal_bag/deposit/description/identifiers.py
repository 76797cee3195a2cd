"""Whether the identifiers in a description are well formed: ORCID, ROR, DOI, ontology terms, licence."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told, written_texts
from confocal_bag.deposit.description.datacite_words import IDENTIFIER_TYPES
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.identifiers import (
    bare_doi,
    handle_is_valid,
    license_problem,
    orcid_problem,
    ror_problem,
)
from confocal_bag.deposit.placeholders import is_placeholder
from confocal_bag.deposit.related_ids import related_id_problem
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []

#: One @ with something before it and a name with a dot behind it: stricter forms refuse addresses that exist.
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>().]+(?:\.[^\s@,;<>().]+)+")


@rule("description.orcid", severity=Severity.ERROR, reference="ISO 7064 MOD 11-2")
def orcid(context: DescriptionContext) -> Iterator[Problem]:
    """An ORCID iD is mistyped: its check digit does not fit, or it has another form.

    Copy it again from the person's page at orcid.org.
    """
    for path, text in written_texts(context.description, ()):
        if path[-1] == "orcid" and (wrong := orcid_problem(text)):
            yield told(context, path, f"{field_name(path)} is {text!r}; {wrong}", "Copy the ORCID iD again.")


@rule("description.duplicate-orcid", severity=Severity.ERROR, reference="primer, FAIR: Findability")
def duplicate_orcid(context: DescriptionContext) -> Iterator[Problem]:
    """Two people have one ORCID iD, which belongs to one person; one of the two was copied to the wrong place.

    Somebody who is a creator and a contributor has the same name in both lists, and is in each of them once.
    """
    owners: dict[str, tuple[str, str | None]] = {}
    for section in ("creators", "contributors"):
        for index, person in enumerate(getattr(context.description, section)):
            if person.orcid is None or orcid_problem(person.orcid):
                continue
            before, name = owners.setdefault(person.orcid, (f"{section}[{index}]", person.full_name))
            is_same = before == f"{section}[{index}]" or (not before.startswith(section) and name == person.full_name)
            if not is_same:
                yield told(
                    context,
                    (section, index, "orcid"),
                    f"{section}[{index}].orcid is {person.orcid}, which is that of {before}, too",
                    "Copy each person's own ORCID iD, or list one person once.",
                )


@rule("description.related-id", severity=Severity.WARNING, reference="DataCite 4.5 relatedIdentifierType")
def related_id(context: DescriptionContext) -> Iterator[Problem]:
    """The identifier of a related work is none that programs know, or has not the form that its type has.

    A DOI, a PMID and an address need no `type`: their form shows it. What is none of these, such as "the paper", leads
    nobody to the work, and metadata that catalogues read leave it out.
    """
    for index, work in enumerate(context.description.related):
        if not work.id or is_placeholder(work.id) or work.type not in (None, *IDENTIFIER_TYPES):
            continue
        if wrong := related_id_problem(work.id, work.type):
            path = ("related", index, "id")
            yield told(
                context,
                path,
                f"{field_name(path)} is {work.id!r}; {wrong}",
                "Give the DOI, the PMID or the full address of the work.",
            )


@rule("description.ror", severity=Severity.ERROR, reference="ISO/IEC 7064 MOD 97-10")
def ror(context: DescriptionContext) -> Iterator[Problem]:
    """A ROR identifier is mistyped: its check digits do not fit, or it has another form.

    Copy it again from the institution's page at ror.org.
    """
    for path, text in written_texts(context.description, ()):
        if path[-1] == "ror" and (wrong := ror_problem(text)):
            yield told(context, path, f"{field_name(path)} is {text!r}; {wrong}", "Copy the ROR identifier again.")


@rule("description.email", severity=Severity.WARNING, reference="Cornell guide to readme files")
def email(context: DescriptionContext) -> Iterator[Problem]:
    """An e-mail address has no form that mail can be sent to: ada at example, or two addresses in one field.

    Write one address as name@institution.example.
    """
    for path, text in written_texts(context.description, ()):
        if path[-1] == "email" and not is_placeholder(text) and not _EMAIL.fullmatch(text):
            yield told(
                context,
                path,
                f"{field_name(path)} is {text!r}; one address such as ada@example.org was expected",
                "Correct the address.",
            )


@rule("description.identifier", severity=Severity.ERROR, reference="primer, FAIR: Findability")
def identifier(context: DescriptionContext) -> Iterator[Problem]:
    """A DOI, Handle or address does not have the form of one.

    A DOI is written 10.5072/example, with or without https://doi.org/ before it.
    """
    said = context.description.identifier
    if said.doi and bare_doi(said.doi) is None:
        yield told(
            context,
            ("identifier", "doi"),
            f"identifier.doi is {said.doi!r}; a DOI has the form 10.5072/example",
            "Correct the DOI, or leave it empty until one is registered.",
        )
    if said.handle and not handle_is_valid(said.handle):
        yield told(
            context,
            ("identifier", "handle"),
            f"identifier.handle is {said.handle!r}; a Handle has the form 20.500.12345/678",
            "Correct the Handle.",
        )
    for path, text in written_texts(context.description, ()):
        if path in (("identifier", "uri"), ("raw_location",)) and not _is_address(text):
            yield told(
                context,
                path,
                f"{field_name(path)} is {text!r}; an address such as https://... was expected",
                "Give the full address.",
            )
    for index, work in enumerate(context.description.related):
        if work.id and (work.type or "").casefold() == "doi" and bare_doi(work.id) is None:
            path = ("related", index, "id")
            yield told(
                context,
                path,
                f"{field_name(path)} is {work.id!r}; its type says DOI, which has the form 10.5072/example",
                "Correct the DOI or the type.",
            )


def _is_address(text: str) -> bool:
    scheme, colon, rest = text.partition(":")
    return bool(colon and rest and scheme.isascii() and scheme.isalnum() and " " not in text)


@rule(
    "description.license",
    severity=Severity.ERROR,
    reference="primer, Licensing information; SPDX License List",
)
def license_(context: DescriptionContext) -> Iterator[Problem]:
    """The licence is not an SPDX identifier, so no program can tell what others may do.

    Write CC0-1.0 or CC-BY-4.0, for instance, or LicenseRef- and a name of your own with the conditions under
    `license.statement`. "cc0" and "CC BY 4.0" are understood; "CC BY" is not, for its versions differ.
    """
    spdx = context.description.license.spdx
    if spdx is None:
        raise NotApplicable("no licence is given")
    if wrong := license_problem(spdx):
        unlisted = None if " " in spdx else Severity.WARNING  # a rare but real identifier has this form
        yield told(
            context,
            ("license", "spdx"),
            f"license.spdx is {spdx!r}; {wrong}",
            "Write the SPDX identifier, such as CC0-1.0 or CC-BY-4.0; for conditions in words write LicenseRef- and a "
            "name, such as LicenseRef-ours, and the words under license.statement.",
            unlisted,
        )
