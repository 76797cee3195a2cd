"""Places where a bag must not be sent, and receipts that must not be written."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.remote.address import address_of, destination_of
from confocal_bag.remote.local import LocalStore
from confocal_bag.remote.store import Entry, Sending, open_store
from confocal_bag.ship import Form, Order, ship_bag
from confocal_bag.validate import validate_bag
from tests.bag.bags import make_bag
from tests.recording import Ran

Run = Callable[..., Ran]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A small valid bag in a folder of its own."""
    return make_bag(tmp_path / "shelf/coral", payload={"data/a.txt": b"alpha", "data/b.txt": b"beta"})


@pytest.mark.parametrize("options", [(), ("--replace",)])
def test_a_bag_is_not_sent_to_where_it_lies(
    bag: Path, run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """There would be one copy and a receipt of two."""
    monkeypatch.chdir(bag.parent)
    ran = run("ship", "coral", ".", *options)
    assert ran.code == 3
    assert "is the very file that is to be sent" in ran.err
    assert [one.name for one in bag.parent.iterdir()] == ["coral"]
    assert validate_bag(bag).verdict is Verdict.VALID


def test_nor_by_a_link_or_as_an_archive_or_by_hard_links(bag: Path, tmp_path: Path, run: Run) -> None:
    """Whatever leads to the same files."""
    (tmp_path / "link").symlink_to(bag.parent)
    assert "the very file" in run("ship", bag, tmp_path / "link").err
    archive = tmp_path / "coral.zip"
    assert run("pack", bag, archive).code == 0
    assert "the very file" in run("ship", archive, tmp_path).err
    for path in [one for one in bag.rglob("*") if one.is_file()]:
        there = tmp_path / "linked/coral" / path.relative_to(bag)
        there.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, there)
    assert "the very file" in run("ship", bag, tmp_path / "linked").err


def test_what_only_this_program_would_remember_gets_no_receipt(bag: Path, run: Run, memory: Any) -> None:
    """memory:// is gone when the program ends."""
    ran = run("ship", bag, "memory://shelf")
    assert (ran.code, ran.out) == (3, "")
    assert "is gone when it ends" in ran.err


def test_a_link_called_like_the_bag_is_not_followed(bag: Path, tmp_path: Path) -> None:
    """Neither written through nor, with --replace, cleared of what is not of the bag."""
    elsewhere, disk = tmp_path / "elsewhere", tmp_path / "disk"
    elsewhere.mkdir()
    disk.mkdir()
    (elsewhere / "bagit.txt").touch()
    (elsewhere / "x").write_text("precious", encoding="utf-8")
    (disk / "coral").symlink_to(elsewhere)
    with pytest.raises(CannotFinish, match="is a symbolic link, which is not followed"):
        ship_bag(bag, str(disk), Order(replace=True))
    assert sorted(one.name for one in elsewhere.iterdir()) == ["bagit.txt", "x"]


def test_each_question_to_a_folder_refuses_a_link(bag: Path, tmp_path: Path) -> None:
    """Listing, looking, sending and removing alike, of the folder itself and of one below it."""
    real, link, inner = tmp_path / "real", tmp_path / "link", tmp_path / "outer"
    real.mkdir()
    inner.mkdir()
    (real / "a.txt").write_bytes(b"alpha")
    link.symlink_to(real)
    (inner / "data").symlink_to(real)
    asked: list[Callable[[LocalStore, str], object]] = [
        lambda store, name: store.find(name),
        lambda store, name: store.send(Sending(path=bag / "data/a.txt", name=name, replace=True)),
        lambda store, name: store.remove(name),
    ]
    for root, name in ((link, "a.txt"), (inner, "data/a.txt")):
        for ask in asked:
            with pytest.raises(CannotFinish, match="is a symbolic link"):
                ask(LocalStore(destination_of(str(root.parent)).below(root.name)), name)
    with pytest.raises(CannotFinish, match="is a symbolic link"):
        list(LocalStore(destination_of(str(tmp_path)).below("link")).entries())
    assert (real / "a.txt").read_bytes() == b"alpha"


def test_a_link_in_the_way_of_a_folder_is_replaced_and_not_written_through(bag: Path, tmp_path: Path) -> None:
    """The payload of the bag goes into a folder of its own."""
    elsewhere, old = tmp_path / "elsewhere", make_bag(tmp_path / "disk/coral", payload={"data/z.txt": b"z"})
    (old / "data").rename(elsewhere)
    (old / "data").symlink_to(elsewhere)
    shipment = ship_bag(bag, str(tmp_path / "disk"), Order(replace=True))
    assert shipment.receipt is not None
    assert shipment.receipt.removed == ("data",)
    assert validate_bag(old).verdict is Verdict.VALID
    assert [one.name for one in elsewhere.iterdir()] == ["z.txt"]


def test_a_file_where_the_bag_belongs_is_said_to_be_one(bag: Path, tmp_path: Path) -> None:
    """And stays."""
    (tmp_path / "coral").write_text("f", encoding="utf-8")
    with pytest.raises(CannotFinish, match="coral is a file, and no folder can be made there"):
        ship_bag(bag, str(tmp_path), Order(replace=True))
    assert (tmp_path / "coral").read_text(encoding="utf-8") == "f"


def test_a_file_called_like_half_a_file_is_a_file_like_others(tmp_path: Path) -> None:
    """The second shipment finds it there."""
    bag = make_bag(tmp_path / "coral", payload={"data/x.confocal-bag-partial": b"alpha"})
    for is_sent in (True, False):
        receipt = ship_bag(bag, str(tmp_path / "disk")).receipt
        assert receipt is not None
        assert {one.sent for one in receipt.files} == {is_sent}
    assert validate_bag(tmp_path / "disk/coral").verdict is Verdict.VALID


def test_two_files_of_which_one_is_called_like_half_the_other_travel_as_an_archive(tmp_path: Path) -> None:
    """One would be written over by the other while it is sent."""
    bag = make_bag(tmp_path / "coral", payload={"data/x": b"alpha", "data/x.confocal-bag-partial": b"beta"})
    with pytest.raises(CannotFinish, match="send the bag as an archive"):
        ship_bag(bag, str(tmp_path / "disk"))
    assert ship_bag(bag, str(tmp_path / "disk"), Order(form=Form.TAR)).receipt is not None


def test_two_shipments_in_one_second_have_two_receipts(
    bag: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second does not replace the first."""
    from datetime import UTC, datetime

    import confocal_bag.ship.ship as module

    class Stopped(datetime):
        """Always the same moment."""

        @classmethod
        def now(cls, tz: Any = None) -> "Stopped":
            return cls(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    monkeypatch.setattr(module, "datetime", Stopped)
    for place in ("one", "two"):
        assert run("ship", bag, tmp_path / place).code == 0
    receipts = sorted(bag.parent.glob(".coral.shipped-20260102T030405Z*.txt"))
    assert [one.name[-6:] for one in receipts] == ["-2.txt", "5Z.txt"]
    assert {
        line for one in receipts for line in one.read_text(encoding="utf-8").splitlines() if "Destination" in line
    } == {f"Destination  {tmp_path / place / 'coral'}" for place in ("one", "two")}


def test_the_receipt_names_a_place_that_validate_opens(bag: Path, tmp_path: Path, run: Run) -> None:
    """A folder here is named by its path."""
    document = json.loads(run("ship", bag, tmp_path / "disk", "--format", "json").out)
    assert document["destination"] == str(tmp_path / "disk/coral")
    assert run("validate", document["destination"]).code == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://h/x", "https://h/x is no address of a store"),
        ("file:///x", "write the path itself: /x"),
        ("s3://shelf/a//b", "has an empty, . or .. part"),
        ("s3://shelf/../q", "has an empty, . or .. part"),
        ("sftp://host/a/./b", "has an empty, . or .. part"),
    ],
)
def test_addresses_that_mean_nothing_are_refused(bag: Path, run: Run, address: str, said: str) -> None:
    """As destinations and, as far as a path keeps them, as bags."""
    ran = run("ship", bag, address)
    assert ran.code == 3
    assert said in ran.err
    if "//b" not in address:
        assert said in run("validate", address).out + run("validate", address).err or "/./" in address


def test_a_slash_at_the_end_of_an_address_means_the_folder() -> None:
    """As it always did."""
    address = address_of("s3://shelf/a/")
    assert address is not None
    assert address.within == "a"


def test_a_library_that_is_missing_is_named() -> None:
    """By fsspec, for stores that we install nothing for."""
    with pytest.raises(CannotFinish, match="Please install gcsfs"):
        open_store(destination_of("gs://shelf"))


def test_a_file_that_appears_while_another_is_sent_stays(
    bag: Path, memory: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that looks only before it begins would overwrite it."""
    store = open_store(destination_of("memory://shelf"))
    found = type(store).find

    def appearing(self: Any, name: str) -> Entry | None:
        seen = found(self, name)
        if name.endswith("partial"):
            memory("/shelf/a.txt", b"theirs")
        return seen

    monkeypatch.setattr(type(store), "find", appearing)
    with pytest.raises(CannotFinish, match="exists already and is never overwritten"):
        store.send(Sending(path=bag / "data/a.txt", name="a.txt"))
    with store.open(Entry(name="a.txt", size=6)) as stream:
        assert stream.read() == b"theirs"


@pytest.mark.slow
def test_an_archive_that_a_killed_shipment_left_is_deleted_by_the_next(bag: Path, tmp_path: Path, run: Run) -> None:
    """It lies in a private folder, which is locked as long as its process lives."""
    code = (
        "import os, signal, sys; from pathlib import Path; import confocal_bag.ship.ship as s\n"
        "s.open_store = lambda place: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from confocal_bag.ship import Form, Order\n"
        "s.ship_bag(Path(sys.argv[1]), sys.argv[2], Order(form=Form.ZIP))\n"
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    died = subprocess.run(
        [sys.executable, "-c", code, bag, tmp_path / "disk"], env=environment, timeout=120, check=False
    )
    assert died.returncode == -signal.SIGKILL
    assert list(temporary.rglob("coral.zip"))
    done = subprocess.run(
        [sys.executable, "-m", "confocal_bag", "ship", bag, tmp_path / "disk", "--as", "zip"],
        env=environment,
        timeout=120,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not list(temporary.rglob("coral.zip"))
