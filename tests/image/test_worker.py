"""Whatever happens in a guarded process costs one task, with a sentence, and nothing else."""

import fcntl
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Event

import pytest

from confocal_bag.findings import CannotFinish
from confocal_bag.image import worker
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.worker import Limits, in_order
from tests.image import hostile

ROOT = Path(__file__).resolve().parents[2]
SMALL = Limits(seconds=2, bytes=2 << 30)

GiB = 1 << 30


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to read."""
    path = tmp_path / "cell.lsm"
    path.write_bytes(b"II")
    return path


def wait_until_free(path: Path) -> None:
    """Come back when the process that held the lock on a file is gone."""
    with path.open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)


def test_a_result_comes_back(file: Path) -> None:
    """The plain case."""
    assert worker.run(hostile.name, file) == "cell.lsm"


def test_one_process_serves_many_files(file: Path) -> None:
    """Starting a process for each would take longer than reading."""
    assert len({worker.run(hostile.process_id, file) for _ in range(5)}) == 1


def test_a_crash_is_a_sentence_and_the_next_file_is_read(file: Path) -> None:
    """The process is replaced."""
    with pytest.raises(UnreadableImage, match=r"cell\.lsm cannot be read: the process that read it crashed"):
        worker.run(hostile.crash, file)
    assert worker.run(hostile.name, file) == "cell.lsm"


@pytest.mark.slow
def test_a_hang_ends_with_the_process(file: Path) -> None:
    """The sentence says how long nothing came."""
    with pytest.raises(UnreadableImage, match="nothing came of it for"):
        worker.run(hostile.hang, file, limits=SMALL)
    wait_until_free(file)


@pytest.mark.slow
def test_slow_is_not_hanging(file: Path) -> None:
    """The limit is on time without progress, not on time."""
    assert worker.run(hostile.go_on_beating, file, times=8, seconds=0.4, limits=SMALL) == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_memory_has_a_limit(file: Path) -> None:
    """More is refused, less is not."""
    patient = Limits(seconds=60, bytes=SMALL.bytes)
    assert worker.run(hostile.swell, file, size=GiB, limits=patient) == GiB
    with pytest.raises(UnreadableImage, match="asks for more than 2147483648 bytes of memory"):
        worker.run(hostile.swell, file, size=3 * GiB, limits=patient)


def test_what_a_reader_says_passes_through(file: Path) -> None:
    """The sentence is the reader's own, and the process goes on."""
    before = worker.run(hostile.process_id, file)
    with pytest.raises(UnreadableImage, match=r"^cell\.lsm is damaged\.$"):
        worker.run(hostile.refuse, file)
    assert worker.run(hostile.process_id, file) == before


def test_decoders_do_not_spoil_the_output(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to the results."""
    assert worker.run(hostile.print_noise, file) == "quiet"
    assert capfd.readouterr() == ("", "")


def test_an_interruption_ends_the_process(file: Path) -> None:
    """Here it comes while progress is told."""

    def interrupt(size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.run(hostile.hang, file, on_bytes=interrupt)
    wait_until_free(file)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_stays_behind(file: Path, how: signal.Signals) -> None:
    """Whether the program is interrupted or killed."""
    program = (
        "import sys; from pathlib import Path; from confocal_bag.image import worker; from tests.image import hostile; "
        "worker.run(hostile.hang, Path(sys.argv[1]), on_bytes=lambda size: print(size, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, file], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"1\n"
        running.send_signal(how)
        assert running.wait() != 0
    wait_until_free(file)


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.2, 0.4])
def test_a_program_killed_while_a_process_begins_leaves_nobody_who_holds_its_output(file: Path, delay: float) -> None:
    """Else whoever reads that output, a pipe or a shell, would wait for ever."""
    program = (
        "import os, signal, sys; from pathlib import Path; from threading import Timer; "
        "from confocal_bag.image import worker; from tests.image import hostile; "
        "Timer(float(sys.argv[2]), os.kill, (os.getpid(), signal.SIGKILL)).start(); "
        "worker.run(hostile.hang, Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", program, str(file), str(delay)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        running.communicate(timeout=30)
        assert running.returncode == -signal.SIGKILL
    wait_until_free(file)


def test_limits_grow_with_the_file(tmp_path: Path) -> None:
    """A terabyte may take hours; a file that is not there is the business of whoever opens it."""
    large = tmp_path / "large.czi"
    with large.open("wb") as stream:
        stream.truncate(1 << 40)
    assert Limits.of(large).seconds > 10 * 3600
    assert Limits.of(tmp_path / "gone").seconds < 300
    assert Limits.of(large).bytes > Limits.of(tmp_path / "gone").bytes


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(file: Path, jobs: int) -> None:
    """However many are under way."""
    names = [file.with_name(f"{number}.lsm") for number in range(40)]
    found = in_order(lambda path: worker.run(hostile.name, path), names, jobs=jobs)
    assert list(found) == [path.name for path in names]


def test_several_are_under_way_at_once() -> None:
    """Each waits for the other."""
    barrier = Barrier(2, timeout=60)
    assert sorted(in_order(lambda _: barrier.wait(), range(2), jobs=2)) == [0, 1]


def test_not_all_items_are_taken_at_once() -> None:
    """A list of millions is worked through as it is read."""
    taken = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = in_order(str, items(), jobs=2)
    assert next(results) == "0"
    assert len(taken) < 20
    results.close()  # type: ignore[attr-defined]


def test_a_failure_ends_the_others(file: Path, tmp_path: Path) -> None:
    """Nobody waits for files whose results are no longer wanted."""

    def one(path: Path) -> str:
        if path is file:
            return str(worker.run(hostile.hang, path))
        worker.run(hostile.refuse, path)
        return ""

    with pytest.raises(UnreadableImage, match="damaged"):
        list(in_order(one, [tmp_path / "a.lsm", file], jobs=2))
    wait_until_free(file)


def test_whoever_waits_for_what_was_stopped_is_told(file: Path) -> None:
    """In words that accuse no file."""

    def one(path: Path) -> str:
        try:
            worker.run(hostile.hang, path, on_bytes=lambda _: begun.set())
        except CannotFinish as problem:
            told.append(problem)
        return ""

    told: list[CannotFinish] = []
    begun = Event()
    results = in_order(one, iter_then_fail(file, begun), jobs=2)
    with pytest.raises(LookupError):
        list(results)
    assert [type(problem) for problem in told] == [CannotFinish]


def iter_then_fail(file: Path, begun: Event) -> Iterator[Path]:
    """One file, and a failure when it is being read."""
    yield file
    begun.wait()
    raise LookupError


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a group of processes")
def test_an_interruption_leaves_a_process_that_begins_alone(file: Path) -> None:
    """Ctrl-C goes to all processes of a terminal; one that is still being loaded must not print a trace."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from confocal_bag.image import worker\n"
        "from tests.image import hostile\n"
        "worker.prepare()\n"
        "try:\n"
        "    os.killpg(0, signal.SIGINT)\n"
        "    signal.pause()\n"
        "except KeyboardInterrupt:\n"
        "    print(worker.run(hostile.process_id, Path(sys.argv[1])) != os.getpid())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], cwd=ROOT, capture_output=True, start_new_session=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"True\n", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a group of processes")
def test_an_interruption_while_the_program_is_loaded_leaves_no_trace(tmp_path: Path) -> None:
    """It comes while the commands are imported, from a module that stands in for one of them."""
    (tmp_path / "typer.py").write_text("import os, signal\nos.killpg(0, signal.SIGINT)\nraise AssertionError\n")
    done = subprocess.run(
        [sys.executable, "-m", "confocal_bag", "--help"],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_a_process_that_was_prepared_serves_the_first_file(file: Path) -> None:
    """It has loaded what images need by then; preparing once more starts no other."""
    worker.stop()
    worker.prepare()
    worker.prepare()
    assert "ome_types" in worker.run(hostile.loaded, file)
    assert len({worker.run(hostile.process_id, file) for _ in range(3)}) == 1


def test_relative_paths_are_meant_from_where_the_program_is_now(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process may have begun while the program worked in another folder."""
    assert worker.run(Path.exists, file)
    (file.parent / "below").mkdir()
    (file.parent / "below/other.lsm").write_bytes(b"II")
    for folder, name in ((file.parent, "cell.lsm"), (file.parent / "below", "other.lsm")):
        monkeypatch.chdir(folder)
        assert worker.run(Path.exists, Path(name))
