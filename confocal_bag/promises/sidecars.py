"""What a bag promises about its sidecars."""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish, NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.image.worker import in_order
from confocal_bag.promises.packed import SIDECARS, SUFFIX, PackedBag


@rule(
    "image.sidecar-missing", severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: metadata standards"
)
def sidecar_missing(bag: PackedBag) -> Iterator[Problem]:
    """An image has no OME-XML sidecar in data/metadata/ome."""
    described = set(bag.sidecars.values())
    for path in (*bag.images, *bag.undescribed.images):
        if path not in described:
            yield Problem(
                path=bag.shown(path),
                message=f"{bag.shown(path)} has no sidecar data/{SIDECARS}/{readable_path(path)}{SUFFIX}.",
                remedy="If the image can be read, rebuild the bag; if not, the readme should say so.",
            )


@rule("image.sidecar-orphan", severity=Severity.ERROR)
def sidecar_orphan(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar describes a file that is not in the bag."""
    known = {*bag.payload, *bag.elsewhere}
    for sidecar, path in bag.sidecars.items():
        if bag.holder(path) not in known:
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
    """A sidecar says otherwise than its file, or the file is no image.

    Sizes, pixel type, channels and pixel size are held against the pixels; objective, lasers, detectors, dates and
    every other fact against the file's own header. A warning only where another version of the program wrote the
    sidecar, for it may have read the header otherwise.
    """
    if not bag.open_images:
        raise Skipped("images were not opened")
    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    payload = set(bag.payload)
    here = [path for path in bag.facts if bag.holder(path) in payload]
    with Unpacking() as unpacking:
        for problems in in_order(partial(_contradictions, bag, unpacking), here, jobs=bag.jobs):
            yield from problems


def _contradictions(bag: PackedBag, unpacking: Unpacking, path: PurePosixPath) -> list[Problem]:
    from confocal_bag.image.guarded import find_disagreements
    from confocal_bag.image.open import NoReaderError
    from confocal_bag.image.sidecar_settings import Disagreement

    shown = bag.shown(path)
    try:
        with bag.at_hand(path, unpacking) as local:
            found = find_disagreements(local, bag.content(path))
    except CannotFinish as problem:
        known = not (isinstance(problem, NoReaderError) and bag.was_read_by_plugin(path))
        said = "it has a sidecar but is no readable image" if known else "it could not be held against its sidecar"
        found = [Disagreement(sentence=f"{said}: {problem}", certain=known)]
    return [
        Problem(
            path=shown,
            message=f"{shown}: {one.sentence}",
            remedy="Find out which is right; one of the two was changed after packing.",
            severity=Severity.ERROR if one.certain else Severity.WARNING,
        )
        for one in found
    ]
