"""R: may the data be used again, and is enough known of them to do so?"""

from confocal_bag.deposit.fair.checklist import Answer, FairOutcome, fail_unless, fair_test
from confocal_bag.deposit.fair.view import FairView
from confocal_bag.deposit.identifiers import license_problem
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__: list[str] = []


@fair_test("R1", "licence that programs know", name="license", fuji=("R1.1-01M-1",), fair_checker=("R1.1",))
def license_(view: FairView) -> Answer:
    """There is no licence that a program could tell: no SPDX identifier, or only words.

    Write an identifier of the SPDX list under `license.spdx`; the primer recommends CC0-1.0.
    """
    spdx = view.said.license.spdx or ""
    known = bool(spdx) and license_problem(spdx) is None and "LicenseRef-" not in spdx
    return fail_unless(
        [] if known else ["license.spdx"],
        evidence=f"license.spdx is {spdx}",
        remedy="Write an SPDX identifier under license.spdx, such as CC0-1.0.",
        lacking="no identifier of the SPDX list in ",
    )


@fair_test("R2", "provenance", name="provenance", fuji=("R1.2-01M-1", "R1.2-01M-2"), fair_checker=("R1.2",))
def provenance(view: FairView) -> Answer:
    """It is not known who made the data, when, with which instrument, or which version this is.

    Creators have an ORCID iD; the date, the instrument and the processing are recorded; the dataset has a version.
    """
    sections = ("creators", "instruments", "dates.collected", "version", "protocols.processing")
    missing = [
        name
        for name in view.missing(*sections, level=PracticeLevel.MOST_REPRODUCIBLE)
        if not name.startswith("creators") or name.endswith("orcid") or name == "creators"
    ]
    return fail_unless(
        missing,
        evidence="creators with ORCID iD, date, instrument, processing and version are recorded; a build logs the rest",
        remedy="Fill in these fields in deposit.yaml.",
    )


@fair_test("R3", "standard of the community", name="community-standard", fuji=("R1.3-01M-1",), fair_checker=("R1.3",))
def community_standard(view: FairView) -> Answer:
    """The metadata follow no standard of the field: neither OME-XML nor ABCD can be written.

    F-UJI knows both by their namespaces. OME-XML needs an image that can be read; ABCD needs what the finding names.
    """
    read = any(file.images for file in view.images)
    abcd = [why for path, why in view.lacking.items() if path.name == "abcd.xml"]
    standards = [name for name, there in (("OME-XML 2016-06", read), ("ABCD 2.06", not abcd)) if there]
    return fail_unless(
        [] if standards else ["an image that can be read", *abcd],
        evidence=f"a build writes {' and '.join(standards)}",
        remedy="Ask for images that can be read, and fill in what ABCD needs.",
    )


@fair_test("R4", "open formats", name="open-formats", fuji=("R1.3-02D-1",), of_description=False)
def open_formats(view: FairView) -> Answer:
    """Data are in a format that only one maker's programs write, and no build makes an open copy of them.

    Raw images are converted to OME-TIFF, which F-UJI counts as a long-term format. Ask for processed files as TIFF,
    CSV or text.
    """
    if not view.data:
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="the deposit holds no data files")
    closed = [
        str(file.path)
        for file in (*view.data, *view.packed)
        if not file.format.open
        and file.format.kind is not Kind.COMPANION
        and not (file.tier is Tier.RAW and file.images)
        and file.set_head in (None, file.path)
    ]
    return fail_unless(
        closed,
        evidence=f"{len(view.data)} data files in open formats, or with an OME-TIFF copy that a build makes",
        remedy="Ask for these files in an open format: TIFF, CSV or text.",
        lacking="in a closed format without an open copy: ",
    )


@fair_test("R5", "content is described", name="content", fuji=("R1-01M-1", "R1-01M-2", "R1-01M-3"))
def content(view: FairView) -> Answer:
    """It is not known what format some files have, or what a channel measures.

    Format, media type and size are read from the files; what a channel shows only the depositor knows.
    """
    unknown = [one.path or "" for one in view.found("tier.unknown-format")]
    return fail_unless(
        [*unknown, *view.missing("channels")],
        evidence="format, media type and size of every file are known, and what makes each channel visible"
        f"{_shown(view)}",
        remedy="Name the channels and their probes in deposit.yaml; ask what files of unknown format are.",
    )


def _shown(view: FairView) -> str:
    """Whether it is recorded what the channels show, as the readme says it too."""
    channels = view.said.channels
    known = sum(says_something(one.target) for one in channels)
    if not channels:
        return ""
    if known == len(channels):
        return ", and what it shows"
    return f"; what it shows (its target) is recorded for {known or 'none'} of {len(channels)}"


@fair_test("R6", "fixity", name=None)
def fixity(_: FairView) -> Answer:
    """Whether the manifests are complete and valid."""
    return Answer(
        outcome=FairOutcome.NOT_TESTABLE,
        evidence="a deposit has no manifests yet; a build makes them, and `confocal-bag validate` tests them",
    )


@fair_test("R7", "attribution", name="attribution", fair_checker=("R1.2",))
def attribution(view: FairView) -> Answer:
    """Nobody could cite the dataset, or ask about it: what a citation needs, or an address, is missing.

    A citation is made of creators, year, title and publisher where `citation` is empty.
    """
    said = view.said
    parts = {
        "creators": any(says_something(one.full_name, of_person=True) for one in said.creators),
        "title": says_something(said.title),
        "publisher.name": says_something(said.publisher.name),
        "dates.issued": says_something(said.dates.issued),
    }
    missing = [] if says_something(said.citation) else [field for field, there in parts.items() if not there]
    contact = said.contact
    wrong = [str(one.detail.get("field")) for one in view.found("description.email")]
    reachable = contact is not None and says_something(contact.email) and not wrong
    return fail_unless(
        [*missing, *([] if reachable else wrong or ["creators.email"])],
        evidence=f"citation and contact: {contact.full_name if contact else ''}",
        remedy="Fill in these fields in deposit.yaml.",
    )
