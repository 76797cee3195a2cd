"""CZI of every layout, written by ZEISS's own library: no microscope recorded them, and every pixel is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest

from tests.image.compressed_czi import write_compressed_czi
from tests.image.proof import Truth, prove

czi = pytest.importorskip("pylibCZIrw.czi", reason="ZEISS's writer library is not installed")

_SIZE_UM = (0.1, 0.12, 0.5)
_COMPRESSIONS = [
    "uncompressed:",
    "zstd0:ExplicitLevel=2",
    "zstd1:ExplicitLevel=2",
    "zstd1:ExplicitLevel=2;PreProcess=HiLoByteUnpack",
]
_JPEG_XR = 4


def _samples(*shape: int, kind: str = "u2") -> npt.NDArray[Any]:
    """Samples that differ everywhere, or at least from plane to plane."""
    return np.random.default_rng(sum(shape)).integers(0, 255 if kind == "u1" else 60000, shape).astype(kind)


@contextmanager
def _writer(path: Path, compression: str = "uncompressed:", *, with_depth: bool = True) -> Iterator[Any]:
    """A CZI to be written, that says of itself what it is."""
    with czi.create_czi(str(path), compression_options=compression) as writer:
        # The library takes any axis; only its Python face leaves out all but these three.
        writer._create_plane = lambda plane, scene: {"T": 0, "Z": 0, "C": 0, "S": scene, **plane}
        yield writer
        x, y, z = (size * 1e-6 for size in _SIZE_UM)
        named = {0: "DAPI", 1: "GFP", 2: "Cy5"}
        title = "Synthetic file; no microscope recorded it"
        writer.write_metadata(title, channel_names=named, scale_x=x, scale_y=y, scale_z=z if with_depth else 0.0)


def _write(path: Path, axes: str, pixels: npt.NDArray[Any], compression: str = "uncompressed:") -> Truth:
    """Each plane of an array as a sub-block of its own; what a file of these axes must be read as."""
    stacked = axes.removesuffix("S")[:-2]
    deep = "Z" in axes and pixels.shape[axes.index("Z")] > 1
    with _writer(path, compression, with_depth=deep) as writer:
        for at in np.ndindex(pixels.shape[: len(stacked)]):
            plane = pixels[at]
            # ZEISS stores blue, green, red.
            block = plane[..., ::-1] if axes.endswith("S") else plane[..., np.newaxis]
            writer.write(np.ascontiguousarray(block), plane=dict(zip(stacked, at, strict=True)))
    names = ["DAPI", "GFP", "Cy5"][: pixels.shape[axes.index("C")]] if "C" in axes else None
    return Truth(axes, pixels, (*_SIZE_UM[:2], _SIZE_UM[2] if deep else None), names)


@pytest.mark.parametrize("compression", _COMPRESSIONS)
@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_every_sample_type_in_every_lossless_compression(tmp_path: Path, kind: str, compression: str) -> None:
    """Two channels through depth."""
    path = tmp_path / "a.czi"
    truth = _write(path, "CZYX", _samples(2, 3, 20, 31, kind=kind), compression)
    prove(path, [truth], tmp_path / "copies")


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        ("CYX", (3, 20, 31)),
        ("CZYX", (1, 5, 20, 31)),
        ("TCYX", (4, 2, 20, 31)),
        ("TCZYX", (3, 2, 4, 20, 31)),
        ("HCZYX", (3, 2, 2, 20, 31)),
        ("HTCYX", (2, 2, 2, 20, 31)),
        ("RCYX", (4, 1, 20, 31)),
        ("ICYX", (2, 2, 20, 31)),
        ("VCZYX", (2, 1, 3, 20, 31)),
    ],
)
def test_every_axis_is_kept(tmp_path: Path, axes: str, shape: tuple[int, ...]) -> None:
    """Time, phases, rotations, illuminations and views as well as channels and depth."""
    path = tmp_path / "a.czi"
    prove(path, [_write(path, axes, _samples(*shape))], tmp_path / "copies")


@pytest.mark.parametrize("compression", _COMPRESSIONS)
@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_colour_is_red_green_blue(tmp_path: Path, kind: str, compression: str) -> None:
    """In every compression, through depth too."""
    path = tmp_path / "a.czi"
    truth = _write(path, "CZYXS", _samples(1, 2, 20, 31, 3, kind=kind), compression)
    prove(path, [truth], tmp_path / "copies")


def test_scenes_are_series_of_their_own_size(tmp_path: Path) -> None:
    """Three scenes apart on the stage, through depth in two channels."""
    path, truths = tmp_path / "a.czi", []
    with _writer(path) as writer:
        for scene, (rows, columns) in enumerate(((20, 31), (16, 24), (20, 31))):
            pixels = _samples(2, 3, rows, columns)
            for c, z in np.ndindex(2, 3):
                writer.write(pixels[c, z, ..., np.newaxis], (200 * scene, 10), {"C": c, "Z": z}, scene=scene)
            truths.append(Truth("CZYX", pixels, _SIZE_UM, ["DAPI", "GFP"]))
    prove(path, truths, tmp_path / "copies")


@pytest.mark.parametrize("compression", ["uncompressed:", "zstd1:ExplicitLevel=2;PreProcess=HiLoByteUnpack"])
def test_the_tiles_of_a_mosaic_are_one_picture(tmp_path: Path, compression: str) -> None:
    """Two scenes of two by three tiles, through time, channels and depth; each sample where its tile lies."""
    path, truths = tmp_path / "a.czi", []
    with _writer(path, compression) as writer:
        for scene in range(2):
            pixels = _samples(2, 2, 2, 40, 93)
            for t, c, z, row, column in np.ndindex(2, 2, 2, 2, 3):
                tile = pixels[t, c, z, 20 * row : 20 * row + 20, 31 * column : 31 * column + 31, np.newaxis]
                place = (31 * column - 50, 20 * row + 300 * scene)
                writer.write(np.ascontiguousarray(tile), place, {"T": t, "C": c, "Z": z}, scene=scene)
            truths.append(Truth("TCZYX", pixels, _SIZE_UM, ["DAPI", "GFP"]))
    prove(path, truths, tmp_path / "copies")


def test_lossless_jpeg_xr_is_read_sample_by_sample(tmp_path: Path) -> None:
    """ZEISS's library only reads it, so its sub-blocks are written here."""
    pixels = _samples(3, 48, 64, kind="u1")
    streams = [imagecodecs.jpegxr_encode(plane, level=1.0) for plane in pixels]
    path = tmp_path / "a.czi"
    write_compressed_czi(path, [(0, _JPEG_XR, stream) for stream in streams], size=(48, 64))
    prove(path, [Truth("TYX", pixels)], tmp_path / "copies")


def test_a_plane_that_was_never_written_is_noticed(tmp_path: Path) -> None:
    """An acquisition that was stopped: the last slice of one channel is not there."""
    from confocal_bag.image.model import UnreadableImage
    from confocal_bag.image.open import open_image

    path = tmp_path / "a.czi"
    with _writer(path) as writer:
        for c, z in [(0, 0), (0, 1), (1, 0)]:
            writer.write(_samples(20, 31, 1), plane={"C": c, "Z": z})
    with pytest.raises(UnreadableImage):
        open_image(path)


def test_the_file_says_that_it_is_synthetic(tmp_path: Path) -> None:
    """In its own metadata, where whoever finds it will look."""
    path = tmp_path / "a.czi"
    _write(path, "CYX", _samples(1, 20, 31))
    assert b"Synthetic file; no microscope recorded it" in path.read_bytes()
