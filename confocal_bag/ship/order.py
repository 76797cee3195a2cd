"""How a bag is to travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.ship.form import Form

__all__ = ["Order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the sender asks for.

    `form` is None for what the profiles ask; `read_back` does not content itself with the checksum of the store;
    `work` is where an archive is made.
    """

    form: Form | None = None
    profiles: Sequence[str] = ()
    replace: bool = False
    read_back: bool = False
    work: Path | None = None
    jobs: int = 2
