"""A: can people and programs get at the data?"""

from confocal_bag.counted import counted
from confocal_bag.deposit.access_words import tells_conditions
from confocal_bag.deposit.fair.checklist import Answer, FairOutcome, fail_unless, fair_test
from confocal_bag.deposit.fair.view import FairView
from confocal_bag.deposit.identifiers import parse_date

__all__: list[str] = []

_PACKED = (
    "deposit.archive-unreadable",
    "deposit.archive-nested",
    "deposit.images-in-archive",
    "deposit.name-not-utf8",
    "deposit.name-unsafe",
    "deposit.names-collide",
    "deposit.unreadable",
)


@fair_test("A1", "metadata for people and for programs", name=None, fuji=("I1-01M",), fair_checker=("I1",))
def readable(_: FairView) -> Answer:
    """A build always writes both."""
    return Answer(
        outcome=FairOutcome.PASS,
        evidence="a build writes data/readme/README.txt for people, and XML and JSON for programs",
    )


@fair_test(
    "A2",
    "files can be downloaded and opened one by one",
    name="downloadable",
    fuji=("A1.1-01MD-2",),
    fair_checker=("A1.1",),
    of_description=False,
)
def downloadable(view: FairView) -> Answer:
    """Some data cannot be had as single files: they are packed or encrypted, or have a name some systems refuse.

    Ask the depositor for the files themselves, unpacked, under names of letters, digits, hyphens and underscores.
    """
    found = view.found(*_PACKED)
    return fail_unless(
        [one.path or one.message for one in found],
        evidence=f"{counted(len(view.inventory.files), 'file')}, none packed or encrypted, all with names that travel",
        remedy="Ask for the files themselves, unpacked, under plain names.",
        lacking="packed, unreadable or badly named: ",
    )


@fair_test("A2r", "identifier leads to the data", name=None, fuji=("A1-02MD-2",))
def retrievable(_: FairView) -> Answer:
    """Whether following the identifier gives the data."""
    return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence="can only be told once the data are published")


@fair_test("A3", "images can be viewed", name="viewable", fuji=("R1.3-02D-1",), of_description=False)
def viewable(view: FairView) -> Answer:
    """A raw image in the format of one microscope maker has no copy that common programs open.

    A build converts every image that it can read to OME-TIFF. Ask for this one as OME-TIFF, or for an intact copy.
    """
    if not view.images:
        return Answer(outcome=FairOutcome.NOT_APPLICABLE, evidence="the deposit holds no image files")
    closed = [file for file in view.images if not file.format.open]
    return fail_unless(
        [str(file.path) for file in closed if not file.images],
        evidence=f"{counted(len(view.images) - len(closed), 'image file')} in open formats, and {len(closed)} that a "
        "build converts to OME-TIFF",
        remedy="Ask the depositor for these images as OME-TIFF, or for an intact copy.",
        lacking="in a vendor's format, and not readable: ",
    )


@fair_test("A4", "access conditions are stated", name="access-stated", fuji=("A1-01M-1",), fair_checker=("A1.2",))
def access_stated(view: FairView) -> Answer:
    """Nobody says who may have the data: everybody, everybody from a certain day, or whom on which conditions.

    Write `access.level`: open, embargoed with `access.until`, or restricted with `access.conditions`.
    """
    said = view.said.access
    needs = {"embargoed": ("access.until", said.until), "restricted": ("access.conditions", said.conditions)}
    field, value = needs.get(said.level or "", ("access.level", said.level))
    stated = tells_conditions(value) and (field != "access.until" or parse_date(value or "") is not None)
    until = f" until {said.until}" if field == "access.until" else ""
    return fail_unless(
        [] if stated else [field],
        evidence=f"access.level is {said.level}{until}",
        remedy=f"Fill in {field} in deposit.yaml.",
    )


@fair_test("A5", "protocol allows authentication", name=None, fuji=("A1.2-01MD",), fair_checker=("A1.2",))
def authentication(_: FairView) -> Answer:
    """Whether the repository serves the data by https."""
    return Answer(outcome=FairOutcome.NOT_TESTABLE, evidence="the repository serves the data")
