"""The payload files of a bag that its inventory does not list, such as the inventory itself."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import identify
from confocal_bag.page.kept import Kept
from confocal_bag.page.run import RunFile, RunFormat

__all__ = ["unlisted_files"]


def unlisted_files(kept: Kept, folder: Path | None) -> Iterator[RunFile]:
    """Each with its size and tier; its format where the bag lies in, or was unpacked into, a folder."""
    listed = {one.path for one in kept.files}
    for path, size in kept.payload.items():
        shown = readable_path(path)
        if shown not in listed:
            yield RunFile(path=shown, bytes=size, format=_format(path, folder), tier=_tier(path))


def _tier(path: str) -> str:
    """The folder below data/ that a file lies in, if any."""
    parts = PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 else ""


def _format(path: str, folder: Path | None) -> RunFormat:
    if folder is None:
        return RunFormat(name="not looked into")
    try:
        known = identify(folder / path)
    except CannotFinish:
        return RunFormat(name="not readable")
    return RunFormat(name=known.name, puid=known.puid, mime=known.mime, open=known.open)
