"""bag-info.txt: what the outside of the bag says of the deposit."""

from collections.abc import Iterator
from uuid import UUID

from confocal_bag.deposit.description.model import Description
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["bag_info_fields"]


def bag_info_fields(
    description: Description,
    *,
    level: PracticeLevel | None,
    profile_identifier: str,
    bag_uuid: UUID,
    agent: str,
    draft: bool,
    aim: PracticeLevel | None = None,
) -> list[tuple[str, str]]:
    """The labels and values in the order they are written; a label nobody can fill is left out, never invented.

    `level` is the practice level that is reached, `aim` the one that was meant; it is told where it is another.
    """
    known = [
        *_people(description),
        ("External-Description", description.title),
        ("External-Identifier", bag_uuid.urn),
        *(("External-Identifier", name) for name in _identifiers(description)),
        ("License", description.license.spdx or description.license.statement),
        ("Confocal-Practice-Level", level.value if level else None),
        ("Confocal-Practice-Level-Aimed-At", aim.value if aim and aim is not level else None),
        ("Confocal-Draft", "true" if draft else None),
        ("BagIt-Profile-Identifier", profile_identifier),
        ("Bag-Software-Agent", agent),
    ]
    return [(label, " ".join(value.split())) for label, value in known if value and value.strip()]


def _people(description: Description) -> Iterator[tuple[str, str | None]]:
    yield "Source-Organization", description.organization.name
    yield "Organization-Address", description.organization.address
    contact = description.contact or (description.creators[0] if description.creators else None)
    if contact:
        yield "Contact-Name", contact.inverted_name
        yield "Contact-Email", contact.email


def _identifiers(description: Description) -> Iterator[str]:
    identifier = description.identifier
    if identifier.doi:
        yield identifier.doi if identifier.doi.startswith("http") else f"https://doi.org/{identifier.doi}"
    if identifier.handle:
        yield identifier.handle
    if identifier.uri:
        yield identifier.uri
