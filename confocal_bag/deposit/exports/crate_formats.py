"""The formats of files in an RO-Crate: the media type, PRONOM's entry for it, and the format by our own name."""

from typing import Any

from confocal_bag.deposit.exports.crate_entities import Crate, reference
from confocal_bag.deposit.exports.export_facts import relative_uri
from confocal_bag.deposit.exports.inventory_csv import InventoryRow

__all__ = ["formats_of"]

_PRONOM = "https://www.nationalarchives.gov.uk/PRONOM/"
#: The names that PRONOM has for the formats of deposits; several of ours share one of these.
_PRONOM_NAMES = {
    "fmt/11": "Portable Network Graphics 1.0",
    "fmt/101": "Extensible Markup Language 1.0",
    "fmt/111": "OLE2 Compound Document Format",
    "fmt/353": "Tagged Image File Format",
    "x-fmt/18": "Comma Separated Values",
    "x-fmt/111": "Plain Text File",
    "x-fmt/263": "ZIP Format",
}


def formats_of(crate: Crate, row: InventoryRow) -> list[Any]:
    """What stands under encodingFormat of a file; entries it refers to are added to the crate."""
    formats: list[Any] = [row.mime]
    if row.puid:
        crate.add(f"{_PRONOM}{row.puid}", "WebSite", name=_pronom_name(row.puid))
        formats.append(reference(f"{_PRONOM}{row.puid}"))
    if row.format:
        # several formats share a PUID, as LSM and OME-TIFF do that of TIFF
        crate.add(f"#format-{relative_uri(row.format)}", "DefinedTerm", name=row.format)
        formats.append(reference(f"#format-{relative_uri(row.format)}"))
    return formats


def _pronom_name(puid: str) -> str:
    """The name of a format in PRONOM; of one that has none here, that it is PRONOM's."""
    return _PRONOM_NAMES.get(puid, f"PRONOM {puid}")
