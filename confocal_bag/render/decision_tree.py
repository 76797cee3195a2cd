"""The way through the primer's decision tree, and its key questions, for people."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from confocal_bag.counted import counted
from confocal_bag.findings import one_line
from confocal_bag.page.run import RunEvidence, RunQuestion, RunStep

__all__ = ["print_decision_tree"]

_LONGEST_QUOTE = 160
_MOST_EVIDENCE = 3


def print_decision_tree(steps: Sequence[RunStep], questions: Iterable[RunQuestion], console: Console) -> None:
    """Print each step with its answer and evidence, the end, and what has become of the key questions."""
    console.print(Text("Decision tree (primer, Figure 1)", style="italic"))
    for step in steps[:-1]:
        _print_step(step, console)
    end = steps[-1]
    asked = len(end.open)
    word = "accept" if not asked else f"{counted(asked, 'question')} for the depositor"
    console.print(Text(f"  -> {word}", style="bold"))
    unanswered = [str(one.number) for one in questions if one.status == "unanswered"]
    told = f"not answered yet: {', '.join(unanswered)}" if unanswered else "all answered"
    console.print(Text(f"Key questions (primer): {told}"))


def _print_step(step: RunStep, console: Console) -> None:
    curator = " (as deposit.yaml says)" if step.by == "curator" else ""
    line = Text(f"  {one_line(step.question)} ")
    line.append(f"{one_line(step.answer_in_words or step.answer or '')}{curator}", style="bold")
    console.print(line)
    if step.note:
        console.print(Text(f"      note: {_short(step.note)}", style="dim"))
    for one in step.evidence[:_MOST_EVIDENCE]:
        console.print(Text(f"      {_evidence(one)}", style="dim"))
    more = len(step.evidence) - _MOST_EVIDENCE
    if more > 0:
        console.print(Text(f"      and {more} more; --format json shows all", style="dim"))
    if advice := step.ask or step.look:
        console.print(Text(f"      -> {one_line(advice)}", style="cyan"))


def _evidence(one: RunEvidence) -> str:
    """One piece of evidence; only what a document says stands in quotation marks."""
    where = one_line(one.path or "")
    if one.basis == "document" and one.place:
        return f'{where} {one_line(one.place)}: "{_short(one.text)}"'
    says_where = not where or one_line(one.text).startswith(where)
    return _short(one.text) if says_where else f"{where}: {_short(one.text)}"


def _short(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 3] + "..."
