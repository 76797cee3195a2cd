"""What every test has: the samples where they are, watched deposits, a command-line runner, a record of rules seen."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import make, recording
from tests.recording import Ran

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

recording.start()

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes that run tests side by side has ended: take over what it saw."""
    recording.take_over(getattr(node, "workeroutput", {}).get("seen", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what was seen; where all tests ran in several processes, fail unless every rule was seen both ways."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["seen"] = recording.written()
        return
    chosen = config.option.keyword or config.option.markexpr
    if chosen or not config.getoption("numprocesses", None) or config.args_source is not config.ArgsSource.TESTPATHS:
        return
    unseen = recording.unseen()
    if unseen:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        sys.stderr.write(f"\nThese rules were not seen both to pass and to fail: {unseen}\n")


@pytest.fixture
def shared() -> Path:
    """The folder of real files and reference data; the test is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared reference files is not beside this checkout")
    return SHARED


@pytest.fixture
def deposit(tmp_path: Path) -> Iterator[Callable[[Callable[[Path], Path]], Path]]:
    """Make a deposit that must be the same, byte for byte and time for time, when the test ends."""
    before: dict[Path, dict[str, tuple[bytes | str, int, int]]] = {}

    def watch(maker: Callable[[Path], Path]) -> Path:
        folder = maker(tmp_path / "deposit")
        before[folder] = make.snapshot(folder)
        return folder

    yield watch
    for folder, contents in before.items():
        assert make.snapshot(folder) == contents, f"the test changed its deposit {folder}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run `confocal-bag` in this process."""
    from confocal_bag.cli.app import main

    def command(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["confocal-bag", *(str(argument) for argument in arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(code=int(ended.value.code or 0), out=printed.out, err=printed.err)

    return command


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One bag of the demonstration deposit, for all tests."""
    from confocal_bag.build import build_bag

    folder = tmp_path_factory.mktemp("built")
    build_bag(make.demo_deposit(folder / "deposit"), folder / "bag")
    return folder / "bag"


@pytest.fixture
def bag(built: Path, tmp_path: Path) -> Path:
    """A copy of the bag to spoil."""
    return shutil.copytree(built, tmp_path / "bag")
