"""The files whose images are judged, and what was seen in them."""

from collections.abc import Iterator

from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.image.signs import SignKind
from confocal_bag.vocabulary import Tier

__all__ = ["data_files", "first_sign", "signs_of"]

#: Tiers whose files are data; pictures of a readme or a protocol are none.
_DATA = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)


def data_files(context: DepositContext) -> Iterator[FileRecord]:
    """Every file of data, those inside zip files too."""
    return (record for record in context.inventory.every if record.tier in _DATA)


def signs_of(context: DepositContext, kind: SignKind) -> Iterator[tuple[FileRecord, str]]:
    """Each file of data that has a sign of this kind, with the evidence of the first."""
    for record in data_files(context):
        seen = first_sign(record, kind)
        if seen is not None:
            yield record, seen


def first_sign(record: FileRecord, kind: SignKind) -> str | None:
    """The evidence of the first sign of this kind in a file; None where it has none."""
    return next((sign.evidence for image in record.images for sign in image.signs if sign.kind is kind), None)
