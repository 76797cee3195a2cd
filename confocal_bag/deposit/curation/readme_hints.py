"""What a readme seems to answer, quoted beside the question: "Licence: CC BY 4.0". Nobody takes it for the answer."""

import re
from collections.abc import Iterable, Iterator, Mapping

from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.curation.layout import quoted
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.placeholders import says_something

__all__ = ["licence_hint", "readme_hints"]

_LINE = re.compile(r"\s*(?:[-*\u2022#]+\s*)?(?P<label>[^\W\d_][^:\n]{0,40}?)\s*:\s*(?P<value>\S.*)", re.DOTALL)
#: The label of a line in lower case, and the questions that such a line may answer.
_ANSWERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"species|organisms?|material", ("specimens.organism.name",)),
    (r"samples?|specimens?|origin|source|cell lines?", ("specimens.origin",)),
    (r"strains?|genotypes?|strain/genotype", ("specimens.strain",)),
    (r"cell types?|tissues?|cells", ("specimens.cell_type.name",)),
    (r"fixation|fixative|fixed(?: with| in)?", ("specimens.fixation.name",)),
    (r"mounting(?: medium)?|mounted in|medium", ("specimens.mounting.medium",)),
    (r"coverslips?|coverglass(?:es)?|dish(?:es)?", ("specimens.mounting.coverslip",)),
    (r"(?:channel|ch|c)\s?\d{1,2}|channels?|dyes?|stain(?:s|ing)?|labels?|antibod(?:y|ies)", ("channels.probe",)),
    (
        r"microscopes?|instruments?|imaging system|system|equipment",
        ("instruments.microscope.model", "curation.tree.settings_provided"),
    ),
    (r"objectives?|lens", ("instruments.objective.na", "curation.tree.settings_provided")),
    (r"lasers?|laser lines", ("instruments.lasers",)),
    (r"detectors?|cameras?", ("instruments.detectors",)),
    (r"pixel size|voxel size|resolution", ("acquisitions.pixel_size_um",)),
    (r"z[- ]?step(?: size)?|step size|z[- ]?spacing", ("acquisitions.z_step_um",)),
    (r"pinhole", ("acquisitions.pinhole_au",)),
    (r"software|acquisition software", ("instruments.software.name",)),
    (r"licen[cs]es?|rights|terms of use", ("license.spdx",)),
    (r"access", ("access.level",)),
    (
        r"dates?(?: (?:of acquisition|of imaging|taken|acquired|collected))?|acquisition dates?|imaging dates?|"
        r"imaged(?: on)?|acquired(?: on)?|taken(?: on)?|collected(?: on)?",
        ("dates.collected",),
    ),
    (r"(?:authors?|creators?|depositors?|names?)(?:\(s\))?", ("creators",)),
    (r"e-?mail|contact|corresponding author", ("creators.email",)),
    (r"affiliations?|institut(?:ion|ions|e|es)|university", ("creators.affiliation.name",)),
    (r"orcid(?: id)?", ("creators", "creators.orcid")),
    (r"doi|publications?|papers?|articles?|cite as|reference", ("protocols", "protocols.acquisition")),
    (r"title|dataset(?: title)?|project", ("title",)),
    (r"abstract|summary|description", ("abstract",)),
    (r"keywords?|subjects?", ("keywords",)),
    (r"location|place", ("location.name",)),
    (r"processing|image processing|post-?processing", ("protocols.processing", "protocols")),
    (r"sample preparation|preparation|protocol|methods?", ("protocols.sample_preparation", "protocols")),
)
_LICENCE_FILE = r"(?:licen[cs]e|copying)(?:[-_. ].{0,40})?"
_MOST_FOR_ONE = 5
_LONGEST = 160


def readme_hints(sentences: Iterable[Sentence]) -> Mapping[str, tuple[str, ...]]:
    """For each question that a labelled line of a readme may answer, the lines quoted with their places."""
    found: dict[str, dict[str, None]] = {}
    for one in sentences:
        for key in _answered_by(one.text):
            lines = found.setdefault(key, {})
            if len(lines) < _MOST_FOR_ONE:
                lines[f"{shown_path(one.path.name)}, {one.place}, says: {quoted(one.text, _LONGEST)}."] = None
    return {key: _asked(tuple(lines)) for key, lines in found.items()}


def licence_hint(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """That a file called LICENSE came with the deposit, beside the question about the licence."""
    named = [one.path for one in inventory.files if re.fullmatch(_LICENCE_FILE, one.path.name, re.IGNORECASE)]
    if not named:
        return {}
    return {"license.spdx": (f"You sent {shown_path(named[0])}: are its terms those for the images?",)}


def _asked(lines: tuple[str, ...]) -> tuple[str, ...]:
    question = "Is that the answer?" if len(lines) == 1 else "Are these the answer?"
    return (*(f"Your {line}" for line in lines[:-1]), f"Your {lines[-1]} {question}")


def _answered_by(text: str) -> Iterator[str]:
    found = _LINE.fullmatch(text)
    if found is None or not says_something(found["value"]):
        return
    label = found["label"].strip(" *_#").casefold()
    for pattern, keys in _ANSWERS:
        if re.fullmatch(pattern, label):
            yield from keys
            return
