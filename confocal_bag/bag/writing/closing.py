"""What completes a bag: bag-info with what follows from the payload, and manifests (RFC 8493 2.1.3, 2.2.2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from confocal_bag.bag.fixity import Fixity
from confocal_bag.bag.manifest import ManifestEntry, format_manifest
from confocal_bag.bag.sizes import readable_size

__all__ = ["completed_bag_info", "manifest_of"]


def manifest_of(files: Mapping[str, Fixity], algorithm: str) -> bytes:
    """The manifest of these files, by their paths in the bag."""
    return format_manifest(
        ManifestEntry(path=target, digest=fixity.digests[algorithm]) for target, fixity in files.items()
    )


def completed_bag_info(bag_info: Sequence[tuple[str, str]], sizes: Sequence[int]) -> list[tuple[str, str]]:
    """The fields given, in their order, and after them Bagging-Date, Payload-Oxum and Bag-Size where absent."""
    given = {label.strip().casefold(): value.strip() for label, value in bag_info}
    oxum = f"{sum(sizes)}.{len(sizes)}"
    if given.get("payload-oxum", oxum) != oxum:
        raise ValueError(f"Payload-Oxum is given as {given['payload-oxum']}, but the payload has {oxum}")
    computed = {
        "Bagging-Date": datetime.now().astimezone().date().isoformat(),
        "Payload-Oxum": oxum,
        "Bag-Size": readable_size(sum(sizes)),
    }
    return [
        *bag_info,
        *((label, value) for label, value in computed.items() if label.casefold() not in given),
    ]
