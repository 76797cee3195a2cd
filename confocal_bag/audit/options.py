"""How a shelf is audited."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from confocal_bag.audit.budget import Budget

__all__ = ["AuditOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """Bags checked within `older_than` are left alone; `jobs` bags are checked at once.

    With `bags`, paths from the shelf, just these are checked, whenever they were checked last. `is_moved` says that the
    shelf is the one that the history is of, at another place.
    """

    older_than: timedelta = timedelta(0)
    budget: Budget = field(default_factory=Budget)
    budget_text: str | None = None
    history: Path | None = None
    jobs: int = 2
    bags: tuple[str, ...] = ()
    is_moved: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
