"""Each level has a deposit that just reaches it and, one field removed, just fails it: for every field it asks for.

Deposits and cases are made from the levels' own tables, and filled in with the tables' own examples.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from confocal_bag.deposit.curation.cells import without_places
from confocal_bag.deposit.description.fields import FIELD_HELP, PARTS, needed_level
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment, assess_level
from confocal_bag.deposit.levels.channels import UNREAD_NEEDS
from confocal_bag.deposit.levels.table import NEEDS
from confocal_bag.deposit.levels.view import Need
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import BARE, file, inventory
from tests.deposit.levelled import LISTS, Data, as_yaml, described, example, main_field, remove, write

#: One image of which the header records nothing but its axes: everything else has to be said.
SILENT = replace(BARE, axes={"T": 3, "C": 1, "Z": 5, "Y": 64, "X": 48})


def deposit(*, read: bool = True) -> Inventory:
    """A raw image and its converted copy, of which nothing but the axes can be read; or not even these."""
    images = (SILENT,) if read else ()
    return inventory(
        file("raw/cell.czi", "czi", Tier.RAW, *images),
        file("transformed/cell.ome.tif", "ome-tiff", Tier.TRANSFORMED, *images),
    )


def assess(data: Data, files: Inventory) -> LevelAssessment:
    """Judge a description as it is read from YAML; every example in it must be understood."""
    loaded = read_description(as_yaml(data))
    assert loaded.problems == ()
    return assess_level(loaded.description, files, transformed=None)


def embargo(data: Data) -> None:
    """The condition under which the end of an embargo is asked for."""
    data["access"] = {"level": "embargoed", "until": example("access.until")}


def second_specimen(data: Data) -> None:
    """The condition under which an acquisition has to name its specimen."""
    data["specimens"].append({**data["specimens"][0], "id": "s2"})


def second_detector(data: Data) -> None:
    """The condition under which a channel has to name its detector: the only one there is took them all."""
    data["instruments"][0]["detectors"].append({"id": "d9", "type": "PMT"})


#: Under which condition a field is asked for, where the table of fields names one that the deposit above does not meet.
CONDITIONS: dict[str, Callable[[Data], None]] = {
    "access.until": embargo,
    "acquisitions.specimen": second_specimen,
    "acquisitions.channels.detector": second_detector,
    "raw_location": lambda data: write(data, "raw_location"),
}


def _no_rrid(data: Data) -> None:
    data["channels"][0]["probe"] = "DM1A antibody"


def _link_only(data: Data) -> None:
    data["protocols"]["processing"] = {"link": "https://doi.org/10.1/x"}


#: How a part is taken away that is no field of its own: from the description, or from the files.
FROM_DESCRIPTION: dict[str, Callable[[Data], None]] = {
    "protocols": lambda data: remove(data, "protocols"),
    "channels.probe RRID": _no_rrid,
    "protocols.processing in detail": _link_only,
}
FROM_FILES: dict[str, Callable[[Inventory], Inventory]] = {
    "files": lambda _: inventory(file("readme.txt", "text", Tier.README)),
    "transformed": lambda files: inventory(files.files[0]),
    "metadata": lambda files: inventory(replace(files.files[0], images=()), files.files[1]),
    "raw_location": lambda files: inventory(files.files[1]),
}

CASES = [
    (level, number)
    for number, need in enumerate(NEEDS)
    for level in PracticeLevel
    if needed_level(need.fields[0]).rank <= level.rank
]
_NAMES = [f"{level}-{NEEDS[number].fields[0]}{'-unread' * (NEEDS[number] in UNREAD_NEEDS)}" for level, number in CASES]


@pytest.mark.parametrize("level", list(PracticeLevel))
def test_a_deposit_just_reaches_its_level(level: PracticeLevel) -> None:
    """That level and no higher one, with nothing but the table's own examples."""
    assessment = assess(described(level), deposit())
    assert assessment.missing[level] == ()
    assert assessment.reached is level


def test_every_part_and_condition_is_covered() -> None:
    """What is no field with an example has its way of being taken away here; nothing here is out of use."""
    keys = {field for need in NEEDS for field in need.fields}
    by_hand = {field for need in NEEDS if main_field(need) not in FIELD_HELP for field in need.fields}
    assert by_hand <= set(FROM_DESCRIPTION) | set(FROM_FILES) | {"transformed of everything"}
    assert set(PARTS) <= by_hand
    assert set(FROM_DESCRIPTION) | set(FROM_FILES) | set(CONDITIONS) <= keys


@pytest.mark.parametrize(("level", "number"), CASES, ids=_NAMES)
def test_one_field_less_just_fails_it(level: PracticeLevel, number: int) -> None:
    """The level is missed for that one thing, and everything below the level that asks for it is still reached."""
    need = NEEDS[number]
    if need in UNREAD_NEEDS and level is PracticeLevel.MOST_REPRODUCIBLE:
        pytest.skip("the highest level asks for images that can be read")
    data, files = described(level), deposit(read=need not in UNREAD_NEEDS)
    if need.fields[0] in CONDITIONS:
        CONDITIONS[need.fields[0]](data)
    reached = assess(data, files).reached
    assert reached is not None
    assert reached.rank >= level.rank
    assessment = assess(*without(need, data, files))
    of = needed_level(need.fields[0])
    lower = [one for one in PracticeLevel if one.rank < of.rank]
    assert assessment.reached is (lower[-1] if lower else None)
    own = [one for one in assessment.missing[of] if one.level is of]
    assert len(own) == 1, own
    assert _leaf(own[0].field) in {_leaf(field.partition(" ")[0]) for field in need.fields}
    assert own[0].remedy


def without(need: Need, data: Data, files: Inventory) -> tuple[Data, Inventory]:
    """The description and the files without what answers a need."""
    key = need.fields[0]
    if key == "transformed of everything":
        # good enough are the processed files of a publication as well, and only the highest level is not content
        data["files"].append({"path": "processed/*", "description": "Projection"})
        data["related"] = [{"id": "10.1/x", "relation": "IsSupplementTo"}]
        return data, inventory(files.files[0], file("processed/a.tif", "tiff", Tier.PROCESSED, SILENT))
    if key in FROM_DESCRIPTION:
        FROM_DESCRIPTION[key](data)
        return data, files
    for field in (*need.fields, *need.answers):
        if field not in LISTS or len(need.fields) == 1:
            remove(data, field)
    return data, FROM_FILES[key](files) if key in FROM_FILES else files


def _leaf(field: str) -> str:
    return field.rpartition("]")[2].lstrip(".").rpartition(".")[2] or field


ALTERNATIVES = [
    (number, field)
    for number, need in enumerate(NEEDS)
    for field in (*need.fields[1:], *need.answers)
    if field in FIELD_HELP and FIELD_HELP[field].example and main_field(need) != field
]


@pytest.mark.parametrize(
    ("number", "field"), ALTERNATIVES, ids=[f"{NEEDS[number].fields[0]}-{field}" for number, field in ALTERNATIVES]
)
def test_one_of_several_answers_is_enough(number: int, field: str) -> None:
    """A level asks for one of them, not for all: the primer says "or"."""
    need = NEEDS[number]
    level = needed_level(need.fields[0])
    data, files = without(need, described(level), deposit())
    assert [one for one in assess(data, files).missing[level] if one.level is level]
    write(data, field)
    if field == "specimens.live":
        data["specimens"][0]["live"] = True  # the example is the answer that says nothing of a fixation
    missing = {without_places(one.field) for one in assess(data, files).missing[level]}
    assert not missing.intersection(need.fields)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"protocols": {"acquisition": {"link": "https://doi.org/10.1/x"}}}, True),
        ({"protocols": {"acquisition": {"link": "https://doi.org/10.1/x", "open": False}}}, False),
        ({"protocols": {"acquisition": {"link": "https://doi.org/10.1/x", "complete": False}}}, False),
        ({"protocols": {"acquisition": {"text": "Stacks.", "link": "https://doi.org/10.1/x", "open": False}}}, True),
        ({"protocols": {}, "related": [{"id": "10.1/x", "relation": "IsDocumentedBy"}]}, True),
        ({"protocols": {}, "related": [{"id": "10.1/x", "relation": "IsDocumentedBy", "open": False}]}, False),
    ],
)
def test_a_publication_that_is_closed_or_incomplete_does_not_stand_for_a_protocol(said: Data, *, counts: bool) -> None:
    """The primer's footnote to the link, at every level: detailed enough, and openly accessible."""
    assessment = assess({**described(PracticeLevel.MINIMUM), **said}, deposit())
    assert ("protocols" not in {one.field for one in assessment.missing[PracticeLevel.MINIMUM]}) is counts
