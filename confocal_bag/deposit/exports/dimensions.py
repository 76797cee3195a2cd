"""Say in words how large an image is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from confocal_bag.deposit.description.facts import agree_but_for_rounding, number_text
from confocal_bag.image.record import ImageRecord

__all__ = ["DescribedSizes", "pixel_in_words", "prose_number", "short_number", "size_in_words", "summarize_dimensions"]

#: How a number is written.
Number = Callable[[float], str]

_WORDS = {
    "X": ("column", "columns"),
    "Y": ("row", "rows"),
    "Z": ("z-plane", "z-planes"),
    "C": ("channel", "channels"),
    "T": ("time point", "time points"),
    "S": ("colour sample", "colour samples"),
    "L": ("wavelength step", "wavelength steps"),
    "P": ("position", "positions"),
    "M": ("mosaic tile", "mosaic tiles"),
    "W": ("well", "wells"),
    "H": ("detector phase", "detector phases"),
    "R": ("rotation", "rotations"),
    "A": ("angle", "angles"),
    "N": ("numbered plane", "numbered planes"),
    "E": ("excitation wavelength", "excitation wavelengths"),
    "I": ("illumination", "illuminations"),
    "V": ("view", "views"),
    "K": ("repeat", "repeats"),
    "F": ("lifetime step", "lifetime steps"),
    "G": ("tile", "tiles"),
}
_FROM_DESCRIPTION = " (from deposit.yaml)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedSizes:
    """What people say of the size of a pixel and of steps, in micrometres and seconds; None where they do not."""

    x_um: float | None = None
    y_um: float | None = None
    z_um: float | None = None
    time_s: float | None = None
    scale_bar: bool = False


def summarize_dimensions(image: ImageRecord, said: DescribedSizes | None = None) -> str:
    """The size of an image in words: its axes, bit depth, pixel size and steps; lengths in micrometres.

    Axes of size 1 are left out, rows and columns apart. What the file does not record is taken from what people
    say, and marked so, or said not to be recorded. Where the two contradict each other both stand with their sources.
    """
    shown = {name: size for name, size in image.axes.items() if size != 1 or name in "YX"}
    axes = " x ".join(_axis(name, size) for name, size in shown.items()) or "no axes"
    steps = _steps(image, said or DescribedSizes(), short_number)
    return "; ".join([f"{axes}, {_depth(image.dtype)}", ", ".join(steps)])


def size_in_words(image: ImageRecord) -> str:
    """The axes and depth of an image, as people say them: 512 x 512 pixels, 2 channels, 10 z-planes, 16-bit."""
    axes = {name: size for name, size in image.axes.items() if size != 1 or name in "YX"}
    if "X" in axes and "Y" in axes:
        first = [f"{axes.pop('X')} x {axes.pop('Y')} pixels"]
    elif "X" in axes and "Z" in axes:
        first = [f"{axes.pop('X')} x {axes.pop('Z')} pixels (x by z)"]
    else:
        first = []
    return ", ".join([*first, *(_axis(name, size) for name, size in axes.items()), _depth(image.dtype)])


def pixel_in_words(image: ImageRecord, said: DescribedSizes | None = None) -> str:
    """The size of a pixel and of steps in words, as `summarize_dimensions` says them, without the word pixel."""
    first, *others = _steps(image, said or DescribedSizes(), prose_number)
    return ", ".join([first.removeprefix("pixel size: ").removeprefix("pixel size ").removeprefix("pixel "), *others])


def _axis(name: str, size: int) -> str:
    singular, plural = _WORDS.get(name, (f"step of axis {name}", f"steps of axis {name}"))
    return f"{size} {singular if size == 1 else plural}"


def _depth(dtype: str) -> str:
    found = re.fullmatch(r"[<>=|]?(uint|int|float|complex)(\d+)", dtype)
    if found is None:
        return "1-bit" if dtype == "bool" else f"pixel type {dtype}"
    kind = {"uint": "", "int": " signed", "float": " floating point", "complex": " complex"}[found[1]]
    return f"{found[2]}-bit{kind}"


def _steps(image: ImageRecord, said: DescribedSizes, number: Number) -> list[str]:
    size, axes = image.pixel_size_um, image.axes
    steps = [_pixel_in_words(image, said, number)]
    if axes.get("Z", 1) > 1:
        steps.append(f"z step {_known(size.z, said.z_um, 'µm', number)}")
    if axes.get("T", 1) > 1:
        steps.append(f"time step {_known(image.time_increment_s, said.time_s, 's', number)}")
    return steps


def _known(recorded: float | None, said: float | None, unit: str, number: Number) -> str:
    if recorded is not None:
        text = f"{number(recorded)} {unit}"
        if said is None or agree_but_for_rounding(said, recorded):
            return text
        return text + _against(f"{number(said)} {unit}")
    return "not recorded" if said is None else f"{number(said)} {unit}{_FROM_DESCRIPTION}"


def _pixel_in_words(image: ImageRecord, said: DescribedSizes, number: Number) -> str:
    size, has_rows = image.pixel_size_um, "Y" in image.axes
    y = size.y if has_rows else None
    complete = size.x is not None and (y is not None or not has_rows)
    told = (said.x_um if size.x is None else size.x, (said.y_um if y is None else y) if has_rows else None)
    if not complete and said.scale_bar:
        return f"pixel size: see the scale bar in the image{_FROM_DESCRIPTION}"
    if not complete and told != (size.x, y):
        return _pixel(*told, number, has_rows=has_rows) + _FROM_DESCRIPTION
    pairs = ((said.x_um, size.x), (said.y_um, y))
    other = [a is not None and b is not None and not agree_but_for_rounding(a, b) for a, b in pairs]
    text = _pixel(size.x, y, number, has_rows=has_rows)
    if not any(other):
        return text
    return text + _against(_pixel(said.x_um, said.y_um if has_rows else None, number, has_rows=has_rows))


def _against(said: str) -> str:
    """What stands behind a length of the header where people say another."""
    return f" (by the header; {said.removeprefix('pixel ')} by deposit.yaml)"


def _pixel(x: float | None, y: float | None, number: Number, *, has_rows: bool) -> str:
    if x is not None and y is not None:
        return f"pixel {number(x)} x {number(y)} µm"
    if x is not None:
        return f"pixel {number(x)} µm wide" + (", height not recorded" if has_rows else "")
    return f"pixel {number(y)} µm high, width not recorded" if y is not None else "pixel size not recorded"


def prose_number(value: float) -> str:
    """A number as sentences and readmes have it: four significant digits, and no digit before the point is lost.

    Documents for programs have it as `short_number` writes it.
    """
    whole = len(str(int(abs(value))))
    if abs(value) < 1:
        return number_text(float(f"{value:.4g}"))
    # Halves go up, of the digits as they are written: bands of one width keep it.
    step = Decimal(1).scaleb(-max(0, 4 - whole))
    return number_text(float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP, Context(prec=400))))


def short_number(value: float) -> str:
    """A number for reading, with the digits that a header's value has in deposit.yaml."""
    return number_text(value)
