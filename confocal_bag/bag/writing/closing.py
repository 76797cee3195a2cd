"""What completes a bag: bag-info with what follows from the payload, and manifests (RFC 8493 2.1.3, 2.2.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from confocal_bag.bag.bag_info import format_bag_info
from confocal_bag.bag.declaration import format_bagit_txt
from confocal_bag.bag.fetch_list import FetchEntry, format_fetch
from confocal_bag.bag.fixity import Fixity
from confocal_bag.bag.manifest import ManifestEntry, format_manifest
from confocal_bag.bag.sizes import readable_size
from confocal_bag.bag.writing.contents import Contents

__all__ = ["Reference", "completed_bag_info", "manifest_of", "write_tag_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A payload file that is kept elsewhere: its address, and what is known of its bytes."""

    url: str
    fixity: Fixity


def write_tag_files(
    contents: Contents, bag_info: Sequence[tuple[str, str]], references: Mapping[str, Reference]
) -> None:
    """Write bagit.txt, bag-info.txt, fetch.txt where files are kept elsewhere, and all manifests. Raises CannotFinish.

    `references` are the payload files kept elsewhere, by their paths in the bag.
    """
    payload = {**contents.payload(), **{target: one.fixity for target, one in references.items()}}
    fields = completed_bag_info(bag_info, [fixity.size for fixity in payload.values()])
    contents.write("bagit.txt", format_bagit_txt())
    contents.write("bag-info.txt", format_bag_info(fields))
    if references:
        contents.write("fetch.txt", format_fetch(_fetch_entry(*one) for one in references.items()))
    for algorithm in contents.algorithms:
        contents.write(f"manifest-{algorithm}.txt", manifest_of(payload, algorithm))
    tag_files = contents.tag_files()
    for algorithm in contents.algorithms:
        contents.write(f"tagmanifest-{algorithm}.txt", manifest_of(tag_files, algorithm))


def _fetch_entry(target: str, reference: Reference) -> FetchEntry:
    return FetchEntry(url=reference.url, length=reference.fixity.size, path=target, spelled="", line=0)


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
