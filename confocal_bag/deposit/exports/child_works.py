"""The parts of a dataset that have a specimen or an acquisition of their own: one folder, one child work.

The primer asks for a readme of the dataset, and for one of each child work as needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from confocal_bag.deposit.description.child_folders import folder_below_tiers
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import ChildWorkDescription, Description, Person
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.vocabulary import Tier

__all__ = ["ChildWork", "child_work_creators", "child_works"]

_DATA = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildWork:
    """One child work: its folder below each tier, the files in it as the deposit names them, and its description.

    `readme` is the place of its readme below data/; `own` is what deposit.yaml says of it by itself, None where
    nothing.
    """

    folder: PurePosixPath
    readme: PurePosixPath
    files: frozenset[PurePosixPath]
    description: Description
    own: ChildWorkDescription | None = None

    @property
    def title(self) -> str | None:
        """What it is called, where that is recorded."""
        title = self.own.title if self.own else None
        return title if says_something(title) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    """One image file: its folder below the tier, and the places of its specimens and acquisitions."""

    folder: PurePosixPath
    specimens: frozenset[int]
    acquisitions: frozenset[int]


def child_works(
    said: Description, inventory: Inventory, places: Mapping[PurePosixPath, PurePosixPath]
) -> tuple[ChildWork, ...]:
    """The child works in the order of their folders: those that are described, and folders that differ from others.

    Folders differ where they hold other specimens or acquisitions. `places` says where each file lies below data/.
    """
    index = DescriptionIndex(said)
    known = [file for file in inventory.files if file.path in places]
    images = [_image(index, said, file, places[file.path]) for file in known if file.tier in _DATA and file.images]
    held = {_below_tier(places[file.path]) for file in known}
    described = {
        folder: one
        for one in reversed(said.child_works)
        if one.folder and any(path.is_relative_to(folder := folder_below_tiers(one.folder)) for path in held)
    }
    described.pop(PurePosixPath("."), None)
    several = len(said.specimens) > 1 or len(said.acquisitions) > 1
    found = _own(images, PurePosixPath(".")) if images and several else iter(())
    apart = [one for one in found if not any(one.is_relative_to(a) or a.is_relative_to(one) for a in described)]
    works = sorted({*apart, *described})
    return tuple(_work(said, one, images, _files_in(one, known, places), described.get(one)) for one in works)


def child_work_creators(said: Description) -> tuple[Person, ...]:
    """Who made parts of the dataset and is not yet named as a creator or contributor of the whole, each once."""
    known = {_name_and_orcid(one) for one in (*said.creators, *said.contributors)}
    found = {_name_and_orcid(one): one for work in said.child_works for one in work.creators if one.inverted_name}
    return tuple(one for name, one in found.items() if name not in known)


def _name_and_orcid(person: Person) -> tuple[str | None, str | None]:
    return person.inverted_name, person.orcid


def _files_in(
    folder: PurePosixPath, known: Sequence[FileRecord], places: Mapping[PurePosixPath, PurePosixPath]
) -> frozenset[PurePosixPath]:
    return frozenset(one.path for one in known if _below_tier(places[one.path]).is_relative_to(folder))


def _image(index: DescriptionIndex, said: Description, file: FileRecord, place: PurePosixPath) -> _Image:
    described = [index.image(file, record, position) for position, record in enumerate(file.images)]
    specimens = {_place(said.specimens, one.specimen) for one in described}
    acquisitions = {_place(said.acquisitions, one.acquisition) for one in described}
    whole = place.parent if place.name in ZARR_TOPS else place  # an OME-Zarr is a folder, and no part of the dataset
    return _Image(
        folder=_below_tier(whole).parent,
        specimens=frozenset(specimens) - {-1},
        acquisitions=frozenset(acquisitions) - {-1},
    )


def _place(entries: Sequence[object], wanted: object) -> int:
    """Where an entry stands in its list; -1 for none."""
    return next((number for number, one in enumerate(entries) if one is wanted), -1)


def _below_tier(place: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(*place.parts[1:])


def _own(images: Sequence[_Image], folder: PurePosixPath) -> Iterator[PurePosixPath]:
    """The folders below `folder` that differ in what they hold; `folder` itself where they do not."""
    inside: dict[PurePosixPath, list[_Image]] = {}
    depth = len(folder.parts)
    is_top = folder == PurePosixPath(".")
    direct = False
    for image in images:
        if image.folder == folder:
            direct = True
        else:
            inside.setdefault(PurePosixPath(*image.folder.parts[: depth + 1]), []).append(image)
    kinds = {_kind(group) for group in inside.values()}
    if (direct and not is_top) or not inside:
        if not is_top:
            yield folder
        return
    if len(inside) == 1 and not direct:
        (only,) = inside
        yield from _own(inside[only], only)
    elif len(kinds) > 1 or (direct and kinds != {_kind([one for one in images if one.folder == folder])}):
        for child, group in inside.items():
            yield from _own(group, child)
    elif not is_top:
        yield folder


def _kind(images: Sequence[_Image]) -> tuple[frozenset[int], frozenset[int]]:
    specimens = frozenset().union(*(one.specimens for one in images))
    return specimens, frozenset().union(*(one.acquisitions for one in images))


def _work(
    said: Description,
    folder: PurePosixPath,
    images: Sequence[_Image],
    files: frozenset[PurePosixPath],
    own: ChildWorkDescription | None,
) -> ChildWork:
    specimens, acquisitions = _kind([one for one in images if one.folder.is_relative_to(folder)])
    specimens = _named((one.id for one in said.specimens), own.specimens if own else ()) or specimens
    acquisitions = _named((one.id for one in said.acquisitions), own.acquisitions if own else ()) or acquisitions
    kept = [said.acquisitions[number] for number in sorted(acquisitions)]
    instruments = {one.instrument for one in kept}
    names = {setting.channel for one in kept for setting in one.channels}
    return ChildWork(
        folder=folder,
        readme=PurePosixPath("readme") / folder / _readme_name(folder.name),
        files=files,
        own=own,
        description=said.model_copy(
            update={
                **_overrides(said, own),
                "specimens": tuple(said.specimens[number] for number in sorted(specimens)),
                "acquisitions": tuple(kept),
                "instruments": tuple(
                    one for one in said.instruments if one.id in instruments or len(said.instruments) == 1
                ),
                "channels": tuple(one for one in said.channels if not names or one.id in names),
            }
        ),
    )


def _named(ids: Iterable[str | None], names: Sequence[str]) -> frozenset[int]:
    """The places of the entries with these ids."""
    return frozenset(place for place, one in enumerate(ids) if one is not None and one in names)


def _overrides(said: Description, own: ChildWorkDescription | None) -> dict[str, object]:
    """What a child work says in the place of the dataset."""
    if own is None:
        return {}
    told = {name: getattr(own.protocols, name) for name in type(own.protocols).model_fields}
    protocols = said.protocols.model_copy(update={name: one for name, one in told.items() if one.is_recorded})
    return {"protocols": protocols, "creators": own.creators or said.creators}


def _readme_name(folder: str) -> str:
    """Named for the data it describes (Cornell guide)."""
    return f"README_{folder}.txt" if len(folder.encode()) <= _LONGEST_NAME else "README.txt"
