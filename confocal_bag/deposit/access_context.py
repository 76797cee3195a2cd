"""What the rules about licence and access look at, and how they quote it."""

from dataclasses import dataclass, field
from datetime import date

from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.spdx import licenses_in_words, listed_licenses, names_in, public_names
from confocal_bag.findings import NotApplicable

__all__ = ["PRIMER", "RESTRICTIONS", "AccessContext", "needs_license", "quoted"]

PRIMER = "primer, Licensing information"
RESTRICTIONS = "primer, key curatorial question 9"
_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessContext:
    """What the rules look at: the description, the files, and the day on which an embargo is judged."""

    loaded: LoadedDescription
    inventory: Inventory
    today: date = field(default_factory=date.today)

    @property
    def said(self) -> Description:
        """The description itself."""
        return self.loaded.description

    @property
    def licenses(self) -> list[str]:
        """The names in the licence expression, without exceptions (WITH ...)."""
        names = names_in(self.said.license.spdx or "")
        return [name for name in names if not _is_exception(name)]

    @property
    def public_licenses(self) -> list[str]:
        """Those that let everybody copy and pass on the data; where none is given, those that the statement names."""
        said = self.said.license
        if self.licenses:
            return public_names(said.spdx or "")
        return licenses_in_words(said.statement or "")

    @property
    def license_field(self) -> str:
        """The field that says what others may do."""
        return "spdx" if self.licenses else "statement"


def needs_license(context: AccessContext) -> None:
    """Raise NotApplicable where no licence is given."""
    if not context.licenses:
        raise NotApplicable("no licence is given")


def quoted(text: str | None) -> str:
    """A text of the description on one line, cut off where it is long."""
    words = " ".join((text or "").split())
    return repr(words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…")


def _is_exception(name: str) -> bool:
    known = listed_licenses().get(name.casefold())
    return known is not None and known.is_exception
