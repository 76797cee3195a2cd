"""What a bag promises about its pixels."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.promises.packed import PackedBag

if TYPE_CHECKING:
    from confocal_bag.image.model import ImageFile
    from confocal_bag.image.sidecar_check import SidecarFacts

_RESTORE = "Restore the file from another copy of the bag."


@rule("image.planes-differ", severity=Severity.ERROR, reference="OME-XML 2016-06 Plane/HashSHA1")
def planes_differ(bag: PackedBag) -> Iterator[Problem]:
    """A plane of an image has another digest than its sidecar recorded when the bag was packed.

    Looked at with `--pixels`: every plane is decoded and hashed again, which proves the pixels whatever the
    manifests say.
    """
    from confocal_bag.image.open import open_image

    if not bag.read_pixels:
        raise Skipped("pixels were not read; use --pixels")
    if not bag.facts:
        raise NotApplicable("no sidecar records plane digests")
    bag.progress.stage("Reading planes", sum(bag.local(path).stat().st_size for path in bag.images))
    for path, known in bag.images.items():
        facts = bag.facts.get(path)
        if facts is not None:
            try:
                with open_image(bag.local(path), format=known) as image:
                    yield from _compare(path, facts, image)
            except CannotFinish as problem:
                yield Problem(path=f"data/{readable_path(path)}", message=str(problem), remedy=_RESTORE)
        bag.progress.advance(bag.local(path).stat().st_size)


def _compare(path: PurePosixPath, facts: "SidecarFacts", image: "ImageFile") -> Iterator[Problem]:
    """Pair each plane with its promise by its place, for a folded axis may number planes in another order."""
    from confocal_bag.image.model import plane_digest
    from confocal_bag.image.sidecar_check import plane_key

    shown = f"data/{readable_path(path)}"
    for series, described in zip(image.series, facts.images, strict=False):
        promised = dict(described.plane_hashes)
        for number, plane in enumerate(image.planes(series) if promised else ()):
            expected = promised.pop(plane_key(series, plane.coordinates), None)
            digest = plane_digest(plane.pixels)
            if digest != expected:
                yield Problem(
                    path=shown,
                    message=f"{shown}, series {series.index}, plane {number} ({_place(plane.coordinates)}): the pixels "
                    f"are not those that were packed; SHA-1 {digest}, expected {expected or 'no such plane'}.",
                    remedy=_RESTORE,
                    detail={"series": series.index, "plane": number, "coordinates": dict(plane.coordinates)},
                )
        if promised:
            yield Problem(
                path=shown,
                message=f"{shown}, series {series.index}: {len(promised)} planes that were packed cannot be read.",
                remedy=_RESTORE,
            )


def _place(coordinates: Mapping[str, int]) -> str:
    return ", ".join(f"{axis}={value}" for axis, value in coordinates.items()) or "the only one"
