"""Whether protocols are told: at all, of the processing, and in detail."""

from confocal_bag.deposit.description.model import Description, ProtocolText
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.deposit.placeholders import says_something

__all__ = ["has_processing", "has_protocol", "is_detailed"]

_DOCUMENTED = frozenset({"isdocumentedby", "isdescribedby", "issupplementto"})


def has_protocol(view: DepositView) -> bool:
    """Whether anything is told of how the data were made, here or in a publication (primer, Minimum Practice)."""
    protocols = view.description.protocols
    told = map(_given, (protocols.sample_preparation, protocols.acquisition, protocols.processing))
    return any(told) or _is_documented_elsewhere(view.description)


def _given(protocol: ProtocolText) -> bool:
    """Whether it is told here, or behind a link that nobody says is closed or incomplete (primer, footnote)."""
    shut = protocol.open is False or protocol.complete is False
    return says_something(protocol.text) or (says_something(protocol.link) and not shut)


def _is_documented_elsewhere(description: Description) -> bool:
    return any(
        says_something(work.id) and work.open is not False and (work.relation or "").casefold() in _DOCUMENTED
        for work in description.related
    )


def is_detailed(protocol: ProtocolText) -> bool:
    """Whether it is told here, or behind a link that is openly accessible and complete (primer, footnote)."""
    linked = says_something(protocol.link) and protocol.open and protocol.complete
    return says_something(protocol.text) or bool(linked)


def has_processing(view: DepositView) -> bool:
    """Whether it is told how the processed data were made (primer, Good Enough Practice)."""
    return _given(view.description.protocols.processing) or _is_documented_elsewhere(view.description)
