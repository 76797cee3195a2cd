"""Times as the page shows them."""

from datetime import UTC, datetime

__all__ = ["in_utc"]


def in_utc(moment: datetime) -> str:
    """Day and minute in UTC, as in 2026-11-24 15:31 UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
