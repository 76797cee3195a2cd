"""A bioio plugin made for a test: a module, and the metadata of a distribution that brings it."""

import sys
from pathlib import Path

import pytest

from confocal_bag.image import worker
from confocal_bag.image.readers.plugins import find_plugins

__all__ = ["install_plugin", "write_fake"]

_MODULE = """
import numpy as np, xarray as xr
from dask.array import from_array
from bioio_base import exceptions, reader, reader_metadata, types

class Reader(reader.Reader):
    @classmethod
    def _is_supported_image(cls, fs, path, **_):
        with open(path, "rb") as stream:
            if stream.read(4) != b"FAKE":
                raise exceptions.UnsupportedFileFormatError("fake", path)
        return True

    def __init__(self, image, **_):
        self._path = str(image)
        self._fs = None
        self._is_supported_image(None, self._path)

    @property
    def scenes(self):
        return ("first", "second")

    def _read_delayed(self):
        values = np.fromfile(self._path, dtype="<u2", offset=4).reshape(2, 3, 2, 4, 5)[self.current_scene_index]
        lazy = from_array(values, chunks=(1, 1, 4, 5))
        return xr.DataArray(lazy, dims=list("ZCYX"), coords={"C": ["DAPI", "Channel:0:1"]})

    def _read_immediate(self):
        return self._read_delayed().compute()

    @property
    def channel_names(self):
        return ["DAPI", "Channel:0:1"]

    @property
    def physical_pixel_sizes(self):
        return types.PhysicalPixelSizes(1.0, 0.2, 0.3)

class ReaderMetadata(reader_metadata.ReaderMetadata):
    @staticmethod
    def get_supported_extensions():
        return [EXTENSIONS]

    @staticmethod
    def get_reader():
        return Reader
"""


def install_plugin(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, extensions: str = '"fake", ".lsm"', module: str = _MODULE
) -> None:
    """Put the plugin on the path of this process and of those it starts, and have plugins looked for again."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (folder / "bioio_fake.py").parent.mkdir(parents=True, exist_ok=True)
    (folder / "bioio_fake.py").write_text(module.replace("EXTENSIONS", extensions))
    information = folder / "bioio_fake-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: bioio-fake\nVersion: 1.2\n")
    (information / "entry_points.txt").write_text("[bioio.readers]\nbioio-fake = bioio_fake\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.delitem(sys.modules, "bioio_fake", raising=False)
    worker.stop()
    find_plugins.cache_clear()


def write_fake(path: Path) -> bytes:
    """A file of the fake format: two scenes of three planes in two channels."""
    content = bytes(range(240)) * 2
    path.write_bytes(b"FAKE" + content)
    return content
