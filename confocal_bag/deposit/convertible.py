"""What a path on the command line gives to convert: itself, or the images in it where it is a zip file."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.source import Deposit, open_deposit
from confocal_bag.deposit.tiers import image_folder, litter_reason
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.formats import identify
from confocal_bag.image.readers.plugins import is_readable

__all__ = ["ImageToConvert", "images_to_convert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageToConvert:
    """One image: where it lies, the stem for the names of its results, and how it is written for people.

    An image out of a zip file lies in the private folder of `archive`, which lasts as long as someone holds that.
    """

    path: Path
    stem: str
    shown: str
    archive: Deposit | None = field(default=None, repr=False)


def images_to_convert(path: Path) -> tuple[ImageToConvert, ...]:
    """The images that a path stands for: itself, or those in a zip file.

    Raises CannotFinish for a zip file without an image, and for one that is damaged or not safe to unpack.
    """
    if identify(path).id != "zip":
        return (ImageToConvert(path=path, stem=path.name, shown=readable_path(path)),)
    from confocal_bag.deposit.zips import inner_path

    opened = open_deposit(path)
    members = [entry.path for entry in opened.files if _is_image(opened, entry.path)]
    if not members:
        raise CannotFinish(f"{readable_path(path)} holds no image that can be read here; see `confocal-bag inspect`.")
    stems = {member: _stem(path, member) for member in members}
    times = Counter(stems.values())
    return tuple(
        ImageToConvert(
            path=opened.local(member),
            stem=stems[member] if times[stems[member]] == 1 else str(member),
            shown=readable_path(Path(inner_path(PurePosixPath(path), member))),
            archive=opened,
        )
        for member in members
    )


def _is_image(opened: Deposit, member: PurePosixPath) -> bool:
    if image_folder(member) or litter_reason(member):
        return False
    return is_readable(member, identify(opened.local(member)))


def _stem(path: Path, member: PurePosixPath) -> str:
    """Folders of the zip file become part of the name; of an OME-Zarr the folder, or the zip file, is the name."""
    if str(member) in ZARR_TOPS:
        return path.name
    parts = member.parent.parts if member.parent.suffix.lower() == ".zarr" else member.parts
    return "_".join(parts)
