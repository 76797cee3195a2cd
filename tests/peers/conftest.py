"""The other tools: where they are, and one bdbag for all tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.peers.opinions import Bdbag, running_bdbag

#: The environment that `make peers` sets up; another one may be named in the variable.
VARIABLE = "CONFOCAL_BAG_PEERS"
DEFAULT = Path(__file__).resolve().parents[2] / "build" / "peers"


#: A file system in memory: the tests make thousands of tiny files, and are not about disks.
MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, or on disk where the system offers none."""
    parent = MEMORY if os.access(MEMORY, os.W_OK) else tmp_path_factory.getbasetemp()
    with TemporaryDirectory(prefix="confocal-bag-peers-", dir=parent) as folder:
        yield Path(folder)


@pytest.fixture
def shelf(memory: Path) -> Iterator[Path]:
    """An empty folder for one test."""
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def bdbag(memory: Path) -> Iterator[Bdbag]:
    """A running bdbag; the test is skipped where it is not installed."""
    python = Path(os.environ.get(VARIABLE) or DEFAULT) / "bin" / "python"
    if not python.exists():
        pytest.skip(f"bdbag is not installed: no {python}; `make peers` installs it, {VARIABLE} names another")
    (memory / "home").mkdir()
    with running_bdbag(python, memory / "home") as peer:
        yield peer
