"""Judge whether a sentence says that nothing at all was done to the images since they were taken.

A sentence counts only where every word of it is known to limit nothing: "not modified after background subtraction",
"just stitched" and "available from the authors" hold words that are not, whatever they are, and the depositor is asked.
"""

import re

from confocal_bag.deposit.curation.named_files import FILE_NAME
from confocal_bag.deposit.curation.statement import denies, is_plain

__all__ = ["denies_processing", "only_denies", "says_unchanged"]

_FLAGS = re.IGNORECASE
_NOUN = (
    r"(?:images?|files?|stacks?|z-stacks?|data|datasets?|pictures?|micrographs?|tiffs?|tifs?|scans?|recordings?|movies?"
    r"|series|czis?|lsms?|lifs?|pixels?)"
)
#: Words for anything at all that can be done, and for some of it.
_WHOLE = (
    r"(?:(?:post-?|re-?)?process(?:ed|ing)?|modif(?:y|ied|ying|ications?)|alter(?:ed|ing|ations?)?|edit(?:ed|ing|s)?"
    r"|manipulat(?:ed|e|ing|ions?)|chang(?:ed?|es|ing)|touch(?:ed)?|retouch(?:ed|ing)?)"
)
_SOME = (
    r"(?:crop(?:p(?:ed|ing))?|adjust(?:ed|ments?)|enhanc(?:ed|ements?)|filter(?:ed|ing)?|resiz(?:ed|ing)|rescal(?:ed"
    r"|ing)"
    r"|scal(?:ed|ing)|rotat(?:ed|ion)|deconvol(?:ved|ution)|(?:contrast-)?stretch(?:ed|ing)|sharpen(?:ed|ing)"
    r"|denois(?:ed|ing)|smooth(?:ed|ing)|correct(?:ed|ions?)|compress(?:ed|ion)|contrast[- ](?:adjusted|enhanced)"
    r"|project(?:ed|ions?)|stitch(?:ed|ing)|converted)"
)
_UN = r"(?:unmodified|unprocessed|unaltered|unedited|unchanged|untouched|unmanipulated|unretouched)"
_NOT = r"(?:not|never|n't)"
_LINK = (
    r"(?:[\s,]+(?:or|nor|and|otherwise|in any way|been|be|digitally|subsequently|any|other|image|post-acquisition))*"
    r"[\s,]+"
)
#: A list of all that was not done, with a word for anything at all in it: "not cropped, filtered or otherwise altered".
_LIST = re.compile(
    rf"(?:\b{_NOT}|(?<=\w)n't|\bnor|\bneither|\bno|\bwithout)(?:{_LINK}{_SOME})*{_LINK}{_WHOLE}\b(?:{_LINK}(?:{_SOME}"
    rf"|{_WHOLE})\b)*",
    _FLAGS,
)
_BE = r"(?:was|were|is|are|has|have|had|been|did|do|does)"
#: What such a sentence may be, where D stands for the list.
_FORMS = re.compile(
    # "the images were not modified", "none of the images was edited", "no image was edited"
    rf".*\b{_NOUN}\b.*\b{_BE}(?: ?D\b).*"
    rf"|(?:none of|no)\b.*\b{_NOUN} {_BE}(?: been)? {_WHOLE}\b.*"
    # "we did not modify the images", "nobody edited"
    rf"|(?:we|i|the authors|the depositors) {_BE} ?D\b.*\b{_NOUN}\b.*"
    # "no processing was done", "no image processing", "exported without any change"
    rf"|(?:there )?(?:(?:is|was|has been|were) )?D(?: (?:of|to|on|in)(?: any of)?(?: the| these| our"
    rf"| all)* {_NOUN})?(?: (?:was|were|has been|have been)(?: done| made| performed| applied"
    r"| carried out)?\b.*)?"
    rf"|.*\b{_NOUN}\b.*\b(?:exported|saved|deposited|submitted|uploaded|provided)\b.* D\b.*"
    rf"|(?:we|i) (?:made|did|applied|performed|have made) D\b.*\b{_NOUN}\b.*"
    # "the images are unprocessed", "we deposit unmodified images"
    rf"|.*\b{_NOUN} (?:\w+ ){{0,4}}?(?:is|are|was|were|have been left|were left|remain)(?: all| completely| entirely"
    rf"| both"
    rf"| raw| original|,| and| left)* {_UN}\b.*"
    rf"|(?:we|i) (?:are |have )?(?:deposit|submit|upload|provid)\w*(?: the| all| only| our| raw| and"
    rf"|,)* {_UN}(?: \w+)? {_NOUN}\b.*"
    rf"|(?:these|they|those|all|all {_NOUN}|the {_NOUN}) (?:are|is) (?:the |all |raw,? |original,? "
    rf"|and )*{_UN}(?:,? \w+)?"
    rf"(?: {_NOUN})?\b.*"
    rf"|(?:the |all )?(?:raw,? )?{_UN} {_NOUN} (?:are|were) (?:deposited|submitted|uploaded)\b.*"
    rf"|(?:raw,? |original,? |and |all )*{_UN} {_NOUN}"
    rf"|(?:raw )?{_NOUN} ?[:-] ?(?:raw,? |original,? |and )*(?:{_UN}|D)"
    rf"|.*\b{_NOUN} (?:are|were|have been|is|was) (?:all )?(?:deposited|submitted|uploaded|provided)(?: as)?(?: raw,?"
    rf"| and)* {_UN}"
    # "image processing: none", "nothing was done to the images"
    rf"|(?:any |image |further |digital |data |post-?acquisition )*{_WHOLE}(?: of (?:the )?{_NOUN})? ?(?:[:=-]|was"
    rf"|were|is)? ?"
    r"(?:none|no|nothing|not done|not performed|not applied)"
    rf"|nothing (?:was|has been|is) (?:done|{_WHOLE})(?: to| with| in| on)?(?: any of)?(?: the| these| our"
    rf"| all)*(?: \w+)? "
    rf"{_NOUN}\b.*"
    # "the images are as they were acquired"
    rf"|.*\b{_NOUN} (?:\w+ ){{0,3}}?(?:are|is|were|have been left|were left|are left|are deposited|were deposited) "
    r"(?:exactly |just |all )*as (?:they )?(?:were )?(?:\w+ly )?(?:acquired|recorded|taken|captured|collected|came"
    r"|come)\b.*"
    # German, French, Spanish
    r"|(?:(?:die|alle|diese|unsere|sämtliche) )*(?:bild(?:er|daten|dateien)|aufnahmen|daten|dateien|stapel)"
    r" (?:wurden|sind)(?: nachträglich| danach| in keiner weise)* (?:nicht|nie) (?:nach)?(?:bearbeitet|verändert"
    r"|modifiziert"
    r"|prozessiert)(?: worden)?"
    r"|(?:(?:les|ces|toutes|nos) )*(?:images|fichiers|données|piles) n'ont (?:pas|jamais) été (?:modifi|trait|retouch"
    r"|édit)\w+"
    r"|(?:(?:las|los|estas|todas) )*(?:imágenes|archivos|datos) no (?:han sido|fueron|se han) (?:modific|proces|edit"
    r"|alter)\w+",
    _FLAGS,
)
#: Words that limit nothing.
_NEUTRAL = re.compile(
    r"a|acquired|acquisition|after|afterward|afterwards|all|and|any|applied|are|as|at|authors|be|been|before|both"
    r"|by|came|camera|capture|captured|carried|collected|come|completely|confocal|czi|data|dataset|datasets"
    r"|deposit|deposited|depositing|deposition|deposition's|depositors|did|digitally|directly|do|does|done|each"
    r"|either|entirely|ever|every|everything|exactly|exported|file|files|fluorescence|from|fully|had|has|have|here"
    r"|i|image|images|imaging|in|included|into|is|it|its|left|lif|light|lsm|made|manner|micrograph|micrographs"
    r"|microscope|microscopy|movie|movies|nd2|nor|nothing|of|off|on|or|original|otherwise|our|out|performed"
    r"|picture|pictures|pixel|pixels|post|post-acquisition|provided|raw|recorded|recording|recordings|remain|saved"
    r"|scan|scanner|scans|series|simply|since|software|stack|stacks|submission|submitted|subsequent|subsequently"
    r"|taken|the|them|there|these|they|this|those|tif|tiff|to|truly|upload|uploaded|us|was|way|we|were|whatsoever"
    r"|without|z-stack|z-stacks",
    _FLAGS,
)
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LEAD = re.compile(r"^\W*(?:(?:note|please note|nb|n\.b\.|importantly)\s*[:,-]\s*(?:that )?)", _FLAGS)
_OF_SOME = re.compile(
    rf"\b(?:raw|original) {_NOUN}\b|\bnot (?:all|every|both|each|only)\b|\b(?:before|by|after|since) (?:any|all"
    rf"|the images)\b",
    _FLAGS,
)
_NOT_AFTER = re.compile(
    r"\b(?:after|since) (?!(?:the )?(?:image )?(?:acquisition|imaging|recording|capture|export|they were"
    r"|being (?:taken|acquired)"
    r"|the (?:images|data|files) were))|\bbefore (?!(?:the )?(?:deposit|submission|upload))|\bby\b",
    _FLAGS,
)
#: The words of the sentences in German, French and Spanish.
_FOREIGN = re.compile(
    r"die|alle|diese|unsere|sämtliche|bild(?:er|daten|dateien)|aufnahmen|daten|dateien|stapel|wurden|sind"
    r"|nachträglich|danach"
    r"|keiner|weise|nicht|nie|(?:nach)?bearbeitet|verändert|modifiziert|prozessiert|worden|les|ces|toutes|nos|fichiers"
    r"|données|piles|n'ont|pas|jamais|été|(?:modifi|trait|retouch|édit)\w+|las|los|estas|todas|imágenes|archivos|datos"
    r"|han|sido|fueron|se|(?:modific|proces|edit|alter)\w+",
    _FLAGS,
)
#: What people write where they are asked what was done, and nothing was.
_ANSWERS = re.compile(
    rf"(?:no|none|nothing|nope|never|not|n't|raw|original|{_UN}|as|done|was|were|is|are|they|it|these|this|there|the"
    rf"|all|any"
    rf"|we|i|did|do|have|has|been|be|to|of|in|at|on|with|our|them|only|just|and|or|acquired|recorded|taken|captured"
    rf"|way|anything"
    rf"|images?|microscope|microscopes|files?|data|stacks?|further|additional|image|digital|post-?acquisition|after"
    rf"|acquisition"
    rf"|imaging|applied|performed|made|whatsoever|from|came|off|straight|directly|exported|{_WHOLE}|{_NOUN})",
    _FLAGS,
)
_SAYS_NOTHING_DONE = re.compile(
    rf"\b(?:no|none|nothing|nope|not|never|{_UN})\b|n't\b|\braw\b|\boriginal\b|\bas (?:they were )?(?:acquired"
    rf"|recorded|taken"
    r"|captured)\b|\boff the microscope\b|\bfrom the microscope\b",
    _FLAGS,
)


def says_unchanged(text: str) -> bool:
    """Whether it says of all images, or of all in the files that it names, that nothing was done to them."""
    bare = _normal(text)
    listed, count = _LIST.subn(" D ", bare)
    shape = " ".join(listed.split()).replace("n't", " not")
    if count > 1 or not is_plain(shape) or _OF_SOME.search(bare) or _NOT_AFTER.search(bare):
        return False
    if not _FORMS.fullmatch(shape) or re.search(rf"\b{_WHOLE} {_NOUN}\b", shape):
        return False
    if re.search(rf"\b{_UN}\b", shape) and re.search(r"\b(?:D|no|not|none|never|nothing|without)\b", shape):
        return False
    if re.search(r"\bD\b.*,.*\b(?:was|were|is|are|have|has)\b", shape):
        return False
    return all(_NEUTRAL.fullmatch(one) or _FOREIGN.fullmatch(one) for one in _TOKEN.findall(_without_form(shape)))


def denies_processing(text: str) -> bool:
    """Whether an answer to "what was done to the images?" says that nothing was: "raw data", "We did nothing"."""
    parts = [one for one in re.split(r"[.;,\n]\s*", _normal(text)) if one.strip()]
    if re.search(r"\bnot (?:all|every\w*|each|both|only|just)\b", text, _FLAGS):
        return False
    return bool(parts) and (says_unchanged(text) or all(map(_is_denial, parts)))


def only_denies(text: str) -> bool:
    """Whether every part of a text denies something, so that it may say what was not done, and not what was."""
    parts = re.split(r"[.;,\n]\s+|\sbut\s", text.strip(" ."))
    return all(denies(one) for one in parts if one.strip())


def _is_denial(part: str) -> bool:
    if says_unchanged(part):
        return True
    words = _TOKEN.findall(part.replace("n't", " not"))
    return bool(_SAYS_NOTHING_DONE.search(part)) and all(_ANSWERS.fullmatch(one) for one in words)


def _normal(text: str) -> str:
    """In lower case, names of files as "files", straight apostrophes, no brackets or quotation marks."""
    plain = FILE_NAME.sub("files", text).replace("\u2019", "'").casefold()
    plain = re.sub(r"\bexported from [\w ]{1,20}?(?= without\b)", "exported", plain)
    plain = re.sub(r"[\"()\[\]*_|]", " ", plain)
    return " ".join(_LEAD.sub("", plain).split()).strip(" .!-•#")


def _without_form(shape: str) -> str:
    """The words that say nothing of images or work, which must all be neutral."""
    return re.sub(rf"\b(?:D|none of|no|none|nothing|not|never|{_UN}|{_WHOLE}|{_NOUN})\b", " ", shape)
