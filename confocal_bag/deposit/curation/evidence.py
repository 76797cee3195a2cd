"""Pieces of evidence: files that were counted, sentences that were quoted, and where was looked in vain."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Basis, Evidence
from confocal_bag.deposit.description.model import ProtocolText
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.findings import readable_path

__all__ = ["MOST_QUOTES", "first_names", "of_files", "of_protocol", "paths_of", "quotes", "where_looked"]

MOST_QUOTES = 5
_MOST_NAMES = 3


def paths_of(records: Iterable[FileRecord]) -> tuple[PurePosixPath, ...]:
    """The paths of files."""
    return tuple(one.path for one in records)


def of_files(records: Sequence[FileRecord], what: str) -> tuple[Evidence, ...]:
    """One piece of evidence that counts files and names the first."""
    if not records:
        return ()
    count = f"{len(records)} file{'s' if len(records) > 1 else ''}"
    return (Evidence(basis=Basis.FILES, text=f"{count} {what}: {first_names(records)}"),)


def first_names(records: Sequence[FileRecord]) -> str:
    """The first names of many, and how many more there are."""
    more = f" and {len(records) - _MOST_NAMES} more" if len(records) > _MOST_NAMES else ""
    return ", ".join(readable_path(one.path) for one in records[:_MOST_NAMES]) + more


def quotes(found: Iterable[Sentence]) -> tuple[Evidence, ...]:
    """The first sentences of many, as they stand in the documents."""
    return tuple(_quoted(found))[:MOST_QUOTES]


def _quoted(found: Iterable[Sentence]) -> Iterator[Evidence]:
    for one in found:
        yield Evidence(basis=Basis.DOCUMENT, path=one.path, line=one.line, place=one.place, text=one.text)


def of_protocol(processing: ProtocolText) -> tuple[Evidence, ...]:
    """What the description says of the processing."""
    return (Evidence(basis=Basis.DESCRIPTION, text=f"protocols.processing: {processing.text or processing.link}"),)


def where_looked(facts: CurationFacts) -> tuple[Evidence, ...]:
    """What was searched without finding an answer."""
    read, unread = facts.documents.read, facts.documents.unread
    if not read and not unread:
        return (Evidence(basis=Basis.DOCUMENT, text="there is no readme or note in the deposit"),)
    told = []
    if read:
        told.append(f"no sentence says it in {', '.join(map(readable_path, read[:_MOST_NAMES]))}")
    if unread:
        names = ", ".join(f"{readable_path(one.path)} ({one.why})" for one in unread[:_MOST_NAMES])
        told.append(f"not searched, or not as a whole: {names}")
    return (Evidence(basis=Basis.DOCUMENT, text="; ".join(told)),)
