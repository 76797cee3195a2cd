"""Questions about what was found in the files: each is asked where its rules found something.

There is a row for each file, or one for all of them where one answer will do.
"""

from collections.abc import Mapping

from confocal_bag.deposit.curation.finding_answers import FIELD
from confocal_bag.deposit.curation.wording import Topic, Wording, asked

__all__ = ["FINDINGS", "ONE_ANSWER", "finding_key", "question_about"]

#: The rules whose question has one row for all files that it concerns.
ONE_ANSWER = ("image.lossy", "image.rgb-composite", "curation.whole-stack")
#: Rules that are asked about together with another: whatever took the values away, the question is for the original.
_WITH = dict.fromkeys(
    ("image.maybe-lossy", "image.palette", "image.bit-depth-reduced", "image.histogram-gaps"), "image.lossy"
)


def finding_key(rule: str) -> str:
    """The key of the question about what a rule found."""
    return f"{FIELD} {rule}"


def question_about(rule: str) -> str:
    """The key of the question that asks about what a rule found, alone or together with other rules."""
    return finding_key(_WITH.get(rule, rule))


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
    finding_key("image.lossy"): _found(
        "These images seem to have lost values before they reached us, by compression, by a colour table, or by an "
        "export with fewer grey levels. Nothing can bring lost values back. Do the files that the microscope wrote "
        "still exist, and could you send them? If not, where are they kept, or are they gone?",
        "The CZI files were deleted in 2021; these exports are all that is left",
        "the files that the microscope wrote, for images that lost values",
    ),
    finding_key("image.rgb-composite"): _found(
        "These pictures show several channels merged into colours, and we did not find the single channels. Could you "
        "send them, or the files that the microscope wrote? Others can then turn colours on and off, and measure. If "
        "you sent them under other names, or they are too large to send or gone, please tell us so.",
        "They were merged in Fiji 2.14 from the channels of cells.lsm, which is in the folder raw",
        "the single channels of merged pictures",
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
    finding_key("curation.whole-stack"): _found(
        "We would like to keep whole z-stacks, every plane that was acquired: others may need planes that your work "
        "did not. Are the stacks that you sent whole? If not, could you send the whole ones, or tell us which part "
        "this is and where the rest is kept?",
        "All stacks are whole, from below the coverslip to above the cell",
        "whether z-stacks are whole",
    ),
    finding_key("deposit.same-content"): _found(
        "These files are copies of each other. Are the copies meant?",
        "Yes, the control is listed with both experiments",
        "whether copies are meant",
    ),
}
