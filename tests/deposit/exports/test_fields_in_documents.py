"""In which documents each field about samples, microscopes and settings appears: none vanishes silently."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.exports.abcd import render_abcd
from confocal_bag.deposit.exports.abcd3 import render_abcd3
from confocal_bag.deposit.exports.archivematica import render_dublin_core
from confocal_bag.deposit.exports.datacite import render_datacite
from confocal_bag.deposit.exports.ome_notes import file_entries, sidecar_notes
from confocal_bag.deposit.exports.rembi import render_rembi
from confocal_bag.deposit.exports.rocrate import render_crate
from tests.deposit.exports.exported import facts
from tests.deposit.exports.test_fields_shown import FILLED, SAID

SECTIONS = ("specimens", "channels", "instruments", "acquisitions")
FIELDS = [one for one in FILLED.marks if one.split(".")[0] in SECTIONS]

#: What REMBI leaves out, and why.
NOT_IN_REMBI = {
    "instruments.id": "an id inside deposit.yaml; the instrument itself stands with the acquisition",
    "acquisitions.instrument": "a reference to that id",
}


def _annotations() -> str:
    notes = sidecar_notes(SAID, file_entries(SAID), PurePosixPath("raw/cell01.czi"))
    return "\n".join(text for note in notes for pair in note.pairs.items() for text in pair)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "OME-XML": _annotations,
    "RO-Crate": lambda: render_crate(facts(description=SAID)).decode(),
}


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Each document of a description with every field filled."""
    whole = facts(description=SAID)
    renders = {
        "ABCD 2.06": render_abcd, "ABCD 3.0": render_abcd3, "REMBI": render_rembi, "DataCite": render_datacite,
        "Dublin Core": render_dublin_core,
    }  # fmt: skip
    texts = {name: render(whole).decode() for name, render in renders.items()}
    return texts | {name: render() for name, render in DOCUMENTS.items()}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_sidecar_and_crate_say_every_field(written: dict[str, str], document: str, field: str) -> None:
    """Generated from the model: a new field has to find its place in both."""
    assert FILLED.marks[field] in written[document]


@pytest.mark.parametrize("field", [one for one in FIELDS if one not in NOT_IN_REMBI])
def test_rembi_says_every_field(written: dict[str, str], field: str) -> None:
    """It is the record of samples and acquisitions for an archive of images."""
    assert FILLED.marks[field] in written["REMBI"]


@pytest.mark.parametrize("term", ["organism", "material", "cell_type", "cell_line", "tissue", "component"])
@pytest.mark.parametrize("document", ["ABCD 2.06", "ABCD 3.0", "DataCite", "Dublin Core"])
def test_what_was_imaged_is_a_subject_everywhere(written: dict[str, str], document: str, term: str) -> None:
    """The cell line no less than the species, by its name."""
    assert FILLED.marks[f"specimens.{term}.name"] in written[document]


@pytest.mark.parametrize("field", [one for one in FIELDS if one.startswith("specimens.")])
@pytest.mark.parametrize("document", ["ABCD 2.06", "ABCD 3.0"])
def test_abcd_says_every_field_of_a_specimen(written: dict[str, str], document: str, field: str) -> None:
    """It is the standard for specimens."""
    assert FILLED.marks[field] in written[document]


def test_what_is_left_out_is_a_field_and_is_left_out(written: dict[str, str]) -> None:
    """The list of reasons does not outlive the fields; ids that stand there anyway have no reason to be listed."""
    assert set(NOT_IN_REMBI) <= set(FIELDS)
    assert all(f'"{FILLED.marks[one]}"' not in written["REMBI"] for one in NOT_IN_REMBI)
