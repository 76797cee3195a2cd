"""OME's length and time units in micrometres and seconds; None for what is no measure, as "pixel"."""

from __future__ import annotations

from enum import Enum

__all__ = ["micrometres", "nanometres", "seconds"]

_MICROMETRES = {
    "m": 1e6, "dm": 1e5, "cm": 1e4, "mm": 1e3, "µm": 1.0, "nm": 1e-3, "pm": 1e-6, "fm": 1e-9,
    "Å": 1e-4, "in": 25400.0, "km": 1e9, "thou": 25.4, "li": 25400.0 / 12, "ft": 304800.0,
}  # fmt: skip
_SECONDS = {
    "s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "ps": 1e-12, "min": 60.0, "h": 3600.0, "d": 86400.0,
}  # fmt: skip


def micrometres(value: float | None, unit: Enum | str | None) -> float | None:
    """A length in micrometres, or None where there is none or its unit is no length."""
    return _convert(value, unit, _MICROMETRES)


def nanometres(value: float | None, unit: Enum | str | None) -> float | None:
    """A length in nanometres; a value that is in nanometres already is passed on exactly."""
    if value is not None and _name(unit) == "nm":
        return value
    length = micrometres(value, unit)
    return None if length is None else length * 1000


def seconds(value: float | None, unit: Enum | str | None) -> float | None:
    """A time in seconds, or None where there is none."""
    return _convert(value, unit, _SECONDS)


def _convert(value: float | None, unit: Enum | str | None, table: dict[str, float]) -> float | None:
    factor = table.get(_name(unit))
    return None if value is None or factor is None else value * factor


def _name(unit: Enum | str | None) -> str:
    return str(unit.value if isinstance(unit, Enum) else unit)
