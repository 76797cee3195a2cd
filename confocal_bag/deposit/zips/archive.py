"""Opens a zip file that came with a deposit, and says of a damaged one what is wrong with it."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.regular_file import open_regular
from confocal_bag.zip_format import ZIP_DAMAGE, refuse_huge_directory

__all__ = ["DamagedZip", "open_zip"]


class DamagedZip(CannotFinish):
    """A zip file is damaged as a whole: nothing in it can be had."""


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file for reading. Raises DamagedZip for one that is damaged, CannotFinish for one not to be read."""
    shown = readable_path(path)
    try:
        stream = open_regular(path.resolve())
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be read: {error.strerror}. Check its permissions.") from error
    with stream:
        try:
            refuse_huge_directory(stream)
            archive = zipfile.ZipFile(stream)
        except ZIP_DAMAGE as error:
            raise DamagedZip(
                f"{shown} is a damaged zip file ({str(error) or type(error).__name__}); ask for it again, or unpack it "
                "with a tool that repairs archives and give the folder."
            ) from error
        with archive:
            yield archive
