"""Judge whether an answer to a question of the decision tree is a clear yes or a clear no; anything else is neither.

"They are not labelled" is a no although it does not begin with one, and "Possibly" is no yes. A question that asks for
something ("What does one page stand for?") is answered with yes where the answer gives it.
"""

import re
from collections.abc import Callable, Mapping

from confocal_bag.deposit.curation.change_mentions import describes_change, tells_change
from confocal_bag.deposit.curation.model import Answer
from confocal_bag.deposit.curation.named_files import FILE_NAME
from confocal_bag.deposit.curation.page_mentions import names_pages
from confocal_bag.deposit.curation.setting_mentions import settings_in
from confocal_bag.deposit.curation.statement import denies, is_clear, is_elsewhere, is_gone, is_plain
from confocal_bag.deposit.curation.unchanged_mentions import denies_processing
from confocal_bag.deposit.not_known import is_not_known
from confocal_bag.deposit.placeholders import is_promise

__all__ = ["NO_WORDS", "YES_WORDS", "judge_answer"]

YES_WORDS = frozenset({
    "yes", "y", "yep", "yeah", "yup", "true", "ja", "jawohl", "oui", "si", "sí", "sim", "da", "tak", "да", "是",
    "はい", "1",
})  # fmt: skip
NO_WORDS = frozenset({
    "no", "n", "nope", "nah", "false", "nein", "nö", "non", "nee", "nej", "não", "nao", "nie", "нет", "否", "いいえ",
    "none", "0", "kein", "keine", "keiner", "keins", "aucun", "aucune", "ninguno", "ninguna",
})  # fmt: skip

_POLITE = re.compile(
    r"^(?:(?:oh|well|sorry|apologies|we are sorry|i am sorry|unfortunately|alas|i am afraid|i'm afraid|regrettably"
    r"|leider|tut mir"
    r" leid|désolée?|malheureusement|lo siento|lamentablemente|hi|hello|dear curators?|actually"
    r"|of course)\b[\s,.;:!-]*)+",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?P<word>[^\W_]+)(?P<rest>$|\s*[,.;:!\u2013\u2014-].*|\s.*)", re.DOTALL)
#: After a yes or no, what takes a part of it back.
_TAKES_BACK = re.compile(
    r"\b(?:but|only|except\w*|although|though|however|partly|partially|some|most|several|many|few|half|not all"
    r"|not every\w*"
    r"|not only|mostly|mainly|instead|rather|aber|nur|teilweise|mais|pero|other than|apart from|besides|after|beyond"
    r"|until"
    r"|almost|nearly|hardly|barely|just|merely|sort of|kind of|more or less|yes and no)\b",
    re.IGNORECASE,
)
#: "No problem", "no idea": no answer.
_NO_NO = re.compile(
    r"^\s*(?:problem\w*|worr\w+|doubts?|idea|clue|matter|need|wonder|longer|question|one|comment)\b", re.IGNORECASE
)
#: Words of denial in other languages, where the whole answer is one.
_FOREIGN_DENIAL = re.compile(
    r"(?:(?:es gibt|gibt es|wir haben|haben wir|sind|wurden)(?: leider)? (?:keine?|nicht)(?: \w+){0,2}|(?:il n'y en a"
    r"|nous n'en avons)"
    r" (?:pas|aucune?)|no hay(?: ningun[oa])?|no tenemos(?: ningun[oa])?)[ .!]*",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:coming|soon|later|tomorrow|next (?:week|month)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|follow\w*"
    r"|pending|in progress"
    r"|promise\w*|to (?:be )?(?:send|sent|do|draw)|working on)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:overlays?|overlaid|outlin(?:ed?|es)|drawn|annotat\w+|encircled|circled|masks?)\b"
    r"|\broi[_ -]?\w*\b.{0,40}\b(?:show|mark|drawn|in)\b"
    r"|\b(?:labell?ed|marked|indicated|shown)\b(?! (?:with|by|using)\b)",
    re.IGNORECASE,
)


def judge_answer(answer: str, node: str = "") -> Answer:
    """What an answer says to a node of the tree: yes or no where that is clear, else unknown."""
    words = _POLITE.sub("", answer.replace("\u2019", "'").strip().strip("\"'()").strip()).casefold()
    if not words.strip(" .!") or "?" in words or is_promise(answer) or is_not_known(answer):
        return Answer.UNKNOWN
    found = _FIRST.match(words)
    first, rest = (found["word"], found["rest"].strip(" .,;:!-\u2013\u2014")) if found else ("", words)
    if first in YES_WORDS:
        return Answer.YES if not rest or _supports(rest) else Answer.UNKNOWN
    if first in NO_WORDS and not rest:
        return Answer.NO
    if node == "modified":
        return _judge_modified(words)
    if _denial(first, rest, words):
        return Answer.NO
    return Answer.YES if _gives(answer, words, node) else Answer.UNKNOWN


def _gives(answer: str, words: str, node: str) -> bool:
    """Whether the answer gives what the node asks for; without a node, what any of them does."""
    if not _supports(words) or is_elsewhere(words) or is_gone(words):
        return False
    tests = [test for name, test in _GIVEN.items() if node in ("", name)]
    return any(test(answer) for test in tests)


def _supports(rest: str) -> bool:
    return is_clear(rest) and not _TAKES_BACK.search(rest) and not _LATER.search(rest)


def _judge_modified(words: str) -> Answer:
    """A no that leads to no further question has to be one of every image and all work."""
    if denies_processing(words):
        return Answer.NO
    return Answer.YES if tells_change(words) else Answer.UNKNOWN


def _denial(first: str, rest: str, words: str) -> bool:
    if not is_plain(words) or _TAKES_BACK.search(words) or _LATER.search(words):
        return False
    if YES_WORDS & set(re.findall(r"[^\W_]+", words)):
        return False
    if _FOREIGN_DENIAL.fullmatch(words):
        return True
    if first in NO_WORDS:
        return not _NO_NO.match(rest)
    one_clause = not re.search(r"[,;:]|\.\s", words.strip(" ."))
    return denies(words) and one_clause


def _names_regions(answer: str) -> bool:
    return bool(FILE_NAME.search(answer) or _SHOWN.search(answer))


def _names_settings(answer: str) -> bool:
    return len(settings_in(answer)) >= 2


#: Whether an answer in words gives what a question asks for, by its node.
_GIVEN: Mapping[str, Callable[[str], bool]] = {
    "multipage_explained": names_pages,
    "settings_provided": _names_settings,
    "modification_described": describes_change,
    "regions_labelled": _names_regions,
}
