"""The grid of a sequence."""

from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.page.grid import draw_grid
from confocal_bag.page.run import RunSequence


def sequence(places: list[dict[str, int | str]]) -> RunSequence:
    """A sequence with a file at each place."""
    return RunSequence.model_validate({"stem": "s", "files": [{"path": str(one), "coords": one} for one in places]})


def test_missing_planes_are_marked_where_they_belong() -> None:
    """A hole in one row, and a number that no file has."""
    grid = draw_grid(sequence([{"C": c, "Z": z} for c in (1, 2) for z in (1, 2, 4, 5) if (c, z) != (2, 4)]))
    assert grid.axis == "Z"
    assert grid.columns == (1, 2, 3, 4, 5)
    assert [row.label for row in grid.rows] == ["C1", "C2"]
    assert [(run.start, run.length, run.kind) for run in grid.rows[1].runs] == [
        (0, 2, "here"),
        (2, 2, "missing"),
        (4, 1, "here"),
    ]
    assert grid.missing == 3
    assert grid.examples == ("C1 Z3", "C2 Z3", "C2 Z4")


def test_two_files_at_one_place_are_told_apart_from_one() -> None:
    """Which of them is the plane is a question for the depositor."""
    grid = draw_grid(sequence([{"Z": 1}, {"Z": 2}, {"Z": 2}]))
    assert [run.kind for run in grid.rows[0].runs] == ["here", "several"]


def test_a_sequence_without_an_axis_has_no_cells() -> None:
    """Files that all stand at one place, or state none."""
    assert draw_grid(sequence([{"Z": 1}])).axis is None
    assert draw_grid(sequence([{}, {}])).rows == ()
    assert draw_grid(sequence([])).files == 0


def test_very_wide_and_tall_sequences_are_cut() -> None:
    """What is not drawn is counted."""
    grid = draw_grid(sequence([{"C": c, "P": p, "Z": z} for c in range(2) for p in range(50) for z in range(500)]))
    assert len(grid.columns) == 400
    assert len(grid.rows) == 60
    assert (grid.hidden_columns, grid.hidden_rows, grid.missing) == (100, 40, 0)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("ZCT"), st.one_of(st.integers(-5, 10**12), st.text(max_size=3))), max_size=12
    )
)
def test_no_sequence_of_a_saved_run_stops_the_page(places: list[dict[str, int | str]]) -> None:
    """Whatever numbers and labels it has; every row has as many cells as columns."""
    grid = draw_grid(sequence(places))
    for row in grid.rows:
        assert sum(run.length for run in row.runs) == len(grid.columns)
