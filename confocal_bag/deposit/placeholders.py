"""Tell an answer from a placeholder, and from an honest "not known"."""

import re

__all__ = ["is_placeholder", "says_something"]

_PLACEHOLDER = re.compile(
    r"\s*(?:\.{2,}|…+|\?+|-+|_+|x{3,}|todo\b.*|fixme\b.*|tbd|tba|to be (?:done|added|determined)\b.*"
    r"|fill (?:me|this|in)\b.*|insert\b.{0,30}\bhere|your\b.{0,30}\bhere|lorem ipsum\b.*"
    r"|placeholder|example|change ?me"
    r"|<[^<>]*>|\[[^\[\]]*\])\s*",
    re.IGNORECASE | re.DOTALL,
)
_NOT_KNOWN = frozenset({"unknown", "not known", "not recorded", "not available", "n/a", "na", "n.a.", "nil"})


def is_placeholder(text: str) -> bool:
    """Whether a text only holds the place of an answer: TODO, "...", <your name here>."""
    return _PLACEHOLDER.fullmatch(text) is not None


def says_something(text: str | None) -> bool:
    """Whether a text is an answer: not absent, not a placeholder, and not "unknown"."""
    return bool(text) and not is_placeholder(text or "") and (text or "").strip().casefold() not in _NOT_KNOWN
