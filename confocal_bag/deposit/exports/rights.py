"""Licences as exports name them: the SPDX identifier, a name, and an address where the terms can be read."""

import re
from dataclasses import dataclass

from confocal_bag.deposit.description.people import License
from confocal_bag.deposit.identifiers import license_problem
from confocal_bag.deposit.spdx import canonical_expression, expression_problem, listed_licenses

__all__ = ["Rights", "licence_text", "rights_of"]

_TERMS = {
    "BY": "Attribution",
    "SA": "ShareAlike",
    "NC": "NonCommercial",
    "ND": "NoDerivatives",
}
_JURISDICTIONS = {"1.0": "Generic", "2.0": "Generic", "2.5": "Generic", "3.0": "Unported", "4.0": "International"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """One licence. `spdx` and `uri` are None where the deposit names none that SPDX knows."""

    name: str
    spdx: str | None = None
    uri: str | None = None


def rights_of(said: License) -> list[Rights]:
    """The licences of a deposit, one for each name in its SPDX expression; what is none is one name as it stands."""
    text = canonical_expression(said.spdx or "")
    if text and expression_problem(text):
        return [Rights(name=text)]
    names = re.split(r"\s+(?:AND|OR)\s+", text.strip("() "))
    found = [_rights(name.strip("() ")) for name in names if name.strip("() ")]
    return list(dict.fromkeys(found))


def licence_text(said: License) -> str | None:
    """The licence in one text: the expression as SPDX writes it, else the statement."""
    return canonical_expression(said.spdx) if said.spdx else said.statement


def _rights(text: str) -> Rights:
    if license_problem(text) is not None or text.startswith("LicenseRef-"):
        return Rights(name=text)
    if text.casefold() == "cc0-1.0":
        return Rights(
            name="Creative Commons Zero v1.0 Universal",
            spdx="CC0-1.0",
            uri="https://creativecommons.org/publicdomain/zero/1.0/",
        )
    found = re.fullmatch(r"CC-((?:BY|NC|SA|ND)(?:-(?:NC|SA|ND))*)-(\d\.\d)", text.upper())
    if found:
        terms = "-".join(_TERMS[term] for term in found[1].split("-"))
        return Rights(
            name=f"Creative Commons {terms} {found[2]} {_JURISDICTIONS[found[2]]}",
            spdx=text.upper(),
            uri=f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/",
        )
    # The list has a page for each licence, and none for an exception to one or for "or later".
    known = listed_licenses().get(text.split(maxsplit=1)[0].removesuffix("+").casefold())
    return Rights(name=text, spdx=text, uri=f"https://spdx.org/licenses/{known.id}.html" if known else None)
