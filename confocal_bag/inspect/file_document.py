"""What is known of files, as values that JSON can hold."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from confocal_bag.deposit.exports.described_sizes import SizesSaid
from confocal_bag.deposit.exports.dimensions import DescribedSizes, summarize_dimensions
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.findings import readable_path
from confocal_bag.image.record import ImageRecord
from confocal_bag.vocabulary import Tier

__all__ = ["file_document", "summarize_files"]


def summarize_files(inventory: Inventory) -> Mapping[str, Any]:
    """How many files and images there are, how large, and in which tiers."""
    tiers = {tier.value: sum(record.tier is tier for record in inventory.files) for tier in Tier}
    return {
        "files": len(inventory.files),
        "bytes": sum(record.bytes for record in inventory.files),
        "images": sum(len(record.images) for record in inventory.every),
        "left_out": len(inventory.left_out),
        "tiers": tiers,
    }


def file_document(record: FileRecord, said: SizesSaid) -> Mapping[str, Any]:
    """What is known of a file; `said` is what people say of the sizes of images."""
    known = record.format
    return {
        "path": readable_path(record.path),
        "bytes": record.bytes,
        "sha256": record.digests.get("sha256"),
        "format": {"name": known.name, "puid": known.puid, "edam": known.edam, "mime": known.mime, "open": known.open},
        "tier": record.tier.value,
        "tier_reason": record.tier_reason,
        "images": [_image(image, said.of(record, image, position)) for position, image in enumerate(record.images)],
        "image_problem": record.image_problem,
        "part_of": readable_path(record.set_head) if record.set_head not in (None, record.path) else None,
    }


def _image(image: ImageRecord, said: DescribedSizes) -> Mapping[str, Any]:
    """The record of an image as values that JSON can hold; what people say of its sizes stands apart."""
    words = summarize_dimensions(image, said)
    return {**asdict(image), "axes": dict(image.axes), "dimensions": words, "described_sizes": asdict(said)}
