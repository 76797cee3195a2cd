"""Terms of ontologies by their identifiers and by their names."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

__all__ = ["Term", "TermTable", "canonical_id", "plain_name", "prefix_of", "shipped_terms"]

_SHIPPED = Path(__file__).with_name("terms.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of an ontology; `names` are other words for it, `replaced_by` the id to use instead where obsolete.

    With `shares_label` the label is that of several things, H9 of two cell lines, and shows none of them.
    """

    id: str
    label: str
    obsolete: bool = False
    replaced_by: str | None = None
    names: tuple[str, ...] = ()
    shares_label: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTable:
    """Terms at hand. `complete` holds the prefixes of ontologies that were read as a whole.

    Of those alone can be said that a term does not exist.
    """

    terms: Mapping[str, Term]
    complete: frozenset[str] = frozenset()
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Iterable[Term], complete: Collection[str] = ()) -> "TermTable":
        """A table of these terms; of two with the same id the last."""
        by_id = {term.id: term for term in terms}
        by_name: dict[str, dict[str, None]] = {}
        for term in by_id.values():
            if not term.obsolete:
                for name in (*(() if term.shares_label else (term.label,)), *term.names):
                    by_name.setdefault(plain_name(name), {})[term.id] = None
        found = {name: tuple(ids) for name, ids in by_name.items() if name}
        return cls(terms=by_id, complete=frozenset(complete), by_name=found)

    def and_also(self, other: "TermTable") -> "TermTable":
        """Both tables; where both have a term, `other` speaks."""
        return TermTable.of([*self.terms.values(), *other.terms.values()], self.complete | other.complete)

    def find(self, written: str) -> Term | None:
        """The term with an id as people write it; None where it is not at hand."""
        return self.terms.get(canonical_id(written))

    def named(self, text: str, prefixes: Collection[str] = ()) -> list[Term]:
        """The terms that a text is the name of, in the singular or plural; of these prefixes only, where any is given.

        Names that are labels come first.
        """
        wanted = plain_name(text)
        ids = self.by_name.get(wanted) or self.by_name.get(wanted.removesuffix("s")) or ()
        found = [self.terms[name] for name in ids if not prefixes or prefix_of(name) in prefixes]
        return sorted(found, key=lambda term: plain_name(term.label) != wanted)


def plain_name(text: str) -> str:
    """A name without case, blanks and punctuation: HEK-293T and hek 293t are the same."""
    return "".join(character for character in text.casefold() if character.isalnum())


def prefix_of(identifier: str) -> str:
    """The ontology that a term belongs to: CL of CL:0000057, CVCL of CVCL_0030."""
    return identifier.partition("_" if identifier.startswith("CVCL_") else ":")[0]


def canonical_id(written: str) -> str:
    """An id in the form that tables have: CVCL_0030 for RRID:CVCL_0030, CVCL:0030 and CVCL:CVCL_0030."""
    cell_line = re.fullmatch(r"(?:RRID:)?(?:CVCL:)?(?:CVCL_)?([A-Z0-9]{4})", written)
    if cell_line is not None and "CVCL" in written:
        return f"CVCL_{cell_line[1]}"
    address = re.fullmatch(r"https?://purl\.obolibrary\.org/obo/([A-Za-z]+)_(\d+)", written)
    return f"{address[1]}:{address[2]}" if address else written


@lru_cache(maxsize=1)
def shipped_terms() -> TermTable:
    """The terms that come with this program: common organisms, cells, tissues, methods. Incomplete on purpose."""
    return TermTable.of(_shipped())


def _shipped() -> Iterator[Term]:
    for line in _SHIPPED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            identifier, label, obsolete, replaced_by, names = line.split("\t")
            yield Term(
                id=identifier,
                label=label,
                obsolete=bool(obsolete),
                replaced_by=replaced_by or None,
                names=tuple(filter(None, names.removeprefix("!").split("|"))),
                shares_label=names.startswith("!"),
            )
