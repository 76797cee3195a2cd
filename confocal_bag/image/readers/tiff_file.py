"""A TIFF opened as all files of a depositor are: no link followed, its access time kept."""

from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from tifffile import TiffFile

from confocal_bag.image.regular_file import open_regular

__all__ = ["open_tiff"]


@dataclass(frozen=True, slots=True)
class _ToBeOpened:
    """What tifffile opens, and closes with the TiffFile, by the method that it knows of fsspec's files."""

    path: Path

    def open(self) -> BufferedReader:
        return open_regular(self.path)


def open_tiff(path: Path, **options: Any) -> TiffFile:
    """tifffile's TiffFile over `open_regular`; `options` are those of TiffFile. Raises what both raise."""
    source: Any = _ToBeOpened(path)
    return TiffFile(source, name=path.name, **options)
