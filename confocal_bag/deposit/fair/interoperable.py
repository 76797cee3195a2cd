"""I: do the metadata use words and forms that other programs share?"""

from confocal_bag.counted import counted
from confocal_bag.deposit.description.datacite_words import RELATIONS
from confocal_bag.deposit.description.written_terms import written_terms
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.fair.checklist import Answer, FairOutcome, fail_unless, fair_test, listed
from confocal_bag.deposit.fair.view import FairView
from confocal_bag.deposit.ontology.table import canonical_id, prefix_of
from confocal_bag.vocabulary import Tier

__all__: list[str] = []

_UNREAD = (
    "description.unknown-key",
    "description.wrong-type",
    "description.duplicate-key",
    "description.unknown-id",
    "description.duplicate-id",
)


@fair_test("I1", "terms of ontologies", name="terms", fuji=("I2-01M-2",), fair_checker=("I2", "F2B"))
def terms(view: FairView) -> Answer:
    """Organism, cells, tissue, preparation or imaging method are named in words only, or by a malformed term.

    Write the term beside the words: NCBITaxon for an organism, CL for a type of cell, Cellosaurus for a cell line,
    UBERON for a tissue, GO for a part of the cell, FBbi for fixation and imaging method.
    """
    places = [place for place in written_terms(view.said) if place.suggested]
    if not places:
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="nothing is named that ontologies have terms for")
    wrong = [str(one.detail.get("field")) for one in view.found("description.term")]
    bare = [field_name(place.at) for place in places if not place.term]
    return fail_unless(
        [*wrong, *bare],
        evidence=f"terms for all {len(places)} things named: {listed([place.term or '' for place in places])}",
        remedy="Write the identifier of the term beside the words, in quotation marks.",
        lacking="without a well-formed term: ",
    )


@fair_test("I2", "terms exist and mean what is said", name="term-labels", fuji=("I2-01M",), fair_checker=("I2",))
def term_labels(view: FairView) -> Answer:
    """An ontology term is malformed, does not exist, is obsolete, or means something other than the words beside it.

    RRIDs of antibodies and tools are in no ontology, and nobody looks them up. Other terms are tested against those
    that come with this program and the ontologies given with `--ontology FILE.obo`.
    """
    rules = ("description.term", "description.term-unknown", "description.term-obsolete", "description.term-label")
    wrong = [str(one.detail.get("field")) for one in view.found(*rules)]
    written = [place.term for place in written_terms(view.said) if place.term]
    if not written:
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="the description holds no ontology term")
    looked_up = [term for term in written if prefix_of(canonical_id(term)) != "RRID"]
    others = len(written) - len(looked_up)
    if not wrong and (view.untested_terms or not looked_up):
        evidence = f"no ontology at hand has {listed(view.untested_terms)}; give --ontology FILE.obo"
        if not view.untested_terms:
            evidence = "the description holds only RRIDs of antibodies and tools, which no ontology has"
        return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence=evidence)
    return fail_unless(
        wrong,
        evidence=f"{counted(len(looked_up), 'term')} looked up"
        + (f"; {counted(others, 'RRID')} of antibodies or tools not" if others else ""),
        remedy="See the findings about these fields.",
        lacking="see the findings about ",
    )


@fair_test("I3", "metadata in a formal language", name="formal-metadata", fuji=("I1-01M-2",), fair_checker=("I1",))
def formal_metadata(view: FairView) -> Answer:
    """The description cannot be turned into linked data as a whole: parts of it were not understood or lead nowhere.

    A build writes ro-crate-metadata.json (JSON-LD) from what was understood.
    """
    wrong = [str(one.detail.get("field")) for one in view.found(*_UNREAD)]
    crate = [why for path, why in view.lacking.items() if path.name == "ro-crate-metadata.json"]
    return fail_unless(
        [*wrong, *crate],
        evidence="deposit.yaml was understood as a whole; a build writes it as JSON-LD in ro-crate-metadata.json",
        remedy="Correct these fields of deposit.yaml.",
        lacking="not understood, or not enough for an RO-Crate: ",
    )


@fair_test("I4", "links say what they mean", name="links", fuji=("I3-01M-1", "I3-01M-2"), fair_checker=("I3",))
def links(view: FairView) -> Answer:
    """A related work does not say how it is related, or a processed file not what it was made from.

    Write `relation` in DataCite's words, such as IsSupplementTo, and `derived_from` for processed files.
    """
    from confocal_bag.deposit.file_entries import FileEntries

    works = view.said.related
    processed = [file for file in view.inventory.files if file.tier is Tier.PROCESSED]
    if not works and not processed:
        return Answer(
            outcome=FairOutcome.NOT_APPLICABLE, evidence="no related works are named, and there are no processed files"
        )
    bare = [
        f"relation of {work.id or f'related[{index}]'}"
        for index, work in enumerate(works)
        if work.relation not in RELATIONS
    ]
    entries = FileEntries(entry.path or "" for entry in view.said.files)
    for file in processed:
        index = entries.index_for(file.path)
        if index is None or not view.said.files[index].derived_from:
            bare.append(f"derived_from of {file.path}")
    return fail_unless(
        bare,
        evidence=f"{len(works)} related works and {len(processed)} processed files, all with their relation",
        remedy="Write `relation` for related works and `derived_from` for processed files in deposit.yaml.",
    )


@fair_test("I5", "metadata agree with the files", name="headers-agree")
def headers_agree(view: FairView) -> Answer:
    """The description says one thing of an image, and the header of the file another.

    Correct the description, or explain it in a note of the acquisition.
    """
    if not any(file.images for file in view.images):
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="no image can be read")
    rules = ("description.contradicts-header", "description.channel-count", "description.collected-date")
    return fail_unless(
        [str(one.detail.get("field")) for one in view.found(*rules)],
        evidence="sizes, channels, settings and dates were compared with the headers",
        remedy="See the findings about these fields.",
        lacking="contradicted by a header: ",
    )
