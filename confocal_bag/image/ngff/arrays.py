"""The layout of a Zarr array (Zarr 2 and 3): shape, chunks, sample type, and which of its chunks are there."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from confocal_bag.findings import readable_path
from confocal_bag.image.ngff.documents import NgffError, read_document

__all__ = ["ArrayLayout", "count_chunk_files", "read_layout"]

#: Lossless or plainly numeric; others, pickle above all, would run or need what the file brings along.
_CODECS = frozenset(
    {"blosc", "zlib", "gzip", "bz2", "lzma", "zstd", "lz4", "delta", "shuffle", "crc32", "crc32c", "adler32"}
    | {"fletcher32", "bytes", "transpose"}
)
_TYPES = frozenset(
    {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
    | {"float16", "float32", "float64", "complex64", "complex128"}
)
#: A block is decoded in one piece, so its size bounds the memory that reading needs.
_LARGEST_BLOCK = 1 << 31
_MOST_AXES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayLayout:
    """One array. `chunks` is the shape of what one file holds, `block` that of what is decoded in one piece.

    They differ where files are shards. `prefix` and `separator` make the name of a chunk file from its place.
    """

    folder: Path
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    block: tuple[int, ...]
    dtype: np.dtype[np.generic]
    separator: str
    prefix: str

    @property
    def grid(self) -> tuple[int, ...]:
        """How many chunk files there are along each axis."""
        return tuple(-(-size // chunk) for size, chunk in zip(self.shape, self.chunks, strict=True))

    @property
    def chunk_count(self) -> int:
        """How many chunk files a complete array has."""
        return prod(self.grid)


def read_layout(folder: Path) -> ArrayLayout:
    """The layout of the array in a folder. Raises NgffError for what is no array, or none that is read here."""
    document = read_document(folder / "zarr.json")
    if document is not None:
        layout = _zarr_3(folder, document)
    else:
        document = read_document(folder / ".zarray")
        if document is None:
            raise NgffError(f"the array {readable_path(folder.name)} is not there")
        layout = _zarr_2(folder, document)
    if not len(layout.shape) == len(layout.chunks) == len(layout.block):
        raise NgffError(f"the array {readable_path(folder.name)} has other axes than its chunks")
    if prod(layout.block) * layout.dtype.itemsize > _LARGEST_BLOCK:
        raise NgffError(f"the array {readable_path(folder.name)} has chunks of more than {_LARGEST_BLOCK:,} bytes")
    return layout


def _zarr_2(folder: Path, document: Mapping[str, Any]) -> ArrayLayout:
    chunks = _sizes(document.get("chunks"))
    codecs = [document.get("compressor"), *_list(document.get("filters"))]
    _check_codecs(one.get("id") if isinstance(one, dict) else one for one in codecs if one is not None)
    return ArrayLayout(
        folder=folder,
        shape=_sizes(document.get("shape")),
        chunks=chunks,
        block=chunks,
        dtype=_sample_type(document.get("dtype")),
        separator=_separator(document.get("dimension_separator", ".")),
        prefix="",
    )


def _zarr_3(folder: Path, document: Mapping[str, Any]) -> ArrayLayout:
    if document.get("node_type") != "array":
        raise NgffError(f"{readable_path(folder.name)} is no array")
    if document.get("storage_transformers"):
        raise NgffError("its array uses storage transformers, which are not read here")
    chunks = _sizes(_named(document.get("chunk_grid"), "regular").get("chunk_shape"))
    encoding = document.get("chunk_key_encoding")
    kind = encoding.get("name") if isinstance(encoding, dict) else encoding
    if kind not in ("default", "v2"):
        raise NgffError("its chunk files are named in a way that is not read here")
    said = _configuration(encoding).get("separator", "/" if kind == "default" else ".")
    return ArrayLayout(
        folder=folder,
        shape=_sizes(document.get("shape")),
        chunks=chunks,
        block=_block(_list(document.get("codecs")), chunks),
        dtype=_sample_type(document.get("data_type")),
        separator=_separator(said),
        prefix="c" if kind == "default" else "",
    )


def _block(codecs: Sequence[Any], chunks: tuple[int, ...]) -> tuple[int, ...]:
    """The shape decoded in one piece: that of a chunk, or of the chunks inside a shard."""
    shards = [one for one in codecs if isinstance(one, dict) and one.get("name") == "sharding_indexed"]
    _check_codecs(_name(one) for one in codecs if one not in shards)
    if not shards:
        return chunks
    settings = _configuration(shards[0])
    inner = _sizes(settings.get("chunk_shape"))
    # A shard inside a shard is legal and nobody writes it.
    _check_codecs(_name(one) for one in (*_list(settings.get("codecs")), *_list(settings.get("index_codecs"))))
    return inner


def _name(codec: Any) -> Any:
    name = codec.get("name") if isinstance(codec, dict) else codec
    return name.removeprefix("numcodecs.") if isinstance(name, str) else name


def _check_codecs(names: Iterator[Any] | Any) -> None:
    for name in names:
        if name not in _CODECS:
            raise NgffError(f"its samples are packed by {readable_path(str(name))[:60]}, which is not read here")


def _named(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or value.get("name") != name:
        raise NgffError(f"its array has no {name} grid of chunks")
    return _configuration(value)


def _configuration(value: Any) -> Mapping[str, Any]:
    found = value.get("configuration") if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _sizes(value: Any) -> tuple[int, ...]:
    sizes = _list(value)
    whole = all(type(one) is int and 0 < one < 1 << 48 for one in sizes)
    if not whole or not 2 <= len(sizes) <= _MOST_AXES:
        raise NgffError("the shape of an array or of its chunks is not a list of sizes")
    return tuple(sizes)


def _separator(value: Any) -> str:
    if value not in (".", "/"):
        raise NgffError("its chunk files are named in a way that is not read here")
    return str(value)


def _sample_type(value: Any) -> np.dtype[np.generic]:
    try:
        found = np.dtype(value) if isinstance(value, str) else None
    except (TypeError, ValueError):
        found = None
    if found is None or found.newbyteorder("=").name not in _TYPES:
        raise NgffError(f"its samples are of the type {readable_path(str(value))[:60]}, which no image has")
    return found


def count_chunk_files(layout: ArrayLayout) -> int:
    """How many of the chunk files of an array are there. Raises NgffError for a link among them."""
    return sum(1 for name in _file_names(layout.folder) if _is_chunk(layout, name))


def _file_names(folder: Path) -> Iterator[str]:
    """Every file below a folder by its path in it."""
    waiting = [("", folder)]
    while waiting:
        above, current = waiting.pop()
        with os.scandir(current) as found:
            for one in found:
                if one.is_symlink():
                    raise NgffError(f"{readable_path(above + one.name)} is a symbolic link")
                if one.is_dir(follow_symlinks=False):
                    waiting.append((f"{above}{one.name}/", Path(one.path)))
                elif one.is_file(follow_symlinks=False):
                    yield above + one.name


def _is_chunk(layout: ArrayLayout, name: str) -> bool:
    parts = name.split(layout.separator)
    if layout.prefix:
        if parts[0] != layout.prefix:
            return False
        parts = parts[1:]
    if len(parts) != len(layout.shape):
        return False
    # Only the spelling that a reader asks for: "01" would be a chunk that nobody finds.
    return all(
        one.isascii() and one.isdecimal() and str(int(one)) == one and int(one) < most
        for one, most in zip(parts, layout.grid, strict=True)
    )
