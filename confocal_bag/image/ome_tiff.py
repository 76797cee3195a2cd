"""Write one series as an OME-TIFF, a page per plane, and prove it page by page from what was written.

Decoding, hashing and writing overlap: while one plane is written, the next is decoded and the one before is hashed.
A few planes are in memory at a time, however many there are; of large planes no more than two.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.model import Plane, Series, plane_digest

if TYPE_CHECKING:
    from tifffile import TiffFrame, TiffPage

__all__ = ["COMPRESSIONS", "PlaneProof", "prove_pages", "write_pages"]

OnBytes = Callable[[int], None]

#: Lossless compressions on request, by the names tifffile gives them. zstd is not in the TIFF standard.
COMPRESSIONS = {"deflate": "adobe_deflate", "lzw": "lzw", "zstd": "zstd"}

#: Planes beyond this are read, hashed and written one after the other.
_LARGE_PLANE = 32 << 20
_HASHED_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneProof:
    """One plane and the SHA-1 that it has both as read and as written."""

    coordinates: Mapping[str, int]
    sha1: str


def write_pages(
    planes: Iterator[Plane],
    partial: Path,
    description: bytes,
    series: Series,
    *,
    compression: str | None,
    bigtiff: bool,
    on_bytes: OnBytes,
) -> tuple[PlaneProof, ...]:
    """Write a page per plane to a new file; the SHA-1 of each plane as it was read, in page order.

    `description` goes into the first page; `on_bytes` is told the bytes of each plane when it is written.
    """
    from tifffile import TiffWriter

    options = _page_options(series, compression)
    large = series.plane_bytes > _LARGE_PLANE
    proofs: list[PlaneProof] = []
    with ThreadPoolExecutor(1) as hasher, partial.open("xb") as stream:
        under_way: deque[tuple[Plane, Future[str]]] = deque()
        with TiffWriter(stream, bigtiff=bigtiff, byteorder="<") as writer:
            for number, plane in enumerate(planes if large else _read_ahead(planes)):
                under_way.append((plane, hasher.submit(plane_digest, plane.pixels)))
                writer.write(plane.pixels, description=None if number else description, **options)
                on_bytes(series.plane_bytes)
                while len(under_way) >= (1 if large else _HASHED_AT_ONCE):
                    proofs.append(_proof(*under_way.popleft()))
        proofs += [_proof(*one) for one in under_way]
    return tuple(proofs)


def _proof(plane: Plane, digest: Future[str]) -> PlaneProof:
    return PlaneProof(coordinates=dict(plane.coordinates), sha1=digest.result())


def _read_ahead(planes: Iterator[Plane]) -> Iterator[Plane]:
    """The same planes, the next being decoded while one is at work."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, planes, None)
        while (plane := coming.result()) is not None:
            coming = reader.submit(next, planes, None)
            yield plane


def _page_options(series: Series, compression: str | None) -> dict[str, Any]:
    samples = series.samples
    options: dict[str, Any] = {"metadata": None, "contiguous": False, "software": "confocal-bag"}
    options["photometric"] = "rgb" if samples in (3, 4) else "minisblack"
    if "S" in series.axes:
        options["planarconfig"] = "contig"
        options["extrasamples"] = ["unspecified"] * (samples - (3 if samples in (3, 4) else 1))
    if compression is not None:
        options["compression"] = COMPRESSIONS[compression]
        options["predictor"] = 2 if series.dtype.kind in "iu" else None
    return options


def prove_pages(
    source: Path, written: Path, series: Series, proofs: tuple[PlaneProof, ...], *, on_bytes: OnBytes
) -> None:
    """Read the written file page by page, compare each digest, and make the file durable.

    Raises CannotFinish at the first difference; `on_bytes` is told 0 for each page, as a sign of progress.
    """
    from tifffile import TiffFile

    with ThreadPoolExecutor(1) as keeper, TiffFile(written) as tiff:
        durable = keeper.submit(_make_durable, written)
        if len(tiff.pages) != len(proofs) or len(proofs) != series.plane_count:
            raise CannotFinish(
                f"{readable_path(source)}: series {series.index} has {series.plane_count} planes, {len(proofs)} were "
                f"read and {len(tiff.pages)} written; the conversion was thrown away. Report this as a bug."
            )
        digests = _digests(tiff.pages, threads=1 if series.plane_bytes > _LARGE_PLANE else 2)
        for proof, digest in zip(proofs, digests, strict=True):
            on_bytes(0)
            if digest != proof.sha1:
                where = ", ".join(f"{axis}={at}" for axis, at in proof.coordinates.items())
                raise CannotFinish(
                    f"{readable_path(source)}: the plane {where} of series {series.index} reads back differently from "
                    "its OME-TIFF; the conversion was thrown away. Check the disk it was written to."
                )
        durable.result()


def _digests(pages: "Iterable[TiffPage | TiffFrame]", *, threads: int) -> Iterator[str]:
    """The SHA-1 of each page, hashed side by side while the next is read."""
    with ThreadPoolExecutor(threads) as hashers:
        under_way: deque[Future[str]] = deque()
        for page in pages:
            under_way.append(hashers.submit(plane_digest, page.asarray()))
            while len(under_way) > threads:
                yield under_way.popleft().result()
        for digest in under_way:
            yield digest.result()


def _make_durable(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
