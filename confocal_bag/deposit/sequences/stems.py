"""The text and the folder that the files of a sequence share."""

import re
from collections.abc import Sequence
from itertools import takewhile

from confocal_bag.deposit.sequences.groups import Group
from confocal_bag.deposit.sequences.words import MARKERS, NUMBERED_CHANNEL_WORDS, WEAK_MARKERS

__all__ = ["shared_folder", "shared_stem"]

_NUMBER = re.compile(r"-?\d")
_EDGE = " _-.=#([{~,;"
#: In a known convention a short word before the first varying number is its marker.
_LONGEST_MARKER = 4


def shared_folder(group: Group) -> str:
    """The deepest folder that holds every file of the group; empty for the top of the deposit."""
    folders = {entry.name.path.rpartition("/")[0] for entry in group.entries}
    if len(folders) == 1:
        return folders.pop()
    parts = [folder.split("/") for folder in sorted(folders)]
    return "/".join(_shared(parts[0], parts[-1]))


def shared_stem(group: Group) -> str:
    """The beginning that all stems share, without the marker of the first varying number; never inside a number."""
    stems = sorted({entry.stem for entry in group.entries})
    first, last = stems[0], stems[-1]
    if first == last:
        return first
    shared = "".join(_shared(first, last))
    inside = _NUMBER.match(first, len(shared)) is not None or shared[-1:].isdigit()
    shared = shared.rstrip("0123456789") if inside else shared
    if not inside and shared[-1:].isalnum() and first[len(shared) : len(shared) + 1].isalnum():
        shared = shared.rstrip(_letters(shared))
    bare = shared.rstrip(_EDGE)
    if not inside:
        return bare
    head = bare
    while head and head[-1].isalpha():
        head = head[:-1]
    marker = bare[len(head) :].casefold()
    known = marker in MARKERS or marker in WEAK_MARKERS or marker in NUMBERED_CHANNEL_WORDS
    by_table = group.entries[0].convention is not None and len(marker) <= _LONGEST_MARKER
    return head.rstrip(_EDGE) if known or by_table else bare


def _letters(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(character for character in text if character.isalnum())


def _shared(first: Sequence[str], last: Sequence[str]) -> list[str]:
    """The beginning that two texts, or two lists of texts, share."""
    return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))]
