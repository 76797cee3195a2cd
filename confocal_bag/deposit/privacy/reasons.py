"""Tell an answer about personal data from a word that only fills a field, a denial, and a promise to answer later."""

import re

from confocal_bag.deposit.placeholders import is_promise, says_something

__all__ = ["is_reason", "names_protection"]

#: Of a text of several words one has so many letters, or there is a number such as that of an ethics vote.
_LEAST_LETTERS, _LEAST_DIFFERENT = 5, 4
_NUMBER = re.compile(r"\d{3,}")
#: Scripts that put no blanks between words: kana, CJK ideographs, Thai.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_LEAST_UNSPACED = 4
_UNSPACED_EMPTY = re.compile(
    r"不明|未知|不知|不清楚|わから|分から|未定|検討中|なし|後で|以后|稍后|没有|未同意|未匿名|ไม่ทราบ|ไม่รู้"
)
_CLAUSES = re.compile(
    r"[.,;:!?\n()]+(?:\s|$)|\s[\u2013\u2014-]\s|\b(?:but|however|because|since|aber|sondern|weil|mais|pero)\b"
)
_KEYBOARD = ("qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_EMPTY_PHRASES = re.compile(
    r"(?:(?:it is|it's|this is|that is|all is|everything is|all) )?(?:not? |see |as |no |nothing )?"
    r"(?:applicable|relevant|needed|necessary|required|important|reason|reasons|comment|comments|problem|problems|"
    r"notes?|above|below|before|fine|good|ok|okay|known|specified|given|provided|special|else|"
    r"just because|because i say so|whatever|nothing|none|keine?|nichts|nein|nada|rien|tests?|yes|no)"
    r"(?: (?:given|needed|here|for now|at (?:this|the) (?:time|moment)|to (?:add|report|declare)))?"
)
#: What says that somebody will see to it later.
_LATER = re.compile(
    r"\b(?:pending|tb[acd]|not yet|in progress|under (?:review|discussion)|await\w*|waiting|applied for|"
    r"to be (?:decided|determined|confirmed|done|checked|clarified|asked|announced|added|discussed|defined)|"
    r"(?:will|shall|should|must|need to|have to|going to|plan to|want to)(?: still| first| then| also)? (?:be )?"
    r"(?:ask|check|do|decide|clarif|follow|obtain|get|see|look|find|discuss|contact|anonymi|pseudonymi|provide|send|add)"
    r"\w*|noch (?:zu|nicht|offen)|wird noch|in arbeit|beantragt|à (?:faire|voir|définir|décider)|"
    r"en cours|pendiente|por (?:definir|decidir|confirmar))\b"
)
#: What says so, or that nobody knows, unless a word beside it tells what protects the people.
_VAGUE = re.compile(
    r"\b(?:later|soon|for now|at (?:this|the) (?:time|moment)|sp[äa]ter|plus tard|más tarde|luego|unsure|"
    r"not sure|no idea|forgot\w*|(?:do not|don't) (?:know|remember|care)|unknown|none of your|keine ahnung|unbekannt|"
    r"aucune idée|ni idea)\b"
)
#: What says that the people are not protected: no consent, not asked, not anonymised.
_DENIED = re.compile(
    r"(?:\b(?:no|not|never|nobody|none|without|lack\w*|missing|keine?[nmrs]?|nicht|ohne|pas|sans|aucune?|non|sin|"
    r"ning[uú]n[oa]?|cannot|can't)|n't)\b[\w '-]{0,30}?"
    r"\b(?:consent\w*|approv\w*|ask\w*|anonymi\w*|anonimi\w*|pseudonym\w*|de-?identif\w*|permission\w*|agree[ds]?|"
    r"agreement\w*|protect\w*|ein(?:ge)?willig\w*|zustimm\w*|genehmig\w*|gefragt|demand\w*|consentement\w*|consentim\w*|"
    r"pregunt\w*|redact\w*|checked|removed|informed)\b"
    r"(?! (?:was |is |were )?(?:not )?(?:required|needed|necessary))|"
    r"\b(?:consent|approval|permission|einwilligung|zustimmung|genehmigung|consentement|consentimiento)\b[\w ]{0,20}"
    r"(?:\b(?:not|never|nicht|pas|no)\b|n't|\b(?:missing|lacking|fehlt))"
)
_REQUIRED = re.compile(
    r"\b(?:not|no|nicht|pas)\b[\w ]{0,20}\b(?:required|needed|necessary|erforderlich|n[öo]tig|requis\w*)\b"
)
_ELSEWHERE = re.compile(
    r"(?:please )?(?:see|refer to|as in|cf|siehe|vgl|voir|ver|véase|in)(?: the| our| also| my| im| in)*"
    r"(?: [\w-]+)? (?:readme|paper|publication|article|manuscript|methods?|supplement|website|e-?mail|letter|"
    r"files?|document|thesis|lab ?book|notebook)"
)
_PROTECTS = re.compile(
    r"consent|ein(?:ge)?willig|einverst|zustimm|approv|genehmig|ethi[ck]|éthi|[eé]tic|\birb\b|\bvot(?:e|um)\b|waive|exempt|"
    r"anonym|anonim|pseudonym|de-?identif|\bcoded?\b|codiert|agree|remov|redact|cut (?:out|off)|black|blur|mask|"
    r"entfernt|geschwärzt|restrict|controlled access|cannot be (?:identif|recogni|link)|not identifiable|"
    r"study (?:number|code|id)|synthetic|invented|hipaa|gdpr|dsgvo|rgpd|deceased"
)
#: What may stand beside identifiers that everybody can read: they are of nobody, or their owners agreed to that.
_PROTECTS_SHOWN = re.compile(
    r"pseudonym|seudónim|\bcoded\b|codiert|\b(?:study|sample|specimen|random|internal|project|trial|studien|proben)"
    r"[ -]?(?:numbers?|codes?|ids?|nummern?)\b|\b(?:invented|synthetic|fictitious|made[ -]up|simulated|dummy|"
    r"erfunden\w*|fictifs?|ficticios?)\b|"
    r"\b(?:mouse|mice|rats?|animals?|zebrafish|m[äa]use\w*|tiere\w*|souris|animaux|rat[oó]n(?:es)?|animales)\b|"
    r"\bnot? (?:those )?(?:of |from )?(?:any )?(?:people|persons?|humans?|patients?)\b|"
    r"(?:consent|agree|permi[st]|ein(?:ge)?willig|zustimm|autoris|autoriz).{0,80}(?:publi|open|shar|shown|named|veröffentl|"
    r"partag|compart|abierto)|"
    r"(?:publi|open|shar|veröffentl|partag|compart).{0,60}(?:consent|agree|permi[st]|ein(?:ge)?willig|zustimm|autoris|autoriz)"
)


def is_reason(text: str | None) -> bool:
    """Whether a text says something that somebody may later be held to.

    "ok", "no idea" and "see readme" protect nobody; neither do "ask later", "pending IRB" and "no consent".
    """
    if text is None or not says_something(text) or is_promise(text):
        return False
    plain = _plain(text)
    if _UNSPACED.search(plain):
        return len(_UNSPACED.findall(plain)) >= _LEAST_UNSPACED and not _UNSPACED_EMPTY.search(plain)
    clauses = [one for one in map(str.strip, _CLAUSES.split(plain)) if one]
    if not any(map(_says, clauses)):
        return False
    return not any(map(_denies, clauses)) or any(_PROTECTS.search(one) and not _denies(one) for one in clauses)


def names_protection(text: str | None) -> bool:
    """Whether a text says why identifiers may be read by everybody.

    They are study numbers, pseudonyms, invented or of animals, or the people agreed that they are published. That
    consent was given, to nobody knows what, or that names were taken out, says nothing of those that are there.
    """
    if not is_reason(text):
        return False
    clauses = _CLAUSES.split(_plain(text or ""))
    return any(_PROTECTS_SHOWN.search(one) and not _denies(one) and not _LATER.search(one) for one in clauses)


def _says(clause: str) -> bool:
    """Whether a part of a sentence says something: no empty phrase, promise, denial, pointer or random letters."""
    words = re.findall(r"[^\W_]+", clause)
    letters = "".join(words)
    if not says_something(clause) or is_promise(clause) or _EMPTY_PHRASES.fullmatch(" ".join(words)):
        return False
    if _LATER.search(clause) or _denies(clause) or len(set(letters)) < _LEAST_DIFFERENT:
        return False
    is_vague = _VAGUE.search(clause) or _ELSEWHERE.fullmatch(" ".join(words))
    if is_vague and not _PROTECTS.search(clause):
        return False
    if len(words) == 1:
        return _PROTECTS.search(clause) is not None
    if len(set(words)) == 1 or all(any(word in row for row in _KEYBOARD) for word in words):
        return False
    return any(len(word) >= _LEAST_LETTERS for word in words) or _NUMBER.search(letters) is not None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _denies(clause: str) -> bool:
    return _DENIED.search(clause) is not None and not _REQUIRED.search(clause)
