"""What a bag promises about its tiers."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.counted import counted
from confocal_bag.findings import Problem, Severity, readable_path, rule
from confocal_bag.promises.packed import PackedBag
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.image.sidecar_check import SidecarImage


_BESIDE_TIERS = ("ro-crate-metadata.json", "ro-crate-preview.html", "ro-crate-preview_files")


@rule("tier.outside", severity=Severity.ERROR, reference="design of the tier layout")
def outside(bag: PackedBag) -> Iterator[Problem]:
    """A payload file lies in none of the five tiers.

    The payload of a confocal bag holds the folders raw, transformed, processed, readme and metadata, and beside them
    only an RO-Crate description.
    """
    tiers = {tier.value for tier in Tier}
    for path in bag.payload:
        if path.parts[0] not in _BESIDE_TIERS and (len(path.parts) == 1 or path.parts[0] not in tiers):
            shown = readable_path(path)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} lies in none of the tiers raw, transformed, processed, readme, metadata.",
                remedy="Rebuild the bag from the deposit; a file of the deposit belongs to exactly one tier.",
            )


@rule("tier.no-readme", severity=Severity.ERROR, reference="DCN Confocal Microscopy primer: documentation")
def no_readme(bag: PackedBag) -> Iterator[Problem]:
    """The bag has no readme at the level of the dataset, which the primer asks for at every practice level."""
    if not any(path.parts[0] == Tier.README and len(path.parts) == 2 for path in bag.payload):
        yield Problem(
            message="data/readme/ holds no readme; one for the whole dataset was expected.",
            remedy="Rebuild the bag; confocal-bag writes data/readme/README.txt.",
        )


@rule(
    "tier.not-transformed", severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: preservation actions"
)
def not_transformed(bag: PackedBag) -> Iterator[Problem]:
    """A raw image in a proprietary format has no transformed copy whose planes are equal to it.

    The copy is recognised by its plane digests, as the sidecars of both record them, never by its name.
    """
    transformed = {
        _digests(image)
        for path, facts in bag.facts.items()
        if path.parts[0] == Tier.TRANSFORMED
        for image in facts.images
    }
    raw = {path: known.name for path, known in bag.images.items() if path.parts[0] == Tier.RAW and not known.open}
    raw |= {
        path: "a microscope's image" for path in bag.members if path.parts[0] == Tier.RAW and _is_vendors(bag, path)
    }
    bare = bag.undescribed.images.items()
    raw |= {path: known.name for path, known in bare if path.parts[0] == Tier.RAW and not known.open}
    for path, kind in raw.items():
        described = bag.facts.get(path)
        series = [_digests(image) for image in described.images] if described else []
        missing = sum(1 for digests in series if not digests or digests not in transformed)
        shown = bag.shown(path)
        if described is None:
            message = f"{shown} is {kind} without a sound sidecar; nothing shows an equal open copy."
        elif missing:
            images = counted(len(series), "image")
            message = f"{shown} is {kind}; of its {images}, {missing} without an equal open copy."
        else:
            continue
        yield Problem(
            path=shown,
            message=message,
            remedy="If it can be read, convert it with `confocal-bag convert`; else ask for a TIFF export.",
        )


def _is_vendors(bag: PackedBag, path: PurePosixPath) -> bool:
    """Whether an image was read by a reader for nothing but vendors' formats, as its sidecar says."""
    from confocal_bag.image.formats import FORMATS
    from confocal_bag.image.readers.choice import READERS

    facts = bag.facts.get(path)
    formats = [FORMATS[name] for name, one in READERS.items() if facts and one.name == facts.reader]
    return bool(formats) and not any(one.open for one in formats)


def _digests(image: "SidecarImage") -> frozenset[tuple[tuple[int, int, int], str]]:
    """The digest of each plane with its place, which a raw image and its OME-TIFF have in common."""
    return frozenset(image.plane_hashes.items())
