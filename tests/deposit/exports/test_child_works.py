"""Which folders are child works, and what their readmes say."""

from datetime import date
from pathlib import PurePosixPath

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.child_works import ChildWork, child_works
from confocal_bag.deposit.exports.readme import ConversionFacts, ReadmeFacts, render_child_readme, render_readme
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.vocabulary import Tier
from tests.deposit.described import COMPLETE, STACK, file, inventory
from tests.deposit.test_readme import headings

SPECIMENS = """\
title: Two mice
specimens:
  - {id: s1, organism: Mus musculus, origin: first litter}
  - {id: s2, organism: Mus musculus, origin: second litter}
instruments: [{id: m1, microscope: LSM 880}, {id: m2, microscope: LSM 710}]
channels: [{id: c0, name: tubulin}, {id: c1, name: DNA}, {id: c2, name: actin}]
acquisitions:
  - {id: a1, instrument: m1, specimen: s1, channels: [c0, c1]}
  - {id: a2, instrument: m2, specimen: s2, channels: [c1, c2]}
files:
  - {path: "*/mouse1/*", acquisition: a1}
  - {path: "*/mouse2/*", acquisition: a2}
"""


def places(deposit: Inventory) -> dict[PurePosixPath, PurePosixPath]:
    """Each file lies in the bag as in the deposit."""
    return {one.path: one.path for one in deposit.files}


def works(said: str, *files: FileRecord) -> list[ChildWork]:
    """The child works of some files."""
    deposit = inventory(*files)
    return list(child_works(read_description(said).description, deposit, places(deposit)))


def image(path: str) -> FileRecord:
    """A stack of two channels."""
    return file(path, "czi", Tier(path.partition("/")[0]), STACK)


MICE = (image("raw/mouse1/a.czi"), image("raw/mouse2/b.czi"), image("transformed/mouse1/a.czi"))


def test_folders_with_specimens_of_their_own_are_child_works() -> None:
    """One for each, over all tiers, with what of the description speaks of it."""
    first, second = works(SPECIMENS, *MICE)
    assert first.folder == PurePosixPath("mouse1")
    assert first.readme == PurePosixPath("readme/mouse1/README_mouse1.txt")
    assert first.files == {PurePosixPath("raw/mouse1/a.czi"), PurePosixPath("transformed/mouse1/a.czi")}
    assert [one.id for one in first.description.specimens] == ["s1"]
    assert [one.id for one in first.description.acquisitions] == ["a1"]
    assert [one.id for one in first.description.instruments] == ["m1"]
    assert [one.id for one in first.description.channels] == ["c0", "c1"]
    assert [one.id for one in second.description.channels] == ["c1", "c2"]


def test_folders_that_hold_the_same_are_no_child_works() -> None:
    """One specimen and one acquisition, or all folders alike."""
    assert works(COMPLETE, *MICE) == []
    alike = SPECIMENS.replace("acquisition: a2", "acquisition: a1")
    assert works(alike, *MICE) == []
    assert works(SPECIMENS, image("raw/a.czi"), image("raw/b.czi")) == []


def test_a_folder_of_folders_is_looked_into() -> None:
    """The folders that differ are the works, however deep; those that do not are one."""
    deep = SPECIMENS.replace("*/mouse1/*", "raw/day1/mouse1/**").replace("*/mouse2/*", "raw/day1/mouse2/**")
    found = works(
        deep, image("raw/day1/mouse1/x/a.czi"), image("raw/day1/mouse1/y/b.czi"), image("raw/day1/mouse2/c.czi")
    )
    assert [str(one.folder) for one in found] == ["day1/mouse1", "day1/mouse2"]
    assert found[0].readme == PurePosixPath("readme/day1/mouse1/README_mouse1.txt")


def test_a_long_folder_name_gives_a_short_readme_name() -> None:
    """No name of a file may be longer than 255 bytes."""
    long = "m" * 240
    said = SPECIMENS.replace("mouse1", long)
    first, _ = works(said, image(f"raw/{long}/a.czi"), image("raw/mouse2/b.czi"))
    assert first.readme.name == "README.txt"


def facts(deposit: Inventory) -> ReadmeFacts:
    """What the readmes of two mice say."""
    said = read_description(SPECIMENS).description
    return ReadmeFacts(
        description=said,
        inventory=deposit,
        level_claimed=None,
        level_reached=None,
        draft=False,
        tool_version="9.9",
        bag_name="mice",
        created=date(2026, 1, 2),
        places=places(deposit),
        children=child_works(said, deposit, places(deposit)),
        conversions=[
            ConversionFacts(
                source=f"raw/mouse{n}/x.czi", result=f"transformed/mouse{n}/x.tif", planes=n, series_name=""
            )
            for n in (1, 2)
        ],
    )


def test_the_readme_of_a_child_work_speaks_of_it_alone() -> None:
    """Its specimen, channels, instrument and files, and where to read of the dataset."""
    every = facts(inventory(*MICE))
    text = render_child_readme(every, every.children[0])
    assert text.startswith(f"{'=' * 80}\nREADME: mouse1 (part of: Two mice)\n")
    assert "data/readme/README.txt" in text
    assert headings(text)[0] == "1. SAMPLES: ORIGIN AND PREPARATION"
    for said in ("first litter", "tubulin", "LSM 880", "data/raw/mouse1/a.czi"):
        assert said in text, said
    for other in ("second litter", "actin", "LSM 710", "mouse2", "LICENCE", "SHARING"):
        assert other not in text, other
    assert "For channel" not in text or "DNA" in text


def test_the_readme_of_the_dataset_names_those_of_its_parts() -> None:
    """And still speaks of everything."""
    text = render_readme(facts(inventory(*MICE)))
    assert "    data/readme/mouse1/README_mouse1.txt, about mouse1\n" in text
    assert "second litter" in text


OWN = """\
child_works:
  - folder: raw/mouse1
    title: The first mouse
    description: All images of the mouse that was born first.
    creators: [{family: Hopper, given: Grace, orcid: 0000-0002-1825-0097}]
    specimens: s2
    protocols: {processing: Deconvolved in Huygens 22.10}
"""


def rendered_child(said: str, *files: FileRecord) -> tuple[str, str]:
    """The readme of the first child work, and that of the dataset."""
    deposit = inventory(*files)
    description = read_description(said).description
    found = child_works(description, deposit, places(deposit))
    facts = ReadmeFacts(
        description=description, inventory=deposit, level_claimed=None, level_reached=None, draft=False,
        tool_version="9", bag_name="b", created=date(2026, 1, 2), children=found, places=places(deposit),
    )  # fmt: skip
    return render_child_readme(facts, found[0]), render_readme(facts)


def test_what_a_child_work_says_of_itself_goes_before_what_the_dataset_says() -> None:
    """Title, summary, people, samples and protocols; the rest is as the dataset has it."""
    first, second = works(SPECIMENS + OWN, *MICE)
    assert first.own is not None
    assert (first.title, first.own.title, second.own) == ("The first mouse", "The first mouse", None)
    assert [one.id for one in first.description.specimens] == ["s2"]
    assert [one.id for one in first.description.acquisitions] == ["a1"]
    child, dataset = rendered_child(SPECIMENS + OWN, *MICE)
    assert "README: The first mouse (part of: Two mice)" in child
    assert "All images of the mouse that was born first." in child
    assert headings(child)[0] == "1. WHO MADE THIS PART"
    assert "Grace Hopper" in child
    assert "Deconvolved in Huygens 22.10" in child
    assert "Deconvolved" not in dataset
    assert "who made the data" not in " ".join(child.split())
    assert "data/readme/mouse1/README_mouse1.txt, about The first mouse (mouse1)" in " ".join(dataset.split())


def test_a_described_folder_is_a_child_work_although_it_holds_what_others_hold() -> None:
    """One specimen, one acquisition, and a title of its own; a folder that is not there is none."""
    (work,) = works(COMPLETE + "child_works: [{folder: mouse1, title: One}, nowhere]\n", *MICE)
    assert str(work.folder) == "mouse1"
    assert work.files == {PurePosixPath("raw/mouse1/a.czi"), PurePosixPath("transformed/mouse1/a.czi")}
    assert work.description.creators == read_description(COMPLETE).description.creators


def test_a_described_folder_takes_the_place_of_those_in_it() -> None:
    """What is described as one is one."""
    deep = SPECIMENS.replace("*/mouse1/*", "raw/day1/mouse1/**").replace("*/mouse2/*", "raw/day1/mouse2/**")
    files = (image("raw/day1/mouse1/a.czi"), image("raw/day1/mouse2/c.czi"))
    assert [str(one.folder) for one in works(deep + "child_works: [day1]\n", *files)] == ["day1"]
