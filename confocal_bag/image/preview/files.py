"""Write the pictures of an image file into a folder, or none of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.file_names import output_names
from confocal_bag.image.preview.content import Preview
from confocal_bag.image.preview.maker import make_preview
from confocal_bag.image.preview.scale_bar import bar_text

__all__ = ["WrittenPicture", "write_previews"]

_SUFFIX = ".ome.tiff"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPicture:
    """One picture on the disk: what it shows in words, its size in bytes, and the notes of its series."""

    path: Path
    shows: str
    bytes: int
    notes: tuple[str, ...]


def write_previews(path: Path, folder: Path, *, size: int = 384) -> list[WrittenPicture]:
    """Write the pictures of every series of an image file as <name>[_sNN]_<what>.png or .gif.

    Raises UnreadableImage where the image cannot be read whole, CannotFinish where a picture of that name exists or the
    folder cannot be written to. Then nothing of this is left in the folder.
    """
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    written: list[WrittenPicture] = []
    try:
        with open_image(path) as image:
            stems = [name.removesuffix(_SUFFIX) for name in output_names(path.name, len(image.series))]
            known = records(image, describe_acquisition(image))
            for series, record, stem in zip(image.series, known, stems, strict=True):
                _write_all(make_preview(image, series, record, size), folder, stem, written)
    except BaseException:
        for one in written:
            one.path.unlink(missing_ok=True)
        raise
    return written


def _write_all(preview: Preview, folder: Path, stem: str, written: list[WrittenPicture]) -> None:
    """Write the pictures of one series, and list each as soon as it is there."""
    for what, shows, content in _pictures(preview):
        target = folder / f"{stem}_{what}"
        _write(target, content)
        written.append(WrittenPicture(path=target, shows=shows, bytes=len(content), notes=preview.notes))


def _pictures(preview: Preview) -> Iterator[tuple[str, str, bytes]]:
    """The end of the file's name, what it shows, and its content."""
    for channel in preview.channels:
        named = f"channel {channel.index + 1}" + (f", {channel.name}" if channel.name else "")
        where = f", plane {preview.thumbnail_depth + 1}" if channel.projection else ""
        yield f"c{channel.index:02d}_thumbnail.png", f"{named}{where}", channel.thumbnail
        if channel.projection:
            yield f"c{channel.index:02d}_projection.png", f"{named}, maximum through depth", channel.projection
    bar = "" if preview.scale_bar_um is None else f", scale bar {bar_text(preview.scale_bar_um)}"
    yield "composite.png", f"composite of all channels{bar}", preview.composite
    if preview.movie:
        yield "depth.gif", f"movie through depth, {len(preview.movie_depths)} planes", preview.movie


def _write(target: Path, content: bytes) -> None:
    try:
        stream = target.open("xb")
    except FileExistsError:
        raise CannotFinish(f"{readable_path(target)} exists already; move it away or choose another folder.") from None
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        with stream:
            stream.write(content)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot_write(target, error) from error
        raise


def _cannot_write(target: Path, error: OSError) -> CannotFinish:
    return CannotFinish(f"{readable_path(target)} cannot be written: {error.strerror}. Choose another folder.")
