"""The metadata documents of a bag: where each lies, what it needs to be written, and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.abcd import render_abcd
from confocal_bag.deposit.exports.abcd3 import render_abcd3
from confocal_bag.deposit.exports.abcd_facts import lacks_for_abcd
from confocal_bag.deposit.exports.archivematica import render_dublin_core, render_source_metadata
from confocal_bag.deposit.exports.bia import render_file_list
from confocal_bag.deposit.exports.datacite import lacks_for_datacite, render_datacite
from confocal_bag.deposit.exports.export_facts import ExportFacts, presentable
from confocal_bag.deposit.exports.premis import render_premis
from confocal_bag.deposit.exports.rembi import lacks_for_rembi, render_rembi
from confocal_bag.deposit.exports.rocrate import lacks_for_crate, render_crate

__all__ = ["DOCUMENTS", "Document", "Stage", "lacking", "planned_documents"]


class Stage(IntEnum):
    """When a document is written: what it speaks of must be there before."""

    DESCRIPTION = 1  # speaks of the dataset and its files
    EVENTS = 2  # speaks of the events, so after the last of them
    CRATE = 3  # speaks of every other file


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document; `path` is below data/. `lacks` says why it cannot be written from a description, or None."""

    path: PurePosixPath
    purpose: str
    stage: Stage
    render: Callable[[ExportFacts], bytes]
    lacks: Callable[[Description], str | None]


def _lacks_nothing(_: Description) -> None:
    return None


def _document(
    path: str,
    purpose: str,
    render: Callable[[ExportFacts], bytes],
    lacks: Callable[[Description], str | None] = _lacks_nothing,
    stage: Stage = Stage.DESCRIPTION,
) -> Document:
    return Document(path=PurePosixPath(path), purpose=purpose, stage=stage, render=render, lacks=lacks)


#: In the order in which they are written.
DOCUMENTS = (
    _document(
        "metadata/datacite.json",
        "DataCite 4.5: what a repository needs to register a DOI",
        render_datacite,
        lacks_for_datacite,
    ),
    _document(
        "metadata/abcd.xml", "ABCD 2.06: specimens, their preparation and their images", render_abcd, lacks_for_abcd
    ),
    _document("metadata/abcd3.xml", "ABCD 3.0: the same in the newer version", render_abcd3, lacks_for_abcd),
    _document(
        "metadata/rembi.json",
        "REMBI: study, samples, acquisitions and images, for the BioImage Archive",
        render_rembi,
        lacks_for_rembi,
    ),
    _document("metadata/bia-file-list.tsv", "file list for the BioImage Archive", render_file_list),
    _document("metadata/metadata.csv", "Dublin Core for Archivematica", render_dublin_core),
    _document(
        "metadata/source-metadata.csv", "which OME-XML describes which file, for Archivematica", render_source_metadata
    ),
    _document(
        "metadata/premis.xml", "PREMIS 3: the files and what was done to them", render_premis, stage=Stage.EVENTS
    ),
    _document(
        "ro-crate-metadata.json",
        "RO-Crate 1.1: the dataset and every file in it",
        render_crate,
        lacks_for_crate,
        Stage.CRATE,
    ),
)


def planned_documents(description: Description) -> tuple[Document, ...]:
    """The documents that can be written from a description."""
    said = presentable(description)
    return tuple(one for one in DOCUMENTS if one.lacks(said) is None)


def lacking(description: Description) -> Mapping[PurePosixPath, str]:
    """For each document that cannot be written from a description: why."""
    said = presentable(description)
    reasons = {one.path: one.lacks(said) for one in DOCUMENTS}
    return {path: reason for path, reason in reasons.items() if reason}
