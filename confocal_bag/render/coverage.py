"""How much of a shelf was checked recently enough, over time, as bars of text."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from confocal_bag.findings import one_line
from confocal_bag.page.run import RunCoverage

__all__ = ["print_coverage"]

_LINES = 12
_WIDTH = 40


def print_coverage(coverage: Sequence[RunCoverage], console: Console) -> None:
    """Some days, the latest last, as each of them ended: day, bar, bags checked of bags on the shelf."""
    days = [*{point.at[:10]: point for point in coverage}.values()]
    step = max(1, len(days) // _LINES)
    console.print(Text("Checked recently enough, over time", style="italic"))
    for point in days[::-1][::step][:_LINES][::-1]:
        share = min(1.0, point.checked / point.bags) if point.bags else 0.0
        bar = "#" * round(share * _WIDTH)
        console.print(Text(f"{one_line(point.at[:10])} {bar:.<{_WIDTH}} {point.checked} of {point.bags}"))
