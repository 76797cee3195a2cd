"""When the images of a deposit were taken, by their headers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from confocal_bag.deposit.description.headers import HeaderImage
from confocal_bag.vocabulary import Tier

__all__ = ["Collected", "collected_dates"]

_EARLIEST_YEAR = "1985"  # before the first commercial confocal microscopes: a clock that was never set


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The days on which images were taken, as a day or an interval a/b, and the files that say so."""

    period: str
    files: int
    earliest: str
    latest: str

    @property
    def source(self) -> str:
        """Which files say so, in words."""
        if self.files == 1:
            return f"from {self.earliest}"
        return f"from {self.files} files, earliest {self.earliest}, latest {self.latest}"


def collected_dates(images: Iterable[HeaderImage]) -> Collected | None:
    """When the raw images were taken by their headers, where there are none all images; None where no header says.

    A day is the one that the header writes, whatever its time zone.
    """
    every = list(images)
    taken = [image for image in every if image.tier is Tier.RAW] or every
    dated = sorted((day, image.path) for image in taken if (day := _day(image)) is not None)
    if not dated:
        return None
    first, last = dated[0][0], dated[-1][0]
    return Collected(
        period=first if first == last else f"{first}/{last}",
        files=len({path for _, path in dated}),
        earliest=dated[0][1],
        latest=dated[-1][1],
    )


def _day(image: HeaderImage) -> str | None:
    found = re.match(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)", image.record.instrument.acquired or "")
    return found[0] if found and found[1] >= _EARLIEST_YEAR else None
