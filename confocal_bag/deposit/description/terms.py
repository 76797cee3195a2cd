"""Whether the ontology terms in a description are well formed, exist, are in use, and mean what is said beside them."""

from collections.abc import Collection, Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.written_terms import WrittenTerm, written_terms
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.deposit.identifiers import curie_problem
from confocal_bag.deposit.ontology.table import Term, TermTable, canonical_id, plain_name, prefix_of
from confocal_bag.findings import NotApplicable, Problem, Severity, Skipped, rule

__all__ = ["untested_terms"]

_PRIMER = "primer, FAIR: Interoperability"


@rule("description.term", severity=Severity.WARNING, reference=_PRIMER)
def term(context: DescriptionContext) -> Iterator[Problem]:
    """An ontology term is not written as a prefix and a number, such as NCBITaxon:10090, or is of the wrong ontology.

    An organism has a term of NCBITaxon, a cell type of CL, a cell line of Cellosaurus (CVCL_0030), a tissue of UBERON,
    a cellular component of GO, fixation and imaging method of FBbi; an antibody in `probe` has an RRID. Look the term
    up in an ontology browser (BioPortal, OLS) and copy its identifier, in quotation marks.
    """
    for place in written_terms(context.description):
        if place.term and (wrong := _wrong_form(place)):
            yield told(
                context,
                place.at,
                f"{field_name(place.at)} is {place.term!r}; {wrong}",
                "Correct the identifier or remove it.",
            )


def _wrong_form(place: WrittenTerm) -> str | None:
    written = place.term or ""
    if wrong := curie_problem(written):
        return wrong
    prefix = prefix_of(canonical_id(written))
    if place.allowed and prefix not in place.allowed and "://" not in prefix and prefix not in ("http", "https"):
        return f"a term of {' or '.join(sorted(place.allowed))} was expected here"
    return None


def _sound(said: Description) -> list[tuple[WrittenTerm, str]]:
    """The places whose term is well formed, each with the id; RRIDs of antibodies and tools are in no ontology."""
    places = [place for place in written_terms(said) if place.term and not _wrong_form(place)]
    found = [(place, canonical_id(place.term or "")) for place in places]
    return [(place, identifier) for place, identifier in found if prefix_of(identifier) != "RRID"]


def _is_known(known: TermTable, identifier: str) -> bool:
    return known.find(identifier) is not None or prefix_of(identifier) in known.complete


def untested_terms(said: Description, known: TermTable) -> list[str]:
    """The well-formed terms of which no table at hand can say whether they exist."""
    return list(dict.fromkeys(name for _, name in _sound(said) if not _is_known(known, name)))


@rule("description.term-unknown", severity=Severity.WARNING, reference=_PRIMER)
def term_unknown(context: DescriptionContext) -> Iterator[Problem]:
    """An ontology has no term with this identifier: a digit is mistyped, or the ontology is an older release.

    Tested against the ontologies given with `--ontology FILE.obo`; the terms that come with this program are too few
    to say that another does not exist.
    """
    places = _sound(context.description)
    if not places:
        raise NotApplicable("the description holds no ontology term")
    seen = False
    for place, identifier in places:
        if _is_known(context.terms, identifier) and context.terms.find(identifier) is None:
            seen = True
            yield told(
                context,
                place.at,
                f"{field_name(place.at)} is {place.term!r}, but the ontology {prefix_of(identifier)} that was given "
                "has no such term",
                "Look the term up again, or give the current release of the ontology.",
            )
    open_ = untested_terms(context.description, context.terms)
    if open_ and not seen:
        raise Skipped(
            f"whether {open_[0]}{f' and {len(open_) - 1} more' if open_[1:] else ''} exists cannot be told offline; "
            "give --ontology FILE.obo"
        )


@rule("description.term-obsolete", severity=Severity.WARNING, reference=_PRIMER)
def term_obsolete(context: DescriptionContext) -> Iterator[Problem]:
    """An ontology term is out of use: its ontology has marked it obsolete, or merged it into another.

    Write the term that replaced it, where the finding names one.
    """
    places = _sound(context.description)
    if not places:
        raise NotApplicable("the description holds no ontology term")
    for place, identifier in places:
        known = context.terms.find(identifier)
        if known is not None and known.obsolete:
            instead = context.terms.find(known.replaced_by) if known.replaced_by else None
            label = f" ({instead.label})" if instead else ""
            yield told(
                context,
                place.at,
                f"{field_name(place.at)} is {place.term!r}, which is obsolete"
                + (f"; {known.replaced_by}{label} replaced it" if known.replaced_by else ""),
                f'Write "{known.replaced_by}".' if known.replaced_by else "Choose a term that is in use.",
            )


@rule("description.term-label", severity=Severity.WARNING, reference=_PRIMER)
def term_label(context: DescriptionContext) -> Iterator[Problem]:
    """The words beside an ontology term are not what the term means: fibroblast beside the term of another cell.

    Compared with the label and the other names of the term, without case; a longer description that holds the label is
    accepted. Correct the words or the term, whichever is wrong.
    """
    places = [(place, name) for place, name in _sound(context.description) if place.name]
    if not places:
        raise NotApplicable("no ontology term has words beside it")
    for place, identifier in places:
        known = context.terms.find(identifier)
        if known is None or known.obsolete or not known.label or _means(place, known, context):
            continue
        better = _suggested(place, context, {prefix_of(identifier)})
        meant = f"; {place.name!r} is {better.id} ({better.label})" if better else ""
        yield told(
            context,
            place.at,
            f"{field_name(place.at)} is {place.term!r}, which means {known.label!r}, not {place.name!r}{meant}",
            f'Write "{better.id}", or correct the words.' if better else "Correct the words or the term.",
        )


def _means(place: WrittenTerm, known: Term, context: DescriptionContext) -> bool:
    """Whether the words are a name of the term, or hold one and are not the name of another."""
    name = plain_name(place.name or "")
    names = {plain_name(one) for one in (known.label, *known.names)}
    if name in names or name.removesuffix("s") in names:
        return True
    others = context.terms.named(place.name or "", {prefix_of(known.id)})
    words = _words(place.name or "")
    return not others and any(_words(one) <= words for one in (known.label, *known.names))


def _words(text: str) -> set[str]:
    """The words without case, each without the s of a plural."""
    return {plain_name(word).removesuffix("s") for word in text.split()} - {""}


@rule("description.term-suggestion", severity=Severity.ADVICE, reference=_PRIMER)
def term_suggestion(context: DescriptionContext) -> Iterator[Problem]:
    """Something is named in words only, and there is an ontology term for it: NCBITaxon:10090 for "mouse".

    Terms are what programs compare; words differ from laboratory to laboratory. Suggested are common organisms, cells,
    cell lines, tissues, cellular components, fixations and imaging methods, and the terms of ontologies given with
    `--ontology FILE.obo`.
    """
    places = [place for place in written_terms(context.description) if place.name and place.suggested]
    if not places:
        raise NotApplicable("the description names nothing that ontologies have terms for")
    for place in places:
        if place.term:
            continue
        found = context.terms.named(place.name or "", {place.suggested or ""})
        if found:
            choices = " or ".join(f'"{one.id}" ({one.label})' for one in found[:3])
            yield told(
                context,
                place.path,
                f"{field_name(place.path)} is {place.name!r} and has no ontology term; there is {choices}",
                f"Write `{field_name(place.at)}: {choices.partition(' (')[0]}` if that is what is meant.",
            )
        elif line := _cell_line(place, context):
            yield told(
                context,
                place.path,
                f"{field_name(place.path)} is {place.name!r}, which is the cell line {line.id}",
                f"Write `cell_line: {{name: {line.label}, term: {line.id}}}`, and under cell_type the type of cell.",
            )


def _cell_line(place: WrittenTerm, context: DescriptionContext) -> Term | None:
    """The cell line that stands where a type of cell belongs."""
    found = context.terms.named(place.name or "", {"CVCL"}) if place.suggested == "CL" else []
    return found[0] if found else None


def _suggested(place: WrittenTerm, context: DescriptionContext, prefixes: Collection[str]) -> Term | None:
    found = context.terms.named(place.name or "", prefixes)
    return found[0] if found else None
