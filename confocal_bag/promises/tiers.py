"""What a bag promises about its tiers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    for path, known in bag.images.items():
        if path.parts[0] != Tier.RAW or known.open:
            continue
        described = bag.facts.get(path)
        series = [_digests(image) for image in described.images] if described else []
        missing = sum(1 for digests in series if not digests or digests not in transformed)
        shown = f"data/{readable_path(path)}"
        if described is None:
            message = f"{shown} is {known.name} without a sound sidecar; nothing shows an equal open copy."
        elif missing:
            message = f"{shown} is {known.name}; {missing} of {len(series)} series have no equal open copy."
        else:
            continue
        yield Problem(
            path=shown,
            message=message,
            remedy="If it can be read, convert it with `confocal-bag convert`; else ask for a TIFF export.",
        )


def _digests(image: "SidecarImage") -> frozenset[tuple[tuple[int, int, int], str]]:
    """The digest of each plane with its place, which a raw image and its OME-TIFF have in common."""
    return frozenset(image.plane_hashes.items())
