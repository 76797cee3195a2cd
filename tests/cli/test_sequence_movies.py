"""`confocal-bag sequences --movies` writes a movie through the depth of each stack."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests import make
from tests.recording import Ran

Runner = Callable[..., Ran]


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    """Two stacks of one name in child folders, and a series of pictures without depth."""
    make.plane_sequence(tmp_path / "deposit/a", planes=4)
    make.plane_sequence(tmp_path / "deposit/b", planes=5)
    for t in range(3):
        tifffile.imwrite(tmp_path / f"deposit/film_t{t}.tif", np.full((9, 9), t, np.uint8), metadata=None)
    return tmp_path / "deposit"


def frames(path: Path) -> int:
    """The frames of a movie."""
    with Image.open(path) as movie:
        return int(getattr(movie, "n_frames", 1))


def test_each_stack_has_its_movie(run: Runner, stacks: Path, tmp_path: Path) -> None:
    """A frame for each depth, under the names of folder and stack; the deposit stays as it was."""
    before = make.snapshot(stacks)
    result = run("sequences", stacks, "--movies", tmp_path / "movies")
    assert result.code == 0
    found = {path.name: frames(path) for path in (tmp_path / "movies").iterdir()}
    assert found == {"a_stack_depth.gif": 4, "b_stack_depth.gif": 5}
    assert "a/stack: " in result.err
    assert make.snapshot(stacks) == before


def test_a_stack_that_cannot_be_shown_is_told_and_the_others_are_made(
    run: Runner, stacks: Path, tmp_path: Path
) -> None:
    """One plane of another size."""
    tifffile.imwrite(stacks / "a/stack_z002.tif", np.zeros((3, 3), np.uint8), metadata=None)
    result = run("sequences", stacks, "--movies", tmp_path / "movies")
    assert "a/stack: no movie: " in result.err
    assert [path.name for path in (tmp_path / "movies").iterdir()] == ["b_stack_depth.gif"]


def test_no_movie_is_written_into_the_deposit_or_over_another(run: Runner, stacks: Path, tmp_path: Path) -> None:
    """Nor from names alone."""
    assert run("sequences", stacks, "--movies", stacks / "movies").code == 3
    assert not (stacks / "movies").exists()
    assert run("sequences", stacks, "--movies", tmp_path / "movies").code == 0
    assert run("sequences", stacks, "--movies", tmp_path / "movies").code == 3
    listing = tmp_path / "names.txt"
    listing.write_text("a_z1.tif\na_z2.tif\n")
    assert run("sequences", "--names-from", listing, "--movies", tmp_path / "others").code == 2
