"""How much of a shelf was checked recently enough, over time, as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from confocal_bag.page.run import RunCoverage

__all__ = ["CoveragePlot", "plot_coverage"]

_WIDTH, _HEIGHT = 640, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePlot:
    """A line from left to right, and the area below it, as SVG path commands; `ticks` are (y, words)."""

    width: int
    height: int
    line: str
    area: str
    ticks: tuple[tuple[int, str], ...]
    begin: str
    end: str
    latest: RunCoverage


def plot_coverage(points: Sequence[RunCoverage]) -> CoveragePlot | None:
    """The share of the bags that were checked, from 0 at the bottom to all at the top; None without two points."""
    if len(points) < 2:
        return None
    step = _WIDTH / (len(points) - 1)
    places = [(number * step, _HEIGHT * (1 - _share(point))) for number, point in enumerate(points)]
    begin, end = _moments(points[0].at, points[-1].at)
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return CoveragePlot(
        width=_WIDTH,
        height=_HEIGHT,
        line=line,
        area=f"{line}L{_WIDTH} {_HEIGHT}L0 {_HEIGHT}z",
        ticks=((0, "100 %"), (_HEIGHT // 2, "50 %"), (_HEIGHT, "0")),
        begin=begin,
        end=end,
        latest=points[-1],
    )


def _moments(begin: str, end: str) -> tuple[str, str]:
    """Two days; of one and the same day the times, in UTC as everywhere in a history."""
    if begin[:10] != end[:10]:
        return begin[:10], end[:10]
    return begin[:16].replace("T", " "), end[:16].replace("T", " ")


def _share(point: RunCoverage) -> float:
    return min(1.0, point.checked / point.bags) if point.bags else 0.0
