"""A deposit in a store is fetched to a folder of its own, judged there, and leaves nothing behind."""

import json
from collections import namedtuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confocal_bag.findings import CannotFinish
from confocal_bag.remote.fetch import fetched
from confocal_bag.remote.s3 import S3Store
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.recording import Ran


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_deposit_is_fetched_whole_and_privately(s3: Any, tmp_path: Path, temporary: Path) -> None:
    """Every byte of it, for nobody else to read, and only as long as it is needed."""
    deposit = make.small_deposit(tmp_path / "deposit")
    s3.copy(deposit, "in/deposit")
    s3.put("in/deposit/empty/", b"")
    with fetched(Path("s3://shelf/in/deposit")) as there:
        assert there.name == "deposit"
        assert there.parent.stat().st_mode & 0o077 == 0
        seen = {path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()}
        assert (there / "empty").is_dir()
    assert seen == {path.relative_to(deposit): path.read_bytes() for path in deposit.rglob("*") if path.is_file()}
    assert not list(temporary.iterdir())


def test_a_deposit_in_one_file_is_fetched(s3: Any, temporary: Path) -> None:
    """A zip stays a zip."""
    s3.put("in/deposit.zip", b"PK")
    with fetched(Path("s3://shelf/in/deposit.zip")) as there:
        assert (there.name, there.read_bytes()) == ("deposit.zip", b"PK")


def test_a_path_on_this_machine_is_left_where_it_is(tmp_path: Path) -> None:
    """Nothing is copied."""
    with fetched(tmp_path) as there:
        assert there is tmp_path


@pytest.mark.parametrize("name", ["../escape", "a/../../escape", "/etc/passwd", "a//b", "x/"])
def test_a_name_that_leads_out_of_the_folder_is_refused_before_anything_is_fetched(
    s3: Any, temporary: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Hostile names are found in the listing."""
    s3.put("in/good", b"1")
    s3.put(f"in/{name}", b"2")
    monkeypatch.setattr(S3Store, "open", lambda self, entry: pytest.fail("something was fetched"))
    with pytest.raises(CannotFinish, match="cannot be fetched: its name"), fetched(Path("s3://shelf/in")):
        pass
    assert not list(temporary.iterdir())


def test_too_little_room_is_said_before_anything_is_fetched(
    s3: Any, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listing tells the size."""
    s3.put("in/a", bytes(1000))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(1, 1, 999))
    with pytest.raises(CannotFinish, match=r"takes 5,096 bytes, and .* has 999 left"), fetched(Path("s3://shelf/in")):
        pass


def test_a_deposit_in_a_bucket_is_inspected(
    s3: Any, tmp_path: Path, temporary: Path, run: "Callable[..., Ran]"
) -> None:
    """The report is that of the same deposit here, but for where it lies."""
    deposit = make.small_deposit(tmp_path / "deposit")
    s3.copy(deposit, "in/deposit")
    here = run("inspect", deposit, "--format", "json")
    there = run("inspect", "s3://shelf/in/deposit", "--format", "json")
    documents = [json.loads(ran.out) for ran in (here, there)]
    assert documents[1]["subject"] == "s3://shelf/in/deposit"
    assert [one["sha256"] for one in documents[1]["files"]] == [one["sha256"] for one in documents[0]["files"]]
    assert there.code == here.code
    assert not list(temporary.iterdir())


def test_a_bag_is_built_from_a_deposit_in_a_bucket(
    s3: Any, tmp_path: Path, temporary: Path, run: "Callable[..., Ran]"
) -> None:
    """The bag lies here; of the temporary folder it says nothing."""
    s3.copy(make.small_deposit(tmp_path / "deposit"), "in/deposit")
    bag = tmp_path / "bag"
    ran = run(
        "build",
        "s3://shelf/in/deposit",
        bag,
        "--draft",
        "--override-privacy",
        "testing without people",
        "--fail-on",
        "never",
    )
    assert ran.code == 0, ran.err
    written = (path for path in bag.rglob("*") if path.suffix in (".txt", ".json", ".jsonl", ".csv", ".xml"))
    texts = [path.read_bytes() for path in written]
    assert not any(str(temporary).encode() in text for text in texts)
