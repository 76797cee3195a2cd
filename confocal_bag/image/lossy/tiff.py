"""The compressions of a TIFF, page by page: by tag 259, and by the codestreams where the tag is not enough."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.lossy.compression import Compression, Verdict, summarize
from confocal_bag.image.lossy.jpeg import judge_jpeg
from confocal_bag.image.lossy.jpeg2000 import judge_jpeg2000
from confocal_bag.image.lossy.jpegxr import judge_jpegxr
from confocal_bag.image.lossy.webp import judge_webp
from confocal_bag.image.lossy.window import Window
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

__all__ = ["pages_by_series", "tiff_stream_verdicts", "tiff_verdicts"]

_MOST_PAGES = 1 << 20
_MOST_BLOCKS = 1 << 16
#: Codestreams are looked at until so many were; the tag of every page is.
_MOST_LOOKS = 256
_SUBFILE, _COMPRESSION, _JPEG_PROCESS, _LOSSLESS_PROCESS = 254, 259, 512, 14
_BLOCKS = ((324, 325), (273, 279))
_OLD_JPEG = 6

#: Tag 259: what loses nothing, whatever it is used on.
_LOSSLESS = {
    1: "no compression",
    2: "CCITT run length",
    3: "CCITT fax 3",
    4: "CCITT fax 4",
    5: "LZW",
    8: "Deflate",
    32771: "CCITT run length",
    32773: "PackBits",
    32809: "ThunderScan",
    32946: "Deflate",
    34925: "LZMA",
    34926: "Zstandard",
    34933: "PNG",
    50000: "Zstandard",
}
#: Tag 259: what depends on the codestream.
_CODESTREAMS: Mapping[int, Callable[[Window], Verdict]] = {
    7: judge_jpeg,
    33007: judge_jpeg,
    34892: judge_jpeg,
    33003: judge_jpeg2000,
    33004: judge_jpeg2000,
    33005: judge_jpeg2000,
    34712: judge_jpeg2000,
    22610: judge_jpegxr,
    34934: judge_jpegxr,
    34927: judge_webp,
    50001: judge_webp,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """What one block of one page says; `page` is the byte at which its directory stands."""

    page: int
    verdict: Verdict


def tiff_verdicts(path: Path) -> list[PageVerdict]:
    """The verdicts on a TIFF file, thumbnails and pyramids left out."""
    with open_regular(path) as stream:
        return list(tiff_stream_verdicts(stream))


def tiff_stream_verdicts(stream: BinaryIO) -> Iterator[PageVerdict]:
    """The verdicts on an opened TIFF; none beyond the place where its chain of directories breaks."""
    header = read_header(stream)
    if header is None:
        return
    looks = 0
    try:
        for directory in directories(stream, header, most=_MOST_PAGES):
            if (directory.integers(stream, _SUBFILE) or (0,))[0] & 1:
                continue
            for verdict in _page_verdicts(stream, directory, deep=looks < _MOST_LOOKS):
                looks += 1
                yield PageVerdict(page=directory.offset, verdict=verdict)
    except TiffDamagedError:
        return


def _page_verdicts(stream: BinaryIO, directory: Directory, *, deep: bool) -> Iterator[Verdict]:
    code = (directory.integers(stream, _COMPRESSION) or (1,))[0]
    judge = _CODESTREAMS.get(code)
    if code in _LOSSLESS:
        yield Verdict(name=_LOSSLESS[code], lossy=False, evidence=f"compression tag {code}")
    elif code == _OLD_JPEG:
        lossless = directory.integers(stream, _JPEG_PROCESS) == (_LOSSLESS_PROCESS,)
        yield Verdict(name="JPEG", lossy=not lossless, evidence=f"compression tag {code} (old-style JPEG)")
    elif judge is None:
        yield Verdict(name="compression", lossy=None, evidence=f"compression tag {code}, which may be lossy")
    elif deep:
        for window in _chosen(stream, directory):
            verdict = judge(window)
            yield Verdict(
                name=verdict.name, lossy=verdict.lossy, evidence=f"compression tag {code}, {verdict.evidence}"
            )


def _chosen(stream: BinaryIO, directory: Directory) -> list[Window]:
    """The first, the middle and the last strip or tile of a page that hold anything."""
    for offsets_tag, sizes_tag in _BLOCKS:
        number = min(directory.count(offsets_tag), _MOST_BLOCKS)
        if number:
            offsets = directory.integers(stream, offsets_tag, most=number)
            sizes = directory.integers(stream, sizes_tag, most=number)
            pairs = [(at, size) for at, size in zip(offsets, sizes, strict=False) if at and size]
            places = sorted({0, len(pairs) // 2, len(pairs) - 1}) if pairs else []
            return [Window(stream=stream, start=pairs[place][0], length=pairs[place][1]) for place in places]
    return []


def pages_by_series(path: Path, verdicts: Sequence[PageVerdict], number: int) -> list[tuple[Compression, ...]]:
    """The compressions of each of `number` series of a file; all of them for each where pages cannot be assigned."""
    whole = summarize(one.verdict for one in verdicts)
    if number == 1 or len(whole) == 1:
        return [whole] * number
    offsets = _offsets_by_series(path)
    if len(offsets) != number:
        return [whole] * number
    return [summarize(one.verdict for one in verdicts if one.page in own) or whole for own in offsets]


def _offsets_by_series(path: Path) -> list[set[int]]:
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path, is_mmstack=False) as tiff:
        kept = [series for series in tiff.series if not series.keyframe.is_reduced]
        return [{page.offset for page in series.pages if page is not None} for series in kept]
