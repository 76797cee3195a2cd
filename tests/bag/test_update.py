"""Updates: the bag is the old one or the new one at every moment, and nothing changes that was not asked for."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confocal_bag.bag.changing import successor as successor_module
from confocal_bag.bag.changing.linking import link
from confocal_bag.bag.changing.replacement import Replacement, workplace
from confocal_bag.bag.changing.tag_edit import InfoEditor, parse_field
from confocal_bag.bag.changing.update import UPDATE_RULES, Changes, plan_update, update_bag
from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.fixity import Fixity
from confocal_bag.bag.paths import is_safe_path
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.sizes import parse_size, readable_size
from confocal_bag.bag.writing.durable import sync_tree
from confocal_bag.bag.writing.targets import target_keys
from confocal_bag.findings import CannotFinish, Severity, run_rules
from tests.bag import bags

INFO = (
    "Source-Organization: Example University",
    "Contact-Name: Ada",
    "X-Note:  spaced   oddly",
    "Contact-Name: Grace",
    "Bagging-Date: 2020-02-02",
    "Bag-Size: about 262 bytes",
    "External-Description: a long value that goes on",
    "  in a second line",
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder for bags."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A file to put into a bag."""
    path = tmp_path / "scan.czi"
    path.write_bytes(b"ZISRAWFILE" * 10)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_accepted(bag: Path) -> None:
    """Our own rules and the reference implementation find nothing wrong, and nothing is left beside the bag."""
    errors = [one.message for one in check_bag(bag).findings if one.severity is Severity.ERROR]
    assert errors == []
    opinion = ask_bagit(bag, full=True)
    assert opinion.outcome is not OpinionOutcome.DISAGREES, opinion.reason
    assert not workplace(bag).exists()


def add(**files: Path) -> Changes:
    """Changes that add files below data/."""
    return Changes(add={PurePosixPath("data") / name: path for name, path in files.items()})


def test_an_added_a_replaced_and_a_removed_file_are_in_manifests_and_oxum(shelf: Path, scan: Path) -> None:
    """The three changes to the payload, with a stronger algorithm in the same go."""
    bag = bags.make_bag(shelf / "bag", algorithms=("md5", "sha256"), info=INFO)
    changes = Changes(
        add={PurePosixPath("data/new/scan.czi"): scan, PurePosixPath("letters/answer.txt"): scan},
        replace={PurePosixPath("data/a.txt"): scan},
        remove=[PurePosixPath("data/sub")],
    )
    result = update_bag(bag, changes, add_algorithms=["SHA-512"], drop_algorithms=["md5"])
    assert_accepted(bag)
    assert (result.payload_files, result.payload_bytes) == (2, 200)
    after = contents(bag)
    assert set(after) == {
        *("bagit.txt", "bag-info.txt", "data/a.txt", "data/new/scan.czi", "letters/answer.txt"),
        *("manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"),
    }
    assert after["data/a.txt"] == scan.read_bytes()
    assert after["manifest-sha512.txt"].decode() == bags.listing(
        "sha512", {name: after[name] for name in ("data/a.txt", "data/new/scan.czi")}
    )
    assert b"Payload-Oxum: 200.2\n" in after["bag-info.txt"]
    assert b"letters/answer.txt" in after["tagmanifest-sha256.txt"]
    assert (bag / "data/a.txt").stat().st_mtime_ns == scan.stat().st_mtime_ns


def test_fields_that_are_not_named_keep_their_bytes(shelf: Path) -> None:
    """Order, repeats, spacing and folding of all others; Bagging-Date too, and Bag-Size when the payload stays."""
    bag = bags.make_bag(shelf / "bag", info=INFO)
    before = (bag / "bag-info.txt").read_bytes()
    update_bag(
        bag,
        Changes(
            set_fields=[("source-organization", "Another University")],
            append_fields=[("Contact-Name", "Lise"), ("X-New", "value")],
            unset_fields=["External-Description"],
        ),
    )
    assert_accepted(bag)
    expected = before.replace(b"Source-Organization: Example University", b"source-organization: Another University")
    expected = expected.replace(b"Contact-Name: Grace\n", b"Contact-Name: Grace\nContact-Name: Lise\n")
    expected = expected.replace(b"External-Description: a long value that goes on\n  in a second line\n", b"")
    assert (bag / "bag-info.txt").read_bytes() == expected + b"X-New: value\n"


def test_setting_a_repeated_field_leaves_it_once(shelf: Path) -> None:
    """One value in the place of the first."""
    bag = bags.make_bag(shelf / "bag", info=INFO)
    update_bag(bag, Changes(set_fields=[("Contact-Name", "Lise")]))
    text = (bag / "bag-info.txt").read_text()
    assert text.count("Contact-Name") == 1
    assert text.index("Contact-Name: Lise") < text.index("X-Note")


def test_bag_size_follows_the_payload_where_it_is_stated(shelf: Path, scan: Path) -> None:
    """Stated: new value in its place. Not stated: not added."""
    stated = bags.make_bag(shelf / "stated", info=INFO)
    silent = bags.make_bag(shelf / "silent")
    for bag in (stated, silent):
        update_bag(bag, add(scan=scan))
    assert b"Bagging-Date: 2020-02-02\nBag-Size: 362 B\n" in (stated / "bag-info.txt").read_bytes()
    assert b"Bag-Size" not in (silent / "bag-info.txt").read_bytes()


def test_every_payload_file_is_read_once_and_stays_the_same_file(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verification and the new digest come from one read; files that stay are linked, not copied."""
    bag = bags.make_bag(shelf / "bag", algorithms=("sha256",))
    before = {name: (bag / name).stat().st_ino for name in bags.PAYLOAD}
    opened: list[str] = []
    original = os.open

    def counting(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        opened.append(os.fsdecode(path))
        return original(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", counting)
    result = update_bag(bag, Changes(), add_algorithms=["sha512"])
    assert [sum(path.endswith(name) for path in opened) for name in bags.PAYLOAD] == [1, 1]
    assert {name: (bag / name).stat().st_ino for name in bags.PAYLOAD} == before
    assert all((bag / name).stat().st_nlink == 1 for name in bags.PAYLOAD)
    assert result.copied == 0


def test_where_there_are_no_links_files_are_copied_and_compared(
    shelf: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bag comes out."""
    linked = bags.make_bag(shelf / "linked", algorithms=("md5", "sha256"))
    copied = Path(shutil.copytree(linked, shelf / "copied"))
    update_bag(linked, add(scan=scan))
    monkeypatch.setattr(successor_module, "link", lambda source, target: False)
    result = update_bag(copied, add(scan=scan))
    assert_accepted(copied)
    assert contents(linked) == contents(copied)
    assert result.copied == 3


def test_a_097_bag_stays_one_and_spells_names_its_own_way(shelf: Path, scan: Path) -> None:
    """A percent sign is written as it is before 1.0."""
    bag = bags.make_bag(shelf / "bag", version="0.97", payload={"data/a.txt": b"a"})
    update_bag(bag, Changes(add={PurePosixPath("data/100%.czi"): scan}))
    assert_accepted(bag)
    assert b"BagIt-Version: 0.97" in (bag / "bagit.txt").read_bytes()
    assert b"  data/100%.czi\n" in (bag / "manifest-sha512.txt").read_bytes()


def test_a_name_that_a_097_manifest_cannot_spell_is_refused(shelf: Path, scan: Path) -> None:
    """A literal %0A would be read back as a line end."""
    bag = bags.make_bag(shelf / "bag", version="0.97")
    assert_refused(bag, Changes(add={PurePosixPath("data/a%0Ab"): scan}), "cannot be listed in a BagIt 0.97 bag")


def test_a_tag_file_that_was_not_listed_is_still_not_listed(shelf: Path) -> None:
    """An update does not vouch for what it did not verify."""
    bag = bags.make_bag(shelf / "bag")
    bags.write(bag / "debug.log", "chatter")
    update_bag(bag, Changes(set_fields=[("Contact-Name", "Ada")]))
    assert (bag / "debug.log").read_text() == "chatter"
    assert b"debug.log" not in (bag / "tagmanifest-sha512.txt").read_bytes()


def test_a_bag_without_tag_manifests_gets_none(shelf: Path, scan: Path) -> None:
    """Tag manifests are optional, and the bag keeps its form."""
    bag = bags.make_bag(shelf / "bag")
    (bag / "tagmanifest-sha512.txt").unlink()
    update_bag(bag, add(scan=scan), add_algorithms=["sha256"])
    assert_accepted(bag)
    assert not list(bag.glob("tagmanifest-*"))


def test_the_line_of_a_removed_file_leaves_fetch_txt(shelf: Path) -> None:
    """Else fetch.txt would name a file that no manifest lists."""
    lines = ("https://example.org/a 6 data/a.txt", "https://example.org/b 256 data/sub/b.bin")
    bag = bags.make_bag(shelf / "bag", fetch=lines)
    update_bag(bag, Changes(remove=[PurePosixPath("data/a.txt")]))
    assert_accepted(bag)
    assert (bag / "fetch.txt").read_text() == f"{lines[1]}\n"
    update_bag(bag, Changes(remove=[PurePosixPath("data/sub/b.bin")]))
    assert not (bag / "fetch.txt").exists()


def test_empty_folders_and_modes_of_folders_stay(shelf: Path) -> None:
    """What was there and was not named is there afterwards, as open or closed as it was."""
    bag = bags.make_bag(shelf / "bag")
    (bag / "data" / "empty").mkdir()
    (bag / "data" / "sub").chmod(0o750)
    update_bag(bag, Changes(set_fields=[("Contact-Name", "Ada")]))
    assert (bag / "data" / "empty").is_dir()
    assert (bag / "data" / "sub").stat().st_mode & 0o777 == 0o750


def test_a_link_to_a_bag_stays_a_link(shelf: Path, scan: Path) -> None:
    """The bag behind it is updated where it lies."""
    bag = bags.make_bag(shelf / "bag")
    (shelf / "latest").symlink_to("bag")
    update_bag(shelf / "latest", add(scan=scan))
    assert (shelf / "latest").is_symlink()
    assert_accepted(bag)
    assert (bag / "data/scan").exists()


def without_access_times(bag: Path) -> dict[str, tuple[int, ...]]:
    """What may not change when an update is refused; the reference library sets the access times of tag files."""
    return {path: state[:3] for path, state in bags.state(bag).items()}


def assert_refused(bag: Path, changes: Changes, said: str, **algorithms: Sequence[str]) -> None:
    """The update is refused with that sentence, and the bag is untouched."""
    before = without_access_times(bag)
    with pytest.raises(CannotFinish, match=said):
        update_bag(bag, changes, **algorithms)  # type: ignore[arg-type]  # only algorithms are passed
    assert without_access_times(bag) == before
    assert not workplace(bag).exists()


def test_changes_that_do_not_fit_the_bag_are_refused(shelf: Path, scan: Path) -> None:
    """Each with its own sentence, and before anything is written."""
    bag = bags.make_bag(shelf / "bag", info=INFO)
    path = PurePosixPath
    for changes, said in (
        (Changes(add={path("data/a.txt"): scan}), "is in the bag already"),
        (Changes(add={path("data/A.TXT"): scan}), "one name on some systems"),
        (Changes(add={path("data/a.txt/b"): scan}), "one name on some systems"),
        (Changes(add={path("data/sub"): scan}), "one name on some systems"),
        (Changes(add={path("data/x"): scan, path("data/X"): scan}), "one name on some systems"),
        (Changes(add={path("data/../evil"): scan}), "cannot be a file of a bag"),
        (Changes(add={path("/evil"): scan}), "cannot be a file of a bag"),
        (Changes(add={path("bagit.txt"): scan}), "cannot be a file of a bag"),
        (Changes(add={path("data/\udcff"): scan}), "not UTF-8"),
        (Changes(add={path("data/new"): scan.parent}), "is a link, pipe or device|not"),
        (Changes(add={path("data/new"): scan.parent / "absent"}), "cannot be read"),
        (Changes(replace={path("data/b.txt"): scan}), "is not in the bag; use add"),
        (Changes(replace={path("data/a.txt"): scan}, remove=[path("data/a.txt")]), "both replaced and removed"),
        (Changes(remove=[path("data/b.txt")]), "cannot be removed"),
        (Changes(remove=[path("manifest-sha512.txt")]), "cannot be a file of a bag"),
        (Changes(set_fields=[("Payload-Oxum", "1.1")]), "follows from the payload"),
        (Changes(unset_fields=["bag-size"]), "follows from the payload"),
        (Changes(unset_fields=["X-Absent"]), "has no field X-Absent"),
        (Changes(set_fields=[("Bad:Label", "x")]), "cannot be a label"),
    ):
        assert_refused(bag, changes, said)
    assert_refused(bag, Changes(), "already", add_algorithms=["sha-512"])
    assert_refused(bag, Changes(), "not known", add_algorithms=["crc32"])
    assert_refused(bag, Changes(), "no manifest by md5", drop_algorithms=["md5"])
    assert_refused(bag, Changes(), "without a payload manifest", drop_algorithms=["sha512"])


def test_only_an_algorithm_that_the_reference_library_knows_may_be_the_last(shelf: Path) -> None:
    """A bag nobody else can verify is no gain."""
    bag = bags.make_bag(shelf / "bag")
    assert_refused(bag, Changes(), "reference implementation", add_algorithms=["sha3-512"], drop_algorithms=["sha512"])


def test_bags_that_cannot_be_updated_are_left_alone(shelf: Path, scan: Path) -> None:
    """Invalid ones, holey ones, old ones, other encodings, archives, and what is no bag."""
    damaged = bags.make_bag(shelf / "damaged")
    (damaged / "data/a.txt").write_bytes(b"omega\n")
    assert_refused(damaged, add(scan=scan), "damaged is not valid .*bag.file-changed")
    holey = bags.make_bag(shelf / "holey", fetch=("https://example.org/a 6 data/a.txt",))
    (holey / "data/a.txt").unlink()
    assert_refused(holey, add(scan=scan), "is not valid")
    assert_refused(bags.make_bag(shelf / "old", version="0.96"), add(scan=scan), "BagIt 0.96")
    assert_refused(bags.make_bag(shelf / "wide", encoding="UTF-16"), add(scan=scan), "UTF-16")
    (shelf / "folder").mkdir()
    assert_refused(shelf / "folder", add(scan=scan), "is no bag")
    with pytest.raises(CannotFinish, match="archive"):
        update_bag(bags.make_zip(shelf / "bag.zip", bags.members(bags.make_bag(shelf / "bag"))), add(scan=scan))
    with pytest.raises(CannotFinish, match="no bag at"):
        update_bag(shelf / "absent", add(scan=scan))
    assert not list(shelf.glob(".*"))


def test_a_plan_changes_nothing_and_says_every_step(shelf: Path, scan: Path) -> None:
    """A dry run reads no payload, so it also plans for a damaged bag."""
    bag = bags.make_bag(shelf / "bag")
    before = bags.state(shelf)
    plan = plan_update(
        bag,
        Changes(add={PurePosixPath("data/x"): scan}, remove=[PurePosixPath("data/sub")], append_fields=[("A", "b")]),
        add_algorithms=["sha256"],
        drop_algorithms=["sha512"],
    )
    assert list(plan.steps()) == [
        ("add", str(scan), "data/x"),
        ("remove", "", "data/sub/b.bin"),
        ("append", "", "A: b in bag-info.txt"),
        ("add", "", "manifest-sha256.txt"),
        ("remove", "", "manifest-sha512.txt"),
    ]
    assert bags.state(shelf) == before


def test_a_file_that_changes_during_the_update_is_noticed(
    shelf: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of the old bag and the moment it is linked."""
    bag = bags.make_bag(shelf / "bag")
    original = link

    def meddle(source: Path, target: Path) -> bool:
        if source.name == "b.bin":
            source.write_bytes(b"changed")
        return original(source, target)

    monkeypatch.setattr(successor_module, "link", meddle)
    with pytest.raises(CannotFinish, match="changed while the bag was being updated"):
        update_bag(bag, add(scan=scan))
    assert not (bag / "data/scan").exists()
    assert not workplace(bag).exists()


def test_a_file_that_is_not_the_verified_one_when_copied_is_noticed(
    shelf: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other bytes of the same length, with the old time of change: only the digest tells."""
    bag = bags.make_bag(shelf / "bag")

    def meddle(source: Path, target: Path) -> bool:
        if source.name == "b.bin":
            times = source.stat()
            source.write_bytes(bytes(256))
            os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
        return False

    monkeypatch.setattr(successor_module, "link", meddle)
    with pytest.raises(CannotFinish, match=r"b\.bin changed while the bag was being updated"):
        update_bag(bag, add(scan=scan))
    assert not workplace(bag).exists()


def test_a_file_that_is_read_back_otherwise_than_written_is_noticed(
    shelf: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that loses bytes on the way costs the update, not the bag."""
    bag = bags.make_bag(shelf / "bag")
    before = contents(bag)

    def lose(source: Path, target: Path, algorithms: Sequence[str], **more: Any) -> Fixity:
        fixity = copy_and_hash(source, target, algorithms, **more)
        target.write_bytes(b"?" * fixity.size)
        return fixity

    monkeypatch.setattr(successor_module, "copy_and_hash", lose)
    with pytest.raises(CannotFinish, match="data/scan is not read back as it was written"):
        update_bag(bag, add(scan=scan))
    assert contents(bag) == before
    assert not workplace(bag).exists()


@pytest.mark.parametrize("name", ["data/late.txt", "data/a.txt", "late.txt"])
def test_what_somebody_writes_into_the_bag_meanwhile_is_not_lost(
    shelf: Path, scan: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """After the new bag was made from the old one: neither a new file nor a file that was to be replaced."""
    bag = bags.make_bag(shelf / "bag")
    original = sync_tree

    def meddle(folder: Path, files: Iterable[Path]) -> None:
        original(folder, files)
        bags.write(bag / name, "late")

    monkeypatch.setattr(successor_module, "sync_tree", meddle)
    with pytest.raises(CannotFinish, match=f"{name} changed while the bag was being updated"):
        update_bag(bag, Changes(replace={PurePosixPath("data/a.txt"): scan}))
    assert (bag / name).read_text() == "late"
    assert not workplace(bag).exists()


def test_two_updates_at_once_do_not_meet(shelf: Path, scan: Path) -> None:
    """The second is told to wait."""
    bag = bags.make_bag(shelf / "bag")
    with Replacement(bag), pytest.raises(CannotFinish, match="Another run"):
        update_bag(bag, add(scan=scan))
    update_bag(bag, add(scan=scan))
    assert_accepted(bag)


def test_a_stranger_in_the_way_is_left_alone(shelf: Path, scan: Path) -> None:
    """A folder of that name with other things in it is not of this tool."""
    bag = bags.make_bag(shelf / "bag")
    bags.write(workplace(bag) / "thesis.txt", "mine")
    with pytest.raises(CannotFinish, match="is not of this tool"):
        update_bag(bag, add(scan=scan))
    assert (workplace(bag) / "thesis.txt").read_text() == "mine"


def test_a_confocal_bag_says_that_its_description_is_outdated(shelf: Path, scan: Path) -> None:
    """When images come or go; not for another readme, and not for other bags."""
    info = (*INFO, "Confocal-Practice-Level: minimum")
    bag = bags.make_bag(shelf / "bag", info=info)
    image = update_bag(bag, Changes(add={PurePosixPath("data/raw/scan.czi"): scan}))
    checks, findings = run_rules(UPDATE_RULES, image)
    assert [one.rule for one in findings] == ["bag.description-outdated"]
    assert findings[0].severity is Severity.ADVICE
    readme = update_bag(bag, Changes(add={PurePosixPath("data/readme/README.txt"): scan}))
    checks, findings = run_rules(UPDATE_RULES, readme)
    assert (checks[0].outcome, findings) == ("passed", [])
    other = update_bag(bags.make_bag(shelf / "other"), Changes(add={PurePosixPath("data/raw/scan.czi"): scan}))
    assert run_rules(UPDATE_RULES, other)[0][0].outcome == "not-applicable"


def test_sizes_are_read_and_written_in_powers_of_ten() -> None:
    """As RFC 8493 shows them; powers of two only when spelled so."""
    assert [parse_size(text) for text in ("30GB", "1.5 tb", "700MiB", "5000", "2 B")] == [
        30 * 10**9,
        1_500_000_000_000,
        700 * 2**20,
        5000,
        2,
    ]
    for text in ("", "GB", "-1GB", "1e9", "3 apples", "1,5GB"):
        with pytest.raises(CannotFinish, match="is no size"):
            parse_size(text)
    assert [readable_size(size) for size in (0, 999, 1000, 12_400_000_000, 3 * 10**15)] == [
        "0 B",
        "999 B",
        "1 kB",
        "12.4 GB",
        "3 PB",
    ]


def test_fields_are_given_as_label_and_value() -> None:
    """The first colon divides."""
    assert parse_field("External-Identifier:  urn:uuid:1 ") == ("External-Identifier", "urn:uuid:1")
    for text in ("Contact-Name", ": x", "Contact-Name:"):
        with pytest.raises(CannotFinish, match="Label: value"):
            parse_field(text)


@given(
    before=st.lists(st.sampled_from(["A: 1", "B: 2", "a: 3", "C:", " folded", "\tfolded", "", "no colon", "B : 4"])),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    closed=st.booleans(),
)
def test_an_editor_that_is_not_used_changes_no_byte(before: list[str], end: str, closed: bool) -> None:  # noqa: FBT001
    """And removing a field that was appended gives the old bytes again, but for a missing last line end."""
    content = (end.join(before) + (end if closed else "")).encode()
    editor = InfoEditor(content)
    assert editor.content() == content
    editor.append("New", "value")
    assert b"New: value\n" in editor.content()
    editor.unset("new")
    assert editor.content().rstrip(b"\r\n") == content.rstrip(b"\r\n")


PIECES = (
    "%",
    "%0A",
    "\n",
    "\r",
    " ",
    "*",
    "'",
    '"',
    "\\",
    "\u2028",
    "\x85",
    "\x1f",
    "\u00e9",
    "e\u0301",
    "~",
    "..",
    "=",
    ":",
)
NAMES = (
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.characters(exclude_categories=["Cs"], exclude_characters="/\0"),
        ),
        min_size=1,
        max_size=12,
    )
    .map("".join)
    .filter(lambda name: name not in (".", "..") and is_safe_path(f"data/{name}"))
)


def distinct(names: list[str]) -> list[str]:
    """The names without those that some systems take for one another."""
    return list({target_keys(f"data/{name}")[0]: name for name in names}.values())


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=2, max_size=6).map(distinct), data=st.data())
def test_bags_with_hostile_names_are_updated_and_valid(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], data: st.DataObject
) -> None:
    """Some files are there, some come, some go, one is replaced; the manifests are those hashlib gives."""
    shelf = tmp_path_factory.mktemp("shelf")
    there = data.draw(st.integers(0, len(names)))
    files = {f"data/{name}": name.encode() for name in names[:there]}
    bag = bags.make_bag(shelf / "bag", payload=files)
    source = bags.write(shelf / "source", "new")
    going = data.draw(st.lists(st.sampled_from(sorted(files)), unique=True)) if files else []
    coming = [f"data/{name}" for name in names[there:]]
    update_bag(
        bag,
        Changes(
            add={PurePosixPath(name): source for name in coming},
            remove=[PurePosixPath(name) for name in going],
        ),
        add_algorithms=["sha256"],
    )
    assert_accepted(bag)
    expected = {name: content for name, content in files.items() if name not in going}
    expected |= dict.fromkeys(coming, b"new")
    assert {name: content for name, content in contents(bag).items() if name.startswith("data/")} == expected
    listed = dict(sorted(expected.items(), key=lambda item: item[0].encode()))
    assert (bag / "manifest-sha256.txt").read_bytes() == bags.listing("sha256", listed).encode()
