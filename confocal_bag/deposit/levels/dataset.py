"""What the practice levels ask of the dataset as a whole: files, people, protocols, licence."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.levels.missing import Missing, first_of, needed
from confocal_bag.deposit.levels.protocols import has_processing, has_protocol, is_detailed
from confocal_bag.deposit.levels.sidecars import SIDECAR_NEEDS
from confocal_bag.deposit.levels.view import DepositView, Need
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import readable_path
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.inventory import FileRecord

__all__ = ["DATASET_NEEDS"]

_DATA_TIERS = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)
_SHORTEST_ABSTRACT = 25  # REMBI's minimum


def _need(
    key: str, message: str, given: Callable[[DepositView], bool], *others: str, remedy: str | None = None
) -> Need:
    """A need of the dataset: its field, what is said where it is missing, and whether it is given."""

    def find(view: DepositView) -> Iterator[Missing]:
        if not given(view):
            section, _, leaf = key.partition(".")
            first = view.description.creators[:1] if section == "creators" and leaf else ()
            places = [place for person in first if (place := view.place("creators", person))]
            yield needed(key, message, remedy, places=places, line=view.lines.get(tuple(key.split("."))))

    return Need(fields=(key, *others), find=find)


def _said(*fields: str) -> Callable[[DepositView], bool]:
    """Whether any of the fields has an answer."""

    def given(view: DepositView) -> bool:
        return any(_answered(view.description, field) for field in fields)

    return given


def _answered(description: Description, field: str) -> bool:
    value: object = description
    for step in field.split("."):
        value = getattr(value, step)
    return says_something(value) if isinstance(value, str) else value is not None and value != ()


def _has_abstract(view: DepositView) -> bool:
    abstract = view.description.abstract
    return says_something(abstract) and len(abstract or "") >= _SHORTEST_ABSTRACT


def _knows_when(view: DepositView) -> bool:
    headers = (image.instrument.acquired for file in view.inventory.every for image in file.images)
    return says_something(view.description.dates.collected) or any(headers)


def _names_a_creator(view: DepositView) -> bool:
    return any(says_something(person.full_name, of_person=True) for person in view.description.creators)


def _has_email(view: DepositView) -> bool:
    people = (*view.description.creators, *view.description.contributors)
    return any(says_something(person.email) for person in people)


def _has_institution(view: DepositView) -> bool:
    return any(says_something(person.affiliation.name) for person in view.description.creators)


def _has_end_of_embargo(view: DepositView) -> bool:
    return view.description.access.level != "embargoed" or says_something(view.description.access.until)


def _has_transformed(view: DepositView) -> bool:
    """Or processed files as they were submitted to a publication (primer, Good Enough Practice)."""
    submitted = any((work.relation or "").casefold() == "issupplementto" for work in view.description.related)
    return view.has(Tier.TRANSFORMED) or (view.has(Tier.PROCESSED) and submitted)


def _knows_raw(view: DepositView) -> bool:
    return view.has(Tier.RAW) or says_something(view.description.raw_location)


def _is_data(view: DepositView) -> bool:
    return any(file.tier in _DATA_TIERS for file in view.inventory.files)


def _file_descriptions(view: DepositView) -> Iterator[Missing]:
    entries = FileEntries(entry.path or "" for entry in view.description.files)
    bare: list[FileRecord] = []
    for file in view.inventory.files:
        index = entries.index_for(file.path) if file.tier in _DATA_TIERS else None
        described = index is not None and says_something(view.description.files[index].description)
        if file.tier in _DATA_TIERS and not described:
            bare.append(file)
    if bare:
        paths = [readable_path(file.path) for file in bare]
        yield needed(
            "files.description",
            f"What the files contain is not recorded for {first_of(paths)}.",
            "Fill in `description` for these files under `files:` in deposit.yaml; "
            "one entry with a pattern such as raw/*.czi may speak of many",
            subjects=paths,
        )


def _orcids(view: DepositView) -> Iterator[Missing]:
    bare = [person for person in view.description.creators if person.family and not person.orcid]
    if bare:
        names = [person.full_name or "a creator" for person in bare]
        places = [place for person in bare if (place := view.place("creators", person))]
        yield needed(
            "creators.orcid", f"The ORCID iD of {first_of(names)} is not recorded.", places=places, subjects=names
        )


def _detailed(name: str) -> Need:
    def given(view: DepositView) -> bool:
        return is_detailed(getattr(view.description.protocols, name))

    return _need(f"protocols.{name}", _no_detail(name.replace("_", " ")), given)


def _no_detail(what: str) -> str:
    return f"There is no detailed protocol of the {what}, and no link to one that is openly accessible and complete."


_CONVERT = "Convert the raw images with `confocal-bag convert`, or let `confocal-bag build` do it"

DATASET_NEEDS: tuple[Need, ...] = (
    _need(
        "files",
        "There are no raw, transformed or processed files.",
        _is_data,
        remedy="Add the image data that were received",
    ),
    _need("title", "The dataset has no title.", _said("title")),
    _need("abstract", f"There is no abstract of at least {_SHORTEST_ABSTRACT} characters.", _has_abstract),
    _need("dates.collected", "Nobody says when the images were taken.", _knows_when),
    _need(
        "license.spdx",
        "There is no licence, and no statement of what others may do.",
        _said("license.spdx", "license.statement"),
    ),
    _need("audience", "The intended audience is not stated.", _said("audience")),
    _need(
        "privacy.human_subjects",
        "It is not stated whether the samples come from people.",
        _said("privacy.human_subjects"),
    ),
    _need(
        "privacy.restricted",
        "It is not stated whether any of the data must be restricted.",
        _said("privacy.restricted"),
    ),
    _need(
        "creators",
        "Nobody is named as creator.",
        _names_a_creator,
        "creators.family",
        remedy="Add the family and given name of each creator under `creators` in deposit.yaml",
    ),
    _need("creators.email", "No creator or contact has an e-mail address.", _has_email),
    _need("creators.affiliation.name", "No creator has an institution.", _has_institution),
    _need("organization.name", "The institution that hands over the data is not named.", _said("organization.name")),
    _need("organization.address", "The address of the institution is not recorded.", _said("organization.address")),
    _need(
        "protocols",
        "There is no protocol: not one sentence, and no link to a publication, on how the data were made.",
        has_protocol,
        remedy="Describe in `protocols` how the samples were prepared, imaged or processed, or give a DOI",
    ),
    Need(fields=("files.description",), find=_file_descriptions),
    _need(
        "transformed",
        "There are no transformed files (raw images converted to TIFF), "
        "nor processed files that belong to a publication.",
        _has_transformed,
        remedy=_CONVERT,
    ),
    _need("publisher.name", "The repository that publishes the data is not named.", _said("publisher.name")),
    _need("dates.issued", "The date of publication is not recorded.", _said("dates.issued")),
    _need("keywords", "There are no keywords.", _said("keywords")),
    _need("access.level", "Who may have the data is not stated.", _said("access.level")),
    _need("access.until", "The end of the embargo is not recorded.", _has_end_of_embargo),
    _need("location.name", "Where the data were collected is not recorded.", _said("location.name")),
    _need(
        "protocols.processing",
        "There is no protocol of how the processed data were made.",
        has_processing,
    ),
    _need(
        "transformed of everything",
        "There are no transformed files (raw images converted to TIFF).",
        lambda view: view.has(Tier.TRANSFORMED) or not _has_transformed(view),
        remedy=_CONVERT,
    ),
    _need("raw_location", "There are no raw files, and where they are is not recorded.", _knows_raw),
    *SIDECAR_NEEDS,
    Need(fields=("creators.orcid",), find=_orcids),
    _need("version", "The version of the dataset is not recorded.", _said("version")),
    _need(
        "quality.calibration",
        "Nothing is recorded of calibration or quality control.",
        lambda view: view.description.quality.is_recorded,
    ),
    _detailed("sample_preparation"),
    _detailed("acquisition"),
    _need(
        "protocols.processing in detail",
        _no_detail("processing"),
        lambda view: not has_processing(view) or is_detailed(view.description.protocols.processing),
        remedy="Describe the processing under `protocols.processing` in deposit.yaml, with program and version",
    ),
)
