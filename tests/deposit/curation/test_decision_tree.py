"""The way through the primer's decision tree: exactly the expected answers, questions and level."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.curation.key_questions import KEY_QUESTIONS
from confocal_bag.deposit.curation.model import Answer, Basis, Status
from confocal_bag.deposit.curation.nodes import ANSWERERS
from confocal_bag.deposit.curation.rules import check_curation
from confocal_bag.deposit.curation.study import CurationStudy, study_facts
from confocal_bag.deposit.curation.tree import ACCEPT, FIGURE, START, TREE
from confocal_bag.deposit.description.curating import KeyAnswers, TreeAnswers
from confocal_bag.deposit.description.file import read_description
from confocal_bag.findings import Finding, Outcome, Severity
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.curation.curated import (
    CASES,
    CZI,
    MACRO,
    OME_COPY,
    PAGES,
    PLAIN,
    SINGLE_CZI,
    Case,
    facts_of,
    study_of,
)
from tests.deposit.described import COMPLETE, file

SHORT = {
    "prop": "proprietary_format",
    "open": "can_be_opened",
    "multi": "multipage",
    "expl": "multipage_explained",
    "embed": "embedded_metadata",
    "sett": "settings_provided",
    "mod": "modified",
    "desc": "modification_described",
    "anal": "analysis_submitted",
    "roi": "regions_labelled",
}
ANSWERS = {"y": Answer.YES, "n": Answer.NO, "?": Answer.UNKNOWN}
RULES = {
    "can_be_opened": "curation.cannot-be-opened",
    "multipage_explained": "curation.pages-not-explained",
    "settings_provided": "curation.settings-not-provided",
    "modified": "curation.modification-unknown",
    "modification_described": "curation.modification-not-described",
    "regions_labelled": "curation.regions-not-labelled",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_deposit_takes_its_way_and_no_other(case: Case) -> None:
    """Nodes in order, answers, what is asked, and the level."""
    study = study_of(case)
    expected = [
        (SHORT[name], ANSWERS[answer]) for name, _, answer in (part.partition("=") for part in case.path.split())
    ]
    assert [(step.node.id, step.answered.answer) for step in study.path.steps] == expected
    assert tuple(step.node.id for step in study.path.open) == case.asks
    assert study.path.is_accepted is not bool(case.asks)
    assert study.facts.level.reached is case.level


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_open_question_is_one_finding_with_its_place_in_the_primer(case: Case) -> None:
    """The findings ask what the way leaves open, and nothing else."""
    checks, findings = check_curation(study_of(case))
    asking = {one.rule: one for one in findings if one.rule in RULES.values()}
    assert set(asking) == {RULES[node] for node in case.asks}
    assert all(one.reference == FIGURE and one.remedy for one in asking.values())
    assert not any(one.is_internal for one in findings)
    for check in checks:
        if check.rule in RULES.values():
            node = next(node for node, rule in RULES.items() if rule == check.rule)
            is_on_the_way = study_of(case).path.step(node) is not None
            assert (check.outcome is Outcome.NOT_APPLICABLE) is not is_on_the_way


def test_the_cases_reach_every_node_every_answer_that_asks_and_both_ends() -> None:
    """The tests would notice a node that nothing leads to."""
    studies = [study_of(case) for case in CASES]
    assert {step.node.id for study in studies for step in study.path.steps} == set(TREE)
    asked = {node.id for node in TREE.values() if any(edge.ask for edge in node.edges.values())}
    assert {step.node.id for study in studies for step in study.path.open} == asked
    assert {study.path.is_accepted for study in studies} == {True, False}
    assert len(CASES) >= 16


def test_the_tree_is_whole() -> None:
    """Every edge leads to a node or the end, every node has a way to be answered and to be overruled."""
    assert set(ANSWERERS) == set(TREE) == set(TreeAnswers.model_fields)
    assert START in TREE
    for node in TREE.values():
        assert set(node.edges) == set(Answer)
        assert {edge.to for edge in node.edges.values()} <= {*TREE, ACCEPT}
    assert [one.id for one in KEY_QUESTIONS] == list(KeyAnswers.model_fields)
    assert [one.number for one in KEY_QUESTIONS] == list(range(1, 10))


@pytest.mark.parametrize("node", sorted(TREE))
@pytest.mark.parametrize("answer", ["yes", "no", "unknown"])
def test_every_answer_can_be_overruled_with_a_note(node: str, answer: str) -> None:
    """The curator's word stands wherever the way leads over the node."""
    for files in ((CZI, OME_COPY, MACRO), (PAGES,), (file("x.czi", "czi", Tier.RAW, problem="damaged"), MACRO)):
        said = f'curation: {{tree: {{{node}: {{answer: "{answer}", note: I looked}}}}}}'
        step = study_facts(facts_of(*files, said=said)).path.step(node)
        if step is not None:
            assert step.answered.answer == answer
            assert step.by_curator
            assert step.as_document()["note"] == "I looked"


@pytest.mark.parametrize(
    ("word", "answer"), [("yes", "yes"), ("Yes", "yes"), ("true", "yes"), ("no", "no"), ("false", "no")]
)
def test_people_may_write_yes_in_several_ways(word: str, answer: str) -> None:
    """YAML reads some of them as truth values."""
    loaded = read_description(f"curation:\n  tree:\n    modified: {word}\n")
    assert loaded.problems == ()
    assert loaded.description.curation.tree.modified.answer == answer


def test_a_misspelt_node_is_told_with_the_right_one() -> None:
    """An answer that goes nowhere must not look taken."""
    (problem,) = read_description("curation:\n  tree:\n    modifed: yes\n").problems
    assert problem.line == 3
    assert "did you mean modified?" in problem.message


def test_a_wrong_answer_is_told_with_its_line() -> None:
    """There are three."""
    (problem,) = read_description("curation:\n  tree:\n    modified: {answer: perhaps}\n").problems
    assert problem.line == 3
    assert "one of yes, no, unknown" in problem.message


def test_an_answer_against_the_evidence_without_a_note_is_remarked_on() -> None:
    """With a note, or where the evidence knew nothing, it is not."""

    def remarks(said: str) -> list[str]:
        findings = check_curation(study_facts(facts_of(SINGLE_CZI, said=said)))[1]
        return [one.rule for one in findings if one.rule == "curation.contradicts-evidence"]

    assert remarks("curation: {tree: {modified: yes}}")
    assert not remarks("curation: {tree: {modified: {answer: yes, note: Cropped in ZEN}}}")
    assert not remarks("curation: {tree: {modified: no}}")


def test_what_the_curator_can_see_for_himself_is_a_finding_too() -> None:
    """A format that Fiji reads: open it there."""
    study = study_facts(facts_of(file("slide.vsi", "vsi", Tier.RAW)))
    remedies = [one.remedy or "" for one in check_curation(study)[1] if one.rule == "curation.look-yourself"]
    assert any("Fiji" in remedy and "curation.tree.can_be_opened" in remedy for remedy in remedies)
    assert not [one for one in check_curation(study_facts(facts_of(CZI)))[1] if one.rule == "curation.look-yourself"]


def test_evidence_quotes_the_sentence_and_its_line() -> None:
    """A reader can go and look."""
    notes = "Title of the study\n\nSome words.\nThe stacks were deconvolved with Huygens 19.\n"
    step = study_facts(facts_of(OME_COPY, notes=notes)).path.step("modification_described")
    assert step is not None
    (evidence,) = step.answered.evidence
    assert (evidence.basis, evidence.line) == (Basis.DOCUMENT, 4)
    assert evidence.text == "The stacks were deconvolved with Huygens 19."


def test_the_document_of_the_way_ends_with_what_is_open() -> None:
    """The contract of `inspect --format json`."""
    document = study_of(CASES[5]).path.as_document()
    assert [one["node"] for one in document][-1] == "ask-depositor"
    assert document[-1]["open"] == ["multipage_explained", "settings_provided", "modified"]
    assert study_of(CASES[0]).path.as_document()[-1] == {"node": "accept", "open": []}
    assert set(document[0]) == {
        "node", "question", "answer", "answer_in_words", "by", "note", "seen", "evidence", "files", "ask", "look"
    }  # fmt: skip


def questions(said: str, **changes: object) -> dict[str, Status]:
    """The state of the key questions of a described deposit."""
    facts = replace(facts_of(CZI, OME_COPY, said=said), **changes)  # type: ignore[arg-type]
    return {one.question.id: one.status for one in study_facts(facts).questions}


def test_a_described_deposit_answers_what_evidence_can_answer() -> None:
    """What only people know stays open."""
    states = questions(COMPLETE)
    unanswered = {name for name, state in states.items() if state is Status.UNANSWERED}
    assert unanswered == {"reuse_expectations", "structure"}


def test_nothing_described_leaves_the_questions_open() -> None:
    """Only what files show is answered."""
    states = questions("")
    answered = {name for name, state in states.items() if state is Status.ANSWERED}
    assert answered == {"migration", "documentation"}


def test_the_questions_are_answered_by_the_curator_or_do_not_apply() -> None:
    """Each of the nine."""
    said = "curation:\n  questions:\n" + "".join(f"    {one.id}: As I see it\n" for one in KEY_QUESTIONS)
    assert set(questions(said).values()) == {Status.ANSWERED}
    assert set(questions(said.replace("As I see it", "not applicable")).values()) == {Status.NOT_APPLICABLE}
    findings = check_curation(study_facts(facts_of(CZI, said=said)))[1]
    assert "curation.key-question" not in {one.rule for one in findings}
    findings = check_curation(study_facts(facts_of(CZI)))[1]
    assert "curation.key-question" in {one.rule for one in findings}


def test_whether_everything_is_there_is_judged_by_the_level_aimed_at() -> None:
    """No level, no judgement."""
    study = study_facts(facts_of(CZI, said="level: minimum"))
    state = study.questions[2]
    assert state.status is Status.ANSWERED
    assert (state.answer or "").startswith("no: ")
    assert study_facts(facts_of(CZI)).questions[2].status is Status.UNANSWERED
    assert study_facts(facts_of(CZI, OME_COPY, said=COMPLETE)).questions[2].answer == "yes"
    described = next(case for case in CASES if case.name == "everything is described")
    assert study_of(described).facts.level.reached is PracticeLevel.MOST_REPRODUCIBLE


def test_some_images_with_settings_and_some_without_are_told_apart() -> None:
    """How many of how many, and the way goes on with those that lack them."""
    study = study_facts(facts_of(SINGLE_CZI, PLAIN, replace(PLAIN, path=PurePosixPath("planes/two.tif"))))
    step = study.path.step("embedded_metadata")
    assert step is not None
    assert (step.answered.answer, step.answered.in_words) == (Answer.NO, "some: 1 of 3 files")
    assert step.as_document()["answer_in_words"] == "some: 1 of 3 files"
    assert [str(path) for path in step.answered.files] == ["planes/one.tif", "planes/two.tif"]
    assert [one.basis for one in step.answered.evidence] == [Basis.HEADER, Basis.FILES]
    provided = study.path.step("settings_provided")
    assert provided is not None
    assert provided.answered.files == step.answered.files
    none = study_facts(facts_of(PLAIN)).path.step("embedded_metadata")
    assert none is not None
    assert none.answered.in_words == "no"
    said = study_facts(facts_of(SINGLE_CZI, PLAIN, said="curation: {tree: {embedded_metadata: yes}}"))
    curated = said.path.step("embedded_metadata")
    assert curated is not None
    assert curated.answered.in_words == "yes"


def stack_findings(study: CurationStudy) -> list[Finding]:
    """What is said of whole stacks."""
    return [one for one in check_curation(study)[1] if one.rule == "curation.whole-stack"]


def test_a_projection_without_its_stack_calls_for_the_whole_stack() -> None:
    """The primer's advice on what to save; where the stacks are there it is told that they are kept."""
    alone = replace(PLAIN, path=PurePosixPath("MAX_cell01.tif"))
    (found,) = stack_findings(study_facts(facts_of(SINGLE_CZI, alone)))
    assert found.severity is Severity.ADVICE
    assert found.path == "MAX_cell01.tif"
    assert "whole stacks" in (found.remedy or "")
    (kept,) = stack_findings(study_facts(facts_of(CZI, alone)))
    assert kept.severity is Severity.INFO
    assert kept.message.startswith("raw/cell01.czi holds a z-stack; the file has 1,234,567 bytes.")
    planes = replace(facts_of(PLAIN, alone), z_planes=frozenset({PLAIN.path}))
    assert [one.severity for one in stack_findings(study_facts(planes))] == [Severity.INFO]
    assert stack_findings(study_facts(facts_of(SINGLE_CZI, PLAIN))) == []


@pytest.mark.parametrize("name", ["MAX_a", "cell_MIP", "a maxproj", "z-projection 3", "AVG_Stack", "max_int_proj"])
def test_names_of_projections_are_known(name: str) -> None:
    """As Fiji and people write them."""
    assert stack_findings(study_facts(facts_of(replace(PLAIN, path=PurePosixPath(f"{name}.tif")))))


@pytest.mark.parametrize("name", ["maximum", "project_plan", "tumip", "climax", "summary", "minimal"])
def test_other_names_are_no_projections(name: str) -> None:
    """Words that hold the letters."""
    assert not stack_findings(study_facts(facts_of(replace(PLAIN, path=PurePosixPath(f"{name}.tif")))))


def test_pages_that_no_readme_explains_are_told_from_headers_and_it_is_said() -> None:
    """The answer is about the readme; where none came, nobody should think that one did."""
    step = study_facts(facts_of(CZI)).path.step("multipage_explained")
    assert step is not None
    assert step.answered.evidence[0].text.startswith("no readme came with the images")
    step = study_facts(facts_of(CZI, notes="Each file is a z-stack of 10 planes.")).path.step("multipage_explained")
    assert step is not None
    assert "no readme" not in " ".join(one.text for one in step.answered.evidence)
