"""Judge whether a sentence says what the pages of an image are: planes of a z-stack, points in time, channels.

It has to say it of the files or pages themselves. That z-stacks were taken once, or mice imaged at three time points,
tells nothing of the files at hand.
"""

import re

from confocal_bag.deposit.curation.named_files import FILE_NAME
from confocal_bag.deposit.curation.statement import (
    clauses,
    denies,
    is_elsewhere,
    is_gone,
    is_of_a_part,
    is_plain,
    without_citations,
)

__all__ = ["describes_pages", "names_pages"]

_FLAGS = re.IGNORECASE
_DEPTH = (
    r"(?:z[- ]?(?:stacks?|series|slices?|planes?|sections?|steps?|positions?|depths?|levels?|stapel|schnitte)"
    r"|(?:optical|focal|confocal|depth)[- ](?:sections?|planes?|slices?|stacks?|series)"
    r"|(?:3-?d|three-dimensional|volume) (?:image )?(?:stacks?|volumes?|series)|image volumes?|planes in (?:z|depth))"
)
_TIME = (
    r"(?:time[- ]?(?:series|lapses?|lapse (?:movies?|series|recordings?|images?|stacks?)|points?|steps?|courses?"
    r"|frames?))"
)
_CHANNELS = r"(?:(?:colou?r |fluorescence |single )?channels?|wavelengths?|fluorophores?|stains?)"
_MEANING = rf"(?:{_DEPTH}|{_TIME}|{_CHANNELS}|moments?(?: in time)?|points? in time|tiles?|fields? of view|positions?)"
_OF_PAGES = r"(?:pages?|frames?|planes?|slices?|layers?|directories|ifds?|sub-?images?)"
_FILES = (
    r"(?:files?|images?|tiffs?|tif|stacks?|movies?|recordings?|pictures?|czis?|lsms?|lifs?|nd2s?|deposit|data ?sets?"
    r"|data"
    r"|series|they|these|those|this|it|both|all)"
)
#: "projections of z-stacks" and "a single plane of a z-stack" are none.
_ADJECTIVES = (
    r"(?:(?!(?:of|from|projections?|at|for|mips?|after|before) |single (?!z[- ]?stack))[\w.,/µμ%°\u00d7-]+ ){0,6}?"
)
_ARE = r"(?:is|are|was|were|represents?)"
_IS = rf"(?:{_ARE}|corresponds? to|stands? for|denotes?|equals?|shows?)"
_HOLDS = (
    r"(?:holds?|contains?|comprises?|consists? of|includes?|has|have|is made (?:up )?of|(?:is|are|was|were) (?:saved"
    r"|stored"
    r"|exported|deposited|provided|organi[sz]ed|given|supplied|acquired|recorded|taken|collected|captured) as)"
)

#: "Each file is a z-stack": one plane of it, or one point in time, would be no page of several.
_STACK = (
    r"(?:z[- ]?(?:stacks?|series|slices|planes|sections|positions|stapel|schnitte)"
    r"|(?:optical|focal|confocal|depth)[- ](?:sections|planes|slices|stacks?|series)"
    r"|(?:3-?d|three-dimensional|volume) (?:image )?(?:stacks?|volumes?|series)|image volumes?|planes in (?:z|depth)"
    r"|stacks? of (?:\w+ ){0,4}(?:planes|slices|sections)|time[- ]?(?:series|lapses?)(?: \w+)?"
    r"|hyper-?stacks? (?:with|of|in) (?:\w+ ){0,3}?(?:z|time|planes|channels|depth))"
)
#: "Each file is a z-stack", "All images hold 12 optical sections".
_FILES_ARE = re.compile(
    rf"(?:\b{_FILES}\b|\.\w{{2,4}}\b)[^;]{{0,60}}?\b(?:{_ARE}|{_HOLDS}) {_ADJECTIVES}(?P<meaning>{_STACK})\b"
    r"(?!\s*(?:max\w*|sum|average|mean)?[- ]?(?:projections?|mips?)\b)"
    r"|\bstacks?\b[^;]{0,40}?\b(?:consists? of|contains?|holds?|comprises?|has|have|of) \d+ (?:\w+ )?(?:planes|slices"
    r"|sections)\b"
    rf"|\b{_FILES}\b[^;]{{0,60}}?\b{_HOLDS} {_ADJECTIVES}(?:time[- ]?(?:points|steps|frames))\b",
    _FLAGS,
)
#: "The pages are optical sections", "Page 1 is DAPI", "each frame shows a time point".
_PAGES_ARE = re.compile(
    rf"\b{_OF_PAGES}\b[^;]{{0,40}}?(?:\b{_IS}|[:=])(?: (?:an?|the|one|all|each|single|different|consecutive))* ?"
    rf"{_ADJECTIVES}{_MEANING}\b"
    r"|\b(?:pages?|frames?|planes?|layers?|ifds?) ?#?\d+\s*(?:is|=|:|shows|holds|\u2013|-)\s*\w"
    rf"|\b(?:pages|frames)\b[^;]{{0,40}}\b(?:order|follow\w*|run|correspond)\b[^;]{{0,60}}\b(?:{_MEANING}|z|t|depth"
    rf"|time)\b"
    rf"|\b(?:order|meaning) (?:of|in) (?:the )?(?:pages|frames|planes)\b[^;]{{0,10}}[:=]"
    rf"|\b{_CHANNELS} order\b[^;]{{0,30}}\bpages\b"
    rf"|\bpages (?:are|is) (?:the )?{_ADJECTIVES}{_MEANING}\b",
    _FLAGS,
)
#: "one page per time point", "one frame every 30 s", "one channel per page".
_PER_PAGE = re.compile(
    rf"\b(?:an?|one|1|single) (?:{_OF_PAGES}|image) (?:per|for each|for every|every|each) (?:\w+ )?(?:{_MEANING}|z"
    rf"|depths?"
    r"|seconds?|minutes?|hours?|min|s|h|\d)\b"
    rf"|\bone (?:per|on each|in each) {_OF_PAGES}\b|\bpage order\b\s*[:=]\s*\w"
    rf"|\b(?:an?|one|1) {_ADJECTIVES}(?:{_MEANING}|section|optical section|depth) (?:per|for each|in each|on each)"
    rf" (?:{_OF_PAGES})\b"
    r"|\bplanes?\b[^;]{0,20}\d ?(?:µm|μm|um|microns?|micrometres?|micrometers?) apart\b|\bframes? (?:every|each) \d"
    r"|\bframes?(?: are| were)?(?: taken)? \d+(?:\.\d+)? ?(?:s|sec|min|ms|h)\b[^;]{0,20}\bapart\b",
    _FLAGS,
)
#: A fragment without a verb, such as a line of a list: "cells.tif: z-stack, 12 planes", "Stack of 12 planes".
_FRAGMENT = re.compile(
    rf"^\W*(?:[^:|=]{{1,80}}(?:[:|=]|\s[-\u2013\u2014]\s)\s*)?(?:(?!(?:the|our|these|my|of"
    rf"|from) )[\w.%°\u00d7-]+ ){{0,4}}?\(?"
    rf"(?P<meaning>{_STACK})(?=\W*$|\s*[,;(|.](?! ?(?:max|sum|average|mip|project))|\s+(?:of|with|from|at|in|on|by"
    rf"|taken|acquired|per|every|\d))",
    _FLAGS,
)
#: "Z-stacks were acquired from the coverslip upwards": of the files at hand unless something says otherwise.
_TAKEN = re.compile(
    rf"^\W*(?:the |all |confocal |our |whole |full |complete )*(?P<meaning>{_DEPTH}|time[- ]?(?:series"
    rf"|lapses?)(?: \w+)?)\b"
    r"[^;]{0,60}?\b(?:acquired|taken|recorded|collected|captured|imaged|deposited|provided|included|submitted|saved)\b"
    rf"|\b(?:images|stacks|data) (?:were|are) (?:acquired|taken|recorded|collected|captured) (?:as|in) {_ADJECTIVES}"
    rf"(?:{_DEPTH}|time[- ]?(?:series|lapses?))\b"
    r"|^\W*(?:the |all |image )*stacks (?:were|are) (?:acquired|taken|recorded|collected|captured) (?:with|at|in"
    r"|using) (?:an? )?"
    r"(?:[\w.%µμ]+ ){0,3}?z[- ]?(?:steps?|spacing|interval|distance)",
    _FLAGS,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|shows?|went|go|goes|we|i|used|lies|lie|serves?"
    r"|helps?)\b",
    _FLAGS,
)
#: That stacks were projected says that the files are not these.
_PROJECTED = re.compile(
    r"\bproject(?:ed|ions?)\b|\bmips?\b|\bmerged into\b|\bflattened\b|\bcollapsed\b|\bbefore\b", _FLAGS
)
#: Stacks that were taken, but of something else or at another time.
_OF_OTHERS = re.compile(
    r"\b(?:other|others|another|second|pilot|previous\w*|earlier|further|additional|test|some)\b|\bin (?:19"
    r"|20)\d\d\b",
    _FLAGS,
)
_IN_TIME = re.compile(r"\btime[- ]?(?:points?|courses?|steps?)\b", _FLAGS)
#: What was done with animals or samples in time.
_OF_SAMPLES = re.compile(
    r"\bincubat|\bfix(?:ed|ation)\b|\btreat(?:ed|ment)|\bharvest|\bsampl(?:ed|ing|es)\b|\bafter \w+ion\b"
    r"|\bafter (?:surgery|injury"
    r"|treatment|birth|onset)\b|\bdrawn\b|\bkilled\b|\bsacrificed\b|\bpost[- ]?(?:infection|injection|injury|natal)\b"
    r"|\b(?:h|d|hp|dp)pi\b",
    _FLAGS,
)
_OF_NUMBERS = re.compile(
    r"\btime[- ]?(?:series|courses?) of (?:the |body |mean |room |gene )*(?:\w+ )?(?:weights?|temperatures?"
    r"|concentrations?|values?"
    r"|expression|measurements?|levels?|counts?|pressures?|rates?|numbers?)\b",
    _FLAGS,
)
_OF_TISSUE = re.compile(
    r"\b(?:slices?|sections?|planes?) of (?:the )?(?:\w+ )?(?:brain|tissue|cortex|heart|liver|kidney|muscle|spleen"
    r"|lung|gut"
    r"|embryo|retina|root|leaf|tumou?r|organ|hippocamp)\w*",
    _FLAGS,
)


def describes_pages(text: str) -> bool:
    """Whether it says what the pages of an image are.

    What it says of some images only, or of images that are not in the deposit, explains none.
    """
    bare = without_citations(text)
    if not is_plain(bare) or is_elsewhere(bare) or is_gone(bare) or _is_of_samples(bare):
        return False
    if _is_row(bare):
        return any(_tells_pages(cell) for cell in bare.split("|"))
    if any(_tells_pages(clause) for clause in clauses(bare)):
        return True
    is_of_these = not _PROJECTED.search(bare) and not _OF_OTHERS.search(bare)
    return len(clauses(bare)) == 1 and is_of_these and _told(_TAKEN, bare)


def _is_of_samples(text: str) -> bool:
    in_time = _IN_TIME.search(text) and _OF_SAMPLES.search(text)
    return bool(in_time or _OF_TISSUE.search(text) or _OF_NUMBERS.search(text))


def _is_row(text: str) -> bool:
    """Whether it is one row of a table about one file: "| cells.tif | z-stack |"."""
    return "|" in text and len(FILE_NAME.findall(text)) == 1


def names_pages(answer: str) -> bool:
    """Whether the answer to "what does a page stand for?" names something that pages can be."""
    return is_plain(answer) and not denies(answer) and bool(_NAMED.search(answer))


_NAMED = re.compile(
    rf"\b{_MEANING}\b|\b(?:z|time|depth|channel|plane|slice|section|stack|frame)s?\b|\bpages? ?\d", _FLAGS
)


def _tells_pages(clause: str) -> bool:
    if any(_told(pattern, clause) for pattern in (_FILES_ARE, _PAGES_ARE, _PER_PAGE)):
        return True
    return not _VERB.search(clause) and not _PROJECTED.search(clause) and _told(_FRAGMENT, clause)


def _told(pattern: re.Pattern[str], clause: str) -> bool:
    found = pattern.search(clause)
    if found is None or denies(clause):
        return False
    begin = found.start("meaning") if found.groupdict().get("meaning") else found.start()
    return not is_of_a_part(clause[:begin])
