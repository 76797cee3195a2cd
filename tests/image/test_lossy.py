"""Whether pixels were compressed with loss: each verdict is compared with what a decoder gives back."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.lossy import compressions_by_series, file_compression, is_lossy
from confocal_bag.image.lossy.compression import Verdict
from confocal_bag.image.lossy.jpeg import judge_jpeg
from confocal_bag.image.lossy.jpeg2000 import judge_jpeg2000
from confocal_bag.image.lossy.jpegxr import judge_jpegxr
from confocal_bag.image.lossy.webp import judge_webp
from confocal_bag.image.lossy.window import Window
from confocal_bag.image.open import open_image
from tests.image.compressed_czi import write_compressed_czi

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Pixels = npt.NDArray[np.generic]
Judge = Callable[[Window], Verdict]
Content = bytes | bytearray
Encode = Callable[[Pixels], Content]


def noise(shape: tuple[int, ...], dtype: str = "u1") -> Pixels:
    """Values that no lossy compression gives back unchanged."""
    random = np.random.default_rng(7)
    return random.integers(0, 255 if dtype == "u1" else 4095, shape).astype(dtype)


def judged(judge: Judge, content: Content) -> Verdict:
    """The verdict on a codestream that is the whole of a file."""
    return judge(Window(stream=io.BytesIO(content), start=0, length=len(content)))


CODECS: list[tuple[str, Judge, dict[str, Any]]] = [
    ("jpegxr", judge_jpegxr, {"level": 1.0}),
    ("jpegxr", judge_jpegxr, {"level": 0.99}),
    ("jpegxr", judge_jpegxr, {"level": 0.8}),
    ("jpegxr", judge_jpegxr, {"level": 0.2}),
    ("jpeg2k", judge_jpeg2000, {"level": 0, "reversible": True}),
    ("jpeg2k", judge_jpeg2000, {"level": 0, "reversible": True, "codecformat": "j2k"}),
    ("jpeg2k", judge_jpeg2000, {"level": 40, "reversible": False}),
    ("jpeg2k", judge_jpeg2000, {"level": 40, "reversible": False, "codecformat": "j2k"}),
    ("jpeg2k", judge_jpeg2000, {"level": 40, "reversible": True}),
    ("jpeg2k", judge_jpeg2000, {"level": 90, "reversible": True, "resolutions": 2}),
    ("jpegls", judge_jpeg, {"level": 0}),
    ("jpegls", judge_jpeg, {"level": 2}),
]


@pytest.mark.parametrize("shape", [(70, 90), (33, 20, 3)], ids=["grey", "colour"])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize(("codec", "judge", "options"), CODECS, ids=[f"{c[0]}-{c[2]}" for c in CODECS])
def test_the_verdict_is_what_the_decoder_shows(
    codec: str, judge: Judge, options: dict[str, Any], dtype: str, shape: tuple[int, ...]
) -> None:
    """Lossy exactly where decoded pixels differ from those that were encoded."""
    pixels = noise(shape, dtype)
    content = getattr(imagecodecs, f"{codec}_encode")(pixels, **options)
    decoded = getattr(imagecodecs, f"{codec}_decode")(content)
    assert judged(judge, content).lossy is not np.array_equal(decoded, pixels)


@pytest.mark.parametrize("size", [(300, 260), (1200, 900)])
def test_a_reversible_jpeg_2000_that_was_cut_to_a_size_is_lossy(size: tuple[int, int]) -> None:
    """Its transform loses nothing; the coding passes that were left out do. No marker tells, the packets do."""
    pixels = noise(size, "u2")
    whole = imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True)
    cut = imagecodecs.jpeg2k_encode(pixels, level=45, reversible=True)
    assert (judged(judge_jpeg2000, whole).lossy, judged(judge_jpeg2000, cut).lossy) == (False, True)


def test_black_surroundings_do_not_make_a_jpeg_2000_doubtful() -> None:
    """Code-blocks of zeros hold no passes; a picture of nothing else cannot be told."""
    pixels = np.zeros((512, 512), "i2")
    empty = imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True)
    pixels[100:260, 100:260] = noise((160, 160))
    spot = imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True)
    assert (judged(judge_jpeg2000, spot).lossy, judged(judge_jpeg2000, empty).lossy) == (False, None)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_jpeg_2000_neither_crashes_nor_takes_for_ever(changes: list[tuple[int, int]]) -> None:
    """Sizes, counts and packets are nobody's word."""
    content = bytearray(imagecodecs.jpeg2k_encode(noise((60, 60)), level=0, reversible=True, codecformat="j2k"))
    for at, value in changes:
        content[at % min(len(content), 400)] = value
    assert judged(judge_jpeg2000, content).name == "JPEG 2000"


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_is_told_by_its_chunk(*, lossless: bool) -> None:
    """VP8 loses, VP8L does not."""
    content = imagecodecs.webp_encode(noise((40, 50, 3)), lossless=lossless, level=50)
    assert judged(judge_webp, content).lossy is not lossless


def test_a_webp_with_extensions_is_told_by_the_chunk_behind_them() -> None:
    """The picture of an extended or animated WebP lies deeper."""
    inner = imagecodecs.webp_encode(noise((40, 50, 3)), lossless=True)[12:]
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(10) + inner
    assert judged(judge_webp, b"RIFF" + struct.pack("<I", len(extended) + 4) + b"WEBP" + extended).lossy is False
    frame = b"ANMF" + struct.pack("<I", 16 + len(inner)) + bytes(16) + inner
    assert judged(judge_webp, b"RIFF" + struct.pack("<I", len(frame) + 4) + b"WEBP" + frame).lossy is False


def test_baseline_jpeg_is_lossy_and_lossless_jpeg_is_not() -> None:
    """The frame header tells the process."""
    assert judged(judge_jpeg, imagecodecs.jpeg8_encode(noise((40, 50)), level=100)).lossy is True
    assert judged(judge_jpeg, imagecodecs.ljpeg_encode(noise((40, 50), "u2"))).lossy is False


def test_a_point_transform_makes_lossless_jpeg_lossy() -> None:
    """Its lossless process then codes values without their lowest bits."""
    content = bytearray(imagecodecs.ljpeg_encode(noise((40, 50), "u2")))
    scan = content.index(b"\xff\xda")
    content[scan + 2 + int.from_bytes(content[scan + 2 : scan + 4], "big") - 1] |= 2
    assert judged(judge_jpeg, bytes(content)).lossy is True


def test_samples_that_are_real_numbers_in_jpeg_xr_cannot_be_told() -> None:
    """Nothing is claimed where the header does not say."""
    assert judged(judge_jpegxr, imagecodecs.jpegxr_encode(noise((32, 32)).astype("f4"))).lossy is None


@given(st.binary(max_size=400), st.sampled_from([judge_jpeg, judge_jpeg2000, judge_jpegxr, judge_webp]))
def test_rubbish_is_never_called_lossless(content: bytes, judge: Judge) -> None:
    """And never crashes."""
    assert judged(judge, content).lossy is not False


@pytest.mark.parametrize(
    ("codec", "judge"), [("jpegls", judge_jpeg), ("jpeg2k", judge_jpeg2000), ("jpegxr", judge_jpegxr)]
)
def test_a_codestream_cut_in_its_header_is_not_judged(codec: str, judge: Judge) -> None:
    """Half a header says nothing."""
    content = getattr(imagecodecs, f"{codec}_encode")(noise((32, 32)))
    assert judged(judge, content[:12]).lossy is None


TIFFS: list[tuple[str, dict[str, Any], bool]] = [
    ("none", {}, False),
    ("lzw", {}, False),
    ("deflate", {}, False),
    ("zstd", {}, False),
    ("lzma", {}, False),
    ("packbits", {}, False),
    ("jpeg", {"level": 95}, True),
    ("jpeg2000", {"level": 0, "reversible": True}, False),
    ("jpeg2000", {"level": 40, "reversible": False}, True),
    ("jpegxr", {"level": 1.0}, False),
    ("jpegxr", {"level": 0.7}, True),
    ("webp", {"lossless": True}, False),
    ("webp", {"lossless": False, "level": 60}, True),
]


@pytest.mark.parametrize("tile", [None, (16, 32)], ids=["strips", "tiles"])
@pytest.mark.parametrize("bigtiff", [False, True], ids=["classic", "big"])
@pytest.mark.parametrize(("name", "options", "lossy"), TIFFS, ids=[f"{c[0]}-{c[2]}" for c in TIFFS])
def test_a_tiff_is_judged_by_its_pages(
    *, name: str, options: dict[str, Any], lossy: bool, bigtiff: bool, tile: tuple[int, int] | None, tmp_path: Path
) -> None:
    """Whatever the compression, in strips and tiles, in both kinds of TIFF."""
    pixels = noise((64, 64, 3)) if name == "webp" else noise((64, 64))
    path = tmp_path / "image.tif"
    compression = None if name == "none" else name
    tifffile.imwrite(path, pixels, compression=compression, compressionargs=options or None, bigtiff=bigtiff, tile=tile)
    kind = "bigtiff" if bigtiff else "tiff"
    ((found,),) = compressions_by_series(path, kind, 1)
    assert (found.lossy, found.blocks >= 1) == (lossy, True)


def test_each_series_of_a_tiff_has_its_own_compression(tmp_path: Path) -> None:
    """A lossy label does not make the measurement beside it lossy."""
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(noise((32, 32)), compression="jpeg", metadata=None)
        writer.write(noise((64, 64), "u2"), compression="zlib", metadata=None)
    with open_image(path) as image:
        found = records(image, describe_acquisition(image), examine=True)
    assert [one.lossy for one in found] == [True, False]
    assert [one.compression[0].name for one in found] == ["JPEG", "Deflate"]


def test_a_thumbnail_does_not_count(tmp_path: Path) -> None:
    """A reduced copy may be a JPEG; nobody measures in it."""
    path = tmp_path / "thumb.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(noise((64, 64)), metadata=None)
        writer.write(noise((32, 32)), compression="jpeg", subfiletype=1, metadata=None)
    ((found,),) = compressions_by_series(path, "tiff", 1)
    assert found.name == "no compression"


CZIS: list[tuple[int, Encode, bool | None]] = [
    (0, lambda pixels: pixels.tobytes(), False),
    (1, lambda pixels: imagecodecs.jpeg8_encode(pixels, level=90), True),
    (4, lambda pixels: imagecodecs.jpegxr_encode(pixels, level=1.0), False),
    (4, lambda pixels: imagecodecs.jpegxr_encode(pixels, level=0.8), True),
    (5, lambda pixels: imagecodecs.zstd_encode(pixels.tobytes()), False),
    (104, lambda pixels: pixels.tobytes(), None),
]


@pytest.mark.parametrize(("code", "encode", "lossy"), CZIS, ids=[f"{c[0]}-{c[2]}" for c in CZIS])
def test_a_czi_is_judged_by_its_sub_blocks(*, code: int, encode: Encode, lossy: bool | None, tmp_path: Path) -> None:
    """JPEG XR with and without quantisation has the same compression code."""
    path = tmp_path / "image.czi"
    content = encode(noise((48, 64)))
    write_compressed_czi(path, [(0, code, content)] * 3, size=(48, 64))
    ((found,),) = compressions_by_series(path, "czi", 1)
    assert (found.lossy, found.blocks) == (lossy, 3)


def test_each_scene_of_a_czi_has_its_own_compression(tmp_path: Path) -> None:
    """Scenes are told apart by their sub-blocks."""
    path = tmp_path / "scenes.czi"
    pixels = noise((48, 64))
    blocks = [(0, 0, pixels.tobytes()), (1, 4, imagecodecs.jpegxr_encode(pixels, level=0.8))]
    write_compressed_czi(path, blocks, size=(48, 64))
    assert [is_lossy(one) for one in compressions_by_series(path, "czi", 2)] == [False, True]


def test_one_lossy_sub_block_makes_a_czi_lossy(tmp_path: Path) -> None:
    """However many others are not."""
    path = tmp_path / "mixed.czi"
    pixels = noise((48, 64))
    blocks = [(0, 4, imagecodecs.jpegxr_encode(pixels, level=level)) for level in (1.0, 1.0, 0.8, 1.0)]
    write_compressed_czi(path, blocks, size=(48, 64))
    (found,) = compressions_by_series(path, "czi", 1)
    assert is_lossy(found) is True
    assert {one.blocks for one in found if one.lossy} == {1}


def test_a_jpeg_file_is_lossy_and_a_jpeg_2000_file_says_which_transform(tmp_path: Path) -> None:
    """Pictures that are one codestream."""
    (tmp_path / "a.jpg").write_bytes(imagecodecs.jpeg8_encode(noise((40, 50))))
    (tmp_path / "a.jp2").write_bytes(imagecodecs.jpeg2k_encode(noise((40, 50)), level=0, reversible=True))
    assert is_lossy(file_compression(tmp_path / "a.jpg", "jpeg")) is True
    assert is_lossy(file_compression(tmp_path / "a.jp2", "jpeg2000")) is False
    assert is_lossy(file_compression(tmp_path / "a.jpg", "png")) is None


def samples() -> list[Path]:
    """The image files among the real samples."""
    suffixes = {".tif", ".tiff", ".lsm", ".czi", ".nd2", ".lif", ".oib"}
    return sorted(one for one in SAMPLES.rglob("*") if one.suffix in suffixes)


@pytest.mark.skipif(not samples(), reason="the real samples are not beside the checkout")
def test_no_real_sample_is_called_lossy_or_marked() -> None:
    """All are stored plain or with LZW, as tifffile and the sub-block directories say; none shows a sign of loss."""
    seen = {}
    for path in samples():
        with open_image(path) as image:
            for record in records(image, describe_acquisition(image), examine=True):
                assert (record.lossy, record.signs, record.structure) == (False, (), ()), path.name
                seen[path.name] = {one.name for one in record.compression}
    lzw = {"s_1_t_1_c_1_z_1.ome.tiff"}
    assert {name for name, names in seen.items() if names != {"no compression"}} == lzw
