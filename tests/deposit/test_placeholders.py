"""What is an answer, what only holds the place of one, and what only promises one."""

import pytest

from confocal_bag.deposit.placeholders import is_placeholder, is_promise, says_something


@pytest.mark.parametrize(
    "text",
    [
        "We will look for it",
        "we'll send the files soon",
        "We\u2019ll send you the missing planes next week!",
        "will send later",
        "Will be sent later.",
        "They will be sent",
        "I have to check first",
        "Let me check",
        "We will get back to you",
        "Sorry, we can send them",
        "to follow",
        "The files are on their way.",
        "Files will  follow",
        "coming soon",
        "later",
        "pending",
        "not yet",
        "submitted",
        "Manuscript under review",
    ],
)
def test_a_promise_and_nothing_else_is_no_answer_yet(text: str) -> None:
    """However it is written and spaced."""
    assert is_promise(text)
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "never acquired, will not be sent",
        "They will not be sent",
        "We cannot send them",
        "We will send the CZI files from the archive in Basel",
        "Exported as inverted TIFF for print; small values are bright. The LSM files are on their way",
        "not known",
        "gone",
        "yes",
        "later stage",
        "The CZI files were deleted in 2021",
        "We looked for it and it is lost",
        "see the files",
        "",
    ],
)
def test_what_says_anything_else_is_no_promise(text: str) -> None:
    """Nothing is guessed at."""
    assert not is_promise(text)


@pytest.mark.parametrize("text", ["TBD", "?", "...", "unknown", "n/a", "<your name>", None, ""])
def test_what_holds_a_place_or_is_not_known_says_nothing(text: str | None) -> None:
    """And "no" says something."""
    assert not says_something(text)
    assert says_something("no")


@pytest.mark.parametrize(
    "text",
    [
        "not known (ask Lyon)",
        "not known but 2.9 is the Fiji version",
        "no idea, ask X",
        "Unknown; see the lab book",
        "not recorded: notebook lost",
        "unbekannt (Lyon fragen)",
        "sorry, we don't know, ask Ada",
        "no name",
        "Not that I know",
        "Not to my knowledge.",
        "I would rather not say",
    ],
)
def test_not_known_with_a_remark_behind_it_says_nothing(text: str) -> None:
    """It reaches no level and is printed nowhere."""
    assert not says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "not fixed",
        "Not fixed, live",
        "none applied",
        "unknown pleasures",
        "NA: 1.4",
        "n/a, live cells",
        "unknown supplier, anti-tubulin",
        "I don't know the clone, but DM1A",
        "Not available, deleted in 2021",
        "We don't know, but the originals were deleted",
        "Not sure, the samples are from patients",
        "No idea, but probably HeLa",
        "no information (names, dates) that identifies patients",
        "DAPI (not known)",
    ],
)
def test_what_tells_more_than_that_nobody_knows_is_an_answer(text: str) -> None:
    """A true value is never taken for none."""
    assert says_something(text)
