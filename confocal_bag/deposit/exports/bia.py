"""The File List of the BioImage Archive: one line per file, the first column `Files`, tab-separated."""

from confocal_bag.deposit.exports.export_facts import DATA_TIERS, ExportFacts, legible
from confocal_bag.deposit.exports.plain_text import shown_path

__all__ = ["render_file_list"]

_HEADING = ("Files", "Tier", "Description", "Format", "Bytes", "SHA-256", "Specimen", "Acquisition", "Dimensions")


def render_file_list(facts: ExportFacts) -> bytes:
    """The files of the data tiers, by their paths below data/, in path order; a cell that nobody filled is empty."""
    specimens = {image.path: image.described.specimen for image in facts.images}
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
                ", ".join(filter(None, said.acquisition)) if said else None,
                row.dimensions,
            )
            lines.append(tuple(legible(cell) if cell else "" for cell in cells))  # type: ignore[arg-type]
    return "".join("\t".join(line) + "\n" for line in lines).encode()
