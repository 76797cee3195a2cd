"""Lossy or not: JPEG 2000 by the wavelet transform and quantisation it declares (ITU T.800 A.6)."""

from collections.abc import Iterator

from confocal_bag.image.lossy.compression import Verdict
from confocal_bag.image.lossy.jpeg2000_passes import Undecided, count_passes
from confocal_bag.image.lossy.window import Window

__all__ = ["codestreams", "judge_jpeg2000"]

_MOST_SEGMENTS = 4096
_MOST_BOXES = 1 << 16
#: A writer that fits a size cuts within code-blocks, or drops all; so many whole ones show that it did neither.
_ENOUGH_BLOCKS = 4
_SIGNATURE = b"\x00\x00\x00\x0cjP  "
_START = b"\xff\x4f\xff\x51"
_END_OF_HEADER = frozenset({0x90, 0x93, 0xD9})


def judge_jpeg2000(window: Window) -> Verdict:
    """What the main header of a JPEG 2000 codestream says, bare or in a JP2 file."""
    name = "JPEG 2000"
    stream = next(codestreams(window), None)
    if stream is None:
        return Verdict(name=name, lossy=None, evidence="no codestream was found")
    transforms, quantised = _main_header(stream)
    if not transforms:
        return Verdict(name=name, lossy=None, evidence="its codestream has no coding marker (COD) that can be read")
    if 0 in transforms:
        return Verdict(name=name, lossy=True, evidence="marker COD: irreversible 9/7 wavelet transform")
    if transforms != {1}:
        return Verdict(name=name, lossy=None, evidence="marker COD names a transform that is not known")
    if quantised:
        return Verdict(name=name, lossy=True, evidence="marker QCD: the coefficients are quantised")
    return _judge_passes(stream)


def _judge_passes(stream: Window) -> Verdict:
    """A reversible codestream loses nothing unless it was cut to a size."""
    lossy, reversible = None, "markers COD and QCD: reversible 5/3 transform, not quantised"
    try:
        passes = count_passes(stream)
    except Undecided as reason:
        seen = f"{reversible}; whether passes were left out is not known: {reason}"
    else:
        if passes.cut:
            lossy, seen = True, "packet headers: coding passes were left out, as to fit a size"
        elif passes.empty and passes.blocks - passes.empty < _ENOUGH_BLOCKS:
            seen = f"{reversible}; nearly all code-blocks are empty: all zero, or left out to fit a size"
        else:
            lossy, seen = False, f"{reversible}, no coding passes left out"
    return Verdict(name="JPEG 2000", lossy=lossy, evidence=seen)


def codestreams(window: Window) -> Iterator[Window]:
    """The codestreams of a JP2 file, or the window itself where it is a bare codestream."""
    if window.read(0, 4) == _START:
        yield window
        return
    if window.read(0, 8) != _SIGNATURE:
        return
    at = 0
    for _ in range(_MOST_BOXES):
        size, kind = window.number(at, 4), window.read(at + 4, 4)
        if size is None or len(kind) < 4:
            return
        head = 8
        if size == 1:
            head, size = 16, window.number(at + 8, 8)
        # A box of size 0 reaches to the end of the file.
        length = window.length - at if size == 0 else size
        if length is None or length < head:
            return
        if kind == b"jp2c":
            yield window.part(at + head, length - head)
        at += length


def _main_header(window: Window) -> tuple[set[int], bool]:
    """The transforms that COD and COC name (0 = 9/7, 1 = 5/3), and whether QCD or QCC quantise."""
    wide = 2 if (window.number(40, 2) or 0) > 256 else 1
    transforms, quantised, at = set[int](), False, 2
    for _ in range(_MOST_SEGMENTS):
        marker, size = window.number(at, 2), window.number(at + 2, 2)
        if marker is None or size is None or marker >> 8 != 0xFF or marker & 0xFF in _END_OF_HEADER:
            break
        body = window.read(at + 4, min(size, 64))
        match marker & 0xFF:
            # COD, COC (one component), QCD, QCC (one component).
            case 0x52 if len(body) > 9:
                transforms.add(body[9])
            case 0x53 if len(body) > wide + 5:
                transforms.add(body[wide + 5])
            case 0x5C if body:
                quantised |= bool(body[0] & 0x1F)
            case 0x5D if len(body) > wide:
                quantised |= bool(body[wide] & 0x1F)
        at += 2 + size
    return transforms, quantised
