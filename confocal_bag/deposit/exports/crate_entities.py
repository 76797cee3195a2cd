"""The entities of an RO-Crate: each once, under its identifier, without empty properties or lists of one."""

from collections.abc import Collection, Iterable, Iterator
from itertools import count
from typing import Any

from confocal_bag.deposit.description.model import InstrumentDescription, Organization, Person, Term
from confocal_bag.deposit.description.people import Funding
from confocal_bag.deposit.exports.export_facts import relative_uri
from confocal_bag.deposit.exports.identities import orcid_uri, ror_uri, term_uri
from confocal_bag.deposit.exports.json_document import recorded, unique
from confocal_bag.deposit.exports.said_pairs import instrument_pairs

__all__ = ["Crate", "Entity", "reference"]

Entity = dict[str, Any]


def reference(identity: str) -> Entity:
    """A reference to an entity."""
    return {"@id": identity}


class Crate:
    """Collects entities in the order in which they are first named."""

    def __init__(self) -> None:
        self._entities: dict[str, Entity] = {}

    def add(self, identity: str, kind: str, **properties: Any) -> Entity:
        """The entity of this identifier; the first to name it says what it is."""
        return self._entities.setdefault(identity, {"@id": identity, "@type": kind, **properties})

    def graph(self) -> list[Entity]:
        """The entities, flattened: lists of one are their item, what nobody recorded is left out."""
        return [
            {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in one.items()}
            for one in map(recorded, self._entities.values())
        ]

    def _place(self, entity: Entity, identities: Iterable[str], taken: Collection[str] = ()) -> str:
        """Put an entity under the first identity that is free, or has the same entity already; that identity.

        Two say the same of an entity where neither contradicts the other; what one of them leaves out is filled in.
        """
        for identity in identities:
            known = self._entities.get(identity)
            if identity in taken or (known is not None and not _agree(known, entity)):
                continue
            told = {name: value for name, value in entity.items() if value}
            self._entities[identity] = {"@id": identity, **(known or entity), **told}
            return identity
        raise AssertionError("identities without an end are asked for")

    def named(self, kind: str, name: str | None) -> Entity | None:
        """Something of which little more than the name is known."""
        if not name:
            return None
        identity = f"#{kind.casefold()}-{relative_uri(name)}"
        self.add(identity, kind, name=name)
        return reference(identity)

    def organization(self, said: Organization) -> Entity | None:
        """An institution, by its ROR where that is known; another name of the same ROR is kept beside the first."""
        ror = ror_uri(said.ror)
        name = said.name or ror
        if not name:
            return None
        identity = ror or f"#organization-{relative_uri(name)}"
        known = self.add(identity, "Organization", name=name, address=said.address, url=ror)
        known["address"] = known.get("address") or said.address
        if name != known["name"]:
            known["alternateName"] = unique([*known.get("alternateName", []), name])
        return reference(identity)

    def grants(self, said: Iterable[Funding]) -> list[Entity]:
        """Each grant with its award; a funder of whom no award is told is none."""
        found = []
        for number, one in enumerate(said, 1):
            if one.award:
                identity = f"#grant-{number}"
                funder = self.organization(Organization(name=one.funder, ror=one.ror))
                name = f"Award {one.award}"
                self.add(identity, "Grant", name=name, identifier=one.award, funder=funder, fundedItem=reference("./"))
                found.append(reference(identity))
        return found

    def people(self, said: Iterable[Person]) -> list[Entity]:
        """The people of a list, each an entity of its own: no two of them are one, though they share a name or a
        mistaken ORCID iD."""
        taken: list[str] = []
        for person in said:
            if person.full_name:
                taken.append(self._person(person, taken))
        return [reference(one) for one in taken]

    def _person(self, said: Person, taken: Collection[str]) -> str:
        entity = {
            "@type": "Person" if said.family or said.given else "Organization",
            "name": said.full_name,
            "givenName": said.given,
            "familyName": said.family,
            "affiliation": self.organization(said.affiliation),
            "contactPoint": self.contact(said),
        }
        orcid = orcid_uri(said.orcid)
        named = _identities(orcid, f"#person-{relative_uri(said.full_name or '')}")
        identity = self._place(entity, named, taken)
        if orcid and identity != orcid:
            self._entities[identity]["identifier"] = orcid
        return identity

    def contact(self, said: Person) -> Entity | None:
        """How a person can be reached by those who have a question about the data."""
        if not said.email:
            return None
        mail = f"mailto:{relative_uri(said.email).replace('%40', '@')}"
        orcid = orcid_uri(said.orcid)
        entity = {"@type": "ContactPoint", "name": said.full_name, "email": said.email, "url": orcid}
        return reference(self._place(entity, _identities(mail, f"#contact-{relative_uri(said.full_name or '')}")))

    def properties(self, owner: str, pairs: Iterable[tuple[str, str]]) -> list[Entity]:
        """What deposit.yaml says of something, a PropertyValue for each fact; `owner` is the identity of the thing."""
        found = []
        for name, value in pairs:
            identity = f"{owner}-{relative_uri(name)}"
            self.add(identity, "PropertyValue", name=name, propertyID=name, value=value)
            found.append(reference(identity))
        return found

    def term(self, said: Term) -> Entity | None:
        """An ontology term, or a name that stands for none."""
        name = said.name or said.term
        if not name:
            return None
        identity = term_uri(said.term) or f"#term-{relative_uri(name)}"
        self.add(identity, "DefinedTerm", name=name, termCode=said.term)
        return reference(identity)

    def audience(self, kind: str) -> Entity:
        """For whom the data are meant."""
        self.add(f"#audience-{kind}", "Audience", name=kind, audienceType=kind)
        return reference(f"#audience-{kind}")

    def instrument(self, said: InstrumentDescription, number: int) -> Entity | None:
        """A microscope as it stood, with its objective and the program that ran it."""
        scope, lens = said.microscope, said.objective
        name = " ".join(filter(None, (scope.manufacturer, scope.model)))
        if not said.model_copy(update={"id": None}).is_recorded:
            return None
        identity = f"#instrument-{relative_uri(said.id or str(number))}"
        software = " ".join(filter(None, (said.software.name, said.software.version)))
        parts = (said.method.name, scope.stand, lens.model, software)
        self.add(
            identity,
            "IndividualProduct",
            name=name or f"Microscope {said.id or number}",
            manufacturer=self.named("Organization", scope.manufacturer),
            model=scope.model,
            serialNumber=scope.serial,
            description="; ".join(part for part in parts if part),
            additionalType=self.term(said.method),
            additionalProperty=self.properties(identity, instrument_pairs(said)),
        )
        return reference(identity)

    def program(self, name: str, version: str | None) -> Entity:
        """A program of one version."""
        identity = f"#software-{relative_uri('-'.join(filter(None, (name, version))))}"
        self.add(identity, "SoftwareApplication", name=name, version=version, softwareVersion=version)
        return reference(identity)


def _identities(*wanted: str | None) -> Iterator[str]:
    """The wanted identities, then ever more of the last: #person-Li%20Wang-2."""
    yield from filter(None, wanted)
    yield from (f"{wanted[-1]}-{number}" for number in count(2))


def _agree(known: Entity, entity: Entity) -> bool:
    """Whether two entities have no property with two values."""
    return all(not value or known.get(name) in (None, value) for name, value in entity.items())
