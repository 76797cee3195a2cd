"""Find the imaging settings that a sentence states, each with its value: a word alone sets nothing."""

import re
from enum import StrEnum

from confocal_bag.deposit.curation.statement import (
    clauses,
    denies,
    is_elsewhere,
    is_of_a_part,
    is_plain,
    without_citations,
)

__all__ = ["Setting", "settings_in"]

_FLAGS = re.IGNORECASE


class Setting(StrEnum):
    """A kind of imaging setting that a sentence can state."""

    MICROSCOPE = "the microscope"
    OBJECTIVE = "the objective"
    LIGHT = "wavelengths"
    SAMPLING = "the size of pixels or steps"
    DETECTION = "pinhole, gain or laser power"


_SETTINGS = {
    Setting.MICROSCOPE: re.compile(
        r"\b(?:zeiss|leica|nikon|olympus|evident|andor|yokogawa|perkin ?elmer|bruker)\b.{0,60}"
        r"(?:\b(?:confocal|microscope|LSM|SP[258]|STELLARIS|A1R?|C[12]|FV|Ti2?|CSU)\b|\d{3,4})"
        r"|\bLSM ?\d{3}\b|\bFV ?\d{3,4}\b",
        _FLAGS,
    ),
    Setting.OBJECTIVE: re.compile(
        r"\b\d{1,3}(?:\.\d)?\s?[x\u00d7](?:\s|/|,).{0,40}(?:objective|oil|water|glycerol|air|NA\b|\d\.\d)"
        r"|\b(?:NA|N\.A\.|numerical aperture)\s*(?:of|=|:)?\s*\d\.\d",
        _FLAGS,
    ),
    Setting.LIGHT: re.compile(
        r"\b[3-8]\d\d(?:\s?[-\u2013]\s?[3-8]\d\d)?\s?nm\b.{0,80}\b(?:laser|excit|emission|line|diode|detect|bandpass"
        r"|filter)"
        r"|\b(?:laser|excit\w*|emission|line|diode|detect\w*|bandpass|filter)\b.{0,80}"
        r"\b[3-8]\d\d\s?(?:[-\u2013]\s?[3-8]\d\d\s?)?nm\b",
        _FLAGS,
    ),
    Setting.SAMPLING: re.compile(
        r"\b(?:pixels?|voxels?|z[- ]?steps?|step size|z[- ]?spacing)\b.{0,40}?\d(?:[.,]\d+)?\s?(?:µm|μm|um|nm|micron)"
        r"|\d(?:[.,]\d+)?\s?(?:µm|μm|um|nm|microns?)\s?"
        r"(?:per pixel|/\s?(?:pixel|px)|pixels?\b|(?:z[- ]?)?steps?\b|apart)",
        _FLAGS,
    ),
    Setting.DETECTION: re.compile(
        r"\bpinhole\b.{0,40}\d|\d\s?(?:AU|Airy units?)\b|\bgain\b.{0,20}\d|\blaser power\b.{0,20}\d|\d\s?% laser",
        _FLAGS,
    ),
}

#: Instruments that are no light microscopes, whose settings are not those of the images.
_OTHER_INSTRUMENT = re.compile(
    r"\b(?:(?:scanning |transmission |cryo-?)*electron|[ST]EM|cryo-?EM|EM images|AFM|atomic force|x-?ray|micro-?CT"
    r"|MRI|ultrasound"
    r"|plate readers?|flow cytomet\w+|facs|spectro\w+|nanodrop|gel|blots?|qpcr|pcr|patch[- ]clamp|cryostat"
    r"|vibratome)\b",
    _FLAGS,
)
#: Settings of images that are told apart from those at hand.
_OF_OTHERS = re.compile(
    r"^\W*(?:(?:the|all|our) )?(?:other|further|additional|some|remaining|previous|earlier|pilot|test) (?:\w+ ){0,2}?"
    r"(?:images?|data|stacks?|experiments?|files?)\b",
    _FLAGS,
)


def settings_in(text: str) -> frozenset[Setting]:
    """The kinds of imaging settings that it states of the images at hand."""
    bare = without_citations(text)
    if not is_plain(bare) or is_elsewhere(bare) or _OF_OTHERS.search(bare):
        return frozenset()
    return frozenset(kind for kind, pattern in _SETTINGS.items() if any(_states(one, pattern) for one in clauses(bare)))


def _states(clause: str, pattern: re.Pattern[str]) -> bool:
    found = pattern.search(clause)
    if found is None or denies(clause) or _OTHER_INSTRUMENT.search(clause):
        return False
    return not is_of_a_part(clause[: found.start()])
