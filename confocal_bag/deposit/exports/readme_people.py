"""Who made a dataset, when and where, and what others may do with it, as labels and values of a readme."""

from collections.abc import Iterator

from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.headers import header_images
from confocal_bag.deposit.description.model import (
    Description,
    Funding,
    KeyAnswer,
    License,
    Organization,
    Person,
    RelatedWork,
)
from confocal_bag.deposit.exports.identities import (
    dataset_identifiers,
    has_address,
    identifier_uri,
    related_identifier,
)
from confocal_bag.deposit.exports.readme import ReadmeFacts
from confocal_bag.deposit.exports.readme_words import (
    ACCESS,
    AUDIENCES,
    LEVELS,
    joined,
    role_in_words,
    words_of,
)
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something

__all__ = ["Pairs", "citation", "general_pairs", "identifiers", "people_pairs", "recorded", "sharing_pairs"]

#: Lines of the readme: a label and what stands beside it.
Pairs = list[tuple[str, object]]

_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "zh": "Chinese",
}
_PERSONAL = {True: "yes", False: "no", None: None}


def recorded(pairs: Pairs, always: tuple[str, ...] = ()) -> Pairs:
    """The pairs that say something, and those that are told to be not recorded."""
    return [(label, value) for label, value in pairs if label in always or _says(value)]


def _says(value: object) -> bool:
    return says_something(value) if isinstance(value, str) else value not in (None, (), [])


def general_pairs(facts: ReadmeFacts) -> Pairs:
    """What the dataset is: title, summary, identifiers, dates, place, audience."""
    said = facts.description
    pairs: Pairs = [
        ("Title", said.title),
        ("Summary", said.abstract),
        ("Identifier", list(identifiers(said))),
        ("Version", said.version),
        ("Practice level", _level(facts)),
        ("Data collected", _collected(said, facts.inventory)),
        ("Data created", said.dates.created),
        ("Published", said.dates.issued),
        ("Updated", said.dates.updated),
        ("Where collected", _location(said)),
        ("Keywords", joined(*said.keywords)),
        ("Language", _language(said.language)),
        ("Intended audience", joined(*(AUDIENCES[one] for one in said.audience))),
        ("Funding", [text for one in said.funding if (text := _funding(one))]),
        ("Acknowledgements", said.acknowledgements),
        ("Deposited with", _institution(said.organization)),
        ("Publisher", _institution(said.publisher)),
        ("Contact", _contact(said)),
        ("Curated by", said.curation.curator),
        ("Curation log", said.curation.log),
        ("Readme created", facts.created.isoformat()),
    ]
    return recorded(pairs, ("Title", "Summary", "Data collected", "Intended audience", "Contact"))


def _level(facts: ReadmeFacts) -> str:
    reached, aimed = facts.level_reached, facts.level_claimed
    if reached is None:
        return f"aims at {LEVELS[aimed]}; does not reach it yet" if aimed else "does not reach Minimum Practice yet"
    if aimed is not None and aimed.rank > reached.rank:
        return f"{LEVELS[reached]}; aims at {LEVELS[aimed]}"
    if aimed is not None and aimed.rank < reached.rank:
        return f"{LEVELS[aimed]}, as was asked for; what is recorded reaches {LEVELS[reached]}"
    return LEVELS[reached]


def people_pairs(people: tuple[Person, ...]) -> list[Pairs]:
    """Each person: name, ORCID iD, institution, e-mail, roles."""
    return [
        recorded(
            [
                ("Name", person.full_name),
                ("ORCID iD", person.orcid),
                ("Institution", joined(person.affiliation.name, _labelled("ROR ", person.affiliation.ror))),
                ("Address", person.affiliation.address),
                ("E-mail", person.email),
                ("Roles", joined(*map(role_in_words, person.roles))),
            ],
            ("Name",),
        )
        for person in people
    ]


def sharing_pairs(facts: ReadmeFacts) -> Pairs:
    """Licence, access, restrictions, personal data, citation, related works."""
    said = facts.description
    access = said.access
    pairs: Pairs = [
        ("Licence", _licence(said.license)),
        ("Rights held by", said.license.holder),
        ("Conditions", said.license.statement),
        ("Access", ACCESS[access.level] if access.level else None),
        ("Embargo ends", access.until),
        ("On condition", access.conditions),
        ("Human subjects", _PERSONAL[said.privacy.human_subjects]),
        ("Restricted data", _PERSONAL[said.privacy.restricted]),
        ("Ethics approval", said.privacy.approval),
        ("Privacy notes", said.privacy.notes),
        ("Redacted", said.privacy.redaction),
        ("Expected reuse", _expected(said.curation.questions.reuse_expectations)),
        ("Cite as", said.citation if says_something(said.citation) else citation(said)),
        ("Raw data kept at", said.raw_location),
    ]
    always = ("Licence", "Access", "Human subjects", "Restricted data")
    return [*recorded(pairs, always), *_related(said.related)]


def _related(works: tuple[RelatedWork, ...]) -> Iterator[tuple[str, object]]:
    """What the dataset has to do with other works, each kind of relation once."""
    by_relation: dict[str, list[str]] = {}
    for work in works:
        if says_something(work.id):
            words = words_of(work.relation or "") if says_something(work.relation) else "related work"
            by_relation.setdefault(f"{words[:1].upper()}{words[1:]}"[:40], []).append(_address(work) + _openness(work))
    yield from by_relation.items()


def _openness(work: RelatedWork) -> str:
    return {True: " (openly accessible)", False: " (not openly accessible)", None: ""}[work.open]


def _address(work: RelatedWork) -> str:
    known = related_identifier(work)
    if known is None:
        return " ".join(filter(None, (work.type, work.id)))
    kind, text = known
    return identifier_uri(kind, text) if has_address(kind) else f"{kind} {text}"


def _expected(said: KeyAnswer) -> list[str]:
    return [text for text in (said.answer, said.note) if says_something(text) and text]


def _labelled(label: str, value: str | None) -> str | None:
    return f"{label}{value}" if value else None


def _funding(one: Funding) -> str | None:
    return joined(one.funder, _labelled("ROR ", one.ror), _labelled("award ", one.award))


def identifiers(said: Description) -> Iterator[str]:
    """The identifiers of the dataset as addresses."""
    yield from (identifier_uri(*one) for one in dataset_identifiers(said.identifier))


def _institution(one: Organization) -> str | None:
    return joined(one.name, one.address, _labelled("ROR ", one.ror))


def _contact(said: Description) -> str | None:
    contact = said.contact
    return joined(contact.full_name, contact.email) if contact else None


def citation(said: Description) -> str | None:
    """A citation as DataCite recommends it: creators (year): title. version. publisher. identifier."""
    names = joined(*(person.inverted_name for person in said.creators), between="; ")
    if names is None or not says_something(said.title):
        return None
    year = f" ({said.dates.issued[:4]})" if said.dates.issued else ""
    version = _labelled("Version ", said.version)
    identifier = next(identifiers(said), None)
    title = (said.title or "").rstrip(".")
    return f"{names}{year}: " + (joined(title, version, said.publisher.name, identifier, between=". ") or "")


def _collected(said: Description, inventory: Inventory) -> str | None:
    """The period, and that it is the one of the image headers where it is."""
    dates = collected_dates(header_images(inventory))
    if dates is None or said.dates.collected not in (None, dates.period):
        return said.dates.collected
    files = "the image header of one file" if dates.files == 1 else f"the image headers of {dates.files} files"
    return f"{dates.period} (from {files})"


def _language(code: str | None) -> str | None:
    """A language by its English name, where its code is one that is often used."""
    name = _LANGUAGES.get((code or "").partition("-")[0].casefold())
    return f"{name} ({code})" if name else code


def _licence(said: License) -> list[str]:
    """Each licence by its identifier, with its name and where its terms can be read."""
    told = [joined(one.spdx or one.name, one.name if one.spdx else None, one.uri) for one in rights_of(said)]
    return [text for text in told if text and says_something(text)]


def _location(said: Description) -> str | None:
    place = said.location
    both = place.lat is not None and place.lon is not None
    return joined(place.name, f"latitude {place.lat}, longitude {place.lon}" if both else None)
