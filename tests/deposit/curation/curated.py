"""Synthetic deposits for the tests of curation: one for each leaf and several ways of the decision tree."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.documents import Documents, sentences
from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.requests import Requests, gather_requests
from confocal_bag.deposit.curation.sheet import render_sheet
from confocal_bag.deposit.curation.study import CurationStudy, study_facts
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Person, Specimen
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import BARE, COMPLETE, STACK, changed, file, inventory, stack

__all__ = ["CASES", "Case", "facts_of", "requests_of", "sheet_rows", "study_of"]

MINIMUM, GOOD, MOST = PracticeLevel

CZI = file("raw/cell01.czi", "czi", Tier.RAW, STACK)
SINGLE = stack(axes={"Y": 64, "X": 64}, channels=STACK.channels[:1])
SINGLE_CZI = file("raw/cell01.czi", "czi", Tier.RAW, SINGLE)
UNREAD_CZI = file("raw/cell09.czi", "czi", Tier.RAW, problem="raw/cell09.czi ends before its last plane.")
UNREAD_VSI = file("raw/slide.vsi", "vsi", Tier.RAW)
OME_COPY = file("transformed/cell01.ome.tif", "ome-tiff", Tier.TRANSFORMED, STACK)
PLAIN = file("planes/one.tif", "tiff", Tier.TRANSFORMED, BARE)
PAGES = file("pages.tif", "tiff", Tier.TRANSFORMED, replace(BARE, axes={"N": 12, "Y": 64, "X": 48}))
OTHER_PAGES = file("other.tif", "tiff", Tier.TRANSFORMED, replace(BARE, axes={"N": 5, "Y": 64, "X": 48}))
PICTURE = file("figure1.png", "png", Tier.PROCESSED, replace(BARE, axes={"Y": 64, "X": 48, "S": 3}))
OVERLAY = file("cells_overlay.tif", "tiff", Tier.PROCESSED, BARE)
MACRO = file("measure.ijm", "imagej-macro", Tier.PROCESSED)
TABLE = file("results.csv", "csv", Tier.PROCESSED)
REGIONS = file("RoiSet.zip", "imagej-roiset", Tier.PROCESSED)
SIDECAR = file("one.ome.xml", "ome-xml", Tier.METADATA)

SETTINGS = (
    "Imaged on a Zeiss LSM 880 with a 63x/1.4 oil objective. The pixel size is 0.09 µm; "
    "Alexa 488 was excited with the 488 nm laser."
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A deposit, what was written of it, and what must come of it."""

    name: str
    files: tuple[FileRecord, ...]
    path: str
    asks: tuple[str, ...] = ()
    notes: str = ""
    said: str = ""
    settings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    level: PracticeLevel | None = None


#: A way is written as answers: y, n, ? for each node, named by its first letters.
CASES = (
    Case(
        name="raw files as the microscope wrote them",
        files=(CZI,),
        path="prop=y open=y multi=y expl=y embed=y mod=n anal=n",
    ),
    Case(name="one plane in a raw file", files=(SINGLE_CZI,), path="prop=y open=y multi=n embed=y mod=n anal=n"),
    Case(
        name="a damaged raw file",
        files=(UNREAD_CZI,),
        path="prop=y open=n multi=? embed=? sett=n mod=? anal=n",
        asks=("can_be_opened", "settings_provided", "modified"),
    ),
    Case(
        name="a damaged raw file beside a good one",
        files=(SINGLE_CZI, UNREAD_CZI),
        path="prop=y open=n multi=? embed=y mod=? anal=n",
        asks=("can_be_opened", "modified"),
    ),
    Case(
        name="a format that only Fiji reads",
        files=(UNREAD_VSI,),
        path="prop=y open=? multi=? embed=? sett=n mod=? anal=n",
        asks=("settings_provided", "modified"),
    ),
    Case(
        name="a multipage TIFF without a word",
        files=(PAGES,),
        path="prop=n multi=y expl=n embed=n sett=n mod=? anal=n",
        asks=("multipage_explained", "settings_provided", "modified"),
    ),
    Case(
        name="a multipage TIFF that the readme explains",
        files=(PAGES,),
        notes=f"Each file is a z-stack of 12 planes.\n\n{SETTINGS}\n\nThe images are unprocessed.",
        path="prop=n multi=y expl=y embed=n sett=y mod=n anal=n",
    ),
    Case(
        name="a readme that explains another file",
        files=(PAGES, OTHER_PAGES),
        notes=f"other.tif is a time series of 5 time points.\n\n{SETTINGS}\n\nNo processing was done to the images.",
        path="prop=n multi=y expl=? embed=n sett=y mod=n anal=n",
        asks=("multipage_explained",),
    ),
    Case(
        name="a readme that only asks",
        files=(PAGES,),
        notes="Please describe whether the images are z-stacks.\nSettings: to be added.\nWere images modified?",
        path="prop=n multi=y expl=? embed=n sett=? mod=? anal=n",
        asks=("multipage_explained", "settings_provided", "modified"),
    ),
    Case(
        name="settings in a sidecar",
        files=(PLAIN, SIDECAR),
        settings={"one.ome.xml": frozenset({"one"})},
        notes="All images are unprocessed.",
        path="prop=n multi=n embed=n sett=y mod=n anal=n",
    ),
    Case(
        name="a sidecar without settings",
        files=(PLAIN, SIDECAR),
        notes="All images are unprocessed.",
        path="prop=n multi=n embed=n sett=? mod=n anal=n",
        asks=("settings_provided",),
    ),
    Case(
        name="a sidecar of another image",
        files=(PLAIN, SIDECAR),
        settings={"one.ome.xml": frozenset({"two"})},
        path="prop=n multi=n embed=n sett=n mod=? anal=n",
        asks=("settings_provided", "modified"),
    ),
    Case(
        name="one setting is too little",
        files=(PLAIN,),
        notes="Pixel size 0.09 µm. The images were not processed.",
        path="prop=n multi=n embed=n sett=? mod=n anal=n",
        asks=("settings_provided",),
    ),
    Case(
        name="a picture that nobody explains",
        files=(SINGLE_CZI, PICTURE),
        path="prop=y open=y multi=n embed=y mod=y desc=n anal=n",
        asks=("modification_described",),
    ),
    Case(
        name="a picture whose making is described",
        files=(SINGLE_CZI, PICTURE),
        notes="Figure 1: the image was cropped, and its contrast was stretched in Fiji 2.14.",
        path="prop=y open=y multi=n embed=y mod=y desc=y anal=n",
    ),
    Case(
        name="images that were processed somehow",
        files=(OME_COPY,),
        notes="All images were processed after acquisition.",
        path="prop=n multi=y expl=y embed=y mod=y desc=? anal=n",
        asks=("modification_described",),
    ),
    Case(
        name="a copy that may have been changed",
        files=(CZI, OME_COPY),
        path="prop=y open=y multi=y expl=y embed=y mod=? anal=n",
        asks=("modified",),
    ),
    Case(
        name="an analysis without regions",
        files=(SINGLE_CZI, MACRO),
        path="prop=y open=y multi=n embed=y mod=n anal=y roi=?",
        asks=("regions_labelled",),
    ),
    Case(
        name="an analysis with an overlay",
        files=(SINGLE_CZI, OVERLAY, MACRO),
        said="protocols: {processing: Outlines drawn in Fiji 2.14}",
        path="prop=y open=y multi=n embed=y mod=y desc=y anal=y roi=y",
    ),
    Case(
        name="an analysis that the readme names, regions in a file of their own",
        files=(SINGLE_CZI, REGIONS),
        notes="Nuclei were counted using CellProfiler 4.2.",
        path="prop=y open=y multi=n embed=y mod=n anal=y roi=?",
        asks=("regions_labelled",),
    ),
    Case(
        name="results without a method",
        files=(SINGLE_CZI, TABLE),
        path="prop=y open=y multi=n embed=y mod=n anal=?",
    ),
    Case(
        name="everything is described",
        files=(CZI, OME_COPY),
        said=COMPLETE,
        path="prop=y open=y multi=y expl=y embed=y mod=y desc=y anal=n",
        level=MOST,
    ),
    Case(
        name="everything but the ORCID",
        files=(CZI, OME_COPY),
        said=changed(COMPLETE, {"orcid: 0000-0002-1825-0097, ": ""}),
        path="prop=y open=y multi=y expl=y embed=y mod=y desc=y anal=n",
        level=GOOD,
    ),
    Case(
        name="everything but the publisher",
        files=(CZI, OME_COPY),
        said=changed(COMPLETE, {"publisher: {name: Example Repository}\n": ""}),
        path="prop=y open=y multi=y expl=y embed=y mod=y desc=y anal=n",
        level=MINIMUM,
    ),
    Case(
        name="the curator knows better",
        files=(CZI, OME_COPY),
        said='curation: {tree: {modified: {answer: no, note: "Asked by telephone"}}}',
        path="prop=y open=y multi=y expl=y embed=y mod=n anal=n",
    ),
    Case(
        name="the curator has looked and found regions missing",
        files=(SINGLE_CZI, MACRO),
        said="curation: {tree: {regions_labelled: no}}",
        path="prop=y open=y multi=n embed=y mod=n anal=y roi=n",
        asks=("regions_labelled",),
    ),
    Case(
        name="a readme that tells of images elsewhere and of what was not done",
        files=(PAGES,),
        notes=f"Some of our z-stacks are in another repository.\n\n{SETTINGS}\n\n"
        "The images have not been cropped, contrast-stretched or otherwise altered.",
        path="prop=n multi=y expl=? embed=n sett=y mod=n anal=n",
        asks=("multipage_explained",),
    ),
)


def facts_of(
    *files: FileRecord, notes: str = "", said: str = "", settings: Mapping[str, frozenset[str]] | None = None
) -> CurationFacts:
    """The facts of a deposit with one readme, if `notes` has text, and files of `settings`, as `CurationFacts` has."""
    path = PurePosixPath("readme.txt")
    documents = Documents(sentences=tuple(sentences(path, notes)), read=(path,)) if notes else Documents()
    loaded = read_description(said)
    holds: Inventory = inventory(*files)
    level = assess_level(loaded.description, holds, transformed=None)
    return CurationFacts(
        inventory=holds,
        documents=documents,
        description=loaded.description,
        level=level,
        aim=loaded.description.level,
        settings_files={PurePosixPath(name): told for name, told in (settings or {}).items()},
    )


def study_of(case: Case) -> CurationStudy:
    """The study of a case."""
    return study_facts(facts_of(*case.files, notes=case.notes, said=case.said, settings=case.settings))


def requests_of(text: str, files: Inventory, aim: PracticeLevel) -> Requests:
    """What is asked of the depositor of files with a description, as `ask` gathers it."""
    said = read_description(text).description
    full = said.model_copy(
        update={"specimens": said.specimens or (Specimen(),), "creators": said.creators or (Person(),)}
    )
    level = assess_level(full, files, transformed=None)
    facts = CurationFacts(inventory=files, documents=Documents(), description=full, level=level, aim=aim)
    view = DepositView(description=full, inventory=files, transformed=None)
    return gather_requests(study_facts(facts), view, aim)


def sheet_rows(asked: Requests) -> Sequence[Sequence[str]]:
    """The rows of the answer sheet, without its heading."""
    return list(csv.reader(io.StringIO(render_sheet(asked).removeprefix("\ufeff"), newline="")))[1:]
