"""Ask about what shows people: what protects patients whose data are in the files, and whether those named agree.

Values are shown as the findings have them, masked; nothing personal is repeated in a letter.
"""

from collections.abc import Iterator, Sequence

from confocal_bag.counted import counted
from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.layout import shortened
from confocal_bag.deposit.curation.request import Request
from confocal_bag.deposit.curation.wordings.people import AGREEMENT, PATIENTS, PEOPLE
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.privacy.answers import answers_for_patients
from confocal_bag.findings import Finding

__all__ = ["requests_about_people"]

_GATE, _PATIENT = "privacy.gate", "privacy.human-subject"
#: What names people who work with a microscope rather than those whose cells were imaged.
_NAMING = ("privacy.person", "privacy.contact", "privacy.name", "privacy.folder")
#: What keeps a build waiting where samples come from people: whatever names anybody, and what could not be searched.
_OF_ANYBODY = (*_NAMING, "privacy.place", "privacy.dicom", "privacy.not-searched")
_MOST_PLACES = 3
_LONGEST_MASKED = 24


def requests_about_people(findings: Sequence[Finding], view: DepositView) -> Iterator[tuple[str, Request]]:
    """The questions that personal data call for, each with its key."""
    patients = [one for one in findings if one.rule == _PATIENT and one.path]
    stopped = any(one.rule == _GATE for one in findings)
    if stopped or (patients and not answers_for_patients(view.description)):
        yield (
            PATIENTS,
            _request(PATIENTS, patients or [one for one in findings if one.rule in _OF_ANYBODY and one.path]),
        )
    named = [one for one in findings if one.rule in _NAMING and one.path]
    if named and not says_something(view.description.curation.questions.restrictions.note):
        yield AGREEMENT, _request(AGREEMENT, named)


def _request(key: str, found: Sequence[Finding]) -> Request:
    """One question for all of them, with what was seen in each file."""
    wording = PEOPLE[key]
    by_file: dict[str, dict[str, None]] = {}
    for one in found:
        by_file.setdefault(one.path or "", {}).update(dict.fromkeys(_places(one)))
    seen = tuple(_in_file(path, list(places)) for path, places in by_file.items())
    parts = wording.parts or ((key, "", wording.example),)
    cells = tuple(
        Cell(field=field, question=text or None, example=example, subjects=tuple(by_file), seen=() if number else seen)
        for number, (field, text, example) in enumerate(parts)
    )
    return Request(key=key, wording=wording, cells=cells, subjects=tuple(by_file), level=None)


def _places(finding: Finding) -> Iterator[str]:
    """Where in a file, and the value masked: UserName (a****)."""
    for one in finding.detail.get("fields", ()):
        where = str(one["field"]).rstrip("/").rpartition("/")[2].lstrip("@")
        yield f"{where} ({shortened(str(one['masked']), _LONGEST_MASKED)})"


def _in_file(path: str, places: Sequence[str]) -> str:
    if not places:
        return f"{path}: we could not look into it."
    left = len(places) - _MOST_PLACES
    more = f" and {counted(left, 'more place/more places')}" if left > 0 else ""
    return f"{path}: {'; '.join(places[:_MOST_PLACES])}{more}."
