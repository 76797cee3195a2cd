"""Answer each node of the decision tree from what was seen; "unknown" wherever that does not settle it.

The nodes that words can answer are in `page_nodes`, `setting_nodes` and `change_nodes`.
"""

import re
from collections.abc import Callable, Mapping

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.change_nodes import modification_described, modified
from confocal_bag.deposit.curation.evidence import MOST_QUOTES, of_files, paths_of, quotes
from confocal_bag.deposit.curation.facts import CurationFacts, page_count
from confocal_bag.deposit.curation.model import Answer, Answered, Basis, Evidence
from confocal_bag.deposit.curation.page_nodes import multipage_explained
from confocal_bag.deposit.curation.setting_nodes import embedded_metadata, settings_provided
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import Tier

__all__ = ["ANSWERERS"]

YES, NO, UNKNOWN = Answer

#: Names of images that show regions. A label may be a stain, and one ROI a cut-out: of those only the plural and what
#: says more.
_SHOWS_REGIONS = re.compile(
    r"(?:^|[^a-z])(?:overlay(?:s|ed)?|overlaid|annotated|annotations?|outlines?|outlined|segmented|segmentations?|contours?"
    r"|masks?|rois|rois?[-_ ]?(?:overlay|outline|drawn|shown|map)s?|labels|label[-_ ]?(?:map|image|img|mask)s?"
    r"|label(?:l)?ed[-_ ]?(?:rois?|regions?))(?:[^a-z]|$)",
    re.IGNORECASE,
)
#: An overlay of channels shows no region.
_OF_CHANNELS = re.compile(
    r"(?:^|[^a-z])(?:dapi|hoechst|[egr]?[cgryb]fp|mcherry|alexa|cy[357]|fitc|tritc|texas|merged?|channels?|ch?[0-9]|double"
    r"|triple|immuno\w*|stain\w*|red|green|blue|magenta|cyan)(?:[^a-z]|$)",
    re.IGNORECASE,
)


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
    """Only images that were worked on can show regions; a raw file is named for its stain, or is a region itself."""
    made = [one for one in facts.images if one.tier is Tier.PROCESSED]
    drawn = [one for one in made if _SHOWS_REGIONS.search(one.path.stem) and not _OF_CHANNELS.search(one.path.stem)]
    if drawn:
        return Answered(answer=YES, evidence=of_files(drawn, "named as showing regions"))
    kept = facts.of_kind(Kind.ROI)
    evidence = of_files(kept, "of regions beside the images, not drawn in them") if kept else ()
    return Answered(answer=UNKNOWN, evidence=evidence, files=paths_of(made or facts.originals))


#: How each node is answered, by its id.
ANSWERERS: Mapping[str, Callable[[CurationFacts], Answered]] = {
    "proprietary_format": _proprietary_format,
    "can_be_opened": _can_be_opened,
    "multipage": _multipage,
    "multipage_explained": multipage_explained,
    "embedded_metadata": embedded_metadata,
    "settings_provided": settings_provided,
    "modified": modified,
    "modification_described": modification_described,
    "analysis_submitted": _analysis_submitted,
    "regions_labelled": _regions_labelled,
}
