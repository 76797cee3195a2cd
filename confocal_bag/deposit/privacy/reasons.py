"""Tell an answer about personal data from a word that only fills a field."""

import re

from confocal_bag.deposit.placeholders import says_something

__all__ = ["is_reason"]

#: Of a text of several words, and of one word such as "pseudonymised".
_LEAST_LETTERS, _LEAST_LETTERS_OF_ONE, _LEAST_DIFFERENT = 5, 8, 4
#: Scripts that put no blanks between words: kana, CJK ideographs, Thai.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_LEAST_UNSPACED = 4
_EMPTY_PHRASES = re.compile(
    r"(?:(?:it is|it's|this is|that is|all is|everything is|all) )?(?:not? |see |as |no )?"
    r"(?:applicable|relevant|needed|necessary|required|important|reason|reasons|comment|comments|problem|problems|"
    r"notes?|above|below|before|fine|good|ok|okay|known|specified|given|provided|"
    r"just because|because i say so|whatever)"
    r"(?: (?:given|needed|here|to (?:add|report|declare)))?"
)


def is_reason(text: str | None) -> bool:
    """Whether a text says something that somebody may later be held to: some words, and no empty phrase.

    "ok", "x" or "not applicable" protect nobody.
    """
    if text is None or not says_something(text):
        return False
    words = re.findall(r"[^\W_]+", text.casefold())
    letters = "".join(words)
    if len(_UNSPACED.findall(letters)) >= _LEAST_UNSPACED:
        return True
    if _EMPTY_PHRASES.fullmatch(" ".join(words)):
        return False
    enough = len(letters) >= (_LEAST_LETTERS if len(words) > 1 else _LEAST_LETTERS_OF_ONE)
    return enough and len(set(letters)) >= _LEAST_DIFFERENT
