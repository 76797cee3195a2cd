"""The problems of image-sequence names as rules; their docstrings are what `confocal-bag explain` prints."""

from collections.abc import Iterator

from confocal_bag.deposit.sequences.model import SequenceReport
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    Skipped,
    rule,
    run_rules,
)

__all__ = ["check_sequences"]

_REFERENCE = "DCN Confocal Microscopy primer: handling z-stacks"


def check_sequences(report: SequenceReport) -> tuple[list[Check], list[Finding]]:
    """Run every rule of this module on a report; one check for each rule."""
    return run_rules([one for one in RULES.values() if one.run.__module__ == __name__], report)


def _problems(report: SequenceReport, code: str) -> Iterator[Problem]:
    """The problems of one code; not applicable when there is no file at all."""
    if not report.sequences and not report.unsequenced:
        raise NotApplicable("there is no file")
    for found in report.problems:
        if found.code == code:
            yield Problem(message=found.message, path=found.path, remedy=found.remedy, detail=found.detail)


def _problems_in_headers(report: SequenceReport, code: str) -> Iterator[Problem]:
    if not report.headers_read:
        raise Skipped("the file headers were not read, only the names")
    yield from _problems(report, code)


@rule("sequence.case-conflict", severity=Severity.ERROR, reference=_REFERENCE)
def find_case_conflict(report: SequenceReport) -> Iterator[Problem]:
    """Two paths are equal but for letter case or Unicode form.

    Windows and macOS store one of them over the other: the deposit cannot be copied there without losing a
    file. Ask the depositor which one counts, and rename the other.
    """
    yield from _problems(report, "case-conflict")


@rule("sequence.duplicate-index", severity=Severity.ERROR, reference=_REFERENCE)
def find_duplicate_index(report: SequenceReport) -> Iterator[Problem]:
    """Two files of one sequence claim the same plane.

    Software opens one of them, and which one is chance. Compare the two and keep one.
    """
    yield from _problems(report, "duplicate-index")


@rule("sequence.gap", severity=Severity.ERROR, reference=_REFERENCE)
def find_gap(report: SequenceReport) -> Iterator[Problem]:
    """A number is missing on an ordered axis (z, time, counter): no file of the sequence has it.

    The steps between the numbers that occur are not equal. Ask the depositor for the planes, or whether
    they were left out on purpose. Numbers that nobody expects to be complete have no gap: those of files that
    each hold a whole acquisition, dates, and times of an experiment (0 h, 2 h, 24 h).
    """
    yield from _problems(report, "gap")


@rule("sequence.metadata-mismatch", severity=Severity.ERROR, reference=_REFERENCE)
def find_metadata_mismatch(report: SequenceReport) -> Iterator[Problem]:
    """The file headers contradict the names.

    A file whose name says one plane holds several, or the header declares another number of planes than
    there are files. Ask what the number in the name stands for, and whether planes are missing.
    """
    yield from _problems_in_headers(report, "metadata-mismatch")


@rule("sequence.missing-plane", severity=Severity.ERROR, reference=_REFERENCE)
def find_missing_plane(report: SequenceReport) -> Iterator[Problem]:
    """Every number occurs, but some combinations of channel, plane, time point or position have no file.

    Ask the depositor for the missing planes. Positions of different depth are reported too.
    """
    yield from _problems(report, "missing-plane")


@rule("sequence.mixed-dtype", severity=Severity.ERROR, reference=_REFERENCE)
def find_mixed_dtype(report: SequenceReport) -> Iterator[Problem]:
    """The files of one sequence have different pixel types.

    A stack has one pixel type; the files of the other type were probably converted. Ask which files hold
    the original pixels.
    """
    yield from _problems_in_headers(report, "mixed-dtype")


@rule("sequence.mixed-shape", severity=Severity.ERROR, reference=_REFERENCE)
def find_mixed_shape(report: SequenceReport) -> Iterator[Problem]:
    """The files of one sequence differ in width, height, samples or pages.

    They cannot be planes of one stack. Check whether a file of another acquisition has slipped in.
    """
    yield from _problems_in_headers(report, "mixed-shape")


@rule("sequence.start-index-mismatch", severity=Severity.ERROR, reference=_REFERENCE)
def find_start_index_mismatch(report: SequenceReport) -> Iterator[Problem]:
    """Channels or positions count the same number of planes from different starts.

    Plane 1 of one channel may be plane 0 of the other. Ask which planes belong together.
    """
    yield from _problems(report, "start-index-mismatch")


@rule("sequence.ambiguous-axis", severity=Severity.WARNING, reference=_REFERENCE)
def find_ambiguous_axis(report: SequenceReport) -> Iterator[Problem]:
    """Numbers in the names may mean several things.

    Two or more numbers without a word, or one behind a letter such as s or p. Ask the depositor and write
    the answer into the readme, or give the pattern yourself.
    """
    yield from _problems(report, "ambiguous-axis")


@rule("sequence.base-differs", severity=Severity.WARNING, reference=_REFERENCE)
def find_base_differs(report: SequenceReport) -> Iterator[Problem]:
    """The same axis starts at 0 in one sequence of the deposit and at 1 in another.

    Perhaps a first plane is missing, perhaps two programs wrote the files. Ask the depositor.
    """
    yield from _problems(report, "base-differs")


@rule("sequence.copy-suffix", severity=Severity.WARNING, reference=_REFERENCE)
def find_copy_suffix(report: SequenceReport) -> Iterator[Problem]:
    """A file name carries the mark of a copy: "Copy of x", "x - Copy", "x (1)".

    A mark counts when what it marks is named like other files here; `stack (1)` to `stack (9)` is a count.
    Compare it with the original and keep one.
    """
    yield from _problems(report, "copy-suffix")


@rule("sequence.junk-file", severity=Severity.WARNING, reference=_REFERENCE)
def find_junk_file(report: SequenceReport) -> Iterator[Problem]:
    """The operating system or an office program left a file behind.

    Thumbs.db, .DS_Store, desktop.ini and their like are no research data. Leave them out of the bag.
    """
    yield from _problems(report, "junk-file")


@rule("sequence.lexical-order", severity=Severity.WARNING, reference=_REFERENCE)
def find_lexical_order(report: SequenceReport) -> Iterator[Problem]:
    """Sorted by name, the planes are not in the order of their numbers: z10 comes before z2.

    Viewers that sort by name show the planes in the wrong order. Pad the numbers with zeros in the
    transformed tier.
    """
    yield from _problems(report, "lexical-order")


@rule("sequence.mixed-case", severity=Severity.WARNING, reference=_REFERENCE)
def find_mixed_case(report: SequenceReport) -> Iterator[Problem]:
    """Names of one sequence differ in upper and lower case.

    Software that compares names exactly finds only a part of the planes. Agree on one spelling with the
    depositor.
    """
    yield from _problems(report, "mixed-case")


@rule("sequence.mixed-extension", severity=Severity.WARNING, reference=_REFERENCE)
def find_mixed_extension(report: SequenceReport) -> Iterator[Problem]:
    """One sequence is written with several extensions.

    Planes in different formats may have lost pixels or metadata on the way. Check them, and ask why they
    differ.
    """
    yield from _problems(report, "mixed-extension")


@rule("sequence.mixed-padding", severity=Severity.WARNING, reference=_REFERENCE)
def find_mixed_padding(report: SequenceReport) -> Iterator[Problem]:
    """The numbers of one axis are padded with zeros to different widths: z1, z02.

    Growth past the width (z99, z100) is not meant. Pad the numbers alike in the transformed tier.
    """
    yield from _problems(report, "mixed-padding")


@rule("sequence.mixed-pattern", severity=Severity.WARNING, reference=_REFERENCE)
def find_mixed_pattern(report: SequenceReport) -> Iterator[Problem]:
    """One sequence is named by two patterns: another order of the parts, or two words for one axis.

    Software that reads names by one pattern finds only a part of the planes. Ask whether all files belong
    to one acquisition.
    """
    yield from _problems(report, "mixed-pattern")


@rule("sequence.mixed-separator", severity=Severity.WARNING, reference=_REFERENCE)
def find_mixed_separator(report: SequenceReport) -> Iterator[Problem]:
    """Names of one sequence differ in their separators: space, underscore, hyphen, dot.

    Software that reads names by one pattern finds only a part of the planes. Agree on one separator with
    the depositor.
    """
    yield from _problems(report, "mixed-separator")


@rule("sequence.single-plane", severity=Severity.WARNING, reference=_REFERENCE)
def find_single_plane(report: SequenceReport) -> Iterator[Problem]:
    """A name says which plane, time point or channel it is, but no other plane is here.

    Ask the depositor for the others, or why there is only one.
    """
    yield from _problems(report, "single-plane")


@rule("sequence.stray-file", severity=Severity.WARNING, reference=_REFERENCE)
def find_stray_file(report: SequenceReport) -> Iterator[Problem]:
    """An image lies beside a sequence and belongs to none.

    Projections, montages and overviews are processed data: put them into that tier. Ask the depositor about
    others.
    """
    yield from _problems(report, "stray-file")


@rule("sequence.unicode-form", severity=Severity.WARNING, reference=_REFERENCE)
def find_unicode_form(report: SequenceReport) -> Iterator[Problem]:
    """A name uses decomposed characters (an e and an accent instead of one letter).

    Names that look equal are then not equal, and manifests may fail on another system. Rename to Unicode
    form NFC, or note the form in the readme.
    """
    yield from _problems(report, "unicode-form")


@rule("sequence.late-start", severity=Severity.INFO, reference=_REFERENCE)
def find_late_start(report: SequenceReport) -> Iterator[Problem]:
    """An ordered axis starts at neither 0 nor 1.

    Perhaps planes were cropped. Ask whether the sequence is part of a longer one.
    """
    yield from _problems(report, "late-start")


@rule("sequence.non-unit-step", severity=Severity.INFO, reference=_REFERENCE)
def find_non_unit_step(report: SequenceReport) -> Iterator[Problem]:
    """An ordered axis counts in steps larger than one.

    Perhaps only some planes were kept. With two planes only, a step cannot be told from a gap.
    """
    yield from _problems(report, "non-unit-step")


@rule("sequence.parallel-copy", severity=Severity.INFO, reference=_REFERENCE)
def find_parallel_copy(report: SequenceReport) -> Iterator[Problem]:
    """A complete sequence is there twice, in two formats.

    Keep the original format in the raw tier, the other in the transformed tier.
    """
    yield from _problems(report, "parallel-copy")


@rule("sequence.sparse-axis", severity=Severity.INFO, reference=_REFERENCE)
def find_sparse_axis(report: SequenceReport) -> Iterator[Problem]:
    """Channels, positions, wells or tiles skip numbers, or acquisitions, dates and times of an experiment do.

    That is usual where positions or times were chosen. Nothing needs to be done when the depositor confirms it.
    """
    yield from _problems(report, "sparse-axis")


@rule("sequence.unnamed-axis", severity=Severity.INFO, reference=_REFERENCE)
def find_unnamed_axis(report: SequenceReport) -> Iterator[Problem]:
    """One number changes from file to file and no word says what it counts.

    Ask whether it is depth, time or something else, and write the answer into the readme.
    """
    yield from _problems(report, "unnamed-axis")
