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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from threading import Lock
from types import MappingProxyType

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker, write_series
from confocal_bag.image.ome_tiff import COMPRESSIONS, PlaneProof
from confocal_bag.image.write_series import (
    Conversion,
    ImageSource,
    Wanted,
    cannot_write,
    partial_path,
    refuse_existing,
)

__all__ = [
    "COMPRESSIONS",
    "Conversion",
    "PlaneProof",
    "convert_image",
    "convert_sequence",
    "obstacle",
    "sequence_limits",
]

_SECONDS_PER_MEMBER = 0.2
_naming = Lock()


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
    source = ImageSource(path=Path(path))
    wanted = _wanted(folder, source.path.name if stem is None else stem, compression, keep_personal=keep_personal)
    return _convert_guarded(source, wanted, on_bytes=on_bytes, limits=limits)


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
    source = ImageSource(path=members[0][1], members=members, name=name, channels=dict(channels))
    wanted = _wanted(folder, name if stem is None else stem, compression, keep_personal=keep_personal)
    limits = sequence_limits([path for _, path in members])
    (made,) = _convert_guarded(source, wanted, on_bytes=on_bytes, limits=limits)
    return made


def sequence_limits(paths: Sequence[Path]) -> worker.Limits:
    """Limits for reading many small files as one image: each has to be opened before the first plane is told of."""
    first = worker.Limits.of(paths[0])
    return replace(first, seconds=first.seconds + _SECONDS_PER_MEMBER * len(paths))


def obstacle(dtype: str) -> str | None:
    """Why OME-TIFF cannot hold samples of a type, given as `ImageRecord.dtype` has it; None where it can."""
    from confocal_bag.image.acquisition import build

    return build.obstacle(dtype)


def _wanted(folder: str | Path, stem: str, compression: str | None, *, keep_personal: bool) -> Wanted:
    """What to make. Raises CannotFinish for a compression that is not offered."""
    if compression is not None and compression not in COMPRESSIONS:
        raise CannotFinish(f"{compression} is not a compression offered here; use one of {', '.join(COMPRESSIONS)}.")
    mark = token_hex(4)
    return Wanted(folder=Path(folder), stem=stem, compression=compression, keep_personal=keep_personal, mark=mark)


def _convert_guarded(
    source: ImageSource,
    wanted: Wanted,
    *,
    on_bytes: Callable[[int], None] | None,
    limits: worker.Limits | None,
) -> list[Conversion]:
    """Convert in a guarded process, and give the results their names when all are proven."""
    named: list[Path] = []
    try:
        done = worker.run(write_series.write_all, source.path, source, wanted, limits=limits, on_bytes=on_bytes)
        # Two files of one name may be converted into one folder at once.
        with _naming:
            for one in done:
                refuse_existing(one.path)
                partial_path(one.path, wanted.mark).rename(one.path)
                named.append(one.path)
    except BaseException as error:
        _clear_away(wanted.folder, wanted.mark, named)
        if isinstance(error, OSError):
            raise cannot_write(wanted.folder, error) from error
        raise
    return done


def _clear_away(folder: Path, mark: str, named: Iterable[Path]) -> None:
    """Remove whatever a conversion that failed has written."""
    partials = [path for path in folder.iterdir() if path.name.endswith(f".{mark}.partial")] if folder.is_dir() else []
    for path in (*named, *partials):
        path.unlink(missing_ok=True)
