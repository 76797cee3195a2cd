"""The File List of the BioImage Archive: one line per file, the first column `Files`, tab-separated."""

from confocal_bag.deposit.exports.export_facts import DATA_TIERS, ExportFacts, legible
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.spreadsheet import safe_cell
from confocal_bag.vocabulary import Tier

__all__ = ["render_file_list"]

_HEADING = ("Files", "Tier", "Description", "Format", "Bytes", "SHA-256", "Specimen", "Acquisition", "Dimensions")


def render_file_list(facts: ExportFacts) -> bytes:
    """The files of the data tiers, by their paths below data/, in path order; a cell that nobody filled is empty.

    What was made of an image is of its specimen; a copy in another format is of its acquisition too.
    """
    specimens = {image.path: image.described.specimen for image in facts.images}
    acquisitions = _acquisitions(facts)
    lines = [_HEADING]
    for row in sorted(facts.files, key=lambda one: one.path):
        if row.tier in DATA_TIERS:
            said = facts.descriptions.get(row.path)
            specimen = specimens.get(row.path)
            cells = (
                shown_path(row.path.removeprefix("data/")),
                row.tier,
                said.description if said else None,
                row.format,
                str(row.bytes),
                row.digests.get("sha256"),
                (specimen.id if specimen else None) or (said.specimen if said else None),
                ", ".join(filter(None, said.acquisition) if said else ()) or acquisitions.get(row.path),
                row.dimensions,
            )
            lines.append(tuple(safe_cell(legible(cell)) if cell else "" for cell in cells))  # type: ignore[arg-type]
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def _acquisitions(facts: ExportFacts) -> dict[str, str]:
    """The acquisitions of the images in each file that are as they were taken, by the path of the file."""
    found: dict[str, dict[str, None]] = {}
    for image in facts.images:
        known = image.described.acquisition
        if known is not None and known.id and image.path.split("/")[1] in (Tier.RAW, Tier.TRANSFORMED):
            found.setdefault(image.path, {})[known.id] = None
    return {path: ", ".join(ids) for path, ids in found.items()}
