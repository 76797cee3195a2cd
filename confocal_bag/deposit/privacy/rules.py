"""What a deposit tells of people: in headers, texts and names. Values are shown masked, and nothing is changed."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from confocal_bag.deposit.description.context import written_texts
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.privacy.allowed import allowed_names, is_allowed, is_shared
from confocal_bag.deposit.privacy.answers import answers_for_patients
from confocal_bag.deposit.privacy.names import dates_in_names, names_of, subjects_in_names
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)
from confocal_bag.image.privacy import PersonalField, PersonalKind, Search
from confocal_bag.image.privacy.detectors import detect
from confocal_bag.image.privacy.subjects import detect_subjects
from confocal_bag.vocabulary import Tier

__all__ = ["PrivacyContext", "check_privacy"]

_SHOWN = 5
_LISTED = 100
_SHORTEST_NAME = 4
_DESCRIPTION = "deposit.yaml"
_KEPT = "Raw files are kept as they came; sidecars and converted copies leave it out."
_GOES_IN = "This file goes into the bag as it came."
_ASK = f"{_KEPT} Ask whether the people named agree, name them in deposit.yaml, or restrict the files."


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyContext:
    """What the rules look at: the files, what was found in each, who may be named, whether people were imaged.

    `protected` says that the description tells what protects those people.
    """

    inventory: Inventory
    found: Mapping[PurePosixPath, Search]
    allowed: Collection[str] = ()
    human_subjects: bool | None = None
    protected: bool = False
    description: Description | None = None


def check_privacy(
    inventory: Inventory, found: Mapping[PurePosixPath, Search], description: Description | None
) -> tuple[list[Check], list[Finding]]:
    """Run every rule about personal data."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    context = PrivacyContext(
        inventory=inventory,
        found=found,
        allowed=allowed_names(description),
        human_subjects=description.privacy.human_subjects if description else None,
        protected=description is not None and answers_for_patients(description),
        description=description,
    )
    return run_rules(chosen, context)


def _problems(context: PrivacyContext, kinds: Collection[PersonalKind], *, remedy: str) -> Iterator[Problem]:
    """One problem for each file that holds data of these kinds beyond what is allowed."""
    for record in context.inventory.files:
        search = context.found.get(record.path, Search())
        fields = [one for one in search.fields if one.kind in kinds and not is_allowed(one, context.allowed)]
        if fields:
            yield _problem(record, fields, remedy)


def _problem(record: FileRecord, fields: list[PersonalField], remedy: str) -> Problem:
    kept = record.tier is Tier.RAW and record.images
    return _told(readable_path(record.path), fields, remedy if kept else remedy.replace(_KEPT, _GOES_IN))


def _told(path: str, fields: list[PersonalField], remedy: str) -> Problem:
    kinds = " and ".join(sorted({one.kind.value for one in fields}))
    more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
    shown = "; ".join(f"{one.where} ({one.masked})" for one in fields[:_SHOWN])
    return Problem(
        path=path,
        message=f"{path} holds {kinds}: {shown}{more}.",
        remedy=remedy,
        detail={
            "count": len(fields),
            "fields": [
                {"field": one.where, "kind": one.kind.value, "masked": one.masked, "length": len(one.value)}
                for one in fields[:_LISTED]
            ],
        },
    )


@rule("privacy.person", severity=Severity.WARNING, reference="the primer's key question 9")
def person(context: PrivacyContext) -> Iterator[Problem]:
    """A file names a person: in a user, author or operator field of its header, or by an ORCID.

    Microscopes write the login or name of whoever sat there into every file. Creators and contributors named in
    deposit.yaml are expected there and not reported. Values are shown masked: first letter and length.
    """
    yield from _problems(context, {PersonalKind.PERSON, PersonalKind.ORCID}, remedy=_ASK)


@rule("privacy.contact", severity=Severity.WARNING, reference="the primer's key question 9")
def contact(context: PrivacyContext) -> Iterator[Problem]:
    """A file holds an e-mail address or telephone number of somebody who is not named in deposit.yaml."""
    yield from _problems(context, {PersonalKind.EMAIL, PersonalKind.PHONE}, remedy=_ASK)


@rule("privacy.folder", severity=Severity.ADVICE, reference="the primer's key question 9")
def folder(context: PrivacyContext) -> Iterator[Problem]:
    r"""A file records where it once lay: a folder such as C:\Users\NAME, a share, or the name of a computer.

    Such paths name users, laboratories and projects. In XML that is escaped inside XML they are found, too.
    """
    yield from _problems(context, {PersonalKind.FOLDER, PersonalKind.HOST}, remedy=_ASK)


@rule("privacy.device", severity=Severity.INFO, reference="the primer's key question 9")
def device(context: PrivacyContext) -> Iterator[Problem]:
    """A file holds the serial number of a device, or an identifier that was made on one computer.

    Whoever knows the facility knows from it where and often by whom the images were taken.
    """
    yield from _problems(context, {PersonalKind.DEVICE, PersonalKind.IDENTIFIER}, remedy=_KEPT)


@rule("privacy.place", severity=Severity.ADVICE, reference="the primer's key question 9")
def place(context: PrivacyContext) -> Iterator[Problem]:
    """A picture records the geographic position at which it was taken."""
    yield from _problems(context, {PersonalKind.PLACE}, remedy=_ASK)


@rule("privacy.free-text", severity=Severity.INFO, reference="the primer's key question 9")
def free_text(context: PrivacyContext) -> Iterator[Problem]:
    """A header holds a title, comment or description that somebody typed, which may name anybody.

    No program can tell; read it in the microscope's own software.
    """
    remedy = "Read these fields in the microscope's own software; sidecars of vendors' files leave them out."
    yield from _problems(context, {PersonalKind.FREE_TEXT}, remedy=remedy)


@rule("privacy.human-subject", severity=Severity.WARNING, reference="the primer's key question 9")
def human_subject(context: PrivacyContext) -> Iterator[Problem]:
    """A file or its name holds what looks like the record number, date of birth or name of a patient.

    Headers, texts, tables and deposit.yaml itself are searched, for words of English, German, French, Spanish and
    Italian. An error where deposit.yaml says that samples come from people (`privacy.human_subjects: true`), until a
    sentence under `privacy.notes` answers for them as `privacy.gate` tells. Then days in file names are reported as
    well, and years that may be of a birth, for nobody knows a name in Mueller_Hans_1956.lsm. A warning where it says
    that no samples come from people: the two contradict each other, or the numbers are of animals.
    """
    remedy = (
        "Ask the depositor for data without it, or say in deposit.yaml under privacy.notes what protects the people "
        "concerned."
    )
    if context.human_subjects is False:
        remedy = (
            "deposit.yaml says that no samples come from people. Ask the depositor whose numbers these are; if they "
            "are of people, write privacy.human_subjects: true."
        )
    for record in context.inventory.files:
        search = context.found.get(record.path, Search())
        fields = [one for one in search.fields if one.kind is PersonalKind.SUBJECT] + subjects_in_names(record)
        grave = bool(fields) and context.human_subjects is True and not context.protected
        if context.human_subjects and not fields:
            fields = dates_in_names(record)
        if fields:
            yield replace(_problem(record, fields, remedy), severity=Severity.ERROR if grave else None)
    yield from _described_patients(context, remedy)


def _described_patients(context: PrivacyContext, remedy: str) -> Iterator[Problem]:
    """What the description says of a patient, where it is not a file of the deposit that was searched."""
    in_files = (path for path, search in context.found.items() if path.name == _DESCRIPTION and search.fields)
    if context.description is None or any(in_files):
        return
    fields = [
        PersonalField(where=field_name(path), kind=kind, value=value)
        for path, text in written_texts(context.description, ())
        for kind, value in detect_subjects(text)
    ]
    if fields:
        grave = context.human_subjects is True and not context.protected
        problem = _told(_DESCRIPTION, fields, remedy)
        yield replace(problem, severity=Severity.ERROR if grave else None)


@rule("privacy.name", severity=Severity.WARNING, reference="the primer's key question 9")
def name(context: PrivacyContext) -> Iterator[Problem]:
    """The name of a file or series repeats an e-mail address, or the login or name that headers record.

    A bag keeps file names as they came, in its manifests, too: the depositor has to rename such a file.
    """
    people = _people(context)
    for record in context.inventory.files:
        fields = [
            PersonalField(where=where, kind=kind, value=value)
            for where, text in names_of(record)
            for kind, value in _in_name(text, people)
        ]
        if fields:
            yield _problem(record, fields, "Ask the depositor whether the file may be shared under this name.")


def _people(context: PrivacyContext) -> set[str]:
    """The people that headers name and deposit.yaml does not, as they are written."""
    values: set[str] = set()
    for search in context.found.values():
        for one in search.fields:
            if one.kind is PersonalKind.PERSON and not is_allowed(one, context.allowed):
                values.add(one.value.strip())
    return {value for value in values if len(value) >= _SHORTEST_NAME and not is_shared(value)}


def _in_name(text: str, people: Iterable[str]) -> Iterator[tuple[PersonalKind, str]]:
    yield from (one for one in detect(text) if one[0] is PersonalKind.EMAIL)
    for value in sorted(people):
        if re.search(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", text, re.I):
            yield PersonalKind.PERSON, value


@rule("privacy.dicom", severity=Severity.WARNING, reference="the primer's key question 9")
def dicom(context: PrivacyContext) -> Iterator[Problem]:
    """A file is DICOM, the format of hospitals, whose header is made for names and birth dates of patients."""
    for record in context.inventory.files:
        if record.format.id == "dicom" or record.path.suffix.lower() == ".dcm":
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"{path} is DICOM; its header is made to identify a patient and is not read here.",
                remedy="Ask whether it was de-identified, and by which profile of DICOM PS3.15.",
            )


@rule("privacy.not-searched", severity=Severity.INFO)
def not_searched(context: PrivacyContext) -> Iterator[Problem]:
    """Something of a file could not be searched for personal data: it is damaged, locked, or of a kind not opened here.

    Zip and tar files, gzip, bzip2, xz, PDF, and documents of Word, Excel, PowerPoint and OpenDocument are searched,
    three levels deep and up to about 200 MiB of text, of a PDF the text of 500 pages, its properties and comments;
    scanned pages, locked documents, 7-Zip, RAR and the older formats of Office are not, nor images in tar files. Where
    samples come from people, what was not searched keeps a bag from being built (`privacy.gate`).
    """
    for record in context.inventory.files:
        gap = context.found.get(record.path, Search()).gap
        if gap:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"{path} was not searched for personal data as a whole: {gap.rstrip('.')}.",
                remedy="Look into it with the software that made it; say under privacy.notes what it holds of people.",
            )
