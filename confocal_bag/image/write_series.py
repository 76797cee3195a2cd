"""The part of a conversion that a guarded process does: each series of an image written as OME-TIFF, and proven.

Results are written under partial names in the folder where they are to be; whoever began the process gives them their
own names when the last of them is proven (see `convert`).
"""

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.file_names import output_names
from confocal_bag.image.model import ImageFile, Series
from confocal_bag.image.ome_tiff import PlaneProof, prove_pages, write_pages

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ome_types import OME

    from confocal_bag.image.series_meaning import SeriesMeaning

__all__ = ["Conversion", "ImageSource", "Wanted", "cannot_write", "partial_path", "refuse_existing", "write_all"]

#: Classic TIFF has 32-bit offsets; beyond this size (3.9 GiB) the file is a BigTIFF.
CLASSIC_LIMIT = int(3.9 * 2**30)

_PER_PAGE = 4096


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """What is to be opened: the file at `path`, or the sequence `name` of which it is the first."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a conversion is to make: names that begin with `stem`, in `folder`; the rest as in `convert_image`.

    `mark` tells the partial files of this conversion from those of others.
    """

    folder: Path
    stem: str
    compression: str | None
    keep_personal: bool
    mark: str


def write_all(_: Path, source: ImageSource, wanted: Wanted) -> list[Conversion]:
    """Write and prove every series under the names that `partial_path` gives. Raises CannotFinish, UnreadableImage."""
    from confocal_bag.image.acquisition import describe_acquisition

    with source.open() as image:
        targets = [wanted.folder / name for name in output_names(wanted.stem, len(image.series))]
        for target in targets:
            refuse_existing(target)
        ome = describe_acquisition(image, keep_personal=wanted.keep_personal)
        try:
            wanted.folder.mkdir(parents=True, exist_ok=True)
            made = [
                _write_one(image, series, ome, target, wanted)
                for series, target in zip(image.series, targets, strict=True)
            ]
            # What is true of the whole file is said with each result, for each may be all that someone gets.
            return [replace(one, remarks=(*one.remarks, *_file_remarks(image))) for one in made]
        except OSError as error:
            raise cannot_write(wanted.folder, error) from error


def partial_path(target: Path, mark: str) -> Path:
    """Where a result is written until all are proven."""
    return target.with_name(f".{target.name}.{mark}.partial")


def refuse_existing(target: Path) -> None:
    """Raise CannotFinish where something has the name of a result already."""
    if os.path.lexists(target):
        raise CannotFinish(f"{readable_path(target)} exists already; move it away or choose another folder.")


def cannot_write(folder: Path, error: OSError) -> CannotFinish:
    """Why nothing can be written into a folder, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotFinish(f"The disk of {readable_path(folder)} is full; make room and convert again.")
    return CannotFinish(f"{readable_path(folder)} cannot be written to ({error.strerror}); check who may write there.")


def _write_one(image: ImageFile, series: Series, ome: "OME", target: Path, wanted: Wanted) -> Conversion:
    from confocal_bag.image.meaning_tags import remarks
    from confocal_bag.image.series_meaning import meaning_of
    from confocal_bag.image.sidecar import for_tiff

    meaning = meaning_of(image, series)
    size = _estimated_size(series, meaning)
    _check_room(target.parent, size, wanted.compression)
    description = for_tiff(ome, series.index, target.name).encode("utf-8")
    bigtiff = size + len(description) > CLASSIC_LIMIT
    partial = partial_path(target, wanted.mark)
    proofs = write_pages(
        image.planes(series),
        partial,
        description,
        series,
        meaning=meaning,
        compression=wanted.compression,
        bigtiff=bigtiff,
        on_bytes=worker.beat,
    )
    prove_pages(image.path, partial, series, proofs, meaning=meaning, on_bytes=worker.beat)
    return Conversion(
        series=series,
        path=target,
        planes=proofs,
        compression=wanted.compression,
        bigtiff=bigtiff,
        remarks=remarks(meaning, series),
    )


def _file_remarks(image: ImageFile) -> tuple[str, ...]:
    """What is in the files of the image and not converted, and what is converted and not in them."""
    from confocal_bag.image.tiff_structure import TIFF_FORMATS, sparse_tiles
    from confocal_bag.image.undescribed import page_remarks

    files = getattr(image, "files", {}).values() or [image.path]
    sparse = sum(sparse_tiles(path) for path in files) if image.format.id in TIFF_FORMATS else 0
    said = (f"Of its source {counted(sparse, 'tile')} not stored there, read as zeros.",) if sparse else ()
    return page_remarks(image) + said


def _estimated_size(series: Series, meaning: "SeriesMeaning") -> int:
    from confocal_bag.image.meaning_tags import page_tags

    # Every page has its table of colours, of two bytes a value.
    table = 2 * max((len(page_tags(one, series).color_map) for one in meaning.channels.values()), default=0)
    return series.plane_count * (series.plane_bytes + _PER_PAGE + table)


def _check_room(folder: Path, size: int, compression: str | None) -> None:
    free = shutil.disk_usage(folder).free
    if compression is None and size > free:
        raise CannotFinish(f"{readable_path(folder)} has {free} bytes free, the conversion needs {size}; make room.")
