"""Bags written into archives: the same bytes every time, read back, and nothing left where that fails."""

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from confocal_bag.bag.archives import compression, serialize
from confocal_bag.bag.archives import writer as archive_writer
from confocal_bag.bag.archives.obstacles import serious
from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.bag.archives.unpack import unpack_bag
from confocal_bag.bag.digester import CHUNK_BYTES
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.writing.staging import staging_path
from confocal_bag.findings import CannotFinish, Verdict, verdict_of
from tests.bag.bags import make_bag, write

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
PAYLOAD = {
    "data/raw/scan 1.tif": bytes(range(256)) * 9000,
    "data/raw/é\nnew%0Aline.tif": b"II*\0",
    "data/zero": b"",
}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A bag with a tag folder, an empty folder and names that need care."""
    bag = make_bag(tmp_path / "bag", payload=PAYLOAD, tag_files={"letters/answer.txt": b"Yes\n"})
    (bag / "data/nothing/here").mkdir(parents=True)
    return bag


def contents(bag: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, and every folder."""
    return {path.relative_to(bag).as_posix(): None if path.is_dir() else path.read_bytes() for path in bag.rglob("*")}


def is_alone(folder: Path, *names: str) -> bool:
    """Whether the folder holds these names and nothing else, hidden or not."""
    return {path.name for path in folder.iterdir()} == set(names)


def names_in(archive: Path) -> list[str]:
    """The members in their order, as Python's own libraries read them."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
            return opened.namelist()
    with tarfile.open(archive) as tar:
        return [f"{one.name}/" if one.isdir() else one.name for one in tar]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_packed_bag_comes_back_byte_for_byte(bag: Path, tmp_path: Path, ending: str) -> None:
    """Folders without files included; the archive is valid as it lies there."""
    archive = tmp_path / f"bag{ending}"
    fixity = serialize_bag(bag, archive)
    assert fixity.size == archive.stat().st_size
    assert fixity.digests["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert fixity.digests["sha512"] == hashlib.sha512(archive.read_bytes()).hexdigest()
    assert verdict_of(check_bag(archive).findings) is Verdict.VALID_WITH_WARNINGS  # the empty folder
    (tmp_path / "out").mkdir()
    assert unpack_bag(archive, tmp_path / "out") == tmp_path / "out/bag"
    assert contents(tmp_path / "out/bag") == contents(bag)
    assert is_alone(tmp_path / "out", "bag")
    assert is_alone(tmp_path, "bag", f"bag{ending}", "out")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_bag_gives_the_same_bytes(bag: Path, tmp_path: Path, ending: str) -> None:
    """Whatever the times and permissions of the files, the order they were made in, and the archive's place."""
    twin = tmp_path / "elsewhere/bag"
    for name, content in reversed(contents(bag).items()):
        (twin / name).mkdir(parents=True, exist_ok=True) if content is None else write(twin / name, content)
    for path in twin.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    one = serialize_bag(bag, tmp_path / f"bag{ending}")
    other = serialize_bag(twin, tmp_path / f"other{ending}")
    assert one == other


def test_the_bytes_of_a_tar_do_not_depend_on_who_makes_it(tmp_path: Path) -> None:
    """The digest is written down here: another version of Python, or of this program, has to give the same one."""
    bag = make_bag(tmp_path / "bag", payload={"data/é" * 30: b"x", "data/a": b"alpha"})
    fixity = serialize_bag(bag, tmp_path / "bag.tar")
    assert fixity.digests["sha256"] == "bac9ed5d229cca570110fe08f8c6c1720b1e83338ab210c8ff12a3663adf466c"


@pytest.mark.parametrize("ending", ENDINGS)
def test_there_is_one_folder_and_the_declaration_comes_first(bag: Path, tmp_path: Path, ending: str) -> None:
    """Then the tag files, then the payload, each by the bytes of their names."""
    serialize_bag(bag, tmp_path / f"bag{ending}")
    assert names_in(tmp_path / f"bag{ending}") == [
        "bag/bagit.txt",
        "bag/bag-info.txt",
        "bag/letters/answer.txt",
        "bag/manifest-sha512.txt",
        "bag/tagmanifest-sha512.txt",
        "bag/data/nothing/here/",
        "bag/data/raw/scan 1.tif",
        "bag/data/raw/é\nnew%0Aline.tif",
        "bag/data/zero",
    ]


def test_every_member_has_the_same_time_owner_and_permissions(bag: Path, tmp_path: Path) -> None:
    """The earliest time that a zip can hold, and nobody's name."""
    serialize_bag(bag, tmp_path / "bag.zip")
    serialize_bag(bag, tmp_path / "bag.tar")
    with zipfile.ZipFile(tmp_path / "bag.zip") as opened:
        marks = {(one.date_time, one.create_system, oct(one.external_attr >> 16)) for one in opened.infolist()}
    assert marks == {((1980, 1, 1, 0, 0, 0), 3, "0o100644"), ((1980, 1, 1, 0, 0, 0), 3, "0o40755")}
    with tarfile.open(tmp_path / "bag.tar") as tar:
        owners = {(one.mtime, one.uid, one.gid, one.uname, one.gname, oct(one.mode)) for one in tar}
    assert owners == {(315532800, 0, 0, "", "", "0o644"), (315532800, 0, 0, "", "", "0o755")}


@pytest.mark.parametrize(
    ("tool", "ending"), [(("unzip", "-tqq"), ".zip"), (("tar", "tf"), ".tar"), (("tar", "tzf"), ".tar.gz")]
)
def test_other_tools_read_the_archives(bag: Path, tmp_path: Path, tool: tuple[str, str], ending: str) -> None:
    """The tools that every archive has find nothing wrong."""
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    serialize_bag(bag, tmp_path / f"bag{ending}")
    ran = subprocess.run([*tool, tmp_path / f"bag{ending}"], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0")
_NAMES = st.text(_LETTERS, min_size=1, max_size=20).filter(lambda name: name not in (".", "..") and name[0] != "~")
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map(lambda parts: "data/" + "/".join(parts))


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(payload=st.dictionaries(_PATHS, st.binary(max_size=40), max_size=5), ending=st.sampled_from(ENDINGS))
def test_hostile_names_come_back_as_they_were(payload: dict[str, bytes], ending: str) -> None:
    """Any Unicode name but those with a backslash: blanks, line ends, control characters, percent signs."""
    assume(not any(one != other and other.startswith(f"{one}/") for one in payload for other in payload))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bag = make_bag(root / "bag", payload=payload)
        assume(not serious(check_bag(bag).findings))
        (root / "out").mkdir()
        first = serialize_bag(bag, root / f"bag{ending}")
        assert serialize_bag(bag, root / f"again{ending}") == first
        assert contents(unpack_bag(root / f"bag{ending}", root / "out")) == contents(bag)


@pytest.mark.parametrize("ending", [".tar", ".tar.gz"])
def test_a_name_that_is_not_unicode_fits_in_a_tar_only(tmp_path: Path, ending: str) -> None:
    """The bag stores such a name as a tag file, which no manifest needs to list."""
    bag = make_bag(tmp_path / "bag")
    write(bag / os.fsdecode(b"notes/\xff\xfe.txt"), b"old disk")
    with pytest.raises(CannotFinish, match=r"xff\\xfe.txt is not Unicode, which a zip cannot hold; use .tar"):
        serialize_bag(bag, tmp_path / "bag.zip")
    serialize_bag(bag, tmp_path / f"bag{ending}")
    (tmp_path / "out").mkdir()
    assert contents(unpack_bag(tmp_path / f"bag{ending}", tmp_path / "out")) == contents(bag)


def test_a_backslash_in_a_name_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """Some systems would unpack such a member into another folder."""
    bag = make_bag(tmp_path / "bag", payload={"data/a\\b": b"x"})
    with pytest.raises(CannotFinish, match="backslash"):
        serialize_bag(bag, tmp_path / "bag.zip")
    assert is_alone(tmp_path, "bag")


def test_many_members_and_large_ones_get_zip64_records(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits lowered so that a small bag crosses them; the reader knows nothing of that."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    serialize_bag(bag, tmp_path / "bag.zip", verify=False)
    monkeypatch.undo()
    packed = (tmp_path / "bag.zip").read_bytes()
    assert b"PK\x06\x06" in packed
    assert verdict_of(check_bag(tmp_path / "bag.zip").findings) is Verdict.VALID_WITH_WARNINGS
    names_in(tmp_path / "bag.zip")
    if shutil.which("unzip"):
        ran = subprocess.run(["unzip", "-tqq", tmp_path / "bag.zip"], capture_output=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_member_beyond_the_limits_of_plain_tar_gets_an_extended_header() -> None:
    """Eight gibibytes and more: only the header is looked at."""
    member = archive_writer.Packed(name="bag/data/big", size=9 << 30, chunks=iter(()))
    header = archive_writer._tar_header(member)
    assert f"size={9 << 30}".encode() in header
    assert tarfile.TarInfo.frombuf(header[-512:], "utf-8", "strict").name == "bag/data/big"


@pytest.mark.slow
def test_packing_takes_no_more_memory_for_a_large_file(tmp_path: Path) -> None:
    """256 MB of payload, 100 MB of room beyond what the interpreter has already taken."""
    program = """
import resource, sys
from pathlib import Path
from confocal_bag.bag.archives.serialize import serialize_bag
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
serialize_bag(Path(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    bag = make_bag(tmp_path / "bag", payload={"data/large": bytes(256 << 20)})
    for ending in (".tar", ".tar.gz"):
        command = [sys.executable, "-c", program, str(bag), str(tmp_path / f"bag{ending}")]
        grown = int(subprocess.run(command, capture_output=True, check=True).stdout)
        assert grown < 100 * 1024


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bag.7z", r"ends in \.zip, \.tar, \.tar\.gz or \.tar\.zst"),
        ("bag/bag.zip", "would lie in the bag itself"),
        ("absent/bag.zip", "does not exist"),
    ],
)
def test_a_place_where_no_archive_can_be_is_refused(bag: Path, tmp_path: Path, name: str, sentence: str) -> None:
    """With a sentence, and without a trace in the bag."""
    before = contents(bag)
    with pytest.raises(CannotFinish, match=sentence):
        serialize_bag(bag, tmp_path / name)
    assert contents(bag) == before
    assert is_alone(tmp_path, "bag")


def test_an_archive_is_never_replaced(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that is there at the start, nor one that appears meanwhile, with or without hard links."""
    archive = write(tmp_path / "bag.zip", b"precious")
    with pytest.raises(CannotFinish, match="exists already and is never overwritten"):
        serialize_bag(bag, archive)
    archive.unlink()
    monkeypatch.setattr(serialize, "_read_back", lambda *_: write(archive, b"precious"))
    with pytest.raises(CannotFinish, match="exists already and is never overwritten"):
        serialize_bag(bag, archive)
    archive.unlink()
    monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(CannotFinish, match="exists already and is never overwritten"):
        serialize_bag(bag, archive)
    assert archive.read_bytes() == b"precious"
    assert is_alone(tmp_path, "bag", "bag.zip")


def _no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_file_system_without_hard_links_gets_the_archive_too(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a rename, after a look at the name."""
    monkeypatch.setattr(os, "link", _no_links)
    serialize_bag(bag, tmp_path / "bag.tar")
    assert is_alone(tmp_path, "bag", "bag.tar")


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
@pytest.mark.parametrize("change", ["longer", "shorter", "touched"])
def test_a_file_that_changes_meanwhile_is_noticed(bag: Path, tmp_path: Path, change: str, ending: str) -> None:
    """Its size, or only its time, between the first chunk and the last."""
    large = bag / "data/raw/scan 1.tif"
    content = large.read_bytes()

    def meddle(count: int) -> None:
        if count == CHUNK_BYTES:
            large.write_bytes({"longer": content + b"!", "shorter": content[:-1], "touched": content}[change])
            os.utime(large, (7, 7))

    with pytest.raises(CannotFinish, match="changed while it was being packed"):
        serialize_bag(bag, tmp_path / f"bag{ending}", on_bytes=meddle)
    assert is_alone(tmp_path, "bag")


def test_links_pipes_and_folders_that_are_no_bag_are_refused(bag: Path, tmp_path: Path) -> None:
    """Nothing is followed, waited for or packed."""
    link = bag / "data/link"
    link.symlink_to("zero")
    with pytest.raises(CannotFinish, match="symbolic link"):
        serialize_bag(bag, tmp_path / "bag.zip")
    link.unlink()
    os.mkfifo(link)
    with pytest.raises(CannotFinish, match="named pipe"):
        serialize_bag(bag, tmp_path / "bag.zip")
    link.unlink()
    (bag / "bagit.txt").unlink()
    with pytest.raises(CannotFinish, match=r"no bagit\.txt"):
        serialize_bag(bag, tmp_path / "bag.zip")
    with pytest.raises(CannotFinish, match="not a folder"):
        serialize_bag(bag / "data/zero", tmp_path / "bag.zip")
    assert is_alone(tmp_path, "bag")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_an_invalid_bag_leaves_no_archive(bag: Path, tmp_path: Path, ending: str) -> None:
    """What was written is read back before it gets its name."""
    (bag / "data/zero").write_bytes(b"no longer")
    with pytest.raises(CannotFinish, match=r"no valid bag: .*data/zero"):
        serialize_bag(bag, tmp_path / f"bag{ending}")
    assert is_alone(tmp_path, "bag")
    serialize_bag(bag, tmp_path / f"bag{ending}", verify=False)
    assert is_alone(tmp_path, "bag", f"bag{ending}")


def test_a_file_lost_on_the_way_is_noticed(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that no manifest lists, so that the archive is a valid bag without it."""
    write(bag / "unlisted.txt", b"a tag file")
    ordered = serialize._order
    monkeypatch.setattr(serialize, "_order", lambda listing: [n for n in ordered(listing) if n != "unlisted.txt"])
    with pytest.raises(CannotFinish, match="does not hold the files of the bag"):
        serialize_bag(bag, tmp_path / "bag.zip")
    assert is_alone(tmp_path, "bag")


def test_a_bag_to_be_completed_is_packed_and_unpacked(tmp_path: Path) -> None:
    """It lacks nothing but what fetch.txt names; a small archive that is completed later."""
    bag = make_bag(tmp_path / "bag", fetch=["https://example.org/a 6 data/a.txt"])
    (bag / "data/a.txt").unlink()
    serialize_bag(bag, tmp_path / "bag.zip")
    (tmp_path / "out").mkdir()
    assert contents(unpack_bag(tmp_path / "bag.zip", tmp_path / "out")) == contents(bag)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write beyond a size, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
def test_a_full_disk_leaves_nothing(bag: Path, tmp_path: Path, ending: str) -> None:
    """One sentence, no archive, no leftovers; afterwards the same call works."""
    with (
        no_file_larger_than(3000),
        pytest.raises(CannotFinish, match=rf"bag{ending} cannot be written \(File too large\)"),
    ):
        serialize_bag(bag, tmp_path / f"bag{ending}")
    assert is_alone(tmp_path, "bag")
    serialize_bag(bag, tmp_path / f"bag{ending}")


def test_what_a_killed_run_left_is_removed_by_the_next(bag: Path, tmp_path: Path) -> None:
    """The unfinished archive lies in the hidden folder that the next run takes over."""
    write(staging_path(tmp_path / "bag.zip") / "bag/bag.zip", b"half an archive")
    serialize_bag(bag, tmp_path / "bag.zip")
    assert is_alone(tmp_path, "bag", "bag.zip")


def test_zstandard_is_asked_for_where_no_library_is(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written, and when such an archive is opened."""
    monkeypatch.setattr(compression, "_ZSTD_MODULES", ("confocal_bag.no_such_library",))
    with pytest.raises(CannotFinish, match=r"Zstandard archives .* need a library"):
        serialize_bag(bag, tmp_path / "bag.tar.zst")
    assert is_alone(tmp_path, "bag")
    with pytest.raises(CannotFinish, match=r"Zstandard archives .* need a library"):
        check_bag(write(tmp_path / "bag.tar.zst", b"\x28\xb5\x2f\xfd rest"))


def test_a_zstandard_archive_is_like_the_others(bag: Path, tmp_path: Path) -> None:
    """Same bytes every time, read in stream, unpacked, and its damage is found, were it in the last bytes only."""
    archive = tmp_path / "bag.tar.zst"
    assert serialize_bag(bag, archive) == serialize_bag(bag, tmp_path / "again.tar.zst")
    (tmp_path / "out").mkdir()
    assert contents(unpack_bag(archive, tmp_path / "out")) == contents(bag)
    packed = archive.read_bytes()
    for spoilt in (packed[: len(packed) // 2], packed[:-2], packed[:-5] + bytes([packed[-5] ^ 1]) + packed[-4:]):
        archive.write_bytes(spoilt)
        assert verdict_of(check_bag(archive).findings) is Verdict.INVALID
