"""The readmes of a bag under way: what was inspected, planned and proven, in the form their templates ask for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypedDict, Unpack

from confocal_bag import __version__
from confocal_bag.deposit.curation.finding_answers import SETTLED, is_settled, what_was_seen
from confocal_bag.deposit.exports.documents import planned_documents
from confocal_bag.deposit.exports.readme import (
    ConversionFacts,
    ReadmeFacts,
    StackFacts,
    render_child_readme,
    render_methods,
    render_readme,
)
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.deposit.privacy.texts import texts_naming_people
from confocal_bag.deposit.sequences import AxisRange, SequenceFile
from confocal_bag.deposit.sequences.sentences import axis_sentences, naming_sentence
from confocal_bag.findings import Severity
from confocal_bag.inspect import Inspection
from confocal_bag.packing import Ledger, PackingTask, found_out
from confocal_bag.plan import CURATION_LOG, METHODS, README
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Written", "written_texts"]


class Written(TypedDict):
    """How the texts of a bag are written: of a draft or not, with which digests, from which templates."""

    draft: bool
    algorithms: Sequence[str]
    templates: Templates


#: What a bag always holds for programs and archives.
_ALWAYS = (
    ("data/metadata/deposit.yaml", "the description of the deposit that this readme was made from"),
    ("data/metadata/inventory.csv", "every file with its format and checksums"),
    ("data/metadata/events.jsonl", "what was done to the files, when, and with which result"),
    ("data/metadata/findings.json", "what was found in the deposit before packing"),
    ("data/metadata/methods.txt", "the Methods paragraph of each acquisition"),
)


def written_texts(
    task: PackingTask, ledger: Ledger, bag_name: str, **written: Unpack[Written]
) -> Iterator[tuple[PurePosixPath, str, str]]:
    """The place below data/, the text and the purpose of each readme and of the Methods paragraphs."""
    facts = _facts(task, ledger, bag_name, **written)
    yield README, render_readme(facts), "readme of the dataset"
    for work in task.plan.children:
        yield work.readme, render_child_readme(facts, work), f"readme of {work.folder}"
    yield METHODS, render_methods(facts), "Methods paragraphs of the acquisitions"


def _facts(task: PackingTask, ledger: Ledger, bag_name: str, **written: Unpack[Written]) -> ReadmeFacts:
    inspection, plan = found_out(task, ledger), task.plan
    following = _next_level(inspection)
    settled = [one.detail[SETTLED] for one in inspection.findings if is_settled(one)]
    return ReadmeFacts(
        description=task.description,
        inventory=inspection.inventory,
        stacks=_stacks(task, ledger),
        conversions=[
            ConversionFacts(
                source=str(one.source),
                result=str(one.result),
                planes=one.planes,
                series_name=one.series_name,
                member=str(one.member) if one.member else None,
            )
            for one in ledger.proven
        ],
        level_claimed=task.level,
        level_reached=inspection.level.reached,
        **written,
        tool_version=__version__,
        bag_name=bag_name,
        created=task.moment.date(),
        places=plan.places,
        missing=[_without_line(one.message) for one in inspection.level.missing[following]] if following else [],
        next_level=following,
        redacted=() if task.keep_personal else _redacted(task),
        naming=[str(plan.places[path]) for path in _naming(inspection, task) if path in plan.places],
        overruled=list(_overruled(inspection, ledger)),
        answered={one["mark"]: one["seen"] for one in settled},
        documents=[*_ALWAYS, *_documents(task)],
        children=plan.children,
    )


def _overruled(inspection: Inspection, ledger: Ledger) -> Iterator[str]:
    """What a draft was made in spite of; that it falls short of a level is told apart."""
    for one in (*inspection.findings, *ledger.findings):
        if one.severity is Severity.ERROR and one.rule != "level.not-reached":
            yield what_was_seen(one)


def _without_line(message: str) -> str:
    """What is missing, without the line of deposit.yaml, which says nothing to readers of the bag."""
    return re.sub(r" \(line \d+\)", "", message)


def _next_level(inspection: Inspection) -> PracticeLevel | None:
    """The level above the one that is reached; None where that is the highest."""
    reached = inspection.level.reached
    higher = [level for level in PracticeLevel if reached is None or level.rank > reached.rank]
    return higher[0] if higher else None


def _redacted(task: PackingTask) -> list[tuple[str, Sequence[str]]]:
    """Each image of whose header fields are left out of sidecars and converted copies, and which."""
    shown = [*(copy.target for copy in task.plan.copies), *(one.shown for one in task.plan.members)]
    found = [(place, task.inspection.withheld(record)) for place, record in zip(shown, task.described, strict=True)]
    return [(str(place), list(dict.fromkeys(fields))) for place, fields in found if fields]


def _naming(inspection: Inspection, task: PackingTask) -> Sequence[PurePosixPath]:
    return texts_naming_people(inspection.inventory, inspection.personal, task.description)


def _documents(task: PackingTask) -> Iterator[tuple[str, str]]:
    if task.plan.sidecars:
        yield "data/metadata/ome", "technical metadata of each image as OME-XML, with a digest of every plane"
    if task.inspection.curation_log is not None:
        yield f"data/{CURATION_LOG}", "what the curators did, when and why"
    yield from ((f"data/{one.path}", one.purpose) for one in planned_documents(task.description))


def _stacks(task: PackingTask, ledger: Ledger) -> list[StackFacts]:
    """The stacks of single-plane files, with what each number means and what is wrong with each."""
    problems = task.inspection.sequences.problems
    return [
        StackFacts(
            folder=one.folder,
            stem=one.stem,
            axes=axis_sentences(one),
            count=len(one.files),
            problems=tuple(
                problem.message for problem in problems if problem.path in {file.path for file in one.files}
            ),
            files=tuple(file.path for file in one.files),
            example=_example(one.files[0], one.axes) if one.files else None,
            known=naming_sentence(one),
            opened_by=ledger.opened_by.get(one.files[0].path, ()),
        )
        for one in task.inspection.sequences.sequences
    ]


def _example(file: SequenceFile, axes: Mapping[str, AxisRange]) -> str | None:
    """What the name of one file of a stack says."""
    told = [f"{name} {value}" for name, value in file.coordinates.items() if name in axes and axes[name].count > 1]
    return f"{PurePosixPath(file.path).name} is plane {', '.join(told)}" if told else None
