"""TIFFs that contradict themselves, and samples that OME has no type for."""

from collections.abc import Iterator, Sequence

from confocal_bag.deposit.image_rules.evidence import data_files
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule
from confocal_bag.image.tiff_structure import TIFF_FORMATS, StructureFault
from confocal_bag.image.undescribed import CODE

__all__ = ["pages_not_described", "tiff_description", "tiff_structure", "type_not_in_ome"]

#: Faults that are no damage and concern where pixels lie, by their codes.
_OF_PIXELS = ("blocks-overlap", "tiles-sparse")


@rule("image.tiff-structure", severity=Severity.ERROR, reference="TIFF 6.0 section 2")
def tiff_structure(context: DepositContext) -> Iterator[Problem]:
    """A TIFF can be opened, yet its directories contradict the file: pixels are missing or not where it says.

    Readers fill in zeros or read other bytes without a word. A warning where two pages share their pixels, or some
    tiles were left out, which a custom of GDAL means as zeros. A TIFF whose planes lack pixels otherwise is not opened,
    which image.unreadable reports; its reduced copies may lack some.
    """
    for record, faults in _structures(context):
        for fault in faults:
            if fault.is_damage or fault.code in _OF_PIXELS:
                path = readable_path(record.path)
                yield Problem(
                    path=path,
                    severity=None if fault.is_damage else Severity.WARNING,
                    message=f"{path}: {fault.message}.",
                    remedy="Compare its size with the original and ask the depositor for a complete copy.",
                    detail={"code": fault.code},
                )


@rule("image.tiff-description", severity=Severity.WARNING, reference="OME-TIFF specification")
def tiff_description(context: DepositContext) -> Iterator[Problem]:
    """The OME-XML or the ImageJ description in a TIFF says other pages, sizes or types than the file has."""
    for record, faults in _structures(context):
        for fault in faults:
            if not fault.is_damage and fault.code not in (*_OF_PIXELS, CODE):
                path = readable_path(record.path)
                yield Problem(
                    path=path,
                    message=f"{path}: {fault.message}.",
                    remedy="Ask the depositor which is right, and how the file was written.",
                    detail={"code": fault.code},
                )


@rule("image.pages-not-described", severity=Severity.WARNING, reference="OME-TIFF specification")
def pages_not_described(context: DepositContext) -> Iterator[Problem]:
    """A TIFF has more pages of full size than its OME-XML or its ImageJ description speaks of.

    Programs that go by the description do not show them, and a conversion leaves them out, which its event and remarks
    say. Reduced copies that the pages say they are (thumbnails, pyramids) need no description.
    """
    for record, faults in _structures(context):
        for fault in faults:
            if fault.code == CODE:
                path = readable_path(record.path)
                yield Problem(
                    path=path,
                    message=f"{path}: {fault.message}.",
                    remedy="Ask the depositor what these pages are and whether planes are missing from the description;"
                    " keep the original, as a conversion does not have them.",
                )


@rule("image.type-not-in-ome", severity=Severity.WARNING, reference="OME 2016-06 PixelType")
def type_not_in_ome(context: DepositContext) -> Iterator[Problem]:
    """An image has samples of a type that OME, and so a sidecar and an OME-TIFF, cannot hold: 64-bit integers, halves.

    Nothing is wrong with the file, and it goes into the bag as it is: label masks of numpy are often of 64 bits. It has
    no sidecar and is not converted, so that its bytes are proven by the manifests and its planes by nothing.
    """
    for record in data_files(context):
        if record.type_not_in_ome and record.image_problem:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=record.image_problem,
                remedy="It goes into the bag as it is, with no sidecar. Ask for a copy with integers of 8 to 32 bits, "
                "or of floating point of 32 or 64, if every value fits.",
            )


def _structures(context: DepositContext) -> Iterator[tuple[FileRecord, Sequence[StructureFault]]]:
    tiffs = [record for record in context.inventory.every if record.format.id in TIFF_FORMATS]
    if not tiffs:
        raise NotApplicable("the deposit has no TIFF")
    for record in tiffs:
        if record.images:
            yield record, record.images[0].structure
