"""Convert an image file to OME-TIFF, one file per series, and prove that no sample changed.

Names: the original file name with its extension, so that cell01.czi and cell01.lsm cannot collide: cell01.czi.ome.tiff,
or cell01.czi_s00.ome.tiff, cell01.czi_s01.ome.tiff for a file of several series. Characters that some file system
refuses become "_", and then a few digits of the original name's digest keep the result unique.

Pages stand in the order of `ImageFile.planes` (OME's XYCZT; other axes are slower and folded onto T, which the embedded
OME-XML says). Every plane is digested as the reader gives it; the written file is then read back page by page through
tifffile, without the reader, and digested again.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.file_names import output_names
from confocal_bag.image.model import ImageFile, Plane, Series, plane_digest

if TYPE_CHECKING:
    from ome_types import OME

__all__ = ["COMPRESSIONS", "Conversion", "PlaneProof", "convert_image", "obstacle", "plane_digests"]

#: Lossless compressions on request, by the names tifffile gives them. zstd is not in the TIFF standard.
COMPRESSIONS = {"deflate": "adobe_deflate", "lzw": "lzw", "zstd": "zstd"}

#: Classic TIFF has 32-bit offsets; beyond this size (3.9 GiB) the file is a BigTIFF.
CLASSIC_LIMIT = int(3.9 * 2**30)

_PER_PAGE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneProof:
    """One plane and the SHA-1 that it has both as read and as written."""

    coordinates: Mapping[str, int]
    sha1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One OME-TIFF: the series it holds, where it is, and the proof of each plane in page order."""

    series: Series
    path: Path
    planes: tuple[PlaneProof, ...]
    compression: str | None
    bigtiff: bool


def convert_image(
    path: str | Path,
    folder: str | Path,
    *,
    stem: str | None = None,
    compression: str | None = None,
    on_bytes: Callable[[int], None] | None = None,
) -> list[Conversion]:
    """Write each series of an image file as an OME-TIFF into `folder` and prove it plane by plane.

    `compression` is None, "deflate", "lzw" or "zstd". `on_bytes` is told the bytes of each plane as it is written.
    Raises UnreadableImage when the file cannot be read whole or holds what OME-TIFF cannot; plain CannotFinish when a
    target exists, the disk is full, or a plane differs after writing. Then nothing of this is left in the folder.
    """
    from confocal_bag.image.acquisition import describe_acquisition
    from confocal_bag.image.open import open_image

    if compression is not None and compression not in COMPRESSIONS:
        raise CannotFinish(f"{compression} is not a compression offered here; use one of {', '.join(COMPRESSIONS)}.")
    path, folder = Path(path), Path(folder)
    done: list[Conversion] = []
    with open_image(path) as image:
        targets = _targets(folder, stem if stem is not None else path.name, len(image.series))
        ome = describe_acquisition(image)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for series, target in zip(image.series, targets, strict=True):
                done.append(_convert_series(image, series, ome, target, compression=compression, on_bytes=on_bytes))
        except BaseException as error:
            for conversion in done:
                conversion.path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _cannot_write(folder, error) from error
            raise
    return done


def plane_digests(image: ImageFile) -> dict[int, list[tuple[Mapping[str, int], str]]]:
    """(coordinates, SHA-1) of every plane of an opened image by series index, in the order of `ImageFile.planes`."""
    return {
        series.index: [(plane.coordinates, plane_digest(plane.pixels)) for plane in image.planes(series)]
        for series in image.series
    }


def _targets(folder: Path, stem: str, series_count: int) -> list[Path]:
    targets = [folder / name for name in output_names(stem, series_count)]
    for target in targets:
        if os.path.lexists(target):
            raise CannotFinish(f"{readable_path(target)} exists already; move it away or choose another folder.")
    return targets


def _convert_series(
    image: ImageFile,
    series: Series,
    ome: "OME",
    target: Path,
    *,
    compression: str | None,
    on_bytes: Callable[[int], None] | None,
) -> Conversion:
    from confocal_bag.image.sidecar import for_tiff

    size = _estimated_size(series)
    _check_room(target.parent, size, compression)
    description = for_tiff(ome, series.index, target.name).encode("utf-8")
    bigtiff = size + len(description) > CLASSIC_LIMIT
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        pages = _write(image.planes(series), partial, description, _page_options(series, compression), bigtiff=bigtiff)
        proofs = tuple(_reported(pages, series.plane_bytes, on_bytes))
        _prove(image.path, partial, series, proofs)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return Conversion(series=series, path=target, planes=proofs, compression=compression, bigtiff=bigtiff)


def _reported(proofs: Iterator[PlaneProof], size: int, on_bytes: Callable[[int], None] | None) -> Iterator[PlaneProof]:
    for proof in proofs:
        if on_bytes is not None:
            on_bytes(size)
        yield proof


def _write(
    planes: Iterator[Plane], partial: Path, description: bytes, options: Mapping[str, Any], *, bigtiff: bool
) -> Iterator[PlaneProof]:
    """Write one page per plane; yield its proof as read. One plane is in memory at a time."""
    from tifffile import TiffWriter

    with partial.open("x+b") as stream:
        with TiffWriter(stream, bigtiff=bigtiff, byteorder="<") as writer:
            for number, plane in enumerate(planes):
                text = description if number == 0 else None
                writer.write(plane.pixels, description=text, **options)
                yield PlaneProof(coordinates=dict(plane.coordinates), sha1=plane_digest(plane.pixels))
        stream.flush()
        os.fsync(stream.fileno())


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


def _prove(source: Path, written: Path, series: Series, proofs: tuple[PlaneProof, ...]) -> None:
    """Read the written file page by page and compare each digest. Raises CannotFinish at the first difference."""
    from tifffile import TiffFile

    with TiffFile(written) as tiff:
        if len(tiff.pages) != len(proofs) or len(proofs) != series.plane_count:
            raise CannotFinish(
                f"{readable_path(source)}: series {series.index} has {series.plane_count} planes, {len(proofs)} were "
                f"read and {len(tiff.pages)} written; the conversion was thrown away. Report this as a bug."
            )
        for page, proof in zip(tiff.pages, proofs, strict=True):
            if plane_digest(page.asarray()) != proof.sha1:
                where = ", ".join(f"{axis}={at}" for axis, at in proof.coordinates.items())
                raise CannotFinish(
                    f"{readable_path(source)}: the plane {where} of series {series.index} reads back differently from "
                    "its OME-TIFF; the conversion was thrown away. Check the disk it was written to."
                )


def obstacle(dtype: str) -> str | None:
    """Why OME-TIFF cannot hold samples of a type, given as `ImageRecord.dtype` has it; None where it can."""
    from confocal_bag.image.acquisition import build

    return build.obstacle(dtype)


def _estimated_size(series: Series) -> int:
    return series.plane_count * (series.plane_bytes + _PER_PAGE)


def _check_room(folder: Path, size: int, compression: str | None) -> None:
    free = shutil.disk_usage(folder).free
    if compression is None and size > free:
        raise CannotFinish(f"{readable_path(folder)} has {free} bytes free, the conversion needs {size}; make room.")


def _cannot_write(folder: Path, error: OSError) -> CannotFinish:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotFinish(f"The disk of {readable_path(folder)} is full; make room and convert again.")
    return CannotFinish(f"{readable_path(folder)} cannot be written to ({error.strerror}); check who may write there.")
