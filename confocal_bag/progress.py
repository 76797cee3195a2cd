"""How long work tells its caller how far it is."""

from typing import Protocol

__all__ = ["SILENT", "Progress"]


class Progress(Protocol):
    """Told the name of each stage and the bytes (or planes) done in it."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A new stage begins; `total` is how much there is to do, None when nobody knows."""

    def advance(self, amount: int) -> None:
        """So much more of the stage is done."""


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""


SILENT: Progress = _Silent()
