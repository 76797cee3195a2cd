"""Sizes and counts that a file declares are compared with what it can hold before anything is laid out."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.count import count_planes
from confocal_bag.image.formats import identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oib import write_oib


def replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    """The content with one thing for another of the same length, which must be there."""
    assert old in content
    assert len(old) == len(new)
    return content.replace(old, new)


def test_pages_that_share_long_lists_are_refused(tmp_path: Path) -> None:
    """A thousand pages that all point at the one list of a megabyte would take hours to check."""
    path = tmp_path / "a.tif"
    strips, pages = 3000, 100
    page = struct.Struct("<H" + "HHII" * 5 + "I")
    lists = struct.pack(f"<{strips}I", *[8] * strips)
    first = 8 + len(lists)
    content = struct.pack("<2sHI", b"II", 42, first) + lists
    for number in range(pages):
        following = first + (number + 1) * page.size if number + 1 < pages else 0
        entries = (256, 4, 1, 1, 257, 4, 1, strips, 273, 4, strips, 8, 278, 4, 1, 1, 279, 4, strips, 8)
        content += page.pack(5, *entries, following)
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match="its pages list"):
        count_planes(path, identify(path))


def test_all_planes_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each plane may be likely, all together not; the limits are lowered to see it."""
    path = tmp_path / "a.lsm"
    write_lsm(path, cell_stack(planes=3, size=32))
    open_image(path).close()
    monkeypatch.setattr("confocal_bag.image.open._SMALLEST_TOTAL", 5000)
    monkeypatch.setattr("confocal_bag.image.open._MOST_TOTAL_EXPANSION", 0)
    with pytest.raises(UnreadableImage, match=r"declares 12288 bytes of pixels"):
        open_image(path)


def test_a_lif_of_samples_in_one_place_is_refused(tmp_path: Path) -> None:
    """A step of no bytes would let a file of two kilobytes declare any number of samples."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "ZYX", np.zeros((2, 8, 8), np.uint16))])
    content = path.read_bytes()
    size = int.from_bytes(content[9:13], "little")
    text = content[13 : 13 + 2 * size].decode("utf-16-le")
    text = text.replace('NumberOfElements="2"', 'NumberOfElements="99999999"').replace('BytesInc="128"', 'BytesInc="0"')
    header = struct.pack("<IIBI", 0x70, 5 + 2 * len(text), 0x2A, len(text))
    path.write_bytes(header + text.encode("utf-16-le") + content[13 + 2 * size :])
    with pytest.raises(UnreadableImage, match=r"declares 8 planes of 1599999984 bytes in image 1 of 1"):
        open_image(path)


def test_a_lif_with_a_document_type_is_refused(tmp_path: Path) -> None:
    """Only a document type can make a small header a large one."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "ZYX", np.zeros((2, 8, 8), np.uint16))])
    content = path.read_bytes()
    size = int.from_bytes(content[9:13], "little")
    text = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content[13 : 13 + 2 * size].decode("utf-16-le")
    header = struct.pack("<IIBI", 0x70, 5 + 2 * len(text), 0x2A, len(text))
    path.write_bytes(header + text.encode("utf-16-le") + content[13 + 2 * size :])
    with pytest.raises(UnreadableImage, match="document type"):
        open_image(path)


@pytest.mark.parametrize(
    ("compression", "seen"), [(1, "its uncompressed rows need 107374182400"), (8, "more than it can hold")]
)
def test_a_plane_file_that_declares_too_much_is_refused(compression: int, seen: str, tmp_path: Path) -> None:
    """The width in the TIFF of one plane of an OIB; how much a compressed strip could hold its directory cannot say."""
    path = tmp_path / "a.oib"
    write_oib(path, {"X": 60, "Y": 50, "C": 1})
    content = path.read_bytes()
    width = struct.pack("<HHII", 256, 4, 1, 60)
    content = replaced(content, width, struct.pack("<HHII", 256, 4, 1, 1 << 30))
    stored = struct.pack("<HHIHH", 259, 3, 1, 1, 0)
    path.write_bytes(replaced(content, stored, struct.pack("<HHIHH", 259, 3, 1, compression, 0)))
    with pytest.raises(UnreadableImage, match=seen):
        open_image(path)


def nd2(shared: Path, name: str) -> bytes:
    """A real ND2, which nothing here can write."""
    return (shared / "samples" / "nd2" / name).read_bytes()


def test_an_nd2_without_one_frame_is_refused(shared: Path, tmp_path: Path) -> None:
    """The library makes a black plane of a frame that its chunk map does not list."""
    path = tmp_path / "a.nd2"
    content = nd2(shared, "cluster.nd2")
    at = content.rindex(b"ImageDataSeq|3!")
    path.write_bytes(content[:at] + b"ImageDataSeq|9!" + content[at + 15 :])
    with pytest.raises(UnreadableImage, match="missing from its chunk map"):
        open_image(path)


def test_an_nd2_of_larger_frames_than_it_holds_is_refused(shared: Path, tmp_path: Path) -> None:
    """The library would take the bytes of the next frame for pixels of this one."""
    path = tmp_path / "a.nd2"
    content = nd2(shared, "example-multichannel.nd2")
    name = "uiHeight\0".encode("utf-16-le")
    at = content.index(name) + len(name)
    height = int.from_bytes(content[at : at + 4], "little")
    path.write_bytes(content[:at] + (height + 8).to_bytes(4, "little") + content[at + 4 :])
    with pytest.raises(UnreadableImage, match="declare frames of"):
        open_image(path)


def test_metadata_that_decompress_without_end_are_refused(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kilobyte of zeros, compressed, in the place of a chunk of metadata; the limit is lowered to see it."""
    path = tmp_path / "a.nd2"
    content = nd2(shared, "example-multichannel.nd2")
    entry = content.rindex(b"ImageTextInfoLV!") + 16
    chunk = int.from_bytes(content[entry : entry + 8], "little")
    start = chunk + 16 + int.from_bytes(content[chunk + 4 : chunk + 8], "little")
    bomb = b"L" + bytes(11) + zlib.compress(bytes(5000))
    path.write_bytes(content[:start] + bomb + content[start + len(bomb) :])
    monkeypatch.setattr("confocal_bag.image.count_nikon._LARGEST_METADATA", 1000)
    with pytest.raises(UnreadableImage, match="decompresses to more"):
        open_image(path)


def test_a_chunk_of_an_nd2_beyond_the_end_is_refused(shared: Path, tmp_path: Path) -> None:
    """The library would ask for as much memory as the chunk claims."""
    path = tmp_path / "a.nd2"
    content = nd2(shared, "example-multichannel.nd2")
    entry = content.rindex(b"ImageTextInfoLV!") + 16
    chunk = int.from_bytes(content[entry : entry + 8], "little")
    path.write_bytes(content[: chunk + 8] + (1 << 60).to_bytes(8, "little") + content[chunk + 16 :])
    with pytest.raises(UnreadableImage, match="damaged or cut short"):
        open_image(path)


def test_a_stack_of_another_kind_is_checked_too(tmp_path: Path) -> None:
    """A MetaMorph stack says in its own way how many planes it has, but its pages must lie in the file."""
    path = tmp_path / "a.stk"
    tifffile.imwrite(path, np.zeros((64, 64), np.uint16), metadata=None, extratags=[(33628, 4, 1, 1, True)])
    assert identify(path).id == "stk"
    assert count_planes(path, identify(path)) is None
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableImage, match="has pixels up to byte"):
        count_planes(path, identify(path))


def test_a_jpeg_larger_than_its_strip_is_refused(tmp_path: Path) -> None:
    """The decoder would make room for a gigabyte."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((64, 64), np.uint8), compression="jpeg", metadata=None)
    with open_image(path) as image:
        assert len(list(image.planes(image.series[0]))) == 1
    content = bytearray(path.read_bytes())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = b"\x7f\xff\x7f\xff"
    path.write_bytes(content)
    with open_image(path) as image, pytest.raises(UnreadableImage, match="32767 by 32767"):
        list(image.planes(image.series[0]))
