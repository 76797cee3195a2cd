"""Damaged real files are read whole or refused, in bounded time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".czi", ".nd2", ".lif", ".oib", ".lsm", ".tif"])
def test_damaged_files_are_read_or_refused(shared: Path, suffix: str) -> None:
    """Thirty of each format, the same in every run; a larger number is a matter of patience."""
    command = [sys.executable, "-m", "tests.image.mutants", str(shared / "samples"), "30", "0", suffix]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{suffix}: 30 read" in done.stdout
