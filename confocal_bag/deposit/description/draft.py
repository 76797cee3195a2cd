"""Draft deposit.yaml from what the files say of themselves."""

from collections.abc import Iterator, Mapping, Sequence

from confocal_bag.deposit.description.blocks import (
    DetectorIds,
    LaserIds,
    acquisition_block,
    channel_block,
    channel_blocks,
    form,
    instrument_block,
)
from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.groups import file_block, group_files
from confocal_bag.deposit.description.headers import HeaderImage, header_images
from confocal_bag.deposit.description.model import SCHEMA
from confocal_bag.deposit.description.plan import plan_setups
from confocal_bag.deposit.description.stock import Evidence, Plan, Stock
from confocal_bag.deposit.description.text import Block, Value, write_block, yaml_text
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["draft_description", "new_blocks"]

_INTRODUCTION = """\
# Description of a deposit of confocal microscopy images.
#
# Fill in what you know and leave the rest empty: an empty field means "not recorded". Each empty field
# has a comment that says what belongs there, with an example, and the least demanding practice level that
# needs it (minimum, good-enough, most-reproducible; each level also needs what the levels before it need).
# Values with a comment "from ..." were read from that file's header; correct them where the header is wrong.
#
# Running `confocal-bag describe` again keeps everything written here and adds only what is new.
# Put versions, #colours and term identifiers into quotation marks.
"""

_LEVEL_COMMENT = (
    "minimum, good-enough or most-reproducible; to aim higher write the next one: "
    "`confocal-bag inspect` then says what it needs"
)
_PERSON_FIELDS = ("family", "given", "orcid", "email", "affiliation.name", "affiliation.ror", "roles")
_SPECIMEN_FIELDS = (
    "organism.name", "organism.term", "material", "origin", "cell_type.name", "cell_type.term",
    "cell_line.name", "cell_line.term", "tissue.name", "tissue.term", "component.name", "component.term",
    "strain", "genotype", "sex", "age", "stage", "fixation.name", "fixation.term", "fixation.protocol", "live",
    "sectioning.method", "sectioning.thickness_um", "mounting.medium", "mounting.coverslip", "treatment",
)  # fmt: skip
_FIRST_FIELDS = (
    "identifier.doi", "identifier.handle", "identifier.uri", "title", "abstract", "creators",
    "contributors", "organization.name", "organization.address", "publisher.name", "publisher.ror",
    "dates.collected", "dates.issued", "version", "language", "keywords", "license.spdx", "license.holder",
    "license.statement", "access.level", "access.until", "access.conditions", "audience", "location.name",
    "funding", "related", "citation", "privacy.human_subjects", "privacy.restricted", "privacy.notes",
    "raw_location", "specimens",
)  # fmt: skip
_LAST_FIELDS = (
    "protocols.sample_preparation", "protocols.acquisition", "protocols.processing", "quality.calibration",
    "quality.qa", "files", "child_works", "naming.pattern", "curation.curator", "curation.tree",
    "curation.questions",
)  # fmt: skip

_TITLES = {
    "identifier": "The dataset",
    "creators": "People and institutions",
    "dates": "When, and which version",
    "license": "Sharing and access",
    "location": "Where, by whom funded, and what belongs to it",
    "privacy": "Privacy, and where the raw data are",
    "specimens": "What was imaged (biological or material source)",
    "channels": "What each channel shows (biological context and probe)",
    "instruments": "Equipment",
    "acquisitions": "Acquisition parameters, and the size of a pixel",
    "protocols": "Protocols and quality",
    "files": "Files",
}


def draft_description(inventory: Inventory, *, level: PracticeLevel) -> str:
    """The text of a first deposit.yaml.

    Header facts filled in with their source, everything else explained.
    """
    images = header_images(inventory)
    plan = plan_setups(images, Stock(), {})
    explained: set[str] = set()
    block = _document(inventory, images, plan, level)
    parts = [_INTRODUCTION, "\n"]
    for name, node in block.items():
        if name in _TITLES:
            parts.append(f"\n# ---- {_TITLES[name]} ----\n\n")
        parts.append("\n".join(write_block({name: node}, explained=explained)) + "\n")
    return "".join(parts)


def _document(inventory: Inventory, images: Sequence[HeaderImage], plan: Plan, level: PracticeLevel) -> Block:
    dates = collected_dates(images)
    filled: dict[str, Value | Sequence[Block]] = {
        "creators": [form(_PERSON_FIELDS, {})],
        "specimens": [form(("id", *_SPECIMEN_FIELDS), {})],
    }
    if dates is not None:
        filled["dates.collected"] = Value(text=yaml_text(dates.period), comment=dates.source)
    entries = [file_block(group) for group in group_files(inventory.every, plan)]
    return {
        "schema": Value(text=yaml_text(SCHEMA)),
        "level": Value(text=level, comment=_LEVEL_COMMENT),
        **form(_FIRST_FIELDS, filled),
        **{section: blocks or _empty_form(section) for section, blocks in new_blocks(plan).items()},
        **form(_LAST_FIELDS, {"files": entries} if entries else {}),
    }


def new_blocks(
    plan: Plan,
    lasers: Mapping[str, LaserIds] | None = None,
    detectors: Mapping[str, DetectorIds] | None = None,
) -> "Mapping[str, list[Block | Value]]":
    """The new entries of a plan by section, in the order of the file.

    `lasers` and `detectors` hold, for instruments already described, the id of each line and each detector.
    """
    return {
        "channels": [one for names in _channel_groups(plan) for one in channel_blocks(names, plan.channels)],
        "instruments": [
            instrument_block(name, plan.instruments.get(name, Evidence())) for name in plan.new.instruments
        ],
        "acquisitions": list(_acquisitions(plan, lasers or {}, detectors or {})),
    }


def _channel_groups(plan: Plan) -> Iterator[list[str]]:
    """The new channels, those of one acquisition together."""
    waiting = dict.fromkeys(plan.new.channels)
    for entry in plan.new.acquisitions.values():
        group = [name for name in dict.fromkeys(entry.channels) if name in waiting]
        for name in group:
            del waiting[name]
        yield group


def _acquisitions(plan: Plan, lasers: Mapping[str, LaserIds], detectors: Mapping[str, DetectorIds]) -> Iterator[Block]:
    for name, entry in plan.new.acquisitions.items():
        instrument = entry.instrument or ""
        of_instrument = plan.instruments.get(instrument, Evidence())
        yield acquisition_block(
            name,
            plan.acquisitions.get(name, Evidence()),
            instrument=entry.instrument,
            channels=entry.channels,
            lasers=lasers.get(instrument) or {line: f"l{i}" for i, line in enumerate(sorted(of_instrument.lasers))},
            detectors=detectors.get(instrument) or {one: f"d{i}" for i, one in enumerate(of_instrument.detectors)},
        )


def _empty_form(section: str) -> "list[Block | Value]":
    """What is written where no image says anything: the fields to fill in."""
    if section == "channels":
        return [channel_block(None, Evidence())]
    if section == "instruments":
        return [instrument_block(None, Evidence())]
    return [
        acquisition_block(None, Evidence(), instrument=None, channels=(None,), lasers={}, detectors={}),
    ]
