"""F: can the dataset and its files be found?"""

import re

from confocal_bag.counted import counted
from confocal_bag.deposit.fair.checklist import Answer, FairOutcome, fail_unless, fair_test
from confocal_bag.deposit.fair.view import FairView
from confocal_bag.deposit.identifiers import bare_doi, handle_is_valid
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import Tier

__all__ = ["CORE_METADATA", "identifiers_of"]

#: The core metadata of F-UJI: the field of deposit.yaml for each.
CORE_METADATA = ("creators", "title", "identifier", "publisher.name", "dates.issued", "abstract", "keywords")
#: Forms that somebody keeps when servers change; the address of a laboratory lasts as long as its server.
_PERSISTENT = re.compile(
    r"(?:https?://(?:n2t\.net|arks\.org)/)?ark:/?\d{5,9}/\S+|urn:[a-z0-9][a-z0-9-]{1,31}:\S+|"
    r"https?://(?:hdl\.handle\.net/\d[\d.]*/\S+|(?:www\.)?(?:purl\.(?:org|archive\.org)|w3id\.org|identifiers\.org|"
    r"n2t\.net)/[^\s/]+\S*)",
    re.ASCII | re.IGNORECASE,
)


def identifiers_of(view: FairView) -> list[str]:
    """The persistent identifiers of the dataset: DOI, Handle, ARK, URN, or an address of a service that keeps them."""
    said = view.said.identifier
    doi = bare_doi(said.doi) if said.doi else None
    handle = said.handle if said.handle and handle_is_valid(said.handle) else None
    uri = said.uri if said.uri and (_PERSISTENT.fullmatch(said.uri) or bare_doi(said.uri)) else None
    return [one for one in (doi, handle, uri) if one]


@fair_test(
    "F1",
    "persistent identifier",
    name="identifier",
    fuji=("F1-01MD-1", "F1-02MD-1"),
    fair_checker=("F1A", "F1B"),
)
def identifier(view: FairView) -> Answer:
    """The dataset has no persistent identifier: no DOI, Handle, ARK, URN or address of w3id.org, purl.org or the like.

    The address of a page lasts as long as its server. Have the repository reserve a DOI before the bag is built, and
    write it under `identifier.doi`.
    """
    found = identifiers_of(view)
    return fail_unless(
        [] if found else ["identifier"],
        evidence=f"identifier: {', '.join(found)}",
        remedy="Reserve a DOI and write it under identifier.doi.",
        lacking="the description names no persistent identifier in ",
    )


@fair_test("F1r", "identifier is registered", name=None, fuji=("F1-02MD-2",), fair_checker=("F1B",))
def registered(_: FairView) -> Answer:
    """Whether the identifier resolves."""
    return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence="whether it resolves can only be told online")


@fair_test("F2", "core metadata", name="core-metadata", fuji=("F2-01M-2", "F2-01M-3"), fair_checker=("F2A",))
def core_metadata(view: FairView) -> Answer:
    """Core metadata are missing: creator, title, identifier, publisher, date of publication, summary or keywords.

    These are what catalogues and search engines index. Fill in the fields that the finding names.
    """
    said = view.said
    given = {
        "creators": any(says_something(one.full_name, of_person=True) for one in said.creators),
        "title": says_something(said.title),
        "identifier": bool(identifiers_of(view)),
        "publisher.name": says_something(said.publisher.name),
        "dates.issued": says_something(said.dates.issued),
        "abstract": says_something(said.abstract),
        "keywords": any(map(says_something, said.keywords)),
    }
    missing = [field for field in CORE_METADATA if not given[field]]
    return fail_unless(
        missing,
        evidence=f"given: {', '.join(CORE_METADATA)}",
        remedy=f"Fill in {', '.join(missing)} in deposit.yaml.",
    )


@fair_test("F2d", "metadata of the field", name="domain-metadata", fuji=("F2-01M",), fair_checker=("F2B",))
def domain_metadata(view: FairView) -> Answer:
    """What microscopists search for is missing: one of the primer's five core elements is not recorded.

    These are the biological source, what each channel shows, the equipment, the settings, and the size of a pixel.
    """
    missing = view.missing("specimens", "channels", "instruments", "acquisitions")
    return fail_unless(
        missing,
        evidence="the five core elements are recorded in deposit.yaml, which a bag holds, or in the headers of images",
        remedy="Fill in these fields; `confocal-bag inspect` lists them under the practice level minimum.",
    )


@fair_test("F3", "metadata name the data", name="data-named", fuji=("F3-01M-2",))
def data_named(view: FairView) -> Answer:
    """The metadata do not say what some files of the deposit contain, or speak of files that it does not hold.

    Give each file, or each pattern such as raw/*.czi, an entry with a description under `files:`.
    """
    stray = [str(one.detail.get("field")) for one in view.found("description.no-such-file")]
    missing = [*view.missing("files.description", "files"), *stray]
    return fail_unless(
        missing,
        evidence=f"each of {len(view.data)} data files has a description; the RO-Crate lists every file",
        remedy="Describe every data file under files: in deposit.yaml, and correct paths that fit no file.",
        lacking="not every file is described, or an entry fits none: ",
    )


@fair_test("F4", "metadata for search engines", name="machine-metadata", fuji=("F4-01M-1",), fair_checker=("F2A",))
def machine_metadata(view: FairView) -> Answer:
    """The metadata that search engines and DataCite read cannot be written: what they require is missing.

    A build writes ro-crate-metadata.json (schema.org JSON-LD) and datacite.json where the description says enough.
    """
    wanted = {"datacite.json", "ro-crate-metadata.json"}
    missing = [f"{path.name}: {why}" for path, why in view.lacking.items() if path.name in wanted]
    return fail_unless(
        missing,
        evidence="a build writes ro-crate-metadata.json (schema.org JSON-LD) and metadata/datacite.json",
        remedy="Fill in these fields in deposit.yaml.",
        lacking="cannot be written: ",
    )


@fair_test("F4e", "metadata embedded in the landing page", name=None, fuji=("F4-01M-1",))
def landing_page(_: FairView) -> Answer:
    """Whether the repository's page embeds them."""
    return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence="the repository makes the landing page")


@fair_test(
    "F5",
    "metadata schema is named",
    name="metadata-schema",
    fuji=("R1.3-01M-1",),
    fair_checker=("R1.3",),
    of_description=False,
)
def metadata_schema(view: FairView) -> Answer:
    """A microscope image gets no metadata in a schema that programs know, for it cannot be read.

    Every readable image gets a sidecar in OME-XML 2016-06, which names its schema. Ask for an intact copy, or for
    OME-TIFF. Processed pictures in common formats, such as an overlay as PNG, need none.
    """
    wanted = [file for file in view.images if file.images or not _is_picture(file)]
    if not wanted:
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="the deposit holds no microscope images")
    unread = [str(file.path) for file in wanted if not file.images]
    return fail_unless(
        unread,
        evidence=f"a sidecar in OME-XML 2016-06 for each of {counted(len(wanted), 'image file')}",
        remedy="Ask the depositor for an intact copy, or for the same images as OME-TIFF.",
        lacking="no OME-XML can be written for ",
    )


def _is_picture(file: FileRecord) -> bool:
    """Whether it is a processed file in an open format that nothing is wrong with, such as a figure as PNG."""
    return file.tier is Tier.PROCESSED and file.format.open and file.image_problem is None
