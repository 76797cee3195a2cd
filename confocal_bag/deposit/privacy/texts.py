"""Other files than images that name people: nothing is left out of them, because they go into a bag as they came."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.privacy.allowed import allowed_names, is_allowed
from confocal_bag.findings import readable_path
from confocal_bag.image.privacy import PersonalKind, Search

__all__ = ["redaction_sentence", "texts_naming_people"]

_NAMING = frozenset(
    {PersonalKind.PERSON, PersonalKind.ORCID, PersonalKind.EMAIL, PersonalKind.PHONE, PersonalKind.SUBJECT}
)
_MOST_NAMED = 3


def texts_naming_people(
    inventory: Inventory, personal: Mapping[PurePosixPath, Search], description: Description | None
) -> tuple[PurePosixPath, ...]:
    """The files that are no images and name people whom the description does not name, in the deposit's order."""
    allowed = allowed_names(description)
    return tuple(
        record.path
        for record in inventory.files
        if not record.images
        and any(
            one.kind in _NAMING and not is_allowed(one, allowed) for one in personal.get(record.path, Search()).fields
        )
    )


def redaction_sentence(headers: int, texts: Sequence[PurePosixPath]) -> str:
    """What was left out of how many headers, and which other files name people; for `privacy.redaction`."""
    files = "one file" if headers == 1 else f"{headers:,} files"
    said = (
        f"Names of people, paths and serial numbers in the headers of {files} are left out of sidecars and converted "
        "copies, which say so; the files themselves are unchanged."
    )
    if not texts:
        return said
    names = ", ".join(readable_path(path) for path in texts[:_MOST_NAMED])
    more = f" and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    if len(texts) == 1:
        return f"{said} Nothing is left out of {names}, which names people too."
    return f"{said} Nothing is left out of {names}{more}, which name people too."
