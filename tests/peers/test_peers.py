"""Every bag this program makes is accepted by bagit.py, by bdbag and by its own validator, whatever the names in it.

The other tools misread some names that RFC 8493 2.1.3 spells plainly (`hostile.misread_because` lists the defects). Of
a bag with such a name they may complain, but of nothing else than that name.
"""

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.bag.changing.update import Changes, update_bag
from confocal_bag.bag.paths import nfc
from confocal_bag.bag.splitting.split import split_bag
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import CannotFinish, Severity
from confocal_bag.validate import validate_bag
from tests.bag.bags import listing, make_bag, write
from tests.peers.hostile import Files, Hostile, deposits, misread_because
from tests.peers.opinions import Bdbag, Complaint, ask_bagit_py

#: Names for the bag itself, which become a folder in archives and parts.
BAG_NAMES = st.sampled_from(["bag", "-bag", "b\u00e4g of e\u0301", "bag %41", ".bag", "bag.zip", "bag\nbag"])
ENDINGS = (".zip", ".tar.gz")
_ABOUT_A_PATH = re.compile(
    r'manifest lists (?P<listed>.*) multiple times|^Path "(?P<unsafe>.*)" in manifest',
    re.DOTALL,
)
KINDS = ("build", "write", "update", "archive .zip", "archive .tar.gz", "part")


@dataclass(slots=True, kw_only=True)
class Jury:
    """Those who judge a bag, and what they have seen."""

    bdbag: Bdbag
    folder: Path
    seen: Counter[str] = field(default_factory=Counter)

    def judge(self, bag: Path, files: Files, what: str) -> None:
        """Let all three look at a bag, a folder or an archive, with these files in it."""
        found = validate_bag(bag).findings
        assert [one for one in found if one.severity is Severity.ERROR] == []
        misread = [path for path in files if misread_because(path)]
        opinions = {"bagit.py": ask_bagit_py(bag)} if bag.is_dir() else {}
        opinions["bdbag"] = self.bdbag.ask(self._copy(bag) if bag.is_dir() else bag)
        for peer, complaints in opinions.items():
            strange = [one for one in complaints if not _is_about(one, misread)]
            assert strange == [], f"{peer} does not accept {what} {bag.name!r}"
        self.seen[f"{what} accepted" if not any(opinions.values()) else f"{what} misread"] += 1

    def _copy(self, bag: Path) -> Path:
        """A copy for bdbag, which has been seen to rewrite what it was asked to check."""
        folder = self.folder / "copies"
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(bag, folder / bag.name))


def _is_about(complaint: Complaint, misread: list[str]) -> bool:
    """Whether it is about a name that the tool misreads, as it is or as the tool reads it: in part or not decoded."""
    lines = [form for path in misread for form in (path, _spelled(path), _half_decoded(_spelled(path)))]
    sentence = _ABOUT_A_PATH.search(complaint.text)
    text = (sentence["listed"] or sentence["unsafe"] if sentence else complaint.text).strip()
    return any(text and nfc(text) in nfc(line) for line in lines)


def _spelled(path: str) -> str:
    return listing("md5", {path: b""}).partition("  ")[2].removesuffix("\n")


def _half_decoded(line: str) -> str:
    return line.replace("%0D", "\r", 2).replace("%0A", "\n", 2)


@pytest.fixture
def jury(bdbag: Bdbag, shelf: Path) -> Jury:
    """A jury with a place of its own."""
    (shelf / "jury").mkdir()
    return Jury(bdbag=bdbag, folder=shelf / "jury")


def payload_of(bag: Path) -> Files:
    """The payload by its paths in the bag."""
    files = (Path(parent, name) for parent, _, found in os.walk(bag / "data") for name in found)
    return {path.relative_to(bag).as_posix(): path.read_bytes() for path in files}


def size_of(bag: Path) -> int:
    """The bytes of all files."""
    return sum(Path(parent, name).stat().st_size for parent, _, found in os.walk(bag) for name in found)


def lives_on(bag: Path, hostile: Hostile, jury: Jury, *, algorithm: str) -> None:
    """Update a bag, split it and pack it, and have everything judged."""
    _update(bag, hostile, jury, algorithm)
    jury.judge(bag, payload_of(bag), "update")
    for ending in ENDINGS:
        archive = bag.with_name(f"{bag.name}{ending}")
        try:
            serialize_bag(bag, archive)
        except CannotFinish:
            jury.seen["archive refused"] += 1
            continue
        jury.judge(archive, payload_of(bag), f"archive {ending}")
    try:
        parts = split_bag(bag, bag.with_name("parts"), max_size=size_of(bag) - 1)
    except CannotFinish:
        jury.seen["split refused"] += 1
        return
    assert len(parts) > 1
    for part in parts:
        jury.judge(part.path, payload_of(part.path), "part")


def _update(bag: Path, hostile: Hostile, jury: Jury, algorithm: str) -> None:
    """Add a file with a name that is no easier than those already there, replace one, remove one."""
    before = payload_of(bag)
    raw = sorted(path for path, content in before.items() if content in hostile.files.values())
    source = write(bag.with_name("source"), b"a better scan")
    target = PurePosixPath("data/raw/later", hostile.later)
    update_bag(
        bag,
        Changes(
            add={target: source, PurePosixPath("letters", "100 a\n.txt"): source},
            replace={PurePosixPath(path): source for path in raw[:1]},
            remove=[PurePosixPath(path) for path in raw[1:2]],
        ),
        add_algorithms=[algorithm],
    )
    after = before | dict.fromkeys([str(target), *raw[:1]], b"a better scan")
    for path in raw[1:2]:
        del after[path]
    assert payload_of(bag) == after
    assert (bag / f"manifest-{algorithm}.txt").read_bytes() == _manifest(algorithm, after)


def _manifest(algorithm: str, files: Files) -> bytes:
    """A manifest by the letter of RFC 8493 2.1.3, made by hashlib alone."""
    return listing(algorithm, dict(sorted(files.items(), key=lambda item: item[0].encode()))).encode()


def _made(files: Files, folder: Path) -> Path:
    for path, content in files.items():
        write(folder / path, content)
    return folder


#: A deposit is small enough to be read as it is found, and too slow to be made again and again to find a smaller one.
SETTINGS = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@pytest.mark.parametrize(("readable", "examples"), [(True, 100), (False, 50)])
def test_what_build_makes_is_accepted(jury: Jury, shelf: Path, *, readable: bool, examples: int) -> None:
    """Built from a deposit, updated, packed and split."""

    @settings(SETTINGS, max_examples=examples)
    @given(hostile=deposits(readable=readable), name=BAG_NAMES)
    def of_any_deposit(hostile: Hostile, name: str) -> None:
        jury.seen["deposits"] += 1
        with TemporaryDirectory(dir=shelf) as place:
            deposit = _made(hostile.files, Path(place, "deposit"))
            try:
                bag = build_bag(deposit, Path(place, name), BuildOptions(draft=True)).bag
            except CannotFinish:
                bag = None
            assume(bag is not None)
            assert bag is not None
            payload = payload_of(bag)
            assert Counter(hostile.files.values()) <= Counter(payload.values())
            jury.judge(bag, payload, "build")
            lives_on(bag, hostile, jury, algorithm="sha384")

    of_any_deposit()
    assert_most_are_judged(jury.seen, "build", readable=readable, examples=examples)


@pytest.mark.slow
@pytest.mark.parametrize(("readable", "examples"), [(True, 100), (False, 50)])
def test_what_the_writer_makes_is_accepted(jury: Jury, shelf: Path, *, readable: bool, examples: int) -> None:
    """Bags without a deposit behind them and with a weak manifest only, updated, packed and split."""

    @settings(SETTINGS, max_examples=examples)
    @given(hostile=deposits(readable=readable), name=BAG_NAMES)
    def of_any_files(hostile: Hostile, name: str) -> None:
        jury.seen["deposits"] += 1
        with TemporaryDirectory(dir=shelf) as place, BagWriter(Path(place, name), algorithms=("md5",)) as writer:
            for path, content in hostile.files.items():
                writer.write(f"data/raw/{path}", content)
            for large in ("a", "b"):
                writer.write(f"data/processed/{large}.bin", bytes(10_000))  # enough to be worth a split
            bag = writer.seal([("Source-Organization", "Example University")])
            jury.judge(bag, payload_of(bag), "write")
            lives_on(bag, hostile, jury, algorithm="sha512")

    of_any_files()
    assert_most_are_judged(jury.seen, "write", readable=readable, examples=examples)


def assert_most_are_judged(seen: Counter[str], made: str, *, readable: bool, examples: int) -> None:
    """Few were refused; and where the other tools can read the names, they accept everything."""
    judged = Counter({what: seen[f"{what} accepted"] + seen[f"{what} misread"] for what in KINDS})
    assert judged[made] >= examples
    assert judged[made] > seen["deposits"] * 0.7
    assert all(judged[archive] > examples * 0.7 for archive in ("archive .zip", "archive .tar.gz"))
    assert judged["update"] == judged[made]
    assert judged["part"] >= 2 * (judged[made] - seen["split refused"])
    assert seen["split refused"] < examples * 0.1
    assert not (readable and any(seen[f"{what} misread"] for what in KINDS))


@pytest.mark.parametrize("packed", ["", ".zip", ".tar.gz"])
def test_bdbag_and_bagit_py_are_really_asked(jury: Jury, shelf: Path, packed: str) -> None:
    """Each finds what is wrong with a bag, and nothing else, in a folder and in archives."""
    bag = make_bag(shelf / "bag", payload={"data/a": b"a", "data/b": b"b"})
    write(bag / "data/b", b"B")
    asked = bag
    if packed:
        asked = shelf / f"bag{packed}"
        serialize_bag(bag, asked, verify=False)
    else:
        assert ask_bagit_py(bag) == [Complaint(kind="ChecksumMismatch", text="data/b")]
    assert jury.bdbag.ask(asked) == [Complaint(kind="ChecksumMismatch", text="data/b")]
    with pytest.raises(AssertionError, match=r"bag\.file-changed|checksum"):
        jury.judge(asked, {}, "spoilt")


def test_a_folder_that_is_no_bag_is_not_made_one(jury: Jury, shelf: Path) -> None:
    """The driver only asks."""
    write(shelf / "folder/a", b"a")
    assert [one.kind for one in jury.bdbag.ask(shelf / "folder")] == ["BagError"]
    assert [path.name for path in (shelf / "folder").iterdir()] == ["a"]


@pytest.mark.parametrize("path", ["100%.tif", "a\nb\nc\nd", "blank ", "a\x85b", "a\u2028b", "a\x1cb"])
def test_a_name_that_is_misread_excuses_no_other(jury: Jury, shelf: Path, path: str) -> None:
    """Its defect is one of the tools; a file that is missing beside it is none."""
    bag = make_bag(shelf / "bag", payload={f"data/{path}": b"", "data/z": b"z"})
    misread = [f"data/{path}"]
    for complaints in (ask_bagit_py(bag), jury.bdbag.ask(bag)):
        assert complaints
        assert all(_is_about(one, misread) for one in complaints)
    (bag / "data/z").rename(bag / "data/y")
    for complaints in (ask_bagit_py(bag), jury.bdbag.ask(bag)):
        strange = {(one.kind, one.text) for one in complaints if not _is_about(one, misread)}
        assert strange == {("FileMissing", "data/z"), ("UnexpectedFile", "data/y")}
