"""What a bag promises about its pixels."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.promises.packed import PackedBag, plane_digests_of

if TYPE_CHECKING:
    from confocal_bag.image.sidecar_check import SidecarFacts


@rule("image.planes-differ", severity=Severity.ERROR, reference="OME-XML 2016-06 Plane/HashSHA1")
def planes_differ(bag: PackedBag) -> Iterator[Problem]:
    """A plane of an image has another digest than its sidecar recorded when the bag was packed.

    Looked at with `--pixels`: every plane is decoded and hashed again, which proves the pixels whatever the
    manifests say.
    """
    from confocal_bag.image.convert import plane_digests

    if not bag.read_pixels:
        raise Skipped("pixels were not read; use --pixels")
    if not bag.facts:
        raise NotApplicable("no sidecar records plane digests")
    bag.progress.stage("Reading planes", sum(bag.local(path).stat().st_size for path in bag.images))
    for path in bag.images:
        facts = bag.facts.get(path)
        if facts is not None:
            try:
                yield from _compare_planes(path, facts, plane_digests(bag.local(path)))
            except CannotFinish as problem:
                yield Problem(
                    path=f"data/{readable_path(path)}", message=str(problem), remedy="Restore it from a copy."
                )
        bag.progress.advance(bag.local(path).stat().st_size)


def _compare_planes(
    path: PurePosixPath, facts: "SidecarFacts", seen: Sequence[tuple[int, Mapping[str, int], str]]
) -> Iterator[Problem]:
    shown = readable_path(path)
    for index, image in enumerate(facts.images):
        promised = plane_digests_of(image)
        found = [(coordinates, digest) for series, coordinates, digest in seen if series == index]
        if not promised:
            continue
        if len(promised) != len(found):
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}, series {index}: {len(found)} planes can be read, {len(promised)} were packed.",
                remedy="Restore the file from another copy of the bag.",
            )
        for number, (expected, (coordinates, digest)) in enumerate(zip(promised, found, strict=False)):
            if expected != digest:
                place = ", ".join(f"{axis}={value}" for axis, value in coordinates.items()) or "the only one"
                yield Problem(
                    path=f"data/{shown}",
                    message=f"data/{shown}, series {index}, plane {number} ({place}): the pixels changed since; "
                    f"SHA-1 {digest}, expected {expected}.",
                    remedy="Restore the file from another copy of the bag.",
                    detail={"series": index, "plane": number, "coordinates": dict(coordinates)},
                )
