"""Study a deposit as the primer's curator does: the way through the tree, and the key questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from confocal_bag.deposit.curation.documents import read_documents
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.key_questions import QuestionState, answer_questions
from confocal_bag.deposit.curation.settings_files import read_settings_files
from confocal_bag.deposit.curation.walk import Path, walk_tree
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment
from confocal_bag.deposit.sequences import SequenceReport
from confocal_bag.deposit.source import Deposit
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.vocabulary import PracticeLevel

if TYPE_CHECKING:
    from confocal_bag.deposit.description.file import LoadedDescription

__all__ = ["CurationStudy", "study_curation", "study_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurationStudy:
    """The answers to the primer's questions. `name` is the description's, for findings about it."""

    facts: CurationFacts
    path: Path
    questions: tuple[QuestionState, ...]
    name: str = "deposit.yaml"

    def as_document(self) -> Mapping[str, Any]:
        """The keys of the JSON document that `inspect` promises."""
        return {
            "decision_tree": self.path.as_document(),
            "key_questions": [one.as_document() for one in self.questions],
        }


def study_curation(
    deposit: Deposit,
    inventory: Inventory,
    *,
    loaded: "LoadedDescription | None",
    level: LevelAssessment,
    aim: PracticeLevel | None,
    sequences: SequenceReport,
    inner: Sequence[InnerFiles] = (),
) -> CurationStudy:
    """Answer the decision tree and the key questions; reads the documents of the deposit."""
    from confocal_bag.deposit.description.model import Description

    facts = CurationFacts(
        inventory=inventory,
        documents=read_documents(deposit, inventory),
        description=loaded.description if loaded else Description(),
        level=level,
        aim=aim,
        inner=tuple(record for one in inner for record in one.images),
        stacks=len(sequences.sequences),
        z_planes=frozenset(
            PurePosixPath(file.path)
            for one in sequences.sequences
            if "Z" in one.axes and one.axes["Z"].count > 1
            for file in one.files
        ),
        settings_files=read_settings_files(deposit, inventory),
        sequence_problems=tuple(problem.message for problem in sequences.problems),
        late_starts=tuple(
            f"in {problem.message.partition(':')[0]}, the number of the first plane is {problem.detail.get('first')}"
            for problem in sequences.problems
            if problem.code == "late-start" and problem.detail.get("axis") == "Z"
        ),
    )
    return study_facts(facts, name=loaded.name if loaded else "deposit.yaml")


def study_facts(facts: CurationFacts, *, name: str = "deposit.yaml") -> CurationStudy:
    """Answer the decision tree and the key questions from facts at hand."""
    return CurationStudy(facts=facts, path=walk_tree(facts), questions=answer_questions(facts), name=name)
