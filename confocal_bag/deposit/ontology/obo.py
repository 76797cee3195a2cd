"""Read what is wanted of an ontology from its OBO file, line by line, whatever its size."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from confocal_bag.deposit.ontology.table import Term, TermTable, canonical_id, plain_name, prefix_of
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["read_obo"]

_LONGEST_LINE = 65_536
_MOST_NAMES = 200
_MOST_KEPT = 10_000
_MOST_PREFIXES = 1_000
_ESCAPE = re.compile(r"\\(.)")


@dataclass(slots=True, kw_only=True)
class _Stanza:
    """One [Term] of the file as it is being read."""

    id: str = ""
    label: str = ""
    obsolete: bool = False
    replaced_by: str | None = None
    others: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_obo(path: Path, *, ids: Collection[str], names: Collection[str]) -> TermTable:
    """The terms of an OBO 1.4 file that have one of the ids, or are called by one of the names.

    The table says of which prefixes the file holds all terms: its own, not those that it only borrows. Raises
    `CannotFinish` for a file that cannot be read or holds no term.
    """
    wanted_ids, wanted_names = set(map(canonical_id, ids)), {plain_name(name) for name in names}
    wanted_names |= {name.removesuffix("s") for name in wanted_names}
    kept: list[Term] = []
    counts: Counter[str] = Counter()
    ontology = ""
    try:
        with path.open("rb") as file:
            for stanza in _stanzas(file):
                if isinstance(stanza, str):
                    ontology = stanza
                    continue
                prefix = prefix_of(stanza.id)
                if prefix in counts or len(counts) < _MOST_PREFIXES:
                    counts[prefix] += not stanza.obsolete
                if len(kept) < _MOST_KEPT:
                    kept.extend(_wanted(stanza, wanted_ids, wanted_names))
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check the path.") from error
    if not counts:
        raise CannotFinish(f"{readable_path(path)} holds no [Term]; an ontology in OBO format was expected.")
    return TermTable.of(kept, _complete(ontology, counts))


def _complete(ontology: str, counts: Counter[str]) -> set[str]:
    """The prefix that the header names, else the one that most terms have."""
    name = re.split(r"[/.]", ontology.casefold())[0]
    name = {"cellosaurus": "cvcl"}.get(name, name)
    own = {prefix for prefix in counts if prefix.casefold() == name}
    return own or {counts.most_common(1)[0][0]}


def _wanted(stanza: _Stanza, ids: Collection[str], names: Collection[str]) -> Iterator[Term]:
    """The term, where it is asked for; under a former id as obsolete, replaced by the id it has now."""
    called = {plain_name(name) for name in (stanza.label, *stanza.names)}
    if stanza.id in ids or not called.isdisjoint(names):
        yield Term(
            id=stanza.id,
            label=stanza.label,
            obsolete=stanza.obsolete,
            replaced_by=stanza.replaced_by,
            names=tuple(stanza.names),
        )
    for former in stanza.others:
        if former in ids:
            yield Term(id=former, label=stanza.label, obsolete=True, replaced_by=stanza.id)


def _stanzas(file: BinaryIO) -> Iterator["_Stanza | str"]:
    """Each term of the file; and, as a text, what its header says the ontology is called."""
    current: _Stanza | None = None
    in_header = True
    for line in _lines(file):
        if line.startswith("["):
            if current is not None and current.id:
                yield current
            in_header, current = False, _Stanza() if line == "[Term]" else None
            continue
        key, _, value = line.partition(":")
        if in_header and key == "ontology":
            yield value.strip()
        elif current is not None:
            _read_into(current, key, value.strip())
    if current is not None and current.id:
        yield current


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines without blanks at their ends; of an overlong line only the beginning."""
    within = False
    while part := file.readline(_LONGEST_LINE):
        if not within:
            yield part.decode("utf-8", "replace").lstrip("\ufeff").strip()
        within = not part.endswith(b"\n")


def _read_into(stanza: _Stanza, key: str, value: str) -> None:
    bare = value.partition(" !")[0].strip()
    if key == "id":
        stanza.id = canonical_id(bare)
    elif key == "name":
        stanza.label = _ESCAPE.sub(r"\1", value).removeprefix("obsolete ")
    elif key == "is_obsolete":
        stanza.obsolete = bare == "true"
    elif key == "replaced_by":
        stanza.replaced_by = canonical_id(bare)
    elif key == "alt_id" and len(stanza.others) < _MOST_NAMES:
        stanza.others.append(canonical_id(bare))
    elif key == "synonym" and len(stanza.names) < _MOST_NAMES:
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"\s*(\w*)', value)
        if quoted is not None and quoted[2] in ("EXACT", ""):
            stanza.names.append(_ESCAPE.sub(r"\1", quoted[1]))
