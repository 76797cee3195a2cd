"""Channels that only file names tell apart: each is drafted, asked for and described, and none is said of all files."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from confocal_bag.asking import ask_depositor
from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.description.draft import draft_description
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.images import described_images
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.refresh import refresh_description
from confocal_bag.findings import Finding, Verdict
from confocal_bag.image.open import open_image
from confocal_bag.image.synthetic import cell_stack, write_plane
from confocal_bag.inspect import Inspection, inspect_deposit
from confocal_bag.stacks import StackMode
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel

SCHEMA = "schema: confocal-bag/deposit/1\n"
CHANNELS = "channels: [{id: c0, name: tubulin, target: alpha-tubulin}, {id: c1, name: DNA, target: DNA}]\n"
BOTH = SCHEMA + CHANNELS + "acquisitions: [{id: a1, channels: [{channel: c0}, {channel: c1}]}]\n"
ONE = SCHEMA + "channels: [{id: c0, name: tubulin}]\nacquisitions: [{id: a1, channels: [{channel: c0}]}]\n"
APART = (
    SCHEMA
    + CHANNELS
    + "acquisitions: [{id: a1, channels: [{channel: c0}]}, {id: a2, channels: [{channel: c1}]}]\n"
    + 'files: [{path: "planes/*c001*", acquisition: a1}, {path: "planes/*c002*", acquisition: a2}]\n'
)


def planes(folder: Path, channels: Sequence[str] = ("c001", "c002"), stem: str = "cell") -> Path:
    """A deposit of three z-planes of each channel, as one TIFF each."""
    values = cell_stack(planes=3, size=24)
    (folder / "planes").mkdir(parents=True, exist_ok=True)
    for index, channel in enumerate(channels):
        for z in range(3):
            write_plane(folder / "planes" / f"{stem}_{channel}_z{z + 1}.tif", values[z, index % 2])
    return folder


@pytest.fixture
def deposit(tmp_path: Path) -> Path:
    """A deposit whose two channels have numbers."""
    return planes(tmp_path / "deposit")


def inspected(deposit: Path, text: str | None = None) -> Inspection:
    """A deposit with what this text says of it."""
    if text is None:
        return inspect_deposit(deposit)
    path = deposit.parent / "said.yaml"
    path.write_text(text)
    return inspect_deposit(deposit, description=path)


def drafted(deposit: Path) -> tuple[str, Description]:
    """The draft of a description, and what it says."""
    text = draft_description(inspected(deposit).inventory, level=PracticeLevel.MINIMUM)
    return text, read_description(text).description


def counts(inspection: Inspection) -> list[Finding]:
    """What the rule about the number of channels found."""
    return [one for one in inspection.findings if one.rule == "description.channel-count"]


def said_of_files(deposit: Path, text: str) -> dict[str, list[str | None]]:
    """For each file the names of the channels that a description gives it."""
    inspection = inspected(deposit, text)
    assert inspection.loaded is not None
    images = described_images(inspection.loaded.description, inspection.inventory)
    return {
        one.header.path.rpartition("/")[2]: [channel.name if channel else None for channel in one.channels]
        for one in images
    }


def test_a_draft_has_a_channel_for_each_number_in_the_names(deposit: Path) -> None:
    """Both are in the acquisition, and a comment says which files each is; a number is no name."""
    text, said = drafted(deposit)
    assert [(one.id, one.name) for one in said.channels] == [("c0", None), ("c1", None)]
    assert [[one.channel for one in acquisition.channels] for acquisition in said.acquisitions] == [["c0", "c1"]]
    assert [(one.path, one.acquisition) for one in said.files] == [("planes/*.tif", ("a1",))]
    assert "- id: c1  # files such as planes/cell_c002_z1.tif" in text


def test_a_word_in_the_names_is_the_name_of_a_channel(tmp_path: Path) -> None:
    """And the draft says that it is from the name, not from a header."""
    text, said = drafted(planes(tmp_path / "deposit", ("DAPI", "GFP")))
    assert [one.name for one in said.channels] == ["DAPI", "GFP"]
    assert "name: GFP  # from the name of planes/cell_GFP_z1.tif" in text


def test_sequences_of_other_channels_are_other_acquisitions(tmp_path: Path) -> None:
    """Channels 1 and 2 of one sequence are not channels 1 and 3 of another, though no header says more."""
    planes(tmp_path / "deposit", stem="first")
    _, said = drafted(planes(tmp_path / "deposit", ("c001", "c003"), stem="second"))
    assert [[one.channel for one in acquisition.channels] for acquisition in said.acquisitions] == [
        ["c0", "c1"],
        ["c2", "c3"],
    ]


def test_one_channel_alone_in_the_names_is_no_channel_apart(tmp_path: Path) -> None:
    """A sequence of one channel is described as ever."""
    text, said = drafted(planes(tmp_path / "deposit", ("c002",)))
    assert [one.id for one in said.channels] == ["c0"]
    assert "files such as" not in text


def test_refreshing_a_draft_changes_nothing(deposit: Path) -> None:
    """Neither with numbers nor with what people wrote since."""
    inventory = inspected(deposit).inventory
    text, _ = drafted(deposit)
    assert refresh_description(text, inventory) == text
    assert refresh_description(BOTH + 'files: [{path: "**", acquisition: a1}]\n', inventory).startswith(BOTH)


def test_each_channel_is_asked_for(deposit: Path) -> None:
    """With its number and a file, for numbers mean nothing to a depositor by themselves."""
    asked = ask_depositor(inspected(deposit), aim=PracticeLevel.MINIMUM, size="1 kB")
    fields = {cell.field for one in asked.requests.now for cell in one.cells}
    assert {"channels[c0].name", "channels[c1].name", "channels[c0].probe", "channels[c1].probe"} <= fields
    assert "channel 2 (files such as cell_c002_z1.tif)" in " ".join(asked.letter().split())


def test_each_file_has_the_channel_of_its_name(deposit: Path) -> None:
    """In the order of the acquisition; without a list there, in the order of the channels."""
    expected = {f"cell_c00{c}_z{z}.tif": [name] for c, name in ((1, "tubulin"), (2, "DNA")) for z in (1, 2, 3)}
    assert said_of_files(deposit, BOTH) == expected
    assert said_of_files(deposit, SCHEMA + CHANNELS) == expected
    assert said_of_files(deposit, APART) == expected
    assert not counts(inspected(deposit, BOTH))
    assert not counts(inspected(deposit, APART))


def test_one_channel_is_not_said_of_files_of_two(deposit: Path) -> None:
    """It is a warning, and nothing is said of any file."""
    assert set(map(tuple, said_of_files(deposit, ONE).values())) == {(None,)}
    (finding,) = counts(inspected(deposit, ONE))
    assert finding.message.startswith(
        "acquisitions[0] lists 1 channel, but the names of planes/cell_c001_z1.tif (and 5 more) tell of 2"
    )


def test_a_bag_says_which_files_are_which_channel(deposit: Path, tmp_path: Path) -> None:
    """The readme lists the files of each; a sidecar speaks of the one channel of its file, or of all of a stack."""
    (tmp_path / "said.yaml").write_text(BOTH)
    options = BuildOptions(draft=True, description=tmp_path / "said.yaml", stacks=StackMode.BOTH)
    build_bag(deposit, tmp_path / "bag", options)
    readme = (tmp_path / "bag/data/readme/README.txt").read_text()
    images = readme[readme.index("Channel 1: tubulin") :]
    first, second = images.split("Channel 2: DNA")
    assert "cell_c001_z3.tif" in first
    assert "cell_c002" not in first
    assert "cell_c002_z1.tif" in second
    below = tmp_path / "bag/data/metadata/ome/transformed/planes"
    own = (below / "cell_c002_z1.tif.ome.xml").read_text()
    assert "alpha-tubulin" not in own
    assert ">DNA<" in own
    whole = (below / "cell.ome.tiff.ome.xml").read_text()
    assert "alpha-tubulin" in whole
    assert ">DNA<" in whole


def test_the_names_of_channels_go_into_what_is_made_of_a_stack(deposit: Path, tmp_path: Path) -> None:
    """The compiled OME-TIFF and the companion file call the channels as deposit.yaml does."""
    (tmp_path / "said.yaml").write_text(BOTH)
    options = BuildOptions(draft=True, description=tmp_path / "said.yaml", stacks=StackMode.BOTH)
    build_bag(deposit, tmp_path / "bag", options)
    below = tmp_path / "bag/data/transformed/planes"
    with open_image(below / "cell.ome.tiff") as image:
        assert image.series[0].channel_names == ("tubulin", "DNA")
    companion = (below / "cell.companion.ome").read_text()
    assert 'Name="tubulin"' in companion
    assert companion.index('Name="tubulin"') < companion.index('Name="DNA"')
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is not Verdict.INVALID
