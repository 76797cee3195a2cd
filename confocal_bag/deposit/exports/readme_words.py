"""The words in which a readme says what the description keeps as one of a closed set of names."""

import colorsys
import re

from confocal_bag.deposit.description.model import AccessLevel, Audience
from confocal_bag.deposit.exports.sentence_words import direction_in_words
from confocal_bag.vocabulary import PracticeLevel

__all__ = [
    "ACCESS",
    "AUDIENCES",
    "LEVELS",
    "LEVEL_MEANINGS",
    "colour_in_words",
    "count",
    "joined",
    "listed",
    "measured",
    "role_in_words",
    "scan_in_words",
    "without_advice",
    "words_of",
]

LEVELS = {
    PracticeLevel.MINIMUM: "Minimum Practice",
    PracticeLevel.GOOD_ENOUGH: "Good Enough Practice",
    PracticeLevel.MOST_REPRODUCIBLE: "Most Reproducible and Reusable Practice",
}

#: What each level means (primer, "Guidelines for data and documentation to be deposited").
LEVEL_MEANINGS = {
    PracticeLevel.MINIMUM: "what was received is preserved, with a minimal description of the sample, a minimal "
    "protocol, and descriptive and technical metadata",
    PracticeLevel.GOOD_ENOUGH: "the transformed data, or what was submitted to a publication, are preserved with a "
    "description of the sample, the protocol by which they were made, and descriptive and technical metadata",
    PracticeLevel.MOST_REPRODUCIBLE: "transformed, analysed and annotated files are preserved, raw files as resources "
    "allow, with a detailed description of the sample, a detailed protocol, and descriptive and technical metadata in "
    "files of their own",
}

ACCESS = {
    AccessLevel.OPEN: "open: anyone may have the data",
    AccessLevel.EMBARGOED: "under embargo: nobody may have the data before it ends",
    AccessLevel.RESTRICTED: "restricted: the data are given out on conditions only",
}

AUDIENCES = {
    Audience.RESEARCHERS: "researchers",
    Audience.EDUCATION: "teachers and students",
    Audience.MEDIA: "media outlets",
    Audience.PUBLIC: "the general public",
}

_ADVICE = re.compile(r"\bthe depositor\b|^(?:ask|compare|check|look|copy|send|open|export|try|see)\b", re.IGNORECASE)
_HUES = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "cyan"),
    (260, "blue"),
    (290, "violet"),
    (335, "magenta"),
    (361, "red"),
)


def joined(*parts: str | None, between: str = ", ") -> str | None:
    """What is known of the parts, in a row; None where nothing is."""
    return between.join(part for part in parts if part) or None


def listed(parts: "list[str]") -> str | None:
    """Parts in a row: a, b and c."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts) or None


def measured(value: float | None, unit: str) -> str | None:
    """A number with its unit; None where it is not recorded."""
    from confocal_bag.deposit.exports.dimensions import prose_number

    return None if value is None else f"{prose_number(value)} {unit}".strip()


def count(number: int, word: str) -> str:
    """A number of things: 1 file, 2 files."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def without_advice(text: str) -> str:
    """What was seen, without what a curator was told to do about it, which is nothing to readers of the bag."""
    told = [one for one in re.split(r"(?<=[.;])\s+", text) if not _ADVICE.search(one)]
    return " ".join(told or [text]).rstrip(" ;")


def words_of(name: str) -> str:
    """A name of a controlled list as words: IsSupplementTo is "is supplement to"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


def role_in_words(role: str) -> str:
    """A role as words: data-curator is "data curator"."""
    return words_of(role.replace("-", " "))


def scan_in_words(mode: str | None, direction: str | None) -> str | None:
    """How the beam moved; a mode is the microscope's own word."""
    way = direction_in_words(direction)
    return joined(f"mode {mode}" if mode else None, way and way.removeprefix("with the scan "))


def colour_in_words(code: str | None) -> str | None:
    """A display colour by its name, with its code: green #00FF00."""
    found = re.fullmatch(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", code or "")
    if found is None:
        return code
    red, green, blue = (int(part, 16) / 255 for part in found.groups())
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < 0.1:
        name = "black"
    elif saturation < 0.15:
        name = "white" if value > 0.9 else "grey"
    else:
        name = next(name for end, name in _HUES if hue * 360 < end)
    return f"{name} {code}"
