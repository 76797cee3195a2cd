"""What all parts of an image have in common: its planes, tracks or sequential scans.

A value of one part is not that of the image; where the parts differ, the image has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from confocal_bag.image.acquisition.facts import Laser

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["powers_of", "shared", "shared_lasers"]

_Value = TypeVar("_Value")


def shared(values: Iterable[_Value | None]) -> _Value | None:
    """The value that all parts have; None where they differ, or one of them has none."""
    first, *others = [*values] or [None]
    return first if all(other == first for other in others) else None


def shared_lasers(parts: Iterable[Sequence[Laser]]) -> tuple[Laser, ...]:
    """The lines that lit any part, by wavelength; name and power where all parts lit by a line have the same."""
    lines: dict[float, list[Laser]] = {}
    for part in parts:
        for laser in part:
            lines.setdefault(laser.wavelength_nm, []).append(laser)
    return tuple(
        Laser(
            wavelength_nm=line,
            name=shared(laser.name for laser in lines[line]),
            power=shared(laser.power for laser in lines[line]),
        )
        for line in sorted(lines)
    )


def powers_of(lasers: Iterable[Laser], lines: Sequence[float]) -> Mapping[float, str]:
    """The power of each of these lines in one part; a line that the part has twice, with two powers, has none."""
    powers: dict[float, Any] = {laser.wavelength_nm: laser.power for laser in shared_lasers([[*lasers]])}
    return {line: powers[line] for line in lines if powers.get(line)}
