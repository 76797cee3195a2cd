"""Many tasks in processes that may die."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from confocal_bag.side_by_side import side_by_side


def double(number: int) -> int:
    """Twice the number; 13 is refused."""
    if number == 13:
        raise ValueError(number)
    return 2 * number


def die_once(place: tuple[Path, int]) -> int:
    """Kill the process it is in, of number 3 the first time, of number 5 every time."""
    folder, number = place
    mark = folder / f"{number}"
    if number == 5 or (number == 3 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def wait_for_ever(folder: Path) -> None:
    """Say that it began, and when it ended in order."""
    (folder / f"{os.getpid()}.begun").touch()
    try:
        time.sleep(600)
    finally:
        (folder / f"{os.getpid()}.ended").touch()


def read_guarded(path: Path) -> int:
    """Start a guarded process, as images are read in."""
    from confocal_bag.image.worker import pool

    return pool.run(size_of, path)


def size_of(path: Path) -> int:
    """The bytes of a file."""
    return path.stat().st_size


def test_every_item_comes_back_with_its_result_or_its_error() -> None:
    """In whatever order."""
    done = dict(side_by_side(double, range(30), jobs=2))
    assert {number: future.result() for number, future in done.items() if number != 13} == {
        number: 2 * number for number in range(30) if number != 13
    }
    assert isinstance(done[13].exception(), ValueError)


def test_items_are_asked_for_when_they_can_begin_and_not_before() -> None:
    """However many there are."""
    asked = 0

    def items() -> Iterator[int]:
        nonlocal asked
        for number in range(1_000_000):
            asked += 1
            yield number

    with ThreadPoolExecutor(2) as executor:
        for finished, _ in enumerate(side_by_side(double, items(), jobs=2, executor=executor), start=1):
            assert asked <= finished + 3
            if finished == 50:
                break


def test_a_process_that_dies_costs_nothing_but_what_kills_it_twice(tmp_path: Path) -> None:
    """What was under way beside it is done again."""
    items = [(tmp_path, number) for number in range(10)]
    done = {item[1]: future.exception() for item, future in side_by_side(die_once, items, jobs=2)}
    assert {number for number, error in done.items() if error is None} == set(range(10)) - {5}
    assert isinstance(done[5], BrokenProcessPool)


def test_processes_that_read_images_end_with_those_they_work_for(tmp_path: Path) -> None:
    """Else the whole would wait for them for ever."""
    (tmp_path / "file").write_bytes(b"12345")
    ((_, future),) = side_by_side(read_guarded, [tmp_path / "file"], jobs=1)
    assert future.result() == 5


@pytest.mark.skipif(os.name != "posix", reason="interrupts of this kind are for POSIX")
def test_an_interruption_ends_what_is_under_way_in_order(tmp_path: Path) -> None:
    """Temporary files are removed by whoever made them."""

    def interrupt() -> Iterator[Path]:
        yield tmp_path
        yield tmp_path
        while len(list(tmp_path.glob("*.begun"))) < 2:
            time.sleep(0.01)  # other processes are at work
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(wait_for_ever, interrupt(), jobs=2))
    assert len(list(tmp_path.glob("*.ended"))) == 2
