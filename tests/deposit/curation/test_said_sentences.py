"""Several hundred sentences of depositors, and what each is taken to say.

A wrong yes or no keeps a question from being asked, so most of the sentences say nothing although they look as if they
did. The table has, parted by tabs: what is judged, what comes of it, and the sentence.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confocal_bag.deposit.curation import mentions
from confocal_bag.deposit.curation.yes_or_no import judge_answer
from confocal_bag.deposit.placeholders import says_something

TABLE = Path(__file__).with_name("said_sentences.tsv").read_text(encoding="utf-8")
SENTENCES = [tuple(line.split("\t")) for line in TABLE.splitlines()]
JUDGES: Mapping[str, Callable[[str], object]] = {
    "analysis": mentions.names_analysis,
    "change": mentions.describes_change,
    "denies": mentions.denies_processing,
    "pages": mentions.describes_pages,
    "settings": mentions.settings_in,
    "something": says_something,
    "unchanged": mentions.says_unchanged,
}


@pytest.mark.parametrize(("kind", "expected", "sentence"), SENTENCES)
def test_a_sentence_says_what_it_says_and_no_more(kind: str, expected: str, sentence: str) -> None:
    """Plain statements count; what limits, doubts, or speaks of something else does not."""
    text = sentence.replace("\\xa0", "\u00a0")
    if kind.startswith("answer"):
        found = judge_answer(text, kind.removeprefix("answer").strip()).value
    else:
        found = "yes" if JUDGES[kind](text) else "nothing"
    assert found == expected


def test_the_table_has_both_sides_of_every_kind() -> None:
    """A judge that always says nothing would pass half of it."""
    sides = {(kind, expected) for kind, expected, _ in SENTENCES}
    assert {kind for kind, _ in sides if not kind.startswith("answer")} == set(JUDGES)
    assert all((kind, "yes") in sides and (kind, "nothing") in sides for kind in JUDGES)
    assert sum(expected == "yes" for _, expected, _ in SENTENCES) >= 200


def test_changed_is_less_than_how() -> None:
    """Enough to ask how, and said of images that are here."""
    assert mentions.says_changed("We edited the images in GIMP.")
    assert not mentions.describes_change("We edited the images in GIMP.")
    assert not mentions.says_changed("The images in another repository were edited.")


@pytest.mark.parametrize("judge", [*JUDGES.values(), judge_answer, mentions.says_changed, mentions.says_whole_stacks])
@pytest.mark.parametrize(
    "words", ["no image, or ", "z-stack, ", "page 1 is ", "raw, ", "contrast ", "in the folder ", "a."]
)
def test_a_hostile_sentence_is_judged_at_once(judge: Callable[[str], object], words: str) -> None:
    """A pattern that backtracks without end would hang here."""
    judge((words * 1000)[:1000])
