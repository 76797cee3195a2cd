"""How the code-blocks of a JPEG 2000 codestream lie: tiles, resolutions, precincts, bands (ITU T.800 B.1 to B.12)."""

from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

__all__ = ["Band", "CodeBlock", "Coding", "Precinct", "packets", "tile_components"]


@dataclass(slots=True, kw_only=True)
class Coding:
    """What SIZ, COD and QCD say, the same for all tiles and components.

    `precincts` are exponents (PPx, PPy) by resolution; `exponents` those of the bands, LL first.
    """

    area: tuple[int, int, int, int]
    tile_origin: tuple[int, int]
    tile_size: tuple[int, int]
    steps: list[tuple[int, int]]
    order: int
    layers: int
    levels: int
    block_exponents: tuple[int, int]
    style: int
    precincts: list[tuple[int, int]]
    guard_bits: int
    exponents: list[int]


@dataclass(slots=True)
class CodeBlock:
    """What the packets so far said of a code-block: coding passes, planes of zeros, bits of a length."""

    passes: int = 0
    zero_planes: int = -1
    length_bits: int = 3


@dataclass(slots=True, kw_only=True)
class Band:
    """The code-blocks of one band in one precinct, in rows; `planes` is how many bit planes the band can have."""

    across: int
    down: int
    planes: int
    blocks: list[CodeBlock] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Precinct:
    """The bands of one precinct of one resolution, and where it begins on the reference grid."""

    bands: list[Band]
    x: int
    y: int


class _Area(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int


Resolutions = list[list[Precinct]]


def tile_components(coding: Coding, tile: int) -> list[Resolutions]:
    """The precincts of a tile, by component and resolution."""
    left, top, right, bottom = coding.area
    (origin_x, origin_y), (width, height) = coding.tile_origin, coding.tile_size
    row, column = divmod(tile, max(1, ceil((right - origin_x) / width)))
    x, y = origin_x + column * width, origin_y + row * height
    whole = _Area(max(x, left), max(y, top), min(x + width, right), min(y + height, bottom))
    levels = range(coding.levels + 1)
    return [[_precincts(coding, whole, step, level) for level in levels] for step in coding.steps]


def _precincts(coding: Coding, tile: _Area, step: tuple[int, int], resolution: int) -> list[Precinct]:
    area, shift = _scaled(tile, step), coding.levels - resolution
    reduced = _scaled(area, (1 << shift,) * 2)
    if reduced.left >= reduced.right or reduced.top >= reduced.bottom:
        return []
    across, down = coding.precincts[resolution]
    columns = range(reduced.left >> across, ceil(reduced.right / (1 << across)))
    rows = range(reduced.top >> down, ceil(reduced.bottom / (1 << down)))
    return [
        Precinct(
            bands=[_band(coding, area, resolution, number, (column, row)) for number in _bands(resolution)],
            x=max(tile.left, (column << across + shift) * step[0]),
            y=max(tile.top, (row << down + shift) * step[1]),
        )
        for row in rows
        for column in columns
    ]


def _bands(resolution: int) -> range:
    """0 is LL; 1 is HL, 2 is LH, 3 is HH."""
    return range(1) if resolution == 0 else range(1, 4)


def _band(coding: Coding, area: _Area, resolution: int, number: int, place: tuple[int, int]) -> Band:
    depth = coding.levels - resolution + (1 if resolution else 0)
    half = 1 << depth >> 1
    band = _scaled(area, (1 << depth,) * 2, (half * (number & 1), half * (number >> 1)))
    across, down = (one - (1 if resolution else 0) for one in coding.precincts[resolution])
    inner = _Area(
        max(band.left, place[0] << across),
        max(band.top, place[1] << down),
        min(band.right, (place[0] + 1) << across),
        min(band.bottom, (place[1] + 1) << down),
    )
    index = 0 if resolution == 0 else 3 * (resolution - 1) + number
    planes = coding.guard_bits + coding.exponents[index] - 1
    if inner.left >= inner.right or inner.top >= inner.bottom:
        return Band(across=0, down=0, planes=planes)
    x, y = min(coding.block_exponents[0], across), min(coding.block_exponents[1], down)
    columns = ceil(inner.right / (1 << x)) - (inner.left >> x)
    rows = ceil(inner.bottom / (1 << y)) - (inner.top >> y)
    return Band(across=columns, down=rows, planes=planes, blocks=[CodeBlock() for _ in range(columns * rows)])


def _scaled(area: _Area, step: tuple[int, int], shift: tuple[int, int] = (0, 0)) -> _Area:
    return _Area(
        -((shift[0] - area.left) // step[0]),
        -((shift[1] - area.top) // step[1]),
        -((shift[0] - area.right) // step[0]),
        -((shift[1] - area.bottom) // step[1]),
    )


def packets(coding: Coding, components: list[Resolutions]) -> list[tuple[int, Precinct]]:
    """The layer and precinct of each packet, in the order of the codestream (B.12)."""
    found = [
        (_Place(layer=layer, level=level, component=component, at=(precinct.y, precinct.x), number=number), precinct)
        for component, resolutions in enumerate(components)
        for level, precincts in enumerate(resolutions)
        for number, precinct in enumerate(precincts)
        for layer in range(coding.layers)
    ]
    found.sort(key=lambda one: one[0].key(coding.order))
    return [(place.layer, precinct) for place, precinct in found]


class _Place(NamedTuple):
    """Where a packet belongs."""

    layer: int
    level: int
    component: int
    at: tuple[int, int]
    number: int

    def key(self, order: int) -> tuple[object, ...]:
        """What packets are sorted by: layer, resolution level, component or position first."""
        return {
            0: (self.layer, self.level, self.component, self.number),
            1: (self.level, self.layer, self.component, self.number),
            2: (self.level, self.at, self.component, self.number, self.layer),
            3: (self.at, self.component, self.level, self.number, self.layer),
            4: (self.component, self.at, self.level, self.number, self.layer),
        }[order]
