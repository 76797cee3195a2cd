"""What people call the channels of a sequence whose files are told apart by name."""

from collections.abc import Iterable

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.placeholders import says_something

__all__ = ["described_names"]


def described_names(index: DescriptionIndex, records: Iterable[FileRecord]) -> dict[int | str, str]:
    """The names in deposit.yaml of the channels of these files, by what the file names say of each (2, or DAPI)."""
    names: dict[int | str, str] = {}
    for record in records:
        named = record.named_channel
        value = named.values[named.position] if named else None
        if value is None or value in names:
            continue
        (channel,) = index.image(record, record.images[0], 0).channels
        if channel is not None and channel.name and says_something(channel.name):
            names[value] = channel.name
    return names
