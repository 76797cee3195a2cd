"""Which compressions a file of any format has, series by series."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from confocal_bag.image.lossy.compression import Compression, Verdict, summarize
from confocal_bag.image.lossy.czi import czi_compressions
from confocal_bag.image.lossy.jpeg import judge_jpeg
from confocal_bag.image.lossy.jpeg2000 import judge_jpeg2000
from confocal_bag.image.lossy.tiff import pages_by_series, tiff_stream_verdicts, tiff_verdicts
from confocal_bag.image.lossy.webp import judge_webp
from confocal_bag.image.lossy.window import Window
from confocal_bag.image.regular_file import open_regular

__all__ = ["compressions_by_series", "file_compression"]

_TIFF = frozenset({"lsm", "ome-tiff", "imagej-tiff", "tiff", "bigtiff", "stk", "fluoview-tiff"})
_MOST_FILES = 1024
#: Formats of one picture that is one codestream.
_CODESTREAMS: dict[str, Callable[[Window], Verdict]] = {
    "jpeg": judge_jpeg,
    "jpeg2000": judge_jpeg2000,
    "nd2-jpeg2000": judge_jpeg2000,
    "webp": judge_webp,
}


def compressions_by_series(path: Path, format_id: str, number: int) -> list[tuple[Compression, ...]]:
    """The compressions of each of the `number` series of a file, in their order; empty where they are not known."""
    if format_id in _TIFF:
        return pages_by_series(path, tiff_verdicts(path), number)
    if format_id == "czi":
        return czi_compressions(path, number)
    if format_id in ("oif", "oib"):
        return [summarize(_olympus(path))] * number
    return [file_compression(path, format_id)] * number


def file_compression(path: Path, format_id: str) -> tuple[Compression, ...]:
    """The compression of a file that has but one; empty where the format is not known to have one."""
    judge = _CODESTREAMS.get(format_id)
    if judge is not None:
        with open_regular(path) as stream:
            length = stream.seek(0, 2)
            return summarize([judge(Window(stream=stream, start=0, length=length))])
    if format_id in ("lif", "lof"):
        return summarize(
            [Verdict(name="no compression", lossy=False, evidence="Leica memory blocks hold plain samples")]
        )
    return summarize([_nikon(path)]) if format_id == "nd2" else ()


def _nikon(path: Path) -> Verdict:
    from nd2 import ND2File

    with open_regular(path) as stream, ND2File(stream) as file:
        kind = file.attributes.compressionType
    if kind is None or kind == "none":
        said = "none" if kind else "not recorded, frames are plain"
        return Verdict(name="no compression", lossy=False, evidence=f"ND2 attribute eCompression: {said}")
    if kind == "lossless":
        return Verdict(name="Deflate", lossy=False, evidence="ND2 attribute eCompression: lossless")
    return Verdict(
        name="ND2 compression", lossy=kind == "lossy" or None, evidence=f"ND2 attribute eCompression: {kind}"
    )


def _olympus(path: Path) -> Iterator[Verdict]:
    """The compressions of the plane files of an OIF or OIB, which are TIFFs."""
    from confocal_bag.image.readers.fluoview_files import open_files
    from confocal_bag.image.readers.oif import coordinates_in

    files, names = open_files(path)
    with closing(files):
        planes = (name for name in names if coordinates_in(name) is not None)
        for name in islice(planes, _MOST_FILES):
            with files.open_file(name) as stream:
                yield from (one.verdict for one in tiff_stream_verdicts(stream))
