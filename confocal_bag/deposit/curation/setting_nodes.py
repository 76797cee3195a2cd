"""Answer whether imaging settings are recorded: in the headers, in files beside the images, or in words."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.curation.evidence import first_names, of_files, paths_of, quotes, where_looked
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.model import Answer, Answered, Basis, Evidence
from confocal_bag.deposit.curation.named_files import spoken_of
from confocal_bag.deposit.curation.settings_files import speaks_of
from confocal_bag.deposit.inventory import FileRecord

__all__ = ["embedded_metadata", "settings_provided"]


def embedded_metadata(facts: CurationFacts) -> Answered:
    """Yes where the header of every original records a setting of the microscope."""
    bare = facts.without_settings
    if not facts.originals:
        return Answered(
            answer=Answer.UNKNOWN, evidence=of_files(facts.images, "could not be read"), files=paths_of(facts.images)
        )
    told = [one for one in facts.originals if one not in bare]
    evidence = (_settings_of(told[0]),) if told else ()
    if not bare:
        return Answered(answer=Answer.YES, evidence=evidence)
    return Answered(
        answer=Answer.NO,
        evidence=(*evidence, *of_files(bare, "whose header records no microscope setting")),
        files=paths_of(bare),
        some=(len(told), len(facts.originals)) if told else None,
    )


def _settings_of(record: FileRecord) -> Evidence:
    instrument = record.images[0].instrument
    told = [value for value in (instrument.manufacturer, instrument.model, instrument.objective) if value]
    text = ", ".join(told) or "settings of the microscope or its channels"
    return Evidence(basis=Basis.HEADER, path=record.path, text=text)


def settings_provided(facts: CurationFacts) -> Answered:
    """Yes where each original without them in its header has its settings in a file beside it, or in words."""
    wanted = facts.without_settings or facts.images
    beside = facts.settings_files
    untold = [one for one in wanted if not speaks_of(beside.values(), one)]
    if beside and not untold:
        files = [one for one in facts.inventory.files if one.path in beside]
        return Answered(answer=Answer.YES, evidence=of_files(files, "that hold imaging settings"))
    bare = [one for one in facts.without_described_settings if one in untold]
    if facts.without_settings and not bare:
        text = f"instrument and objective of {first_names(facts.without_settings)}"
        return Answered(answer=Answer.YES, evidence=(Evidence(basis=Basis.DESCRIPTION, text=text),))
    return _in_words(facts, bare or untold)


def _in_words(facts: CurationFacts, wanted: Sequence[FileRecord]) -> Answered:
    """What the documents say of the images that no header, file or entry tells of."""
    said = [one for one in facts.documents.sentences if mentions.settings_in(one.text)]
    stated = _stated(said, wanted)
    open_files = [one for one in wanted if not _is_enough(stated.get(one.path, frozenset()))]
    quoted = quotes(said)
    if said and not open_files:
        return Answered(answer=Answer.YES, evidence=quoted)
    nothing = not said and not facts.documents.unread and not facts.documents.read
    little = Evidence(basis=Basis.DOCUMENT, text="this alone does not say how the images were taken")
    return Answered(
        answer=Answer.NO if nothing else Answer.UNKNOWN,
        evidence=(*quoted, *((little,) if quoted else where_looked(facts))),
        files=paths_of(open_files or wanted),
    )


def _stated(said: Sequence[Sentence], wanted: Sequence[FileRecord]) -> dict[PurePosixPath, frozenset[mentions.Setting]]:
    """The kinds of settings that are stated of each image."""
    stated: dict[PurePosixPath, frozenset[mentions.Setting]] = {}
    for sentence in said:
        kinds = mentions.settings_in(sentence.text)
        for path in spoken_of(sentence, wanted):
            stated[path] = stated.get(path, frozenset()) | kinds
    return stated


def _is_enough(kinds: frozenset[mentions.Setting]) -> bool:
    """One setting alone does not say how an image was taken."""
    return len(kinds) >= 2
