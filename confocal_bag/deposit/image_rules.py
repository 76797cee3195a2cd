"""What can be wrong with the images of a deposit: values that were lost before, and TIFFs that contradict themselves.

The primer (preservation actions, minimum practice): bytes that a lossy format lost cannot be recovered. All that can be
done is to ask for what the microscope wrote, and to say what is missing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from confocal_bag.deposit import pixel_rules
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.deposit.source import Deposit
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    readable_path,
    rule,
    run_rules,
)
from confocal_bag.image.formats import Kind, open_regular
from confocal_bag.image.lossy import Compression, file_compression
from confocal_bag.image.signs import SignKind
from confocal_bag.image.tiff_structure import TIFF_FORMATS, StructureFault
from confocal_bag.image.undescribed import CODE
from confocal_bag.vocabulary import Tier

__all__ = ["check_images"]

_LOSS = "DCN Confocal Microscopy primer: preservation actions, minimum practice"
_COMPOSITES = "DCN Confocal Microscopy primer: unresolved issues, composite images"
_ASK = "Lost bytes cannot be recovered. Ask the depositor for the file that the microscope wrote, or a lossless export."
#: Tiers whose files are data; pictures of a readme or a protocol are none.
_DATA = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)
#: Faults that are no damage and concern where pixels lie, by their codes.
_OF_PIXELS = ("blocks-overlap", "tiles-sparse")
_MERGED = re.compile(r"(?i)(?:^|[^a-z])(merged?|composite|overlay|rgb)(?=[^a-z]|$)")


def check_images(deposit: Deposit, inventory: Inventory) -> tuple[list[Check], list[Finding]]:
    """Run every rule about a deposit's images."""
    homes = (__name__, pixel_rules.__name__)
    chosen = [one for one in RULES.values() if one.run.__module__ in homes]
    return run_rules(chosen, DepositContext(deposit=deposit, inventory=inventory))


@rule("image.lossy", severity=Severity.WARNING, reference=_LOSS)
def lossy(context: DepositContext) -> Iterator[Problem]:
    """An image was compressed with loss: its pixels are not what the detector measured.

    JPEG, JPEG XR with quantisation, JPEG 2000 with the 9/7 transform, JPEG-LS with an error allowed, lossy WebP: told
    from the codestream itself, not from the name of the compression. Nothing brings the lost bytes back; a lossless
    copy of a lossy image keeps what is left. Advice for what is processed, where a picture may be all that is meant.
    """
    for record, compressions in _compressed(context):
        found = [one for one in compressions if one.lossy]
        if found:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                severity=Severity.ADVICE if record.tier is Tier.PROCESSED else None,
                message=f"{path} was compressed with loss: {_listed(found)}.",
                remedy=f"{_ASK} If there is none, keep this one and say so in the readme.",
                detail=_detail(found),
            )


@rule("image.maybe-lossy", severity=Severity.ADVICE, reference=_LOSS)
def maybe_lossy(context: DepositContext) -> Iterator[Problem]:
    """An image has a compression that may lose values, and nothing in the file says whether it did."""
    for record, compressions in _compressed(context):
        found = [one for one in compressions if one.lossy is None]
        if found and not any(one.lossy for one in compressions):
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"{path} may have been compressed with loss: {_listed(found)}.",
                remedy="Ask the depositor how it was saved, and for the file that the microscope wrote.",
                detail=_detail(found),
            )


@rule("image.palette", severity=Severity.WARNING, reference=_LOSS)
def palette(context: DepositContext) -> Iterator[Problem]:
    """The pixels of an image are numbers of colours in a table, not intensities.

    A picture was reduced to at most 256 colours; the intensities of its channels cannot be told from them. Colour
    tables that run from dark to bright are how ImageJ and microscopes show a channel, and are none of this.
    """
    for record in _data(context):
        seen = _first_sign(record, SignKind.PALETTE)
        if seen is None and record.tier is not Tier.PROCESSED:
            seen = _palette_picture(context, record)
        if seen is not None:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"{path} is a palette-colour image: {seen}.",
                remedy=f"{_ASK} Measure nothing in this one.",
            )


@rule("image.bit-depth-reduced", severity=Severity.WARNING, reference=_LOSS)
def bit_depth_reduced(context: DepositContext) -> Iterator[Problem]:
    """An image was acquired with more grey levels than it now has, as after an export of 12 bits to 8."""
    for record, seen in _signs(context, SignKind.BIT_DEPTH):
        path = readable_path(record.path)
        yield Problem(path=path, message=f"{path} has lost grey levels: {seen}.", remedy=_ASK)


@rule("image.histogram-gaps", severity=Severity.ADVICE, reference=_LOSS)
def histogram_gaps(context: DepositContext) -> Iterator[Problem]:
    """The grey levels of an 8-bit image have gaps like the teeth of a comb.

    So they look after brightness or contrast were changed in the pixels, or fewer levels were spread over more. What
    is seen is the gaps in the first plane; why they are there only the depositor can say.
    """
    for record, seen in _signs(context, SignKind.GAPS):
        path = readable_path(record.path)
        yield Problem(
            path=path,
            message=f"{path}: {seen}, as after a change of brightness or contrast.",
            remedy="Ask the depositor whether it was adjusted, and for the image as it was acquired.",
        )


@rule("image.rgb-composite", severity=Severity.WARNING, reference=_COMPOSITES)
def rgb_composite(context: DepositContext) -> Iterator[Problem]:
    """An RGB image was merged from the channels of a fluorescence image, and the channels are not in the deposit.

    Where colours of channels mix, or two channels share one, their intensities cannot be told apart again. A merged
    image beside its channels is fine; in the raw or transformed tier it is advice to call it processed.
    """
    for record in _data(context):
        seen = _merged(record)
        if seen is None:
            continue
        path, channels = readable_path(record.path), _channels_of(record, context.inventory)
        if not channels:
            yield Problem(
                path=path,
                message=f"{path} is an RGB image merged from channels ({seen}); the channels are not in the deposit.",
                remedy="Ask the depositor for the single channels, or the file that the microscope wrote.",
            )
        elif record.tier is not Tier.PROCESSED:
            yield Problem(
                path=path,
                severity=Severity.ADVICE,
                message=f"{path} is an RGB image merged from channels ({seen}), in the tier {record.tier.value}; "
                f"{readable_path(channels[0].path)} has the values of the channels.",
                remedy="Give it the tier processed in deposit.yaml under files, and say what it was made from.",
            )


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
    for record in _data(context):
        if record.type_not_in_ome and record.image_problem:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=record.image_problem,
                remedy="It goes into the bag as it is, with no sidecar. Ask for a copy with integers of 8 to 32 bits, "
                "or of floating point of 32 or 64, if every value fits.",
            )


def _data(context: DepositContext) -> Iterator[FileRecord]:
    return (record for record in context.inventory.every if record.tier in _DATA)


def _compressed(context: DepositContext) -> Iterator[tuple[FileRecord, Sequence[Compression]]]:
    """Each file of pixels with its compressions; a picture of one codestream is looked at here."""
    for record in _data(context):
        if record.images:
            yield record, tuple(dict.fromkeys(one for image in record.images for one in image.compression))
        elif record.format.kind is Kind.IMAGE and not record.image_problem and record.archive is None:
            yield record, _of_picture(context, record)


def _of_picture(context: DepositContext, record: FileRecord) -> Sequence[Compression]:
    try:
        return file_compression(context.deposit.local(record.path), record.format.id)
    except OSError:
        # That a file cannot be read is said by deposit.unreadable.
        return ()


def _listed(compressions: Iterable[Compression]) -> str:
    return "; ".join(f"{one.name} ({one.evidence})" for one in compressions)


def _detail(compressions: Iterable[Compression]) -> dict[str, list[dict[str, object]]]:
    return {
        "compressions": [{"name": one.name, "evidence": one.evidence, "blocks": one.blocks} for one in compressions]
    }


def _first_sign(record: FileRecord, kind: SignKind) -> str | None:
    return next((sign.evidence for image in record.images for sign in image.signs if sign.kind is kind), None)


def _signs(context: DepositContext, kind: SignKind) -> Iterator[tuple[FileRecord, str]]:
    for record in _data(context):
        seen = _first_sign(record, kind)
        if seen is not None:
            yield record, seen


def _palette_picture(context: DepositContext, record: FileRecord) -> str | None:
    """GIF has nothing but palettes; PNG says so in its header (colour type 3)."""
    if record.format.id == "gif":
        return "a GIF holds at most 256 colours"
    if record.format.id != "png" or record.archive is not None:
        return None
    try:
        with open_regular(context.deposit.local(record.path)) as stream:
            head = stream.read(26)
    except OSError:
        return None
    return "the header of the PNG says colour type 3" if head[12:16] == b"IHDR" and head[25:] == b"\x03" else None


def _merged(record: FileRecord) -> str | None:
    """Why a file is taken for merged channels: colours no camera takes, or its name; None for any other file."""
    if not record.format.open or not any(image.axes.get("S", 1) >= 3 for image in record.images):
        return None
    named = _MERGED.search(record.path.stem)
    return _first_sign(record, SignKind.COMPOSITE) or (f'its name says "{named[1]}"' if named else None)


def _channels_of(record: FileRecord, inventory: Inventory) -> list[FileRecord]:
    """Other files with images of one sample per pixel and the same name but for words of merging."""
    base = _base(record.path)
    return [
        other
        for other in inventory.every
        if other is not record
        and any(_same_view(record, image.axes) for image in other.images)
        and (_base(other.path).startswith(base) if base else other.path.parent == record.path.parent)
    ]


def _base(path: PurePosixPath) -> str:
    return re.sub(r"[^a-z0-9]+", "", _MERGED.sub("", path.name.partition(".")[0]).lower())


def _same_view(record: FileRecord, axes: Mapping[str, int]) -> bool:
    if axes.get("S", 1) > 1:
        return False
    return any((one.axes.get("Y"), one.axes.get("X")) == (axes.get("Y"), axes.get("X")) for one in record.images)


def _structures(context: DepositContext) -> Iterator[tuple[FileRecord, Sequence[StructureFault]]]:
    tiffs = [record for record in context.inventory.every if record.format.id in TIFF_FORMATS]
    if not tiffs:
        raise NotApplicable("the deposit has no TIFF")
    for record in tiffs:
        if record.images:
            yield record, record.images[0].structure
