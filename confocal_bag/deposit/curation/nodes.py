"""Answer each node of the decision tree from what was seen; "unknown" wherever that does not settle it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.curation.evidence import (
    MOST_QUOTES,
    first_names,
    of_files,
    of_protocol,
    paths_of,
    quotes,
    where_looked,
)
from confocal_bag.deposit.curation.facts import CurationFacts, page_count
from confocal_bag.deposit.curation.model import Answer, Answered, Basis, Evidence
from confocal_bag.deposit.description.model import ProtocolText
from confocal_bag.deposit.exports.dimensions import summarize_dimensions
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import Tier

__all__ = ["ANSWERERS"]

YES, NO, UNKNOWN = Answer

#: Words in the name of a microscope file that say its software computed the image.
_COMPUTED = re.compile(
    r"airyscan ?process|deconv|decon\b|unmix|stitch|max(?:imum)?[-_ ]?(?:ip|int|proj)|denois|_mip\b", re.I
)
_LABELLED = re.compile(
    r"(?:^|[^a-z])(?:overlays?|annotated|annotations?|rois?|labels?|labell?ed|masks?|outlines?|outlined|segmented"
    r"|segmentation)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_SETTINGS_FILES = frozenset({"ome-xml", "ome-companion", "xlef"})
_NO_CHANGE = re.compile(r"\b(?:no|none|nothing|unprocessed|unmodified|not processed)\b", re.I)
_DOCUMENTED = frozenset({"isdocumentedby", "isdescribedby", "issupplementto"})


def _proprietary_format(facts: CurationFacts) -> Answered:
    found = facts.proprietary
    if not found:
        return Answered(answer=NO, evidence=of_files(facts.images, "in open formats"))
    return Answered(answer=YES, evidence=of_files(found, "in a format of its maker's own"), files=paths_of(found))


def _can_be_opened(facts: CurationFacts) -> Answered:
    closed = facts.unopened
    if closed:
        return Answered(answer=NO, evidence=tuple(map(_not_opened, closed[:MOST_QUOTES])), files=paths_of(closed))
    unsure = facts.perhaps_opened
    if unsure:
        evidence = of_files(unsure, "in a format that Fiji lists and that was not opened here")
        return Answered(answer=UNKNOWN, evidence=evidence, files=paths_of(unsure))
    return Answered(answer=YES, evidence=of_files(facts.proprietary, "opened here"))


def _not_opened(record: FileRecord) -> Evidence:
    why = record.image_problem or f"{record.format.name}: no reader for it is known"
    return Evidence(basis=Basis.HEADER, path=record.path, text=why)


def _multipage(facts: CurationFacts) -> Answered:
    found = facts.multipage
    if found:
        evidence = tuple(
            Evidence(basis=Basis.HEADER, path=one.path, text=f"{page_count(one)} planes") for one in found[:MOST_QUOTES]
        )
        return Answered(answer=YES, evidence=evidence, files=paths_of(found))
    unread = [one for one in facts.images if not one.images]
    if unread or not facts.images:
        return Answered(answer=UNKNOWN, evidence=of_files(unread, "could not be read"), files=paths_of(unread))
    return Answered(answer=NO, evidence=of_files(facts.images, "with one plane each"))


def _multipage_explained(facts: CurationFacts) -> Answered:
    """A header that names its axes explains the pages: the readme of the bag repeats it."""
    unnamed = facts.unnamed_pages
    if not unnamed:
        told = tuple(map(_named_axes, facts.multipage[:MOST_QUOTES]))
        return Answered(answer=YES, evidence=(*_in_headers_only(facts), *told))
    said = mentions.those_that(mentions.describes_pages, facts.documents.sentences)
    evidence: list[Evidence] = [*quotes(said)]
    open_files = []
    covered = _spoken_of(said, facts)
    for record in unnamed:
        entries = [text for text in facts.entries_of(record.path) if mentions.describes_pages(text)]
        evidence += [Evidence(basis=Basis.DESCRIPTION, path=record.path, text=text) for text in entries[:1]]
        if not entries and covered is not None and record.path not in covered:
            open_files.append(record)
    if not open_files:
        return Answered(answer=YES, evidence=tuple(evidence[:MOST_QUOTES]))
    nothing = not facts.documents.read and not facts.documents.unread
    return Answered(
        answer=NO if nothing else UNKNOWN,
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


def _spoken_of(said: Iterable[Sentence], facts: CurationFacts) -> frozenset[PurePosixPath] | None:
    """The files that sentences are about, by their names in the paragraph; None for all, where one names none."""
    covered: set[PurePosixPath] = set()
    for sentence in said:
        named = [one.path for one in facts.multipage if one.path.name in sentence.around]
        if not named:
            return None
        covered.update(named)
    return frozenset(covered)


def _embedded_metadata(facts: CurationFacts) -> Answered:
    bare = facts.without_settings
    if not facts.originals:
        return Answered(
            answer=UNKNOWN, evidence=of_files(facts.images, "could not be read"), files=paths_of(facts.images)
        )
    told = [one for one in facts.originals if one not in bare]
    evidence = (_settings_of(told[0]),) if told else ()
    if not bare:
        return Answered(answer=YES, evidence=evidence)
    return Answered(
        answer=NO,
        evidence=(*evidence, *of_files(bare, "whose header records no microscope setting")),
        files=paths_of(bare),
        some=(len(told), len(facts.originals)) if told else None,
    )


def _settings_of(record: FileRecord) -> Evidence:
    instrument = record.images[0].instrument
    told = [value for value in (instrument.manufacturer, instrument.model, instrument.objective) if value]
    text = ", ".join(told) or "settings of the microscope or its channels"
    return Evidence(basis=Basis.HEADER, path=record.path, text=text)


def _settings_provided(facts: CurationFacts) -> Answered:
    beside = [one for one in facts.inventory.files if one.format.id in _SETTINGS_FILES]
    if beside:
        return Answered(answer=YES, evidence=of_files(beside, "that hold imaging settings"))
    bare = facts.without_described_settings
    if facts.without_settings and not bare:
        text = f"instrument and objective of {first_names(facts.without_settings)}"
        return Answered(answer=YES, evidence=(Evidence(basis=Basis.DESCRIPTION, text=text),))
    kinds = {one: mentions.settings_in(one.text) for one in facts.documents.sentences}
    quoted = quotes([one for one, stated in kinds.items() if stated])
    stated = frozenset[mentions.Setting]().union(*kinds.values())
    if len(stated) >= 2 and stated != {mentions.Setting.MICROSCOPE}:
        return Answered(answer=YES, evidence=quoted)
    nothing = not stated and not facts.documents.unread and not facts.documents.read
    little = Evidence(basis=Basis.DOCUMENT, text="this alone does not say how the images were taken")
    return Answered(
        answer=NO if nothing else UNKNOWN,
        evidence=(*quoted, *((little,) if quoted else where_looked(facts))),
        files=paths_of(bare or facts.without_settings or facts.images),
    )


def _modified(facts: CurationFacts) -> Answered:
    processing = facts.description.protocols.processing
    worked_on = [one for one in facts.images if one.tier is Tier.PROCESSED or _COMPUTED.search(one.path.name)]
    said = [one for one in facts.documents.sentences if _tells_change(one.text)]
    if worked_on or said:
        evidence = (*of_files(worked_on, "worked on after acquisition, by place or name"), *quotes(said))
        return Answered(answer=YES, evidence=evidence, files=paths_of(worked_on))
    if says_something(processing.text) and not _denies(processing):
        return Answered(answer=YES, evidence=of_protocol(processing))
    unchanged = quotes(mentions.those_that(mentions.says_unchanged, facts.documents.sentences))
    if unchanged or (says_something(processing.text) and _denies(processing)):
        return Answered(answer=NO, evidence=unchanged or of_protocol(processing))
    unread = [one for one in facts.images if not one.images]
    unsure = [one for one in facts.images if one.format.open or not one.images]
    if not unsure and facts.images:
        return Answered(answer=NO, evidence=of_files(facts.images, "as the microscope's software wrote them"))
    evidence = (*of_files(unread, "could not be read"), *where_looked(facts))
    return Answered(answer=UNKNOWN, evidence=evidence, files=paths_of(unsure))


def _tells_change(text: str) -> bool:
    return mentions.describes_change(text) or mentions.says_changed(text)


def _denies(processing: ProtocolText) -> bool:
    """Whether the protocol of the processing says, in so many words, that there was none."""
    text = processing.text or ""
    return mentions.says_unchanged(text) or (bool(_NO_CHANGE.match(text.strip())) and len(text.split()) <= 5)


def _modification_described(facts: CurationFacts) -> Answered:
    processing = facts.description.protocols.processing
    if says_something(processing.text) or says_something(processing.link):
        return Answered(answer=YES, evidence=of_protocol(processing))
    papers = [one for one in facts.description.related if (one.relation or "").casefold() in _DOCUMENTED]
    told = [one.id for one in papers if one.id and says_something(one.id)]
    if told:
        return Answered(answer=YES, evidence=(Evidence(basis=Basis.DESCRIPTION, text=f"related: {told[0]}"),))
    said = quotes(mentions.those_that(mentions.describes_change, facts.documents.sentences))
    if said:
        return Answered(answer=YES, evidence=said)
    nothing = not facts.documents.read and not facts.documents.unread
    worked_on = [one for one in facts.images if one.tier is Tier.PROCESSED or _COMPUTED.search(one.path.name)]
    return Answered(answer=NO if nothing else UNKNOWN, evidence=where_looked(facts), files=paths_of(worked_on))


def _analysis_submitted(facts: CurationFacts) -> Answered:
    scripts = facts.of_kind(Kind.SCRIPT)
    said = quotes(mentions.those_that(mentions.names_analysis, facts.documents.sentences))
    if scripts or said:
        return Answered(answer=YES, evidence=(*of_files(scripts, "of analysis"), *said), files=paths_of(scripts))
    results = facts.of_kind(Kind.TABLE, Kind.ROI)
    if results:
        evidence = of_files(results, "of measurements or regions, without the method they were made by")
        return Answered(answer=UNKNOWN, evidence=evidence, files=paths_of(results))
    return Answered(answer=NO, evidence=(Evidence(basis=Basis.FILES, text="no script, pipeline, table or region"),))


def _regions_labelled(facts: CurationFacts) -> Answered:
    drawn = [one for one in facts.images if _LABELLED.search(one.path.stem)]
    if drawn:
        return Answered(answer=YES, evidence=of_files(drawn, "named as showing regions"))
    kept = facts.of_kind(Kind.ROI)
    evidence = of_files(kept, "of regions beside the images, not drawn in them") if kept else ()
    measured = [one for one in facts.images if one.tier is Tier.PROCESSED] or facts.originals
    return Answered(answer=UNKNOWN, evidence=evidence, files=paths_of(measured))


#: How each node is answered, by its id.
ANSWERERS: Mapping[str, Callable[[CurationFacts], Answered]] = {
    "proprietary_format": _proprietary_format,
    "can_be_opened": _can_be_opened,
    "multipage": _multipage,
    "multipage_explained": _multipage_explained,
    "embedded_metadata": _embedded_metadata,
    "settings_provided": _settings_provided,
    "modified": _modified,
    "modification_described": _modification_described,
    "analysis_submitted": _analysis_submitted,
    "regions_labelled": _regions_labelled,
}
