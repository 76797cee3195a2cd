"""How folders of published data sets are read, each with the axes and the oddities that a person found there."""

import re
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from confocal_bag.deposit.sequences import SequenceReport, find_sequences

LISTINGS = Path(__file__).with_name("sequence_listings.txt").read_text(encoding="utf-8").split("\n# ")[1:]
SHORTENED = re.compile(r"<([^>]*)>")


def expanded(pattern: str) -> list[str]:
    """Every name that a pattern stands for."""
    texts = SHORTENED.split(pattern)
    blocks = [[value for part in block.split(",") for value in values(part)] for block in texts[1::2]]
    names = ["".join(a + b for a, b in zip(texts[::2], (*chosen, ""), strict=True)) for chosen in product(*blocks)]
    return [name.replace("@G", str(UUID(int=Random(name).getrandbits(128))).upper()) for name in names]


def values(part: str) -> list[str]:
    """The values that one part of a block stands for: 07, or 00-09, or 000-400:50."""
    found = re.fullmatch(r"(\d+)-(\d+)(?::(\d+))?", part)
    if found is None:
        return [part]
    first, last, step = found[1], found[2], int(found[3] or 1)
    width = len(first) if first.startswith("0") else 0
    return [f"{number:0{width}}" for number in range(int(first), int(last) + 1, step)]


def axes(report: SequenceReport) -> Counter[str]:
    """The axes that change in each sequence, with their counts."""
    found = (" ".join(sorted(f"{axis}{one.axes[axis].count}" for axis in one.varying)) for one in report.sequences)
    return Counter(text or "-" for text in found)


def expected(text: str) -> Counter[str]:
    """What the heading of a listing promises: "C2 Z3; 2 x N6"."""
    found: Counter[str] = Counter()
    for one in filter(None, (part.strip() for part in text.split(";"))):
        many = re.fullmatch(r"(\d+) x (.+)", one)
        found[many[2] if many else one] += int(many[1]) if many else 1
    return found


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.split(" |")[0])
def test_a_published_folder_is_read_as_a_person_reads_it(listing: str) -> None:
    """Sequences, axes and problem codes."""
    heading, *patterns = listing.splitlines()
    _, wanted, codes = (part.strip() for part in heading.split("|"))
    report = find_sequences([name for pattern in filter(None, patterns) for name in expanded(pattern)])
    assert axes(report) == expected(wanted)
    assert {problem.code for problem in report.problems} == set(codes.split())


def test_the_listings_are_many() -> None:
    """As many as were read by hand."""
    assert len(LISTINGS) == 61
