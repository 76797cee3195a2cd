"""What speaks for or against whole z-stacks: names, the numbers of planes, and what a readme says."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.findings import readable_path

__all__ = ["says_whole_stacks", "signs_of_parts", "told_whole"]

_STACKS = r"(?:whole|entire|complete|full|uncropped) (?:z[- ]?)?(?:stacks?|series)"
_WHOLE_STACKS = re.compile(
    rf"\b(?:deposit|include|contain|hold|provide|submit|upload)\w*\b.{{0,20}}\b{_STACKS}\b"
    rf"|\b{_STACKS}\b.{{0,20}}\b(?:deposited|included|provided|submitted|uploaded|here)\b"
    r"|\b(?:z[- ]?)?(?:stacks?|series) (?:is|are|were) (?:all )?(?:whole|entire|complete|full|uncropped)\b",
    re.IGNORECASE,
)
#: A sentence with one of these asks, promises, doubts, denies, or speaks of some of the stacks.
_NOT_PLAIN = re.compile(
    r"\?|n['\u2019]t\b|\b(?:please|describe|state|say|tell|todo|tbd|will|shall|would|should|could|can|may|might|if|whether"
    r"|perhaps|possibly|planned|no|not|never|none|without|neither|nor|cannot|except|only|but|other|others|another|apart"
    r"|besides|some|most|several|many|few|half|part|parts|unless|elsewhere|request|or|missing|lost)\b",
    re.IGNORECASE,
)

#: A name that Fiji gives to a part of a stack, or one with the planes that were taken out of it.
_SUBSTACK = re.compile(r"sub[-_ ]?stack[-_ ]?(?:\(\d+[^()]{0,20}\))?", re.IGNORECASE)
_PLANES = re.compile(
    r"(?:^|[^a-z])(?:z|slices?|planes?|sections?)[-_ ]?0*(?P<first>\d+)[-_ ]?(?:-|to|\.\.)[-_ ]?z?(?P<last>\d+)(?!\d)",
    re.IGNORECASE,
)


def signs_of_parts(facts: CurationFacts) -> tuple[str, ...]:
    """What says that z-stacks are parts of longer ones, each in a clause."""
    return (*dict.fromkeys(_in_names(facts)), *facts.late_starts)


def _in_names(facts: CurationFacts) -> Iterator[str]:
    for one in facts.z_stacks:
        words = _of_part(one.path)
        if words:
            yield f'the name of {readable_path(one.path)} says "{words}"'


def _of_part(path: PurePosixPath) -> str | None:
    named = _SUBSTACK.search(path.stem)
    if named:
        return named[0]
    planes = _PLANES.search(path.stem)
    if planes and 1 < int(planes["first"]) < int(planes["last"]):
        return planes[0].strip(" _-.")
    return None


def told_whole(facts: CurationFacts) -> str | None:
    """The sentence of a readme that says that the stacks are whole; None where there is none."""
    said = next((one for one in facts.documents.sentences if says_whole_stacks(one.text)), None)
    return f'{readable_path(said.path)} says: "{said.text}"' if said else None


def says_whole_stacks(text: str) -> bool:
    """Whether it says plainly that z-stacks were deposited whole, and not only that somebody had whole ones."""
    return bool(_WHOLE_STACKS.search(text)) and not _NOT_PLAIN.search(text)
