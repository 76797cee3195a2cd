"""Numbers and words out of vendor headers: what is a value, what only stands where none was recorded."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.facts import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "confocal_mode",
    "finite",
    "immersion",
    "iso_date",
    "light_nm",
    "objective_from_name",
    "ole_date",
    "pixel_um",
    "positive",
    "printable",
    "rgb",
    "text",
    "wavelength_nm",
    "whole",
]

_NOT_RECORDED = {
    "", "?", "???", "-", "--", "none", "(none)", "n/a", "na", "nan", "null", "unknown", "other", "undefined",
    "unspecified", "not set", "not recorded", "not available", "not specified",
}  # fmt: skip

_MEDIA = {
    "air": "Air", "dry": "Air",
    "oil": "Oil", "o": "Oil", "oel": "Oil", "öl": "Oil", "imm oil": "Oil",
    "water": "Water", "w": "Water", "wi": "Water", "wasser": "Water",
    "glyc": "Glycerol", "gly": "Glycerol", "glycerol": "Glycerol", "glycerin": "Glycerol",
    "multi": "Multi", "imm": "Multi", "mimm": "Multi",
}  # fmt: skip

#: The longest line that confocal microscopes excite with; what is longer is a laser of two-photon microscopes.
_LONGEST_SINGLE_PHOTON_NM = 690

_THOUSANDS = re.compile(r"[-+]?[1-9]\d*,\d{3}(?:\.\d+)?")
_NUMBER = r"(\d*[.,]\d+|\d+)"
_MAGNIFICATION = re.compile(r"(?<![\d.,])" + _NUMBER + r"\s*[xX\u00d7]")
# Not behind any slash: the number in "\u221e/0.17" is the thickness of the cover glass.
_APERTURE = re.compile(r"(?:[xX\u00d7]\s*[A-Z]?\s*/?\s*|NA[:=\s]*)([01]?[.,]\d+)(?:\s*-\s*([01]?[.,]\d+))?")
_MEDIUM = re.compile(
    r"(?<![A-Za-z])(oil|oel|öl|water|wi|w|glycerol|glyc|gly|air|dry|m?imm)(?![a-z])"
    # Olympus: a letter behind the magnification, "UPLSAPO 60X O", "XLPLN25XWMP2".
    r"|\dx\s*([ow])(?=sc|mp|[^a-z]|$)",
    re.IGNORECASE,
)


def text(value: object) -> str | None:
    """A word or name, or None for the placeholders vendors write where there is none."""
    if not isinstance(value, str):
        return None
    cleaned = printable(value)
    return None if cleaned.lower() in _NOT_RECORDED else cleaned


def printable(value: str) -> str:
    """Text as XML 1.0 can carry it: without control characters and lone surrogates, spaces run together."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def finite(value: object) -> float | None:
    """A finite number of any sign, from a number or its text, or None.

    Some headers are written in the language of the machine: "12,5", and FluoView's "0,207.0" for 0.207. What may as
    well be thousands ("1,000", "2,000.0") is none.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        if _THOUSANDS.fullmatch(value.strip()):
            return None
        value = re.sub(r"^([-+]?\d+),(\d+(?:[eE][-+]?\d+)?)(?:\.0)?$", r"\1.\2", value.strip())
        if "_" in value:  # which Python takes for a separator
            return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def positive(value: object) -> float | None:
    """A finite number above zero, or None: 0 and -1 stand for "not recorded" in every vendor's headers."""
    number = finite(value)
    return number if number is not None and number > 0 else None


def whole(value: object) -> int | None:
    """A whole number above zero that fits 32 bits, or None."""
    number = positive(value)
    return int(number) if number is not None and number.is_integer() and number < 1 << 31 else None


def pixel_um(metres: object) -> float | None:
    """A pixel size or step given in metres, in micrometres; of a negative step, its size.

    Outside a picometre to a decimetre it is a filler: LSM files say 1e-19 where no z was scanned.
    """
    number = finite(metres)
    if number is None:
        return None
    size = abs(number) * 1e6
    return size if 1e-6 < size < 1e5 else None


def wavelength_nm(value: object, *, unit_nm: float = 1.0) -> float | None:
    """A wavelength of light in nm, from a number whose unit is `unit_nm`; None outside 150 to 3000 nm."""
    number = positive(value)
    if number is None:
        return None
    wavelength = round(number * unit_nm, 6)
    return wavelength if 150 <= wavelength <= 3000 else None


def light_nm(value: object) -> float | None:
    """A wavelength of light in nm, from nm or from metres: no light has a number that could be both."""
    return wavelength_nm(value) or wavelength_nm(value, unit_nm=1e9)


def confocal_mode(lines_nm: Iterable[float]) -> str | None:
    """OME's name for the mode of a laser scan; None where a line of the infrared excites with two photons at once."""
    return None if any(line > _LONGEST_SINGLE_PHOTON_NM for line in lines_nm) else "LaserScanningConfocalMicroscopy"


def rgb(value: object) -> tuple[int, int, int] | None:
    """Red, green and blue of "#RRGGBB" or "#AARRGGBB"."""
    match = re.fullmatch(r"#(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})", value) if isinstance(value, str) else None
    if match is None:
        return None
    red, green, blue = bytes.fromhex(match[1])
    return red, green, blue


def immersion(value: object) -> str | None:
    """OME's name of an immersion medium, or None."""
    word = text(value)
    return _MEDIA.get(word.lower()) if word else None


def objective_from_name(name: object) -> Objective:
    """What the name of a lens says: "Plan-Apochromat 40x/1.3 Oil DIC M27", "C PLAN 10.0x0.22 POL"."""
    model = text(name)
    if model is None:
        return Objective()
    magnification, medium = _MAGNIFICATION.search(model), _MEDIUM.search(model)
    return Objective(
        model=model,
        magnification=_decimal(magnification[1]) if magnification else None,
        numerical_aperture=_aperture(model),
        # OME has no name for silicone oil, and plain oil it is not.
        immersion=immersion(medium[1] or medium[2]) if medium and "sil" not in model.lower() else None,
    )


def _aperture(model: str) -> float | None:
    """The aperture in the name of a lens; of one with an iris, "0.7-1.4", the full one."""
    found = _APERTURE.search(model)
    return None if found is None else _decimal(found[2] or found[1])


def _decimal(words: str) -> float | None:
    return positive(words.replace(",", "."))


def iso_date(value: object) -> str | None:
    """An ISO 8601 date and time as it is written, or None; year 1 stands for "not recorded"."""
    if not isinstance(value, str):
        return None
    try:
        date = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return value.strip() if date.year > 1900 and "T" in value else None


def ole_date(days: object) -> str | None:
    """The date that counts days from 30 December 1899 (OLE), to the millisecond, without a time zone."""
    number = positive(days)
    if number is None or not 10_000 < number < 100_000:
        return None
    date = datetime(1899, 12, 30) + timedelta(milliseconds=round(number * 86_400_000))  # noqa: DTZ001 - local time
    return date.isoformat(timespec="milliseconds" if date.microsecond else "seconds")
