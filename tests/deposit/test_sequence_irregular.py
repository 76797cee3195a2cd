"""Numbers that need not follow each other: no gap, and no plane said to be missing; and gaps that stay gaps."""

import pytest

from confocal_bag.deposit.sequences import (
    FileFacts,
    SequenceReport,
    completeness_sentence,
    find_sequences,
    presence_grid,
)
from confocal_bag.deposit.sequences.statement import state_sequence

STACK = FileFacts(pages=20, width=64, height=64, samples=1, dtype="uint8")
PLANE = FileFacts(pages=1, width=64, height=64, samples=1, dtype="uint8")


def codes(report: SequenceReport) -> set[str]:
    """The codes of all problems."""
    return {problem.code for problem in report.problems}


def named(pattern: str, numbers: tuple[int, ...]) -> list[str]:
    """A name for each number."""
    return [pattern.format(number) for number in numbers]


@pytest.mark.parametrize(
    "names",
    [
        named("Image {}.lsm", (1, 2, 4, 5)),
        named("Snap-{}.czi", (12, 15, 18, 30)),
        named("Snap-{}.tif", (12, 15, 18, 30)),
        named("Project_Series{:03}.tif", (1, 2, 5)),
        named("DMSO_t{}.tif", (0, 15, 60)),
        named("FRAP_t{}min.tif", (0, 1, 2, 5, 10, 30)),
        named("FRAP_{} min_GFP.tif", (0, 1, 2, 5, 10, 30)),
        named("LPS_{}h.tif", (0, 2, 24)),
        named("wash_{}h.tif", (0, 1, 2, 4)),
        named("mouse_d{}.tif", (0, 1, 3, 7)),
        named("{}_a.tif", (240105, 240106, 240108)),
        named("fish_{:06}.tif", (50124, 60124, 80124)),
    ],
)
def test_numbers_that_nobody_expects_to_be_complete_are_no_gap(names: list[str]) -> None:
    """Acquisitions, elapsed times and dates: what is there is listed for information, and nothing is called missing."""
    report = find_sequences(names)
    (sequence,) = report.sequences
    assert "gap" not in codes(report)
    assert "sparse-axis" in codes(report)
    assert completeness_sentence(sequence).startswith("Whole")
    assert "." not in presence_grid(sequence).splitlines()[-1]
    paths = {name: f"data/raw/{name}" for name in names}
    told = state_sequence(sequence, folder="data/raw", paths=paths, read={}, compiled=(), companions=())
    assert [axis.missing for axis in told.axes.values()] == [[]]
    assert "missing" not in " ".join(told.sentences)


@pytest.mark.parametrize(
    "names",
    [
        named("Image {}.tif", (1, 2, 4, 5)),
        named("Image{:03}.tif", (*range(1, 40), 41)),
        named("stack{:04}.tif", (0, 1, 3)),
        named("frame_{:03}min.tif", (0, 5, 10, 20, 25, 30)),
        named("FRAP_t{}min.tif", (*range(0, 50, 5), 55)),
        named("volume_t{:03}.tif", (84, 105, 122)),
        named("a_t{}.tif", (0, 1, 2, 5, 10, 30)),
        named("a_z{:03}.lsm", (0, 5, 25)),
        named("{}_a.tif", (134501, 134502, 134504)),
    ],
)
def test_what_counts_planes_or_frames_still_has_a_gap(names: list[str]) -> None:
    """Planes, frames at equal times, and numbers of six digits that are no dates."""
    assert "gap" in codes(find_sequences(names))


def test_files_that_are_whole_stacks_by_their_headers_are_no_planes() -> None:
    """The numbers of stacks may have holes; those of single pages may not; nor is one page among them enough."""
    names = named("cell_{}.tif", (1, 2, 4, 5))
    assert "gap" not in codes(find_sequences(names, facts=dict.fromkeys(names, STACK)))
    assert "gap" in codes(find_sequences(names, facts=dict.fromkeys(names, PLANE)))
    assert "gap" in codes(find_sequences(names, facts={**dict.fromkeys(names, STACK), names[0]: PLANE}))


def test_a_time_point_without_a_file_is_missing_though_each_is_a_stack() -> None:
    """Only numbers that no word explains are those of acquisitions."""
    names = named("cell_t{}.tif", (1, 2, 4, 5))
    assert "gap" in codes(find_sequences(names, facts=dict.fromkeys(names, STACK)))


def test_a_problem_of_files_that_share_no_text_names_one_of_them() -> None:
    """No message begins with a colon."""
    report = find_sequences(f"{z:02}_{c}.tif" for z in range(1, 12) for c in range(1, 4) if (z, c) != (3, 2))
    (missing,) = [one for one in report.problems if one.code == "missing-plane"]
    assert missing.message.startswith("01_1.tif and its like: 1 of 33 planes are missing")


def test_names_that_differ_in_unicode_form_alone_are_told_apart() -> None:
    """Printed alike they would be a riddle."""
    report = find_sequences(["cafe\u0301_z1.tif", "caf\u00e9_z1.tif", "caf\u00e9_z2.tif"])
    said = {one.code: one.message for one in report.problems}
    for code in ("case-conflict", "duplicate-index"):
        assert "cafe\u0301_z1.tif (in decomposed characters) and caf\u00e9_z1.tif " in said[code]


def test_a_marker_that_no_table_knows_beside_a_stain_is_no_other_pattern() -> None:
    """DAPI and p65 are two channels; two orders of the parts are still two patterns."""
    times = (0, 2, 24)
    assert "mixed-pattern" not in codes(find_sequences(f"LPS_{t}h_{c}.tif" for t in times for c in ("DAPI", "p65")))
    report = find_sequences([*named("a_z{}_t1.tif", (1, 2, 3)), *named("a_t2_z{}.tif", (1, 2, 3))])
    assert "mixed-pattern" in codes(report)
