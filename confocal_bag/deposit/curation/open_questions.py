"""The questions of the decision tree that can be left to the depositor, with the words of the rule about each."""

from dataclasses import dataclass

__all__ = ["OPEN_QUESTIONS", "OpenQuestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A node of the tree, and what its rule says where the node asks the depositor; both sentences lack their ends."""

    rule: str
    node: str
    message: str
    remedy: str
    documentation: str


OPEN_QUESTIONS = (
    OpenQuestion(
        rule="curation.cannot-be-opened",
        node="can_be_opened",
        message="These images cannot be opened",
        remedy="Ask the depositor for intact copies of damaged files, and to convert the others to TIFF",
        documentation="""
        Images in a microscope maker's own format cannot be opened, here or in Fiji as far as is known.

        The primer's decision tree says: ask the depositor to convert them to TIFF, with the maker's program. A damaged
        file cannot be converted by anybody: ask for an intact copy of it.
        """,
    ),
    OpenQuestion(
        rule="curation.pages-not-explained",
        node="multipage_explained",
        message="What the pages of these images are (z-stack, time series) is not explained",
        remedy="Ask the depositor to say it in the readme",
        documentation="""
        Images have several pages, and neither header nor readme says what the pages are.

        The primer's decision tree says: ask the depositor to explain in the readme whether they are a z-stack,
        a time series or something else. A header that names its axes counts as an explanation.
        """,
    ),
    OpenQuestion(
        rule="curation.settings-not-provided",
        node="settings_provided",
        message="No imaging settings are provided for these images",
        remedy="Ask the depositor to provide them in the readme",
        documentation="""
        Images have no settings of the microscope in their headers, and nothing else in the deposit gives them.

        The primer's decision tree says: ask the depositor to provide the imaging settings in the readme.
        """,
    ),
    OpenQuestion(
        rule="curation.modification-unknown",
        node="modified",
        message="Whether these images were modified is not known",
        remedy="Ask the depositor whether they were, and how",
        documentation="""
        Nothing says whether the images were changed since they were taken.

        A TIFF shows neither. Ask the depositor, who can say it in one sentence.
        """,
    ),
    OpenQuestion(
        rule="curation.modification-not-described",
        node="modification_described",
        message="How these images were modified is not described",
        remedy="Ask the depositor for a description, with program and version",
        documentation="""
        Images were modified, and nothing says how.

        The primer's decision tree says: ask the depositor for a description of the methods of modification. It can be
        written into the readme or, in deposit.yaml, under `protocols.processing`.
        """,
    ),
    OpenQuestion(
        rule="curation.regions-not-labelled",
        node="regions_labelled",
        message="No image is known to show the regions of interest of the analysis",
        remedy="Ask the depositor to overlay them",
        documentation="""
        An analysis is part of the deposit, and no image shows which regions it was made on.

        The primer's decision tree says: ask the depositor to overlay the regions of interest.
        """,
    ),
)
