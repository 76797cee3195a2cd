"""Whether a description answers for personal data: for those of any kind, and for identifiers of patients."""

from confocal_bag.deposit.description.model import AccessLevel, Description
from confocal_bag.deposit.privacy.reasons import is_reason, names_protection
from confocal_bag.deposit.spdx import licenses_in_words, public_names

__all__ = ["answers_for_patients", "is_answered", "shown_to_all"]


def is_answered(said: Description) -> bool:
    """Whether a sentence says what protects the people concerned, or what was taken out."""
    return is_reason(said.privacy.notes) or is_reason(said.privacy.redaction)


def shown_to_all(said: Description) -> str | None:
    """Why everybody may read the data, now or once an embargo ends; None where access to them is restricted."""
    public = public_names(said.license.spdx or "") or licenses_in_words(said.license.statement or "")
    if public:
        return f"the licence {public[0]} lets everybody pass the data on"
    if said.access.level is not AccessLevel.RESTRICTED:
        return f"access.level is {said.access.level or 'not given'}, not restricted"
    return None


def answers_for_patients(said: Description) -> bool:
    """Whether a description answers for identifiers of patients.

    Where access is restricted, a sentence does; where everybody may read them, one that says why they may.
    """
    if shown_to_all(said) is None:
        return is_answered(said)
    return names_protection(said.privacy.notes) or names_protection(said.privacy.redaction)
