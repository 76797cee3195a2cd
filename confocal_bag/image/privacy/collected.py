"""The fields found in one file, each once, and no more of them than tell a reader something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.privacy.model import PersonalField, PersonalKind

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Collected"]

#: More fields than this of one file tell a reader nothing that these do not.
_MOST_FIELDS = 1000


class Collected:
    """Takes fields and leaves out those that repeat what is there."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, PersonalKind, str], PersonalField] = {}

    @property
    def fields(self) -> tuple[PersonalField, ...]:
        """What was taken, in order."""
        return tuple(self._fields.values())

    def take(self, found: Iterable[PersonalField]) -> None:
        """Add fields that are new; the same field of a second channel, frame or page is not."""
        for one in found:
            if len(self._fields) >= _MOST_FIELDS:
                return
            # Identifiers are all different and tell the same; numbers at the end count lines or repetitions.
            value = "" if one.kind is PersonalKind.IDENTIFIER else one.value.strip()
            self._fields.setdefault((re.sub(r"\d+$", "", one.where), one.kind, value), one)

    def take_untold(self, found: Iterable[PersonalField]) -> None:
        """Add fields whose values no field has told, wherever it stood: for the bytes of what was parsed already."""
        self.take(one for one in found if not self._is_told(one))

    def _is_told(self, found: PersonalField) -> bool:
        """Whether the bytes show what a field has told already, or a part of it; a path may run on in bytes."""
        plain = found.value.replace("\\\\", "\\").casefold()
        same = (one.value.casefold() for one in self._fields.values() if one.kind is found.kind)
        return any(plain in value or (found.kind is PersonalKind.FOLDER and value in plain) for value in same)
