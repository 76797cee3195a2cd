"""Keep an empty folder by a file in it: a manifest lists files only (RFC 8493 2.1.3), so the folder would be lost."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from confocal_bag.deposit.tiers import payload_paths, tier_folder
from confocal_bag.vocabulary import Tier

__all__ = ["PLACEHOLDER", "keep_empty_folders"]

#: The name of the file, without content, that stands for an empty folder.
PLACEHOLDER = ".keep"


def keep_empty_folders(
    folders: Iterable[PurePosixPath], taken: Iterable[PurePosixPath]
) -> dict[PurePosixPath, PurePosixPath]:
    """For each empty folder of a deposit, the place below data/ of the empty file that keeps it.

    `folders` are the paths in the deposit of folders with neither files nor folders in them, `taken` the places
    below data/ of everything else that the bag will hold. A folder goes where its files would have gone: into the
    tier it is named after, else into raw; where that place is taken, into the tier's folder "depositor", as files do.
    """
    placeholders = {folder / PLACEHOLDER: folder for folder in folders}
    places = payload_paths({path: _tier(path) for path in placeholders}, taken)
    return {placeholders[path]: place for path, place in places.items()}


def _tier(path: PurePosixPath) -> Tier:
    named = tier_folder(path)
    return named[1] if named else Tier.RAW
