"""Files cut short or with flipped bytes are refused, or read with every plane they had."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from tests.image import damage
from tests.image.damage import CUTS, Damage, Outcome, all_damage
from tests.image.test_faults import make

_ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_damaged_samples_are_refused_or_have_every_plane(shared: Path) -> None:
    """Every cut and some flips of every sample, the same in each run; `python -m tests.image.damage` does all."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.image.damage", str(shared / "samples"), "2"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(damage.samples_in(shared / "samples")) > 20
    assert all(f"{len(CUTS) + 2} read" in line and " 0 wrong" in line for line in lines)


def _read(path: Path) -> dict[int, list[Any]]:
    with open_image(path) as image:
        return {index: [sha1 for _, sha1 in planes] for index, planes in plane_digests(image).items()}


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("name", ["a.lsm", "a.czi", "a.lif", "a.oib", "a.tif", "a.ome.tif"])
def test_a_file_cut_short_is_refused_or_has_every_plane(tmp_path: Path, name: str, cut: int) -> None:
    """At every length; what is read of it is all there was."""
    path = tmp_path / name
    make(path)
    whole = _read(path)
    path.write_bytes(Damage(cut=cut).of(path.read_bytes()))
    try:
        read = _read(path)
    except UnreadableImage:
        return
    assert read == whole


def test_damage_is_the_same_in_every_run() -> None:
    """And no two draws of flips are alike."""
    content = bytes(range(256)) * 40
    flipped = [Damage(flip=number).of(content) for number in range(50)]
    assert flipped == [Damage(flip=number).of(content) for number in range(50)]
    assert len({*flipped, content}) == 51
    differing = [sum(a != b for a, b in zip(content, one, strict=True)) for one in flipped]
    assert differing.count(1) == 40
    assert max(differing) > 4
    assert [len(Damage(cut=cut).of(content)) for cut in CUTS] == [1024, 4096, 6144, 9216, 10137]
    assert len(all_damage()) == 205


def _told(*digests: str, axes: dict[str, int], shape: tuple[int, int, int] = (4, 5, 1)) -> list[Any]:
    return [[axes, "<u2", list(shape), list(digests)]]


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (_told("a", "b", axes={"Z": 2}), "same"),
        (_told("a", "c", axes={"Z": 2}), "pixels"),
        (_told("a", "b", axes={"C": 2}), "places"),
        (_told("a", axes={"Z": 1}), "silent"),
        (_told("a", "b", axes={"Z": 2}, shape=(4, 6, 1)), "silent"),
        ([], "silent"),
        ("refused", "refused"),
        ("IndexError: list index out of range", "IndexError"),
        ("ended by signal 11", "ended by signal 11"),
    ],
)
def test_what_is_read_is_held_against_the_whole_file(read: Any, word: str) -> None:
    """A lost plane and one of another size are faults, and so is any end but a refusal."""
    whole = _told("a", "b", axes={"Z": 2})
    outcome = Outcome(sample=Path("a"), damage=Damage(cut=10), word=damage.word_for(whole, read), seconds=0.1)
    assert outcome.word.startswith(word)
    assert outcome.is_fault is (word not in damage.WORDS)


def test_a_lost_plane_that_is_reported_is_no_fault() -> None:
    """The curator is told by the checks of the file's structure."""
    whole = _told("a", "b", axes={"Z": 2})
    assert damage.word_for(whole, _told("a", axes={"Z": 1}), is_reported=True) == "reported"
    assert damage.word_for(whole, whole, is_reported=True) == "same"


def test_too_long_is_a_fault() -> None:
    """Whatever came of it."""
    assert Outcome(sample=Path("a"), damage=Damage(cut=10), word="refused", seconds=60.0).is_fault
