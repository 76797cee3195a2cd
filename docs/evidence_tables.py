"""The figures of evidence.py as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docs.evidence import Agreement

__all__ = ["evidence_lines"]


def evidence_lines(found: Sequence["Agreement"], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """The page, line by line: agreement with the reference, its faults, and the judge's figures for both."""
    yield "# Evidence\n"
    yield "Generated from real files by `python -m docs.evidence`; do not edit.\n"
    yield from _planes_table(found)
    yield from _exceptions(found)
    yield from _judgement(ours, theirs)


def _planes_table(found: Sequence["Agreement"]) -> Iterator[str]:
    yield "## Pixels, sizes and sidecars\n"
    yield (
        "Every plane of every sample against an independent reader (Bio-Formats 7.3.1, an MD5 of each decoded plane); "
        "sizes, pixel type, number of channels and pixel sizes against its OME-XML; our sidecar against the schema of "
        "OME 2016-06, against what the schema does not check, and against the file.\n"
    )
    yield "| sample | reader | series | planes equal | fields equal | wrong in the reference | sidecar |"
    yield "|---|---|---:|---:|---:|---:|---|"
    for one in found:
        planes = (
            f"{one.planes_equal} of {one.planes}" if one.planes_equal is not None else f"{one.planes}, no reference"
        )
        apart = len(one.differing) + len(one.wrong_in_reference)
        fields = f"{one.fields - apart} of {one.fields}" if one.fields else "no reference"
        sidecar = "sound" if not one.problems else f"{len(one.problems)} problems"
        wrong = len(one.wrong_in_reference) or ""
        yield f"| {one.sample} | {one.reader} | {one.series} | {planes} | {fields} | {wrong} | {sidecar} |"
    compared = [one for one in found if one.planes_equal is not None]
    equal, planes_total = sum(one.planes_equal or 0 for one in compared), sum(one.planes for one in compared)
    unexplained = sum(len(one.differing) for one in found)
    sound = sum(not one.problems for one in found)
    yield (
        f"\nAltogether {equal} of {planes_total} planes are equal in {len(compared)} files, {unexplained} fields "
        f"differ without a reason, and {sound} of {len(found)} sidecars are sound.\n"
    )


def _exceptions(found: Sequence["Agreement"]) -> Iterator[str]:
    yield "## Where the reference is wrong\n"
    yield "| sample | field | the reference says | this program says | reason |"
    yield "|---|---|---|---|---|"
    for one in found:
        for field in one.wrong_in_reference:
            yield f"| {field.sample} | {field.field} | {field.reference} | {field.ours} | {field.reason} |"
    yield ""


def _judgement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    yield "## What the sidecars say\n"
    yield (
        "A judge that knows which facts each file records looks every one of them up in the sidecar: right, lost, or "
        "wrong; invented is a value where the file records none. Beside it the same for the reference's OME-XML.\n"
    )
    yield from _table("format", ours["formats"], theirs["formats"])
    yield from _table("kind of fact", dict(sorted(ours["kinds"].items())), theirs["kinds"])
    yield f"Recall {_percent(ours['total'])}, of the reference {_percent(theirs['total'])}.\n"


def _table(head: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    yield f"| {head} | facts | right | lost | wrong | invented | recall | reference: recall | wrong | invented |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    rows = {**ours, "**all**": _sum(ours.values())}
    others = {**theirs, "**all**": _sum(theirs.values())}
    for name, row in rows.items():
        other = others.get(name, {})
        figures = [row.get(key, 0) for key in ("facts", "right", "lost", "wrong", "invented")]
        compared = [_percent(row), _percent(other), other.get("wrong", 0), other.get("invented", 0)]
        yield f"| {name} | " + " | ".join(str(one) for one in [*figures, *compared]) + " |"
    yield ""


def _sum(rows: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in rows:
        for key, value in row.items():
            total[key] = total.get(key, 0) + value
    return total


def _percent(row: Mapping[str, int]) -> str:
    return f"{100 * row.get('right', 0) / row['facts']:.1f} %" if row.get("facts") else ""
