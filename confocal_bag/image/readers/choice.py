"""Which bioio reader reads which format, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["READERS", "READER_ERRORS", "Choice"]

#: What a reader may raise for a file that is damaged or not what it seems. Their authors agree on no base class:
#: struct.error, zlib.error and bioio's UnsupportedFileFormatError are added by `reader_errors`.
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

    return LsmReader(path, keep_open=True)


def _lif(path: Path) -> Any:
    from confocal_bag.image.readers.lif import LifReader

    return LifReader(path, keep_open=True)


def _oif(path: Path) -> Any:
    from confocal_bag.image.readers.oif import OifReader

    return OifReader(path, keep_open=True)


def _czi(path: Path) -> Any:
    from confocal_bag.image.readers.czi import CziReader

    return CziReader(path, keep_open=True)


def _nd2(path: Path) -> Any:
    from bioio_nd2 import Reader

    return Reader(path)


def _tiff(path: Path) -> Any:
    from confocal_bag.image.readers.tiff import TiffReader

    return TiffReader(path, keep_open=True)


_OURS_LSM = "bioio's TIFF plugin makes the thumbnail a scene and loses pixel sizes and channel names"
_OURS_LIF = "bioio-lif cannot read xz, xzt, xzy and lambda scans and stitches mosaics"
_OURS_OIF = "bioio has no reader; a reader that counts plane files misses a lost one"
_OURS_CZI = "bioio-czi is GPL, drops Airyscan phases, turns RGB into BGR and needs scaling and a channel axis"
_OURS_TIFF = "bioio-tifffile and bioio-ome-tiff give the same planes, but at half a second each in a stack of 2000"

READERS: dict[str, Choice] = {
    "lsm": Choice(name="confocal-bag-lsm over tifffile", open=_lsm, reason=_OURS_LSM),
    "lif": Choice(name="confocal-bag-lif over liffile", open=_lif, reason=_OURS_LIF),
    "lof": Choice(name="confocal-bag-lif over liffile", open=_lif, reason=_OURS_LIF),
    "oib": Choice(name="confocal-bag-oif over oiffile", open=_oif, reason=_OURS_OIF),
    "oif": Choice(name="confocal-bag-oif over oiffile", open=_oif, reason=_OURS_OIF),
    "czi": Choice(name="confocal-bag-czi over openreadout", open=_czi, reason=_OURS_CZI),
    "nd2": Choice(name="bioio-nd2", open=_nd2, reason="pixels and metadata right on all ND2 samples"),
    "ome-tiff": Choice(
        name="bioio-ome-tiff", open=_ome_tiff, reason="pixels and metadata right on all samples"
    ),
    "imagej-tiff": Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_OURS_TIFF),
    "tiff": Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_OURS_TIFF),
    "bigtiff": Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_OURS_TIFF),
    "stk": Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_OURS_TIFF),
    "fluoview-tiff": Choice(name="confocal-bag-tiff over tifffile", open=_tiff, reason=_OURS_TIFF),
}
