"""Loading deposit.yaml: what is read, what is refused, what is found wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.deposit.description.file import LoadedDescription, load_description, read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.findings import CannotFinish
from tests.deposit.described import COMPLETE


def problems(text: str) -> dict[str, tuple[str, int]]:
    """The field and line of each problem by its code."""
    return {one.code: (one.field, one.line) for one in read_description(text).problems}


def test_a_complete_description_has_no_problems() -> None:
    """Every field of the complete description is known and read."""
    loaded = read_description(COMPLETE)
    assert loaded.problems == ()
    said = loaded.description
    assert said.creators[0].full_name == "Ada Lovelace"
    assert said.contact is said.creators[0]
    assert said.specimens[0].sectioning.method == "none"
    assert said.acquisitions[0].pixel_size_um == (0.0902, 0.0902)
    assert said.acquisitions[0].channels[1].laser == ("l1",)


def test_the_worked_example_loads_without_problems(shared: Path) -> None:
    """The example description of the facts has only known fields of the right type."""
    loaded = load_description(shared / "facts" / "deposit.example.yaml")
    assert loaded.problems == ()
    assert loaded.description.version == "1.0"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufefftitle:\n"])
def test_an_empty_file_is_an_empty_description(text: str, tmp_path: Path) -> None:
    """Nothing written is nothing said."""
    path = tmp_path / "deposit.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_description(path).description == Description()


def test_an_unknown_field_is_found_with_its_line_and_a_suggestion() -> None:
    """A misspelt field says where it stands and what it may mean."""
    loaded = read_description("level: minimum\ncreators:\n  - famly: Lovelace\n    given: Ada\n")
    (one,) = loaded.problems
    assert (one.code, one.field, one.line) == ("unknown-key", "creators[0].famly", 3)
    assert "did you mean family?" in one.message
    assert loaded.description.creators[0].given == "Ada"


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("level: gold\n", "level", "one of minimum, good-enough, most-reproducible"),
        ("level: good-enuf\n", "level", "did you mean good-enough?"),
        ("audience: [kids]\n", "audience[0]", "one of researchers"),
        ("title: [a, b]\n", "title", "a list of 2; a text"),
        ("title: true\n", "title", "true; a text"),
        ("license: [1]\n", "license", "a group of"),
        ("acquisitions: [{z_step_um: half}]\n", "acquisitions[0].z_step_um", "a number"),
        ("acquisitions: [{z_step_um: '0,5'}]\n", "acquisitions[0].z_step_um", "with a point"),
        ("acquisitions: [{z_step_um: -1}]\n", "acquisitions[0].z_step_um", "above 0"),
        ("acquisitions: [{z_step_um: .inf}]\n", "acquisitions[0].z_step_um", "a number"),
        ("acquisitions: [{pixel_size_um: 0.1}]\n", "acquisitions[0].pixel_size_um", "[x, y]"),
        ("acquisitions: [{pixel_size_um: [0.1]}]\n", "acquisitions[0].pixel_size_um", "[x, y]"),
        ("acquisitions: [{pixel_size_um: [a, null]}]\n", "acquisitions[0].pixel_size_um[0]", "[x, y]"),
        ("privacy: {human_subjects: maybe}\n", "privacy.human_subjects", "true or false"),
        ("location: {lat: 95}\n", "location.lat", "a number"),
        ("files: [{path: a, tier: rawr}]\n", "files[0].tier", "did you mean raw?"),
    ],
)
def test_a_value_of_the_wrong_kind_is_left_out_and_found(text: str, field: str, said: str) -> None:
    """A wrong value becomes a problem and is not recorded; the rest of the file is read."""
    loaded = read_description(text + "keywords: [kept]\n")
    (one,) = loaded.problems
    assert (one.code, one.field, one.line) == ("wrong-type", field, 1)
    assert said in one.message
    assert loaded.description == Description.model_validate(
        {"keywords": ["kept"], **_emptied(loaded)},
    )


def _emptied(loaded: LoadedDescription) -> dict[str, Any]:
    entries = {name: getattr(loaded.description, name) for name in ("acquisitions", "files", "audience")}
    assert not loaded.description.audience
    for acquisition in loaded.description.acquisitions:
        assert not acquisition.is_recorded
    return {name: value for name, value in entries.items() if value}


def test_an_empty_place_in_a_list_where_position_matters_is_kept() -> None:
    """An xz scan has a width and no height; the second image of a file may have no acquisition yet."""
    loaded = read_description(
        "acquisitions: [{pixel_size_um: [0.14, null]}]\nfiles: [{path: a.lif, acquisition: [a1, null, a2]}]\n"
        "keywords: [a, null, b]\n"
    )
    assert loaded.problems == ()
    said = loaded.description
    assert said.acquisitions[0].pixel_size_um == (0.14, None)
    assert [said.files[0].acquisition_of(position) for position in range(4)] == ["a1", None, "a2", None]
    assert said.keywords == ("a", "b")


def test_a_gain_may_be_a_number_or_words() -> None:
    """The instrument's own unit is often no unit at all; a number needs no quotation marks."""
    loaded = read_description("acquisitions: [{channels: [{gain: 105.84}, {gain: '12'}, {gain: high}]}]\n")
    assert loaded.problems == ()
    assert [one.gain for one in loaded.description.acquisitions[0].channels] == [105.84, 12.0, "high"]


def test_dates_without_quotation_marks_stay_text() -> None:
    """YAML would make them dates; an ISO date stays the text that was written."""
    loaded = read_description("dates: {collected: 2019-04-17, issued: 2019-07-01T10:00:00Z}\n")
    assert loaded.description.dates.collected == "2019-04-17"
    assert loaded.description.dates.issued == "2019-07-01T10:00:00Z"
    assert loaded.problems == ()


def test_a_version_without_quotation_marks_keeps_its_characters_and_is_found() -> None:
    """1.10 is not 1.1."""
    loaded = read_description("title: x\nversion: 1.10\n")
    assert loaded.description.version == "1.10"
    assert problems("title: x\nversion: 1.10\n") == {"unquoted-number": ("version", 2)}
    assert problems('version: "1.10"\n') == {}


def test_a_field_given_twice_is_found_with_both_lines() -> None:
    """The first one counts, and nothing is lost silently."""
    loaded = read_description("title: one\nlevel: minimum\ntitle: two\n")
    (one,) = loaded.problems
    assert (one.code, one.line) == ("duplicate-key", 3)
    assert "line 1" in one.message
    assert loaded.description.title == "one"


def test_one_thing_may_stand_where_a_list_is_read() -> None:
    """A single creator or keyword needs no dash, and a text may stand for a group."""
    said = read_description("creators: {family: Doe}\nkeywords: mitosis\nlicense: CC0-1.0\n").description
    assert said.creators[0].family == "Doe"
    assert said.keywords == ("mitosis",)
    assert said.license.spdx == "CC0-1.0"


def test_entries_that_hold_nothing_are_left_out_and_lines_still_fit() -> None:
    """A form that nobody filled in is not a creator."""
    loaded = read_description("creators:\n  - family:\n    given: ''\n  - family: Doe\n    orcid: 1\n")
    assert len(loaded.description.creators) == 1
    assert loaded.line(("creators", 0, "orcid")) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: [a\n", "line"),
        ("title: a: b\n", "line 1"),
        ("\ttitle: x\n", "line 1"),
        ("- a\n- b\n", "field: value"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: !!python/object/apply:os.system ['true']\n", "tag"),
        ("a: !!str x\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: " + "[" * 40 + "]" * 40 + "\n", "levels deep"),
        ("a: \x01\n", "not valid YAML"),
        ('a: "\\ud800"\n', "Unicode"),
    ],
)
def test_text_that_is_not_plain_yaml_is_refused_with_its_line(text: str, says: str) -> None:
    """Syntax errors, tags, aliases and nesting are refused in one sentence that says what to do."""
    with pytest.raises(CannotFinish, match=r"deposit\.yaml") as refused:
        read_description(text)
    assert says in str(refused.value)


def test_a_file_that_is_too_large_or_not_utf8_or_absent_is_refused(tmp_path: Path) -> None:
    """Each says which file and what to do."""
    path = tmp_path / "deposit.yaml"
    with pytest.raises(CannotFinish, match="cannot be read"):
        load_description(path)
    path.write_bytes(b"title: caf\xe9\n")
    with pytest.raises(CannotFinish, match=r"not UTF-8 text \(byte 10 is 0xe9\)"):
        load_description(path)
    path.write_bytes(b"# " + b"x" * 4_000_000)
    with pytest.raises(CannotFinish, match="larger than"):
        load_description(path)


def test_thousands_of_wrong_fields_are_reported_in_moderation() -> None:
    """A file of something else does not flood the report."""
    text = "".join(f"key{number}: 1\n" for number in range(3000))
    assert len(read_description(text).problems) == 200


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted({f.alias or n for n, f in Description.model_fields.items()})), _plain))
def test_whatever_data_stands_in_the_fields_a_description_comes_out(data: dict[str, Any]) -> None:
    """Wrong data never crash the loader, and are never taken in silently."""
    import json

    loaded = read_description(json.dumps(data))
    assert isinstance(loaded.description, Description)
