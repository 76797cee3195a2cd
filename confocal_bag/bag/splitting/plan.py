"""The plan of a split: which parts a bag will have, what each of them says of itself and carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from confocal_bag.bag.bag import Bag
from confocal_bag.bag.bag_info import format_bag_info
from confocal_bag.bag.changing.verified import open_folder_bag, refuse_errors
from confocal_bag.bag.digester import digest_length
from confocal_bag.bag.paths import encode_path
from confocal_bag.bag.rules import Depth, check_bag
from confocal_bag.bag.sizes import readable_size
from confocal_bag.bag.splitting.partition import partition
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["SplitPart", "SplitPlan", "plan_split"]

#: Fields that are stated anew for each part, or that only the whole can claim.
_NOT_OF_A_PART = {
    "bag-count",
    "bag-group-identifier",
    "bag-size",
    "bagging-date",
    "bagit-profile-identifier",
    "payload-oxum",
}
#: Bytes kept free in each part for bagit.txt and what follows from the payload in bag-info.txt.
_SLACK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part: its folder, its number from 1, its payload files, and the bytes of everything in it.

    `bytes` is the reckoning in a plan, which is a little high, and the sum of its files once the part is made.
    """

    path: Path
    number: int
    count: int
    files: tuple[str, ...]
    bytes: int
    is_too_large: bool


@dataclass(frozen=True, kw_only=True)
class SplitPlan:
    """Which parts there will be, and what each of them says and carries."""

    bag: Bag
    max_size: int
    parts: tuple[SplitPart, ...]
    group: str
    origin: str
    algorithms: tuple[str, ...]
    expected: Mapping[str, Mapping[str, str]] = field(repr=False)

    def bag_info(self, part: SplitPart) -> list[tuple[str, str]]:
        """The fields of a part: those of the whole that hold for it, and its place among the parts."""
        return _bag_info(self.bag, self.group, self.origin, part.number, part.count)

    def tag_files(self, part: SplitPart) -> dict[str, str]:
        """The tag files a part carries besides its own: its path in the part, and the one it has in the whole."""
        return _tag_files(self.bag, self.origin, is_first=part.number == 1)


def plan_split(bag: Path, folder: Path, *, max_size: int) -> SplitPlan:
    """What `split_bag` would do, without reading any payload. Raises CannotFinish when it could not begin."""
    whole = _checked(bag)
    algorithms = tuple(dict.fromkeys(one.algorithm for one in whole.manifests.values()))
    group, origin = _group_identifier(whole), _free_name(whole)
    room, reserved = _room(whole, group, origin, algorithms, max_size)
    costs = {path: size + _line_bytes(path, algorithms) for path, size in whole.payload.items()}
    parts = partition(costs, room, reserved=reserved)
    if len(parts) < 2:
        raise CannotFinish(
            f"{readable_path(bag)} fits into one part of {readable_size(max_size)}; there is nothing to split."
        )
    name = bag.resolve().name
    return SplitPlan(
        bag=whole,
        max_size=max_size,
        parts=tuple(
            SplitPart(
                path=folder / f"{name}_{number}_of_{len(parts)}",
                number=number,
                count=len(parts),
                files=tuple(part.files),
                bytes=part.cost + max_size - room,
                is_too_large=part.is_too_large,
            )
            for number, part in enumerate(parts, 1)
        ),
        group=group,
        origin=origin,
        algorithms=algorithms,
        expected=_expected_digests(whole),
    )


def _checked(path: Path) -> Bag:
    """The bag, once it is known to be complete and to be no part of another."""
    open_folder_bag(path)
    checked = check_bag(path, depth=Depth.COMPLETENESS)
    refuse_errors(checked.findings, f"{readable_path(path)} is not valid and is not split")
    counts = [value for label, value in checked.bag.bag_info if label.casefold() == "bag-count"]
    if counts and counts[0].split() not in ([], ["1", "of", "1"]):
        raise CannotFinish(
            f"{readable_path(path)} says that it is part {readable_path(counts[0])} already; split the whole bag."
        )
    return checked.bag


def _group_identifier(bag: Bag) -> str:
    """The name that all parts share: the bag's own UUID where it states one, else one made from its manifest."""
    for label, value in bag.bag_info:
        if label.casefold() == "external-identifier" and value.startswith("urn:uuid:"):
            return value
    manifest = next(iter(bag.manifests.values()))
    lines = "".join(f"{one.digest} {readable_path(one.path)}\n" for one in manifest.manifest.entries)
    return uuid5(NAMESPACE_URL, lines).urn


def _free_name(bag: Bag) -> str:
    """The folder of what the parts keep of the whole bag's tag files."""
    top = {path.partition("/")[0].casefold() for path in bag.source.files}
    return next(name for name in map(_origin_name, count(1)) if name not in top)


def _origin_name(number: int) -> str:
    return "split-from" if number == 1 else f"split-from-{number}"


def _bag_info(bag: Bag, group: str, origin: str, number: int, of: int) -> list[tuple[str, str]]:
    name = readable_path(bag.source.path.resolve().name)
    kept = [field for field in bag.bag_info if field[0].casefold() not in _NOT_OF_A_PART]
    if number == 1:
        said = f"What describes the whole is in this part; the manifests of the whole are in {origin}."
    else:
        said = f"What describes the whole is in {name}_1_of_{of}."
    return [
        *kept,
        ("Internal-Sender-Description", " ".join(f"Part {number} of {of} of the bag {name}. {said}".split())),
        ("Bag-Group-Identifier", group),
        ("Bag-Count", f"{number} of {of}"),
    ]


def _tag_files(bag: Bag, origin: str, *, is_first: bool) -> dict[str, str]:
    manifests = {one.name for one in bag.all_manifests}
    carried: dict[str, str] = {}
    for path in bag.tag_files:
        if path == bag.info_name or (is_first and (path in manifests or path in ("bagit.txt", "fetch.txt"))):
            carried[f"{origin}/{path}"] = path
        elif is_first:
            carried[path] = path
    return carried


def _room(bag: Bag, group: str, origin: str, algorithms: Sequence[str], max_size: int) -> tuple[int, int]:
    """The bytes that a part has for payload, and how many of them the first part needs for further tag files."""
    of = len(bag.payload)
    own = ("bagit.txt", "bag-info.txt", *(f"manifest-{one}.txt" for one in algorithms))
    every = _tag_files(bag, origin, is_first=False)
    fixed = _SLACK + len(format_bag_info(_bag_info(bag, group, origin, max(2, of), of)))
    fixed += sum(_line_bytes(path, algorithms) for path in own) + _carried_bytes(bag, every, algorithms)
    first = _carried_bytes(bag, _tag_files(bag, origin, is_first=True), algorithms)
    reserved = first - _carried_bytes(bag, every, algorithms)
    if fixed + reserved >= max_size:
        raise CannotFinish(
            f"The tag files of the first part alone take {readable_size(fixed + reserved)}; "
            f"choose parts larger than {readable_size(max_size)}."
        )
    return max_size - fixed, reserved


def _carried_bytes(bag: Bag, carried: Mapping[str, str], algorithms: Sequence[str]) -> int:
    return sum(bag.source.files[path] + _line_bytes(name, algorithms) for name, path in carried.items())


def _line_bytes(path: str, algorithms: Sequence[str]) -> int:
    """What the manifests of a part take for one file."""
    name = len(encode_path(path).encode("utf-8", "surrogateescape"))
    return sum(digest_length(algorithm) + 2 + name + 1 for algorithm in algorithms)


def _expected_digests(bag: Bag) -> dict[str, dict[str, str]]:
    """For each file of the bag, the digests that its manifests give, by algorithm."""
    expected: dict[str, dict[str, str]] = {}
    for one in bag.all_manifests:
        for match in bag.matches(one):
            if match.file is not None and match.entry.digest:
                expected.setdefault(match.file, {})[one.algorithm] = match.entry.digest
    return expected
