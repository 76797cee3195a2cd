"""Lossy or not: JPEG XR by the quantisation parameters of its image header (ITU T.832 8.3, 8.4, 8.7; Annex A)."""

import struct

from confocal_bag.image.lossy.compression import Verdict
from confocal_bag.image.lossy.window import Window

__all__ = ["codestream_end", "judge_jpegxr"]

_NAME = "JPEG XR"
_HEADER_BYTES = 1 << 16
_SIGNATURE = b"WMPHOTO\0"
_IMAGE_OFFSET, _IMAGE_BYTES = 0xBCC0, 0xBCC1
_ALL_BANDS, _DC_ONLY, _NO_HIGH_PASS = 0, 3, 2
_Y_ONLY, _YUV420, _YUV422, _YUV444, _YUVK, _N_COMPONENT = 0, 1, 2, 3, 4, 6
_RGB = 7
_BD16, _BD16S, _BD16F, _BD32S, _BD32F = 2, 3, 4, 6, 7
#: The quantisation step of an index is 1 up to here (T.832 8.7.11, as all encoders use it without scaling).
_LARGEST_STEP_OF_ONE = 1


class _Undecided(Exception):  # noqa: N818 - an outcome, not an error
    """The header does not say; the sentence says why."""


class _Lossy(Exception):  # noqa: N818 - an outcome, not an error
    """Something in the header loses values; the sentence says what."""


def judge_jpegxr(window: Window) -> Verdict:
    """What the image header of a JPEG XR codestream says, bare or in a JXR file (as CZI keeps them)."""
    content = window.read(_image_offset(window), _HEADER_BYTES)
    if not content.startswith(_SIGNATURE):
        return Verdict(name=_NAME, lossy=None, evidence="no image header was found")
    try:
        _read_image(_Bits(content[len(_SIGNATURE) :]))
    except _Lossy as seen:
        return Verdict(name=_NAME, lossy=True, evidence=f"image header: {seen}")
    except _Undecided as seen:
        return Verdict(name=_NAME, lossy=None, evidence=f"image header: {seen}")
    return Verdict(name=_NAME, lossy=False, evidence="image header: all bands, quantisation step 1")


class _Bits:
    """Bits from the most significant one on."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        end = self._at + count
        if end > 8 * len(self._content):
            raise _Undecided("it is cut short")
        raw = int.from_bytes(self._content[self._at // 8 : (end + 7) // 8], "big")
        self._at, shift = end, -end % 8
        return (raw >> shift) & ((1 << count) - 1)

    def align(self) -> None:
        """Go on to the next whole byte."""
        self._at = (self._at + 7) // 8 * 8


def codestream_end(window: Window) -> int:
    """Where the codestream ends, by the directory of the file format of Annex A; 0 where that does not say."""
    entries = _entries(window)
    count = entries.get(_IMAGE_BYTES, 0)
    return entries.get(_IMAGE_OFFSET, 0) + count if count else 0


def _image_offset(window: Window) -> int:
    """Where the codestream begins in the file format of Annex A; 0 for a bare codestream."""
    return _entries(window).get(_IMAGE_OFFSET, 0)


def _entries(window: Window) -> dict[int, int]:
    """The values of the TIFF-like directory of the file format of Annex A by tag; empty for a bare codestream."""
    if window.read(0, 3) != b"II\xbc":
        return {}
    directory = int.from_bytes(window.read(4, 4), "little")
    count = int.from_bytes(window.read(directory, 2), "little")
    entries = window.read(directory + 2, 12 * min(count, 4096))
    found = struct.iter_unpack("<HHII", entries[: len(entries) // 12 * 12])
    return {int(tag): int(value) for tag, _, _, value in found}


def _read_image(bits: _Bits) -> None:
    """Read IMAGE_HEADER (T.832 8.3) and IMAGE_PLANE_HEADER, of the alpha plane too where there is one."""
    bits.take(8)
    tiling = bits.take(1)
    bits.take(4)
    bits.take(3)
    short, _, windowing, trimmed = (bits.take(1) for _ in range(4))
    bits.take(3)
    alpha = bits.take(1)
    color, depth = bits.take(4), bits.take(4)
    bits.take(32 if short else 64)
    if tiling:
        columns, rows = bits.take(12), bits.take(12)
        for _ in range(columns + rows):
            bits.take(8 if short else 16)
    if windowing:
        bits.take(24)
    for _ in range(1 + alpha):
        _read_plane(bits, color, depth)
    if trimmed:
        raise _Lossy("its lowest bits (flexbits) are trimmed")


def _read_plane(bits: _Bits, color: int, depth: int) -> None:
    """Read an IMAGE_PLANE_HEADER (T.832 8.4); return only if nothing in it loses a value."""
    internal, scaled, bands = bits.take(3), bits.take(1), bits.take(4)
    components = _components(bits, internal)
    if internal in (_YUV420, _YUV422) and color == _RGB:
        raise _Lossy("its colours are stored with fewer pixels")
    if bands != _ALL_BANDS:
        raise _Lossy("bands of fine detail are left out")
    if depth in (_BD16, _BD16S, _BD32S):
        shift = bits.take(8)
        if shift:
            raise _Undecided(
                f"the lowest {shift} bits of each sample are not stored; whether they held anything is not"
            )
    if depth == _BD32F:
        bits.take(16)
    for band in ("DC", "low-pass", "high-pass"):
        if band != "DC" and bits.take(1):
            # The reserved bit means "same as the band before" in this band.
            continue
        if not bits.take(1):
            raise _Undecided(f"the {band} quantisation differs from tile to tile")
        _check_steps(bits, components, band)
    bits.align()
    if scaled:
        raise _Lossy("scaled arithmetic, which encoders use for lossy compression")
    if depth in (_BD16F, _BD32F):
        raise _Undecided("samples are real numbers, which it rounds")


def _components(bits: _Bits, internal: int) -> int:
    """How many components the plane has; reads the fields that depend on the colour format."""
    if internal == _N_COMPONENT:
        few = bits.take(4)
        extended = few == 0xF
        count = bits.take(12) + 16 if extended else few + 1
        if not extended:
            bits.take(4)
        return count
    if internal in (_YUV420, _YUV422, _YUV444):
        bits.take(8)
        return 3
    return 4 if internal == _YUVK else 1


def _check_steps(bits: _Bits, components: int, band: str) -> None:
    """Read the quantisation indices of a band: one for all, one for light and one for colour, or one each."""
    mode = bits.take(2) if components > 1 else 0
    indices = [bits.take(8) for _ in range((1, 2, components)[min(mode, 2)])]
    if max(indices) > _LARGEST_STEP_OF_ONE:
        raise _Lossy(f"{band} quantisation index {max(indices)}")
