"""Images merged from the channels of a fluorescence image.

The primer (unresolved issues, composite images) weighs single channels against composites: in what was merged, the
intensities of the channels cannot be told apart again.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from confocal_bag.deposit.image_rules.evidence import data_files, first_sign
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.findings import Problem, Severity, readable_path, rule
from confocal_bag.image.signs import SignKind
from confocal_bag.vocabulary import Tier

__all__ = ["rgb_composite"]

_COMPOSITES = "DCN Confocal Microscopy primer: unresolved issues, composite images"
_MERGED = re.compile(r"(?i)(?:^|[^a-z])(merged?|composite|overlay|rgb)(?=[^a-z]|$)")


@rule("image.rgb-composite", severity=Severity.WARNING, reference=_COMPOSITES)
def rgb_composite(context: DepositContext) -> Iterator[Problem]:
    """An RGB image was merged from the channels of a fluorescence image, and the channels are not in the deposit.

    Where colours of channels mix, or two channels share one, their intensities cannot be told apart again. A merged
    image beside its channels is fine; in the raw or transformed tier it is advice to call it processed.
    """
    for record in data_files(context):
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


def _merged(record: FileRecord) -> str | None:
    """Why a file is taken for merged channels: colours no camera takes, or its name; None for any other file."""
    if not record.format.open or not any(image.axes.get("S", 1) >= 3 for image in record.images):
        return None
    named = _MERGED.search(record.path.stem)
    return first_sign(record, SignKind.COMPOSITE) or (f'its name says "{named[1]}"' if named else None)


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
