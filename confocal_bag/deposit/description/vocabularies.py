"""Whether words of closed lists are words of these lists: how works are related, what identifiers are, languages."""

import difflib
import re
from collections.abc import Iterator, Sequence

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.datacite_words import IDENTIFIER_TYPES, RELATIONS, plain_word
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.placeholders import is_placeholder
from confocal_bag.findings import Problem, Severity, rule

__all__: list[str] = []

#: A language of BCP 47: two or three letters, and parts that say more.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LANGUAGES = {"english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "chinese": "zh"}


@rule("description.relation", severity=Severity.WARNING, reference="DataCite 4.5 relationType, relatedIdentifierType")
def relation(context: DescriptionContext) -> Iterator[Problem]:
    """A related work is related in words that no catalogue knows, or has an identifier of an unknown kind.

    DataCite's words say how the dataset relates to the work: IsSupplementTo a publication, IsDocumentedBy a protocol,
    IsDerivedFrom other data. Metadata that catalogues read leave other words out.
    """
    for index, work in enumerate(context.description.related):
        for leaf, written, known in (("relation", work.relation, RELATIONS), ("type", work.type, IDENTIFIER_TYPES)):
            if written and not is_placeholder(written) and _nearest(written, known) != plain_word(written):
                path = ("related", index, leaf)
                near = _spelt(_nearest(written, known), known)
                yield told(
                    context,
                    path,
                    f"{field_name(path)} is {written!r}, which is no word of DataCite"
                    + (f" (did you mean {near}?)" if near else ""),
                    f"Write {near}." if near else f"Write one of {', '.join(known)}.",
                )


def _nearest(written: str, known: Sequence[str]) -> str | None:
    """The word that is meant, without case and blanks; None where nothing is near."""
    near = difflib.get_close_matches(plain_word(written), [one.casefold() for one in known], n=1, cutoff=0.7)
    return near[0] if near else None


def _spelt(plain: str | None, known: Sequence[str]) -> str | None:
    return next((one for one in known if one.casefold() == plain), None)


@rule("description.language", severity=Severity.WARNING, reference="BCP 47")
def language(context: DescriptionContext) -> Iterator[Problem]:
    """The language is not written as a code such as en or pt-BR."""
    written = context.description.language
    if written and not is_placeholder(written) and _LANGUAGE.fullmatch(written) is None:
        near = _LANGUAGES.get(written.casefold())
        yield told(
            context,
            ("language",),
            f"language is {written!r}; a code such as en was expected" + (f" (did you mean {near}?)" if near else ""),
            f"Write {near or 'the code of the language'}.",
        )
