"""What is asked of an image file, asked in a guarded process.

Each function opens the file, answers, and closes it. Raises UnreadableImage where the file is at fault, be it that it
crashes its reader; plain CannotFinish where the machine is.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish
from confocal_bag.image import worker
from confocal_bag.image.formats import Format
from confocal_bag.image.model import Series
from confocal_bag.image.record import ImageRecord

if TYPE_CHECKING:
    from confocal_bag.image.sidecar import Note
    from confocal_bag.image.sidecar_settings import Disagreement

__all__ = ["find_disagreements", "read_plane_digests", "read_records", "read_set_head", "render_sidecar"]

PlaneHashes = Mapping[int, Sequence[tuple[Mapping[str, int], str]]]
SeriesDigests = tuple[Series, list[tuple[Mapping[str, int], str]]]


def read_records(path: Path, known: Format | None = None, *, examine: bool = False) -> tuple[ImageRecord, ...]:
    """What the headers record of each image of a file; `examine` as in `records`."""
    return worker.run(_records, path, known, examine=examine)


def _records(path: Path, known: Format | None, *, examine: bool) -> tuple[ImageRecord, ...]:
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    with open_image(path, format=known) as image:
        return records(image, describe_acquisition(image), examine=examine)


def is_type_not_in_ome(path: Path) -> bool:
    """Whether all that is wrong with an image is that OME has no name for the type of its samples."""
    from confocal_bag.image.acquisition.describe import TypeNotInOmeError

    try:
        worker.run(_check_type, path)
    except TypeNotInOmeError:
        return True
    except CannotFinish:
        return False
    return False


def _check_type(path: Path) -> None:
    from confocal_bag.image.acquisition.describe import check_sample_types
    from confocal_bag.image.open import open_image

    with open_image(path) as image:
        check_sample_types(image)


def find_disagreements(path: Path, sidecar: bytes) -> "list[Disagreement]":
    """Where a sound sidecar says otherwise than its file: than the pixels, or if these agree, than the headers."""
    return worker.run(_disagreements, path, sidecar)


def _disagreements(path: Path, sidecar: bytes) -> "list[Disagreement]":
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.sidecar_check import compare_sidecar, read_sidecar
    from confocal_bag.image.sidecar_settings import Disagreement, compare_settings
    from confocal_bag.image.undescribed import note_pages

    with open_image(path) as image:
        ome = describe_acquisition(image)
        note_pages(ome, image)
        sentences = list(compare_sidecar(read_sidecar(sidecar), records(image, ome)))
        if sentences:
            return [Disagreement(sentence=one, certain=True) for one in sentences]
        found = list(compare_settings(sidecar, ome))
        if not found:
            return []
        # A sidecar may carry personal data if its maker was asked to.
        personal = describe_acquisition(image, keep_personal=True)
        note_pages(personal, image)
        whole = list(compare_settings(sidecar, personal))
        return min(found, whole, key=len)


def read_set_head(path: Path, known: Format) -> str | None:
    """The name of the file that stands for the set of OME-TIFFs a file belongs to; None where it belongs to none."""
    from confocal_bag.image.ome_document import set_head

    return worker.run(set_head, path, known) if known.id in ("ome-tiff", "ome-companion") else None


def render_sidecar(
    path: Path,
    *,
    source_name: str,
    plane_hashes: PlaneHashes | None = None,
    notes: Sequence["Note"] = (),
    keep_personal: bool = False,
    on_bytes: Callable[[int], None] | None = None,
) -> bytes:
    """The sidecar of a file, with the digest of every plane: those given, or those read from the file now.

    With `keep_personal` it holds names of people, paths and serial numbers of the header.
    """
    return worker.run(
        _sidecar,
        path,
        source_name=source_name,
        plane_hashes=plane_hashes,
        notes=tuple(notes),
        keep_personal=keep_personal,
        on_bytes=on_bytes,
    )


def _sidecar(
    path: Path, *, source_name: str, plane_hashes: PlaneHashes | None, notes: Sequence["Note"], keep_personal: bool
) -> bytes:
    from confocal_bag.image.acquisition import describe_acquisition
    from confocal_bag.image.open import open_image
    from confocal_bag.image.plane_digests import plane_digests
    from confocal_bag.image.sidecar import ome_bytes
    from confocal_bag.image.undescribed import note_pages

    with open_image(path) as image:
        ome = describe_acquisition(image, keep_personal=keep_personal)
        note_pages(ome, image)
        hashes = plane_hashes or plane_digests(image)
        return ome_bytes(ome, source_name=source_name, plane_hashes=hashes, notes=notes, reader=image.reader)


def read_plane_digests(path: Path, *, on_bytes: Callable[[int], None] | None = None) -> list[SeriesDigests]:
    """Each series of a file with coordinates and SHA-1 of its planes, in the order of `ImageFile.planes`."""
    return worker.run(_plane_digests, path, on_bytes=on_bytes)


def _plane_digests(path: Path) -> list[SeriesDigests]:
    from confocal_bag.image.open import open_image
    from confocal_bag.image.plane_digests import plane_digests

    with open_image(path) as image:
        digests = plane_digests(image)
        return [(series, digests[series.index]) for series in image.series]
