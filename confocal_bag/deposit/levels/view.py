"""The deposit as the practice levels look at it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.channel_ids import expanded_ids, expanded_lists
from confocal_bag.deposit.description.images import DescribedImage, described_images
from confocal_bag.deposit.description.model import AcquisitionChannel, AcquisitionDescription, Description
from confocal_bag.deposit.description.plan import partner_stem, stem_of
from confocal_bag.deposit.description.yaml import FieldPath
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.missing import Missing, Place
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.zips.inner_files import InnerFiles

__all__ = ["DepositView", "Need"]

_ENTRY_WORDS = {
    "specimens": "specimen",
    "channels": "channel",
    "instruments": "instrument",
    "acquisitions": "acquisition",
    "creators": "creator",
}


@dataclass(frozen=True, kw_only=True)
class DepositView:
    """What the levels are judged by.

    `lines` holds the line of each field of deposit.yaml; `z_planes` the files that are planes of a z-stack,
    `inner` what the zip files hold and no longer give.
    """

    description: Description
    inventory: Inventory
    transformed: bool | None
    lines: Mapping[FieldPath, int] = field(default_factory=dict)
    z_planes: frozenset[str] = frozenset()
    inner: "Sequence[InnerFiles]" = ()

    @cached_property
    def images(self) -> list[DescribedImage]:
        """The images to judge: all but the transformed copies of raw ones, for which the raw header speaks."""
        images = described_images(self.description, self.inventory)
        raw = {stem_of(image.header.path) for image in images if image.header.tier is Tier.RAW}
        return [
            image
            for image in images
            if image.header.tier is not Tier.TRANSFORMED or partner_stem(image.header.path, raw) is None
        ]

    def has(self, tier: Tier) -> bool:
        """Whether the bag will hold files of a tier."""
        if tier is Tier.TRANSFORMED and self.transformed is not None:
            return self.transformed
        return any(file.tier is tier for file in self.inventory.files)

    @cached_property
    def _indexes(self) -> Mapping[str, tuple[Mapping[int, int], Mapping[str, int]]]:
        """The places of the entries of each section, by the entry and by its id; a range comes before its channels."""
        indexes: dict[str, tuple[dict[int, int], dict[str, int]]] = {}
        for section in _ENTRY_WORDS:
            entries: Sequence[object] = getattr(self.description, section)
            names: dict[str, int] = {}
            lists = expanded_lists(getattr(entry, "id", None) for entry in entries)
            for index, ids in sorted(enumerate(lists), key=lambda pair: len(pair[1]) < 2):
                for name in ids:
                    names.setdefault(name, index)
            indexes[section] = ({id(entry): index for index, entry in enumerate(entries)}, names)
        return indexes

    def place(self, section: str, entry: object) -> Place | None:
        """Where an entry of a section stands; a channel that is in a range is filled in at the range."""
        entries, names = self._indexes[section]
        index = names.get(getattr(entry, "id", None) or "", entries.get(id(entry)))
        if index is None:
            return None
        name = getattr(getattr(self.description, section)[index], "id", None)
        return self._place((section, index), f"{_ENTRY_WORDS[section]} {name or index + 1}", name or str(index))

    def setting_place(self, acquisition: AcquisitionDescription, position: int, channel: str | None) -> Place | None:
        """Where the settings of a channel stand, its own or those of the range it is in."""
        of = self.place("acquisitions", acquisition)
        index = _where(acquisition.channels, channel)
        if of is None or (index is None and acquisition.channels):
            return of and Place(words=f"channel {position + 1} of {of.words}", field=f"{of.field}.channels[{position}]")
        name = acquisition.channels[index].channel if index is not None else str(position)
        place = self._indexes["acquisitions"][0][id(acquisition)]
        line = self.lines.get(("acquisitions", place, "channels", index)) if index is not None else None
        words = f"channel {name} of acquisition {acquisition.id or place + 1}"
        return Place(words=f"{words} (line {line})" if line else words, field=f"{of.field}.channels[{name}]")

    def _place(self, path: FieldPath, words: str, name: str) -> Place:
        line = self.lines.get(path)
        return Place(words=f"{words} (line {line})" if line else words, field=f"{path[0]}[{name}]")


def _where(settings: Sequence[AcquisitionChannel], channel: str | None) -> int | None:
    """The index of the settings of a channel: those of the range that it is in, else its own."""
    if channel is None:
        return None
    in_range = (i for i, one in enumerate(settings) if one.channel != channel and channel in expanded_ids(one.channel))
    own = (i for i, one in enumerate(settings) if one.channel == channel)
    return next(in_range, next(own, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that levels ask for: the fields that answer it, by their keys in the table of fields, and the check.

    All fields of a need have the same level in that table. `answers` are fields that answer it as well, though other
    levels ask for them, or none.
    """

    fields: tuple[str, ...]
    find: Callable[[DepositView], Iterator[Missing]]
    answers: tuple[str, ...] = ()
