"""Two fields of one group of a description that need or exclude each other."""

from collections.abc import Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.sample import Fixation
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import Problem, Severity, rule

__all__: list[str] = []

_NOT_FIXED = {
    "none",
    "no",
    "no fixation",
    "not fixed",
    "unfixed",
    "live",
    "live cells",
    "living",
    "n/a",
    "not applicable",
}


@rule("description.location", severity=Severity.WARNING, reference="DataCite 4.5 geoLocationPoint")
def location(context: DescriptionContext) -> Iterator[Problem]:
    """A place has a latitude and no longitude, or the other way round, so that neither is passed on.

    Write both `location.lat` and `location.lon`, in degrees.
    """
    place = context.description.location
    if (place.lat is None) != (place.lon is None):
        given, lacking = ("lon", "lat") if place.lat is None else ("lat", "lon")
        yield told(
            context,
            ("location", given),
            f"location.{given} is given and location.{lacking} is not; one alone is no position",
            f"Write location.{lacking}, or take location.{given} out.",
        )


@rule("description.live-fixed", severity=Severity.WARNING, reference="primer, core element 1")
def live_fixed(context: DescriptionContext) -> Iterator[Problem]:
    """A specimen was imaged alive and is said to have been fixed, which is the end of every living cell.

    Correct `live` or `fixation`; where cells were imaged alive and fixed later, describe two specimens.
    """
    for index, specimen in enumerate(context.description.specimens):
        if specimen.live and _is_fixed(specimen.fixation):
            path = ("specimens", index, "live")
            words = specimen.fixation.name or specimen.fixation.term
            yield told(
                context,
                path,
                f"specimens[{index}].live is true, and its fixation is {words!r}",
                "Correct one of the two, or describe what was imaged alive and what was fixed as two specimens.",
            )


def _is_fixed(said: Fixation) -> bool:
    words = (said.name or "").casefold().strip(" .")
    return words not in _NOT_FIXED and (says_something(said.name) or (said.name is None and said.term is not None))
