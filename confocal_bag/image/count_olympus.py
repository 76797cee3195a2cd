"""Count the planes of an Olympus OIB or OIF by its list of plane files."""

import stat
from collections.abc import Iterator
from pathlib import Path

from confocal_bag.findings import readable_path
from confocal_bag.image.compound_file import CompoundFileError, check_structure
from confocal_bag.image.count import DamagedFileError
from confocal_bag.image.fault import reason
from confocal_bag.image.regular_file import open_regular

__all__ = ["count_oib", "count_oif"]

#: No settings file of a real OIF comes near this.
_LARGEST_SETTINGS = 1 << 26
_SETTINGS = (".oif", ".pty", ".lut", ".txt")


def count_oib(path: Path) -> int:
    """Plane files listed in the OIB, after a check of its structure."""
    from oiffile import OibFileSystem

    from confocal_bag.image.readers.choice import reader_errors

    try:
        with open_regular(path) as stream:
            check_structure(stream)
    except CompoundFileError as error:
        raise DamagedFileError(str(error)) from error
    try:
        files = OibFileSystem(str(path))
    except reader_errors() as error:
        raise DamagedFileError(f"its list of streams cannot be read ({reason(path, error)})") from error
    try:
        return sum(1 for name in files.files() if _is_plane(str(name)))
    finally:
        files.close()


def count_oif(path: Path) -> int:
    """Plane files in the folder beside the OIF. No file of the set may be a link, or absurdly large for settings."""
    folder = path.with_name(path.name + ".files")
    if folder.is_symlink() or not folder.is_dir():
        raise DamagedFileError(f"the folder {readable_path(folder.name)} with its planes is not beside it")
    _check_settings_size(path)
    return sum(1 for one in _companions(folder) if _is_plane(one.name))


def _companions(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        mode = one.lstat().st_mode
        # Servers keep folders of their own in every folder.
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise DamagedFileError(f"{readable_path(f'{folder.name}/{one.name}')} is not a regular file")
        _check_settings_size(one)
        yield one


def _check_settings_size(one: Path) -> None:
    size = one.stat().st_size
    if one.name.lower().endswith(_SETTINGS) and size > _LARGEST_SETTINGS:
        raise DamagedFileError(f"the settings file {readable_path(one.name)} has {size} bytes")


def _is_plane(name: str) -> bool:
    from confocal_bag.image.readers.oif import coordinates_in

    return coordinates_in(name) is not None
