"""Columns of tables that are headed as those of patients: record numbers, dates of birth, names."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from confocal_bag.image.privacy.detectors import is_numbers
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.image.privacy.subjects import detect_subjects

__all__ = ["fields_in_rows", "rows_of_text"]

#: A heading stands in one of the first rows; what is below is data.
_HEADINGS_WITHIN = 20
_SEPARATORS = ",;\t|"
#: Headings that speak of a patient, in small letters without blanks.
_OF_PATIENTS = re.compile(
    r"(?:patient(?:s|en|in)?)?mrn|medicalrecord(?:number|no|nr)?|pat(?:ient)?(?:s|en|in)?(?:id|ids|no|nr|number|nummer|"
    r"name|names|fullname|initials|code|surname|lastname|firstname|familyname|givenname|vorname|nachname)?|"
    r"nameof(?:the)?patient|namedespatienten|nom(?:du|de)?patient|n(?:um[eé]ro)?(?:du|de)?patient|"
    r"nombre(?:del?)?paciente|n[uú]mero(?:del?)?paciente|paciente|historiacl[ií]nica|nhc|"
    r"(?:patients?)?(?:dob|dateofbirth|birthdate|birthday|birthyear|yearofbirth)|geb(?:urts)?(?:datum|dat|tag|jahr)|"
    r"datedenaissance|fecha(?:de)?nacimiento|datadinascita|"
    r"nhs(?:number|no|nr)?|hospital(?:number|no|nr)|ssn|socialsecurity(?:number|no)?"
)
#: Headings that mean a person where another column speaks of patients.
_BESIDE = re.compile(
    r"names?|fullname|surname|(?:first|last|family|given|fore)name|vorname|nachname|initials|nom|pr[eé]nom|nombre|"
    r"apellidos?"
)


def fields_in_rows(rows: Iterable[Sequence[str]], word: str = "row") -> Iterator[PersonalField]:
    """The cells below the headings that speak of patients, and those beside a cell that does."""
    wanted: dict[int, str] = {}
    for number, cells in enumerate(rows, 1):
        if wanted:
            yield from _cells(f"{word} {number}", cells, wanted)
            continue
        if is_numbers("".join(cells)):
            continue
        for kind, value in detect_subjects(": ".join(cells)):
            if not any(value in cell for cell in cells):
                yield PersonalField(where=f"{word} {number}", kind=kind, value=value)
        if number <= _HEADINGS_WITHIN:
            wanted = _columns(cells)


def _columns(row: Sequence[str]) -> dict[int, str]:
    """The columns that hold data of patients, with their headings; none unless one speaks of patients."""
    plain = {at: re.sub(r"[\W_]+", "", cell).casefold() for at, cell in enumerate(row) if len(cell) < 40}
    if not any(_OF_PATIENTS.fullmatch(heading) for heading in plain.values()):
        return {}
    return {
        at: row[at].strip()
        for at, heading in plain.items()
        if _OF_PATIENTS.fullmatch(heading) or _BESIDE.fullmatch(heading)
    }


def _cells(where: str, cells: Sequence[str], wanted: dict[int, str]) -> Iterator[PersonalField]:
    for at, heading in wanted.items():
        value = cells[at].strip() if at < len(cells) else ""
        if any(character.isalnum() for character in value) and value.casefold() not in ("n/a", "na", "none", "unknown"):
            yield PersonalField(where=f"column {heading}, {where}", kind=PersonalKind.SUBJECT, value=value)


def rows_of_text(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a table in text, whose separator is the one that its first lines have most of."""
    lines = iter(lines)
    first = list(islice(lines, _HEADINGS_WITHIN))
    counts = {one: sum(line.count(one) for line in first) for one in _SEPARATORS}
    separator = max(counts, key=lambda one: counts[one])
    try:
        yield from csv.reader(chain(first, lines), delimiter=separator)
    except csv.Error:
        return  # a cell too long to be one: no table of patients
