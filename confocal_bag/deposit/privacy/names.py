"""Personal data in the names of files, folders and series."""

import re

from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.numbering import image_number
from confocal_bag.image.privacy import PersonalField, PersonalKind
from confocal_bag.image.privacy.subjects import detect_subjects

__all__ = ["dates_in_names", "names_of", "subjects_in_names"]

_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}[-_.]?\d{2}[-_.]?\d{2}|\d{2}[-_.]\d{2}[-_.](?:19|20)\d{2})(?!\d)")
#: A year of a birth: before there were confocal microscopes that write files, or soon after.
_YEAR = re.compile(r"(?<=[^\W\d_][ _.,-])(?:19\d\d|200\d)(?![\w-]*\d{2})(?=$|[ _.,)-])")


def subjects_in_names(record: FileRecord) -> list[PersonalField]:
    """What looks like the record number or date of birth of a patient."""
    return [
        PersonalField(where=where, kind=kind, value=value)
        for where, text in names_of(record)
        for kind, value in detect_subjects(text)
    ]


def dates_in_names(record: FileRecord) -> list[PersonalField]:
    """Days in the name of a file, of a birth, an operation or only an image; and years that are no image's."""
    days = [*_DATE.findall(record.path.name), *_years_of_birth(record)]
    return [PersonalField(where="file name", kind=PersonalKind.DAY, value=day) for day in days]


def _years_of_birth(record: FileRecord) -> list[str]:
    """Years beside words, as in Mueller_Hans_1956_biopsy, in which the image was not acquired."""
    acquired = {image.instrument.acquired[:4] for image in record.images if image.instrument.acquired}
    return [year for year in _YEAR.findall(record.path.stem) if year not in acquired]


def names_of(record: FileRecord) -> list[tuple[str, str]]:
    """The names that a file goes by: of itself, its folders and its series."""
    parts = [("file name" if part == record.path.name else "folder name", part) for part in record.path.parts]
    series = [(f"name of {image_number(image.series, len(record.images))}", image.name) for image in record.images]
    return list(dict.fromkeys([*parts, *series]))
