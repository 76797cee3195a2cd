"""Bags on an SFTP server: judged there, sent there, half a file continued there."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.remote.files import FileStore
from confocal_bag.remote.store import PARTIAL, Entry
from confocal_bag.ship import Order, ship_bag
from confocal_bag.validate import validate_bag

asyncssh = pytest.importorskip("asyncssh", reason="the SFTP server of the tests (asyncssh) is not installed")
pytest.importorskip("sshfs", reason="sshfs is not installed")


class Server:
    """An SFTP server on the loopback interface, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        self.port = self._server.get_port()

    async def _start(self) -> Any:
        class Anybody(asyncssh.SSHServer):  # type: ignore[misc, name-defined]
            def begin_auth(self, username: str) -> bool:
                return False

        folder = str(self.folder).encode()
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Anybody,
            server_host_keys=[self.key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=folder),
        )

    async def _end(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    def stop(self) -> None:
        """End the server and its thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with nothing in it but an empty .ssh."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return folder


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[Server]:
    """The server, known to the user."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = Server(folder)
    known = server.key.export_public_key().decode().strip()
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {known}\n", encoding="utf-8")
    yield server
    server.stop()


def test_a_bag_is_sent_to_a_server_and_judged_there(server: Server, bag: Path) -> None:
    """Under another name first, read back, then given its name; damage there is found there."""
    address = f"sftp://me@127.0.0.1:{server.port}/shelf"
    receipt = ship_bag(bag, address, Order()).receipt
    assert receipt is not None
    assert {one.proof for one in receipt.files} == {"read back"}
    assert validate_bag(f"{address}/coral").verdict is Verdict.VALID
    (server.folder / "shelf/coral/data/raw/a.txt").write_bytes(b"CORAL " * 100)
    (server.folder / "shelf/coral/data/link").symlink_to("/etc/passwd")
    found = {(one.rule, one.path) for one in validate_bag(f"{address}/coral").findings}
    assert {("bag.file-changed", "data/raw/a.txt"), ("bag.irregular-file", "data/link")} <= found
    with pytest.raises(CannotFinish, match="holds something else already"):
        ship_bag(bag, address, Order())


def test_half_a_file_is_continued_on_the_server(server: Server, bag: Path) -> None:
    """Only what is missing goes over the wire."""
    folder = server.folder / "shelf/coral/data/raw"
    folder.mkdir(parents=True)
    (folder / f"a.txt{PARTIAL}").write_bytes(b"coral " * 50)
    address = f"sftp://me@127.0.0.1:{server.port}/shelf"
    assert ship_bag(bag, address, Order()).receipt is not None
    assert (folder / "a.txt").read_bytes() == b"coral " * 100


def test_a_file_that_appears_on_the_server_meanwhile_stays(
    server: Server, bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renaming of SFTP refuses a name that is taken."""
    theirs = server.folder / "shelf/coral/data/raw/a.txt"
    found = FileStore.find

    def blind(self: FileStore, name: str) -> Entry | None:
        seen = found(self, name)
        if name == "data/raw/a.txt" and seen is None:
            theirs.parent.mkdir(parents=True, exist_ok=True)
            theirs.write_bytes(b"theirs")
        return seen

    monkeypatch.setattr(FileStore, "find", blind)
    with pytest.raises(CannotFinish, match=r"a\.txt exists already and is never overwritten"):
        ship_bag(bag, f"sftp://me@127.0.0.1:{server.port}/shelf", Order())
    assert theirs.read_bytes() == b"theirs"


@pytest.mark.parametrize("link", ["shelf/coral", "shelf/coral/data"])
def test_links_on_a_server_are_not_written_through(server: Server, bag: Path, link: str) -> None:
    """What lies behind one is somebody else's, also with --replace."""
    elsewhere = server.folder / "elsewhere"
    for name in ("bagit.txt", "data/raw/z.txt", "raw/z.txt"):
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / name).write_bytes(b"precious")
    (server.folder / link).parent.mkdir(parents=True)
    (server.folder / link).symlink_to(elsewhere)
    (server.folder / "shelf/coral/bagit.txt").write_bytes(b"precious")
    before = sorted(path for path in elsewhere.rglob("*"))
    if link == "shelf/coral":
        with pytest.raises(CannotFinish, match="coral is a symbolic link, which is not followed"):
            ship_bag(bag, f"sftp://me@127.0.0.1:{server.port}/shelf", Order(replace=True))
    else:
        ship_bag(bag, f"sftp://me@127.0.0.1:{server.port}/shelf", Order(replace=True))
        assert validate_bag(server.folder / "shelf/coral").verdict is Verdict.VALID
    assert sorted(path for path in elsewhere.rglob("*")) == before


def test_a_server_whose_key_is_not_known_is_not_trusted(server: Server, bag: Path, home: Path) -> None:
    """Whoever answers could be anybody."""
    (home / ".ssh" / "known_hosts").write_text("", encoding="utf-8")
    with pytest.raises(CannotFinish, match=r"cannot be reached: .*[Hh]ost key"):
        validate_bag(f"sftp://me@127.0.0.1:{server.port}/coral")
