"""The FAIR checklist for people: how many tests of each outcome, and what failed."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from confocal_bag.findings import one_line
from confocal_bag.page.run import RunFair

__all__ = ["print_fair"]

_WORDS = {
    "pass": "passed",
    "fail": "failed",
    "not-applicable": "not applicable",
    "not-testable": "not testable offline",
}


def print_fair(checklist: Sequence[RunFair], console: Console) -> None:
    """Print one line of counts, and one for each test that failed; the tests are not of equal weight, so no score."""
    counts = Counter(one.outcome for one in checklist)
    told = ", ".join(f"{counts[outcome]} {words}" for outcome, words in _WORDS.items() if counts[outcome])
    console.print(Text(f"FAIR checklist, {len(checklist)} tests: {told}"))
    for one in checklist:
        if one.outcome == "fail":
            line = Text(f"  {one_line(one.id):<4}{one_line(one.test)}: {one_line(one.evidence)}")
            line.append(f" -> {one_line(one.remedy or '')}", style="cyan")
            console.print(line)
