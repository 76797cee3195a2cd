"""A second reader reads every plane too, and a file on which two readers disagree is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.readers import czi_planes
from confocal_bag.image.readers.choice import READERS
from confocal_bag.image.readers.second import (
    SECOND_READERS,
    SecondReader,
    check_second_reader,
    compare,
    second_opinion,
)
from confocal_bag.image.readers.zisraw import ZisrawError
from tests import make
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif


def sure(path: Path, change: dict[int, Any] | None = None, extra: int = 0, images: int = 1000) -> SecondReader:
    """A second reader that gives the planes of the first, some of them changed."""

    def read(_: Path) -> Iterator[tuple[int, str, npt.NDArray[np.generic]]]:
        with open_image(path) as image:
            planes = [plane.pixels for series in image.series for plane in image.planes(series)]
        for number, pixels in enumerate([*planes, *[planes[0]] * extra]):
            yield number // images, f"plane {number}", (change or {}).get(number, pixels)

    return SecondReader(name="test", read=read, reason="for a test")


def test_readers_that_agree_say_how_many_planes(tmp_path: Path) -> None:
    """A stack through tifffile and through openreadout."""
    values = np.random.default_rng(2).integers(0, 60000, (3, 2, 8, 6), dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", values, imagej=True, metadata={"axes": "ZCYX"})
    agreement = check_second_reader(tmp_path / "a.tif")
    assert (agreement.reader, agreement.planes, agreement.same_order) == ("openreadout", 6, True)


def test_one_changed_sample_is_named_by_its_plane(tmp_path: Path) -> None:
    """The plane, the series and both readers."""
    path = make.lsm(tmp_path / "a.lsm", planes=3)
    with open_image(path) as image:
        other = [plane.pixels for plane in image.planes(image.series[0])][3].copy()
        other[0, 0] ^= 1
        with pytest.raises(UnreadableImage, match=r"Z=1.*of image 1 of 1") as raised:
            compare(image, sure(path, {3: other}))
    assert "C=1" in str(raised.value)


def test_a_plane_counts_as_often_as_it_comes(tmp_path: Path) -> None:
    """Two equal planes are not confirmed by one, however the readers divide the file."""
    values = np.zeros((2, 8, 6), np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", values, imagej=True, metadata={"axes": "ZYX"})
    with open_image(tmp_path / "a.tif") as image, pytest.raises(UnreadableImage, match="one of them only"):
        compare(image, sure(tmp_path / "a.tif", {1: values[0] + 1}, images=1))


def test_a_plane_more_is_a_disagreement(tmp_path: Path) -> None:
    """One of the two has overlooked something."""
    path = make.lsm(tmp_path / "a.lsm", planes=2)
    with open_image(path) as image, pytest.raises(UnreadableImage, match="4 planes against 5"):
        compare(image, sure(path, extra=1))


def test_planes_that_change_places_are_a_disagreement(tmp_path: Path) -> None:
    """Where both readers find the same images; readers that divide a file otherwise give another order."""
    path = make.lsm(tmp_path / "a.lsm", planes=2)
    with open_image(path) as image:
        planes = [plane.pixels for plane in image.planes(image.series[0])]
        swap = {0: planes[1], 1: planes[0]}
        with pytest.raises(UnreadableImage, match="C=0, Z=0 of image 1 of 1 comes at another place"):
            compare(image, sure(path, swap))
        agreement = compare(image, sure(path, swap, images=1))
    assert (agreement.planes, agreement.same_order) == (4, False)


def test_a_file_the_second_reader_cannot_read_is_not_confirmed(tmp_path: Path) -> None:
    """It is refused, with the words of the second reader."""
    path = make.lsm(tmp_path / "a.lsm")

    def fails(_: Path) -> Iterator[tuple[int, str, npt.NDArray[np.generic]]]:
        raise ValueError("no such thing")

    with open_image(path) as image, pytest.raises(UnreadableImage, match="nothing confirms its pixels"):
        compare(image, SecondReader(name="test", read=fails, reason="for a test"))


def test_a_format_without_a_second_reader_is_said(tmp_path: Path) -> None:
    """With the formats that have one."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(CannotFinish, match="no second reader"):
        second_opinion(tmp_path / "a.png")


def test_a_name_that_is_no_unicode_is_no_obstacle(tmp_path: Path) -> None:
    """openreadout is given the bytes then."""
    path = Path(str(tmp_path / "caf\udce9.tif"))
    tifffile.imwrite(path, np.arange(20, dtype=np.uint8).reshape(4, 5))
    assert check_second_reader(path).planes == 1


def test_a_czi_is_confirmed_by_its_sub_blocks(tmp_path: Path) -> None:
    """Without the library that reads it first; tiles are put together, blue comes last."""
    values = np.random.default_rng(3).integers(0, 60000, (2, 3, 8, 6), dtype=np.uint16)
    blocks = [({"C": c, "Z": z}, values[c, z]) for c in range(2) for z in range(3)]
    write_czi(tmp_path / "a.czi", blocks)
    assert check_second_reader(tmp_path / "a.czi").planes == 6
    tiles = [({"C": 0, "M": m, "X": 6 * m}, values[m, 0]) for m in range(2)]
    write_czi(tmp_path / "b.czi", tiles)
    assert check_second_reader(tmp_path / "b.czi").planes == 1
    color = np.random.default_rng(4).integers(0, 255, (8, 6, 3), dtype=np.uint8)
    write_czi(tmp_path / "c.czi", [({"C": 0}, color)])
    assert check_second_reader(tmp_path / "c.czi").planes == 1


def test_colours_of_jpeg_xr_come_red_first() -> None:
    """Unlike those that are stored as they are."""
    color = np.random.default_rng(4).integers(0, 255, (8, 6, 3), dtype=np.uint8)
    stored = imagecodecs.jpegxr_encode(color, level=1.0)
    assert np.array_equal(czi_planes._decoded(stored, 4, np.dtype("u1"), (8, 6, 3)), color)


@pytest.mark.parametrize(
    ("axes", "shape"), [("CZTYX", (2, 3, 2, 6, 5)), ("MZYX", (3, 2, 6, 5)), ("YX", (6, 5)), ("CZX", (2, 6, 5))]
)
def test_a_lif_is_confirmed_by_its_memory_blocks(tmp_path: Path, axes: str, shape: tuple[int, ...]) -> None:
    """Tiles, scans along z, and several channels."""
    values = np.random.default_rng(3).integers(0, 60000, shape, dtype=np.uint16)
    write_lif(tmp_path / "a.lif", [LifImage("a", axes, values), LifImage("b", axes, values)])
    with open_image(tmp_path / "a.lif") as image:
        planes = sum(series.plane_count for series in image.series)
    assert check_second_reader(tmp_path / "a.lif").planes == planes


def test_every_way_that_czi_packs_pixels_is_decoded() -> None:
    """Raw, LZW, Zstandard, and Zstandard with low and high bytes apart; anything else is said."""
    values = np.arange(48, dtype="<u2").reshape(8, 6, 1) * 1000
    plain = values.tobytes()
    apart = values.view(np.uint8).reshape(-1, 2).T.tobytes()
    packed = {
        0: plain,
        2: imagecodecs.lzw_encode(plain),
        5: imagecodecs.zstd_encode(plain),
        6: b"\3\1\1" + imagecodecs.zstd_encode(apart),
    }
    for compression, stored in packed.items():
        assert np.array_equal(czi_planes._decoded(stored, compression, np.dtype("<u2"), (8, 6, 1)), values), compression
    for compression, stored in ((7, plain), (6, b"\7" + plain)):
        with pytest.raises(ZisrawError, match="not known here"):
            czi_planes._decoded(stored, compression, np.dtype("<u2"), (8, 6, 1))


def test_every_second_reader_is_another_library_than_the_first() -> None:
    """Two readers over one library share its mistakes."""
    for name, second in SECOND_READERS.items():
        assert second.name.split()[0] not in READERS[name].name, name


@pytest.mark.slow
def test_second_readers_agree_on_the_samples(shared: Path) -> None:
    """On every plane of every one of them."""
    for folder in ("czi", "lif", "lsm", "nd2", "oib", "ome-tiff", "tiff"):
        for path in sorted((shared / "samples" / folder).iterdir()):
            with open_image(path) as image:
                planes = sum(series.plane_count for series in image.series)
                assert compare(image, second_opinion(path)).planes == planes, path.name
