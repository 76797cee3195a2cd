"""The fields of deposit.yaml that speak of the dataset: people, dates, rights, privacy."""

from confocal_bag.deposit.description.field_help import GOOD, MINIMUM, MOST, FieldHelp, told

__all__ = ["DATASET_FIELDS"]

DATASET_FIELDS: dict[str, FieldHelp] = {
    "identifier.doi": told("The DOI of this dataset, where one is reserved or registered", "10.5072/example"),
    "identifier.handle": told("The Handle of this dataset", "20.500.12345/678"),
    "identifier.uri": told("Any other persistent address of this dataset", "https://repository.example/ark:/12345/x6"),
    "title": told("What the dataset is called", "Confocal z-stacks of mitotic mouse embryonic fibroblasts", MINIMUM),
    "abstract": told(
        "What was imaged, how and why, in a few sentences (at least 25 characters)",
        "Fixed fibroblasts stained for tubulin and mitochondria, imaged as confocal z-stacks.",
        MINIMUM,
    ),
    "creators": told("Who made the data; one entry for each person", "", MINIMUM),
    "creators.family": told("Family name", "Lovelace", MINIMUM, ", for one of the creators"),
    "creators.given": told("Given name", "Ada"),
    "creators.name": told("The name in one piece, of an organization or where it has no parts", "Imaging Consortium"),
    "creators.orcid": told("The person's ORCID iD", "0000-0002-1825-0097", MOST),
    "creators.email": told("Where the person can be reached", "ada@example.org", MINIMUM, ", for one of the creators"),
    "creators.affiliation.name": told(
        "The person's institution", "NC State University", MINIMUM, ", for one of the creators"
    ),
    "creators.affiliation.ror": told("The institution's ROR identifier", "https://ror.org/04tj63d06"),
    "creators.affiliation.address": told("The institution's address", "Raleigh, NC, USA"),
    "creators.roles": told("What the person did", "[principal-investigator, contact]"),
    "contributors": told(
        "Who else took part: data curator, microscopist",
        "[{family: Doe, given: Chris, roles: [data-curator]}]",
    ),
    "publisher.name": told("The repository that publishes the data", "Example Data Repository", GOOD),
    "publisher.ror": told("The repository's ROR identifier", "https://ror.org/04tj63d06"),
    "publisher.address": told("The repository's address", "https://repository.example"),
    "organization.name": told("The institution that hands over the data", "NC State University Libraries", MINIMUM),
    "organization.address": told("Its postal address", "2 Broughton Drive, Raleigh, NC 27695, USA", MINIMUM),
    "organization.ror": told("The institution's ROR identifier", "https://ror.org/04tj63d06"),
    "dates.collected": told(
        "When the images were taken: a day, or first/last day",
        "2019-04-17/2019-04-18",
        MINIMUM,
        ", unless headers say it",
    ),
    "dates.issued": told("When the data are published", "2019-07-01", GOOD),
    "dates.created": told("When the files were made, where that is not when the images were taken", "2019-05-02"),
    "dates.updated": told("When the dataset was last changed", "2020-01-15"),
    "version": told("The version of the dataset, in quotation marks", '"1.0"', MOST),
    "language": told("The language of the documentation", "en"),
    "keywords": told("Words a colleague would search for", "[confocal microscopy, mitosis, tubulin]", GOOD),
    "license.spdx": told(
        "The licence as an SPDX identifier; the primer recommends CC0 unless a publisher holds rights",
        "CC0-1.0",
        MINIMUM,
        ", this or a statement",
    ),
    "license.holder": told("Who holds the rights, where anyone does", "NC State University"),
    "license.statement": told(
        "The conditions in words, where no licence identifier fits", "Reuse after asking the authors"
    ),
    "access.level": told("Who may have the data: open, embargoed or restricted", "open", GOOD),
    "access.until": told("Where embargoed: until which day", "2027-01-31", GOOD, ", if embargoed"),
    "access.conditions": told("Where restricted: on which conditions", "On request to the data access committee"),
    "audience": told(
        "Who the data are meant for: researchers, education, media, public",
        "[researchers, education]",
        MINIMUM,
    ),
    "location.name": told("Where the data were collected", "Raleigh, NC, USA", GOOD),
    "location.lat": told("Its latitude in degrees, north of the equator above 0", "35.7847"),
    "location.lon": told("Its longitude in degrees, east of Greenwich above 0", "-78.6821"),
    "funding": told("Who paid", "[{funder: IMLS, award: RE-85-18-0040-18}]"),
    "related": told(
        "Publications, protocols and datasets that belong to this one",
        "[{id: 10.1083/jcb.201912345, type: DOI, relation: IsSupplementTo}]",
        None,
        "; a publication that documents the data can stand for the protocols, unless it is `open: false`",
    ),
    "citation": told("How to cite the dataset; made from the other fields where empty", "Lovelace, A. (2019). ..."),
    "acknowledgements": told("Who is to be thanked, in the words they ask for", "We thank the imaging facility."),
    "privacy.human_subjects": told("Whether the samples come from people: true or false", "false", MINIMUM),
    "privacy.restricted": told("Whether any of the data must be restricted: true or false", "false", MINIMUM),
    "privacy.notes": told("What protects the people concerned", "Consent for open sharing, protocol 2018-042"),
    "privacy.approval": told("Which ethics committee approved it, and under which number", "IRB 2018-042"),
    "privacy.redaction": told(
        "What was taken out of the files before they came here", "Labels with names were cut off"
    ),
    "raw_location": told(
        "Where the raw data are, if they are not in this deposit",
        "https://data.example/raw/42",
        MOST,
        ", if no raw data",
    ),
}
