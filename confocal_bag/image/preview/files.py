"""Write the pictures of an image file, or the movie of a stack of files, into a folder, or nothing of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image import worker
from confocal_bag.image.file_names import output_names, safe_stem
from confocal_bag.image.preview.content import Preview
from confocal_bag.image.preview.maker import make_preview
from confocal_bag.image.preview.scale_bar import bar_text
from confocal_bag.image.preview.stack import StackFile, preview_stack

__all__ = ["WrittenPicture", "write_previews", "write_stack_movie"]

_SUFFIX = ".ome.tiff"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPicture:
    """One picture on the disk: what it shows in words, its size in bytes, and the notes of its series."""

    path: Path
    shows: str
    bytes: int
    notes: tuple[str, ...]


def write_previews(path: Path, folder: Path, *, size: int = 384, stem: str | None = None) -> list[WrittenPicture]:
    """Write the pictures of every series of an image file as <stem>[_sNN]_<what>.png or .gif.

    The stem is the name of the file where none is given.

    Raises UnreadableImage where the image cannot be read whole, CannotFinish where a picture of that name exists or the
    folder cannot be written to. Then nothing of this is left in the folder.
    """
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image

    written: list[WrittenPicture] = []
    try:
        with open_image(path) as image:
            stems = [name.removesuffix(_SUFFIX) for name in output_names(stem or path.name, len(image.series))]
            known = records(image, describe_acquisition(image))
            for series, record, name in zip(image.series, known, stems, strict=True):
                _write_all(make_preview(image, series, record, size), folder, name, written)
    except BaseException:
        for one in written:
            one.path.unlink(missing_ok=True)
        raise
    return written


def write_stack_movie(
    name: str, files: Sequence[StackFile], folder: Path, *, stem: str, size: int = 384
) -> WrittenPicture | None:
    """Write the movie through the depth of a stack of single-plane files as <stem>_depth.gif; None for no depth.

    The files are read in a guarded process. Raises UnreadableImage where they are no stack that can be shown (see
    `preview_stack`), CannotFinish where the movie exists or cannot be written.
    """
    preview = worker.run(_preview, files[0].path, name, tuple(files), size=size)
    if preview.movie is None:
        return None
    target = folder / f"{safe_stem(stem)}_depth.gif"
    _write(target, preview.movie)
    shows = f"movie through depth, {len(preview.movie_depths)} planes"
    return WrittenPicture(path=target, shows=shows, bytes=len(preview.movie), notes=preview.notes)


def _preview(first: Path, name: str, files: tuple[StackFile, ...], *, size: int) -> Preview:
    return preview_stack(name or first.name, files, size=size)


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
