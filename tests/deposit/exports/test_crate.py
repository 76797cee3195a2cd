"""RO-Crate 1.1: checks of the specification that can be made without a network."""

import json
import re
from typing import Any
from urllib.parse import unquote

from confocal_bag.deposit.exports.rocrate import render_crate
from tests.deposit.described import COMPLETE
from tests.deposit.exports.exported import RAW, RESULT, described, facts, row, rows


def crate(**changes: Any) -> dict[str, dict[str, Any]]:
    """The entities of the crate by their identifiers, none of them twice."""
    document = json.loads(render_crate(facts(**changes)))
    assert document["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    graph = document["@graph"]
    found = {one["@id"]: one for one in graph}
    assert len(found) == len(graph)
    return found


def references(value: Any) -> list[str]:
    """Every identifier that is referred to."""
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else [one for part in value.values() for one in references(part)]
    return [one for part in value for one in references(part)] if isinstance(value, list) else []


def listed(value: Any) -> list[Any]:
    """One value or several, as a list."""
    return value if isinstance(value, list) else [value]


def test_the_crate_has_what_the_specification_requires() -> None:
    """Descriptor and root are there, and the root has name, description, datePublished and license (1.1, 3 and 4)."""
    found = crate()
    descriptor, root = found["ro-crate-metadata.json"], found["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert {"name", "description", "datePublished", "license"} <= set(root)


def test_every_reference_is_described_and_every_file_is_a_part() -> None:
    """References resolve inside the crate; all files hang from the root (1.1, 4.1)."""
    found = crate()
    outside = {"https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    assert {one for entity in found.values() for one in references(entity)} - outside <= set(found)
    parts, waiting = set(), ["./"]
    while waiting:
        for one in references(found[waiting.pop()].get("hasPart", [])):
            parts.add(one)
            waiting.append(one)
    files = {name for name, one in found.items() if one["@type"] == "File"}
    assert files <= parts
    assert files == {one.path.removeprefix("data/") for one in rows()}


def test_no_list_has_one_item_and_nothing_is_empty() -> None:
    """A single value is written without a list, and what nobody recorded is absent."""
    for entity in crate().values():
        for name, value in entity.items():
            assert value not in (None, "", [], {}), name
            assert not (isinstance(value, list) and len(value) == 1), name


def test_a_file_has_size_format_and_digest() -> None:
    """Size as text, the media type with the PRONOM entry, and SHA-256."""
    found = crate()
    raw = found["raw/cell01.czi"]
    assert raw["contentSize"] == "1234"
    assert raw["sha256"] == "ab" * 32
    assert raw["encodingFormat"] == [
        "image/x-czi",
        {"@id": "https://www.nationalarchives.gov.uk/PRONOM/fmt/1143"},
        {"@id": "#format-Zeiss%20CZI"},
    ]


def test_a_conversion_is_an_action_of_this_program() -> None:
    """The raw file is the object, the OME-TIFF the result, the program with its version the instrument."""
    found = crate()
    action = found["#conversion-1"]
    assert action["@type"] == "CreateAction"
    assert action["object"] == {"@id": RAW.removeprefix("data/")}
    assert action["result"] == {"@id": RESULT.removeprefix("data/")}
    assert action["endTime"] == "2026-01-02T03:04:05+00:00"
    program = found[action["instrument"]["@id"]]
    assert (program["@type"], program["name"], program["version"]) == ("SoftwareApplication", "confocal-bag", "9.9")
    assert "#conversion-1" in references(found["./"]["mentions"])


def test_the_microscope_took_the_raw_images() -> None:
    """The acquisition names the instrument and the images that came in, not the converted ones."""
    found = crate()
    action = found["#acquisition-a1"]
    assert references(action["result"]) == ["raw/cell01.czi"]
    assert found[action["instrument"]["@id"]]["model"] == "LSM 880"


def test_what_the_depositor_made_from_other_files_is_an_action() -> None:
    """`derived_from` and `tool` in deposit.yaml become an action, with the depositor's program."""
    said = described().model_dump(by_alias=True)
    entry = {"path": "processed/p.tif", "derived_from": ["raw/cell01.czi"], "tool": {"name": "Fiji", "version": "1.54"}}
    told = facts(type(described()).model_validate(said | {"files": [entry]}))
    made = row("data/processed/p.tif", origin="processed/p.tif")
    entries = {"data/processed/p.tif": told.description.files[0]}
    found = crate(files=[*rows(), made], descriptions=entries)
    action = found["#derivation-1"]
    assert (action["object"], action["result"]) == ({"@id": "raw/cell01.czi"}, {"@id": "processed/p.tif"})
    assert found[action["instrument"]["@id"]]["name"] == "Fiji"


def test_identifiers_of_files_are_percent_encoded() -> None:
    """A name with spaces, a hash sign and letters beyond ASCII is a valid relative URI that leads back to the name."""
    name = "data/raw/zellkern #1: ä%20.czi"
    found = crate(files=[*rows(), row(name, origin="x")])
    (identity,) = [one for one in found if "zellkern" in one]
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", identity)
    assert f"data/{unquote(identity)}" == name


def test_a_child_work_is_a_dataset_in_each_of_its_tiers() -> None:
    """With its title and its people, and its files as its parts."""
    said = described(COMPLETE + "child_works: [{folder: mouse 1, title: One, creators: [{family: Hopper}]}]\n")
    files = [*rows(), row("data/raw/mouse 1/a.czi"), row("data/transformed/mouse 1/a.tif")]
    found = crate(description=said, files=files)
    work = found["raw/mouse%201/"]
    assert (work["@type"], work["name"]) == ("Dataset", "One")
    assert found[work["author"]["@id"]]["name"] == "Hopper"
    assert references(work["hasPart"]) == ["raw/mouse%201/a.czi"]
    assert references(found["raw/"]["hasPart"]) == ["raw/mouse%201/", "raw/cell01.czi"]
    assert "transformed/mouse%201/" in found
    assert "readme/mouse%201/" not in found
