"""The files of an Olympus OIB, or of an OIF and the folder beside it."""

from pathlib import Path
from typing import Any

__all__ = ["open_files"]

_OLE2 = b"\xd0\xcf\x11\xe0"


def open_files(path: Path) -> tuple[Any, list[str]]:
    """The opened file system of oiffile, which has `settings`, `open_file` and `close`, and the names of its files."""
    from oiffile import OibFileSystem, OifFileSystem

    with path.open("rb") as stream:
        is_oib = stream.read(4) == _OLE2
    if is_oib:
        compound = OibFileSystem(str(path))
        return compound, [str(name) for name in compound.files()]
    folder = path.with_name(f"{path.name}.files")
    # oiffile lists the folder by a pattern, which finds nothing where its name has brackets.
    return OifFileSystem(str(path)), [path.name, *(f"{folder.name}/{one.name}" for one in sorted(folder.iterdir()))]
