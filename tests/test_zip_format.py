"""What bags and deposits in zip files share: members that cannot be read, names, and lists of members without end."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from confocal_bag.bag.rules import check_bag
from confocal_bag.zip_format import (
    LARGEST_DIRECTORY_BYTES,
    is_encrypted,
    is_of_unknown_method,
    member_name,
    refuse_huge_directory,
)
from tests.bag.bags import make_bag


def named(name: str, *, flags: int = 0, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """A member as zipfile lists it."""
    info = zipfile.ZipInfo(name)
    info.flag_bits, info.compress_type = flags, method
    return info


def test_names_are_read_as_utf8_where_they_can_be() -> None:
    """An unmarked name comes as code page 437; one that is no UTF-8 stays so, a marked one is what it is."""
    unmarked = "Zelle_ä.lsm".encode().decode("cp437")
    assert member_name(named("cell.lsm")) == "cell.lsm"
    assert member_name(named(unmarked)) == "Zelle_ä.lsm"
    assert member_name(named("Zelle_ä.lsm")) == "Zelle_ä.lsm"
    assert member_name(named(unmarked, flags=0x800)) == unmarked


def test_a_member_may_be_locked_or_packed_in_an_unknown_way() -> None:
    """PPMd is one that zipfile does not know."""
    assert is_encrypted(named("a", flags=0x1))
    assert not is_encrypted(named("a", flags=0x800))
    assert is_of_unknown_method(named("a", method=98))
    assert not any(is_of_unknown_method(named("a", method=one)) for one in (0, 8, 12, 14))


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("more", [0, 1])
def test_a_list_of_members_is_refused_by_what_the_end_record_says(more: int, *, is_large: bool) -> None:
    """Also by that of large archives; the list itself is not read for it."""
    size = LARGEST_DIRECTORY_BYTES + more
    end64 = b"PK\6\6" + bytes(36) + struct.pack("<Q", size) + bytes(8) + b"PK\6\7" + bytes(16) if is_large else b""
    end = b"PK\5\6" + bytes(8) + struct.pack("<I", 0xFFFFFFFF if is_large else size) + bytes(6)
    stream = io.BytesIO(b"members" + end64 + end)
    if more:
        with pytest.raises(zipfile.BadZipFile, match="268,435,457 bytes, too many"):
            refuse_huge_directory(stream)
    else:
        refuse_huge_directory(stream)
        assert stream.tell() == 0


@pytest.mark.parametrize("at", [4, 14])
def test_damage_below_lzma_is_damage_of_the_member(tmp_path: Path, at: int) -> None:
    """In its settings and in its data, for which the library below zipfile has an error of its own."""
    make_bag(tmp_path / "bag", payload={"data/a.txt": b"abc" * 5000, "data/b.txt": b"b"})
    path = tmp_path / "bag.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for one in sorted((tmp_path / "bag").rglob("*.txt")):
            archive.write(one, one.relative_to(tmp_path))
        offset = archive.getinfo("bag/data/a.txt").header_offset
    content = bytearray(path.read_bytes())
    content[offset + 30 + len("bag/data/a.txt") + at] ^= 0xFF
    path.write_bytes(content)
    found = check_bag(path).findings
    assert [(one.rule, one.path) for one in found] == [("bag.file-unreadable", "data/a.txt")]
    assert "the archive is damaged here" in found[0].message
