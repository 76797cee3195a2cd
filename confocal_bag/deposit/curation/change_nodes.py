"""Answer whether images were modified since they were taken, and whether it is described how."""

import re

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.evidence import of_files, of_protocol, paths_of, quotes, where_looked
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Answer, Answered, Basis, Evidence
from confocal_bag.deposit.curation.named_files import covered_by
from confocal_bag.deposit.description.model import ProtocolText
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.placeholders import is_promise, says_something
from confocal_bag.vocabulary import Tier

__all__ = ["modification_described", "modified"]

#: Words in the name of a microscope file that say its software computed the image.
_COMPUTED = re.compile(
    r"airyscan ?process|deconv|decon\b|unmix|stitch|max(?:imum)?[-_ ]?(?:ip|int|proj)|denois|_mip\b", re.I
)
#: Answers to "what was done to the images?" that tell nothing.
_EVASIVE = re.compile(
    r"\W*(?:not applicable|does not apply|yes|some|minimal(?:ly)?|minor|standard|as usual|as always|the usual|various"
    r"|several"
    r"|(?:please )?(?:see|cf\.?|refer to|described in|as (?:described )?in) (?:the |our )?(?:\w+ )?(?:paper"
    r"|publication|article"
    r"|manuscript|methods?|methods section|read-?me|above|below|text|website|thesis|supplement\w*|notes?)"
    r"|(?:some |standard |minimal |usual |minor |image )*(?:process(?:ing|ed)|modifi(?:ed|cations?)|edit(?:ed|ing|s)"
    r"|changes?)"
    r"(?: was done| were made)?)\W*",
    re.IGNORECASE,
)
_DOCUMENTED = frozenset({"isdocumentedby", "isdescribedby", "issupplementto"})


def modified(facts: CurationFacts) -> Answered:
    """Yes by place, name, or words; no where words say so of every image, or only microscopes' own files came."""
    processing = facts.description.protocols.processing
    worked_on = _worked_on(facts)
    said = [one for one in facts.documents.sentences if mentions.tells_change(one.text)]
    computed = [one for one in facts.images if one not in worked_on and any(image.processing for image in one.images)]
    if worked_on or computed or said:
        evidence = (
            *of_files(worked_on, "worked on after acquisition, by place or name"),
            *of_files(computed, "whose header records processing by the microscope's software"),
            *quotes(said),
        )
        return Answered(answer=Answer.YES, evidence=evidence, files=paths_of([*worked_on, *computed]))
    if _describes(processing):
        return Answered(answer=Answer.YES, evidence=of_protocol(processing))
    if _denies(processing):
        return Answered(answer=Answer.NO, evidence=of_protocol(processing))
    unchanged = mentions.those_that(mentions.says_unchanged, facts.documents.sentences)
    told = covered_by(unchanged, facts.images)
    unsure = [one for one in facts.images if (one.format.open or not one.images) and one.path not in told]
    if not unsure and facts.images:
        taken = of_files(facts.images, "as the microscope's software wrote them")
        return Answered(answer=Answer.NO, evidence=quotes(unchanged) or taken)
    unread = [one for one in unsure if not one.images]
    evidence = (*quotes(unchanged), *of_files(unread, "could not be read"), *where_looked(facts))
    return Answered(answer=Answer.UNKNOWN, evidence=evidence, files=paths_of(unsure))


def modification_described(facts: CurationFacts) -> Answered:
    """Yes where the description, an open protocol, a paper or a readme says how."""
    processing = facts.description.protocols.processing
    if _describes(processing):
        return Answered(answer=Answer.YES, evidence=of_protocol(processing))
    papers = [one for one in facts.description.related if (one.relation or "").casefold() in _DOCUMENTED]
    told = [one.id for one in papers if one.id and says_something(one.id)]
    if told:
        return Answered(answer=Answer.YES, evidence=(Evidence(basis=Basis.DESCRIPTION, text=f"related: {told[0]}"),))
    said = quotes(mentions.those_that(mentions.describes_change, facts.documents.sentences))
    if said:
        return Answered(answer=Answer.YES, evidence=said)
    nothing = not facts.documents.read and not facts.documents.unread and not says_something(processing.text)
    looked = (*(of_protocol(processing) if says_something(processing.text) else ()), *where_looked(facts))
    return Answered(answer=Answer.NO if nothing else Answer.UNKNOWN, evidence=looked, files=paths_of(_worked_on(facts)))


def _worked_on(facts: CurationFacts) -> list[FileRecord]:
    return [one for one in facts.images if one.tier is Tier.PROCESSED or _COMPUTED.search(one.path.name)]


def _denies(processing: ProtocolText) -> bool:
    """Whether the protocol of the processing says that there was none."""
    text = processing.text or ""
    return says_something(text) and mentions.denies_processing(text)


def _describes(processing: ProtocolText) -> bool:
    """Whether the protocol of the processing says what was done, or links to what does."""
    text = processing.text or ""
    if not says_something(text) or is_promise(text) or _EVASIVE.fullmatch(text):
        return says_something(processing.link)
    return not mentions.denies_processing(text) and not mentions.only_denies(text)
