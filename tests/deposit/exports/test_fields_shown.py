"""Whatever can be said in deposit.yaml is shown to people in a readme, and to archives in an export."""

from enum import StrEnum
from pathlib import PurePosixPath
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.child_works import child_works
from confocal_bag.deposit.exports.readme import render_child_readme
from confocal_bag.deposit.exports.rembi import render_rembi
from tests.deposit.described import two_cells
from tests.deposit.exports.exported import facts
from tests.deposit.test_readme import flat, readme

#: What no readme shows as it was written, and why.
NOT_IN_A_README = {
    "schema_uri": "says how the file is read",
    "files.path": "a pattern; the files themselves are listed",
    "related.relation": "shown in words",
    "creators.name": "the family and given names go before it",
    "contributors.name": "the family and given names go before it",
    "child_works.creators.name": "the family and given names go before it",
    "child_works.folder": "shown without its tier",
}
#: What REMBI has a place for.
REMBI = (
    "title", "abstract", "keywords", "creators.family", "creators.email", "contributors.family", "funding.funder",
    "funding.award", "acknowledgements", "core_facility.rrid", "license.holder", "related.id", "dates.issued",
    "specimens.organism.name", "specimens.material.name", "specimens.cell_line.name", "specimens.growth",
    "specimens.mounting.holder", "specimens.fixation.protocol", "channels.name", "channels.target", "channels.probe",
    "channels.fluor", "channels.excitation_nm", "instruments.microscope.model", "instruments.objective.na",
    "instruments.lasers.power_mw", "acquisitions.zoom", "acquisitions.notes", "protocols.sample_preparation.text",
    "protocols.sample_preparation.link", "protocols.processing.text", "quality.calibration", "child_works.title",
    "child_works.description", "child_works.creators.family", "child_works.protocols.processing.text",
)  # fmt: skip


class Filled:
    """A description with a value of its own in every field."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}
        self.data: dict[str, Any] = self._value(Description, ())
        self.data["location"].update(lat=35.5, lon=-78.5)
        for section, name in (("specimens", "s1"), ("channels", "c0"), ("instruments", "m1"), ("acquisitions", "a1")):
            self._say(name, section, 0, "id")
        self._say("m1", "acquisitions", 0, "instrument")
        self._say("s1", "acquisitions", 0, "specimen")
        self._say("c0", "acquisitions", 0, "channels", 0, "channel")
        self._say("raw/*.czi", "files", 0, "path")
        self._say(["a1"], "files", 0, "acquisition")
        self._say("s1", "files", 0, "specimen")
        self._say("raw/part", "child_works", 0, "folder")
        self._say(["s1"], "child_works", 0, "specimens")
        self._say(["a1"], "child_works", 0, "acquisitions")
        self._say([0.25, 0.75], "acquisitions", 0, "pixel_size_um")
        for field in ("location.lat", "location.lon", "acquisitions.pixel_size_um"):
            self.marks.pop(field, None)

    def _say(self, value: Any, *place: str | int) -> None:
        """Write a value that others refer to, or that two fields share; the text of it is its mark."""
        *groups, leaf = place
        entry: Any = self.data
        for step in groups:
            entry = entry[step]
        entry[leaf] = value
        field = ".".join(str(step) for step in place if isinstance(step, str))
        self.marks[field] = value[0] if isinstance(value, list) else value

    def _value(self, kind: Any, path: tuple[str, ...]) -> Any:
        kind = _bare(kind)
        if get_origin(kind) is tuple:
            return [self._value(get_args(kind)[0], path)]
        if get_origin(kind) is dict:
            return {"X": 9}
        if issubclass(kind, BaseModel):
            fields = kind.model_fields.items()
            return {info.alias or name: self._value(info.annotation, (*path, name)) for name, info in fields}
        if issubclass(kind, StrEnum):
            return next(iter(kind)).value
        if kind is bool:
            return True
        number = len(self.marks) + 100
        self.marks[".".join(path)] = f"{number}.5" if kind is float else f"mark{number}end"
        return number + 0.5 if kind is float else f"mark{number}end"


def _bare(kind: Any) -> Any:
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return kind


FILLED = Filled()
SAID = Description.model_validate(FILLED.data)
FIELDS = [one for one in FILLED.marks if one not in NOT_IN_A_README]


def without_blanks(text: str) -> str:
    """The text as it was before it was wrapped."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def shown() -> str:
    """The readme of the dataset and that of its one child work."""
    deposit = two_cells()
    (work,) = child_works(SAID, deposit, {one.path: PurePosixPath("raw/part", one.path.name) for one in deposit.files})
    own = readme(description=SAID, children=(work,), render=lambda one: render_child_readme(one, work))
    return without_blanks(readme(description=SAID, children=(work,)) + own)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_shown_in_a_readme(shown: str, field: str) -> None:
    """Generated from the model: a new field has to find its place."""
    assert FILLED.marks[field] in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "related: [{id: 10.1083/x, relation: IsDocumentedBy, open: true}]",
            "https://doi.org/10.1083/x (openly accessible)",
        ),
        ("related: [{id: 10.1083/x, open: false}]", "https://doi.org/10.1083/x (not openly accessible)"),
        ("protocols: {acquisition: {link: https://a.example, open: true, complete: true}}", "accessible and complete)"),
        ("specimens: [{live: true}]", "none, imaged alive"),
        ("acquisitions: [{scale_bar: true}]", "see the scale bar in the images"),
        ("privacy: {human_subjects: true}", "Human subjects: yes"),
        ("privacy: {restricted: true}", "Restricted data: yes"),
    ],
)
def test_yes_and_no_are_shown_in_words(text: str, shown: str) -> None:
    """The fields that hold no text of their own."""
    assert shown in flat(readme(description=read_description(text + "\n").description))


def test_what_is_left_out_of_readmes_is_a_field() -> None:
    """The list of reasons does not outlive the fields."""
    assert set(NOT_IN_A_README) <= set(FILLED.marks)


@pytest.mark.parametrize("field", REMBI)
def test_rembi_has_what_it_has_a_place_for(field: str) -> None:
    """Study, samples, acquisition, channels, analysis, and the parts of the dataset."""
    assert FILLED.marks[field] in render_rembi(facts(description=SAID)).decode()
