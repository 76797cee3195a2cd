"""Whether a sentence plainly states something, and states it of the images that are at hand.

A sentence that asks, instructs, promises, doubts or denies is no evidence: "describe whether the images are z-stacks",
"z-stacks will follow", "this is not a z-stack". One about images of another place is none either.
"""

import re
from itertools import pairwise

__all__ = [
    "PROGRAMS",
    "clauses",
    "denies",
    "is_clear",
    "is_elsewhere",
    "is_gone",
    "is_of_a_part",
    "is_plain",
    "leaves_some_out",
    "without_citations",
]

_FLAGS = re.IGNORECASE
_INSTRUCTION = re.compile(
    r"^\W*(?:please|describe|explain|list|provide|state|indicate|specify|add|insert|include|give|enter"
    r"|fill|note whether|todo|tbd|fixme|example|e\.g\.)\b"
    r"|\b(?:todo|tbd|to be (?:added|done|determined|filled)|lorem ipsum)\b"
    r"|<[^<>]{1,80}>|\[(?:insert|your|describe|fill|e\.g)[^\]]{0,80}\]|\?\s*$",
    _FLAGS,
)
_UNSURE = re.compile(
    r"\b(?:will|shall|would|should|could|can|may(?! \d)|might|if|whether|perhaps|possibly|probably|presumably|maybe"
    r"|apparently|supposedly|likely|seems?|assume\w*|suppose\w*|guess\w*|i think|we think|believe\w*|planned"
    r"|plans? (?:to|on)"
    r"|intend(?:ed)?|unknown|unclear|unsure|not sure|missing|lost|forgot\w*|or)\b",
    _FLAGS,
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|without|neither|nor|cannot|lacks?|instead of|rather than)\b|n['\u2019]t\b",
    _FLAGS,
)
_EXCEPTION = re.compile(
    r"\b(?:except\w*|excluding|only|but|other than|apart from|aside from|besides|some|control|raw|original|unless)\b",
    _FLAGS,
)
#: What is said of a part of the images explains none that is at hand.
_A_PART = re.compile(
    r"\b(?:some|certain|others?|another|only the|(?<!at )most|(?:several|many|few|part|half|one|two|three"
    r"|subset) of)\b.{0,40}$",
    _FLAGS,
)
_REPOSITORIES = (
    r"zenodo|figshare|dryad|empiar|bio-?image ?archive|bio-?studies|idr|omero|osf|mendeley|dataverse|github|gitlab"
    r"|s-biad\d+|s-bsst\d+|google drive|dropbox|onedrive|nas|cloud"
)
_PLACE = (
    r"(?:repositor(?:y|ies)|archives?|deposits?|depositions?|submissions?|data ?sets?|collections?|places?|servers?"
    r"|stud(?:y|ies)|papers?|projects?)"
)
_ELSEWHERE = re.compile(
    rf"\belsewhere\b|\b(?:on|upon|by|at) (?:reasonable )?request\b|\brequests? to\b|\bcontact\b|\bfrom (?:the|our|us"
    rf"|me|its)"
    rf"(?: corresponding| first| last| senior)? ?(?:authors?|depositors?|lab\b|laborator|pi\b|group)|\bfrom (?:us|me)\b"
    rf"|\bwith (?:the|our) (?:authors?|depositors?|labs?|laborator\w+|owners?|group)\b"
    rf"|\b(?:another|an?other|(?:a )?different|(?:an )?external|(?:a )?separate|companion|accompanying|sister"
    rf"|associated"
    rf"|related|previous|earlier|former|future|parallel|second|third|parent|original)"
    rf" (?:public |open |data |image )?{_PLACE}\b|\b(?:the|our|in) other (?:folder|director\w+|{_PLACE})\b"
    rf"|\b(?:another|a different|a separate) (?:folder|directory|drive|disk|hard ?drive)\b"
    rf"|\bour (?:own |lab |lab's |institute'?s? |internal |local )*(?:servers?|archives?|storage|repositor\w+|drives?"
    rf"|lab\b)"
    rf"|\b(?:lab|internal|institut\w+|university|local|file|storage) (?:servers?|storage|archives?)\b"
    rf"|\b(?:servers?|hard ?drives?|hard ?disks?|tapes?)\b|\b(?:{_REPOSITORIES})\b|https?://|\bdoi\b|\baccession\b"
    rf"|\bcan be (?:found|downloaded|obtained|accessed|requested|provided|sent|seen)\b|\bavailable (?:from|at|on|upon"
    rf"|via"
    rf"|through|under)\b|\b(?:published|manuscript|in print|in the (?:paper|publication|article|main text"
    rf"|supplement\w*))\b"
    rf"|\bof the (?:paper|publication|article|manuscript)\b",
    _FLAGS,
)
_CITATION = re.compile(
    r"[\s,(]*\b(?:as |and )?(?:shown|described|published|reported|used|detailed|explained) in "
    r"(?:the |our |this )?(?:\w+ ){0,2}(?:paper|publication|article|manuscript|methods?|text|figures?"
    r"|supplement\w*)\b\)?"
    r"|\bas (?:in|for|with) (?:another|a previous|an earlier|our (?:previous|earlier)) (?:study|paper|work"
    r"|publication)\b"
    r"|\((?:see |cf\. )?(?:https?://|doi)[^()]{0,200}\)",
    _FLAGS,
)
#: Words for what was there once, or was kept back.
_GONE = re.compile(
    r"\b(?:deleted|discarded|erased|overwritten|destroyed|thrown away|removed|purged|gone|too (?:large|big|many|heavy)"
    r"|withheld|omitted|excluded|left out|no longer|kept back|missing|lost|corrupted|(?:not"
    r"|n['\u2019]t) \w+ ?(?:deposited"
    r"|included|provided|submitted|uploaded|kept|saved|shared))\b",
    _FLAGS,
)
_OF_NOT_ALL = re.compile(r"\bnot (?:all|every|each|both|only|just|merely|always|necessarily)\b", _FLAGS)
#: Clauses are judged one by one: "projected in Fiji; no change of contrast".
_CLAUSE = re.compile(r";\s|,\s(?:but|no|and|without|whereas|while)\s|\s(?:but|whereas)\s")

#: Programs that work on images or measure in them.
PROGRAMS = (
    r"(?:fiji|imagej2?|image ?j|cellprofiler|imaris|matlab|python|icy|qupath|ilastik|cellpose|stardist|macros?|scripts?"
    r"|plug-?ins?|arivis|huygens|volocity|trackmate|napari|photoshop|gimp|zen|las ?x|nis[- ]?elements|scikit-image"
    r"|stackreg|turboreg|bigstitcher|autoquant|amira|metamorph|illustrator|knime|omero\.\w+|opencv|bigdataviewer|vaa3d"
    r"|fluoview|cellsens|slidebook|neurolucida|columbus|harmony|nikon software|leica software|zeiss software)"
)


def is_plain(text: str) -> bool:
    """Whether it neither asks, instructs, promises nor doubts."""
    return not _INSTRUCTION.search(text) and not _UNSURE.search(text)


def denies(text: str) -> bool:
    """Whether it has a word of denial in it."""
    return bool(_DENIAL.search(text))


def is_clear(text: str) -> bool:
    """Whether it is plain, and has no word of denial."""
    return is_plain(text) and not denies(text)


def leaves_some_out(text: str) -> bool:
    """Whether it makes an exception, or speaks of one kind of images only."""
    return bool(_EXCEPTION.search(text) or _OF_NOT_ALL.search(text))


def is_of_a_part(before: str) -> bool:
    """Whether the words before a statement make it one about some images: "some of our", "the other"."""
    return bool(_A_PART.search(before))


def is_elsewhere(text: str) -> bool:
    """Whether it speaks of images that lie elsewhere: in a repository, on a server, with the authors, in a paper."""
    return bool(_ELSEWHERE.search(text))


def is_gone(text: str) -> bool:
    """Whether it speaks of what is gone or was kept back: "too large to deposit", "deleted"."""
    return bool(_GONE.search(text))


def without_citations(text: str) -> str:
    """The sentence without "as described in the paper" and the like, and without addresses in brackets."""
    return _CITATION.sub("", text)


def clauses(text: str) -> list[str]:
    """The clauses of a sentence, each with the word that begins it."""
    starts = [0, *(found.start() for found in _CLAUSE.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(starts)]
