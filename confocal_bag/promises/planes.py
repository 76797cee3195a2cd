"""What a bag promises about its pixels."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, rule
from confocal_bag.image.guarded import is_type_not_in_ome
from confocal_bag.image.numbering import image_number
from confocal_bag.image.worker import in_order
from confocal_bag.promises.packed import PackedBag
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.image.guarded import SeriesDigests
    from confocal_bag.image.sidecar_check import SidecarFacts

_INSTALL = "Install the bioio plugin that read it when it was packed, and validate again."
_RESTORE = "Restore the file from another copy of the bag."


@rule("image.planes-differ", severity=Severity.ERROR, reference="OME-XML 2016-06 Plane/HashSHA1")
def planes_differ(bag: PackedBag) -> Iterator[Problem]:
    """A plane of an image is not the one its sidecar recorded when the bag was packed.

    Looked at with `--pixels`: every plane of every image with a sidecar, those in zip files too, is decoded and hashed
    again, which proves the pixels whatever the manifests say. An image that is gone, is no image any more, or whose
    sidecar lost its digests is an error too.
    """
    if not bag.read_pixels:
        raise Skipped("pixels were not read; use --pixels")
    if not bag.facts:
        raise NotApplicable("the bag has no sound sidecar")
    # What fetch.txt names and the bag lacks cannot be looked at; that the bag is not complete is said by its own rule.
    here = [path for path in bag.facts if bag.holder(path) not in bag.elsewhere]
    bag.progress.stage("Reading planes", sum(bag.size(path) for path in here))
    with Unpacking() as unpacking:
        proven = in_order(partial(_prove, bag, unpacking), here, jobs=bag.jobs)
        for path, problems in zip(here, proven, strict=True):
            yield from problems
            bag.progress.advance(bag.size(path))


@rule("image.not-proven", severity=Severity.ERROR, reference="OME-XML 2016-06 Plane/HashSHA1")
def not_proven(bag: PackedBag) -> Iterator[Problem]:
    """An image, also one in a zip file, has no sound sidecar, so that `--pixels` can say nothing of its pixels.

    In a draft a warning: it may hold images that could not be read when it was packed, and its readme names them. So
    may zip files outside the raw tier. A warning too where OME has no name for the type of the samples.
    """
    if not bag.read_pixels:
        raise Skipped("pixels were not read; use --pixels")
    silent = bag.undescribed.problems
    images = dict.fromkeys((*bag.images, *bag.members, *silent))
    if not images:
        raise NotApplicable("the bag has no images")
    for path in images:
        if path not in bag.facts and bag.holder(path) not in bag.elsewhere:
            shown, is_loose = bag.shown(path), path in bag.images
            if is_loose and is_type_not_in_ome(bag.local(path)):
                yield _unheld(shown)
                continue
            said = f"{shown} has no sound sidecar; nothing says which pixels were packed."
            yield Problem(
                path=shown,
                severity=None if is_loose or path.parts[0] == Tier.RAW else Severity.WARNING,
                message=f"{said} It cannot be read: {silent[path]}" if path in silent else said,
                remedy="Restore the sidecar from another copy of the bag. If the image was damaged when it was packed, "
                "the readme says so.",
            )


def _unheld(shown: str) -> Problem:
    return Problem(
        path=shown,
        severity=Severity.WARNING,
        message=f"{shown} has samples of a type that OME has no name for, and so no sidecar; only the manifests say "
        "which bytes were packed.",
        remedy="Nothing, if the manifests are sound.",
    )


def _prove(bag: PackedBag, unpacking: Unpacking, path: PurePosixPath) -> list[Problem]:
    from confocal_bag.image.guarded import read_plane_digests
    from confocal_bag.image.open import NoReaderError

    shown = bag.shown(path)
    try:
        with bag.at_hand(path, unpacking) as local:
            found = read_plane_digests(local)
    except CannotFinish as problem:
        if isinstance(problem, NoReaderError) and bag.was_read_by_plugin(path):
            # Nothing is known against the file.
            sentence = f"{shown} was not looked at: {problem}"
            return [Problem(path=shown, severity=Severity.WARNING, message=sentence, remedy=_INSTALL)]
        return [Problem(path=shown, message=f"{shown} has a sidecar but no readable image: {problem}", remedy=_RESTORE)]
    return list(_compare(shown, bag.facts[path], found))


def _compare(shown: str, facts: "SidecarFacts", found: "list[SeriesDigests]") -> Iterator[Problem]:
    """Pair each plane with its promise by its place, for a folded axis may number planes in another order."""
    from confocal_bag.image.sidecar_check import plane_key

    if len(found) != len(facts.images):
        yield Problem(
            path=shown,
            message=f"The number of images in {shown} is {len(found)}, its sidecar describes {len(facts.images)}.",
            remedy=_RESTORE,
        )
        return
    for (series, digests), described in zip(found, facts.images, strict=True):
        promised, place = dict(described.plane_hashes), image_number(series.index, len(found))
        for number, (coordinates, digest) in enumerate(digests):
            expected = promised.pop(plane_key(series, coordinates), None)
            if digest != expected:
                yield Problem(
                    path=shown,
                    message=f"{shown}, {place}, plane {number} ({_place(coordinates)}): the pixels "
                    f"are not those that were packed; SHA-1 {digest}, expected {expected or 'none recorded'}.",
                    remedy=_RESTORE,
                    detail={"series": series.index, "plane": number, "coordinates": dict(coordinates)},
                )
        if promised:
            yield Problem(
                path=shown,
                message=f"{shown}, {place}: of the planes that were packed, {len(promised)} are not there.",
                remedy=_RESTORE,
            )


def _place(coordinates: Mapping[str, int]) -> str:
    return ", ".join(f"{axis}={value}" for axis, value in coordinates.items()) or "the only one"
