"""What a zip file of the deposit no longer gives is an error in the raw tier, as a damaged file beside it is."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from confocal_bag.findings import Finding, Severity
from confocal_bag.inspect import inspect_deposit
from tests import make

NOISE = np.random.default_rng(7).bytes(9000)
#: Damages a zip file that has a member noise.bin, which is stored as it is.
Damage = Callable[[Path], None]


def deposit(folder: Path, name: str, *, members: Mapping[str, bytes] | None = None) -> Path:
    """The demonstration deposit with one zip file more; where it lies."""
    make.demo_deposit(folder)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in {**(members or {}), "noise.bin": NOISE}.items():
            archive.writestr(member, content)
    return path


def found(folder: Path, rule: str) -> list[Finding]:
    """What one rule found in a deposit."""
    return [one for one in inspect_deposit(folder).findings if one.rule == rule]


def cut(path: Path) -> None:
    """Without its last quarter, and the list of members in it."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])


def changed(path: Path) -> None:
    """One byte of a member is another."""
    content = path.read_bytes()
    at = content.index(NOISE) + 8500
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])


def marked(*, method: int | None = None, flags: int | None = None) -> Damage:
    """Writes a compression method or flags at the two places where a zip file names them for noise.bin."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        local = content.index(NOISE) - 30 - len("noise.bin")
        listed = content.rindex(b"noise.bin") - 46
        for at, value in ((6, flags), (8, method)):
            if value is not None:
                struct.pack_into("<H", content, local + at, value)
                struct.pack_into("<H", content, listed + at + 2, value)
        path.write_bytes(content)

    return damage


@pytest.mark.parametrize("with_image", [False, True])
@pytest.mark.parametrize("damage", [cut, changed, marked(flags=1)], ids=["cut", "changed", "encrypted"])
def test_a_zip_of_the_raw_tier_that_lost_something_is_an_error(
    tmp_path: Path, damage: Damage, *, with_image: bool
) -> None:
    """With images in it and without; elsewhere it is a warning."""
    members = {"cells.lsm": make.lsm(tmp_path / "cells.lsm").read_bytes()} if with_image else {}
    for number, (name, severity) in enumerate(
        (("raw/scans.zip", Severity.ERROR), ("processed/scans.zip", Severity.WARNING))
    ):
        folder = tmp_path / str(number)
        path = deposit(folder, name, members=members)
        assert found(folder, "deposit.archive-unreadable") == []
        damage(path)
        (one,) = found(folder, "deposit.archive-unreadable")
        assert (one.path, one.severity) == (name, severity)


@pytest.mark.parametrize("damage", [marked(method=9), marked(method=93)], ids=["Deflate64", "Zstandard"])
def test_a_member_that_others_can_unpack_is_a_warning(tmp_path: Path, damage: Damage) -> None:
    """Windows packs what is large by Deflate64, which other programs read."""
    path = deposit(tmp_path / "d", "raw/scans.zip")
    damage(path)
    (one,) = found(tmp_path / "d", "deposit.archive-unreadable")
    assert one.severity is Severity.WARNING
    assert "noise.bin: it is packed by method" in one.message


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_is_told_whatever_a_member_is_packed_by(tmp_path: Path, method: int) -> None:
    """From its first packed bytes on, beside a sound image and alone."""
    image = make.lsm(tmp_path / "cells.lsm").read_bytes()
    for number, sound in enumerate(([], [image])):
        path = deposit(tmp_path / str(number), "raw/scans.zip")
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("bad.lsm", image)
            for good in sound:
                archive.writestr("good.lsm", good)
            packed = archive.getinfo("bad.lsm").compress_size
        content = bytearray(path.read_bytes())
        start = 30 + len("bad.lsm")
        content[start + 12 : start + packed] = b"\xff" * (packed - 12)
        if method == zipfile.ZIP_LZMA:
            content[start + 4] = 0xFF  # settings that no packer could have had
        path.write_bytes(content)
        (one,) = found(tmp_path / str(number), "deposit.archive-unreadable")
        assert (one.severity, "bad.lsm: it is damaged in the archive" in one.message) == (Severity.ERROR, True)
        images = inspect_deposit(tmp_path / str(number)).inner[0].images
        assert [str(image.path) for image in images] == ["raw/scans.zip!/good.lsm"] * len(sound)


def test_a_member_that_takes_too_much_memory_is_not_unpacked(tmp_path: Path) -> None:
    """LZMA declares its dictionary, which would be taken at once; others are unpacked."""
    path = deposit(tmp_path / "d", "raw/scans.zip")
    image = make.lsm(tmp_path / "cells.lsm").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("huge.lsm", image)
        archive.writestr("good.lsm", image)
    content = bytearray(path.read_bytes())
    at = 30 + len("huge.lsm") + 5
    content[at : at + 4] = b"\xff" * 4
    path.write_bytes(content)
    (one,) = found(tmp_path / "d", "deposit.archive-unreadable")
    assert "huge.lsm: to unpack it takes 4,294,967,295 bytes of memory" in one.message
    assert [str(one.path) for one in inspect_deposit(tmp_path / "d").inner[0].images] == ["raw/scans.zip!/good.lsm"]


def test_a_name_that_this_system_cannot_keep_hides_no_other_member(tmp_path: Path) -> None:
    """A path longer than any system takes, and a name longer than a folder takes; the others are looked at."""
    image = make.lsm(tmp_path / "cells.lsm").read_bytes()
    deep = "/".join(["d" * 200] * 30) + "/deep.lsm"
    deposit(tmp_path / "d", "raw/scans.zip", members={deep: image, "n" * 300 + ".lsm": image, "ok.lsm": image})
    (one,) = found(tmp_path / "d", "deposit.archive-unreadable")
    assert one.severity is Severity.WARNING
    assert one.message.startswith("raw/scans.zip: 2 members cannot be taken out safely")
    assert one.message.count("this system cannot keep a file of its name") == 2
    assert [str(one.path) for one in inspect_deposit(tmp_path / "d").inner[0].images] == ["raw/scans.zip!/ok.lsm"]


def test_an_image_cut_short_in_a_zip_of_the_raw_tier_is_an_error(tmp_path: Path) -> None:
    """As one beside it is; in a zip of another tier it is a warning."""
    content = make.lsm(tmp_path / "cells.lsm").read_bytes()[:-2000]
    for number, (name, severity) in enumerate(
        (("raw/scans.zip", Severity.ERROR), ("processed/scans.zip", Severity.WARNING))
    ):
        deposit(tmp_path / str(number), name, members={"cells.lsm": content})
        (one,) = found(tmp_path / str(number), "image.unreadable-in-archive")
        assert (one.path, one.severity) == (f"{name}!/cells.lsm", severity)
