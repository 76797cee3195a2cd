"""What the numbers of a TIFF page stand for: which end is white, colours of a table, which corner comes first.

TIFF 6.0: PhotometricInterpretation, ColorMap, Orientation, ExtraSamples. Readers hand on the stored numbers alone, and
two pages of equal numbers can be a picture and its negative. Only directories are read, never the pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_blocks import stored_bits
from confocal_bag.image.tiff_directory import Directory, TiffDamagedError, directories, read_header

__all__ = ["BLACK_IS_ZERO", "PALETTE", "RGB", "WHITE_IS_ZERO", "PixelMeaning", "page_meanings"]

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE = 0, 1, 2, 3
_YCBCR = 6
_SUBFILE, _BITS, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 254, 258, 259, 262, 274
_SAMPLES, _PLANAR, _COLOR_MAP, _INK_SET, _EXTRA = 277, 284, 320, 332, 338
_TAGS = (_SUBFILE, _BITS, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION, _SAMPLES, _PLANAR, _COLOR_MAP, _INK_SET, _EXTRA)
#: Compressions whose decoders turn YCbCr into RGB, as their codestreams do not hold one without the other.
_COLOR_CODECS = frozenset({6, 7, 33003, 33005, 33007, 34712, 34892, 34927, 50001, 50002})
_MOST_PAGES = 1 << 22
_MOST_COLORS = 3 << 16
_MOST_EXTRA = 64
_INTERPRETATIONS = {
    WHITE_IS_ZERO: "WhiteIsZero",
    BLACK_IS_ZERO: "BlackIsZero",
    RGB: "RGB",
    PALETTE: "palette colour",
    4: "transparency mask",
    5: "separated (inks, as CMYK)",
    _YCBCR: "YCbCr",
    8: "CIELab",
    9: "ICCLab",
    10: "ITULab",
    32803: "colour filter array",
    32844: "CIE Log2(L)",
    32845: "CIE Log2(L) (u', v')",
    34892: "linear raw",
}
#: Where row 0 and column 0 lie (TIFF 6.0 section 8).
_ORIENTATIONS = {
    1: "row 0 at the top, column 0 at the left",
    2: "row 0 at the top, column 0 at the right",
    3: "row 0 at the bottom, column 0 at the right",
    4: "row 0 at the bottom, column 0 at the left",
    5: "row 0 at the left, column 0 at the top",
    6: "row 0 at the right, column 0 at the top",
    7: "row 0 at the right, column 0 at the bottom",
    8: "row 0 at the left, column 0 at the bottom",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelMeaning:
    """What one page says of its numbers, as read: YCbCr that the decoder turns into RGB is RGB, and `is_converted`.

    `photometric` is None where the page does not say; `bits` those of a stored sample; `color_map` all reds, then all
    greens, then all blues, of 16 bits, and empty but for palette colour; `extra_samples` as in tag 338.
    """

    photometric: int | None = BLACK_IS_ZERO
    orientation: int = 1
    bits: int = 8
    samples: int = 1
    color_map: tuple[int, ...] = ()
    extra_samples: tuple[int, ...] = ()
    ink_set: int = 1
    is_converted: bool = False

    @property
    def interpretation(self) -> str:
        """The name and number of the photometric interpretation."""
        if self.photometric is None:
            return "not recorded"
        return f"{_INTERPRETATIONS.get(self.photometric, 'unknown')} ({self.photometric})"

    @property
    def turned(self) -> str:
        """The number of the orientation, and where the first row and column lie."""
        return f"{self.orientation} ({_ORIENTATIONS.get(self.orientation, 'not defined by TIFF 6.0')})"

    @property
    def colors(self) -> int:
        """How many colours the table has."""
        return len(self.color_map) // 3

    def without_colors(self) -> "PixelMeaning":
        """The same but for the colour table."""
        return replace(self, color_map=())


def page_meanings(path: Path) -> list[PixelMeaning | None]:
    """What each page of a TIFF says, by its number along the directories; None for copies that are reduced.

    Where all pages are called reduced, there is nothing that they are copies of.
    Equal pages share one object. Empty for a file of another kind; shorter where the chain of directories breaks, which
    `tiff_faults` reports. For files that `open_image` accepted: others may list more values than there are bytes.
    """
    with open_regular(path) as stream:
        found = list(_meanings(stream, reduced=False))
        return found if any(found) else list(_meanings(stream, reduced=True))


def _meanings(stream: BinaryIO, *, reduced: bool) -> Iterator[PixelMeaning | None]:
    header = read_header(stream)
    if header is None:
        return
    # Most pages have the same entries, wherever their lists lie.
    by_entries: dict[tuple[object, ...], PixelMeaning | None] = {}
    known: dict[PixelMeaning | None, PixelMeaning | None] = {}
    try:
        for directory in directories(stream, header, most=_MOST_PAGES):
            entries = tuple(directory.entries.get(tag) for tag in _TAGS)
            if entries not in by_entries:
                is_copy = not reduced and _one(stream, directory, _SUBFILE) & 1
                meaning = None if is_copy else _meaning(stream, directory)
                by_entries[entries] = known.setdefault(meaning, meaning)
            yield by_entries[entries]
    except TiffDamagedError:
        return


def _meaning(stream: BinaryIO, directory: Directory) -> PixelMeaning:
    photometric = _one(stream, directory, _PHOTOMETRIC, default=-1)
    extra = directory.integers(stream, _EXTRA, most=_MOST_EXTRA)
    is_converted = (
        photometric == _YCBCR
        and not extra
        and _one(stream, directory, _PLANAR, default=1) == 1
        and _one(stream, directory, _COMPRESSION, default=1) in _COLOR_CODECS
    )
    return PixelMeaning(
        photometric=None if photometric < 0 else RGB if is_converted else photometric,
        # Some writers say 0 where they mean nothing.
        orientation=_one(stream, directory, _ORIENTATION) or 1,
        bits=stored_bits(stream, directory),
        samples=_one(stream, directory, _SAMPLES, default=1),
        color_map=directory.integers(stream, _COLOR_MAP, most=_MOST_COLORS) if photometric == PALETTE else (),
        extra_samples=extra,
        ink_set=_one(stream, directory, _INK_SET, default=1),
        is_converted=is_converted,
    )


def _one(stream: BinaryIO, directory: Directory, tag: int, *, default: int = 0) -> int:
    values = directory.integers(stream, tag)
    return values[0] if values else default
