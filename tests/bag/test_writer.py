"""The bag writer: what it writes is valid, and what it cannot finish is not there."""

import errno
import hashlib
import os
import resource
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confocal_bag.bag.bag_info import parse_bag_info
from confocal_bag.bag.manifest import parse_manifest
from confocal_bag.bag.paths import nfc
from confocal_bag.bag.writing.staging import staging_path
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.findings import CannotFinish

BAG_INFO = [("Source-Organization", "Test Lab"), ("Contact-Name", "Ada"), ("Contact-Name", "Grace")]


def make_bag(destination: Path, files: dict[str, bytes], *, algorithms: tuple[str, ...] = ("sha256", "sha512")) -> Path:
    """A sealed bag of these payload and tag files."""
    with BagWriter(destination, algorithms=algorithms) as writer:
        for target, content in files.items():
            writer.write(target, content)
        return writer.seal(BAG_INFO)


def listed(bag: Path, name: str) -> dict[str, str]:
    """The paths and digests in one manifest of a bag."""
    found = parse_manifest((bag / name).read_bytes())
    assert not found.problems
    return {entry.path: entry.digest for entry in found.entries}


def assert_the_library_agrees(bag: Path) -> None:
    """The Library of Congress library finds every checksum right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bagit, about its own use of codecs
        bagit.Bag(os.fspath(bag)).validate()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder in which a test may make bags."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A file of a depositor, older than today."""
    path = tmp_path / "scan.czi"
    path.write_bytes(b"ZISRAWFILE" * 1000)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    return path


def test_a_bag_with_copied_written_and_adopted_files_is_valid(shelf: Path, scan: Path) -> None:
    """All three ways into the bag end up in manifests that the bagit library confirms."""
    with BagWriter(shelf / "bag") as writer:
        copied = writer.copy(scan, "data/raw/scan.czi")
        writer.write("data/readme/README.txt", b"Read me\n")
        writer.place("data/transformed/deep/er/scan.ome.tif").write_bytes(b"II*\0")
        adopted = writer.adopt("data/transformed/deep/er/scan.ome.tif")
        writer.write("letters/answer.txt", b"a tag file\n")
        sealed = writer.seal(BAG_INFO)
    assert sealed == shelf / "bag"
    assert copied.digests["sha512"] == hashlib.sha512(scan.read_bytes()).hexdigest()
    assert adopted.size == 4
    assert_the_library_agrees(sealed)
    assert set(listed(sealed, "manifest-sha256.txt")) == {
        "data/raw/scan.czi",
        "data/readme/README.txt",
        "data/transformed/deep/er/scan.ome.tif",
    }
    assert set(listed(sealed, "tagmanifest-sha512.txt")) == {
        "bag-info.txt",
        "bagit.txt",
        "letters/answer.txt",
        "manifest-sha256.txt",
        "manifest-sha512.txt",
    }
    assert sorted(path.name for path in shelf.iterdir()) == ["bag"]


def test_the_copy_keeps_the_time_and_the_source_stays_as_it_was(shelf: Path, scan: Path) -> None:
    """A depositor's file is only read; its copy carries its modification time."""
    before = scan.stat()
    with BagWriter(shelf / "bag") as writer:
        writer.copy(scan, "data/raw/scan.czi")
        bag = writer.seal([])
    assert (scan.stat().st_mtime_ns, scan.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (bag / "data/raw/scan.czi").stat().st_mtime_ns == before.st_mtime_ns


def test_bag_info_keeps_order_and_repeats_and_gets_the_computed_labels(shelf: Path) -> None:
    """Given fields come first, as given; Bagging-Date, Payload-Oxum and Bag-Size follow."""
    bag = make_bag(shelf / "bag", {"data/a": b"12345", "data/b": b"678", "x.txt": b"not payload"})
    fields = list(parse_bag_info((bag / "bag-info.txt").read_bytes(), "utf-8").fields)
    assert fields[:3] == BAG_INFO
    assert [label for label, _ in fields[3:]] == ["Bagging-Date", "Payload-Oxum", "Bag-Size"]
    assert dict(fields)["Payload-Oxum"] == "8.2"
    assert dict(fields)["Bag-Size"] == "8 B"


def test_a_computed_label_that_is_given_is_not_added_again(shelf: Path) -> None:
    """The labels are compared without regard to case."""
    with BagWriter(shelf / "bag") as writer:
        bag = writer.seal([("bagging-date", "2020-02-02"), ("Bag-Size", "tiny")])
    fields = parse_bag_info((bag / "bag-info.txt").read_bytes(), "utf-8").fields
    assert fields == (("bagging-date", "2020-02-02"), ("Bag-Size", "tiny"), ("Payload-Oxum", "0.0"))


def test_a_wrong_payload_oxum_is_refused(shelf: Path) -> None:
    """A caller cannot seal a bag that contradicts itself."""
    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        with pytest.raises(ValueError, match="Payload-Oxum"):
            writer.seal([("Payload-Oxum", "2.1")])
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_400, "12.4 kB"), (999_900, "1 MB")]
)
def test_the_bag_size_is_readable(shelf: Path, size: int, said: str) -> None:
    """Powers of ten, three digits."""
    bag = make_bag(shelf / "bag", {"data/a": bytes(size)})
    assert ("Bag-Size", said) in parse_bag_info((bag / "bag-info.txt").read_bytes(), "utf-8").fields


def test_an_empty_payload_still_gets_its_manifests(shelf: Path) -> None:
    """A bag without payload files has data/ and an empty manifest for each algorithm."""
    bag = make_bag(shelf / "bag", {})
    assert (bag / "data").is_dir()
    assert (bag / "manifest-sha512.txt").read_bytes() == b""
    assert_the_library_agrees(bag)


def test_folders_without_files_are_not_left_in_the_bag(shelf: Path) -> None:
    """BagIt lists files only; a placed file that was never written leaves no folder."""
    with BagWriter(shelf / "bag") as writer:
        writer.place("data/transformed/never/written.tif")
        writer.write("data/raw/a", b"")
        bag = writer.seal([])
    assert [path.name for path in (bag / "data").iterdir()] == ["raw"]


@pytest.mark.parametrize("algorithms", [("md5",), ("SHA-512", "sha512"), ("sha1", "sha224", "sha384")])
def test_the_algorithms_asked_for_are_used(shelf: Path, algorithms: tuple[str, ...]) -> None:
    """Names are spelled the BagIt way, once each."""
    bag = make_bag(shelf / "bag", {"data/a": b"a"}, algorithms=algorithms)
    names = {name.lower().replace("-", "") for name in algorithms}
    assert {path.name for path in bag.glob("*manifest-*")} == {
        f"{kind}-{name}.txt" for name in names for kind in ("manifest", "tagmanifest")
    }
    assert_the_library_agrees(bag)


def test_an_unknown_algorithm_is_refused_before_anything_is_made(shelf: Path) -> None:
    """The sentence names the algorithm; no algorithm at all is a mistake of the caller."""
    with pytest.raises(CannotFinish, match="crc32"):
        BagWriter(shelf / "bag", algorithms=("crc32",))
    with pytest.raises(ValueError, match="at least one"):
        BagWriter(shelf / "bag", algorithms=())


HARD_NAMES = [
    "100%.tif",
    "%0A.tif",
    "%25.tif",
    "a\nb\nc\nd.tif",
    "a\rb.tif",
    "a\r\nb.tif",
    "ends in a blank ",
    " begins with a blank",
    "ends in a tab\t",
    "*star.tif",
    "#hash.tif",
    "~tilde.tif",
    "two  blanks.tif",
    "back\\slash.tif",
    "line\u2028separator.tif",
    "next\x85line.tif",
    "vertical\x0btab.tif",
    "file\x1cseparator.tif",
    "Gro\u00df\u00e9.tif",
    "Nfd-e\u0301.tif",
    "\U0001f52c.tif",
    "\u202eright-to-left.tif",
    "'quotes\".tif",
    ".hidden",
    "..two-dots",
    "tagmanifest-md5.txt",
    "x" * 250,
]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_hard_name_is_listed_so_that_it_reads_back_the_same(shelf: Path, name: str) -> None:
    """RFC 8493 2.1.3: LF, CR and % are encoded, everything else stands as it is."""
    bag = make_bag(shelf / "bag", {f"data/raw/{name}": b"x", f"data/{name}/inside": b"y"})
    assert set(listed(bag, "manifest-sha512.txt")) == {f"data/raw/{name}", f"data/{name}/inside"}
    assert (bag / "data/raw" / name).read_bytes() == b"x"


def test_the_library_confirms_every_name_it_can_read(shelf: Path) -> None:
    """The hard names that bagit 1.9 does not stumble over, in one bag, checksums and all."""
    beyond_it = "%\n\r\u2028\x85\x0b\x1c"
    names = [name for name in HARD_NAMES if name == name.strip() and not set(beyond_it) & set(name)]
    names.remove("Nfd-e\u0301.tif")
    assert len(names) > 10
    assert_the_library_agrees(make_bag(shelf / "bag", {f"data/{name}": name.encode() for name in names}))


component = st.text(
    st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(names=st.lists(component, min_size=1, max_size=4, unique_by=lambda name: nfc(nfc(name).casefold())))
def test_any_name_survives_the_manifest(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Whatever names a depositor uses are listed exactly, with the digests of their bytes."""
    files = {f"data/raw/{name}": name.encode() for name in names}
    bag = make_bag(tmp_path_factory.mktemp("any") / "bag", files)
    assert listed(bag, "manifest-sha256.txt") == {
        target: hashlib.sha256(content).hexdigest() for target, content in files.items()
    }


@pytest.mark.parametrize(
    "target",
    [
        "",
        "data",
        "/data/a",
        "data/../a",
        "../a",
        "data//a",
        "data/./a",
        "./data/a",
        "data/a/",
        "data/a\0b",
        "data\\..\\..\\a",
        "C:/a",
        "~/a",
        "bagit.txt",
        "BagIt.txt",
        "bag-info.txt",
        "fetch.txt",
        "manifest-md5.txt",
        "tagmanifest-sha512.txt",
    ],
)
def test_a_target_no_bag_may_hold_is_a_mistake_of_the_caller(shelf: Path, target: str) -> None:
    """Such a path would leave the bag, or is one the writer makes itself."""
    with BagWriter(shelf / "bag") as writer:
        with pytest.raises(ValueError, match="cannot be a file of a bag"):
            writer.write(target, b"")
        bag = writer.seal([])
    assert sorted(path.name for path in shelf.iterdir()) == ["bag"]
    assert listed(bag, "manifest-sha512.txt") == {}


def test_a_name_that_is_not_utf8_is_refused_with_its_bytes(shelf: Path, scan: Path) -> None:
    """A UTF-8 manifest cannot name it, so the depositor must rename it."""
    with (
        BagWriter(shelf / "bag") as writer,
        pytest.raises(CannotFinish, match=r"caf\\xe9\.czi is not UTF-8"),
    ):
        writer.copy(scan, os.fsdecode(b"data/raw/caf\xe9.czi"))
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("data/raw/Scan.tif", "data/raw/scan.tif"),
        ("data/raw/\u00e9.tif", "data/raw/e\u0301.tif"),
        ("data/raw/\u00c9.tif", "data/raw/e\u0301.tif"),
        ("data/Raw/a.tif", "data/raw/a.tif"),
        ("data/raw", "data/raw/a.tif"),
        ("data/raw/a.tif", "data/Raw"),
    ],
)
def test_names_that_some_systems_confuse_are_refused(shelf: Path, first: str, second: str) -> None:
    """Case, Unicode form, and a file where another has its folder."""
    with BagWriter(shelf / "bag") as writer:
        writer.write(first, b"1")
        with pytest.raises(CannotFinish, match="one name on some systems"):
            writer.write(second, b"2")


def test_a_target_given_twice_is_a_mistake_of_the_caller(shelf: Path) -> None:
    """And the first file stays."""
    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        with pytest.raises(ValueError, match="already"):
            writer.write("data/a", b"2")
        bag = writer.seal([])
    assert (bag / "data/a").read_bytes() == b"1"


def test_a_target_is_free_again_after_a_copy_that_failed(shelf: Path, tmp_path: Path, scan: Path) -> None:
    """A caller may leave out an unreadable file, or take it from elsewhere, and still seal a valid bag."""
    with BagWriter(shelf / "bag") as writer:
        with pytest.raises(CannotFinish):
            writer.copy(tmp_path / "gone.czi", "data/raw/scan.czi")
        writer.copy(scan, "data/raw/scan.czi")
        bag = writer.seal([])
    assert_the_library_agrees(bag)


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link", "empty folder"])
def test_an_existing_destination_is_never_touched(shelf: Path, kind: str) -> None:
    """Whatever is there stays, and no staging folder appears beside it."""
    destination = shelf / "bag"
    if kind == "file":
        destination.write_text("precious")
    elif kind == "dangling link":
        destination.symlink_to("nowhere")
    else:
        destination.mkdir()
        if kind == "folder":
            (destination / "precious").touch()
    with pytest.raises(CannotFinish, match="exists already"), BagWriter(destination):
        pass
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_a_destination_that_appears_meanwhile_is_not_replaced(shelf: Path) -> None:
    """Even an empty folder made by somebody else while the bag was filled."""
    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        (shelf / "bag").mkdir()
        with pytest.raises(CannotFinish, match="exists already"):
            writer.seal([])
    assert [path.name for path in shelf.iterdir()] == ["bag"]
    assert list((shelf / "bag").iterdir()) == []


def test_a_missing_parent_is_refused_and_not_made(shelf: Path) -> None:
    """A mistyped destination must not create a tree of folders."""
    with pytest.raises(CannotFinish, match="does not exist"), BagWriter(shelf / "no" / "bag"):
        pass
    assert list(shelf.iterdir()) == []


def test_an_unwritable_parent_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's word for it is in the sentence."""

    def refuse(self: Path, *args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with (
        pytest.raises(CannotFinish, match=r"cannot be written \(Permission denied"),
        BagWriter(shelf / "bag"),
    ):
        pass


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, CannotFinish])
def test_leaving_by_an_error_leaves_nothing(shelf: Path, scan: Path, error: type[BaseException]) -> None:
    """Neither the bag nor its staging folder, also after an interrupt from the keyboard."""

    def fill_and_stop() -> None:
        with BagWriter(shelf / "bag") as writer:
            writer.copy(scan, "data/raw/scan.czi")
            raise error("stop")

    with pytest.raises(error, match="stop"):
        fill_and_stop()
    assert list(shelf.iterdir()) == []


def test_leaving_without_seal_leaves_nothing(shelf: Path) -> None:
    """A caller that decides against the bag simply leaves."""
    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        assert staging_path(shelf / "bag").is_dir()
        assert not (shelf / "bag").exists()
    assert list(shelf.iterdir()) == []


def test_the_check_sees_the_finished_bag_and_can_refuse_it(shelf: Path) -> None:
    """It gets a valid bag under its temporary path; when it raises, there is no bag."""
    seen = []

    def check(bag: Path) -> None:
        assert_the_library_agrees(bag)
        seen.append(bag)
        raise CannotFinish("not good enough")

    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        with pytest.raises(CannotFinish, match="not good enough"):
            writer.seal(BAG_INFO, check=check)
    assert seen
    assert list(shelf.iterdir()) == []


def test_a_bag_is_sealed_once_and_then_closed(shelf: Path) -> None:
    """Nothing can be added to a bag that has its name."""
    with BagWriter(shelf / "bag") as writer:
        writer.seal([])
        with pytest.raises(ValueError, match="once"):
            writer.seal([])
        with pytest.raises(ValueError, match="after the bag was sealed"):
            writer.write("data/late", b"")


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write beyond a size, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("way", ["copy", "write", "seal"])
def test_a_failed_write_ends_with_a_sentence_and_no_bag(shelf: Path, scan: Path, way: str) -> None:
    """Wherever the disk gives up: while copying, while writing, while the manifests are written."""
    with BagWriter(shelf / "bag") as writer:
        steps: dict[str, Callable[[], object]] = {
            "copy": lambda: writer.copy(scan, "data/raw/scan.czi"),
            "write": lambda: writer.write("data/raw/scan.czi", bytes(101)),
            "seal": lambda: writer.seal([]),
        }
        if way == "seal":
            writer.write("data/raw/scan.czi", b"")
            writer.write("data/raw/other.czi", b"")
        with no_file_larger_than(100), pytest.raises(CannotFinish, match=r"cannot be written|no space"):
            steps[way]()
    assert list(shelf.iterdir()) == []


def test_a_name_too_long_for_the_disk_ends_with_a_sentence(shelf: Path) -> None:
    """Not with a trace, and the rest of the bag can go on."""
    with BagWriter(shelf / "bag") as writer:
        for target in (f"data/{'x' * 300}", f"data/{'x' * 300}/a", f"data/{'x' * 300}/a"):
            with pytest.raises(CannotFinish, match="cannot be written"):
                writer.write(target, b"")
        assert_the_library_agrees(writer.seal([]))


def test_a_destination_with_the_longest_possible_name_works(shelf: Path) -> None:
    """The staging folder must not need a longer name than the bag."""
    bag = make_bag(shelf / ("b" * 255), {"data/a": b"1"})
    assert_the_library_agrees(bag)
    assert list(shelf.iterdir()) == [bag]


def test_a_file_that_nobody_announced_stops_the_seal(shelf: Path) -> None:
    """A converter's forgotten temporary file would make the bag invalid."""
    with BagWriter(shelf / "bag") as writer:
        path = writer.place("data/raw/scan.tif")
        path.write_bytes(b"1")
        path.with_suffix(".tmp").write_bytes(b"2")
        writer.adopt("data/raw/scan.tif")
        with pytest.raises(CannotFinish, match=r"data/raw/scan\.tmp"):
            writer.seal([])
    assert list(shelf.iterdir()) == []


def test_a_placed_file_that_was_written_but_not_adopted_stops_the_seal(shelf: Path) -> None:
    """It would be missing from the manifests."""
    with BagWriter(shelf / "bag") as writer:
        writer.place("data/a").write_bytes(b"1")
        with pytest.raises(ValueError, match="not adopted"):
            writer.seal([])


def test_a_file_changed_after_it_was_hashed_stops_the_seal(shelf: Path) -> None:
    """Same length, other bytes; a new time alone is no reason to stop."""
    with BagWriter(shelf / "bag") as writer:
        path = writer.place("data/a")
        path.write_bytes(b"1")
        writer.adopt("data/a")
        os.utime(path, (1, 1))
        writer._contents.compare_with_disk(())
        path.write_bytes(b"2")
        with pytest.raises(CannotFinish, match="changed in the unfinished bag"):
            writer.seal([])
    assert list(shelf.iterdir()) == []


def test_a_file_that_vanished_stops_the_seal(shelf: Path) -> None:
    """The manifest would promise a file that is not there."""
    with BagWriter(shelf / "bag") as writer:
        path = writer.place("data/a")
        path.write_bytes(b"1")
        writer.adopt("data/a")
        path.unlink()
        with pytest.raises(CannotFinish, match="changed"):
            writer.seal([])


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_links_and_pipes_do_not_get_into_the_bag(shelf: Path, scan: Path, kind: str) -> None:
    """Neither announced nor unannounced."""
    with BagWriter(shelf / "bag") as writer:
        path = writer.place("data/a")
        path.symlink_to(scan) if kind == "link" else os.mkfifo(path)
        with pytest.raises(CannotFinish, match="not a regular file"):
            writer.adopt("data/a")
        with pytest.raises(CannotFinish, match="link, pipe or device"):
            writer.copy(path, "data/b")
    with BagWriter(shelf / "bag") as writer:
        (writer.place("data/a").parent / "stray").symlink_to(shelf)
        with pytest.raises(CannotFinish, match="nobody announced"):
            writer.seal([])
    assert list(shelf.iterdir()) == []


def test_only_what_was_placed_can_be_adopted_and_only_once(shelf: Path) -> None:
    """Anything else is a mistake of the caller; a file never written is told as such."""
    with BagWriter(shelf / "bag") as writer:
        with pytest.raises(ValueError, match="not placed"):
            writer.adopt("data/a")
        path = writer.place("data/a")
        with pytest.raises(CannotFinish, match="cannot be read back"):
            writer.adopt("data/a")
        path.write_bytes(b"")
        writer.adopt("data/a")
        with pytest.raises(ValueError, match="adopted before"):
            writer.adopt("data/a")


def test_a_finished_file_can_be_read_before_the_seal(shelf: Path, scan: Path) -> None:
    """A converter works from the copy in the bag; a file that is only placed is not finished."""
    with BagWriter(shelf / "bag") as writer:
        writer.copy(scan, "data/raw/scan.czi")
        writer.place("data/transformed/scan.tif")
        assert writer.staged("data/raw/scan.czi").read_bytes() == scan.read_bytes()
        with pytest.raises(ValueError, match="is not in the bag"):
            writer.staged("data/transformed/scan.tif")


def test_what_a_killed_run_left_is_cleared_away(shelf: Path) -> None:
    """The next run for the same destination starts from nothing."""
    program = (
        "import os, pathlib, sys\n"
        "from confocal_bag.bag.writing.writer import BagWriter\n"
        "writer = BagWriter(pathlib.Path(sys.argv[1])).__enter__()\n"
        "writer.write('data/raw/half.czi', b'half')\n"
        "os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", program, os.fspath(shelf / "bag")], cwd=root, check=False, timeout=60
    )
    assert killed.returncode == 9
    assert [path.name for path in shelf.iterdir()] == [".bag.confocal-bag-staging"]
    bag = make_bag(shelf / "bag", {"data/raw/whole.czi": b"whole"})
    assert_the_library_agrees(bag)
    assert sorted(listed(bag, "manifest-sha256.txt")) == ["data/raw/whole.czi"]
    assert list(shelf.iterdir()) == [bag]


def test_a_bag_that_is_being_made_is_left_alone(shelf: Path) -> None:
    """A second run for the same destination is refused and does no harm to the first."""
    with BagWriter(shelf / "bag") as first:
        first.write("data/a", b"1")
        with pytest.raises(CannotFinish, match="Another run of confocal-bag is at work on"), BagWriter(shelf / "bag"):
            pass
        assert_the_library_agrees(first.seal([]))


def test_two_bags_can_be_made_side_by_side(shelf: Path) -> None:
    """The staging folder belongs to one destination."""
    with BagWriter(shelf / "one") as one, BagWriter(shelf / "two") as two:
        one.write("data/a", b"1")
        two.write("data/a", b"2")
        one.seal([])
        two.seal([])
    assert sorted(path.name for path in shelf.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("kind", ["file", "link", "stranger"])
def test_what_is_not_ours_under_the_staging_name_is_not_removed(shelf: Path, kind: str, tmp_path: Path) -> None:
    """A name that looks like ours is no licence to delete."""
    staging = staging_path(shelf / "bag")
    if kind == "file":
        staging.write_text("precious")
    elif kind == "link":
        (tmp_path / "empty").mkdir()
        staging.symlink_to(tmp_path / "empty")
    else:
        staging.mkdir()
        (staging / "precious").touch()
    with pytest.raises(CannotFinish, match="in the way"), BagWriter(shelf / "bag"):
        pass
    assert os.path.lexists(staging)
    assert kind != "stranger" or (staging / "precious").exists()


def test_a_leftover_without_locks_is_refused_not_removed(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without locks nobody can tell a leftover from a bag in the making."""
    monkeypatch.setattr("confocal_bag.bag.writing.folder_lock._lock", lambda descriptor: None)
    with BagWriter(shelf / "bag") as first:
        first.write("data/a", b"1")
        with pytest.raises(CannotFinish, match="left from an earlier run"), BagWriter(shelf / "bag"):
            pass
        assert_the_library_agrees(first.seal([]))


def test_progress_counts_payload_bytes_once(shelf: Path, scan: Path) -> None:
    """However many algorithms, and without the tag files of the seal, so that it cannot exceed the total."""
    counted: list[int] = []
    with BagWriter(shelf / "bag", on_bytes=counted.append) as writer:
        writer.copy(scan, "data/raw/scan.czi")
        writer.write("data/a", b"12345")
        writer.seal(BAG_INFO)
    assert sum(counted) == scan.stat().st_size + 5


def test_many_threads_can_fill_one_bag(shelf: Path, scan: Path) -> None:
    """Copies run side by side, and of two rivals for one name exactly one gets in."""
    with BagWriter(shelf / "bag") as writer, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: writer.copy(scan, f"data/raw/{number % 7}/{number}.czi"), range(60)))
        rivals = [pool.submit(writer.write, f"data/{name}", b"") for name in ("rival", "RIVAL", "Rival")]
        assert sum(rival.exception() is None for rival in rivals) == 1
        bag = writer.seal([])
    assert len(listed(bag, "manifest-sha512.txt")) == 61
    assert_the_library_agrees(bag)


def test_every_file_is_durable_before_the_bag_has_its_name(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Payload, tag files and folders are synced while the bag is still in staging."""
    synced: set[str] = set()
    bag = staging_path(shelf / "bag") / "bag"

    def remember(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path != shelf:
            synced.add(path.relative_to(bag).as_posix())

    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not tell which file a descriptor is of")
    monkeypatch.setattr(os, "fsync", remember)
    sealed = make_bag(shelf / "bag", {"data/raw/a": b"1", "letter.txt": b"2"})
    assert synced == {".", *(path.relative_to(sealed).as_posix() for path in sealed.rglob("*"))}


def test_a_disk_that_cannot_keep_the_bag_ends_with_a_sentence(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write error that shows only at the end still means that there is no bag."""

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with BagWriter(shelf / "bag") as writer:
        writer.write("data/a", b"1")
        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(CannotFinish, match="Input/output error"):
            writer.seal([])
    assert list(shelf.iterdir()) == []
