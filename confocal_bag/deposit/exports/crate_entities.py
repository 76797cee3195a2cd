"""The entities of an RO-Crate: each once, under its identifier, without empty properties or lists of one."""

from typing import Any

from confocal_bag.deposit.description.model import InstrumentDescription, Organization, Person, Term
from confocal_bag.deposit.exports.export_facts import relative_uri
from confocal_bag.deposit.exports.identities import orcid_uri, ror_uri, term_uri
from confocal_bag.deposit.exports.json_document import recorded

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

    def named(self, kind: str, name: str | None, *, award: str | None = None) -> Entity | None:
        """Something of which little more than the name is known."""
        if not name:
            return None
        identity = f"#{kind.casefold()}-{relative_uri(name)}"
        self.add(identity, kind, name=name, description=f"Award {award}" if award else None)
        return reference(identity)

    def organization(self, said: Organization) -> Entity | None:
        """An institution, by its ROR where that is known."""
        if not said.name:
            return None
        identity = ror_uri(said.ror) or f"#organization-{relative_uri(said.name)}"
        self.add(identity, "Organization", name=said.name, address=said.address, url=ror_uri(said.ror))
        return reference(identity)

    def person(self, said: Person) -> Entity | None:
        """A person, by their ORCID iD where that is known."""
        if not said.full_name:
            return None
        is_person = bool(said.family or said.given)
        identity = orcid_uri(said.orcid) or f"#person-{relative_uri(said.full_name)}"
        self.add(
            identity,
            "Person" if is_person else "Organization",
            name=said.full_name,
            givenName=said.given,
            familyName=said.family,
            affiliation=self.organization(said.affiliation),
            contactPoint=self.contact(said),
        )
        return reference(identity)

    def contact(self, said: Person) -> Entity | None:
        """How a person can be reached by those who have a question about the data."""
        if not said.email:
            return None
        identity = f"mailto:{relative_uri(said.email).replace('%40', '@')}"
        self.add(
            identity,
            "ContactPoint",
            name=said.full_name,
            email=said.email,
            url=orcid_uri(said.orcid),
        )
        return reference(identity)

    def term(self, said: Term) -> Entity | None:
        """An ontology term, or a name that stands for none."""
        if not said.name:
            return None
        identity = term_uri(said.term) or f"#term-{relative_uri(said.name)}"
        self.add(identity, "DefinedTerm", name=said.name, termCode=said.term)
        return reference(identity)

    def audience(self, kind: str) -> Entity:
        """For whom the data are meant."""
        self.add(f"#audience-{kind}", "Audience", name=kind, audienceType=kind)
        return reference(f"#audience-{kind}")

    def instrument(self, said: InstrumentDescription, number: int) -> Entity | None:
        """A microscope as it stood, with its objective and the program that ran it."""
        scope, lens = said.microscope, said.objective
        name = " ".join(filter(None, (scope.manufacturer, scope.model)))
        if not name:
            return None
        identity = f"#instrument-{relative_uri(said.id or str(number))}"
        software = " ".join(filter(None, (said.software.name, said.software.version)))
        parts = (said.method.name, scope.stand, lens.model, software)
        self.add(
            identity,
            "IndividualProduct",
            name=name,
            manufacturer=self.named("Organization", scope.manufacturer),
            model=scope.model,
            serialNumber=scope.serial,
            description="; ".join(part for part in parts if part),
            additionalType=self.term(said.method),
        )
        return reference(identity)

    def program(self, name: str, version: str | None) -> Entity:
        """A program of one version."""
        identity = f"#software-{relative_uri('-'.join(filter(None, (name, version))))}"
        self.add(identity, "SoftwareApplication", name=name, version=version, softwareVersion=version)
        return reference(identity)
