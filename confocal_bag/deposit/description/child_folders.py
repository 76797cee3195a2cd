"""The folders of child works: one for each tier, which people name together or by one of them."""

from pathlib import PurePosixPath

from confocal_bag.vocabulary import Tier

__all__ = ["folder_below_tiers", "is_in_folder"]

_TIERS = frozenset(tier.value for tier in Tier)


def folder_below_tiers(folder: str) -> PurePosixPath:
    """The folder without that of its tier: balbc for balbc, balbc/ and raw/balbc."""
    return _below_tier(PurePosixPath(folder.strip("/")))


def is_in_folder(path: PurePosixPath, folder: str) -> bool:
    """Whether a file lies in a folder, whichever tier it is in."""
    wanted = folder_below_tiers(folder)
    return bool(wanted.parts) and (path.is_relative_to(wanted) or _below_tier(path).is_relative_to(wanted))


def _below_tier(path: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(*path.parts[1:]) if path.parts[:1] and path.parts[0] in _TIERS else path
