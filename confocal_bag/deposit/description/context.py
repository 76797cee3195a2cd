"""What the rules about a description look at, and how they say what they saw."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.values import Part
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.ontology.table import TermTable, shipped_terms
from confocal_bag.findings import Problem, Severity

__all__ = ["DescriptionContext", "told", "told_of", "written_texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionContext:
    """What the rules about a description look at.

    `today` is when it is checked; `images` are those of the inventory, each with what is said of it; `terms` the
    ontology terms at hand.
    """

    loaded: LoadedDescription
    inventory: Inventory
    today: date = field(default_factory=date.today)

    images: tuple[DescribedImage, ...] = ()
    terms: TermTable = field(default_factory=shipped_terms)

    @property
    def description(self) -> Description:
        """The description itself."""
        return self.loaded.description


def told(
    context: DescriptionContext, path: FieldPath, message: str, remedy: str, severity: Severity | None = None
) -> Problem:
    """A problem with one field, with the line it stands on."""
    return told_of(context.loaded, path, message, remedy, severity)


def told_of(
    loaded: LoadedDescription, path: FieldPath, message: str, remedy: str, severity: Severity | None = None
) -> Problem:
    """A problem with one field of a description, with the line it stands on."""
    line = loaded.line(path)
    where = f" (line {line})" if line else ""
    detail: dict[str, Any] = {"field": field_name(path)}
    if line:
        detail["line"] = line
    return Problem(
        path=loaded.name,
        message=f"{message}{where}.",
        remedy=remedy,
        detail=detail,
        severity=severity,
    )


def written_texts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    """Every text of a description with its place."""
    if isinstance(value, Part):
        for name, info in type(value).model_fields.items():
            yield from written_texts(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, Iterable) and not isinstance(value, dict):
        for index, one in enumerate(value):
            yield from written_texts(one, (*path, index))
