"""Tell whether a text says only that something is not known, as people write it in several languages."""

import re
import unicodedata

__all__ = ["bare_words", "is_not_known", "remark_behind"]

#: What stands around the words of a short answer and says nothing: quotation marks, brackets, ends of sentences.
_AROUND = " \t\n\r.,;:!*\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb()[]{}<>-\u2013\u2014_"

#: Whole answers, in lower case, without what stands around them.
_WHOLE = frozenset(map(str.casefold, {
    "unknown", "un-known", "not known", "niemand weiss", "weiss niemand", "not recorded", "not available",
    "unavailable", "n/a", "n/k", "na", "n.a", "n. a", "n a",
    "n.k", "n. k", "nil", "not sure", "unsure", "not certain", "uncertain", "unclear", "no idea", "no clue", "dunno",
    "idk", "not determined", "undetermined", "not specified", "unspecified", "not stated", "not given", "not noted",
    "not documented", "undocumented", "not reported", "not provided", "not remembered", "no information", "no info",
    "no record", "no records", "none recorded", "none given", "forgotten", "forgot", "can't remember",
    "cannot remember", "can't remember, sorry",
    "can't say", "cannot say", "hard to say", "no longer known", "not known any more", "dont know",
    "nobody knows", "who knows", "ditto", "same as above", "as above", "as before", "see above", "see below",
    "same", "idem", "null", "maybe", "perhaps", "possibly", "no name",
    "unbekannt", "nicht bekannt", "nicht mehr bekannt", "keine angabe", "keine angaben", "keine angaben möglich",
    "keine angabe möglich", "keine ahnung", "keine information", "keine informationen", "k.a", "k. a", "weiß nicht",
    "weiss nicht", "nicht angegeben", "nicht erfasst", "nicht aufgezeichnet", "nicht dokumentiert", "nicht notiert",
    "nicht verfügbar", "unklar", "unsicher", "nicht sicher", "siehe oben", "s.o", "s. o", "dito",
    "wie oben", "vielleicht", "vergessen",
    "inconnu", "inconnue", "inconnus", "inconnues", "non connu", "non connue", "aucune idée", "pas d'idée",
    "non renseigné", "non renseignée", "non disponible", "non précisé", "non spécifié", "non enregistré", "sais pas",
    "pas connu", "pas sûr", "pas sûre", "voir ci-dessus", "aucune information", "peut-être",
    "desconocido", "desconocida", "desconocidos", "desconocidas", "no conocido", "no se sabe", "se desconoce",
    "no lo sé", "no lo se", "no sé", "no se", "no disponible", "no consta", "ni idea", "sin datos", "no registrado",
    "no especificado", "ver arriba", "quizás", "tal vez",
    "sconosciuto", "sconosciuta", "non noto", "non lo so", "non so", "desconhecido", "desconhecida", "não sei",
    "não disponível", "onbekend", "niet bekend", "weet ik niet", "geen idee", "okänd", "ukendt", "ukjent", "neznámé",
    "nieznany", "неизвестно", "不明", "未知", "不知道", "不清楚", "わからない", "わかりません", "모름",
}))  # fmt: skip

#: "unknown, not recorded" and "unknown / n/a" are two of them.
_PARTS = re.compile(r"\s*[,;]\s+|\s+/\s+|\s+or\s+")

#: Short whole answers that are also names of people: Li Na, Max Nil.
_ALSO_NAMES = frozenset({"na", "n a", "nil", "null", "same", "idem", "no se"})

_POLITE = (
    r"(?:(?:oh|well|sorry|apologies|unfortunately|alas|honestly|to be honest|i am afraid|i'm afraid|regrettably"
    r"|leider|tut mir leid|désolée?|malheureusement|lo siento|lamentablemente|but|that|we are sorry)[,.;:]? )*"
)
_WHO = r"(?:i|we|they|one|you|he|she|our lab|my lab|the lab|the authors?|the depositors?)"
_REALLY = r"(?: (?:really|honestly|simply|just|also|still|unfortunately|sadly|actually|currently|personally|either))*"
_NOT = (
    r"(?:do not|don't|dont|does not|doesn't|did not|didn't|cannot|can not|can't|cant|could not|couldn't|no longer"
    r"|never)"
)
_KNOW = (
    r"(?:know|knew|remember|recall|tell|say|find out|reconstruct|determine|have any record|(?:write|wrote|note|noted)"
    r" (?:it|that|this) down|note (?:it|that|this)"
    r")"
)
_TAIL = (
    r"(?: (?:it|this|that|them|any ?more|any longer|exactly|precisely|for sure|now|at all|off hand|offhand|yet"
    r"|(?:about|of|on) (?:it|this|that|them)|with certainty|to (?:me|us|the depositors?|the authors?)))*(?:,? sorry)?"
)
#: What is not known may be told: "I don't know which strain"; a number or a second clause would be an answer.
_OF_WHAT = (
    r"(?: (?:about |of )?(?:the|which|what|how|when|where|who|whose|if|whether"
    r"|its|their|any|this|these|that)\b[^,;:.()\d]{1,80})?"
)
_PHRASE = re.compile(
    rf"{_POLITE}(?:"
    rf"{_WHO}{_REALLY} {_NOT}{_REALLY} {_KNOW}{_TAIL}{_OF_WHAT}"
    rf"|(?:{_NOT}|not)(?: really| exactly)? (?:know|remember|recall|recorded|noted|known|sure|certain){_TAIL}{_OF_WHAT}"
    rf"|(?:{_WHO}{_REALLY} (?:have|has|had|'ve|got) )?no (?:idea|clue|knowledge|information|info|records?|notes?"
    rf"|memory|details?)(?: (?:left|available|any ?more))?{_TAIL}{_OF_WHAT}"
    rf"|(?:i am|i'm|im|we are|we're){_REALLY} (?:not|un)[ -]?(?:sure|certain|aware)(?: of)?{_TAIL}{_OF_WHAT}"
    rf"|(?:nobody|no one|no-one|none of (?:us|them))(?: here| in the lab)? (?:knows?|remembers?|recalls?)"
    rf"(?: any ?more)?{_TAIL}{_OF_WHAT}"
    rf"|(?:(?:it|this|that|these|they|which) )?(?:is|are|was|were)(?: all)? (?:not|no longer)"
    rf" (?:known|recorded|noted|documented|available|remembered|specified|clear|written down){_TAIL}"
    rf"|(?:(?:it|this|that|these|they|which|the [\w -]{{1,40}}) )?(?:is|are|was|were)(?: all)?"
    rf" (?:unknown|unclear|unsure|forgotten|not known|no longer known){_TAIL}"
    rf"|(?:unknown|not known|not recorded|not available|not sure|unclear)(?: in (?:our|my"
    rf"|the) (?:lab ?)?(?:note)?books?)?{_TAIL}"
    rf"|{_WHO}{_REALLY} (?:do not|don't|no longer|did not) have (?:this|that|the|any) (?:information|details?"
    rf"|records?){_TAIL}"
    rf"|(?:the |this |that )?(?:information|details?|records?|notes?)(?: is| are| was| were)?"
    rf" (?:not available|unavailable|lost|missing|gone|no longer available|not recorded)"
    rf"|(?:{_WHO}{_REALLY} (?:have |has )?(?:forgotten|forgot)){_TAIL}{_OF_WHAT}"
    rf"|(?:no,? )?not (?:that (?:i|we) (?:know|am aware|are aware)(?: of)?|to (?:my|our|the best of my|the best of our)"
    rf" knowledge)"
    rf"|(?:{_WHO}(?: would|'d| do)? )?(?:rather not|prefer not to|not like to) (?:say|tell|answer)"
    rf"|(?:please )?(?:see|cf\.?|refer to) (?:the |our )?(?:\w+ )?(?:paper|publication|article|manuscript"
    rf"|methods?(?: section)?"
    rf"|read-?me|text|thesis|supplement\w*|lab ?book|notes?)"
    rf"|unknown (?:species|organism|strain|sex|age|dates?|person|author|origin|source|version|supplier|vendor|gender"
    rf"|manufacturer|model|tissue|cell line|fixative|dye|antibody|objective|microscope|settings?|value|location)"
    rf"|(?:(?:ich|wir) )?(?:weiß|weiss|wissen|wusste)(?: (?:ich|wir))?(?: (?:es|das|leider|auch|dazu))*"
    rf" (?:nicht|nichts)(?: (?:mehr|genau|sicher))*"
    rf"|das (?:weiß|weiss|wissen) (?:ich|wir)(?: (?:leider|auch))* nicht(?: (?:mehr|genau))*"
    rf"|(?:ich|wir) (?:bin|sind|habe|haben)(?: (?:mir|uns|leider|dazu))*"
    rf" (?:nicht sicher|keine (?:ahnung|angaben?|informationen|daten|aufzeichnungen)(?: mehr| dazu)*)"
    rf"|(?:das )?ist(?: leider| mir| uns)* (?:nicht|unbekannt)(?: mehr)?(?: bekannt)?"
    rf"|leider (?:nicht bekannt|unbekannt|keine angaben?|keine ahnung)"
    rf"|je l'ignore|nous l'ignorons|non lo (?:so|sappiamo)|(?:je|nous|on)(?: ne| n'en|n'en)? (?:le )?(?:sais|savons"
    rf"|sait|souviens|connais)(?: plus)?(?: pas)?(?: plus)?"
    rf"|(?:yo )?(?:no|ya no)(?: lo| la)? (?:sabemos|sé|se sabe|recuerdo|recordamos|conocemos)(?: con certeza"
    rf"| exactamente| bien)?"
    rf")",
    re.IGNORECASE,
)

#: Where the remark behind "not known" begins: "not known (ask Lyon)", "no idea, ask X".
_REMARK = re.compile(r"\s*[(\[,;:]\s*|\s+[-\u2013\u2014]\s+|\s+but\s+")
_LONGEST_WITH_REMARK = 120
#: What says that nobody knows only where it stands alone: before a remark it is part of an answer ("NA: 1.4",
#: "n/a, live cells", "same, but 1:500").
_ONLY_ALONE = frozenset({
    "n/a", "na", "n.a", "n. a", "n a", "nil", "null", "same", "idem", "ditto", "dito", "maybe", "perhaps", "possibly",
    "vielleicht", "peut-être", "quizás", "tal vez", "no name", "s.o", "s. o",
})  # fmt: skip
#: Only a part is not known ("unknown supplier, anti-tubulin", "don't know the clone, but DM1A"), or something is lost.
_OF_A_PART = re.compile(
    r"\b(?:available|unavailable|disponible|disponível|verfügbar|lost|missing|gone|given|see|cf|refer|siehe|voir|ver"
    r"|wie|above|below|before|none|the|which|what|how|when|where|who|whose|if|whether|its|their|any|these"
    r"|no (?:knowledge|information|info|records?|notes?|memory|details?)|unknown (?!to\b|now\b)\w+)\b"
)
#: A remark that tells of lost files or of people, or makes an estimate, is an answer, whatever stands before it.
_TELLS = re.compile(
    r"\b(?:acquired|imaged|stopped|deleted|destroyed|overwritten|discarded|erased|originals?|raw|files?|planes?"
    r"|patients?|participants?|volunteers?|donors?|people|persons?|humans?|consent\w*"
    r"|probably|presumably|approx\w*|roughly|estimated?|(?:about|around|ca\.?) \d+)\b"
)


def bare_words(text: str) -> str:
    """The words of a short answer in lower case, single blanks between them, without what stands around them."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'").casefold()
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split()).strip(_AROUND + "?")


def is_not_known(text: str, *, of_person: bool = False) -> bool:
    """Whether a text says that nobody knows: "Not known.", "k. A.", "I don't know which strain", "no idea, ask Lyon".

    A text that tells anything besides is an answer, but for a short remark behind a plain "not known". Some short ones
    are names too, and stay so `of_person`: Na, Nil.
    """
    words = bare_words(text)
    parts = [one.strip(_AROUND) for one in _PARTS.split(words)]
    if len(parts) > 1 and all(parts) and words not in _WHOLE:
        nobody_knows = all(one == "sorry" or _says_nobody_knows(one, of_person=of_person) for one in parts)
    else:
        nobody_knows = _says_nobody_knows(words, of_person=of_person)
    return nobody_knows or (not of_person and remark_behind(text) is not None)


def remark_behind(text: str) -> str | None:
    """What stands behind a plain "not known", in lower case: "ask lyon" of "not known (ask Lyon)"; None without one."""
    words = bare_words(text)
    if len(words) > _LONGEST_WITH_REMARK or _TELLS.search(words):
        return None
    for found in _REMARK.finditer(words):
        head, remark = words[: found.start()].strip(_AROUND), words[found.end() :].strip(_AROUND)
        plain = head not in _ONLY_ALONE and not _OF_A_PART.search(head)
        if remark and plain and _says_nobody_knows(head, of_person=False):
            return remark
    return None


def _says_nobody_knows(words: str, *, of_person: bool) -> bool:
    if words in _WHOLE:
        return not (of_person and words in _ALSO_NAMES)
    return not of_person and _PHRASE.fullmatch(words) is not None
