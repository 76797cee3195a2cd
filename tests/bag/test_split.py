"""Splitting by size: every file in one part, what belongs together in the same, each part a bag of its own."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.bag.changing.replacement import workplace
from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.splitting import split as split_module
from confocal_bag.bag.splitting.partition import partition
from confocal_bag.bag.splitting.parts import PartClaim, check_parts, part_claim
from confocal_bag.bag.splitting.split import SPLIT_RULES, SplitPart, plan_split, split_bag
from confocal_bag.bag.writing.targets import target_keys
from confocal_bag.findings import CannotFinish, Outcome, Severity, run_rules
from tests.bag import bags

INFO = (
    "Source-Organization: Example University",
    "Contact-Name: Ada",
    "Contact-Name: Grace",
    "External-Identifier: urn:uuid:00000000-0000-4000-8000-000000000001",
    "BagIt-Profile-Identifier: https://example.org/profile.json",
    "Bagging-Date: 2020-02-02",
)
DAY = {
    **{f"data/raw/day/s_z{number:03}.tif": bytes([number]) * 900 for number in range(6)},
    **{f"data/metadata/ome/raw/day/s_z{number:03}.tif.ome.xml": b"<OME/>" * 10 for number in range(6)},
}
DESCRIPTION = {"data/readme/README.txt": b"Read me\n", "data/metadata/deposit.yaml": b"title: x\n"}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder for bags."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def payload_of(bag: Path) -> dict[str, bytes]:
    """The payload files of a bag and their bytes."""
    files = (path for path in (bag / "data").rglob("*") if path.is_file())
    return {path.relative_to(bag).as_posix(): path.read_bytes() for path in files}


def size_of(bag: Path) -> int:
    """The bytes of all files of a bag."""
    return sum(path.stat().st_size for path in bag.rglob("*") if path.is_file())


def assert_whole(bag: Path, parts: tuple[SplitPart, ...], limit: int) -> None:
    """The parts are valid bags within the limit, and together they hold the payload of the bag, each file once."""
    union: dict[str, bytes] = {}
    for part in parts:
        errors = [one.message for one in check_bag(part.path).findings if one.severity is Severity.ERROR]
        assert errors == []
        opinion = ask_bagit(part.path, full=True)
        assert opinion.outcome is not OpinionOutcome.DISAGREES, opinion.reason
        assert part.bytes == size_of(part.path)
        assert part.is_too_large == (part.bytes > limit)
        files = payload_of(part.path)
        assert set(files) == set(part.files)
        assert not part.is_too_large or len(files) == 1
        assert not union.keys() & files.keys()
        union |= files
    assert union == payload_of(bag)
    _, findings = check_parts([claim_of(part.path) for part in parts])
    assert findings == []


def claim_of(bag: Path) -> PartClaim:
    """What a bag says of itself as a part."""
    claim = part_claim(check_bag(bag).bag)
    assert claim is not None
    return claim


@pytest.mark.parametrize("by_link", [False, True])
def test_the_parts_are_bags_that_hold_the_whole_payload(shelf: Path, by_link: bool) -> None:  # noqa: FBT001
    """Copied or linked, verified, named after their number, and the bag itself is not touched."""
    payload = DAY | DESCRIPTION | {"data/raw/other/a.czi": b"c" * 3000, "data/transformed/other/a.czi.ome.tiff": b"t"}
    bag = bags.make_bag(shelf / "bag", payload=payload, algorithms=("md5", "sha256"), info=INFO)
    before = {path: state[:3] for path, state in bags.state(bag).items()}
    parts = split_bag(bag, shelf / "parts", max_size=8000, by_link=by_link)
    assert len(parts) > 1
    assert [part.path.name for part in parts] == [
        f"bag_{number}_of_{len(parts)}" for number in range(1, len(parts) + 1)
    ]
    assert sorted(shelf.iterdir()) == [bag, shelf / "parts"]
    assert_whole(bag, parts, 8000)
    assert {path: state[:3] for path, state in bags.state(bag).items()} == before
    same = (parts[-1].path / parts[-1].files[0]).samefile(bag / parts[-1].files[0])
    assert same == by_link


def test_a_part_says_what_it_is_and_where_the_rest_is_described(shelf: Path) -> None:
    """Fields of the whole that hold for a part, the group, the count; never the profile of the whole."""
    letters = {"letters/answer.txt": b"yes"}
    bag = bags.make_bag(shelf / "bag", payload=DAY | DESCRIPTION, info=INFO, tag_files=letters)
    first, second, *_ = split_bag(bag, shelf / "parts", max_size=7000)
    fields = check_bag(second.path).bag.bag_info
    assert fields[:4] == (
        ("Source-Organization", "Example University"),
        ("Contact-Name", "Ada"),
        ("Contact-Name", "Grace"),
        ("External-Identifier", "urn:uuid:00000000-0000-4000-8000-000000000001"),
    )
    said = dict(fields)
    assert said["Bag-Group-Identifier"] == "urn:uuid:00000000-0000-4000-8000-000000000001"
    assert said["Bag-Count"] == f"2 of {second.count}"
    assert "BagIt-Profile-Identifier" not in said
    assert said["Bagging-Date"] != "2020-02-02"
    assert said["Internal-Sender-Description"] == (
        f"Part 2 of {second.count} of the bag bag. What describes the whole is in bag_1_of_{second.count}."
    )
    assert set(DESCRIPTION) <= set(first.files)
    assert (first.path / "letters/answer.txt").read_bytes() == b"yes"
    assert not (second.path / "letters").exists()
    for part in (first, second):
        assert (part.path / "split-from/bag-info.txt").read_bytes() == (bag / "bag-info.txt").read_bytes()
    assert (first.path / "split-from/manifest-sha512.txt").read_bytes() == (bag / "manifest-sha512.txt").read_bytes()


def test_a_bag_without_a_uuid_gets_the_same_group_every_time(shelf: Path) -> None:
    """It follows from the manifest, so that a split can be repeated."""
    bag = bags.make_bag(shelf / "bag", payload=DAY)
    groups = {plan_split(bag, shelf / "parts", max_size=5000).group for _ in range(2)}
    assert len(groups) == 1
    assert groups.pop().startswith("urn:uuid:")
    (shelf / "other").mkdir()
    other = bags.make_bag(shelf / "other" / "bag", payload=DAY | DESCRIPTION)
    assert plan_split(other, shelf / "parts", max_size=5000).group not in groups


def test_a_file_larger_than_a_part_gets_its_own_and_a_warning(shelf: Path) -> None:
    """A file is never cut."""
    bag = bags.make_bag(shelf / "bag", payload=DAY | DESCRIPTION | {"data/raw/big.czi": b"b" * 20000})
    parts = split_bag(bag, shelf / "parts", max_size=8000)
    assert_whole(bag, parts, 8000)
    checks, findings = run_rules(SPLIT_RULES, (8000, parts))
    assert [one.path for one in findings] == [str(part.path) for part in parts if part.files == ("data/raw/big.czi",)]
    checks, findings = run_rules(SPLIT_RULES, (10**6, [replace(part, is_too_large=False) for part in parts]))
    assert (checks[0].outcome, findings) == (Outcome.PASSED, [])


def assert_not_split(bag: Path, folder: Path, said: str, max_size: int = 5000) -> None:
    """Refused with that sentence, and nothing was made."""
    with pytest.raises(CannotFinish, match=said):
        split_bag(bag, folder, max_size=max_size)
    assert not workplace(folder).exists()


def test_what_cannot_be_split_is_refused(shelf: Path) -> None:
    """Too small to split, limits too low, places taken, parts of parts, archives, damaged bags."""
    bag = bags.make_bag(shelf / "bag", payload=DAY | DESCRIPTION)
    assert_not_split(bag, shelf / "parts", "nothing to split", 10**6)
    assert_not_split(bag, shelf / "parts", "tag files of the first part alone", 1000)
    assert_not_split(bag, bag / "parts", "inside the bag")
    assert_not_split(bag, bag, "inside the bag")
    (shelf / "taken").mkdir()
    assert_not_split(bag, shelf / "taken", "exists and is never overwritten")
    part = bags.make_bag(shelf / "part", payload=DAY, info=(*INFO, "Bag-Count: 2 of 3"))
    assert_not_split(part, shelf / "parts", "part 2 of 3 already")
    archive = bags.make_zip(shelf / "bag.zip", bags.members(bag))
    assert_not_split(archive, shelf / "parts", "archive")
    missing = Path(shutil.copytree(bag, shelf / "missing"))
    (missing / "data/raw/day/s_z003.tif").unlink()
    assert_not_split(missing, shelf / "parts", "is not valid")
    assert not (shelf / "parts").exists()


@pytest.mark.parametrize("damaged", ["data/raw/day/s_z003.tif", "letters/answer.txt", "bag-info.txt"])
def test_a_damaged_file_stops_the_split(shelf: Path, damaged: str) -> None:
    """Payload and tag files are compared with the manifests on the way."""
    bag = bags.make_bag(shelf / "bag", payload=DAY | DESCRIPTION, tag_files={"letters/answer.txt": b"yes"})
    content = (bag / damaged).read_bytes()
    (bag / damaged).write_bytes(content[:-2] + b"? " if damaged == "bag-info.txt" else content[:-1] + b"?")
    if damaged == "bag-info.txt":
        (bag / damaged).write_bytes(content.replace(b"University", b"university"))
    assert_not_split(bag, shelf / "parts", f"{damaged} is not the file that the bag's manifests list")
    assert not (shelf / "parts").exists()


def test_where_there_are_no_links_a_linked_split_copies(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts are the same."""
    bag = bags.make_bag(shelf / "bag", payload=DAY | DESCRIPTION)
    monkeypatch.setattr(split_module, "link", lambda source, target: False)
    assert_whole(bag, split_bag(bag, shelf / "parts", max_size=6000, by_link=True), 6000)


def test_a_097_bag_is_split_into_bags_of_today(shelf: Path) -> None:
    """Parts are new bags; names are spelled as 1.0 asks."""
    payload = DAY | {"data/raw/100%.czi": b"x"}
    bag = bags.make_bag(shelf / "bag", payload=payload, version="0.97")
    manifest = bag / "manifest-sha512.txt"
    bags.edit(manifest, "100%25.czi", "100%.czi")
    bags.seal(bag)
    assert_whole(bag, split_bag(bag, shelf / "parts", max_size=6000), 6000)


def together(parts: list[set[str]], *paths: str) -> bool:
    """Whether one part holds all of them."""
    return any(set(paths) <= part for part in parts)


def split_names(sizes: Mapping[str, int], room: int) -> list[set[str]]:
    """The parts as sets of names."""
    return [set(part.files) for part in partition(sizes, room)]


def test_files_of_one_folder_stay_together_in_all_tiers() -> None:
    """Raw, transformed and sidecars of a day fit into one part, so they are not torn apart by first fit."""
    sizes = {}
    for day in ("day-1", "day-2"):
        for number in range(3):
            sizes[f"data/raw/{day}/{number}.czi"] = 10
            sizes[f"data/transformed/{day}/{number}.czi.ome.tiff"] = 10
            sizes[f"data/metadata/ome/raw/{day}/{number}.czi.ome.xml"] = 1
    parts = split_names(sizes, 70)
    assert len(parts) == 2
    for day, part in zip(("day-1", "day-2"), parts, strict=True):
        assert all(f"/{day}/" in path for path in part)


def test_a_folder_that_is_too_large_is_split_by_stacks_then_by_images() -> None:
    """Planes of a stack stay together; if even they do not fit, an image keeps its companions."""
    stacks = {f"data/raw/day/{stem}_z{number:02}.tif": 10 for stem in ("alpha", "beta") for number in range(5)}
    parts = split_names(stacks, 60)
    assert together(parts, *(path for path in stacks if "alpha" in path))
    assert together(parts, *(path for path in stacks if "beta" in path))
    images = {}
    for number in range(4):
        images[f"data/raw/scan{number}.czi"] = 10
        images[f"data/transformed/scan{number}.czi.ome.tiff"] = 10
        images[f"data/metadata/ome/raw/scan{number}.czi.ome.xml"] = 1
    parts = split_names(images, 25)
    assert len(parts) == 4
    assert all(len(part) == 3 for part in parts)


def test_the_planes_of_an_oif_stay_with_it() -> None:
    """scan.oif and the folder scan.oif.files are one image; so is all of an OME-Zarr."""
    sizes = {"data/raw/scan.oif": 1, "data/raw/scan.oif.files/s_C001.tif": 30, "data/raw/a.czi": 30}
    sizes |= {"data/transformed/v.zarr/.zattrs": 1, "data/transformed/v.zarr/0/0": 30}
    parts = split_names(sizes, 40)
    assert together(parts, "data/raw/scan.oif", "data/raw/scan.oif.files/s_C001.tif")
    assert together(parts, "data/transformed/v.zarr/.zattrs", "data/transformed/v.zarr/0/0")


def test_what_describes_the_whole_comes_first() -> None:
    """Readme, metadata and the crate, before any image, whatever their names."""
    sizes = {"data/raw/a.czi": 50, "data/zz.json": 1, "data/readme/z.txt": 1, "data/metadata/deposit.yaml": 1}
    assert split_names(sizes, 51)[0] == set(sizes) - {"data/raw/a.czi"}


@given(
    sizes=st.dictionaries(
        st.lists(st.sampled_from(["raw", "metadata", "ome", "readme", "a", "b1", "b2", "x.zarr", "c.tif"]), min_size=1)
        .map("/".join)
        .map("data/{}".format),
        st.integers(0, 100),
    ),
    room=st.integers(1, 150),
    reserved=st.integers(0, 20),
)
def test_a_partition_loses_nothing_and_keeps_the_limit(sizes: dict[str, int], room: int, reserved: int) -> None:
    """Every file once, no part beyond the limit but for a single file, and the same parts again in any order."""
    parts = partition(sizes, room, reserved=reserved)
    assert sorted(path for part in parts for path in part.files) == sorted(sizes)
    for number, part in enumerate(parts):
        assert part.files
        assert part.cost == sum(sizes[path] for path in part.files) + (reserved if number == 0 else 0)
        assert part.is_too_large == (part.cost > room)
        assert not part.is_too_large or len(part.files) == 1 or number == 0
    again = partition(dict(reversed(sizes.items())), room, reserved=reserved)
    assert [part.files for part in again] == [part.files for part in parts]


def test_very_deep_folders_are_split() -> None:
    """No recursion that a hostile name could exhaust."""
    deep = "/".join("a" * 1 for _ in range(1500))
    sizes = {f"data/raw/{deep}/{number}.czi": 10 for number in range(4)}
    assert [len(part) for part in split_names(sizes, 20)] == [2, 2]


NAMES = st.lists(
    st.one_of(
        st.sampled_from(["%", "%0A", "\n", "\r", " ", "*", "\u2028", "\u00e9", "e\u0301", ".", "1"]),
        st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0~"),
    ),
    min_size=1,
    max_size=8,
).map(lambda pieces: f"data/raw/{'x'.join(pieces)}x")


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(names=st.lists(NAMES, min_size=3, max_size=8, unique_by=lambda name: target_keys(name)[0]))
def test_bags_with_hostile_names_are_split(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Each part is valid, and nothing is lost."""
    shelf = tmp_path_factory.mktemp("shelf")
    bag = bags.make_bag(shelf / "bag", payload={name: name.encode() * 100 for name in names}, algorithms=("sha256",))
    limit = size_of(bag) + 1200
    sizes = sorted(payload_of(bag).values(), key=len)
    limit = max(4500, limit - len(sizes[0]))
    try:
        parts = split_bag(bag, shelf / "parts", max_size=limit)
    except CannotFinish as said:
        assert "nothing to split" in str(said)  # noqa: PT017 - the sentence decides
        return
    assert_whole(bag, parts, limit)


def claim(number: int | None, total: int | None = 3, *, group: str | None = "g", **more: str) -> PartClaim:
    """A part with one payload file of its own."""
    name = more.get("name", f"bag_{number}")
    return PartClaim(
        name=name,
        group=group,
        count=more.get("count", f"{number} of {'?' if total is None else total}"),
        number=number,
        total=total,
        payload=frozenset([more.get("file", f"data/{name}")]),
    )


def rules_that_fail(parts: list[PartClaim]) -> list[str]:
    """The rules with findings, in order."""
    checks, _ = check_parts(parts)
    return [one.rule for one in checks if one.outcome is Outcome.FAILED]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: [claim(1), claim(2), claim(3)], []),
        (
            lambda: [
                claim(3),
                claim(1),
                claim(2),
                claim(1, 2, group="h", name="h1"),
                claim(2, 2, group="h", name="h2"),
            ],
            [],
        ),
        (lambda: [claim(1, None), claim(2, None)], []),
        (lambda: [claim(1), claim(3)], ["bag.part-missing"]),
        (lambda: [claim(1, None), claim(3, None)], ["bag.part-missing"]),
        (lambda: [claim(1), claim(2), claim(3), claim(3, name="again")], ["bag.part-duplicate"]),
        (lambda: [claim(1), claim(2), claim(3, file="data/bag_1")], ["bag.part-duplicate"]),
        (lambda: [claim(1), claim(2), claim(3, 4)], ["bag.part-missing", "bag.part-group-differs"]),
        (lambda: [claim(1), claim(2), claim(3, group="h")], ["bag.part-missing", "bag.part-group-differs"]),
        (lambda: [claim(1, 2), claim(2, 2), claim(1, group=None, name="lost")], ["bag.part-group-differs"]),
        (lambda: [claim(1, 2), claim(2, 2), claim(None, None, count="two")], ["bag.part-group-differs"]),
        (lambda: [claim(1, 2), claim(2, 2), claim(0, 2, count="0 of 2")], ["bag.part-group-differs"]),
    ],
)
def test_parts_given_together_are_judged_together(make: Callable[[], list[PartClaim]], expected: list[str]) -> None:
    """One mutation, one rule."""
    assert rules_that_fail(make()) == expected


def test_one_part_alone_is_no_fault() -> None:
    """Whoever checks one part does not say that there are no others."""
    checks, findings = check_parts([claim(2)])
    assert findings == []
    assert {one.outcome for one in checks} == {Outcome.NOT_APPLICABLE}


def test_a_hostile_count_costs_nothing() -> None:
    """The missing parts of a billion are counted, not listed."""
    _, findings = check_parts([claim(1, 999_999_999), claim(3, 999_999_999)])
    assert "999999997 are not here: 2, 4" in findings[0].message
    assert len(findings[0].detail["missing"]) <= 20
    _, findings = check_parts([claim(999_999_998, 999_999_999), claim(999_999_999, 999_999_999)])
    assert "999999997 are not here: 1, 2" in findings[0].message


def test_what_a_bag_claims_is_read_from_its_bag_info(shelf: Path) -> None:
    """Bag-Count in its letters and blanks; nothing for a bag that is the whole."""

    def claimed(name: str, *fields: str) -> PartClaim | None:
        return part_claim(check_bag(bags.make_bag(shelf / name, info=fields)).bag)

    assert claimed("whole") is None
    assert claimed("one", "Bag-Count: 1 of 1") is None
    two = claimed("two", "bag-count: 2  OF 3", "Bag-Group-Identifier: g")
    assert two is not None
    assert (two.name, two.group, two.number, two.total) == ("two", "g", 2, 3)
    assert two.payload == set(bags.PAYLOAD)
    open_ended = claimed("open", "Bag-Count: 1 of ?")
    assert open_ended is not None
    assert (open_ended.group, open_ended.number, open_ended.total) == (None, 1, None)
    nonsense = claimed("nonsense", "Bag-Count: some")
    assert nonsense is not None
    assert nonsense.number is None
