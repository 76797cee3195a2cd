"""What an OME-TIFF page can hold of what the numbers of its source stand for, and the words for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from confocal_bag.image.pixel_meaning import BLACK_IS_ZERO, PALETTE, RGB, WHITE_IS_ZERO, PixelMeaning
from confocal_bag.image.series_meaning import SeriesMeaning
from confocal_bag.image.signs import is_ordered_table

if TYPE_CHECKING:
    from confocal_bag.image.model import Series

__all__ = ["STORED_BITS", "TABLE", "PageTags", "meaning_pairs", "page_tags", "remarks"]

#: Keys of `meaning_pairs`, the second followed by the number of the channel.
STORED_BITS, TABLE = "Bits of a stored sample", "Colour table of channel"

_ORIENTATION, _SHORT = 274, 3
_ORIENTATIONS = range(1, 9)
_SEPARATED, _CMYK = 5, 1
_MOST_BITS = 16
_GRAYS = {WHITE_IS_ZERO: "miniswhite", BLACK_IS_ZERO: "minisblack"}
#: Interpretations of several samples by tifffile's names, and how many samples they take.
_COLORS = {RGB: ("rgb", 3), _SEPARATED: ("separated", 4), 8: ("cielab", 3), 9: ("icclab", 3), 10: ("itulab", 3)}
_UNUSUAL = frozenset({"separated", "cielab", "icclab", "itulab"})
_EXTRA = {0: "unspecified", 1: "alpha, premultiplied", 2: "alpha"}
_MOST_WRITTEN_COLORS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTags:
    """The tags of a page: the photometric interpretation by tifffile's name and number, the rest as in PixelMeaning."""

    photometric: str
    code: int
    orientation: int = 1
    color_map: tuple[int, ...] = ()
    extra_samples: tuple[int, ...] = ()

    def options(self) -> dict[str, Any]:
        """The options by which tifffile writes them."""
        options: dict[str, Any] = {"photometric": self.photometric}
        if self.extra_samples:
            options["extrasamples"] = self.extra_samples
        if self.color_map:
            import numpy as np

            options["colormap"] = np.array(self.color_map, dtype=np.uint16).reshape(3, -1)
        if self.orientation != 1:
            options["extratags"] = [(_ORIENTATION, _SHORT, 1, self.orientation, False)]
        return options


def page_tags(meaning: PixelMeaning | None, series: "Series") -> PageTags:
    """The tags that keep the meaning, as far as a page of this series can; plain ones where nothing is known."""
    samples = series.samples
    plain = PageTags(photometric="minisblack", code=BLACK_IS_ZERO, extra_samples=(0,) * (samples - 1))
    if samples in (3, 4) and (meaning is None or meaning.photometric is None):
        plain = PageTags(photometric="rgb", code=RGB, extra_samples=(0,) * (samples - 3))
    if meaning is None:
        return plain
    tags = _held(meaning, series) or plain
    return replace(tags, orientation=meaning.orientation if meaning.orientation in _ORIENTATIONS else 1)


def _held(meaning: PixelMeaning, series: "Series") -> PageTags | None:
    """The tags that say the same as those of the source; None where there are none."""
    samples, code = series.samples, meaning.photometric
    if code == WHITE_IS_ZERO and not _fills(meaning, series):
        # The largest value of the page would be black, which no value of the source is.
        return None
    if code in _GRAYS:
        return PageTags(photometric=_GRAYS[code], code=code, extra_samples=_extra(meaning, samples - 1))
    if code == PALETTE and samples == 1:
        table = _whole_table(meaning, series)
        return PageTags(photometric="palette", code=PALETTE, color_map=table) if table else None
    if code is None or code not in _COLORS:
        return None
    name, own = _COLORS[code]
    fits = samples >= own if code != _SEPARATED else samples == own and meaning.ink_set == _CMYK
    return PageTags(photometric=name, code=code, extra_samples=_extra(meaning, samples - own)) if fits else None


def _fills(meaning: PixelMeaning, series: "Series") -> bool:
    """Whether a stored sample has all the bits of a sample of the page."""
    return meaning.bits >= 8 * series.dtype.itemsize


def _extra(meaning: PixelMeaning, number: int) -> tuple[int, ...]:
    return (*meaning.extra_samples, *[0] * number)[:number]


def _whole_table(meaning: PixelMeaning, series: "Series") -> tuple[int, ...]:
    """The colour table for every value that the page can hold; empty where that is not what the source's is for."""
    bits = 8 * series.dtype.itemsize
    if series.dtype.kind != "u" or bits > _MOST_BITS or len(meaning.color_map) != 3 << meaning.bits:
        return ()
    missing = (0,) * ((1 << bits) - meaning.colors)
    parts = (meaning.color_map[at * meaning.colors : (at + 1) * meaning.colors] for at in range(3))
    return tuple(value for part in parts for value in (*part, *missing))


def remarks(meaning: SeriesMeaning, series: "Series") -> tuple[str, ...]:
    """What whoever opens the OME-TIFF of a series has to know of its numbers, a sentence each; none of plain ones."""
    one = meaning.first
    if one is None:
        return ()
    tags = [page_tags(channel, series) for channel in meaning.channels.values()]
    return tuple(_remarks(one, series, tags, {channel.colors for channel in meaning.channels.values()}))


def _remarks(one: PixelMeaning, series: "Series", tags: Sequence[PageTags], colors: set[int]) -> Iterator[str]:
    if one.photometric == WHITE_IS_ZERO:
        black = f"{(1 << one.bits) - 1}" if series.dtype.kind == "u" else "the largest value"
        kept = "the values and the tag are kept" if _fills(one, series) else "the values are kept"
        yield f"0 is white in it and {black} black (WhiteIsZero); {kept}."
    if one.photometric == PALETTE and tags[0].color_map:
        if not _is_ordered(one):
            yield f"Its values are numbers of colours in a table of {max(colors)}; the values and the table are kept."
    elif one.photometric is None:
        yield f"Its source records no photometric interpretation; the OME-TIFF says {_words(tags[0])}, as readers do."
    elif not _is_held(one, series):
        table = f" with {max(colors)} colours for {one.bits} bits" if one.photometric == PALETTE else ""
        yield (
            f"The photometric interpretation of its source is {one.interpretation}{table}, which the OME-TIFF cannot "
            f"hold: the values are kept and called {_words(tags[0])}."
        )
    if tags[0].photometric in _UNUSUAL:
        yield f"Its samples are {one.interpretation}, not red, green and blue; the values and the tag are kept."
    if one.is_converted:
        yield "Its source holds YCbCr, which decoding turned into RGB."
    if one.orientation != 1:
        kept = "the tag" if tags[0].orientation == one.orientation else "not the tag, which means nothing"
        yield f"Its orientation is {one.turned}; the pixels are not turned, and kept is {kept}."
    bits = 8 * series.dtype.itemsize
    if one.bits != bits:
        yield f"A sample has {one.bits} bits in its source, {bits} in the OME-TIFF; the values are kept."


def _is_ordered(meaning: PixelMeaning) -> bool:
    """Whether the table only says in which colour intensities are shown."""
    import numpy as np

    return is_ordered_table(np.array(meaning.color_map, dtype=np.uint16).reshape(3, -1))


def meaning_pairs(meaning: SeriesMeaning, series: "Series") -> dict[str, str]:
    """What is not plain of a series, for the sidecar; empty where all is."""
    one = meaning.first
    if one is None:
        return {}
    pairs = {}
    if not _is_plain(one, series):
        pairs["Photometric interpretation"] = one.interpretation
    for index, channel in meaning.channels.items():
        if channel.color_map:
            pairs[f"{TABLE} {index}"] = _table(channel)
    if one.orientation != 1:
        pairs["Orientation"] = one.turned
    if one.is_converted:
        pairs["Colours as stored"] = "YCbCr, turned into RGB by the decoder"
    if one.bits != 8 * series.dtype.itemsize:
        pairs[STORED_BITS] = str(one.bits)
    if any(one.extra_samples) and series.samples > 1:
        pairs["Extra samples"] = ", ".join(_EXTRA.get(kind, str(kind)) for kind in one.extra_samples)
    if one.photometric is not None and not _is_held(one, series):
        pairs["Not held by an OME-TIFF"] = "the photometric interpretation; the values are kept as they are"
    return pairs


def _is_plain(one: PixelMeaning, series: "Series") -> bool:
    """Grey with black at 0, RGB, or channels that LSM stores like the samples of a colour."""
    return one.photometric == BLACK_IS_ZERO or (one.photometric == RGB and (series.samples > 1 or one.samples > 1))


def _is_held(one: PixelMeaning, series: "Series") -> bool:
    return _is_plain(one, series) or _held(one, series) is not None


def _words(tags: PageTags) -> str:
    return PixelMeaning(photometric=tags.code).interpretation


def _table(channel: PixelMeaning) -> str:
    """Every colour as red, green and blue of 16 bits in hexadecimal; of a long table the ends."""
    number = channel.colors
    reds, greens, blues = (channel.color_map[at * number : (at + 1) * number] for at in range(3))
    colors = [f"{red:04x}{green:04x}{blue:04x}" for red, green, blue in zip(reds, greens, blues, strict=True)]
    if number > _MOST_WRITTEN_COLORS:
        return f"{number} colours, from {colors[0]} to {colors[-1]}"
    return " ".join(colors)
