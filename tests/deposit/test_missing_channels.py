"""`describe` run again proposes the channels that headers have and an acquisition lacks, and changes nothing else."""

from dataclasses import replace

import pytest

from confocal_bag.deposit.description.changes import describe_changes
from confocal_bag.deposit.description.file import draft_description, read_description, refresh_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.image.record import ChannelRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import GREEN, RED, file, inventory, stack

HEADER = """\
# Written by hand.
channels:
  - {id: c0, name: lamin, probe: anti-lamin A}  # the only one, they said
instruments:
  - id: m1
    lasers: [{id: l0, wavelength_nm: 488}, {id: l1, wavelength_nm: 561}]
acquisitions:
  - id: a1
    instrument: m1
    channels:
      - channel: c0
        laser: l0  # checked at the microscope
    notes: [Taken on a Sunday]
files:
  - {path: "raw/*", acquisition: a1}
"""
FLOW = HEADER.replace(
    "    channels:\n      - channel: c0\n        laser: l0  # checked at the microscope\n", "    channels: [c0]\n"
)


def cells(*channels: ChannelRecord, count: int = 1) -> Inventory:
    """Stacks with these channels."""
    axes = {"C": len(channels), "Z": 10, "Y": 512, "X": 512}
    taken = stack(axes=axes, channels=channels)
    return inventory(*(file(f"raw/cell{number}.czi", "czi", Tier.RAW, taken) for number in range(1, count + 1)))


def channels_of(text: str) -> tuple[list[str | None], list[str | None]]:
    """The channels of the description, and those of its first acquisition."""
    said = read_description(text).description
    return [one.id for one in said.channels], [one.channel for one in said.acquisitions[0].channels]


def is_kept(old: str, new: str) -> bool:
    """Whether every line is still there, in its order, but for what was put behind it in brackets."""
    rest = iter(new.splitlines())
    return all(any(one == line or one.startswith(line.rstrip("]")) for one in rest) for line in old.splitlines())


@pytest.mark.parametrize("text", [HEADER, FLOW], ids=["block", "brackets"])
def test_a_channel_that_the_header_has_is_proposed_behind_the_others(text: str) -> None:
    """With what the header says of it and where that comes from; what was written by hand stays as it is."""
    new = refresh_description(text, cells(GREEN, RED))
    assert channels_of(new) == (["c0", "c1"], ["c0", "c1"])
    assert is_kept(text, new)
    said = read_description(new).description
    assert (said.channels[0].name, said.channels[0].probe, said.channels[0].fluor) == ("lamin", "anti-lamin A", None)
    assert (said.channels[1].fluor, said.channels[1].excitation_nm, said.channels[1].emission_nm) == (
        "MitoTracker Red",
        561,
        599,
    )
    assert said.acquisitions[0].channels[1].laser == ("l1",)
    assert "proposed: raw/cell1.czi has this channel too" in new
    assert said.acquisitions[0].notes == ("Taken on a Sunday",)


@pytest.mark.parametrize("text", [HEADER, FLOW], ids=["block", "brackets"])
def test_refreshing_again_changes_nothing(text: str) -> None:
    """And what was corrected in a proposal stays."""
    deposit = cells(GREEN, RED)
    new = refresh_description(text, deposit)
    assert refresh_description(new, deposit) == new
    corrected = new.replace("MitoTracker Red", "MitoTracker Deep Red")
    assert refresh_description(corrected, deposit) == corrected


def test_a_draft_of_one_channel_becomes_that_of_two() -> None:
    """What a draft of the whole image would say of the second channel, a refreshed one says, too."""
    draft = draft_description(cells(GREEN), level=PracticeLevel.MINIMUM)
    deposit = cells(GREEN, RED)
    new, whole = (
        read_description(text).description
        for text in (refresh_description(draft, deposit), draft_description(deposit, level=PracticeLevel.MINIMUM))
    )
    assert new.channels == whole.channels
    assert [one.channel for one in new.acquisitions[0].channels] == ["c0", "c1"]
    assert new.acquisitions[0].channels[1].gain == whole.acquisitions[0].channels[1].gain


def test_what_was_added_is_told() -> None:
    """The new channel, and that the acquisition has it."""
    deposit = cells(GREEN, RED)
    told = describe_changes(HEADER, refresh_description(HEADER, deposit), deposit)
    assert any(one.startswith("Added channel c1 (line") for one in told)
    (settings,) = [one for one in told if one.startswith("Filled in channels of acquisition a1")]
    assert "channel c1, laser l1" in settings
    assert "None" not in settings


def test_the_description_then_fits_the_images() -> None:
    """The rule about the number of channels has nothing to say any more."""
    deposit = cells(GREEN, RED)
    for text, count in ((HEADER, 1), (refresh_description(HEADER, deposit), 0)):
        _, findings = check_description(read_description(text), deposit)
        assert sum(one.rule == "description.channel-count" for one in findings) == count


@pytest.mark.parametrize(
    "listed",
    [
        "{id: c0, name: mito, fluor: MitoTracker Red}",  # the second of the image
        "{id: c0, name: mito, excitation_nm: 561}",  # contradicts the first
    ],
)
def test_nothing_is_proposed_where_the_listed_channel_is_not_the_first(listed: str) -> None:
    """A channel put behind it would be taken for another; people have to say which is which."""
    text = HEADER.replace("{id: c0, name: lamin, probe: anti-lamin A}", listed)
    assert refresh_description(text, cells(GREEN, RED)) == text


@pytest.mark.parametrize("other", [(GREEN,), (GREEN, RED, RED)], ids=["one", "three"])
def test_nothing_is_proposed_where_images_of_one_acquisition_differ(other: tuple[ChannelRecord, ...]) -> None:
    """One has two channels, and one has another number."""
    second = replace(cells(*other).files[0], path=cells(GREEN, count=2).files[1].path)
    deposit = inventory(*cells(GREEN, RED).files, second)
    assert channels_of(refresh_description(HEADER, deposit)) == (["c0"], ["c0"])


def test_an_entry_that_says_the_same_is_used_again() -> None:
    """And two acquisitions that lack the same channel share the new entry."""
    known = HEADER.replace("instruments:", "  - {id: dye, fluor: MitoTracker Red, excitation_nm: 561}\ninstruments:")
    assert channels_of(refresh_description(known, cells(GREEN, RED))) == (["c0", "dye"], ["c0", "dye"])
    second = (
        "  - {id: a2, instrument: m1, channels: [{channel: c0}]}\nfiles:\n  - {path: raw/cell2.czi, acquisition: a2}\n"
    )
    two = HEADER.replace("files:\n", second)
    new = read_description(refresh_description(two, cells(GREEN, RED, count=2))).description
    assert [one.id for one in new.channels] == ["c0", "c1"]
    assert [[one.channel for one in acquisition.channels] for acquisition in new.acquisitions] == [["c0", "c1"]] * 2


def test_many_missing_channels_are_proposed_together() -> None:
    """Those of a spectral detector, as a range, as a draft has them."""
    bands = [replace(GREEN, name=str(number), fluor=None, emission_nm=400.0 + 10 * number) for number in range(12)]
    deposit = cells(GREEN, *bands)
    new = refresh_description(HEADER, deposit)
    assert refresh_description(new, deposit) == new
    assert [one.channel for one in read_description(new).description.acquisitions[0].channels][:2] == ["c0", "c1..c12"]
