"""What Archivematica reads from the metadata folder of a transfer: Dublin Core of the files, and XML for each image.

Archivematica moves the tiers below objects/ and leaves metadata/ where it is, so these tables name objects/raw/... .
"""

from collections.abc import Iterable

from confocal_bag.deposit.description.model import Description, Person
from confocal_bag.deposit.description.people import RelatedWork
from confocal_bag.deposit.exports.access_sentence import access_limits
from confocal_bag.deposit.exports.export_facts import ExportFacts
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri, related_identifier
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.spreadsheet import as_csv_text
from confocal_bag.vocabulary import Tier

__all__ = ["render_dublin_core", "render_source_metadata"]

_SIDECARS = f"data/{Tier.METADATA.value}/ome/"


def render_dublin_core(facts: ExportFacts) -> bytes:
    """metadata.csv: Dublin Core of the whole dataset, then of every file that deposit.yaml describes.

    An element with several values has several columns, which Archivematica reads so.
    """
    rows = [("objects", _dataset(facts)), *_files(facts)]
    width = {name: max(len(values[name]) for _, values in rows if name in values) for _, one in rows for name in one}
    columns = [(name, place) for name in width for place in range(width[name])]
    heading = ["filename", *(f"dc.{name}" for name, _ in columns)]
    cells = ([path, *(_cell(values, *column) for column in columns)] for path, values in rows)
    return as_csv_text(heading, cells).encode()


Values = dict[str, list[str]]


def _cell(values: Values, name: str, place: int) -> str | None:
    known = values.get(name, [])
    return known[place] if place < len(known) else None


def _dataset(facts: ExportFacts) -> Values:
    said = facts.description
    licences = [one.spdx or one.name for one in rights_of(said.license)]
    values: dict[str, Iterable[str | None]] = {
        "title": [said.title],
        "creator": _names(said.creators),
        "subject": [*said.keywords, *_subjects(said)],
        "description": [said.abstract],
        "publisher": [said.publisher.name],
        "contributor": _names(said.contributors),
        "date": [said.dates.issued, said.dates.collected],
        "type": ["Dataset"],
        "identifier": [*(identifier_uri(*one) for one in dataset_identifiers(said.identifier)), facts.bag_uuid.urn],
        "language": [said.language],
        "relation": [*map(_relation, said.related), said.raw_location],
        "coverage": [said.location.name],
        "rights": [*licences, said.license.statement, access_limits(said.access)],
    }
    known = {name: [text for text in texts if text] for name, texts in values.items()}
    return {name: texts for name, texts in known.items() if texts}


def _names(people: Iterable[Person]) -> list[str | None]:
    return [person.inverted_name for person in people]


def _subjects(said: Description) -> list[str | None]:
    """What was imaged: species, tissue, cells, cell line, material, each once."""
    terms = (
        term
        for one in said.specimens
        for term in (one.organism, one.material, one.cell_type, one.cell_line, one.tissue, one.component)
    )
    return list(dict.fromkeys(term.name for term in terms))


def _relation(work: RelatedWork) -> str | None:
    known = related_identifier(work)
    return identifier_uri(*known) if known else work.id


def _files(facts: ExportFacts) -> list[tuple[str, Values]]:
    found = []
    for row in sorted(facts.files, key=lambda one: one.path):
        said = facts.descriptions.get(row.path)
        if said and said.description and row.tier != Tier.METADATA.value:
            found.append((_place(row.path), {"description": [said.description], "format": [row.mime]}))
    return found


def _place(path: str) -> str:
    return f"objects/{shown_path(path.removeprefix('data/'))}"


def render_source_metadata(facts: ExportFacts) -> bytes:
    """source-metadata.csv: which OME-XML describes which file."""
    sidecars = sorted(row.path for row in facts.files if row.path.startswith(_SIDECARS))
    rows = [
        (
            _place(path.removeprefix(_SIDECARS).removesuffix(".ome.xml")),
            shown_path(path.removeprefix("data/metadata/")),
            "OME",
        )
        for path in sidecars
    ]
    return as_csv_text(("filename", "metadata", "type"), rows).encode()
