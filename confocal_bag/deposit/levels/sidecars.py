"""Of which images no OME-XML can be written: the most demanding level asks for it of every one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.levels.missing import Missing, first_of, needed
from confocal_bag.deposit.levels.view import DepositView, Need
from confocal_bag.deposit.source import EntryKind
from confocal_bag.deposit.tiers import has_microscope_extension, image_folder
from confocal_bag.deposit.zips import inner_path
from confocal_bag.findings import readable_path
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.zips.inner_files import InnerFiles

__all__ = ["SIDECAR_NEEDS", "without_sidecars"]

_WITH_SIDECARS = (Tier.RAW, Tier.TRANSFORMED)
_OPEN_IMAGES = (".tif", ".tiff")


def _find(view: DepositView) -> Iterator[Missing]:
    unread = {
        readable_path(file.path): file.image_problem
        for file in view.inventory.every
        if file.tier in _WITH_SIDECARS and _is_unread(file)
    }
    tiers = {file.path: file.tier for file in view.inventory.files}
    for one in view.inner:
        if tiers.get(one.archive) in _WITH_SIDECARS:
            unread |= _lost(one)
    if unread:
        yield without_sidecars(unread)


def _is_unread(file: FileRecord) -> bool:
    """Whether a file should hold an image and none could be read; a part of an image in several files is no image."""
    is_part = file.set_head not in (None, file.path) or image_folder(file.path)
    return not file.images and not is_part and (file.format.kind is Kind.IMAGE or file.image_problem is not None)


def _lost(inner: "InnerFiles") -> Mapping[str, str | None]:
    """What a zip file no longer gives and may be an image: of one that cannot be looked into, all of it."""
    if inner.problem is not None:
        return {readable_path(inner.archive): inner.problem}
    return {
        readable_path(inner_path(inner.archive, one.path)): one.note
        for one in inner.unreadable
        if one.kind is EntryKind.UNREADABLE
        and (has_microscope_extension(one.path) or one.path.suffix.lower() in _OPEN_IMAGES or image_folder(one.path))
    }


def without_sidecars(unread: Mapping[str, str | None]) -> Missing:
    """That these images, by their names and with what is wrong, cannot be described by OME-XML."""
    paths: Sequence[str] = list(unread)
    problem = (unread[paths[0]] or "").rstrip(".")
    why = f" ({problem})" if problem else ""
    return needed(
        "metadata",
        f"No OME-XML can be written for {first_of(paths)}, because the image cannot be read{why}.",
        "Ask the depositor for an intact copy, or for the same image as OME-TIFF",
        subjects=paths,
    )


SIDECAR_NEEDS: tuple[Need, ...] = (Need(fields=("metadata",), find=_find),)
