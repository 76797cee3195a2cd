"""Ontology terms: their form, whether they exist, what they mean, and which one a word asks for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.description.written_terms import terms_at_hand
from confocal_bag.deposit.identifiers import curie_problem
from confocal_bag.deposit.ontology.obo import read_obo
from confocal_bag.deposit.ontology.table import canonical_id, plain_name, shipped_terms
from confocal_bag.findings import CannotFinish, Finding, Outcome
from tests import make
from tests.deposit.described import COMPLETE, changed, two_cells
from tests.recording import Ran

OBO = """\
format-version: 1.2
data-version: releases/2026-01-01
ontology: cl

[Term]
id: CL:0000057
name: fibroblast
synonym: "fibrocyte of \\"connective\\" tissue" EXACT []
synonym: "spindle cell" RELATED []

[Term]
id: CL:2000042
name: embryonic fibroblast
alt_id: CL:2000041

[Term]
id: CL:0000099
name: obsolete wandering cell
is_obsolete: true
replaced_by: CL:0000057

[Term]
id: GO:0005634
name: nucleus

[Typedef]
id: part_of
name: part of
"""


@pytest.fixture
def obo(tmp_path: Path) -> Path:
    """A small Cell Ontology that borrows one term of another ontology."""
    path = tmp_path / "cl.obo"
    path.write_text(OBO, encoding="utf-8")
    return path


def judged(text: str, *ontologies: Path) -> tuple[dict[str, Outcome], list[Finding]]:
    """What the rules about terms say of a description."""
    loaded = read_description(text)
    known = terms_at_hand(loaded.description, ontologies)
    checks, findings = check_description(loaded, two_cells(), known)
    kept = [one for one in findings if one.rule.startswith("description.term")]
    return {check.rule: check.outcome for check in checks}, kept


def found(text: str, *ontologies: Path) -> dict[str, str]:
    """The message of each rule about terms that has one."""
    return {one.rule.removeprefix("description."): one.message for one in judged(text, *ontologies)[1]}


def test_the_terms_of_the_complete_description_are_known() -> None:
    """Every rule about terms has looked, and found nothing."""
    outcomes, findings = judged(COMPLETE)
    assert findings == []
    about = {outcome for rule, outcome in outcomes.items() if rule.startswith("description.term")}
    assert about == {Outcome.PASSED}


def cell(text: str) -> str:
    """The complete description with another cell type."""
    return changed(COMPLETE, {'cell_type: {name: embryonic fibroblast, term: "CL:2000042"}': f"cell_type: {text}"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{name: embryonic fibroblast, term: CL:0000057}", "means 'fibroblast', not 'embryonic fibroblast'"),
        ("{name: fibroblast, term: CL:2000042}", "'fibroblast' is CL:0000057"),
        ("{name: neurons of the retina, term: CL:0000057}", "means 'fibroblast'"),
    ],
)
def test_words_that_are_not_the_label_are_told(text: str, says: str) -> None:
    """The lesson of CL:0000057: a fibroblast is not an embryonic one."""
    assert says in found(cell(text))["term-label"]


@pytest.mark.parametrize(
    "text",
    [
        "{name: Embryonic Fibroblasts, term: CL:2000042}",
        "{name: MEF, term: CL:2000042}",
        "{name: primary mouse embryonic fibroblasts, term: CL:2000042}",
        "{name: embryonic fibroblast, term: 'http://purl.obolibrary.org/obo/CL_2000042'}",
    ],
)
def test_other_words_for_the_same_are_accepted(text: str) -> None:
    """Case, plural, other names, a longer description."""
    assert found(cell(text)) == {}


def test_an_obsolete_term_is_told_with_what_replaced_it(obo: Path) -> None:
    """From the shipped table and from an ontology; a former id counts as obsolete."""
    assert "obsolete; CL:0000669" in found(cell("{term: CL:0000184}"))["term-obsolete"]
    assert "CL:0000057 (fibroblast) replaced it" in found(cell("{term: CL:0000099}"), obo)["term-obsolete"]
    assert "CL:2000042" in found(cell("{term: CL:2000041}"), obo)["term-obsolete"]
    method = changed(COMPLETE, {"FBbi:00000252": "FBbi:00000242"})
    assert "FBbi:00000242" in found(method)["term-obsolete"]


def test_only_a_whole_ontology_can_say_that_a_term_does_not_exist(obo: Path) -> None:
    """The shipped table is too small, and a borrowed term makes no file whole."""
    outcomes, findings = judged(cell("{term: CL:7777777}"))
    assert outcomes["description.term-unknown"] is Outcome.SKIPPED
    assert findings == []
    assert "no such term" in found(cell("{term: CL:7777777}"), obo)["term-unknown"]
    text = changed(
        COMPLETE, {"    sectioning: none": '    component: {name: x, term: "GO:7777777"}\n    sectioning: none'}
    )
    assert "term-unknown" not in found(text, obo)


@pytest.mark.parametrize(
    ("place", "name", "term"),
    [
        ("organism", "mouse", "NCBITaxon:10090"),
        ("organism", "Homo sapiens", "NCBITaxon:9606"),
        ("organism", "C. elegans", "NCBITaxon:6239"),
        ("organism", "Zebrafish", "NCBITaxon:7955"),
        ("cell_type", "fibroblasts", "CL:0000057"),
        ("cell_line", "Hela", "CVCL_0030"),
        ("cell_line", "HEK 293T", "CVCL_0063"),
        ("cell_line", "NIH/3T3", "CVCL_0594"),
        ("cell_line", "U-2 OS", "CVCL_0042"),
        ("tissue", "cerebellum", "UBERON:0002037"),
        ("tissue", "skin", "UBERON:0002097"),
        ("component", "mitochondria", "GO:0005739"),
        ("fixation", "PFA", "FBbi:00000010"),
        ("sectioning", "cryosection", "FBbi:00000027"),
        ("cell_type", "HeLa", "CVCL_0030"),
        ("cell_line", "PC-12", "CVCL_0481"),
        ("cell_line", "INS-1", "CVCL_0352"),
        ("cell_line", "S2", "CVCL_Z232"),
        ("cell_type", "MEF", "CL:2000042"),
        ("tissue", "neocortex", "UBERON:0001950"),
        ("tissue", "isocortex", "UBERON:0001950"),
    ],
)
def test_words_get_a_suggestion(place: str, name: str, term: str) -> None:
    """Common organisms, cells, lines, tissues, parts of cells, preparations; spelt as people spell."""
    assert term in found(f"specimens: [{{{place}: {name}}}]\n")["term-suggestion"]


@pytest.mark.parametrize("name", ["laser scanning confocal microscopy", "confocal laser scanning microscopy", "CLSM"])
def test_methods_get_a_suggestion(name: str) -> None:
    """The many words for one method."""
    assert "FBbi:00000252" in found(f"instruments: [{{method: {name}}}]\n")["term-suggestion"]


@pytest.mark.parametrize(
    "text",
    [
        "organism: Gryllus bimaculatus",
        "cell_type: odd cells",
        "sectioning: none",
        "organism: TODO",
        "cell_line: H9",
        "cell_line: MEF",
        "cell_line: 3T3",
        "organism: nematode",
        "organism: planarian",
    ],
)
def test_unknown_words_get_none(text: str) -> None:
    """Nothing is guessed, least of all from a name that several have."""
    assert found(f"specimens: [{{{text}}}]\n") == {}


def test_an_ontology_suggests_its_own_terms(tmp_path: Path) -> None:
    """A word that the shipped table does not know, by an exact synonym."""
    path = tmp_path / "x.obo"
    path.write_text(
        "ontology: ncbitaxon\n\n[Term]\nid: NCBITaxon:6999\nname: Gryllus bimaculatus\n"
        'synonym: "two-spotted cricket" EXACT []\n',
        encoding="utf-8",
    )
    assert "NCBITaxon:6999" in found("specimens: [{organism: Two-spotted crickets}]\n", path)["term-suggestion"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('cell_type: {term: "GO:0005634"}', "a term of"),
        ('cell_line: {term: "CL:0000057"}', "CVCL"),
        ('tissue: {term: "NCBITaxon:9606"}', "UBERON"),
        ('component: {term: "CL:0000057"}', "GO"),
        ('fixation: {term: "UBERON:0002037"}', "FBbi"),
    ],
)
def test_a_term_of_the_wrong_ontology_is_told(text: str, says: str) -> None:
    """An organism is no tissue."""
    assert says in found(f"specimens: [{{{text}}}]\n")["term"]


@pytest.mark.parametrize(
    ("rrid", "fits"), [("RRID:AB_477593", True), ("RRID: AB_477593", True), ("RRID:477593", False)]
)
def test_rrids_of_probes_are_checked(rrid: str, fits: bool) -> None:  # noqa: FBT001 - a case of a table
    """They stand within words."""
    assert ("term" not in found(f'channels: [{{name: x, probe: "DM1A ({rrid})"}}]\n')) is fits


@pytest.mark.parametrize("text", ["CVCL_0030", "CVCL:0030", "CVCL:CVCL_0030", "RRID:CVCL_0030"])
def test_cell_lines_are_one_in_all_their_spellings(text: str) -> None:
    """Cellosaurus, CURIE and RRID."""
    assert curie_problem(text) is None
    assert canonical_id(text) == "CVCL_0030"
    assert found(f'specimens: [{{cell_line: {{name: HeLa, term: "{text}"}}}}]\n') == {}


@pytest.mark.parametrize(("name", "wrong"), [("PC-12", "CVCL_S979"), ("INS-1", "CVCL_VK12"), ("S2", "CVCL_4698")])
def test_a_name_that_several_lines_have_suggests_the_common_one_alone(name: str, wrong: str) -> None:
    """The rare one is known by its id, and its label is accepted beside it."""
    assert wrong not in found(f"specimens: [{{cell_line: {name}}}]\n")["term-suggestion"]
    assert found(f"specimens: [{{cell_line: {{name: {name}, term: {wrong}}}}}]\n") == {}


def test_the_shipped_table_is_sound() -> None:
    """Every id has the form of its ontology, every replacement is there, no name is empty."""
    table = shipped_terms()
    assert len(table.terms) > 400
    for term in table.terms.values():
        assert curie_problem(term.id) is None, term
        assert term.obsolete or term.label, term
        assert all(plain_name(name) for name in term.names), term
        assert term.replaced_by is None or term.replaced_by in table.terms, term
    assert table.complete == frozenset()


def test_an_overlong_line_and_odd_bytes_do_no_harm(tmp_path: Path) -> None:
    """A file is read line by line, and of a line only its beginning."""
    path = tmp_path / "big.obo"
    long = b'def: "' + b"x" * 300_000 + b'"\n'
    path.write_bytes(
        b"\xef\xbb\xbfontology: cl\r\n[Term]\r\nid: CL:1\r\nname: \xff\r\n" + long + b"is_obsolete: true\n"
    )
    term = read_obo(path, ids=["CL:1"], names=[]).find("CL:1")
    assert term is not None
    assert term.obsolete


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Either terms or a sentence."""
    path = tmp_path_factory.mktemp("obo") / "x.obo"
    path.write_bytes(b"[Term]\nid: CL:1\n" + content)
    read_obo(path, ids=["CL:1"], names=["x"])


@pytest.mark.parametrize("content", [b"", b"title: not an ontology\n", b"[Typedef]\nid: x\n"])
def test_what_is_no_ontology_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing could be said of any term."""
    path = tmp_path / "x.obo"
    path.write_bytes(content)
    with pytest.raises(CannotFinish, match="OBO format was expected"):
        read_obo(path, ids=[], names=[])
    with pytest.raises(CannotFinish, match="cannot be read"):
        read_obo(tmp_path / "absent.obo", ids=[], names=[])


def test_inspect_takes_an_ontology(tmp_path: Path, obo: Path, run: Callable[..., Ran]) -> None:
    """The command line, from file to finding."""
    folder = make.small_deposit(tmp_path / "d")
    (folder / "deposit.yaml").write_text('specimens: [{cell_type: {term: "CL:7777777"}}]\n', encoding="utf-8")
    assert "description.term-unknown" not in run("inspect", folder).out
    assert "description.term-unknown" in run("inspect", folder, "--ontology", obo).out
    assert run("inspect", folder, "--ontology", tmp_path / "absent.obo").code == 3
