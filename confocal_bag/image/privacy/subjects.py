"""What shows a patient in any text: record numbers, dates of birth, names behind the word "patient".

English, German, French, Spanish and Italian. Every pattern is linear in the text: no part of one can match what the
part before it matches.
"""

import re
from collections.abc import Iterator

from confocal_bag.image.privacy.animals import is_of_animal
from confocal_bag.image.privacy.model import Found, PersonalKind

__all__ = ["detect_subjects"]

#: Without one of these nothing is looked for: to look for words is a hundred times faster.
_TRIGGERS = (
    "pat", "paz", "pac", "mrn", "record", "subject", "dob", "d.o.b", "birth", "born", "geb", "naci", "né", "naiss",
    "nascit", "nato il", "nata il", "nhs", "ssn", "social sec", "hospital", "dossier", "histori", "nhc", "cartella",
    "krankenakte", "ipp", "*",
)  # fmt: skip
_NOT_BEHIND = r"(?<![^\W_])"
_GAP = r"[ _:#=.-]{1,3}"
#: How "number" is written between the word for a patient and the number.
_NUMBER_WORD = r"(?:ids?|no|nr|num|number|nummer|num[eé]ro|n[uú]mero|numero|n[°º])"
_KEYS = (
    rf"medical[ _-]?record(?:[ _-]?{_NUMBER_WORD})?|pat(?:ient)?(?:en|in)?s?[ _.-]{{0,2}}{_NUMBER_WORD}|"
    rf"(?:subject|case[ _-]?record)[ _-]?ids?|(?:nhs|hospital|hosp|social[ _-]security)[ _.-]?{_NUMBER_WORD}|"
    rf"krankenakte(?:n)?(?:[ _-]?{_NUMBER_WORD})?|{_NUMBER_WORD} (?:de |du |del |di )?(?:patient|paciente|paziente)e?|"
    rf"(?:{_NUMBER_WORD} (?:de |du )?)?dossier (?:m[eé]dical|patient)|"
    rf"(?:{_NUMBER_WORD} de )?historia cl[ií]nica|paciente|paziente|"
    r"cartella clinica"
)
#: A number of at least two digits, with a few letters before it where there are enough digits to be a record's.
_DIGITS = r"\d{2,12}(?:[ -]\d{2,6}){0,3}|[A-Z]{1,3}-?\d{4,12}"
_NUMBER = rf"(?:(?:no|nr|num|number|n[°º])?[ .:#]{{0,2}})(?:{_DIGITS})(?![A-Za-z0-9])"
_RECORDS = (
    # mRN is the beginning of mRNA; MRN1234 and mrn 1234 are record numbers.
    re.compile(rf"{_NOT_BEHIND}(?:MRN|mrn|Mrn)(?:s|\.)?(?:\d{{3,12}}(?![A-Za-z0-9])|{_GAP}(?:is )?(?i:{_NUMBER}))"),
    re.compile(rf"{_NOT_BEHIND}(?:{_KEYS})(?:{_GAP}|(?=\d)){_NUMBER}", re.I),
    # Short words that mean other things, too, SSN a camera's number: only before numbers as long as these are.
    re.compile(rf"{_NOT_BEHIND}(?:SSN{_GAP}\d{{3}}-\d{{2}}-\d{{4}}|(?:NHC|IPP){_GAP}\d{{6,12}})(?![A-Za-z0-9])"),
    re.compile(
        rf"{_NOT_BEHIND}patient(?:in)?(?:{_GAP}|(?=\d))(?:\d{{2,12}}|[A-Z]{{1,3}}-?\d{{4,12}})(?![A-Za-z0-9])", re.I
    ),
)
_MONTHS = (
    "jan", "feb", "f[eé]v", "m[aä]r", "apr", "avr", "abr", "ma[iyg]", "jun", "juin", "giu", "jul", "juil", "lug", "aug",
    "ao[uû]", "ago", "sep", "set", "o[ck]t", "ott", "nov", "de[czb]", "d[eé]c", "dic", "ene", "gen",
)  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-zéûä]{{0,7}}\.?"
_YEAR = r"(?:18|19|20)\d{2}"
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = (
    rf"(?:{_YEAR}[-/.]{_DAY_MONTH}[-/.]{_DAY_MONTH}|{_YEAR}[01]\d[0-3]\d|"
    rf"{_DAY_MONTH}[-/.] ?{_DAY_MONTH}[-/.] ?(?:{_YEAR}|\d{{2}})|[0-3]\d[01]\d{_YEAR}|"
    rf"{_DAY_MONTH}(?:st|nd|rd|th|er|\.)?,? (?:of |de )?{_MONTH},? (?:de |del )?{_YEAR}|"
    rf"{_MONTH} {_DAY_MONTH}(?:st|nd|rd|th)?,? {_YEAR})(?![A-Za-z0-9])"
)
#: Words that are always of a date of birth, and those that are only where a whole date follows at once.
_BIRTH_KEYS = (
    r"DOB|D\.O\.B\.?|date[ _-]of[ _-]birth|birth[ _-]?dates?|birthday|geburts(?:datum|tag|dat\.?)|geb\.?-?datum|"
    r"date[ _-]de[ _-]naissance|fecha[ _-](?:de[ _-])?nac(?:imiento|\.)?|data[ _-]di[ _-]nascita"
)
_BORN = r"born|geb(?:\.|oren)|n[eé]{1,2}\(?e?\)?|nacid[oa]|nat[oa]"
_BIRTHS = (
    re.compile(rf"{_NOT_BEHIND}(?:{_BIRTH_KEYS})[\"')]?{_GAP}(?:is )?{_DATE}", re.I),
    re.compile(rf"{_NOT_BEHIND}DOB(?:{_YEAR}[01]\d[0-3]\d)(?!\d)", re.I),
    re.compile(rf"{_NOT_BEHIND}(?:{_BORN})[ :]{{0,2}}(?:(?:on|in|am|le|el|il)(?: the)?[ :]{{1,2}})?{_DATE}", re.I),
    # The genealogist's star, in brackets or behind a comma; a star alone may belong to a pattern of file names.
    re.compile(rf"[(,;] ?\* ?{_DAY_MONTH}\.{_DAY_MONTH}\.{_YEAR}(?![\w*])"),
)
_PATIENT = r"(?:[Pp]atient(?:in)?|PATIENT(?:IN)?|[Pp]a[cz]i?ente)"
_APOSTROPHE = "'\N{RIGHT SINGLE QUOTATION MARK}"
_LETTER = "A-ZÀ-ÖØ-ÞŁŚŠŽČ"
_SMALL = "a-zà-öø-ÿßąćęłńśźżčšž"
_WORD = (
    rf"(?:(?:Dr|Mr|Mrs|Ms|Hr|Fr|Herr|Frau)\.? )?"
    rf"[{_LETTER}](?:[{_SMALL}]{{1,24}}(?:[{_APOSTROPHE}-][{_LETTER}]?[{_SMALL}]{{1,24}})?|"
    rf"[{_APOSTROPHE}][{_LETTER}][{_SMALL}]{{1,24}})"
)
_NAMES = (
    # "Patient: Hans Müller", "Patient: Müller, Hans"
    re.compile(rf"{_NOT_BEHIND}{_PATIENT}[ \t]?[:=][ \t]{{0,3}}({_WORD},? {_WORD})"),
    re.compile(
        rf"{_NOT_BEHIND}(?i:patient(?:en|in)?(?:[{_APOSTROPHE}]s)?[ _-]?name|"
        r"name (?:des |der |of (?:the )?)patient(?:in|en|s)?|"
        rf"nom (?:de )?(?:du |la )?patiente?|nombre (?:del? |de la )?paciente|nome (?:del )?paziente)"
        rf"[ \t]{{0,2}}(?:is )?[:=]?[ \t]{{0,3}}({_WORD}(?:,? {_WORD})?)"
    ),
    re.compile(rf"(?<![\w-])(?:patient|paciente|paziente),? ({_WORD} {_WORD})"),
    re.compile(rf"(?<![\w-]){_PATIENT} ((?:Mr|Mrs|Ms|Hr|Fr|Herr|Frau)\.? [{_LETTER}][\w'-]{{1,24}})"),
)
#: Words with capital letters that stand behind "patient" and name nobody.
_NO_NAME = re.compile(
    r"\b(?:not?|none|unknown|unbekannt|inconnu|desconocido|healthy|control|kontrolle|normal|donor|spender\w*|cancer|"
    r"tum(?:or|our|eur)s?|carcinoma|karzinom|biops\w+|tissue|gewebe|cells?|zellen|cohort|kohorte|group|gruppe|male|"
    r"female|m[aä]nnlich|weiblich|homme|femme|hombre|mujer|adult|child|breast|lung|liver|kidney|brain|colon|skin|blood|"
    r"plasma|serum|sample|probe|specimen|slide|section|information|consent|derived|anonym\w+|pseudonym\w+|redacted|"
    r"removed|withheld|applicable|data|study|studie|trial|clinic\w*|klinik\w*|hospital|centre|center|institut\w*|"
    r"university|committee|board|care|safety|name|number|nummer|date|age|sex|status|yes|diabetic|stage|grade|wild|type|"
    r"human|national|act|see|table|figure|the|was|were|and|with|from|xenograft\w*|organoid\w*|fibroblast\w*|zeiss|leica|"
    r"nikon|olympus|alexa|fluor|gesunde?r?|responders?|non|pre|post|before|after|left|right|first|second)\b",
    re.I,
)


def detect_subjects(text: str) -> Iterator[Found]:
    """Record numbers, dates of birth and names of patients, told by the word before them."""
    lowered = text.casefold()
    if not any(word in lowered for word in _TRIGGERS):
        return
    for pattern in _RECORDS:
        yield from ((PersonalKind.SUBJECT, found[0]) for found in pattern.finditer(text))
    for pattern in _BIRTHS:
        for found in pattern.finditer(text):
            if not is_of_animal(text, found.start()):
                yield PersonalKind.SUBJECT, found[0]
    for pattern in _NAMES:
        for found in pattern.finditer(text):
            if not _NO_NAME.search(found[1]):
                yield PersonalKind.SUBJECT, found[0]
