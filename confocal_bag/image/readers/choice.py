"""Which reader reads which format, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["READERS", "READER_ERRORS", "Choice"]

#: What a reader may raise for a file that is damaged or not what it seems. Their authors agree on no base class;
#: `reader_errors` adds struct.error, zlib.error and bioio's UnsupportedFileFormatError.
READER_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    EOFError,
    MemoryError,
    SyntaxError,
    # nd2 uses variables it did not set where metadata are of no kind it knows.
    NameError,
    BufferError,
    StopIteration,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The reader of a format: its name, how to open a path with it, and the reason for the choice."""

    name: str
    open: Callable[[Path], Any]
    reason: str


def reader_errors() -> tuple[type[Exception], ...]:
    """All that a reader may raise for a bad file."""
    import struct
    import zlib

    from bioio_base.exceptions import UnsupportedFileFormatError

    return (*READER_ERRORS, struct.error, zlib.error, UnsupportedFileFormatError)


def _lsm(path: Path) -> Any:
    from confocal_bag.image.readers.lsm import LsmReader

    return LsmReader(path)


def _lif(path: Path) -> Any:
    from confocal_bag.image.readers.lif import LifReader

    return LifReader(path)


def _oif(path: Path) -> Any:
    from confocal_bag.image.readers.oif import OifReader

    return OifReader(path)


def _czi(path: Path) -> Any:
    from confocal_bag.image.readers.czi import CziReader

    return CziReader(path)


def _nd2(path: Path) -> Any:
    from confocal_bag.image.count_nikon import check_frames
    from confocal_bag.image.readers.nd2 import Nd2Reader

    # Before the reader lays out as many frames as a damaged loop declares.
    check_frames(path)
    return Nd2Reader(path)


def _tiff(path: Path) -> Any:
    from confocal_bag.image.readers.tiff import TiffReader

    return TiffReader(path)


def _ome_tiff(path: Path) -> Any:
    from confocal_bag.image.readers.ome_tiff import OmeTiffReader

    return OmeTiffReader(path)


def _ome_zarr(path: Path) -> Any:
    from confocal_bag.image.readers.ome_zarr import OmeZarrReader

    return OmeZarrReader(path)


_LSM = "bioio's TIFF plugin makes the thumbnail a scene and loses pixel sizes and channel names"
_LIF = "bioio-lif cannot read xz, xzt, xzy and lambda scans and stitches mosaics"
_OIF = "bioio has no reader; a reader that counts plane files misses a lost one"
_CZI = "bioio-czi is GPL, drops Airyscan phases, turns RGB into BGR and needs scaling and a channel axis"
_ND2 = "bioio-nd2 gives the same planes, slowly, and 1.0 for steps that the file says it did not calibrate"
_TIFF = "bioio-tifffile gives the same planes, but half a second each in a stack of 2000"

_OME_TIFF = "tifffile and the plugins over it follow file names anywhere and make a missing file planes of zeros"
_ZARR = "bioio-ome-zarr follows links and addresses and needs scikit-image; chunks that are absent go unnoticed"

_TIFF_CHOICE = Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_TIFF)

_OME_TIFF_CHOICE = Choice(name="confocal-bag-ome-tiff over tifffile", open=_ome_tiff, reason=_OME_TIFF)

#: The reader of each format that can be read, by the format's id.
READERS: dict[str, Choice] = {
    "lsm": Choice(name="confocal-bag-lsm over tifffile", open=_lsm, reason=_LSM),
    "lif": Choice(name="confocal-bag-lif over liffile", open=_lif, reason=_LIF),
    "lof": Choice(name="confocal-bag-lif over liffile", open=_lif, reason=_LIF),
    "oib": Choice(name="confocal-bag-oif over oiffile", open=_oif, reason=_OIF),
    "oif": Choice(name="confocal-bag-oif over oiffile", open=_oif, reason=_OIF),
    "czi": Choice(name="confocal-bag-czi over openreadout", open=_czi, reason=_CZI),
    "nd2": Choice(name="confocal-bag-nd2 over nd2", open=_nd2, reason=_ND2),
    "ome-tiff": _OME_TIFF_CHOICE,
    "ome-companion": _OME_TIFF_CHOICE,
    "imagej-tiff": _TIFF_CHOICE,
    "tiff": _TIFF_CHOICE,
    "bigtiff": _TIFF_CHOICE,
    "stk": _TIFF_CHOICE,
    "fluoview-tiff": _TIFF_CHOICE,
    "ome-zarr": Choice(name="confocal-bag-ome-zarr over zarr", open=_ome_zarr, reason=_ZARR),
}
