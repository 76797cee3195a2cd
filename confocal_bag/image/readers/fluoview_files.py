"""The files of an Olympus OIB, or of an OIF and the folder beside it."""

from pathlib import Path
from typing import Any, BinaryIO

from confocal_bag.image.regular_file import open_regular

__all__ = ["open_files"]

_OLE2 = b"\xd0\xcf\x11\xe0"


def open_files(path: Path) -> tuple[Any, list[str]]:
    """The opened file system, which has `settings`, `open_file` and `close`, and the names of its files."""
    from oiffile import OibFileSystem

    with open_regular(path) as stream:
        is_oib = stream.read(4) == _OLE2
    if is_oib:
        compound = OibFileSystem(str(path))
        return compound, [str(name) for name in compound.files()]
    folder = path.with_name(f"{path.name}.files")
    return _OifFolder(path), [path.name, *(f"{folder.name}/{one.name}" for one in sorted(folder.iterdir()))]


class _OifFolder:
    """The file system of an OIF; that of oiffile follows links, and finds nothing where the name has brackets."""

    def __init__(self, path: Path) -> None:
        from oiffile import SettingsFile

        self._folder = path.parent
        with open_regular(path) as stream:
            self.settings: Any = SettingsFile(stream, name=path.name)

    def open_file(self, name: str) -> BinaryIO:
        """Open a file by its name in the folder of the OIF."""
        return open_regular(self._folder / name)

    def close(self) -> None:
        """Nothing is kept open."""
