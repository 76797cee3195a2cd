"""bag-info.txt: what the outside of the bag says of the deposit."""

from collections.abc import Iterator
from uuid import UUID

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri
from confocal_bag.deposit.exports.rights import licence_text
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

    `level` is that of the bag (`level_of_bag`), as its profile and its readme have it; `aim` the one that was meant,
    which is told where a draft does not reach it.
    """
    known = [
        *_people(description),
        ("External-Description", description.title),
        ("External-Identifier", bag_uuid.urn),
        *(("External-Identifier", name) for name in _identifiers(description)),
        ("License", licence_text(description.license)),
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
    yield from (identifier_uri(*one) for one in dataset_identifiers(description.identifier))
