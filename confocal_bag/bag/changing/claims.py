"""What a bag says of itself that only a build can prove: that it is no draft, and the practice level it reaches."""

from collections.abc import Iterable, Mapping, Sequence

from confocal_bag.bag.profiles.label_rules import values_by_label
from confocal_bag.bag.profiles.load import load_profile, shipped_profiles
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["refuse_unproven_claims"]

_DRAFT, _LEVEL, _AIM, _PROFILE = (
    "Confocal-Draft",
    "Confocal-Practice-Level",
    "Confocal-Practice-Level-Aimed-At",
    "BagIt-Profile-Identifier",
)
_REMEDY = "Nothing was changed; build the bag again from its deposit, which shows what is reached."

Values = Mapping[str, Sequence[str]]


def refuse_unproven_claims(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> None:
    """Refuse fields of bag-info.txt that would claim more than those before them, which a build proved.

    A lower practice level and a draft claim less, and so does a profile of somebody else beside ours. Raises
    CannotFinish.
    """
    old, new = values_by_label(before), values_by_label(after)
    _refuse_finished(_of(old, _DRAFT), _of(new, _DRAFT))
    _refuse_higher_level(_of(old, _LEVEL), _of(new, _LEVEL))
    if _of(new, _AIM) != _of(old, _AIM):
        raise CannotFinish(f"{_AIM} tells which practice level was meant and not reached, as a build found. {_REMEDY}")
    _refuse_higher_profile(old, new)


def _of(values: Values, label: str) -> Sequence[str]:
    return values.get(label.casefold(), ())


def _refuse_finished(old: Sequence[str], new: Sequence[str]) -> None:
    if _says_draft(old) and not _says_draft(new):
        raise CannotFinish(
            f"{_DRAFT} is 'true': the bag was built before its description was complete or its files were whole, and "
            "an update finishes neither. Nothing was changed; build the bag again, without --draft, when the "
            "description is complete."
        )


def _says_draft(values: Sequence[str]) -> bool:
    """Whether a bag calls itself a draft and nothing else."""
    return bool(values) and all(value.casefold() == "true" for value in values)


def _refuse_higher_level(old: Sequence[str], new: Sequence[str]) -> None:
    proven = max(map(_rank, old), default=None)
    for value in new:
        if value in old:
            continue
        rank = _rank(value)
        if proven is None or rank < 0 or rank > proven:
            raise CannotFinish(
                f"{_LEVEL} would be '{readable_path(value)}', and {_said(old)} is what the build proved. {_REMEDY}"
            )


def _rank(level: str) -> int:
    """The rank of a practice level; -1 for a word that is none."""
    return PracticeLevel(level).rank if level in list(PracticeLevel) else -1


def _said(values: Sequence[str]) -> str:
    return " and ".join(f"'{readable_path(value)}'" for value in values) or "no level"


def _refuse_higher_profile(before: Values, after: Values) -> None:
    """Of the profiles shipped here a bag keeps one, and gets none of a higher level than the bag states."""
    old, new = _of(before, _PROFILE), _of(after, _PROFILE)
    if set(old) == set(new):
        return
    ours = {load_profile(name).identifier: rank for rank, name in enumerate(shipped_profiles())}
    had, has = [ours[one] for one in old if one in ours], [ours[one] for one in new if one in ours]
    if had and not has:
        raise CannotFinish(
            f"{_PROFILE} names the profile that the bag was built by, and the bag would not be held to it any more. "
            f"Nothing was changed; --append '{_PROFILE}: ...' puts another profile beside it."
        )
    proven = max((*had, *map(_rank, _of(before, _LEVEL))), default=-1)
    if max(has, default=-1) > proven:
        raise CannotFinish(f"{_PROFILE} would name the profile of a higher practice level than is proven. {_REMEDY}")
