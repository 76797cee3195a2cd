"""How a shelf is audited."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from confocal_bag.audit.budget import Budget

__all__ = ["AuditOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """Bags checked within `older_than` are left alone; `jobs` bags are checked at once."""

    older_than: timedelta = timedelta(0)
    budget: Budget = field(default_factory=Budget)
    budget_text: str | None = None
    history: Path | None = None
    jobs: int = 2
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
