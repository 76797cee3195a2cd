"""Judge whether a sentence says that images were worked on, and how.

Samples are cut, rotated, smoothed and filtered too, before they are imaged: what was done has to be said of images, or
be something that is done to images only.
"""

import re

from confocal_bag.deposit.curation.statement import PROGRAMS, clauses, denies, is_elsewhere, is_plain

__all__ = ["describes_change", "says_changed", "tells_change"]

_FLAGS = re.IGNORECASE
_PICTURES = re.compile(
    r"\b(?:images?|pictures?|micrographs?|photographs?|(?:z[- ]?)?stacks?|channels?|planes?|figures?|panels?|movies?"
    r"|videos?"
    r"|frames?|tiffs?|files?|scans|projections?|pixels?|tiles|mosaics?|bilder|composites?)\b",
    _FLAGS,
)
#: A program for images; in the others anything can be smoothed.
_PROGRAM = re.compile(rf"\b(?!matlab|python|macro|script|plug|knime){PROGRAMS}\b", _FLAGS)
#: What was measured, and pictures that no microscope took.
_OF_NUMBERS = re.compile(
    r"\b(?:values?|curves?|traces?|spectr(?:a|um)|measurements?|ratios?|counts|blots?|gels?|western|membranes?"
    r"|coomassie)\b",
    _FLAGS,
)
#: Between an image and the work, what makes the work one on something else: "images were taken of cropped leaves".
_TAKEN_OF = re.compile(r"\b(?:when|where|once|while|after|(?:taken|acquired|recorded|captured) (?:of|from))\b", _FLAGS)
#: Work that is done to images and to nothing else.
_ON_IMAGES = re.compile(
    r"\b(?:deconvol(?:ved|ution)|denoised|denoising|thresholded|pseudo-?colou?red|colou?r-?coded|binari[sz]ed"
    r"|despeckled?"
    r"|(?:un|bleach|drift|shading|flat-?field|background)[- ]?(?:corrected|correction was|subtract(?:ed|ion))"
    r"|(?:linear|spectral) unmixing|unmixed|airyscan[- ]process(?:ed|ing)|averaged projections?|z-?project(?:ed|ions?)"
    r"|down-?sampled|up-?sampled|gamma[- ]corrected|contrast[- ](?:stretched|enhanced|adjusted))\b"
    r"|\b(?:max(?:imum)?|sum|average|min(?:imum)?)[- ](?:intensity[- ])?(?:z[- ])?project(?:ions?|ed)\b"
    r"|\bbackground\b(?! (?:stain|dye|antibod))[^;]{0,30}\bsubtract\w*|\bsubtract\w*\b[^;]{0,30}\bbackground"
    r"|\b(?:gr[ae]y levels|gamma|lookup tables?|LUTs?|look-up tables?)\b[^;]{0,40}"
    r"\b(?:adjust|enhanc|chang|stretch|increas|scal|correct|appl)\w*"
    r"|\b(?:median|gaussian|rolling[- ]ball)\b[^;]{0,20}\b(?:filter|blur|radius)"
    r"|\bconverted (?:to|into) (?:8[- ]?bit|16[- ]?bit|RGB|gr[ae]y-?scale|JPE?G|PNG)\b"
    r"|\bscale ?bars?\b[^;]{0,20}\b(?:added|drawn|burn\w*|overlaid)",
    _FLAGS,
)
#: Work that can be done to images, and to what is imaged.
_ON_ANYTHING = re.compile(
    r"\b(?:cropp?ed|smoothed|stitched|resized|rescaled|rotated|sharpened|segmented|aligned(?! with the)|registered"
    r"|normali[sz]ed"
    r"|projected"
    r"|unsharp(?:ened)?|despeckle|inverted|flattened|trimmed)\b"
    r"|\bfiltered (?:with|by|using|in)\b"
    r"|\bbackground\b(?! (?:stain|dye|antibod))[^;]{0,30}\b(?:correct|remov)\w*|\bremov\w*\b[^;]{0,30}\bbackground"
    r"|\b(?:contrast|brightness)\b(?! (?:agents?|medium|media))[^;]{0,40}"
    r"\b(?:adjust|enhanc|chang|stretch|increas|scal|correct)\w*"
    r"|\b(?:adjust|enhanc|chang|stretch|increas)\w*\b[^;]{0,40}\b(?:contrast|brightness)\b(?! (?:agents?|medium|media))"
    r"|\bchannels\b[^;]{0,30}\bmerged\b|\bmerged\b[^;]{0,30}\b(?:channels|images)\b|\bdrift\b[^;]{0,20}\bcorrected",
    _FLAGS,
)
#: Of what was told: "the contrast", "background" and "channels" are of an image.
_PROPERTY = re.compile(r"\b(?:contrast|brightness|background|channels|drift)\b", _FLAGS)
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|been|being|be)\b", _FLAGS)
_STANDS_FOR_IMAGES = re.compile(r"^\W*(?:they|these|those|all|it|both|everything|each|every one)\b[^,;]{0,12}$", _FLAGS)
#: What comes before a verb, where it is somebody's or nobody's deed: "We cropped", "Fiji was used to crop".
_OBJECT = re.compile(
    r"^\W*(?:(?:of|in|all|the|each|every|our|these|both|raw|original|resulting|final|confocal|fluorescence|single|whole"
    r"|acquired|recorded|individual) ){0,4}" + _PICTURES.pattern,
    _FLAGS,
)
#: What was done before an image was taken was not done to it.
_BEFORE_TAKEN = re.compile(
    r"\b(?:before|prior to|during|while|until|so that|in order to|to (?:view|take|acquire|obtain|get|record|permit"
    r"|allow))\b"
    r"[^;]{0,60}\b(?:imag(?:ing|ed)|images?|acqui\w+|taken|microscopy|scanning|recorded|recording|captured|pictures?)\b"
    r"|\b(?:bleaching|washe?[ds]?|washing|rins\w+|ethanol|quench\w+)\b",
    _FLAGS,
)
_OF_ACQUISITION = re.compile(
    r"\b(?:laser|gain|detector|exposure|offset|pinhole|voltage|staining|show|shows|showing|that|which)\b", _FLAGS
)
_ANY_CHANGE = re.compile(
    r"\bimages?\b[^;]{0,60}?\b(?:were|was|are|is|have been|has been|been) (?:\w+ ){0,3}?"
    r"(?:(?:post-?)?process(?:ed|ing)|edited|modified|altered|manipulated|enhanced|corrected)\b"
    r"|\b(?:processed|edited|modified|altered|manipulated|enhanced) (?:the |all |our )?images?\b"
    r"|\bimages?[- ](?:processing|editing)\b[^;]{0,20}\b(?:was|were|with|in|using|done|performed)\b",
    _FLAGS,
)


def describes_change(text: str) -> bool:
    """Whether it says what was done to images: cropped, projected, contrast adjusted."""
    return _is_told(text) and any(map(_tells_work, clauses(text)))


def says_changed(text: str) -> bool:
    """Whether it says that images were worked on, without saying how."""
    return _is_told(text) and any(
        _ANY_CHANGE.search(one) and not denies(one) and not _BEFORE_TAKEN.search(one) for one in clauses(text)
    )


def tells_change(text: str) -> bool:
    """Whether it says that images were worked on, and perhaps how."""
    return describes_change(text) or says_changed(text)


def _is_told(text: str) -> bool:
    return is_plain(text) and not is_elsewhere(text)


def _tells_work(clause: str) -> bool:
    if denies(clause) or _BEFORE_TAKEN.search(clause) or _OF_NUMBERS.search(clause):
        return False
    if _ON_IMAGES.search(clause):
        return True
    return any(_is_of_images(clause, found) for found in _ON_ANYTHING.finditer(clause))


def _is_of_images(clause: str, work: re.Match[str]) -> bool:
    """Whether what was worked on is an image: as its subject, its object, or by the program it was done in."""
    before, after = clause[: work.start()], clause[work.end() :]
    if _OF_ACQUISITION.search(before):
        return False
    pictures = list(_PICTURES.finditer(before))
    if pictures and not _TAKEN_OF.search(before[pictures[-1].end() :]):
        return True
    if _STANDS_FOR_IMAGES.search(before) or _PROGRAM.search(clause):
        return True
    if _PROPERTY.search(work[0]):
        return bool(_PICTURES.search(after) or _PICTURES.search(work[0]))
    return not _AUXILIARY.search(before) and not pictures and bool(_OBJECT.search(after))
