"""What speaks for or against whole z-stacks: names, the numbers of planes, and what a readme says."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.facts import CurationFacts
from confocal_bag.deposit.curation.mentions import says_whole_stacks, those_that
from confocal_bag.findings import readable_path

__all__ = ["signs_of_parts", "told_whole"]

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
    said = those_that(says_whole_stacks, facts.documents.sentences)
    return f'{readable_path(said[0].path)} says: "{said[0].text}"' if said else None
