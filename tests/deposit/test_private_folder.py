"""What is unpacked from zip files lies in a locked folder, and what a killed run has left there is deleted."""

import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from confocal_bag.deposit.private_folder import PrivateFolder, sweep
from confocal_bag.deposit.source import open_deposit
from confocal_bag.deposit.zip_unpacking import Unpacking
from tests import make

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")

#: Unpacks a zip file as a whole and one image of it, says so, and waits to be killed.
_UNPACK = """
import sys
from pathlib import Path, PurePosixPath
from confocal_bag.deposit.source import open_deposit
from confocal_bag.deposit.zip_unpacking import Unpacking
path = Path(sys.argv[1])
deposit = open_deposit(path)
with Unpacking() as unpacking, unpacking.image(path, PurePosixPath("cells.lsm")):
    print("unpacked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files, here and in processes started from here."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A zip file with one image."""
    path = tmp_path / "scans.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(make.lsm(tmp_path / "cells.lsm"), "cells.lsm")
    return path


@pytest.fixture
def unpacker(place: Path, archive: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has unpacked the zip file."""
    process = subprocess.Popen(
        [sys.executable, "-c", _UNPACK, str(archive)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "unpacked\n"
        yield process
        process.kill()


def images(place: Path) -> list[str]:
    """The images unpacked below a folder."""
    return [path.name for path in place.rglob("*.lsm")]


def test_a_later_run_deletes_what_a_killed_one_unpacked(
    place: Path, archive: Path, unpacker: subprocess.Popen[str]
) -> None:
    """Not while it lives: another run leaves alone what is in use."""
    assert len(images(place)) == 2
    sweep()
    assert len(images(place)) == 2
    unpacker.send_signal(signal.SIGKILL)
    unpacker.wait()
    assert len(images(place)) == 2
    open_deposit(make.small_deposit(place.parent / "deposit"))
    assert list(place.iterdir()) == []


def test_unpacking_an_image_deletes_them_too(place: Path, archive: Path, unpacker: subprocess.Popen[str]) -> None:
    """So does a validation, which opens no deposit."""
    unpacker.send_signal(signal.SIGKILL)
    unpacker.wait()
    with Unpacking() as unpacking, unpacking.image(archive, PurePosixPath("cells.lsm")):
        assert len(images(place)) == 1
    assert list(place.iterdir()) == []


def test_what_others_keep_among_the_temporary_files_stays(place: Path) -> None:
    """Files, links and folders of other names, or of the name of one made on another machine."""
    mine = PrivateFolder("deposit")
    prefix = mine.path.name.rpartition("-")[0]
    mine.remove()
    (place / "kept").mkdir()
    (place / f"{prefix}-link").symlink_to(place / "kept")
    (place / f"{prefix}-file").write_text("file")
    (place / "confocal-bag-deposit-00000000-abc").mkdir()
    before = sorted(place.iterdir())
    sweep()
    assert sorted(place.iterdir()) == before


def test_a_folder_is_private_and_gone_after_its_use(place: Path) -> None:
    """To remove it twice does no harm."""
    folder = PrivateFolder("members")
    (folder.path / "a.txt").write_text("a")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()
    folder.remove()
    assert list(place.iterdir()) == []
