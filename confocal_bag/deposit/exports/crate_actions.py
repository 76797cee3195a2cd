"""The CreateActions of an RO-Crate: images taken with an instrument, and files made from others by a program.

In the manner of the Process Run Crate: `instrument` made `result` out of `object`.
"""

from collections.abc import Iterator, Sequence

from confocal_bag.deposit.description.model import AcquisitionDescription, Specimen
from confocal_bag.deposit.exports.crate_entities import Crate, Entity, reference
from confocal_bag.deposit.exports.events import EventType
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts, relative_uri, utc_text
from confocal_bag.deposit.exports.json_document import unique
from confocal_bag.deposit.exports.said_pairs import acquisition_pairs, setting_pairs

__all__ = ["actions", "specimen_identity"]

_DONE = "http://schema.org/CompletedActionStatus"


def actions(crate: Crate, facts: ExportFacts) -> list[str]:
    """Add every action to the crate; their identifiers."""
    return [*_acquisitions(crate, facts), *_conversions(crate, facts), *_derivations(crate, facts)]


def _uri(path: str) -> str:
    return relative_uri(path.removeprefix("data/"))


def specimen_identity(one: Specimen, number: int) -> str:
    """The identity of a specimen, the `number`th of the description."""
    return f"#specimen-{relative_uri(one.id or str(number))}"


def _acquisitions(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each acquisition with its settings: which of the received images were taken so.

    Of images of no acquisition that is described, one for each instrument.
    """
    said = facts.description
    instruments = [crate.instrument(one, number) for number, one in enumerate(said.instruments, 1)]
    received = {row.path for row in facts.files if row.origin}
    taken: dict[tuple[int | None, int | None], list[ExportedImage]] = {}
    for one in facts.images:
        if one.path in received:
            key = _at(said.acquisitions, one.described.acquisition), _at(said.instruments, one.described.instrument)
            taken.setdefault(key, []).append(one)
    for at, acquisition in enumerate(said.acquisitions):
        images = [one for (place, _), found in taken.items() if place == at for one in found]
        used = [place for one, place in taken if one == at and place is not None]
        named = [place for place, one in enumerate(said.instruments)
                 if one.id is not None and one.id == acquisition.instrument]  # fmt: skip
        identity = f"#acquisition-{relative_uri(acquisition.id or str(at + 1))}"
        settings = [*acquisition_pairs(acquisition), *_channel_settings(acquisition)]
        crate.add(
            identity,
            "CreateAction",
            name=f"Image acquisition {acquisition.id or at + 1}",
            instrument=[instruments[place] for place in used or named],
            object=_specimens(facts, images),
            result=[reference(_uri(path)) for path in unique([one.path for one in images])],
            actionStatus=reference(_DONE),
            additionalProperty=crate.properties(identity, settings),
        )
        yield identity
    for place, entity in enumerate(instruments):
        images = taken.get((None, place), [])
        if images and entity:
            identity = f"#acquisition-of-{relative_uri(said.instruments[place].id or str(place + 1))}"
            crate.add(
                identity,
                "CreateAction",
                name="Image acquisition",
                instrument=entity,
                object=_specimens(facts, images),
                result=[reference(_uri(path)) for path in unique([one.path for one in images])],
                actionStatus=reference(_DONE),
            )
            yield identity


def _at(entries: Sequence[object], wanted: object) -> int | None:
    """Where an entry stands in its list."""
    return next((place for place, one in enumerate(entries) if one is wanted), None)


def _specimens(facts: ExportFacts, images: Sequence[ExportedImage]) -> list[Entity]:
    known = facts.description.specimens
    places = unique([_at(known, one.described.specimen) for one in images])
    return [reference(specimen_identity(known[at], at + 1)) for at in places if at is not None]


def _channel_settings(acquisition: AcquisitionDescription) -> Iterator[tuple[str, str]]:
    """The settings of each channel, under its id."""
    for number, one in enumerate(acquisition.channels, 1):
        yield from ((f"Channel {one.channel or number}: {key}", text) for key, text in setting_pairs(one))


def _conversions(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each conversion in the log of events."""
    migrations = [event for event in facts.events if event.type is EventType.MIGRATION]
    for number, event in enumerate(migrations, 1):
        program, _, version = event.agent.rpartition(" ")
        identity = f"#conversion-{number}"
        crate.add(
            identity,
            "CreateAction",
            name="Conversion to OME-TIFF",
            description=f"{event.detail}; {event.outcome}",
            instrument=crate.program(program, version),
            object=[reference(_uri(one.path)) for one in event.objects if one.role == "source"],
            result=[reference(_uri(one.path)) for one in event.objects if one.role == "outcome"],
            endTime=utc_text(event.time),
            actionStatus=reference(_DONE),
        )
        yield identity


def _derivations(crate: Crate, facts: ExportFacts) -> Iterator[str]:
    """One action for each file of which the depositor says what it was made from."""
    by_origin = {row.origin: row.path for row in facts.files if row.origin}
    number = 0
    for path, said in sorted(facts.descriptions.items()):
        sources = [by_origin[one] for one in said.derived_from if one in by_origin]
        if sources:
            number += 1
            crate.add(
                f"#derivation-{number}",
                "CreateAction",
                name="Processing by the depositor",
                description=said.tool.command,
                instrument=crate.program(said.tool.name, said.tool.version) if said.tool.name else None,
                object=[reference(_uri(one)) for one in sources],
                result=reference(_uri(path)),
            )
            yield f"#derivation-{number}"
