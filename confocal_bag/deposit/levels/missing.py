"""What a level still needs: said in words, with the entry of deposit.yaml to fill in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.fields import field_help, needed_level
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Missing", "Place", "first_of", "is_said", "needed"]

_MOST_SUBJECTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing a level still needs: the field or part of the deposit, what was looked for, and what to do.

    `level` is the least demanding level that needs it. `fields` holds every field to fill in, and `subjects` every
    file, channel or entry it is missing for, at most 1000 of each.
    """

    field: str
    message: str
    remedy: str
    level: PracticeLevel
    fields: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of deposit.yaml: how it is called in words, `channel c15 (line 212)`, and in a field's name."""

    words: str
    field: str


def needed(
    key: str,
    message: str,
    remedy: str | None = None,
    *,
    places: Sequence[Place] = (),
    subjects: Sequence[str] = (),
    line: int | None = None,
) -> Missing:
    """Something missing. `key` is its place in the table of fields; without a remedy, the field's help is what to do.

    `places` are the entries to fill in, and `line` is that of a field that stands alone.
    """
    name = key.partition(" ")[0]
    leaf = name.removeprefix(_section_of(places[0].field)) if places else name
    fields = list(dict.fromkeys(f"{place.field}.{leaf}" for place in places)) or [name]
    remedy = remedy or _fill_in(name, leaf, places, line)
    return Missing(
        field=fields[0],
        message=message,
        remedy=f"{remedy.rstrip('.')}.",
        level=needed_level(key),
        fields=tuple(fields[:_MOST_SUBJECTS]),
        subjects=tuple(subjects[:_MOST_SUBJECTS]),
    )


def _section_of(field: str) -> str:
    """The beginning of a key that an entry stands for: "acquisitions.channels." for acquisitions[a1].channels[c0]."""
    return re.sub(r"\[[^\]]*\]", "", field) + "."


def _fill_in(key: str, leaf: str, places: Sequence[Place], line: int | None) -> str:
    help_text = field_help(key)
    example = f", for example: {help_text.example}" if help_text and help_text.example else ""
    section, dot, own = key.partition(".")
    if places:
        return f"Fill in `{leaf}` of {first_of([place.words for place in places])} in deposit.yaml{example}"
    if dot and section in ("acquisitions", "instruments", "channels", "specimens"):
        return f"Add an entry to `{section}` in deposit.yaml with `{own}`{example}"
    where = f" (line {line})" if line else ""
    return f"Fill in `{key}`{where} in deposit.yaml{example}"


def first_of(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    different = list(dict.fromkeys(names))
    return different[0] + (f" and {len(different) - 1} more" if len(different) > 1 else "")


def is_said(entry: object, field: str) -> bool:
    """Whether an entry answers a field such as objective.na."""
    value = entry
    for step in field.split("."):
        value = getattr(value, step, None)
    return says_something(value) if isinstance(value, str) else value is not None and value != ()
