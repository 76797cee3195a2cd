"""Tell an answer from a placeholder, from an honest "not known" (`not_known`), and from a promise to answer later."""

import re

from confocal_bag.deposit.not_known import bare_words, is_not_known

__all__ = ["is_placeholder", "is_promise", "says_something"]

_PLACEHOLDER = re.compile(
    r"\s*(?:\.{2,}|…+|\?+|-+|_+|x{3,}|todo\b.*|fixme\b.*|tbd|tba|to be (?:done|added|determined)\b.*"
    r"|fill (?:me|this|in)\b.*|insert\b.{0,30}\bhere|your\b.{0,30}\bhere|lorem ipsum\b.*"
    r"|placeholder|example|change ?me"
    r"|<[^<>]*>|\[[^\[\]]*\])\s*",
    re.IGNORECASE | re.DOTALL,
)
_WHO = r"(?:we|i|they|he|she|somebody|someone)"
_WHAT = (
    r"(?:it|them|this|that|those|(?:(?:the|these|those|all|our|my) )?(?:missing |original |raw |other |whole |intact )*"
    r"(?:files?|planes?|images?|data|originals?|copies|copy|stacks?|channels?|ones?|rest|others?|answers?))"
)
_WHEN = (
    r"(?:later|soon|shortly|tomorrow|separately|again|asap|as soon as possible|first|in (?:a few|some) (?:days|weeks)"
    r"|(?:this|next) (?:week|month)|when (?:we|i) (?:can|find (?:it|them)|have (?:it|them|time)))"
)
_SEND = r"(?:re-?send|send|upload|provide|deliver|share|forward|supply|mail|e-?mail)"
_DONE = r"(?:sent|re-?sent|uploaded|provided|delivered|shared|checked|clarified|confirmed|looked (?:for|into))"
_LOOK = r"(?:look(?: for| into)?|check(?: for| on)?|search(?: for)?|ask(?: for| about)?|see|find(?: out)?)"
#: Answers that are a promise and nothing else, whole and in English; anything that says more is an answer.
_PROMISE = re.compile(
    rf"(?:(?:yes|ok|okay|sorry|sure)[,.;:]? )?(?:"
    rf"(?:{_WHO}(?: will|'ll| shall| can| could| are going to| am going to| have to| need to| must| try to)"
    rf"|will|going to|need to|have to|let me)"
    rf"(?: (?:still|try to|first|then|have to|need to|also))* (?:{_SEND}|{_LOOK})"
    rf"(?: you| to you)?(?: {_WHAT})?(?: to you)?(?: {_WHEN})?"
    rf"|(?:(?:{_WHAT}|they) )?(?:will be|to be|being) {_DONE}(?: {_WHEN})?"
    rf"|(?:{_WHO}(?: will|'ll) )?(?:get back to you|let you know|come back to (?:you|this))(?: {_WHEN})?"
    rf"|(?:{_WHAT} )?(?:(?:will|to) follow|(?:is|are) coming|coming|(?:(?:is|are) )?on (?:its|their|the) way)"
    rf"(?: {_WHEN})?"
    rf"|{_WHEN}|pending|in progress|not yet"
    rf"|(?:(?:manuscript|paper|article) )?(?:submitted|under review|in review|in revision|in prep(?:aration)?|in press)"
    rf")",
    re.IGNORECASE,
)


#: Words for a time that may be names of things too.
_MORE_THAN_WHEN = frozenset({"first", "again", "separately"})


def is_placeholder(text: str) -> bool:
    """Whether a text only holds the place of an answer: TODO, "...", <your name here>."""
    return _PLACEHOLDER.fullmatch(text) is not None


def is_promise(text: str) -> bool:
    """Whether a text only promises an answer: "We will look for it", "will send them later", "on their way".

    Never guessed at: a text that says anything else, "never acquired, will not be sent", is an answer.
    """
    words = " ".join(text.replace("\u2019", "'").split()).rstrip(" .,;:!")
    return _PROMISE.fullmatch(words) is not None


def says_something(text: str | None, *, of_person: bool = False) -> bool:
    """Whether a text is an answer: not absent, no placeholder or promise, and more than "not known" in whatever words.

    `of_person` is for the names of people, some of which look like one: Na, Nil, Soon.
    """
    if not text or is_placeholder(text):
        return False
    words = bare_words(text)
    if not words or is_placeholder(words) or is_not_known(text, of_person=of_person):
        return False
    is_name = of_person and " " not in words
    return is_name or words in _MORE_THAN_WHEN or not is_promise(text)
