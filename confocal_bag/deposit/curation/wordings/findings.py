"""Questions about what was found in the files: each is asked where its rule found something, a row for each file."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.finding_answers import FIELD
from confocal_bag.deposit.curation.wording import Topic, Wording, asked

__all__ = ["FINDINGS", "finding_key"]


def finding_key(rule: str) -> str:
    """The key of the question about what a rule found."""
    return f"{FIELD} {rule}"


def _found(question: str, example: str, short: str) -> Wording:
    return asked(Topic.FILES, question, example, short)


#: By `finding_key`; the order is that of the letter.
FINDINGS: Mapping[str, Wording] = {
    finding_key("image.unreadable"): _found(
        "These images are damaged, cut short or not what their names say. Please send intact copies. If there are "
        "none, tell us so, and how the files came to be as they are.",
        "There is no better copy; the microscope's computer crashed while it was writing",
        "intact copies of damaged images",
    ),
    finding_key("image.tiff-structure"): _found(
        "These TIFF files lack pixels or contradict themselves. Please send intact copies. If there are none, tell us "
        "so, and which program wrote the files.",
        "There is no better copy; they were written by an old version of our own program",
        "intact copies of damaged TIFF files",
    ),
    finding_key("deposit.empty-file"): _found(
        "These files are empty. Was the transfer interrupted? If they are meant to be empty, tell us why.",
        "They mark the folders that were analysed; nothing was lost",
        "the content of empty files",
    ),
    finding_key("image.extension-disagrees"): _found(
        "The names of these files promise another kind of file than they hold. Were they renamed, and is an image "
        "missing?",
        "They were exported as TIFF and renamed by mistake; no image is missing",
        "why files have the extension of another format",
    ),
    finding_key("sequence.missing-plane"): _found(
        "Planes are missing from these stacks of single files. Please send them. If they were never acquired, or were "
        "left out on purpose, tell us why.",
        "The second channel was only taken in every other plane, to spare the cells",
        "planes that are missing from stacks",
    ),
    finding_key("sequence.gap"): _found(
        "Numbers are missing in the names of these stacks of single files. Please send the files that belong to them. "
        "If these planes were never acquired, or were left out on purpose, tell us why.",
        "Plane 7 was not acquired; the shutter stayed closed",
        "planes that are missing from stacks",
    ),
    finding_key("sequence.start-index-mismatch"): _found(
        "In these stacks of single files, channels or positions count their planes from different numbers. Which "
        "planes belong together?",
        "Plane 0 of channel 1 and plane 1 of channel 2 are the same plane",
        "which planes belong together",
    ),
    finding_key("sequence.metadata-mismatch"): _found(
        "In these stacks of single files, the files hold other numbers of planes than their names say. What does the "
        "number in the name stand for, and is anything missing?",
        "The number is the time point; each file holds all planes of it, and nothing is missing",
        "what the numbers in names stand for",
    ),
    finding_key("sequence.mixed-dtype"): _found(
        "The files of these stacks have different types of pixels. Which of them hold the pixels as they were "
        "acquired?",
        "All with 16 bits; those with 8 bits were lost and restored from an export",
        "which files hold the original pixels",
    ),
    finding_key("sequence.mixed-shape"): _found(
        "The files of these stacks differ in width, height or pages. Do they belong together?",
        "The first plane was taken at a higher zoom to find the cell, and belongs to no stack",
        "whether files of different sizes belong together",
    ),
    finding_key("sequence.single-plane"): _found(
        "The names of these files say that they are planes of a stack, but no other plane is here. Please send the "
        "others, or tell us why there is only one.",
        "Only the plane in focus was taken; the program adds the number anyway",
        "the other planes of single planes",
    ),
    finding_key("image.white-is-zero"): _found(
        "In these images small values are white and large ones black, the opposite of what a microscope measures. How "
        "were they made, and which values are bright?",
        "Exported as inverted TIFF for print; small values are bright. The LSM files are on their way",
        "which values of inverted images are bright",
    ),
    finding_key("image.orientation"): _found(
        "These images say that they are to be shown turned or mirrored. Were they turned after they were taken, and "
        "how are they to be shown?",
        "The camera was mounted upside down; they are to be shown as the file says",
        "how turned images are to be shown",
    ),
    finding_key("image.color-space"): _found(
        "The values of these images are prepared for print or screen and cannot be measured. Please send the single "
        "channels. If there are none, tell us how the images were made.",
        "They are the figures of the article; the channels are in the folder raw",
        "the single channels of images made for print",
    ),
    finding_key("image.pages-differ"): _found(
        "The pages of these images are not of one kind. How were they put together?",
        "The last page is a mask that was added in Fiji 2.14; 0 in it is white",
        "how images with pages of several kinds were made",
    ),
    finding_key("deposit.same-content"): _found(
        "These files are copies of each other. Are the copies meant?",
        "Yes, the control is listed with both experiments",
        "whether copies are meant",
    ),
}
