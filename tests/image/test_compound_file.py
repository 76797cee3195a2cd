"""The structure of a compound file is checked before any library follows it."""

import io
import struct
from pathlib import Path

import pytest

from confocal_bag.image.compound_file import CompoundFileError, check_structure
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from tests.image.synthetic_oib import DIRECTORY_START, compound_file, write_oib

_LARGE, _SMALL = bytes(range(256)) * 20, b"abc" * 40
_TABLE_AT, _DIRECTORY_AT = 512, 512 * (DIRECTORY_START + 1)
#: Sectors of the file below: table, directory, mini table, mini stream, and ten of the large stream.
_MINI_TABLE, _FIRST = 2, 4


def file() -> bytearray:
    """A file of one small and one large stream."""
    return bytearray(compound_file({"small": _SMALL, "large": _LARGE}))


def check(content: bytes | bytearray) -> None:
    """Check a file that is in memory."""
    check_structure(io.BytesIO(content))


def put(content: bytearray, at: int, number: int) -> bytearray:
    """The file with another number at a byte."""
    content[at : at + 4] = struct.pack("<I", number)
    return content


def test_a_sound_file_passes(tmp_path: Path) -> None:
    """Small and large streams, and an OIB that can be read."""
    check(file())
    check(compound_file({"large": _LARGE}))
    write_oib(tmp_path / "a.oib", {"X": 60, "Y": 50, "C": 2, "Z": 2})
    with open_image(tmp_path / "a.oib") as image:
        assert len(list(image.planes(image.series[0]))) == image.expected_planes == 4


@pytest.mark.parametrize(
    ("at", "number", "words"),
    [
        (_TABLE_AT + 4 * (_FIRST + 3), _FIRST, "belongs to a chain already"),
        (_TABLE_AT + 4 * (_FIRST + 3), _FIRST + 3, "belongs to a chain already"),
        (_TABLE_AT + 4 * (_FIRST + 3), 5000, "goes on at sector 5000"),
        (_TABLE_AT + 4 * (_FIRST + 3), 0xFFFFFFFE, "a stream of 5120 bytes has 2048 in the file"),
        (_TABLE_AT + 4 * DIRECTORY_START, DIRECTORY_START, "the directory comes to sector 1"),
        (512 * (_MINI_TABLE + 1), 0, "mini sector 0, which belongs to a chain already"),
        (512 * (_MINI_TABLE + 1), 0x30000, "goes on at mini sector 196608"),
        (_DIRECTORY_AT + 128 + 116, _FIRST, "mini sector 4"),
        (_DIRECTORY_AT + 120, 1 << 30, "a stream of 1073741824 bytes"),
        (_DIRECTORY_AT + 256 + 120, 1 << 31, "a stream of 2147483648 bytes"),
        (_DIRECTORY_AT + 128 + 72, 900, "entry 900"),
        (44, 0xFFFF, "tables of more sectors than the file has"),
        (64, 1 << 31, "tables of more sectors than the file has"),
        (72, 1 << 31, "tables of more sectors than the file has"),
        (76, 4000, "sector 4000 lies beyond"),
        (30, 0x0009_0020, "header makes no sense"),
    ],
)
def test_a_chain_that_is_not_as_it_must_be_is_refused(at: int, number: int, words: str) -> None:
    """One number is changed: a loop, a crossing, a sector or a stream that the file does not have."""
    with pytest.raises(CompoundFileError, match=words):
        check(put(file(), at, number))


def test_two_streams_in_one_place_are_refused() -> None:
    """Ten thousand names for the same sectors would make a small file as slow as a large one."""
    content = bytearray(compound_file({"one": _LARGE, "other": _LARGE}))
    start = content[_DIRECTORY_AT + 128 + 116 : _DIRECTORY_AT + 128 + 120]
    content[_DIRECTORY_AT + 256 + 116 : _DIRECTORY_AT + 256 + 120] = start
    with pytest.raises(CompoundFileError, match="belongs to a chain already"):
        check(content)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.99])
def test_a_file_that_ends_early_is_refused(share: float) -> None:
    """Wherever it ends."""
    content = file()
    with pytest.raises(CompoundFileError):
        check(content[: int(len(content) * share)])


def test_an_oib_that_loops_is_unreadable(tmp_path: Path) -> None:
    """The library would follow its mini stream until memory ends."""
    path = tmp_path / "a.oib"
    write_oib(path, {"X": 60, "Y": 50, "C": 1})
    content = bytearray(path.read_bytes())
    mini_table = struct.unpack_from("<I", content, 60)[0]
    path.write_bytes(put(content, 512 * (mini_table + 1), 0))
    with pytest.raises(UnreadableImage, match=r"a\.oib is damaged or incomplete: a stream comes to mini sector 0"):
        open_image(path)
