"""What the numbers of an image stand for, where that is not what whoever opens it would think.

No value is lost by any of this, but those who only look at the numbers, as most programs do, take them for something
else: an image for its negative, a place for its mirror image. What the microscope wrote (the primer's raw tier) is
seldom so; an export or a processing step made it, about which the depositor has to be asked (the primer: have the
images been modified).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from confocal_bag.deposit.image_rules.evidence import signs_of
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.findings import Problem, Severity, readable_path, rule
from confocal_bag.image.signs import SignKind
from confocal_bag.vocabulary import Tier

__all__ = ["color_space", "difference_in", "orientation", "pages_differ", "white_is_zero"]

_TAGS = "TIFF 6.0 section 8; DCN Confocal Microscopy primer: decision tree, have the images been modified"
#: What tags say of all the numbers of a file; files that differ in it are not planes of one image.
_MEANINGS = (SignKind.WHITE_IS_ZERO, SignKind.ORIENTATION, SignKind.COLOR_SPACE, SignKind.MIXED_PAGES)
_KEPT = "A conversion keeps the values and the tag."


@rule("image.white-is-zero", severity=Severity.WARNING, reference=_TAGS)
def white_is_zero(context: DepositContext) -> Iterator[Problem]:
    """In a TIFF 0 is white and the largest value black: its values mean the opposite of intensities.

    Detectors count up from 0, which is dark, so something turned the image over: an export, a scanner, a mask written
    as a fax. Programs that ignore the tag PhotometricInterpretation (WhiteIsZero) show and measure the negative, those
    that heed it, as Bio-Formats does, the positive. Advice for what is processed, as a mask may be meant so.
    """
    yield from _misread(
        context,
        SignKind.WHITE_IS_ZERO,
        "a detector's values are brightest where they are largest",
        "Ask the depositor how it was made, and for the file that the microscope wrote; say in the readme "
        f"which values are bright. {_KEPT}",
    )


@rule("image.orientation", severity=Severity.WARNING, reference=_TAGS)
def orientation(context: DepositContext) -> Iterator[Problem]:
    """The tag Orientation of a TIFF says that its first row and column are not at the top and the left.

    Some programs turn or mirror such an image, most do not (Bio-Formats, ImageJ and tifffile among them). Which side of
    the specimen is left, and where a measured place lies, depends on the program then.
    """
    yield from _misread(
        context,
        SignKind.ORIENTATION,
        "1 (row 0 at the top, column 0 at the left) was expected",
        "Ask the depositor whether it was turned or mirrored after the acquisition, and say in the readme "
        f"how it is to be shown. {_KEPT}",
    )


@rule("image.color-space", severity=Severity.WARNING, reference=_TAGS)
def color_space(context: DepositContext) -> Iterator[Problem]:
    """The samples of a TIFF are no intensities: inks (CMYK), CIELab, YCbCr, a mask, or a camera's colour filters.

    An image was prepared for print or the screen, or comes from a camera whose colours have to be computed. Channels
    cannot be measured in it. Advice for what is processed, where a figure may be all that is meant.
    """
    yield from _misread(
        context,
        SignKind.COLOR_SPACE,
        "one intensity a channel, or red, green and blue, was expected",
        "Ask the depositor for the single channels, or the file that the microscope wrote. A conversion "
        "keeps the values and says what they are.",
    )


@rule("image.pages-differ", severity=Severity.WARNING, reference=_TAGS)
def pages_differ(context: DepositContext) -> Iterator[Problem]:
    """Pages of one image in a TIFF mean different things by equal values, so that it is not converted.

    One page has white at 0 and another black, they are turned differently, have other bits of a sample, or other
    colours for a value. Programs go by the first page. Tables that show each channel in a colour of its own are none of
    this.
    """
    for record, seen in signs_of(context, SignKind.MIXED_PAGES):
        path = readable_path(record.path)
        yield Problem(
            path=path,
            message=f"The pages of {path} are not of one kind: {seen}.",
            remedy="Ask the depositor how it was put together, and for the single planes or the file that the "
            "microscope wrote. The original is kept as it is.",
        )


def _misread(context: DepositContext, kind: SignKind, expected: str, remedy: str) -> Iterator[Problem]:
    """A problem for each file of data with a sign of this kind; advice where the file is processed."""
    for record, seen in signs_of(context, kind):
        path = readable_path(record.path)
        yield Problem(
            path=path,
            severity=Severity.ADVICE if record.tier is Tier.PROCESSED else None,
            message=f"{path}: {seen}; {expected}.",
            remedy=remedy,
        )


def difference_in(files: Sequence[FileRecord]) -> str | None:
    """What the tags of one file say of its numbers and those of another do not; None where all of them say the same."""
    said = [(readable_path(one.path), _meanings(one)) for one in files]
    counts = Counter(evidence for _, found in said for evidence in found)
    for evidence, count in counts.items():
        if count < len(said):
            path = next(path for path, found in said if evidence in found)
            return f"{path} is not like {len(said) - count} of its {len(said)} files: {evidence}"
    return None


def _meanings(record: FileRecord) -> set[str]:
    return {sign.evidence for image in record.images for sign in image.signs if sign.kind in _MEANINGS}
