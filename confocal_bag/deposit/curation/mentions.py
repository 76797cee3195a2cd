"""Judge what a sentence says, and never more than it says.

A wrong yes or no would keep a question from being asked; where a sentence is not clear, it says nothing. What it says
of pages, changes and settings is judged in modules of their own.
"""

import re
from collections.abc import Callable, Iterable

from confocal_bag.deposit.curation.change_mentions import describes_change, says_changed, tells_change
from confocal_bag.deposit.curation.documents import Sentence
from confocal_bag.deposit.curation.page_mentions import describes_pages
from confocal_bag.deposit.curation.setting_mentions import Setting, settings_in
from confocal_bag.deposit.curation.statement import (
    PROGRAMS,
    clauses,
    denies,
    is_elsewhere,
    is_gone,
    is_plain,
    leaves_some_out,
)
from confocal_bag.deposit.curation.unchanged_mentions import denies_processing, only_denies, says_unchanged

__all__ = [
    "Setting",
    "denies_processing",
    "describes_change",
    "describes_pages",
    "names_analysis",
    "only_denies",
    "says_changed",
    "says_unchanged",
    "says_whole_stacks",
    "settings_in",
    "tells_change",
    "those_that",
]

_FLAGS = re.IGNORECASE
_STACKS = r"(?:whole|entire|complete|full|uncropped) (?:z[- ]?)?(?:stacks?|series)"
_WHOLE_STACKS = re.compile(
    rf"\b(?:deposit|include|contain|hold|provide|submit|upload)\w*\b.{{0,20}}\b{_STACKS}\b"
    rf"|\b{_STACKS}\b.{{0,20}}\b(?:deposited|included|provided|submitted|uploaded|here)\b"
    r"|\b(?:z[- ]?)?(?:stacks?|series) (?:is|are|were) (?:all )?(?:whole|entire|complete|full|uncropped)\b",
    _FLAGS,
)
_MEASURED = (
    r"(?:quantif\w+|measur(?:ed|es?|ements?|ing)|count(?:ed|s|ing)?|segment(?:ed|s|ation)?|analy[sz]\w+"
    r"|track(?:ed|s|ing)?|coloc\w+)"
)
_ANALYSIS = re.compile(
    rf"\b(?:quantif\w+|measured|measurements?|counted|segmented|segmentation|analy[sz]ed|analysis|tracked"
    rf"|coloc\w+)\b.{{0,100}}"
    rf"\b(?:using|with|in|by)\b.{{0,40}}\b{PROGRAMS}\b"
    rf"|\b{PROGRAMS}\b.{{0,40}}\b(?:used|applied|run|written)\b.{{0,40}}\b{_MEASURED}\b"
    rf"|\b(?:macros?|scripts?|pipelines?|plug-?ins?|notebooks?|workflows?)\b.{{0,40}}\b{_MEASURED}\b"
    rf"|\banalysis\b.{{0,20}}[:=].{{0,40}}\b{PROGRAMS}\b",
    _FLAGS,
)
#: What is measured at the bench and not in images of a microscope.
_AT_THE_BENCH = re.compile(
    r"\b(?:[mr]?RNA|c?DNA|nanodrop|western|blots?|(?:rt-?|q)?pcr|elisa|h(?:a)?emocytometer|flow cytomet\w+|facs"
    r"|densitometr\w+"
    r"|gels?|bands?|mass spec\w*|plate reader|spectro\w+|bradford|bca|sequenc\w+|reads|body weight|blood|serum"
    r"|behaviou?r\w*"
    r"|protein concentrations?|statistic\w*)\b",
    _FLAGS,
)


def says_whole_stacks(text: str) -> bool:
    """Whether it says that z-stacks were deposited whole, and not only that somebody had whole ones."""
    return _states(text, _WHOLE_STACKS) and not leaves_some_out(text)


def names_analysis(text: str) -> bool:
    """Whether it says by which program or script images were measured."""
    return _states(text, _ANALYSIS) and not _AT_THE_BENCH.search(text)


def those_that(test: Callable[[str], bool], sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that pass a test."""
    return [one for one in sentences if test(one.text)]


def _states(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a clause of the sentence states something of the images at hand, and does not deny it."""
    if not is_plain(text) or is_elsewhere(text) or is_gone(text):
        return False
    return any(pattern.search(clause) and not denies(clause) for clause in clauses(text))
