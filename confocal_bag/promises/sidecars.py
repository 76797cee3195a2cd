"""What a bag promises about its sidecars."""

from collections.abc import Iterator

from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.promises.packed import SIDECARS, SUFFIX, PackedBag


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
    payload = set(bag.payload)
    for sidecar, path in bag.sidecars.items():
        if path not in payload:
            shown = readable_path(sidecar)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} describes data/{readable_path(path)}, which is not in the bag.",
                remedy="Restore the image, or remove the sidecar and make the manifests anew.",
            )


@rule("image.sidecar-invalid", severity=Severity.ERROR, reference="OME-XML 2016-06")
def sidecar_invalid(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar is not valid OME-XML, so programs that read OME will refuse it."""
    from confocal_bag.image.sidecar_check import check_sidecar

    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    for path, content in bag.contents.items():
        shown = readable_path(path)
        for sentence in check_sidecar(content):
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}: {sentence}",
                remedy="Rebuild the bag; do not edit sidecars by hand.",
            )


@rule("image.sidecar-contradicts", severity=Severity.ERROR)
def sidecar_contradicts(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar says other sizes, pixel type, channels or pixel size than the image file itself."""
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.sidecar_check import compare_sidecar

    if not bag.open_images:
        raise Skipped("images were not opened")
    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    for path, known in bag.images.items():
        if path not in bag.facts:
            continue
        shown = readable_path(path)
        try:
            with open_image(bag.local(path), format=known) as image:
                sentences = list(compare_sidecar(bag.facts[path], records(image, describe_acquisition(image))))
        except CannotFinish as problem:
            sentences = [f"it has a sidecar but cannot be read: {problem}"]
        for sentence in sentences:
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}: {sentence}",
                remedy="Find out which is right; one of the two was changed after packing.",
            )
