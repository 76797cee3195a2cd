"""Say in words how large an image is."""

import re

from confocal_bag.image.record import ImageRecord

__all__ = ["short_number", "summarize_dimensions"]

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
}


def summarize_dimensions(image: ImageRecord) -> str:
    """The size of an image in words: its axes, bit depth, pixel size and steps; lengths in micrometres.

    Axes of size 1 are left out, rows and columns apart. What the file does not record is said to be so.
    """
    shown = {name: size for name, size in image.axes.items() if size != 1 or name in "YX"}
    axes = " x ".join(_axis(name, size) for name, size in shown.items()) or "no axes"
    return "; ".join([f"{axes}, {_depth(image.dtype)}", ", ".join(_steps(image))])


def _axis(name: str, size: int) -> str:
    singular, plural = _WORDS.get(name, (f"step of axis {name}", f"steps of axis {name}"))
    return f"{size} {singular if size == 1 else plural}"


def _depth(dtype: str) -> str:
    found = re.fullmatch(r"[<>=|]?(uint|int|float|complex)(\d+)", dtype)
    if found is None:
        return "1-bit" if dtype == "bool" else f"pixel type {dtype}"
    kind = {"uint": "", "int": " signed", "float": " floating point", "complex": " complex"}[found[1]]
    return f"{found[2]}-bit{kind}"


def _steps(image: ImageRecord) -> list[str]:
    size, axes = image.pixel_size_um, image.axes
    steps = [_pixel(size.x, size.y if "Y" in axes else None, has_rows="Y" in axes)]
    if axes.get("Z", 1) > 1:
        steps.append(f"z step {_um(size.z)}" if size.z is not None else "z step not recorded")
    if axes.get("T", 1) > 1:
        step = image.time_increment_s
        steps.append(f"time step {short_number(step)} s" if step is not None else "time step not recorded")
    return steps


def _pixel(x: float | None, y: float | None, *, has_rows: bool) -> str:
    if x is not None and y is not None:
        return f"pixel {short_number(x)} x {short_number(y)} µm"
    if x is not None:
        return f"pixel {_um(x)} wide" + (", height not recorded" if has_rows else "")
    return f"pixel {_um(y)} high, width not recorded" if y is not None else "pixel size not recorded"


def _um(length: float) -> str:
    return f"{short_number(length)} µm"


def short_number(value: float) -> str:
    """A number for reading: five significant digits, no exponent for the sizes that microscopes have."""
    text = f"{value:.5g}"
    if "e" in text and abs(value) < 1e15:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.10f}".rstrip("0")
    return text
