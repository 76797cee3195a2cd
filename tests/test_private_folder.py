"""What is unpacked or fetched for a while lies in a locked folder, and what a killed run has left is deleted."""

import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

import pytest

from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.deposit.source import open_deposit
from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish
from confocal_bag.private_folder import PrivateFolder, Purpose, private_folder, sweep
from tests import make
from tests.bag.bags import make_bag

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")

#: Unpacks a zip file as a whole and one image of it, says so, and waits to be killed.
_UNPACK = """
import sys
from pathlib import Path, PurePosixPath
from confocal_bag.deposit.source import open_deposit
from confocal_bag.deposit.zips.unpacking import Unpacking
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
    mine = PrivateFolder(Purpose.DEPOSIT)
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
    folder = PrivateFolder(Purpose.MEMBERS)
    (folder.path / "a.txt").write_text("a")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()
    folder.remove()
    assert list(place.iterdir()) == []


#: Each way to use a private folder in a process of its own, which says so and waits to be killed.
_USES = {
    "validating a packed bag with its pixels": """
from confocal_bag import validate
validate.check_promises = lambda packed: wait()
validate.validate_bag(path, pixels=True)
""",
    "the page of a packed bag": """
from confocal_bag.page.at_hand import bag_at_hand
from confocal_bag.progress import SILENT
with bag_at_hand(path, SILENT):
    wait()
""",
    "looking at a deposit in a store": """
from confocal_bag.remote import fetch
from confocal_bag.remote.address import destination_of
fetch.address_of = destination_of
with fetch.fetched(path.with_suffix("")):
    wait()
""",
}
_WAITING = """
import sys
from pathlib import Path
path = Path(sys.argv[1])
def wait():
    print("waiting", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A packed bag with a sidecar, so that its promises are looked at."""
    folder = make_bag(tmp_path / "bag", payload={"data/raw/a.txt": b"a", "data/metadata/ome/raw/a.ome.xml": b"<OME/>"})
    serialize_bag(folder, tmp_path / "bag.zip")
    return tmp_path / "bag.zip"


@pytest.mark.parametrize("use", _USES)
def test_each_use_deletes_what_a_killed_one_has_left_and_nothing_else(place: Path, bag: Path, use: str) -> None:
    """What a living process holds none of them touches."""
    with ExitStack() as stack:

        def start() -> tuple[subprocess.Popen[str], Path]:
            before = set(place.iterdir())
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", _WAITING + _USES[use], str(bag)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "waiting\n"
            (made,) = set(place.iterdir()) - before
            assert made.stat().st_mode & 0o777 == 0o700
            assert any(made.iterdir())
            return process, made

        killed, left = start()
        _, held = start()
        assert left.is_dir()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert left.is_dir()
        _, last = start()
        assert set(place.iterdir()) == {held, last}


def test_a_private_folder_goes_with_its_block(place: Path) -> None:
    """Also where the block fails; what cannot be deleted is said only where nothing else went wrong."""
    with private_folder(Purpose.BAG) as folder:
        (folder / "a.txt").write_text("a")
    with pytest.raises(KeyError), private_folder(Purpose.BAG):
        raise KeyError
    assert list(place.iterdir()) == []


def test_a_private_folder_that_cannot_be_deleted_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold names of people."""
    monkeypatch.setattr("shutil.rmtree", lambda path, **options: None)
    with (
        pytest.raises(CannotFinish, match=f"{place}/confocal-bag-page-.* could not be deleted"),
        private_folder(Purpose.PAGE),
    ):
        pass
    with pytest.raises(KeyError), private_folder(Purpose.PAGE):
        raise KeyError
