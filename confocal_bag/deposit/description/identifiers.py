"""Whether the identifiers in a description are well formed: ORCID, ROR, DOI, ontology terms, licence."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told, written_texts
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.identifiers import (
    bare_doi,
    handle_is_valid,
    license_problem,
    orcid_problem,
    ror_problem,
)
from confocal_bag.deposit.placeholders import is_placeholder
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
    `license.statement`.
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
            "Write the SPDX identifier, such as CC0-1.0, or LicenseRef- and a name "
            "with the conditions in license.statement.",
            unlisted,
        )
