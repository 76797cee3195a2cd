"""What a bag promises about the structure of its TIFFs."""

from collections.abc import Iterator

from confocal_bag.findings import NotApplicable, Problem, Severity, Skipped, readable_path, rule
from confocal_bag.image.tiff_structure import TIFF_FORMATS, tiff_faults
from confocal_bag.promises.packed import PackedBag
from confocal_bag.vocabulary import Tier


@rule("image.converted-tiff", severity=Severity.ERROR, reference="TIFF 6.0 section 2; OME-TIFF specification")
def converted_tiff(bag: PackedBag) -> Iterator[Problem]:
    """A TIFF in data/transformed contradicts itself: its directories, its pixels or its OME-XML say different things.

    A warning where only descriptions disagree. Only the directories are read, so this is quick; `--pixels` proves the
    pixels. What microscopes and depositors wrote in the raw tier is looked at by `inspect`, and no fault of the bag.
    """
    if not bag.open_images:
        raise Skipped("images were not opened")
    paths = [
        path
        for path, known in bag.images.items()
        if path.parts[0] == Tier.TRANSFORMED.value and known.id in TIFF_FORMATS
    ]
    if not paths:
        raise NotApplicable("the bag has no TIFF in data/transformed")
    for path in paths:
        shown = f"data/{readable_path(path)}"
        for fault in tiff_faults(bag.local(path)):
            yield Problem(
                path=shown,
                severity=None if fault.is_damage else Severity.WARNING,
                message=f"{shown}: {fault.message}.",
                remedy="Restore the file from another copy of the bag, or convert the original again.",
                detail={"code": fault.code},
            )
