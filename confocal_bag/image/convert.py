"""Convert an image file to OME-TIFF, one file per series, and prove that no sample changed.

Names: the original file name with its extension, so that cell01.czi and cell01.lsm cannot collide: cell01.czi.ome.tiff,
or cell01.czi_s00.ome.tiff, cell01.czi_s01.ome.tiff for a file of several series. Characters that some file system
refuses become "_", and then a few digits of the original name's digest keep the result unique.

Pages stand in the order of `ImageFile.planes` (OME's XYCZT; other axes are slower and folded onto T, a second one onto
Z, which the embedded OME-XML says). Every plane is digested as the reader gives it; the written file is then read back
page by page through tifffile, without the reader, and digested again. What its numbers stand for (white at 0, a table
of colours, the orientation) stays as in the source, by the same tags; `Conversion.remarks` says so. All this happens in
a guarded process; results get their names when the last of them is proven. Many files that are planes of one image are
converted in the same way.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.file_names import output_names
from confocal_bag.image.meaning_tags import page_tags, remarks
from confocal_bag.image.model import ImageFile, Series, plane_digest
from confocal_bag.image.ome_tiff import COMPRESSIONS, PlaneProof, prove_pages, write_pages

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ome_types import OME

    from confocal_bag.image.series_meaning import SeriesMeaning

__all__ = [
    "COMPRESSIONS",
    "Conversion",
    "PlaneProof",
    "convert_image",
    "convert_sequence",
    "obstacle",
    "plane_digests",
    "sequence_limits",
]

#: Classic TIFF has 32-bit offsets; beyond this size (3.9 GiB) the file is a BigTIFF.
CLASSIC_LIMIT = int(3.9 * 2**30)

_PER_PAGE = 4096
_SECONDS_PER_MEMBER = 0.2
_naming = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One OME-TIFF: the series it holds, where it is, and the proof of each plane in page order.

    `remarks` are sentences on what its numbers stand for, where that is not plain: they are kept, whatever they mean.
    """

    series: Series
    path: Path
    planes: tuple[PlaneProof, ...]
    compression: str | None
    bigtiff: bool
    remarks: tuple[str, ...] = ()


def convert_image(
    path: str | Path,
    folder: str | Path,
    *,
    stem: str | None = None,
    compression: str | None = None,
    keep_personal: bool = False,
    on_bytes: Callable[[int], None] | None = None,
    limits: worker.Limits | None = None,
) -> list[Conversion]:
    """Write each series of an image file as an OME-TIFF into `folder` and prove it plane by plane.

    `compression` is None, "deflate", "lzw" or "zstd". With `keep_personal` the results hold names of
    people, paths and serial numbers of the header. `on_bytes` is told the bytes of each plane as it is written.
    Raises UnreadableImage when the file cannot be read whole within the limits or holds what OME-TIFF cannot; plain
    CannotFinish when a target exists, the disk is full, or a plane differs after writing. Then nothing of this is left
    in the folder.
    """
    opened = _Opened(path=Path(path))
    return _convert_guarded(
        opened,
        Path(folder),
        stem=stem,
        compression=compression,
        keep_personal=keep_personal,
        on_bytes=on_bytes,
        limits=limits,
    )


def convert_sequence(
    files: Iterable[tuple[Mapping[str, int | str], Path]],
    folder: str | Path,
    *,
    name: str,
    stem: str | None = None,
    compression: str | None = None,
    keep_personal: bool = False,
    on_bytes: Callable[[int], None] | None = None,
    channels: Mapping[int | str, str] = MappingProxyType({}),
) -> Conversion:
    """Write files that are planes of one image, by their coordinates, as one OME-TIFF, and prove it plane by plane.

    `name` is that of the image and, made safe, of the result, where `stem` is not given; `channels` are names of
    channels by their values along C. Raises as `convert_image` does, UnreadableImage too where the files make no whole
    image (see `open_sequence`).
    """
    members = tuple((dict(coordinates), Path(path)) for coordinates, path in files)
    if not members:
        raise CannotFinish(f"The sequence {readable_path(name)} has no file to convert.")
    (made,) = _convert_guarded(
        _Opened(path=members[0][1], members=members, name=name, channels=dict(channels)),
        Path(folder),
        stem=name if stem is None else stem,
        compression=compression,
        keep_personal=keep_personal,
        on_bytes=on_bytes,
        limits=sequence_limits([path for _, path in members]),
    )
    return made


def sequence_limits(paths: Sequence[Path]) -> worker.Limits:
    """Limits for reading many small files as one image: each has to be opened before the first plane is told of."""
    first = worker.Limits.of(paths[0])
    return replace(first, seconds=first.seconds + _SECONDS_PER_MEMBER * len(paths))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What a guarded process is to open: the file at `path`, or the sequence `name` of which it is the first."""

    path: Path
    members: tuple[tuple[Mapping[str, int | str], Path], ...] = ()
    name: str = ""
    channels: Mapping[int | str, str] = field(default_factory=dict)

    def open(self) -> "AbstractContextManager[ImageFile]":
        """The image, opened."""
        from confocal_bag.image.open import open_image
        from confocal_bag.image.readers.sequence import open_sequence

        if not self.members:
            return open_image(self.path)
        return open_sequence(self.members, name=self.name, channels=self.channels)


def _convert_guarded(
    opened: _Opened,
    folder: Path,
    *,
    stem: str | None,
    compression: str | None,
    keep_personal: bool,
    on_bytes: Callable[[int], None] | None,
    limits: worker.Limits | None,
) -> list[Conversion]:
    """Convert in a guarded process, and give the results their names when all are proven."""
    if compression is not None and compression not in COMPRESSIONS:
        raise CannotFinish(f"{compression} is not a compression offered here; use one of {', '.join(COMPRESSIONS)}.")
    mark = token_hex(4)
    named: list[Path] = []
    try:
        done = worker.run(
            _convert,
            opened.path,
            folder,
            opened,
            stem=stem,
            compression=compression,
            keep_personal=keep_personal,
            mark=mark,
            limits=limits,
            on_bytes=on_bytes,
        )
        # Two files of one name may be converted into one folder at once.
        with _naming:
            for one in done:
                _refuse_existing(one.path)
                _partial(one.path, mark).rename(one.path)
                named.append(one.path)
    except BaseException as error:
        _clear_away(folder, mark, named)
        if isinstance(error, OSError):
            raise _cannot_write(folder, error) from error
        raise
    return done


def plane_digests(image: ImageFile) -> dict[int, list[tuple[Mapping[str, int], str]]]:
    """(coordinates, SHA-1) of every plane of an opened image by series index, in the order of `ImageFile.planes`."""
    return {series.index: list(_digests(image, series)) for series in image.series}


def _digests(image: ImageFile, series: Series) -> Iterator[tuple[Mapping[str, int], str]]:
    for plane in image.planes(series):
        yield plane.coordinates, plane_digest(plane.pixels)
        worker.beat(series.plane_bytes)


def _convert(
    path: Path,
    folder: Path,
    opened: _Opened,
    *,
    stem: str | None,
    compression: str | None,
    keep_personal: bool,
    mark: str,
) -> list[Conversion]:
    """Write and prove every series under the names that `_partial` gives."""
    from confocal_bag.image.acquisition import describe_acquisition

    with opened.open() as image:
        targets = _targets(folder, stem if stem is not None else path.name, len(image.series))
        ome = describe_acquisition(image, keep_personal=keep_personal)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            made = [
                _convert_series(image, series, ome, target, compression=compression, mark=mark)
                for series, target in zip(image.series, targets, strict=True)
            ]
            # What is true of the whole file is said with each result, for each may be all that someone gets.
            return [replace(one, remarks=(*one.remarks, *_file_remarks(image))) for one in made]
        except OSError as error:
            raise _cannot_write(folder, error) from error


def _file_remarks(image: ImageFile) -> tuple[str, ...]:
    """What is in the files of the image and not converted, and what is converted and not in them."""
    from confocal_bag.image.tiff_structure import TIFF_FORMATS, sparse_tiles
    from confocal_bag.image.undescribed import page_remarks

    files = getattr(image, "files", {}).values() or [image.path]
    sparse = sum(sparse_tiles(path) for path in files) if image.format.id in TIFF_FORMATS else 0
    said = (f"Of its source {counted(sparse, 'tile')} not stored there, read as zeros.",) if sparse else ()
    return page_remarks(image) + said


def _partial(target: Path, mark: str) -> Path:
    """Where a result is written until all are proven."""
    return target.with_name(f".{target.name}.{mark}.partial")


def _clear_away(folder: Path, mark: str, named: Iterable[Path]) -> None:
    """Remove whatever a conversion that failed has written."""
    partials = [path for path in folder.iterdir() if path.name.endswith(f".{mark}.partial")] if folder.is_dir() else []
    for path in (*named, *partials):
        path.unlink(missing_ok=True)


def _targets(folder: Path, stem: str, series_count: int) -> list[Path]:
    targets = [folder / name for name in output_names(stem, series_count)]
    for target in targets:
        _refuse_existing(target)
    return targets


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise CannotFinish(f"{readable_path(target)} exists already; move it away or choose another folder.")


def _convert_series(
    image: ImageFile, series: Series, ome: "OME", target: Path, *, compression: str | None, mark: str
) -> Conversion:
    from confocal_bag.image.series_meaning import meaning_of
    from confocal_bag.image.sidecar import for_tiff

    meaning = meaning_of(image, series)
    size = _estimated_size(series, meaning)
    _check_room(target.parent, size, compression)
    description = for_tiff(ome, series.index, target.name).encode("utf-8")
    bigtiff = size + len(description) > CLASSIC_LIMIT
    partial = _partial(target, mark)
    proofs = write_pages(
        image.planes(series),
        partial,
        description,
        series,
        meaning=meaning,
        compression=compression,
        bigtiff=bigtiff,
        on_bytes=worker.beat,
    )
    prove_pages(image.path, partial, series, proofs, meaning=meaning, on_bytes=worker.beat)
    return Conversion(
        series=series,
        path=target,
        planes=proofs,
        compression=compression,
        bigtiff=bigtiff,
        remarks=remarks(meaning, series),
    )


def obstacle(dtype: str) -> str | None:
    """Why OME-TIFF cannot hold samples of a type, given as `ImageRecord.dtype` has it; None where it can."""
    from confocal_bag.image.acquisition import build

    return build.obstacle(dtype)


def _estimated_size(series: Series, meaning: "SeriesMeaning") -> int:
    # Every page has its table of colours, of two bytes a value.
    table = 2 * max((len(page_tags(one, series).color_map) for one in meaning.channels.values()), default=0)
    return series.plane_count * (series.plane_bytes + _PER_PAGE + table)


def _check_room(folder: Path, size: int, compression: str | None) -> None:
    free = shutil.disk_usage(folder).free
    if compression is None and size > free:
        raise CannotFinish(f"{readable_path(folder)} has {free} bytes free, the conversion needs {size}; make room.")


def _cannot_write(folder: Path, error: OSError) -> CannotFinish:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotFinish(f"The disk of {readable_path(folder)} is full; make room and convert again.")
    return CannotFinish(f"{readable_path(folder)} cannot be written to ({error.strerror}); check who may write there.")
