"""One place where a file records something of a person, and how its value is shown without being told."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["MARK", "Found", "PersonalField", "PersonalKind", "Search", "mask"]

#: How a sidecar begins what it says in place of a value.
MARK = "withheld"

_LONGEST_MASK = 60
_MOST_NAMED = 3


class PersonalKind(StrEnum):
    """What a value tells of a person, in the words that reports and sidecars use."""

    PERSON = "name or login of a person"
    EMAIL = "e-mail address"
    PHONE = "telephone number"
    ORCID = "ORCID"
    FOLDER = "folder path"
    HOST = "name of a computer"
    DEVICE = "name or serial number of one device"
    IDENTIFIER = "identifier made on one computer"
    PLACE = "geographic position"
    SUBJECT = "identifier of a human subject"
    DAY = "date in a name"
    FREE_TEXT = "free text"


#: A kind and the value that shows it, before it is known where it stands.
Found = tuple[PersonalKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalField:
    """A field that holds personal data: its path in the header, and its value, which no output may show.

    `where` is for example ImageDocument/Metadata/Information/Document/UserName, or "byte 4711 (UTF-16-LE)".
    """

    where: str
    kind: PersonalKind
    value: str = field(repr=False)

    @property
    def masked(self) -> str:
        """The value as it may be shown."""
        return mask(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found in one file; `problem` says what could not be searched, `unsearched` which files packed in it."""

    fields: tuple[PersonalField, ...] = ()
    problem: str | None = None
    unsearched: tuple[str, ...] = ()

    @property
    def gap(self) -> str | None:
        """All that could not be searched, as the end of a sentence; None where nothing is left."""
        if not self.unsearched:
            return self.problem
        more = f" and {len(self.unsearched) - _MOST_NAMED:,} more" if len(self.unsearched) > _MOST_NAMED else ""
        names = f"what is packed in it was, but not {', '.join(self.unsearched[:_MOST_NAMED])}{more}"
        return f"{self.problem}; {names}" if self.problem else names


def mask(value: str) -> str:
    """The first letter of a value, or of each folder of a path, and a star for every further character.

    Never the value itself; what is cut off at the end is counted.
    """
    drive, rest = (value[:2], value[2:]) if re.match(r"[A-Za-z]:[\\/]", value) else ("", value)
    shown = drive + "".join(_mask_part(part) for part in re.split(r"([\\/]+)", rest))
    if len(shown) <= _LONGEST_MASK:
        return shown
    return f"{shown[:_LONGEST_MASK]}… ({len(shown)} characters)"


def _mask_part(part: str) -> str:
    if not part or part[0] in "\\/":
        return part
    first = part[0] if len(part) > 1 and part[0].isprintable() else "*"
    return first + "*" * (len(part) - 1)
