"""The files beside the main settings of an OIF or OIB: the settings of planes, and look-up tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Settings = Mapping[str, Mapping[str, Any]]

__all__ = ["first_planes", "table_colors", "time_ends"]

#: A plane is named after its numbers along the axes that were scanned: s_C001Z002T003.pty.
_PLANE = re.compile(r"(?:^|[\\/])s_(?:C(\d{3,}))?((?:[A-Z]\d{3,})*)\.pty$", re.IGNORECASE)
_TIME = re.compile(r"T(\d{3,})", re.IGNORECASE)


def first_planes(files: Any, names: list[str]) -> Iterator[tuple[int, Settings]]:
    """The settings of the first plane of every channel, by channel number from 1."""
    from oiffile import SettingsFile

    seen = set()
    for name in names:
        found = _PLANE.search(name)
        if found is None:
            continue
        channel = int(found[1] or 1)
        if channel not in seen:
            seen.add(channel)
            with files.open_file(name) as stream:
                yield channel, SettingsFile(stream, name=name)


def table_colors(files: Any, names: list[str]) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """The brightest colour of every look-up table: its last entry, in the order blue, green, red, 0."""
    for name in names:
        found = re.search(r"(?:^|[\\/])s_LUT(\d+)\.lut$", name, re.IGNORECASE)
        if found is None:
            continue
        with files.open_file(name) as stream:
            content = stream.read(1 << 20)
        if len(content) > 65536 * 4:
            blue, green, red, _ = content[-4:]
            yield int(found[1]), (red, green, blue)


def time_ends(files: Any, names: list[str]) -> tuple[Settings, Settings] | None:
    """The settings of the first and of the last plane in time, of the first channel and depth; None without times."""
    from oiffile import SettingsFile

    numbered = [
        (int(time[1]), name) for name in names if (found := _PLANE.search(name)) if (time := _TIME.search(found[2]))
    ]
    if len({number for number, _ in numbered}) < 2:
        return None
    ends = []
    for wanted in (min(numbered)[0], max(numbered)[0]):
        name = min(name for number, name in numbered if number == wanted)
        with files.open_file(name) as stream:
            ends.append(SettingsFile(stream, name=name))
    return ends[0], ends[1]
