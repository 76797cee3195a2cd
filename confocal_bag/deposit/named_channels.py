"""Channels that no header tells apart: of a file with one channel, the place that its name gives it in a sequence."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Rows
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.sequences.model import Sequence

if TYPE_CHECKING:
    from confocal_bag.deposit.inventory import FileRecord

__all__ = ["NamedChannel", "channels_by_name"]

#: More values along C than this are no channels that somebody describes one by one.
_MOST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChannel:
    """Which channel of a sequence the one channel of a file is.

    `position` counts from 0 among the channels, `values` are what the names say of each (2, or DAPI), and `examples`
    the first file of each.
    """

    position: int
    values: tuple[int | str, ...]
    examples: tuple[PurePosixPath, ...]

    @property
    def count(self) -> int:
        """How many channels the sequence has."""
        return len(self.values)

    @property
    def example(self) -> PurePosixPath:
        """The first file of this channel."""
        return self.examples[self.position]

    @property
    def names(self) -> tuple[str | None, ...]:
        """What the file names call each channel, where that is a word such as DAPI and not a number."""
        return tuple(str(one) if re.search(r"[^\W\d_]{2}", str(one)) else None for one in self.values)


def channels_by_name(
    sequences: Rows[Sequence], records: Mapping[PurePosixPath, "FileRecord"]
) -> dict[PurePosixPath, NamedChannel]:
    """The channel of each file of the sequences that have several, where each file holds one image of one channel."""
    return {path: channel for one in sequences for path, channel in _of_sequence(one, records)}


def _of_sequence(
    sequence: Sequence, records: Mapping[PurePosixPath, "FileRecord"]
) -> Iterator[tuple[PurePosixPath, NamedChannel]]:
    channels = sequence.axes.get("C")
    if channels is None or not 1 < channels.count <= _MOST:
        return
    places = {PurePosixPath(one.path): one.coordinates.get("C") for one in sequence.files}
    if not all(_holds_one_channel(records.get(path)) for path in places):
        return
    first: dict[int | str | None, PurePosixPath] = {}
    for path, value in places.items():
        first.setdefault(value, path)
    if set(first) != set(channels.values):
        return
    examples = tuple(first[value] for value in channels.values)
    for path, value in places.items():
        position = next(index for index, one in enumerate(channels.values) if one == value)
        yield path, NamedChannel(position=position, values=channels.values, examples=examples)


def _holds_one_channel(record: "FileRecord | None") -> bool:
    return record is not None and len(record.images) == 1 and record.images[0].axes.get("C", 1) == 1
