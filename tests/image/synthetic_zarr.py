"""Synthetic OME-Zarr, written by hand: JSON and raw chunk files, in the layout of Zarr 2 (NGFF 0.4) or 3 (NGFF 0.5)."""

import gzip
import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

AXES = ("t", "c", "z", "y", "x")
TYPES = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}


def multiscale(
    axes: Sequence[str] = AXES,
    *,
    units: Mapping[str, str] | None = None,
    scale: Sequence[float] | None = None,
    name: str | None = "cells",
    levels: int = 1,
) -> dict[str, Any]:
    """One entry of `multiscales`."""
    known = units or {}
    described = [
        {"name": axis, "type": TYPES.get(axis, "custom"), **({"unit": known[axis]} if axis in known else {})}
        for axis in axes
    ]
    transforms = [{"type": "scale", "scale": list(scale or [1.0] * len(axes))}]
    datasets = [{"path": str(level), "coordinateTransformations": transforms} for level in range(levels)]
    return {"axes": described, "datasets": datasets, **({"name": name} if name else {})}


def write_group(folder: Path, said: Mapping[str, Any], *, zarr_format: int = 2) -> Path:
    """A group and what NGFF says of it."""
    folder.mkdir(parents=True, exist_ok=True)
    if zarr_format == 2:
        (folder / ".zgroup").write_text('{"zarr_format": 2}')
        (folder / ".zattrs").write_text(json.dumps(said))
    else:
        document = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": "0.5", **said}}}
        (folder / "zarr.json").write_text(json.dumps(document))
    return folder


def write_array(
    folder: Path, values: npt.NDArray[Any], chunks: Sequence[int], *, zarr_format: int = 2, separator: str = "/"
) -> None:
    """An array in gzip chunks, every one of them written."""
    folder.mkdir(parents=True)
    document = _zarr_2(values, chunks, separator) if zarr_format == 2 else _zarr_3(values, chunks, separator)
    (folder / (".zarray" if zarr_format == 2 else "zarr.json")).write_text(json.dumps(document))
    grid = [range(-(-size // chunk)) for size, chunk in zip(values.shape, chunks, strict=True)]
    for place in product(*grid):
        piece = np.zeros(chunks, values.dtype)
        part = values[tuple(slice(at * size, (at + 1) * size) for at, size in zip(place, chunks, strict=True))]
        piece[tuple(slice(0, size) for size in part.shape)] = part
        key = separator.join(map(str, place)) if zarr_format == 2 else separator.join(["c", *map(str, place)])
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(piece.tobytes()))


def _zarr_2(values: npt.NDArray[Any], chunks: Sequence[int], separator: str) -> dict[str, Any]:
    return {
        "zarr_format": 2,
        "shape": list(values.shape),
        "chunks": list(chunks),
        "dtype": values.dtype.str,
        "compressor": {"id": "gzip", "level": 5},
        "fill_value": 0,
        "order": "C",
        "filters": None,
        "dimension_separator": separator,
    }


def _zarr_3(values: npt.NDArray[Any], chunks: Sequence[int], separator: str) -> dict[str, Any]:
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(values.shape),
        "data_type": values.dtype.name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunks)}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": separator}},
        "fill_value": 0,
        "codecs": [
            {"name": "bytes", "configuration": {"endian": "little"}},
            {"name": "gzip", "configuration": {"level": 5}},
        ],
        "attributes": {},
    }


def write_zarr(
    folder: Path,
    values: npt.NDArray[Any],
    *,
    zarr_format: int = 2,
    chunks: Sequence[int] | None = None,
    said: Mapping[str, Any] | None = None,
    separator: str = "/",
) -> Path:
    """One image at `folder`, with a chunk for every plane unless told otherwise."""
    write_group(folder, said or {"multiscales": [multiscale()]}, zarr_format=zarr_format)
    sizes = chunks or [1] * (values.ndim - 2) + list(values.shape[-2:])
    write_array(folder / "0", values, sizes, zarr_format=zarr_format, separator=separator)
    return folder


def stack(*shape: int, seed: int = 7) -> npt.NDArray[np.uint16]:
    """Samples that are nowhere 0 and differ from plane to plane."""
    return np.random.default_rng(seed).integers(1, 60000, shape, dtype=np.uint16)
