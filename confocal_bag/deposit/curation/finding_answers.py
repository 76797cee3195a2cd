"""What a depositor says of something that was found: it settles the finding, and the finding quotes it.

A missing plane that was never acquired, a damaged or lossy file of which there is no better copy, a file that was
renamed on purpose: nobody can mend these, and an answer is all there can be. A promise to look or to send is none.
Nothing else is settled by words: no name that a manifest cannot hold, no personal data, no file that cannot be read or
that changed.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.placeholders import is_promise, says_something
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Outcome, Problem, Severity, rule, run_rules

if TYPE_CHECKING:
    from confocal_bag.deposit.description.curating import FindingAnswer
    from confocal_bag.deposit.description.file import LoadedDescription

__all__ = [
    "ANSWERABLE",
    "FIELD",
    "SETTLED",
    "finding_field",
    "finding_mark",
    "is_open",
    "is_settled",
    "settle_findings",
    "what_was_seen",
]

FIELD = "curation.findings"
#: What the detail of a settled finding has: what was seen, its mark, and the note.
SETTLED = "settled_by"

#: The rules whose findings an answer can settle, in the order of the letter.
ANSWERABLE = (
    "image.unreadable",
    "image.tiff-structure",
    "deposit.empty-file",
    "image.lossy",
    "image.maybe-lossy",
    "image.palette",
    "image.bit-depth-reduced",
    "image.histogram-gaps",
    "image.rgb-composite",
    "image.extension-disagrees",
    "sequence.missing-plane",
    "sequence.gap",
    "sequence.start-index-mismatch",
    "sequence.metadata-mismatch",
    "sequence.mixed-dtype",
    "sequence.mixed-shape",
    "sequence.single-plane",
    "image.white-is-zero",
    "image.orientation",
    "image.color-space",
    "image.pages-differ",
    "curation.whole-stack",
    "deposit.same-content",
)
#: Why an image could not be read, where that was not the fault of the file.
_NOT_THE_FILE = ("the process that read it", "nothing came of it", "bytes of memory", "changed while")
_MILDER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.ADVICE, Severity.ADVICE: Severity.INFO}


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnswersContext:
    """What the rule looks at: what people answered, what was found, and which rules were not looked at."""

    loaded: "LoadedDescription"
    found: Mapping[tuple[str, str], Sequence[Finding]]
    skipped: frozenset[str]


def finding_mark(finding: Finding) -> str:
    """Eight letters and digits that stand for what was seen: another one where something else is seen later."""
    told = json.dumps([finding.rule, finding.path, finding.message, finding.detail], sort_keys=True, default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def finding_field(finding: Finding) -> str:
    """The field of deposit.yaml that takes the answer to a finding."""
    return f"{FIELD}[{finding.rule} {finding_mark(finding)} {finding.path}].note"


def what_was_seen(finding: Finding) -> str:
    """The message without its advice to ask the depositor, who reads it too."""
    told = [one for one in re.split(r"(?<=[.;])\s+", finding.message) if "the depositor" not in one]
    return " ".join(told or [finding.message]).rstrip(";.?") + "."


def is_settled(finding: Finding) -> bool:
    """Whether somebody has given an answer that settles a finding; its detail quotes both."""
    return SETTLED in finding.detail


def is_open(finding: Finding) -> bool:
    """Whether an answer can settle a finding, and nobody has given it."""
    return finding.rule in ANSWERABLE and _is_of_the_file(finding) and not is_settled(finding)


def _is_of_the_file(finding: Finding) -> bool:
    return finding.path is not None and not any(words in finding.message for words in _NOT_THE_FILE)


def settle_findings(
    loaded: "LoadedDescription | None", judged: Sequence[tuple[list[Check], list[Finding]]]
) -> list[tuple[list[Check], list[Finding]]]:
    """The outcome of the rules, each finding that somebody answered one step milder and with the answer.

    An answer that settles nothing is a finding itself.
    """
    judged = [(checks, [_with_way_out(one) for one in findings]) for checks, findings in judged]
    if loaded is None:
        return judged
    said = loaded.description.curation.findings
    found: dict[tuple[str, str], list[Finding]] = {}
    for _, findings in judged:
        for one in findings:
            found.setdefault((one.rule, one.path or ""), []).append(one)
    skipped = frozenset(one.rule for checks, _ in judged for one in checks if one.outcome is Outcome.SKIPPED)
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    own = run_rules(chosen, _AnswersContext(loaded=loaded, found=found, skipped=skipped))
    return [*((checks, [_settled(one, said) for one in findings]) for checks, findings in judged), own]


def _with_way_out(finding: Finding) -> Finding:
    """An error that can be settled says how."""
    if finding.severity is not Severity.ERROR or not is_open(finding):
        return finding
    remedy = f"{finding.remedy or ''} If nothing can be mended, the depositor's answer settles it (`ask --sheet`)."
    return replace(finding, remedy=remedy.strip())


def _settled(finding: Finding, said: "Sequence[FindingAnswer]") -> Finding:
    if not said or not is_open(finding):
        return finding
    note = next((one.note for one in said if _is_about(one, finding) and _is_answer(one.note)), None)
    if note is None:
        return finding
    seen = what_was_seen(finding)
    return replace(
        finding,
        severity=_MILDER.get(finding.severity, finding.severity),
        message=f'{seen} The answer to it: "{note}"',
        remedy="Nothing needs to be done while the answer stands; the readme quotes it.",
        detail={**finding.detail, SETTLED: {"seen": seen, "mark": finding_mark(finding), "note": note}},
    )


def _is_answer(note: str | None) -> bool:
    return says_something(note) and not is_promise(note or "")


def _is_about(one: "FindingAnswer", finding: Finding) -> bool:
    return (one.rule, one.path, one.seen) == (finding.rule, finding.path, finding_mark(finding))


@rule("curation.answer-settles-nothing", severity=Severity.WARNING)
def settles_nothing(context: _AnswersContext) -> Iterator[Problem]:
    """An entry of `curation.findings` answers something that was not found, or that no answer can settle.

    An answer counts for one finding of one file, as `ask --sheet` writes it: the rule, the path, and the mark of what
    was seen. Where something else is seen later, more planes missing than before, it no longer counts, and `ask` asks
    again. Names that a manifest cannot hold, personal data, and files that cannot be read or changed are settled by no
    answer. "We will send it" and its like are promises, and settle nothing either.
    """
    said = context.loaded.description.curation.findings
    if not said:
        raise NotApplicable("the description answers no finding")
    for index, one in enumerate(said):
        reason = _idle(one, context)
        if reason:
            yield told_of(
                context.loaded,
                ("curation", "findings", index),
                f"curation.findings[{index}] answers {one.rule or 'no rule'} of {one.path or 'no file'}: {reason}",
                "Take the entry out, or ask again with `confocal-bag ask --sheet`, whose rows name what was found.",
            )


def _idle(one: "FindingAnswer", context: _AnswersContext) -> str | None:
    """Why an answer settles nothing; None where it settles something, or where nobody looked this time."""
    if one.rule not in ANSWERABLE:
        return "no answer can settle what this rule finds"
    if one.rule in context.skipped:
        return None
    found = context.found.get((one.rule, one.path or ""), ())
    if not found:
        return "nothing of that kind was found there"
    if not any(_is_about(one, finding) for finding in found):
        marks = " or ".join(finding_mark(finding) for finding in found)
        return f"it is about something else that was seen there (`seen` is {one.seen or 'empty'}, now {marks})"
    if not _is_answer(one.note):
        return "its note promises an answer and is none yet" if is_promise(one.note or "") else "it has no note"
    return (
        None if any(_is_about(one, finding) and is_open(finding) for finding in found) else "the file is not at fault"
    )
