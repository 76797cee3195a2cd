"""A second, independent reader for each format, whose planes must agree with the first one's.

Independent means another library with another decoder: two readers over the same library share its mistakes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.fault import fault, reason
from confocal_bag.image.formats import Format, identify
from confocal_bag.image.model import ImageFile, UnreadableImage, plane_digest
from confocal_bag.image.numbering import image_number
from confocal_bag.image.readers.choice import reader_errors

__all__ = ["SECOND_READERS", "Agreement", "SecondReader", "check_second_reader", "compare", "confirm", "second_opinion"]

#: The number of the image in the file, words for the place in it, the samples.
_Planes = Iterator[tuple[int, str, npt.NDArray[np.generic]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReader:
    """The second reader of a format: its name, how it reads all planes of a path, and why it is independent."""

    name: str
    read: Callable[[Path], _Planes]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many planes two readers gave alike; `same_order` says whether also image by image and in the same order."""

    reader: str
    planes: int
    same_order: bool


def _openreadout(path: Path) -> _Planes:
    """Every plane at full resolution, T slowest, then Z, then C within each image."""
    import openreadout

    with ExitStack() as stack:
        # openreadout takes names in Unicode only; one file of another name is opened for it.
        plain = path.is_dir() or str(path).isprintable()
        source: Any = str(path) if plain else stack.enter_context(path.open("rb"))
        file = stack.enter_context(closing(openreadout.File(source, name=None if plain else f"image{path.suffix}")))
        for number, image in enumerate(file.images):
            for t, z, c in product(range(image["size_t"]), range(image["size_z"]), range(image["size_c"])):
                plane = np.asarray(file.read_plane(number, c=c, z=z, t=t))
                yield number, f"T={t}, Z={z}, C={c} of {image_number(number, len(file.images))}", plane


def _zarr_folder(path: Path) -> _Planes:
    from confocal_bag.image.ngff.documents import zarr_root

    return _openreadout(zarr_root(path))


def _czi(path: Path) -> _Planes:
    from confocal_bag.image.readers.czi_planes import czi_planes

    return czi_planes(path)


def _lif(path: Path) -> _Planes:
    from confocal_bag.image.readers.lif_planes import lif_planes

    return lif_planes(path)


_OPENREADOUT = SecondReader(
    name="openreadout", read=_openreadout, reason="another implementation, in Rust, with decoders of its own"
)

#: The second reader of each format that has one, by the format's id.
SECOND_READERS: dict[str, SecondReader] = {
    **dict.fromkeys(("lsm", "oib", "oif", "nd2", "ome-tiff", "imagej-tiff", "tiff", "bigtiff"), _OPENREADOUT),
    "ome-zarr": SecondReader(name="openreadout", read=_zarr_folder, reason=_OPENREADOUT.reason),
    "lif": SecondReader(
        name="memory blocks by their strides",
        read=_lif,
        reason="openreadout stitches tiles and turns xz scans into lines; LIF is not compressed",
    ),
    "czi": SecondReader(
        name="sub-blocks through imagecodecs",
        read=_czi,
        reason="openreadout is the first; czifile and bioio-czi are old or GPL, the sub-blocks are simple enough",
    ),
}


def second_opinion(path: Path, found: Format | None = None) -> SecondReader:
    """The second reader of a file. Raises CannotFinish where its format has none."""
    known = found or identify(path)
    if known.id not in SECOND_READERS:
        raise CannotFinish(
            f"{readable_path(path)} is {known.name}, for which there is no second reader here; formats that have one: "
            f"{', '.join(sorted(SECOND_READERS))}. Leave --second-reader out."
        )
    return SECOND_READERS[known.id]


def confirm(path: Path, *, limits: worker.Limits | None = None) -> Agreement:
    """`check_second_reader` in a guarded process."""
    return worker.run(check_second_reader, path, limits=limits)


def check_second_reader(path: Path) -> Agreement:
    """Open a file with its reader and its second reader and compare every plane of the two.

    Raises UnreadableImage, naming the first plane that differs, where they do not agree; CannotFinish where the format
    has no second reader.
    """
    from confocal_bag.image.open import open_image

    with open_image(path) as image:
        return compare(image, second_opinion(path, image.format))


def compare(image: ImageFile, second: SecondReader) -> Agreement:
    """Compare every plane of an opened image with those of a second reader, by their digests.

    Each plane must come exactly as often from both. Where both find the same images, of nothing but T, Z and C, each
    must also come at the same place; readers divide other files in different ways. Raises UnreadableImage where a plane
    differs or is at another place, or where the second reader gives others besides.
    """
    theirs = _digests(image, second)
    left = Counter(digest for _, _, digest in theirs)
    ours: list[tuple[int, str, str]] = []
    for series in image.series:
        for plane in image.planes(series):
            where = ", ".join(f"{axis}={at}" for axis, at in plane.coordinates.items()) or "the only one"
            shown, digest = (
                f"the plane {where} of {image_number(series.index, len(image.series))}",
                plane_digest(plane.pixels),
            )
            worker.beat(plane.pixels.nbytes)
            if not left[digest]:
                raise _disagree(image, second, f"{shown} comes from one of them only")
            left[digest] -= 1
            ours.append((series.index, shown, digest))
    if len(theirs) > len(ours):
        where = next(place for _, place, digest in theirs if left[digest])
        raise _disagree(image, second, f"{len(ours)} planes against {len(theirs)}; one more is {where}")
    moved = next((one for one, other in zip(ours, theirs, strict=True) if one[::2] != other[::2]), None)
    if moved is not None and _divided_alike(image, ours, theirs):
        raise _disagree(image, second, f"{moved[1]} comes at another place")
    return Agreement(reader=second.name, planes=len(ours), same_order=moved is None)


def _divided_alike(image: ImageFile, ours: list[tuple[int, str, str]], theirs: list[tuple[int, str, str]]) -> bool:
    """Whether two readers mean the same by the place of a plane."""
    plain = all(set(series.stacked_axes) <= {"T", "C", "Z"} for series in image.series)
    return plain and [number for number, _, _ in ours] == [number for number, _, _ in theirs]


def _digests(image: ImageFile, second: SecondReader) -> list[tuple[int, str, str]]:
    found = []
    try:
        for number, where, pixels in second.read(image.path):
            found.append((number, where, plane_digest(pixels)))
            worker.beat(0)
    except _second_errors() as error:
        sentence = (
            f"{readable_path(image.path)} cannot be read by the second reader, {second.name} "
            f"({reason(image.path, error)}), so that nothing confirms its pixels. Open it in the vendor's software."
        )
        raise fault(image.path, error, sentence) from error
    return found


def _second_errors() -> tuple[type[Exception], ...]:
    import openreadout

    return (*reader_errors(), openreadout.OpenReadoutError)


def _disagree(image: ImageFile, second: SecondReader, what: str) -> UnreadableImage:
    return UnreadableImage(
        f"{readable_path(image.path)}: {image.reader} and the second reader, {second.name}, do not give the same "
        f"planes: {what}. Compare the image with the vendor's software before it is converted."
    )
