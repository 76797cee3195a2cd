"""Write one series as an OME-TIFF, a page per plane, and prove it page by page from what was written.

Each page has the tags that say what its numbers stand for, as in the source, and these are proven too.

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
from confocal_bag.image.meaning_tags import PageTags, page_tags
from confocal_bag.image.model import Plane, Series, plane_digest
from confocal_bag.image.numbering import image_number
from confocal_bag.image.pixel_meaning import page_meanings
from confocal_bag.image.series_meaning import SeriesMeaning

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
    meaning: SeriesMeaning,
    compression: str | None,
    bigtiff: bool,
    on_bytes: OnBytes,
) -> tuple[PlaneProof, ...]:
    """Write a page per plane to a new file; the SHA-1 of each plane as it was read, in page order.

    `description` goes into the first page; `on_bytes` is told the bytes of each plane when it is written.
    """
    from tifffile import TiffWriter

    options = _page_options(series, compression)
    tags = _Tags(meaning, series)
    large = series.plane_bytes > _LARGE_PLANE
    proofs: list[PlaneProof] = []
    with ThreadPoolExecutor(1) as hasher, partial.open("xb") as stream:
        under_way: deque[tuple[Plane, Future[str]]] = deque()
        with TiffWriter(stream, bigtiff=bigtiff, byteorder="<") as writer:
            for number, plane in enumerate(planes if large else _read_ahead(planes)):
                under_way.append((plane, hasher.submit(plane_digest, plane.pixels)))
                text = None if number else description
                writer.write(plane.pixels, description=text, **options, **tags.of(plane.coordinates).options())
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
    options: dict[str, Any] = {"metadata": None, "contiguous": False, "software": "confocal-bag"}
    if "S" in series.axes:
        options["planarconfig"] = "contig"
    if compression is not None:
        options["compression"] = COMPRESSIONS[compression]
        options["predictor"] = 2 if series.dtype.kind in "iu" else None
    return options


class _Tags:
    """The tags of the pages by their coordinates: those of a channel are made once, as tables of colours are long."""

    def __init__(self, meaning: SeriesMeaning, series: Series) -> None:
        self._plain = page_tags(None, series)
        self._channels = {index: page_tags(one, series) for index, one in meaning.channels.items()}

    def of(self, coordinates: Mapping[str, int]) -> PageTags:
        """The tags of the page of the plane at these coordinates."""
        return self._channels.get(coordinates.get("C", 0), self._plain)


def prove_pages(
    source: Path,
    written: Path,
    series: Series,
    proofs: tuple[PlaneProof, ...],
    *,
    meaning: SeriesMeaning,
    on_bytes: OnBytes,
) -> None:
    """Read the written file page by page, compare each digest and the tags, and make the file durable.

    Raises CannotFinish at the first difference; `on_bytes` is told 0 for each page, as a sign of progress.
    """
    from tifffile import TiffFile

    with ThreadPoolExecutor(1) as keeper, TiffFile(written) as tiff:
        durable = keeper.submit(_make_durable, written)
        if len(tiff.pages) != len(proofs) or len(proofs) != series.plane_count:
            raise CannotFinish(
                f"{readable_path(source)}: {image_number(series.index)} has {series.plane_count} planes, "
                f"{len(proofs)} were read and {len(tiff.pages)} written; the conversion was thrown away. "
                "Report this as a bug."
            )
        digests = _digests(tiff.pages, threads=1 if series.plane_bytes > _LARGE_PLANE else 2)
        for proof, digest in zip(proofs, digests, strict=True):
            on_bytes(0)
            if digest != proof.sha1:
                where = ", ".join(f"{axis}={at}" for axis, at in proof.coordinates.items())
                raise CannotFinish(
                    f"{readable_path(source)}: the plane {where} of {image_number(series.index)} reads back "
                    "differently from its OME-TIFF; the conversion was thrown away. Check the disk it was written to."
                )
        _prove_tags(source, written, proofs, _Tags(meaning, series))
        durable.result()


def _prove_tags(source: Path, written: Path, proofs: tuple[PlaneProof, ...], tags: _Tags) -> None:
    """Raise CannotFinish where a page says other than it should of what its numbers stand for."""
    for proof, seen in zip(proofs, page_meanings(written), strict=True):
        wanted = tags.of(proof.coordinates)
        found = (seen.photometric, seen.orientation, seen.color_map, seen.extra_samples) if seen else ()
        if found != (wanted.code, wanted.orientation, wanted.color_map, wanted.extra_samples):
            raise CannotFinish(
                f"{readable_path(source)}: the OME-TIFF does not say what its pixels mean as its source does; the "
                "conversion was thrown away. Report this as a bug."
            )


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
