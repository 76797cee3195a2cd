"""Values that an image lost before it was deposited.

The primer (preservation actions, minimum practice): bytes that a lossy format lost cannot be recovered. All that can be
done is to ask for what the microscope wrote, and to say what is missing.
"""

from collections.abc import Iterable, Iterator, Sequence

from confocal_bag.deposit.image_rules.evidence import data_files, first_sign, signs_of
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.findings import Problem, Severity, readable_path, rule
from confocal_bag.image.formats import Kind
from confocal_bag.image.lossy import Compression, file_compression
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.signs import SignKind
from confocal_bag.vocabulary import Tier

__all__ = ["bit_depth_reduced", "histogram_gaps", "lossy", "maybe_lossy", "palette"]

_LOSS = "DCN Confocal Microscopy primer: preservation actions, minimum practice"
_ASK = "Lost bytes cannot be recovered. Ask the depositor for the file that the microscope wrote, or a lossless export."


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
    for record in data_files(context):
        seen = first_sign(record, SignKind.PALETTE)
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
    for record, seen in signs_of(context, SignKind.BIT_DEPTH):
        path = readable_path(record.path)
        yield Problem(path=path, message=f"{path} has lost grey levels: {seen}.", remedy=_ASK)


@rule("image.histogram-gaps", severity=Severity.ADVICE, reference=_LOSS)
def histogram_gaps(context: DepositContext) -> Iterator[Problem]:
    """The grey levels of an 8-bit image have gaps like the teeth of a comb.

    So they look after brightness or contrast were changed in the pixels, or fewer levels were spread over more. What
    is seen is the gaps in the first plane; why they are there only the depositor can say.
    """
    for record, seen in signs_of(context, SignKind.GAPS):
        path = readable_path(record.path)
        yield Problem(
            path=path,
            message=f"{path}: {seen}, as after a change of brightness or contrast.",
            remedy="Ask the depositor whether it was adjusted, and for the image as it was acquired.",
        )


def _compressed(context: DepositContext) -> Iterator[tuple[FileRecord, Sequence[Compression]]]:
    """Each file of pixels with its compressions; a picture of one codestream is looked at here."""
    for record in data_files(context):
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
