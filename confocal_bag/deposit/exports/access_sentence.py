"""Who may have the data, from when and on which conditions, in one text for documents that have one place for it."""

from confocal_bag.deposit.description.people import Access, AccessLevel

__all__ = ["access_limits", "access_sentence"]


def access_sentence(said: Access) -> str | None:
    """The level of access, the end of an embargo and the conditions; None where nothing is recorded."""
    level = said.level.value if said.level else None
    until = said.until and f"until {said.until}"
    if said.level not in (None, AccessLevel.EMBARGOED):
        until = said.until and f"embargo until {said.until}"
    return ". ".join(filter(None, (" ".join(filter(None, (level, until))), said.conditions))) or None


def access_limits(said: Access) -> str | None:
    """The same, for documents that list what limits the use of the data; None where anyone may have them."""
    is_open = said.level in (None, AccessLevel.OPEN) and not said.until
    return said.conditions if is_open else access_sentence(said)
