"""Judge what a sentence says, and never more than it says.

A sentence that asks, instructs, promises, doubts or denies is no evidence: "describe whether the images are z-stacks",
"z-stacks will follow", "this is not a z-stack".
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import pairwise

from confocal_bag.deposit.curation.documents import Sentence

__all__ = [
    "Setting",
    "describes_change",
    "describes_pages",
    "names_analysis",
    "says_changed",
    "says_unchanged",
    "says_whole_stacks",
    "settings_in",
    "those_that",
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
    r"\b(?:will|shall|would|should|could|can|may(?! \d)|might|if|whether|perhaps|possibly|plan(?:ned)?|intend(?:ed)?"
    r"|unknown|unclear|unsure|missing|lost|forgot\w*|or)\b",
    _FLAGS,
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|none|without|neither|nor|cannot|lacks?|instead of|rather than)\b|n['\u2019]t\b",
    _FLAGS,
)
_EXCEPTION = re.compile(
    r"\b(?:except|only|but|other than|apart from|besides|some|control|raw|original|unless)\b", _FLAGS
)
#: What is said of a part of the images explains none that is at hand.
_A_PART = re.compile(
    r"\b(?:some|certain|others?|another|(?<!at )most|(?:several|many|few|part|half) of)\b.{0,40}$", _FLAGS
)
_ELSEWHERE = re.compile(
    r"\belsewhere\b|\bon request\b"
    r"|\b(?:another|a different|an external|a separate) (?:repository|archive|deposit|data ?set|place|server|folder)\b",
    _FLAGS,
)
#: Clauses are judged one by one: "projected in Fiji; no change of contrast".
_CLAUSE = re.compile(r";\s|,\s(?:but|no|and|without)\s|\s(?:but)\s")

_PAGES = re.compile(
    r"\bz[- ]?(?:stacks?|series|slices?|planes?|sections?|steps?|positions?|depths?)\b"
    r"|\b(?:optical|focal|confocal) (?:sections?|planes?|slices?)\b"
    r"|\btime[- ]?(?:series|lapse|points?|steps?|course)\b|\bframes? (?:per|every|each|apart)\b"
    r"|\bone (?:page|plane|frame|slice) (?:per|for each|for every)\b"
    r"|\b(?:each|every) (?:page|frame|slice)\b.{0,40}\b(?:is|shows|holds|stands for)\b"
    r"|\bpages? (?:are|is|correspond|show|hold|run)\b|\bstack of \d+\b",
    _FLAGS,
)
_SAMPLE_TIME = re.compile(r"\bincubat|\bfix(?:ed|ation)|\btreat(?:ed|ment)|\bharvest|\bsampl(?:ed|ing) at\b", _FLAGS)


class Setting(StrEnum):
    """A kind of imaging setting that a sentence can state."""

    MICROSCOPE = "the microscope"
    OBJECTIVE = "the objective"
    LIGHT = "wavelengths"
    SAMPLING = "the size of pixels or steps"
    DETECTION = "pinhole, gain or laser power"


_SETTINGS = {
    Setting.MICROSCOPE: re.compile(
        r"\b(?:zeiss|leica|nikon|olympus|evident|andor|yokogawa|perkin ?elmer|bruker)\b.{0,60}"
        r"(?:\b(?:confocal|microscope|LSM|SP[258]|STELLARIS|A1R?|C[12]|FV|Ti2?|CSU)\b|\d{3,4})"
        r"|\bLSM ?\d{3}\b|\bFV ?\d{3,4}\b",
        _FLAGS,
    ),
    Setting.OBJECTIVE: re.compile(
        r"\b\d{1,3}(?:\.\d)?\s?[x\u00d7](?:\s|/|,).{0,40}(?:objective|oil|water|glycerol|air|NA\b|\d\.\d)"
        r"|\b(?:NA|N\.A\.|numerical aperture)\s*(?:of|=|:)?\s*\d\.\d",
        _FLAGS,
    ),
    Setting.LIGHT: re.compile(
        r"\b[3-8]\d\d(?:\s?[-\u2013]\s?[3-8]\d\d)?\s?nm\b.{0,80}\b(?:laser|excit|emission|line|diode|detect|bandpass|filter)"
        r"|\b(?:laser|excit\w*|emission|line|diode|detect\w*|bandpass|filter)\b.{0,80}"
        r"\b[3-8]\d\d\s?(?:[-\u2013]\s?[3-8]\d\d\s?)?nm\b",
        _FLAGS,
    ),
    Setting.SAMPLING: re.compile(
        r"\b(?:pixels?|voxels?|z[- ]?steps?|step size|z[- ]?spacing)\b.{0,40}?\d(?:[.,]\d+)?\s?(?:µm|μm|um|nm|micron)"
        r"|\d(?:[.,]\d+)?\s?(?:µm|μm|um|nm|microns?)\s?"
        r"(?:per pixel|/\s?(?:pixel|px)|pixels?\b|(?:z[- ]?)?steps?\b|apart)",
        _FLAGS,
    ),
    Setting.DETECTION: re.compile(
        r"\bpinhole\b.{0,40}\d|\d\s?(?:AU|Airy units?)\b|\bgain\b.{0,20}\d|\blaser power\b.{0,20}\d|\d\s?% laser",
        _FLAGS,
    ),
}

_PICTURE = (
    r"\b(?:images?|pictures?|stacks?|channels?|planes?|figures?|panels?|movies?|tiffs?|fiji|imagej|photoshop|huygens"
    r"|imaris|zen|projections?|pixels?|intensit(?:y|ies))\b"
)
_SHOWS_PICTURE = re.compile(_PICTURE, _FLAGS)
_CHANGE = re.compile(
    r"\b(?:cropped|deconvol(?:ved|ution)|denoised|smoothed|stitched|thresholded|resized|rescaled|rotated|sharpened"
    r"|pseudo-?colou?red|segmented|colou?r-?coded|averaged projections?)\b"
    r"|\b(?:max(?:imum)?|sum|average|min(?:imum)?)[- ](?:intensity[- ])?(?:z[- ])?projections?\b"
    r"|\bbackground\b.{0,30}\b(?:subtract\w*|correct\w*|remov\w*)|\b(?:subtract\w*|remov\w*)\b.{0,30}\bbackground"
    r"|\b(?:contrast|brightness|gr[ae]y levels|gamma|lookup table|LUT)\b.{0,40}"
    r"\b(?:adjust|enhanc|chang|stretch|increas|scal|correct|appl)\w*"
    r"|\b(?:adjust|enhanc|chang|stretch|increas)\w*\b.{0,40}\b(?:contrast|brightness|gr[ae]y levels|gamma)\b"
    r"|\b(?:median|gaussian|rolling ball)\b.{0,20}\b(?:filter|blur|radius)"
    r"|\bconverted to (?:8[- ]bit|RGB|gr[ae]yscale|JPE?G|PNG)\b"
    r"|\bscale ?bars?\b.{0,20}\b(?:added|drawn|burn\w*|overlaid)"
    r"|\bchannels\b.{0,30}\bmerged\b|\bmerged\b.{0,30}\b(?:channels|images)\b|\bfiltered (?:with|by|using|in)\b",
    _FLAGS,
)
_ANY_CHANGE = re.compile(
    r"\bimages?\b.{0,60}\b(?:process(?:ed|ing)|edited|modified|altered|manipulated|enhanced|corrected)\b", _FLAGS
)
_UNCHANGED = re.compile(
    r"\b(?:images?|files?|stacks?|data|pictures?)\b.{0,40}\b(?:unmodified|unprocessed|unaltered|unedited)\b"
    r"|\b(?:unmodified|unprocessed|unaltered|unedited)\b.{0,20}\b(?:images?|files?|stacks?|data|pictures?)\b"
    r"|\b(?:images?|files?|stacks?|data|pictures?)\b.{0,40}(?:\bnot|\bnever|n['\u2019]t)\b.{0,20}"
    r"\b(?:process|modif|alter|edit|manipulat)\w*"
    r"|\bno (?:further |image |post-?)*(?:processing|modifications?|alterations?|editing|manipulation)\b",
    _FLAGS,
)
_WORK = (
    r"(?:process|modif|alter|edit|manipulat|crop|adjust|enhanc|chang|filter|resiz|rescal|rotat|deconvol|stretch|sharpen"
    r"|denois|smooth|correct)"
)
_BEFORE = (
    r"(?:been|be|or|nor|and|otherwise|further|other|image|digitally|subsequently|in any way|[\w-]*" + _WORK + r"\w*)"
)
_WHOLE = r"(?:process|modif|alter|edit|manipulat)\w*"
_WORKED_ON = re.compile(rf"\b{_WORK}", _FLAGS)
#: A list of all that was not done, with a word for anything at all in it: "not cropped, filtered or otherwise altered".
_NOTHING_DONE = re.compile(
    rf"\b(?:images?|files?|stacks?|data|pictures?)\b.{{0,40}}(?:\b(?:not|never)|n['\u2019]t)(?:[\s,]+{_BEFORE})*"
    rf"[\s,]+{_WHOLE}(?:,? (?:or|nor|and) {_WORK}\w*)*"
    rf"|\bno(?:[\s,]+{_BEFORE})*[\s,]+(?:processing|modifications?|alterations?|editing|manipulation)\b",
    _FLAGS,
)
_OF_SAMPLES = re.compile(r"\b(?:samples?|specimens?|tissues?|cells?|proteins?)\b", _FLAGS)
_OF_NOT_ALL = re.compile(r"\bnot (?:all|every|only|just|merely)\b", _FLAGS)
_STACKS = r"(?:whole|entire|complete|full|uncropped) (?:z[- ]?)?(?:stacks?|series)"
_WHOLE_STACKS = re.compile(
    rf"\b(?:deposit|include|contain|hold|provide|submit|upload)\w*\b.{{0,20}}\b{_STACKS}\b"
    rf"|\b{_STACKS}\b.{{0,20}}\b(?:deposited|included|provided|submitted|uploaded|here)\b"
    r"|\b(?:z[- ]?)?(?:stacks?|series) (?:is|are|were) (?:all )?(?:whole|entire|complete|full|uncropped)\b",
    _FLAGS,
)
_ANALYSIS = re.compile(
    r"\b(?:quantif\w+|measured|counted|segmented|analy[sz]ed|tracked|coloc\w+)\b.{0,100}\b(?:using|with|in|by)\b.{0,40}"
    r"\b(?:fiji|imagej|cellprofiler|imaris|matlab|python|icy|qupath|ilastik|cellpose|stardist|macro|script|plug-?in|arivis"
    r"|huygens|volocity|trackmate|napari)\b",
    _FLAGS,
)


def _plain(text: str) -> bool:
    return not _INSTRUCTION.search(text) and not _UNSURE.search(text)


def _states(text: str, pattern: re.Pattern[str], also: re.Pattern[str] | None = None) -> bool:
    """Whether a clause of the sentence states something, and does not deny it."""
    if not _plain(text) or (also and not also.search(text)):
        return False
    return any(pattern.search(clause) and not _DENIAL.search(clause) for clause in _clauses(text))


def _clauses(text: str) -> list[str]:
    """The clauses of a sentence, each with the word that joins it to the one before."""
    starts = [0, *(found.start() for found in _CLAUSE.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(starts)]


def describes_pages(text: str) -> bool:
    """Whether it says what the pages of an image are: planes of a z-stack, points of a time series.

    What it says of some images only, or of images that are not in the deposit, explains none.
    """
    if not _states(text, _PAGES) or _SAMPLE_TIME.search(text):
        return False
    return any(_tells_pages(clause) for clause in _clauses(text))


def _tells_pages(clause: str) -> bool:
    found = _PAGES.search(clause)
    if found is None or _DENIAL.search(clause):
        return False
    return not _A_PART.search(clause[: found.start()]) and not _ELSEWHERE.search(clause)


def settings_in(text: str) -> frozenset[Setting]:
    """The kinds of imaging settings that it states."""
    return frozenset(kind for kind, pattern in _SETTINGS.items() if _states(text, pattern))


def describes_change(text: str) -> bool:
    """Whether it says what was done to images: cropped, projected, contrast adjusted."""
    return _states(text, _CHANGE, _SHOWS_PICTURE)


def says_changed(text: str) -> bool:
    """Whether it says that images were worked on, without saying how."""
    return _states(text, _ANY_CHANGE)


def says_unchanged(text: str) -> bool:
    """Whether it says of all images that nothing was done to them."""
    if _EXCEPTION.search(text) or _OF_SAMPLES.search(text) or _OF_NOT_ALL.search(text):
        return False
    listed = _NOTHING_DONE.search(text)
    if listed is None:
        return _plain(text) and bool(_UNCHANGED.search(text))
    rest = f"{text[: listed.start()]} {text[listed.end() :]}"
    return _plain(rest) and not _WORKED_ON.search(rest)


def says_whole_stacks(text: str) -> bool:
    """Whether it says that z-stacks were deposited whole, and not only that somebody had whole ones."""
    return _states(text, _WHOLE_STACKS) and not _EXCEPTION.search(text)


def names_analysis(text: str) -> bool:
    """Whether it says by which program or script images were measured."""
    return _states(text, _ANALYSIS)


def those_that(test: Callable[[str], bool], sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that pass a test."""
    return [one for one in sentences if test(one.text)]
