"""The readme of a bag under way: what was inspected, planned and proven, in the form its template asks for."""

from collections.abc import Mapping, Sequence

from confocal_bag import __version__
from confocal_bag.deposit.exports.readme import ConversionFacts, ReadmeFacts, StackFacts, render_readme
from confocal_bag.deposit.sequences import AxisRange
from confocal_bag.inspect import Inspection
from confocal_bag.packing import Packing
from confocal_bag.vocabulary import AXIS_NAMES

__all__ = ["dataset_readme"]


def dataset_readme(packing: Packing, bag_name: str, *, draft: bool, algorithms: Sequence[str]) -> str:
    """The text of data/readme/README.txt."""
    inspection = packing.inspection
    return render_readme(
        ReadmeFacts(
            description=packing.description,
            inventory=inspection.inventory,
            stacks=_stacks(inspection),
            conversions=[
                ConversionFacts(
                    source=str(one.source), result=str(one.result), planes=one.planes, series_name=one.series_name
                )
                for one in packing.proven
            ],
            level_claimed=packing.level,
            level_reached=inspection.level.reached,
            draft=draft,
            algorithms=algorithms,
            tool_version=__version__,
            bag_name=bag_name,
            created=packing.moment.date(),
            places=packing.plan.places,
        )
    )


def _stacks(inspection: Inspection) -> list[StackFacts]:
    """The stacks of single-plane files, with what is wrong with each."""
    problems = inspection.sequences.problems
    return [
        StackFacts(
            folder=one.folder,
            stem=one.stem,
            axes=_axes_in_words(one.axes),
            count=len(one.files),
            problems=tuple(
                problem.message for problem in problems if problem.path in {file.path for file in one.files}
            ),
        )
        for one in inspection.sequences.sequences
    ]


def _axes_in_words(axes: Mapping[str, AxisRange]) -> str:
    """What each number in the names stands for; an axis with one value tells planes of a stack from no others."""
    counted = {name: axis for name, axis in axes.items() if axis.count > 1}
    return "; ".join(
        f"{name} = {AXIS_NAMES.get(name, name)}, {axis.first} to {axis.last} ({axis.count})"
        for name, axis in counted.items()
    )
