"""Many channels described by one entry: drafted, read, refreshed, judged and printed."""

import re
from dataclasses import replace
from datetime import date

import pytest

from confocal_bag.deposit.description.channel_ids import (
    channel_range,
    channel_slots,
    described_channels,
    expanded_ids,
    settings_of,
)
from confocal_bag.deposit.description.file import draft_description, read_description, refresh_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.exports.readme import ReadmeFacts, render_readme
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ChannelRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import GREEN, changed, file, inventory, stack


def spectral(count: int = 28) -> Inventory:
    """A stack of a spectral detector: channels named by their wavelength, taken alike."""
    channels = tuple(
        replace(
            GREEN,
            name=str(423 + 10 * number),
            fluor=None,
            emission_nm=None,
            emission_bands_nm=((418.0 + 10 * number, 428.0 + 10 * number),),
        )
        for number in range(count)
    )
    axes = {"C": count, "Z": 3, "Y": 4, "X": 4}
    return inventory(file("raw/a.lsm", "lsm", Tier.RAW, stack(axes=axes, channels=channels)))


def drafted(deposit: Inventory) -> str:
    """A draft for the least demanding level."""
    return draft_description(deposit, level=PracticeLevel.MINIMUM)


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("c3..c6", ("c3", "c4", "c5", "c6")),
        ("c3..6", ("c3", "c4", "c5", "c6")),
        ("c3", ("c3",)),
        ("c6..c3", ("c6..c3",)),
        ("a1..b3", ("a1..b3",)),
        ("c0..c999999", ("c0..c999999",)),
        (None, ()),
    ],
)
def test_a_range_stands_for_its_channels(written: str | None, ids: tuple[str, ...]) -> None:
    """What cannot be a range of channels is an id like any other."""
    assert expanded_ids(written) == ids


def test_only_ids_that_follow_on_each_other_make_a_range() -> None:
    """Gaps and other beginnings are no range."""
    assert channel_range(["c0", "c1", "c2"]) == "c0..c2"
    assert channel_range(["c0", "c2"]) is None
    assert channel_range(["c0", "d1"]) is None
    assert channel_range(["c0"]) is None


def test_what_is_said_of_one_channel_goes_before_what_is_said_of_all() -> None:
    """Whichever of the two entries stands first."""
    for text in (
        "channels: [{id: c0..c2, probe: DAPI, name: all}, {id: c1, name: one}]\n",
        "channels: [{id: c1, name: one}, {id: c0..c2, probe: DAPI, name: all}]\n",
    ):
        channels = described_channels(read_description(text).description.channels)
        said = {name: (one.name, one.probe) for name, one in channels.items()}
        assert said == {"c0": ("all", "DAPI"), "c1": ("one", "DAPI"), "c2": ("all", "DAPI")}


def test_settings_keep_the_order_in_which_channels_are_named() -> None:
    """A channel listed twice is two channels of the image; one in a range and alone is one."""
    listed = "[{channel: c0..c2, gain_v: 5}, {channel: c1, gain: 7}, {channel: c9}, {channel: c9}]"
    text = f"acquisitions: [{{channels: {listed}}}]"
    settings = settings_of(read_description(text).description.acquisitions[0].channels)
    assert [(one.channel, one.gain_v, one.gain) for one in settings] == [
        ("c0", 5, None), ("c1", 5, 7), ("c2", 5, None), ("c9", None, None), ("c9", None, None),
    ]  # fmt: skip
    assert channel_slots(["c0..c1", None, "c1"]) == [("c0", (0,)), ("c1", (2, 0)), (None, (1,))]


def test_many_channels_are_drafted_in_few_lines_and_lose_nothing() -> None:
    """One entry to fill in, a line for what the header says of each, and a refresh changes nothing."""
    deposit = spectral()
    text = drafted(deposit)
    start, end = text.index("\nchannels:"), text.index("\ninstruments:")
    assert text[start:end].count("\n") < 60
    assert '  - {id: c3, name: "453"}  # from raw/a.lsm' in text
    assert "      - {channel: c3, emission_band_nm: [448, 458]}  # from raw/a.lsm" in text
    loaded = read_description(text)
    assert loaded.problems == ()
    _, findings = check_description(loaded, deposit)
    assert findings == []
    assert refresh_description(text, deposit) == text
    few = drafted(spectral(8))
    assert "c0..c7" not in few


def test_a_probe_given_once_counts_for_all_channels() -> None:
    """One answer, and no channel lacks a probe any more; without it one place is named to fill in."""
    deposit = spectral()
    text = drafted(deposit)
    (one,) = [
        one for one in assess_level(read_description(text).description, deposit, transformed=True).missing[
            PracticeLevel.MINIMUM
        ] if "probe" in one.field
    ]  # fmt: skip
    assert (one.field, one.fields, len(one.subjects)) == ("channels[c0..c27].probe", (one.field,), 28)
    answered = changed(text, {"    probe:\n": "    probe: autofluorescence\n"})
    missing = assess_level(read_description(answered).description, deposit, transformed=True).missing
    assert not any("probe" in one.field for one in missing[PracticeLevel.MOST_REPRODUCIBLE])
    assert refresh_description(answered, deposit) == answered


def test_a_new_file_taken_alike_joins_the_range() -> None:
    """Its channels are recognised one by one, and nothing but its own entry is added."""
    deposit = spectral()
    text = changed(drafted(deposit), {"    probe:\n": "    probe: autofluorescence\n"})
    more = inventory(*deposit.files, file("raw/sub/b.lsm", "lsm", Tier.RAW, *deposit.files[0].images))
    said = read_description(refresh_description(text, more)).description
    assert len(said.acquisitions) == 1
    assert [(one.path, one.acquisition) for one in said.files] == [("raw/a.lsm", ("a1",)), ("raw/sub/b.lsm", ("a1",))]


def test_a_refresh_fills_a_range_only_with_what_all_its_channels_share() -> None:
    """What differs, or is known of some only, stays empty."""
    deposit = spectral(10)
    text = (
        "channels:\n  - id: c0..c9\n    excitation_nm:\n    name:\ninstruments: [{id: m1, lasers: [], detectors: []}]\n"
        "acquisitions:\n  - id: a1\n    instrument: m1\n    channels:\n      - channel: c0..c9\n        gain_v:\n"
        "        emission_band_nm:\nfiles: [{path: raw/a.lsm, acquisition: a1}]\n"
    )
    said = read_description(refresh_description(text, deposit)).description
    assert (said.channels[0].excitation_nm, said.channels[0].name) == (488, None)
    setting = said.acquisitions[0].channels[0]
    assert (setting.gain_v, setting.emission_band_nm) == (650, ())


def test_what_a_header_says_of_one_channel_is_not_said_of_all() -> None:
    """The first of ten has a wavelength; the others have none."""
    (lsm,) = spectral(10).files
    first, *others = lsm.images[0].channels
    channels = (first, *(replace(one, excitation_nm=None) for one in others))
    deposit = inventory(replace(lsm, images=(replace(lsm.images[0], channels=channels),)))
    text = drafted(deposit)
    assert '{id: c0, name: "423", excitation_nm: 488}' in text
    assert read_description(text).description.channels[0].excitation_nm is None
    assert refresh_description(text, deposit) == text


def test_two_channels_of_one_image_are_two_even_where_headers_say_the_same() -> None:
    """Someone has to say what each shows."""
    same = ChannelRecord(color="#FFFFFF")
    deposit = inventory(file("raw/a.tif", "tiff", Tier.RAW, stack(channels=(same, same))))
    said = read_description(drafted(deposit)).description
    assert [one.id for one in said.channels] == ["c0", "c1"]
    assert [one.channel for one in said.acquisitions[0].channels] == ["c0", "c1"]
    other = stack(channels=(same, same), pixel_size_um=PixelSize(x=2.0, y=2.0, z=1.0))
    both = read_description(drafted(inventory(*deposit.files, file("raw/b.tif", "tiff", Tier.RAW, other)))).description
    assert [one.id for one in both.channels] == ["c0", "c1"]
    assert [one.channel for one in both.acquisitions[1].channels] == ["c0", "c1"]


def test_the_readme_prints_a_range_once() -> None:
    """The names of a spectrum as from and to; other names have a line for each channel below the common answer."""
    deposit = spectral(10)
    text = changed(drafted(deposit), {"    probe:\n": "    probe: autofluorescence\n"})
    facts = ReadmeFacts(
        description=read_description(text).description, inventory=deposit, level_claimed=None, level_reached=None,
        draft=False, tool_version="9", bag_name="b", created=date(2026, 1, 2),
    )  # fmt: skip
    section = render_readme(facts).partition("4. CHANNELS")[2].partition("5. EQUIPMENT")[0]
    assert section.count("autofluorescence") == 1
    assert re.search(r"^  c0 to c9  423 to 513 +autofluorescence +", section, re.MULTILINE)
    assert "c3" not in section
    named = read_description(changed(text, {'"453"': '"other"'})).description
    section = render_readme(replace(facts, description=named)).partition("4. CHANNELS")[2].partition("5. EQUIP")[0]
    assert section.count("autofluorescence") == 1
    assert re.search(r"^  c3 +other ", section, re.MULTILINE)
    assert re.search(r"^  c4 +463 ", section, re.MULTILINE)
