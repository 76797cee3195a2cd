"""How a file inside a zip file of a deposit is named: scans.zip!/day1/cell.lsm, and what is named after it."""

from pathlib import PurePosixPath

from confocal_bag.image.file_names import safe_stem
from confocal_bag.image.format_table import ZARR_TOPS

__all__ = ["inner_path", "member_path", "safe_member"]


def inner_path(archive: PurePosixPath, member: PurePosixPath) -> PurePosixPath:
    """How a member of a zip file is written: scans.zip!/day1/cell.lsm."""
    return archive.with_name(f"{archive.name}!") / member


def member_path(archive: PurePosixPath, inner: PurePosixPath) -> PurePosixPath:
    """The path inside the zip file of what `inner_path` gave."""
    return inner.relative_to(archive.with_name(f"{archive.name}!"))


def safe_member(member: PurePosixPath) -> PurePosixPath:
    """The path of a member with names that every system can keep, for what a bag has beside the zip file.

    Of a member called con/aux.lsm, which Windows could not unpack from the bag, the sidecar has other names.
    """
    return PurePosixPath(*(part if part in ZARR_TOPS else safe_stem(part) for part in member.parts))
