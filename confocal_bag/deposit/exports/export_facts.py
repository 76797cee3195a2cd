"""What every metadata export says: one set of facts, made fit to be written down once, so that all of them agree."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.described_sizes import sizes_of
from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.exports.events import Event
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.plain_text import cleaned
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.deposit.zips import inner_path
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.description.images import DescribedImage
    from confocal_bag.deposit.description.model import FileDescription
    from confocal_bag.image.record import ImageRecord

__all__ = ["DATA_TIERS", "ExportFacts", "ExportedImage", "legible", "presentable", "relative_uri", "utc_text"]

#: The tiers that hold the data themselves.
DATA_TIERS = (Tier.RAW.value, Tier.TRANSFORMED.value, Tier.PROCESSED.value)

#: Halves of UTF-16 pairs: YAML can escape them, UTF-8 cannot hold them.
_HALVES = re.compile("[\ud800-\udfff]")
#: Fields that name files and are compared with paths, letter for letter.
_PATHS = frozenset({"path", "derived_from", "folder"})
#: Fields that name people, some of whom have the name Na or No.
_NAMES = frozenset({"family", "given", "name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedImage:
    """One image in the bag: its file (as in the manifest), what its header records and what people say of it.

    `member` is its path inside the file where that is a zip file. What was made of an image, and is none that a
    microscope took, is not `acquired`.
    """

    path: str
    record: "ImageRecord"
    described: "DescribedImage"
    member: PurePosixPath | None = None
    acquired: bool = True

    @property
    def shown(self) -> str:
        """How its place is written: data/raw/cell.lsm, or in a zip file data/raw/scans.zip!/day1/cell.lsm."""
        return self.path if self.member is None else str(inner_path(PurePosixPath(self.path), self.member))

    @property
    def dimensions(self) -> str:
        """How large it is, in words, with what people say of that."""
        said = sizes_of(self.described.acquisition if self.acquired else None)
        return summarize_dimensions(self.record, said)


@dataclass(frozen=True, kw_only=True)
class ExportFacts:
    """Everything the exports say.

    `description` is `presentable`. `files` are the payload files written so far, by their paths in the bag;
    `descriptions` holds the entry of `files:` in deposit.yaml for those that have one, and for images in zip files by
    the place that is shown of them. `moment` is when the bag is
    made, to the second.
    """

    description: Description
    files: Sequence[InventoryRow]
    images: Sequence[ExportedImage] = ()
    descriptions: Mapping[str, "FileDescription"] = field(default_factory=dict)
    events: Sequence[Event] = ()
    bag_uuid: UUID
    moment: datetime
    software: str
    software_version: str

    @cached_property
    def packed(self) -> Mapping[str, Mapping[str, Sequence[ExportedImage]]]:
        """The images of each member of a zip file, by the path of that in the bag and by the place that is shown."""
        found: dict[str, dict[str, list[ExportedImage]]] = {}
        for one in self.images:
            if one.member is not None:
                found.setdefault(one.path, {}).setdefault(one.shown, []).append(one)
        return found

    @property
    def agent(self) -> str:
        """The program and its version, as events name it."""
        return f"{self.software} {self.software_version}"


def presentable(description: Description) -> Description:
    """The description with texts that every format can hold: printable, on one line; placeholders are not recorded.

    Control characters, which XML forbids, direction marks and lone surrogates are gone, as from the readme.
    """
    return Description.model_validate(_presentable(description.model_dump(by_alias=True)))


def _presentable(value: Any, *, of_person: bool = False) -> Any:
    if isinstance(value, str):
        return legible(value) if says_something(value, of_person=of_person) else None
    if isinstance(value, dict):
        of = _NAMES if "family" in value else frozenset()
        return {key: one if key in _PATHS else _presentable(one, of_person=key in of) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_presentable(one) for one in value]
    return value


def legible(text: str) -> str:
    """The text on one line, of printable characters that UTF-8 can hold."""
    return cleaned(_HALVES.sub("\ufffd", text))


def relative_uri(path: str) -> str:
    """A path as a relative URI reference (RFC 3986): everything but letters, digits and -._~/ percent-encoded."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def utc_text(moment: datetime) -> str:
    """A time in UTC to the second, such as 2019-07-01T12:00:00+00:00."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
