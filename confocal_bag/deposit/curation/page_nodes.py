"""Answer whether the nature of multipage images is explained: by their headers, a readme or their entries."""

from collections.abc import Iterator

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.evidence import MOST_QUOTES, paths_of, quotes, where_looked
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Answer, Answered, Basis, Evidence
from confocal_bag.deposit.curation.named_files import covered_by
from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.inventory import FileRecord

__all__ = ["multipage_explained"]


def multipage_explained(facts: CurationFacts) -> Answered:
    """A header that names its axes explains the pages: the readme of the bag repeats it."""
    unnamed = facts.unnamed_pages
    if not unnamed:
        told = tuple(map(_named_axes, facts.multipage[:MOST_QUOTES]))
        return Answered(answer=Answer.YES, evidence=(*_in_headers_only(facts), *told))
    said = mentions.those_that(mentions.describes_pages, facts.documents.sentences)
    covered = covered_by(said, facts.multipage)
    evidence: list[Evidence] = [*quotes(said)]
    open_files = []
    for record in unnamed:
        entries = [text for text in facts.entries_of(record.path) if mentions.describes_pages(text)]
        evidence += [Evidence(basis=Basis.DESCRIPTION, path=record.path, text=text) for text in entries[:1]]
        if not entries and record.path not in covered:
            open_files.append(record)
    if not open_files:
        return Answered(answer=Answer.YES, evidence=tuple(evidence[:MOST_QUOTES]))
    nothing = not facts.documents.read and not facts.documents.unread
    return Answered(
        answer=Answer.NO if nothing else Answer.UNKNOWN,
        evidence=(*evidence[:MOST_QUOTES], *where_looked(facts)),
        files=paths_of(open_files),
    )


def _in_headers_only(facts: CurationFacts) -> Iterator[Evidence]:
    """The primer asks about the readme: where none says it, the one that a build writes is meant, and that is told."""
    if not mentions.those_that(mentions.describes_pages, facts.documents.sentences):
        came = "no readme says it" if facts.documents.read else "no readme came with the images"
        yield Evidence(
            basis=Basis.HEADER, text=f"{came}; the headers of the images do, and the readme of the bag repeats them"
        )


def _named_axes(record: FileRecord) -> Evidence:
    return Evidence(basis=Basis.HEADER, path=record.path, text=summarize_dimensions(record.images[0]))
