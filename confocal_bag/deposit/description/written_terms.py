"""Where a description names things that ontologies have terms for: the words, and the term written beside them."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.deposit.description.model import Description, Term
from confocal_bag.deposit.description.yaml import FieldPath
from confocal_bag.deposit.ontology.obo import read_obo
from confocal_bag.deposit.ontology.table import TermTable, shipped_terms
from confocal_bag.deposit.placeholders import says_something

__all__ = ["WrittenTerm", "terms_at_hand", "written_terms"]

_CELLS = frozenset({"CL", "CLO", "FBbt", "ZFA", "WBbt", "PO", "BTO"})
_ANATOMY = frozenset({"UBERON", "FBbt", "ZFA", "WBbt", "PO", "EMAPA", "MA", "BTO"})
_CELL_LINES = frozenset({"CVCL", "CLO", "EFO", "RRID"})
_METHODS = frozenset({"FBbi", "CHMO", "OBI", "EFO"})
#: For each field of a specimen: the ontologies whose terms it may hold, and the one that is suggested.
_OF_SPECIMENS = {
    "organism": (frozenset({"NCBITaxon"}), "NCBITaxon"),
    "cell_type": (_CELLS, "CL"),
    "cell_line": (_CELL_LINES, "CVCL"),
    "tissue": (_ANATOMY, "UBERON"),
    "component": (frozenset({"GO"}), "GO"),
    "fixation": (_METHODS, "FBbi"),
}
_RRID = re.compile(r"RRID:\s*([^\s),;\]]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTerm:
    """One place that has words, a term, or both. `path` is the group of the two; `at` the field of the term.

    `allowed` are the ontologies the term may be of (all, where empty), `suggested` the one to take terms from.
    """

    path: FieldPath
    at: FieldPath
    name: str | None
    term: str | None
    allowed: frozenset[str] = frozenset()
    suggested: str | None = None


def written_terms(said: Description) -> Iterator[WrittenTerm]:
    """Every place of the description that has words for a term, or a term; placeholders are not words."""
    for index, specimen in enumerate(said.specimens):
        for leaf, (allowed, suggested) in _OF_SPECIMENS.items():
            yield from _place(("specimens", index, leaf), getattr(specimen, leaf), allowed, suggested)
        yield from _place(("specimens", index, "material"), specimen.material)
        cut = Term(name=specimen.sectioning.method, term=specimen.sectioning.term)
        yield from _place(("specimens", index, "sectioning"), cut, _METHODS, "FBbi", leaf="method")
    for index, instrument in enumerate(said.instruments):
        yield from _place(("instruments", index, "method"), instrument.method, _METHODS, "FBbi")
    for index, channel in enumerate(said.channels):
        for found in _RRID.findall(channel.probe or ""):
            path = ("channels", index, "probe")
            yield WrittenTerm(path=path, at=path, name=None, term=f"RRID:{found}", allowed=frozenset({"RRID"}))
    if said.core_facility.rrid:
        written, at = said.core_facility.rrid, ("core_facility", "rrid")
        term = written if written.startswith("RRID:") else f"RRID:{written}"
        yield WrittenTerm(path=at, at=at, name=None, term=term, allowed=frozenset({"RRID"}))


def _place(
    path: FieldPath, said: Term, allowed: Collection[str] = (), suggested: str | None = None, *, leaf: str = "name"
) -> Iterator[WrittenTerm]:
    name = said.name if says_something(said.name) and said.name != "none" else None
    if name or said.term:
        yield WrittenTerm(
            path=(*path, leaf) if name else path,
            at=(*path, "term"),
            name=name,
            term=said.term,
            allowed=frozenset(allowed),
            suggested=suggested,
        )


def terms_at_hand(said: Description, ontologies: Collection[Path] = ()) -> TermTable:
    """The shipped terms and, of each OBO file, what the description speaks of.

    Raises `CannotFinish` for a file that is no ontology.
    """
    table = shipped_terms()
    places = list(written_terms(said))
    ids = [place.term for place in places if place.term]
    names = [place.name for place in places if place.name]
    for path in ontologies:
        table = table.and_also(read_obo(path, ids=ids, names=names))
    return table
