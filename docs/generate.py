"""Writes the generated pages of this folder: run `make docs` after changing a rule.

The page of evidence needs real files that are not part of the project (see evidence.py); without them it is left alone.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from confocal_bag.catalogue import all_rules
from confocal_bag.findings import Rule

__all__ = ["rules_page"]

_FOLDER = Path(__file__).resolve().parent


def rules_page() -> str:
    """Every rule, family by family, as Markdown."""
    return "\n".join(_lines(all_rules().values()))


def _lines(rules: Iterable[Rule]) -> Iterator[str]:
    yield "# Rules\n"
    yield "Generated from the rules themselves by `make docs`; do not edit.\n"
    family = ""
    for one in rules:
        if one.family != family:
            family = one.family
            yield f"## {family}\n"
        yield f"### {one.id}\n"
        source = f" Source: {one.reference}." if one.reference else ""
        yield f"Severity: {one.severity.value}.{source}\n"
        yield "\n".join(line.strip() for line in one.documentation.splitlines()) + "\n"


def main() -> None:
    """Write the pages."""
    from docs.evidence import PAGE, SAMPLES, evidence_page, has_reference

    (_FOLDER / "rules.md").write_text(rules_page(), encoding="utf-8")
    if has_reference(SAMPLES):
        PAGE.write_text(evidence_page(SAMPLES), encoding="utf-8")
    else:
        sys.stderr.write("docs/evidence.md was left as it is: there are no samples to make it from.\n")


if __name__ == "__main__":
    main()
