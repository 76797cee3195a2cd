"""Every export is valid by its schema, whatever is said and whatever is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.abcd import render_abcd
from confocal_bag.deposit.exports.abcd3 import render_abcd3
from confocal_bag.deposit.exports.datacite import render_datacite
from confocal_bag.deposit.exports.documents import DOCUMENTS, lacking, planned_documents
from confocal_bag.deposit.exports.events import EventScope, EventType
from confocal_bag.deposit.exports.premis import render_premis
from tests.deposit.exports.exported import described, event, facts, row, rows

XSDS = {
    "metadata/abcd.xml": ("ABCD_2.06.xsd", render_abcd),
    "metadata/abcd3.xml": ("ABCD_3.0.xsd", render_abcd3),
    "metadata/premis.xml": ("premis-3.0.xsd", render_premis),
}
#: Text that breaks what is careless: control characters, direction marks, surrogates, markup, a great length.
HOSTILE = "a\x00b\x1b[2J\u202eevil\ud800\ufffe <x>&amp;]]> \"'\n" + "é" * 3000


def schema_errors(shared: Path, name: str, content: bytes) -> list[str]:
    """What the XSD of a document says against it."""
    schema = etree.XMLSchema(etree.parse(str(shared / "schemas" / XSDS[name][0])))
    schema.validate(etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True)))
    return str(schema.error_log).splitlines()


def datacite_errors(content: bytes) -> list[str]:
    """What the JSON schema of DataCite 4.5 says against a document."""
    schema45 = pytest.importorskip("datacite.schema45", reason="the DataCite schema is not installed")
    return [error.message for error in schema45.validator.iter_errors(json.loads(content))]


def hostile_description() -> Description:
    """A complete description in which every free text is hostile."""

    def spoil(value: Any) -> Any:
        if isinstance(value, dict):
            kept = (
                "id",
                "instrument",
                "specimen",
                "acquisition",
                "channel",
                "issued",
                "level",
                "schema",
                "audience",
                "tier",
            )
            return {key: one if key in kept else spoil(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [spoil(one) for one in value]
        return HOSTILE if isinstance(value, str) else value

    return Description.model_validate(spoil(described().model_dump(mode="json", by_alias=True)))


@pytest.mark.parametrize("name", XSDS)
def test_a_full_description_gives_valid_xml(shared: Path, name: str) -> None:
    """ABCD 2.06, ABCD 3.0 and PREMIS 3 of a complete description are valid by their XSDs."""
    assert schema_errors(shared, name, XSDS[name][1](facts())) == []


@pytest.mark.parametrize("name", XSDS)
def test_hostile_texts_give_valid_xml(shared: Path, name: str) -> None:
    """Characters that XML cannot hold, markup and great lengths break no document."""
    spoilt = [row("data/raw/a\x01b\udcff\u202e\n.czi", origin="x", reason=HOSTILE, format=HOSTILE), *rows()]
    logged = [event(EventType.INGESTION, EventScope.PAYLOAD, outcome=HOSTILE)]
    content = XSDS[name][1](facts(hostile_description(), files=spoilt, events=logged))
    assert schema_errors(shared, name, content) == []


def test_a_full_description_gives_valid_datacite() -> None:
    """The document is valid by the JSON schema of DataCite 4.5."""
    assert datacite_errors(render_datacite(facts())) == []


def test_hostile_texts_give_valid_json() -> None:
    """The JSON documents are UTF-8 that can be read back, and DataCite stays valid."""
    told = facts(hostile_description(), files=[row("data/raw/a\x01b\udcff.czi", reason=HOSTILE), *rows()])
    for one in DOCUMENTS:
        content = one.render(told).decode("utf-8")
        if one.path.suffix == ".json":
            json.loads(content)
    assert datacite_errors(render_datacite(told)) == []


FIELDS = sorted(set(Description.model_fields) - {"schema_uri", "level", "files"})


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(FIELDS)))
def test_whatever_is_not_said_what_is_written_is_valid(shared: Path, absent: set[str]) -> None:
    """With any fields gone a document either is lacking something, and says so, or is valid and holds nothing empty."""
    empty = Description()
    told = described(**{name: getattr(empty, name) for name in absent})
    for one in planned_documents(told):
        content = one.render(facts(told))
        name = str(one.path)
        if name in XSDS:
            assert schema_errors(shared, name, content) == []
            root = etree.fromstring(content)
            assert [found.tag for found in root.iter() if len(found) == 0 and not (found.text or "").strip()] == []
        if name == "metadata/datacite.json":
            assert datacite_errors(content) == []
        if one.path.suffix == ".json":
            assert_nothing_empty(json.loads(content))


def assert_nothing_empty(value: Any) -> None:
    """No null, no empty text, list or object anywhere, nor the word None."""
    assert value not in (None, "", [], {}, "None", "not recorded")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_nothing_empty(one)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ("metadata/datacite.json", "creators"),
        ("metadata/datacite.json", "title"),
        ("metadata/datacite.json", "publisher"),
        ("metadata/datacite.json", "dates"),
        ("metadata/abcd.xml", "creators"),
        ("metadata/abcd.xml", "specimens"),
        ("metadata/abcd3.xml", "title"),
        ("metadata/rembi.json", "abstract"),
        ("ro-crate-metadata.json", "title"),
        ("ro-crate-metadata.json", "abstract"),
        ("ro-crate-metadata.json", "license"),
        ("ro-crate-metadata.json", "dates"),
    ],
)
def test_a_document_that_cannot_be_written_says_what_is_missing(document: str, field: str) -> None:
    """A required fact is never invented: the reason names the field of deposit.yaml."""
    assert {str(path) for path in lacking(described())} == set()
    reasons = {
        str(path): reason for path, reason in lacking(described(**{field: getattr(Description(), field)})).items()
    }
    assert field in reasons[document]
