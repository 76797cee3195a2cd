"""What a bag promises about its sidecars."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.promises.packed import SIDECARS, SUFFIX, PackedBag

if TYPE_CHECKING:
    from confocal_bag.image.sidecar_check import SidecarFacts


@rule(
    "image.sidecar-missing", severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: metadata standards"
)
def sidecar_missing(bag: PackedBag) -> Iterator[Problem]:
    """An image has no OME-XML sidecar in data/metadata/ome."""
    described = set(bag.sidecars.values())
    for path in bag.images:
        if path not in described:
            shown = readable_path(path)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} has no sidecar data/{SIDECARS}/{shown}{SUFFIX}.",
                remedy="If the image can be read, rebuild the bag; if not, the readme should say so.",
            )


@rule("image.sidecar-orphan", severity=Severity.ERROR)
def sidecar_orphan(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar describes a file that is not in the bag."""
    known = {*bag.payload, *bag.elsewhere}
    for sidecar, path in bag.sidecars.items():
        if path not in known:
            shown = readable_path(sidecar)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} describes data/{readable_path(path)}, which is not in the bag.",
                remedy="Restore the image, or remove the sidecar and make the manifests anew.",
            )


@rule("image.sidecar-invalid", severity=Severity.ERROR, reference="OME-XML 2016-06")
def sidecar_invalid(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar is not valid OME-XML, so programs that read OME will refuse it."""
    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    for path, reading in bag.readings.items():
        shown = readable_path(path)
        for sentence in reading.problems:
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}: {sentence}",
                remedy="Rebuild the bag; do not edit sidecars by hand.",
            )


@rule("image.sidecar-contradicts", severity=Severity.ERROR)
def sidecar_contradicts(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar says other sizes, pixel type, channels or pixel size than its file, or the file is no image."""
    if not bag.open_images:
        raise Skipped("images were not opened")
    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    payload = set(bag.payload)
    for path, facts in bag.facts.items():
        if path in payload:
            yield from _contradictions(bag, path, facts)


def _contradictions(bag: PackedBag, path: PurePosixPath, facts: "SidecarFacts") -> Iterator[Problem]:
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.sidecar_check import compare_sidecar

    shown = f"data/{readable_path(path)}"
    try:
        with open_image(bag.local(path)) as image:
            sentences = list(compare_sidecar(facts, records(image, describe_acquisition(image))))
    except CannotFinish as problem:
        sentences = [f"it has a sidecar but is no readable image: {problem}"]
    for sentence in sentences:
        yield Problem(
            path=shown,
            message=f"{shown}: {sentence}",
            remedy="Find out which is right; one of the two was changed after packing.",
        )
