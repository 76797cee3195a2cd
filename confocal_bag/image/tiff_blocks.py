"""The strips and tiles of a TIFF page: whether they are listed, inside the file, long enough, and of one page only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import BinaryIO

from confocal_bag.image.tiff_directory import Directory
from confocal_bag.image.tiff_fault import StructureFault

__all__ = ["Page", "block_faults", "overlaps", "page_depth", "read_page", "stored_bits"]

_SUBFILE, _WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_SAMPLES, _ROWS, _PLANAR, _FORMAT = 277, 278, 284, 339
_STRIPS, _STRIP_SIZES = 273, 279
_TILE_WIDTH, _TILE_LENGTH, _TILES, _TILE_SIZES = 322, 323, 324, 325
_DEPTH, _TILE_DEPTH = 32997, 32998
_SEPARATE, _NOT_COMPRESSED, _YCBCR = 2, 1, 6
_SHORT = 3
_HEADER_BYTES = 8
_MOST_BLOCKS = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """How the strips or tiles of a page lie: their word, their number, and the bytes each needs uncompressed."""

    word: str
    number: int
    rows: int
    row_bytes: int
    height: int
    down: int

    def needed(self, number: int) -> int:
        """The bytes of strip or tile `number` without compression; the last strip of a plane may be lower."""
        rows = self.rows
        if self.word == "strip":
            rows = min(rows, self.height - number % self.down * rows)
        return rows * self.row_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as its directory describes it; `bits` of one sample, `sample_format` as in tag 339.

    `offsets` and `sizes` are those of its strips or tiles. `grid` is None where they have no rows or columns; `plain`
    says whether the bytes of a strip follow from its rows, `alone` whether the file lists no other page.
    """

    offset: int
    width: int
    length: int
    bits: int
    samples: int
    sample_format: int
    reduced: bool
    plain: bool
    alone: bool
    grid: _Grid | None
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]

    def blocks(self) -> list[tuple[int, int]]:
        """Where each strip or tile begins, and its bytes; what is listed beyond those the page needs is no part of it.

        Some writers count more bytes than the rows have, or none in a file of one page and strip: without compression
        the rows say it. Among several pages a strip of no bytes may be one that was never written.
        """
        listed = zip(self.offsets, self.sizes, strict=False)
        grid = self.grid
        if grid is None:
            return list(listed)
        kept = list(listed)[: grid.number]
        if not self.plain:
            return kept
        whole = grid.word == "strip" and grid.number == 1 and self.alone
        return [
            (at, grid.needed(number) if size > grid.needed(number) or (whole and at and not size) else size)
            for number, (at, size) in enumerate(kept)
        ]

    @property
    def sparse(self) -> int:
        """How many tiles have no place and no size, and are read as zeros by a custom of GDAL."""
        if self.grid is None or self.grid.word != "tile":
            return 0
        return sum(1 for at, size in self.blocks() if not at and not size)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where each strip or tile that is stored begins and ends."""
        return ((at, at + size) for at, size in self.blocks() if at and size > 0)


def read_page(stream: BinaryIO, directory: Directory) -> Page:
    """What a directory says of its page."""
    grid = _grid(stream, directory)
    # No compression, and no colour stored with fewer pixels.
    plain = (
        _one(stream, directory, _COMPRESSION, default=1) == _NOT_COMPRESSED
        and _one(stream, directory, _PHOTOMETRIC) != _YCBCR
    )
    offsets, sizes = _listed(stream, directory)
    if not sizes and plain and grid:
        # TIFF 5 let writers leave them out where they follow from the rows.
        sizes = tuple(grid.needed(at) for at in range(min(len(offsets), grid.number)))
    return Page(
        offset=directory.offset,
        width=_one(stream, directory, _WIDTH),
        length=_one(stream, directory, _LENGTH),
        bits=stored_bits(stream, directory),
        samples=_one(stream, directory, _SAMPLES, default=1),
        sample_format=_one(stream, directory, _FORMAT, default=1),
        reduced=bool(_one(stream, directory, _SUBFILE) & 1),
        plain=plain,
        alone=directory.offset == directory.header.first and not directory.following,
        grid=grid,
        offsets=offsets,
        sizes=sizes,
    )


def block_faults(page: Page, end: int) -> Iterator[StructureFault]:
    """What is wrong with the strips or tiles of one page in a file of `end` bytes; the first of each kind."""
    where, grid = f"the page at byte {page.offset}", page.grid
    if not page.width or not page.length:
        yield _damage("dimensions", f"{where} declares {page.width} columns and {page.length} rows")
    elif grid is None:
        yield _damage("dimensions", f"{where} declares strips or tiles without rows or columns")
    elif len(page.offsets) < grid.number:
        yield _damage("blocks-missing", f"{where} needs {grid.number} {grid.word}s, {len(page.offsets)} are listed")
    else:
        blocks = page.blocks()
        yield from _outside(where, grid, blocks, end)
        yield from _absent(where, grid, blocks, page.sparse)
        if page.plain and all(at and size for at, size in blocks):
            yield from _short(where, grid, [size for _, size in blocks])


def _outside(where: str, grid: _Grid, blocks: Sequence[tuple[int, int]], end: int) -> Iterator[StructureFault]:
    for number, (at, size) in enumerate(blocks):
        if at and (at < _HEADER_BYTES or at + size > end):
            yield _damage(
                "blocks-outside",
                f"{grid.word} {number} of {where} lies at bytes {at} to {at + size}, the file has {end}",
            )
            return


def _absent(where: str, grid: _Grid, blocks: Sequence[tuple[int, int]], sparse: int) -> Iterator[StructureFault]:
    """Some tiles may be left out; a page that has no other, and strips, are lost."""
    empty = sum(1 for at, size in blocks if not at or not size)
    if not empty:
        return
    if empty == sparse < len(blocks):
        yield StructureFault(
            code="tiles-sparse",
            message=f"{empty} of the {len(blocks)} tiles of {where} are not stored and are read as zeros",
            is_damage=False,
        )
    else:
        yield _damage("blocks-empty", f"{empty} of the {len(blocks)} {grid.word}s of {where} are not stored")


def _short(where: str, grid: _Grid, sizes: Sequence[int]) -> Iterator[StructureFault]:
    for number, size in enumerate(sizes):
        if size < grid.needed(number):
            yield _damage(
                "blocks-short",
                f"{grid.word} {number} of {where} has {size} bytes, its uncompressed rows need {grid.needed(number)}",
            )
            return


def overlaps(pages: Sequence[Page]) -> Iterator[StructureFault]:
    """The first two strips or tiles that share bytes, of full-resolution pages."""
    kept = [page for page in pages if not page.reduced]
    spans = sorted((begin, end, page.offset) for page in kept for begin, end in page.spans())
    for (_, end, one), (begin, _, other) in pairwise(spans):
        if begin < end:
            whose = f"the page at byte {one}" if one == other else f"the pages at bytes {one} and {other}"
            yield StructureFault(
                code="blocks-overlap", message=f"pixels of {whose} share bytes, from byte {begin} on", is_damage=False
            )
            return


def _damage(code: str, message: str) -> StructureFault:
    return StructureFault(code=code, message=message, is_damage=True)


def _listed(stream: BinaryIO, directory: Directory) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Offsets and sizes of the tiles, or else of the strips."""
    tags = (_TILES, _TILE_SIZES) if _TILES in directory.entries else (_STRIPS, _STRIP_SIZES)
    number = min(directory.count(tags[0]), _MOST_BLOCKS)
    return directory.integers(stream, tags[0], most=number), directory.integers(stream, tags[1], most=number)


def _grid(stream: BinaryIO, directory: Directory) -> _Grid | None:
    width, length = _one(stream, directory, _WIDTH), _one(stream, directory, _LENGTH)
    samples, bits = _one(stream, directory, _SAMPLES, default=1), stored_bits(stream, directory)
    separate = _one(stream, directory, _PLANAR, default=1) == _SEPARATE
    planes, interleaved = (samples, 1) if separate else (1, samples)
    if _TILES in directory.entries:
        columns, rows = _one(stream, directory, _TILE_WIDTH), _one(stream, directory, _TILE_LENGTH)
        if not columns or not rows:
            return None
        deep = _one(stream, directory, _TILE_DEPTH, default=1) or 1
        interleaved *= deep
        down, across, word = ceil(length / rows), ceil(width / columns), "tile"
    else:
        deep = 1
        columns, rows = width, min(_one(stream, directory, _ROWS, default=length), length)
        if not rows:
            return None
        down, across, word = ceil(length / rows), 1, "strip"
    return _Grid(
        word=word,
        number=planes * ceil(page_depth(stream, directory) / deep) * down * across,
        rows=rows,
        row_bytes=(columns * bits * interleaved + 7) // 8,
        height=length,
        down=down,
    )


def page_depth(stream: BinaryIO, directory: Directory) -> int:
    """How many slices of a volume a page holds; one but for the tags that SGI added."""
    return _one(stream, directory, _DEPTH, default=1) or 1


def stored_bits(stream: BinaryIO, directory: Directory) -> int:
    """The bits of a sample. LSM files keep the numbers of two channels elsewhere, where TIFF has them in the entry."""
    kind, count, field = directory.entries.get(_BITS, (0, 0, b""))
    if kind == _SHORT and count == 2 and not directory.header.big and field[2:] + field[:2] != field:
        stream.seek(int.from_bytes(field, "little" if directory.header.order == "<" else "big"))
        raw = stream.read(4)
        if raw[:2] == raw[2:] and len(raw) == 4:
            return int.from_bytes(raw[:2], "little" if directory.header.order == "<" else "big")
    return _one(stream, directory, _BITS, default=1)


def _one(stream: BinaryIO, directory: Directory, tag: int, *, default: int = 0) -> int:
    values = directory.integers(stream, tag)
    return values[0] if values else default
