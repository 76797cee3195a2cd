"""Parts of one bag, judged together: all there, each once, and of one another (RFC 8493 2.2.2)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from confocal_bag.bag.bag import Bag
from confocal_bag.bag.paths import nfc
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Rule,
    Severity,
    readable_path,
    rule,
    run_rules,
)

__all__ = ["PART_RULES", "PartClaim", "check_parts", "part_claim"]

_COUNT = re.compile(r"([0-9]{1,9}) +of +([0-9]{1,9}|\?)", re.IGNORECASE)
_LISTED_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PartClaim:
    """What a bag says of its place in a group. `number` is None where Bag-Count cannot be read.

    `total` is None where it is not known ("1 of ?"), `group` where there is no Bag-Group-Identifier.
    """

    name: str
    group: str | None
    count: str
    number: int | None
    total: int | None
    payload: frozenset[str] = field(repr=False)


def part_claim(bag: Bag) -> PartClaim | None:
    """What a bag says of itself as a part; None for a bag that states no Bag-Count, or "1 of 1"."""
    counts = _values(bag, "bag-count")
    if not counts or counts[0].split() == ["1", "of", "1"]:
        return None
    match = _COUNT.fullmatch(counts[0])
    return PartClaim(
        name=readable_path(bag.source.path.name),
        group=next(iter(_values(bag, "bag-group-identifier")), None),
        count=counts[0],
        number=int(match[1]) if match else None,
        total=int(match[2]) if match and match[2] != "?" else None,
        payload=frozenset(map(nfc, bag.payload)),
    )


def _values(bag: Bag, label: str) -> list[str]:
    return [value for name, value in bag.bag_info if name.casefold() == label and value]


def check_parts(parts: Sequence[PartClaim]) -> tuple[list[Check], list[Finding]]:
    """Judge the parts that were given together. Parts of several bags may be among them; each group is judged alone.

    One part by itself is no fault: whoever checks a single part does not say that there are no others.
    """
    return run_rules(PART_RULES, tuple(parts))


@rule("bag.part-missing", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def part_missing(parts: Sequence[PartClaim]) -> Iterator[Problem]:
    """Of bags that are parts of one whole and are validated together, none is missing.

    Bag-Count says which part a bag is and how many there are, Bag-Group-Identifier which parts belong together.
    """
    for group, members in _groups(parts).items():
        numbers = {one.number for one in members if one.number is not None}
        totals = [one.total for one in members if one.total is not None]
        if not numbers:
            continue
        last = max((*totals, *numbers))
        missing = last - len(numbers - {0})
        absent = list(islice((number for number in range(1, last + 1) if number not in numbers), _LISTED_NUMBERS))
        if missing:
            shown = ", ".join(map(str, absent)) + (", ..." if missing > _LISTED_NUMBERS else "")
            yield Problem(
                path=members[0].name,
                message=f"Of the {last} parts of '{readable_path(group)}', {missing} "
                f"{'is' if missing == 1 else 'are'} not here: {shown}.",
                remedy="Validate all parts together; ask the sender for those that did not come.",
                detail={"group": readable_path(group), "missing": absent, "total": last},
            )


@rule("bag.part-duplicate", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def part_duplicate(parts: Sequence[PartClaim]) -> Iterator[Problem]:
    """No two of the parts validated together have the same number, and no payload file is in two of them."""
    for group, members in _groups(parts).items():
        by_number: dict[int, list[str]] = defaultdict(list)
        for one in members:
            if one.number is not None:
                by_number[one.number].append(one.name)
        for number, names in by_number.items():
            if len(names) > 1:
                yield Problem(
                    path=names[0],
                    message=f"{', '.join(names)} all say that they are part {number} of '{readable_path(group)}'.",
                    remedy="Find out which is the right one.",
                    detail={"group": readable_path(group), "number": number},
                )
        yield from _shared_files(members)


def _shared_files(members: Sequence[PartClaim]) -> Iterator[Problem]:
    """Files in several parts; one problem for each two parts that share some."""
    holder: dict[str, PartClaim] = {}
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in members:
        for path in one.payload:
            first = holder.setdefault(path, one)
            if first is not one:
                shared[first.name, one.name].append(path)
    for (first_name, second_name), paths in shared.items():
        example = readable_path(min(paths))
        yield Problem(
            path=example,
            message=f"{len(paths)} payload file{'s are' if len(paths) > 1 else ' is'} both in {first_name} and in "
            f"{second_name} (first: '{example}').",
            remedy="Find out which copy is meant; a file of the whole belongs in one part.",
            detail={"files": len(paths), "parts": [first_name, second_name]},
        )


@rule("bag.part-group-differs", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def part_group_differs(parts: Sequence[PartClaim]) -> Iterator[Problem]:
    """Parts that are validated together agree on the group they belong to and on the number of parts.

    A bag with a Bag-Count other than "1 of 1" states a Bag-Group-Identifier, and its Bag-Count reads "2 of 3".
    """
    for one in _together(parts):
        shown = readable_path(one.count[:80])
        if one.number is None or one.number == 0 or (one.total is not None and one.number > one.total):
            yield Problem(path=one.name, message=f"{one.name} states Bag-Count as '{shown}'; '2 of 3' is expected.")
        if one.group is None:
            said = f"{one.name} says that it is part {shown}, but no Bag-Group-Identifier says of what."
            yield Problem(path=one.name, message=said)
    groups = _groups(parts)
    for group, members in groups.items():
        totals = {one.total for one in members if one.total is not None}
        if len(totals) > 1:
            said = ", ".join(f"{one.name}: {readable_path(one.count)}" for one in members[:_LISTED_NUMBERS])
            message = f"The parts of '{readable_path(group)}' do not agree how many they are ({said})."
            yield Problem(path=members[0].name, message=message)
    yield from _torn_groups(groups)


def _torn_groups(groups: dict[str, list[PartClaim]]) -> Iterator[Problem]:
    """Two incomplete groups that would be one complete group if they had one name."""
    waiting: list[tuple[str, int, frozenset[int]]] = []
    for group, members in groups.items():
        numbers = frozenset(one.number for one in members if one.number is not None)
        total = next((one.total for one in members if one.total is not None), None)
        if total is None or len(numbers) >= total:
            continue
        for other, other_total, other_numbers in waiting:
            if total == other_total and not numbers & other_numbers and len(numbers | other_numbers) == total:
                yield Problem(
                    path=members[0].name,
                    message=f"The parts of '{readable_path(other)}' and of '{readable_path(group)}' are not complete, "
                    f"but together they would be {total} of {total}: the identifiers may be of one bag.",
                    remedy="Ask the sender whether they are parts of one bag.",
                )
        waiting.append((group, total, numbers))


def _groups(parts: Sequence[PartClaim]) -> dict[str, list[PartClaim]]:
    """The parts by the group they claim, in the order given; those that claim none are left out."""
    groups: dict[str, list[PartClaim]] = defaultdict(list)
    for one in _together(parts):
        if one.group is not None:
            groups[one.group].append(one)
    return groups


def _together(parts: Iterable[PartClaim]) -> Sequence[PartClaim]:
    parts = tuple(parts)
    if len(parts) < 2:
        raise NotApplicable("fewer than two parts of a bag were given together")
    return parts


#: The rules about parts given together; they run on what the bags claim (see `part_claim`).
PART_RULES: tuple[Rule, ...] = tuple(
    RULES[name] for name in ("bag.part-missing", "bag.part-duplicate", "bag.part-group-differs")
)
