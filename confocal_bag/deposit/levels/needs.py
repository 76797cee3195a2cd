"""What each practice level asks of the dataset as a whole: files, people, protocols, licence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confocal_bag.deposit.description.model import Description, ProtocolText
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import Missing
from confocal_bag.deposit.levels.samples import needed, sample_needs
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import readable_path
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = ["DepositView", "general_needs"]

_DATA_TIERS = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)
_SHORTEST_ABSTRACT = 25  # REMBI's minimum
_DOCUMENTED = frozenset({"isdocumentedby", "isdescribedby", "issupplementto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositView:
    """What the levels are judged by."""

    description: Description
    inventory: Inventory
    transformed: bool | None

    def has(self, tier: Tier) -> bool:
        """Whether the bag will hold files of a tier."""
        if tier is Tier.TRANSFORMED and self.transformed is not None:
            return self.transformed
        return any(file.tier is tier for file in self.inventory.files)


def general_needs(view: DepositView, level: PracticeLevel) -> Iterator[Missing]:
    """What this level asks that no lower level does, and that is missing."""
    if level is PracticeLevel.MINIMUM:
        yield from _minimum_dataset(view)
        yield from _minimum_people(view.description)
        yield from sample_needs(view.description, level)
        yield from _minimum_protocol(view.description)
        yield from _file_descriptions(view)
    elif level is PracticeLevel.GOOD_ENOUGH:
        yield from _good_dataset(view)
        yield from sample_needs(view.description, level)
    else:
        yield from _most_dataset(view)
        yield from sample_needs(view.description, level)
        yield from _most_protocols(view.description)


def _minimum_dataset(view: DepositView) -> Iterator[Missing]:
    description = view.description
    if not any(file.tier in _DATA_TIERS for file in view.inventory.files):
        yield needed(
            "files",
            "There are no raw, transformed or processed files.",
            "Add the image data that were received",
        )
    if not says_something(description.title):
        yield needed("title", "The dataset has no title.")
    if not says_something(description.abstract) or len(description.abstract or "") < _SHORTEST_ABSTRACT:
        yield needed("abstract", f"There is no abstract of at least {_SHORTEST_ABSTRACT} characters.")
    if not says_something(description.dates.collected) and not _taken_on(view.inventory):
        yield needed("dates.collected", "Nobody says when the images were taken.")
    if not says_something(description.license.spdx) and not says_something(description.license.statement):
        yield needed("license.spdx", "There is no licence, and no statement of what others may do.")
    if not description.audience:
        yield needed("audience", "The intended audience is not stated.")
    if description.privacy.human_subjects is None:
        yield needed("privacy.human_subjects", "It is not stated whether the samples come from people.")
    if description.privacy.restricted is None:
        yield needed("privacy.restricted", "It is not stated whether any of the data must be restricted.")


def _taken_on(inventory: Inventory) -> bool:
    return any(image.instrument.acquired for file in inventory.files for image in file.images)


def _minimum_people(description: Description) -> Iterator[Missing]:
    named = [person for person in description.creators if says_something(person.full_name)]
    if not named:
        yield needed("creators", "Nobody is named as creator.", "Add the family and given name of each creator")
    if not any(says_something(p.email) for p in (*description.creators, *description.contributors)):
        yield needed("creators[0].email", "No creator or contact has an e-mail address.")
    if not any(says_something(person.affiliation.name) for person in description.creators):
        yield needed("creators[0].affiliation.name", "No creator has an institution.")
    if not says_something(description.organization.name):
        yield needed("organization.name", "The institution that hands over the data is not named.")
    if not says_something(description.organization.address):
        yield needed("organization.address", "The address of the institution is not recorded.")


def _minimum_protocol(description: Description) -> Iterator[Missing]:
    protocols = description.protocols
    told = map(_given, (protocols.sample_preparation, protocols.acquisition, protocols.processing))
    if not any(told) and not _is_documented_elsewhere(description):
        yield needed(
            "protocols",
            "There is no protocol: not one sentence, and no link to a publication, on how the data were made.",
            "Describe in `protocols` how the samples were prepared, imaged or processed, or give a DOI",
        )


def _given(protocol: ProtocolText) -> bool:
    return says_something(protocol.text) or says_something(protocol.link)


def _is_documented_elsewhere(description: Description) -> bool:
    return any(
        says_something(work.id) and (work.relation or "").casefold() in _DOCUMENTED for work in description.related
    )


def _file_descriptions(view: DepositView) -> Iterator[Missing]:
    entries = FileEntries(entry.path or "" for entry in view.description.files)
    bare: list[FileRecord] = []
    for file in view.inventory.files:
        index = entries.index_for(file.path) if file.tier in _DATA_TIERS else None
        described = index is not None and says_something(view.description.files[index].description)
        if file.tier in _DATA_TIERS and not described:
            bare.append(file)
    if bare:
        first = readable_path(bare[0].path)
        more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
        yield needed(
            "files.description",
            f"What the files contain is not recorded for {first}{more}.",
            "Fill in `description` for these files under `files:` in deposit.yaml; "
            "one entry with a pattern such as raw/*.czi may speak of many",
        )


def _good_dataset(view: DepositView) -> Iterator[Missing]:
    description = view.description
    submitted = view.has(Tier.PROCESSED) and any(
        (work.relation or "").casefold() == "issupplementto" for work in description.related
    )
    if not view.has(Tier.TRANSFORMED) and not submitted:
        yield needed(
            "transformed",
            "There are no transformed files (raw images converted to TIFF), "
            "nor processed files that belong to a publication.",
            "Convert the raw images with `confocal-bag convert`, or let `confocal-bag build` do it",
        )
    if not says_something(description.publisher.name):
        yield needed("publisher.name", "The repository that publishes the data is not named.")
    if not says_something(description.dates.issued):
        yield needed("dates.issued", "The date of publication is not recorded.")
    if not description.keywords:
        yield needed("keywords", "There are no keywords.")
    if description.access.level is None:
        yield needed("access.level", "Who may have the data is not stated.")
    elif description.access.level == "embargoed" and not says_something(description.access.until):
        yield needed("access.until", "The end of the embargo is not recorded.")
    if not says_something(description.location.name):
        yield needed("location.name", "Where the data were collected is not recorded.")
    if not _given(description.protocols.processing) and not _is_documented_elsewhere(description):
        yield needed("protocols.processing", "There is no protocol of how the processed data were made.")


def _most_dataset(view: DepositView) -> Iterator[Missing]:
    description = view.description
    if not view.has(Tier.TRANSFORMED):
        yield needed(
            "transformed",
            "There are no transformed files (raw images converted to TIFF).",
            "Convert the raw images with `confocal-bag convert`, or let `confocal-bag build` do it",
        )
    if not view.has(Tier.RAW) and not says_something(description.raw_location):
        yield needed("raw_location", "There are no raw files, and where they are is not recorded.")
    yield from _sidecars(view.inventory.files)
    without = [p.full_name or "a creator" for p in description.creators if p.family and not p.orcid]
    if without:
        yield needed("creators.orcid", f"The ORCID iD of {', '.join(without[:10])} is not recorded.")
    if not says_something(description.version):
        yield needed("version", "The version of the dataset is not recorded.")
    if not description.quality.is_recorded:
        yield needed("quality.calibration", "Nothing is recorded of calibration or quality control.")


def _sidecars(files: Iterable[FileRecord]) -> Iterator[Missing]:
    wanted = [f for f in files if f.tier in (Tier.RAW, Tier.TRANSFORMED) and f.format.kind is Kind.IMAGE]
    unread = [file for file in wanted if not file.images]
    if unread:
        first, more = readable_path(unread[0].path), f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        why = f" ({unread[0].image_problem})" if unread[0].image_problem else ""
        yield needed(
            "metadata",
            f"No OME-XML can be written for {first}{more}, because the image cannot be read{why}.",
            "Ask the depositor for an intact copy, or for the same image as OME-TIFF",
        )


def _most_protocols(description: Description) -> Iterator[Missing]:
    for name in ("sample_preparation", "acquisition", "processing"):
        protocol: ProtocolText = getattr(description.protocols, name)
        linked = says_something(protocol.link) and protocol.open and protocol.complete
        if not says_something(protocol.text) and not linked:
            yield needed(
                f"protocols.{name}",
                f"There is no detailed protocol of the {name.replace('_', ' ')}, and no link to one "
                "that is openly accessible and complete.",
            )
