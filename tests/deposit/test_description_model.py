"""The model of deposit.yaml: every field is explained by an example that it reads; closed lists; new fields."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.problems import model_at
from confocal_bag.deposit.description.rules import check_description
from tests.deposit.described import two_cells
from tests.deposit.levelled import as_yaml, write

#: What heads the file and is written by the program; and what is explained where it first stands.
UNEXPLAINED = {"schema", "level"}


def leaves(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[str]:
    """The place of every field of a model that holds a value."""
    for name, info in model.model_fields.items():
        at = (*path, info.alias or name)
        inner = model_at(at)
        if inner is not None and issubclass(inner, BaseModel):
            yield from leaves(inner, at)
        else:
            yield ".".join(at)


def is_explained(field: str) -> bool:
    """Whether a field or the group it is in has help."""
    parts = field.split(".")
    return any(
        ".".join(parts[:depth]) in FIELD_HELP for depth in range(2 if len(parts) > 1 else 1, len(parts) + 1)
    ) or (parts[0] in ("funding", "related", "protocols", "companion"))


def test_every_field_is_explained_and_every_explanation_has_a_field() -> None:
    """Nothing can be said that nobody is told of, and nothing is told of that cannot be said."""
    fields = set(leaves(Description))
    bare = {one for one in fields if not is_explained(one) and not one.startswith("contributors.")}
    assert bare == UNEXPLAINED
    assert {
        one for one in FIELD_HELP if not any(field == one or field.startswith(f"{one}.") for field in fields)
    } == set()


@pytest.mark.parametrize("field", [one for one in FIELD_HELP if FIELD_HELP[one].example])
def test_every_example_is_read_without_a_problem(field: str) -> None:
    """What the comments of a draft show as good answers are good answers."""
    data: dict[str, object] = {
        name: [{}] for name in ("creators", "specimens", "channels", "instruments", "acquisitions", "files")
    }
    data["acquisitions"] = [{"channels": [{}]}]
    write(data, field)
    loaded = read_description(as_yaml(data))
    assert loaded.problems == ()
    assert loaded.description.is_recorded


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("related: [{id: 10.1/x, relation: IsSuplementTo}]", "relation", "did you mean IsSupplementTo?"),
        ("related: [{id: 10.1/x, relation: is like}]", "relation", "no word of DataCite"),
        ("related: [{id: x, type: Pubmed}]", "relation", "related[0].type"),
        ("language: English", "language", "did you mean en?"),
    ],
)
def test_words_of_closed_lists_are_checked(text: str, rule: str, says: str) -> None:
    """With the nearest word, where there is one."""
    _, findings = check_description(read_description(f"{text}\n"), two_cells())
    assert [one.message for one in findings if one.rule == f"description.{rule}" and says in one.message]


@pytest.mark.parametrize(
    "text", ["related: [{id: 10.1234/x, type: doi, relation: is supplement to}]", "language: pt-BR"]
)
def test_words_in_any_case_are_accepted(text: str) -> None:
    """Exports write them as DataCite does."""
    _, findings = check_description(read_description(f"{text}\n"), two_cells())
    assert findings == []


def test_live_imaging_can_be_described() -> None:
    """What MethodsJ2 and REMBI ask for besides: environment, focus, holder, growth, cell line, thanks, approval."""
    text = """\
acknowledgements: We thank the imaging facility.
privacy: {approval: IRB 2018-042}
specimens: [{cell_line: {name: HeLa, term: CVCL_0030}, growth: DMEM, mounting: {holder: 35 mm dish}}]
acquisitions: [{environment: {temperature_c: 37, co2_percent: 5}, focus_stabilisation: Definite Focus 2}]
"""
    loaded = read_description(text)
    assert loaded.problems == ()
    assert loaded.description.acquisitions[0].environment.temperature_c == 37
    wrong = read_description("acquisitions: [{environment: {temperature: 37}}]\n").problems
    assert "did you mean temperature_c?" in wrong[0].message
    assert wrong[0].line == 1
