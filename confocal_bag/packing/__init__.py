"""Fills a bag's staging folder: copies, conversions with their proof, sidecars, and what the bag says of itself.

The steps in their order: `copy_files`, `convert_images`, `write_sidecars`, `write_small` for readmes, `write_metadata`.
Each does what the `PackingTask` says, and enters what it did in the `Ledger`, from which the steps after it read.
"""

from confocal_bag.packing.conversion import convert_images
from confocal_bag.packing.copying import copy_files
from confocal_bag.packing.documents import not_written, write_metadata
from confocal_bag.packing.found_out import found_out
from confocal_bag.packing.ledger import Ledger, ProvenSeries
from confocal_bag.packing.sidecars import write_sidecars
from confocal_bag.packing.small_files import add_generated, add_made, write_small
from confocal_bag.packing.task import AGENT, PackingTask

__all__ = [
    "AGENT",
    "Ledger",
    "PackingTask",
    "ProvenSeries",
    "add_generated",
    "add_made",
    "convert_images",
    "copy_files",
    "found_out",
    "not_written",
    "write_metadata",
    "write_sidecars",
    "write_small",
]
