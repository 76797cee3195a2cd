"""Whether a reversible JPEG 2000 codestream has all coding passes, or was cut to a size (ITU T.800 B.10).

A writer that fits a picture into a given size leaves out the last coding passes, which hold the lowest bits, and no
marker says so. The packet headers do: they count the passes of each code-block, and tell how many bit planes it has.
"""

from dataclasses import dataclass

from confocal_bag.image.lossy.jpeg2000_layout import Coding, packets, tile_components
from confocal_bag.image.lossy.jpeg2000_packets import BandState, Bits, Undecided, read_packet
from confocal_bag.image.lossy.window import Window

__all__ = ["Passes", "Undecided", "count_passes"]

_MOST_BYTES = 1 << 26
_MOST_BLOCKS = 1 << 20
_SIZE, _CODING, _QUANTISATION, _TILE, _DATA, _END = 0x51, 0x52, 0x5C, 0x90, 0x93, 0xD9
#: COC, RGN, QCC, POC, PPM, PPT: parameters of parts of the picture, or packet headers elsewhere.
_NOT_FOLLOWED = frozenset({0x53, 0x5E, 0x5D, 0x5F, 0x60, 0x61})
_HARMLESS = frozenset({0x55, 0x57, 0x58, 0x63, 0x64})
_EACH_PASS_ENDS, _BYPASS, _HIGH_THROUGHPUT = 0x04, 0x01, 0x40


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """How many code-blocks a codestream has, how many lack passes, and how many have none: all zero, or left out."""

    blocks: int
    cut: int
    empty: int


def count_passes(window: Window) -> Passes:
    """Follow a codestream to its end. Raises Undecided where that cannot be done."""
    if window.length > _MOST_BYTES:
        raise Undecided("the codestream is too long to be followed")
    content = window.read(0, window.length)
    try:
        coding, at = _main_header(content)
        found = [_count_tile(coding, number, data) for number, data in _tiles(content, at).items()]
    except (IndexError, ZeroDivisionError) as error:
        raise Undecided("the codestream ends early or contradicts itself") from error
    return Passes(
        blocks=sum(one.blocks for one in found),
        cut=sum(one.cut for one in found),
        empty=sum(one.empty for one in found),
    )


def _main_header(content: bytes) -> tuple[Coding, int]:
    found: dict[int, bytes] = {}
    at = 2
    while content[at] == 0xFF and content[at + 1] != _TILE:
        marker, size = content[at + 1], _number(content, at + 2, 2)
        if marker in _NOT_FOLLOWED:
            raise Undecided(f"marker FF{marker:02X} is not followed here")
        found[marker] = content[at + 4 : at + 2 + size]
        at += 2 + max(2, size)
    if not {_SIZE, _CODING, _QUANTISATION} <= found.keys():
        raise Undecided("the main header is incomplete")
    return _coding(found[_SIZE], found[_CODING], found[_QUANTISATION]), at


def _coding(size: bytes, coding: bytes, quantisation: bytes) -> Coding:
    right, bottom, left, top, *tiles = (_number(size, 2 + 4 * at, 4) for at in range(8))
    levels, style = coding[5], coding[8]
    if style & (_BYPASS | _HIGH_THROUGHPUT) or coding[1] > 4:
        raise Undecided(f"code-block style {style} or order of packets {coding[1]} is not followed here")
    told = [(one & 15, one >> 4) for one in coding[10 : 11 + levels]]
    found = Coding(
        area=(left, top, right, bottom),
        tile_origin=(tiles[2], tiles[3]),
        tile_size=(tiles[0], tiles[1]),
        steps=[(size[37 + 3 * at], size[38 + 3 * at]) for at in range(_number(size, 34, 2))],
        order=coding[1],
        layers=_number(coding, 2, 2),
        levels=levels,
        block_exponents=(coding[6] + 2, coding[7] + 2),
        style=style,
        precincts=told if coding[0] & 1 else [(15, 15)] * (levels + 1),
        guard_bits=quantisation[0] >> 5,
        exponents=[one >> 3 for one in quantisation[1 : 2 + 3 * levels]],
    )
    _check(found)
    return found


def _check(coding: Coding) -> None:
    """Nothing is laid out that a header makes up: neither sizes beyond the standard nor too many of anything."""
    left, top, right, bottom = coding.area
    width, height = right - left, bottom - top
    if min(width, height, *coding.tile_size) <= 0 or max(coding.block_exponents) > 10 or coding.levels > 32:
        raise Undecided("the main header makes no sense")
    if len(coding.precincts) <= coding.levels or len(coding.exponents) <= 3 * coding.levels:
        raise Undecided("the main header is incomplete")
    if any(min(one) < 1 for one in coding.precincts[1:]):
        raise Undecided("the main header makes no sense")
    # Code-blocks are no larger than half a precinct.
    sizes = [min(sum(coding.block_exponents), max(0, sum(one) - 2)) for one in coding.precincts]
    blocks = sum(width * height >> 2 * (coding.levels - level) >> size for level, size in enumerate(sizes))
    grid = (width // coding.tile_size[0] + 1) * (height // coding.tile_size[1] + 1) * (coding.levels + 1)
    if (blocks + grid) * len(coding.steps) * max(1, coding.layers) > _MOST_BLOCKS:
        raise Undecided("the picture has too many code-blocks to be followed")


def _tiles(content: bytes, at: int) -> dict[int, bytearray]:
    """The packets of each tile, its parts put together."""
    found: dict[int, bytearray] = {}
    while content[at] == 0xFF and content[at + 1] == _TILE:
        tile, length = _number(content, at + 4, 2), _number(content, at + 6, 4)
        end = at + length if length else len(content) - 2
        inner = at + 12
        while content[inner + 1] != _DATA:
            if content[inner + 1] not in _HARMLESS:
                raise Undecided(f"marker FF{content[inner + 1]:02X} in a tile is not followed here")
            inner += 2 + max(2, _number(content, inner + 2, 2))
        if end > len(content) or end <= inner:
            raise Undecided("the codestream ends early")
        found.setdefault(tile, bytearray()).extend(content[inner + 2 : end])
        at = end
        if at + 1 >= len(content):
            break
    if not found:
        raise Undecided("the codestream has no tile")
    return found


def _count_tile(coding: Coding, number: int, data: bytearray) -> Passes:
    components = tile_components(coding, number)
    reader, states = Bits(data), dict[int, list[BandState]]()
    for layer, precinct in packets(coding, components):
        known = states.setdefault(id(precinct), [BandState(band) for band in precinct.bands])
        read_packet(reader, known, layer, each_pass_ends=bool(coding.style & _EACH_PASS_ENDS))
    if reader.at != len(data):
        raise Undecided("its packets do not end where its tile does")
    seen = [
        (block, band.planes)
        for resolutions in components
        for precincts in resolutions
        for precinct in precincts
        for band in precinct.bands
        for block in band.blocks
    ]
    return Passes(
        blocks=len(seen),
        cut=sum(0 < block.passes < 3 * (planes - block.zero_planes) - 2 for block, planes in seen),
        empty=sum(block.passes == 0 for block, _ in seen),
    )


def _number(content: bytes, at: int, size: int) -> int:
    if at + size > len(content):
        raise IndexError(at)
    return int.from_bytes(content[at : at + size], "big")
