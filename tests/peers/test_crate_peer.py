"""What roc-validator says of our RO-Crates."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from confocal_bag.deposit.exports.rocrate import render_crate
from tests.deposit.exports.exported import facts
from tests.peers.conftest import DEFAULT, VARIABLE

DRIVER = Path(__file__).with_name("crate_driver.py")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def validator() -> Path:
    """The Python that has roc-validator; the test is skipped where there is none."""
    python = Path(os.environ.get(VARIABLE) or DEFAULT) / "bin" / "python"
    if (
        not python.exists()
        or subprocess.run([python, "-c", "import rocrate_validator, rocrate"], check=False).returncode
    ):
        pytest.skip(f"roc-validator is not installed: {python}; `make peers` installs it, {VARIABLE} names another")
    return python


def issues(python: Path, crate: Path, cache: Path) -> str:
    """What the validator has against a crate."""
    ran = subprocess.run([python, DRIVER, crate, cache], check=True, capture_output=True, text=True, timeout=120)
    return ran.stdout


def test_the_crate_of_a_bag_is_accepted(built: Path, validator: Path, tmp_path: Path) -> None:
    """The payload of a bag is a valid RO-Crate 1.1."""
    assert issues(validator, built / "data", tmp_path / "cache") == ""


def test_a_crate_without_a_date_is_not(validator: Path, tmp_path: Path) -> None:
    """The validator is awake: it names what is missing."""
    told = facts()
    for row in told.files:
        path = tmp_path / "crate" / row.path.removeprefix("data/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    document = tmp_path / "crate/ro-crate-metadata.json"
    document.write_bytes(render_crate(told))
    assert issues(validator, tmp_path / "crate", tmp_path / "cache") == ""
    spoilt = json.loads(document.read_bytes())
    (root,) = [one for one in spoilt["@graph"] if one["@id"] == "./"]
    del root["datePublished"]
    document.write_text(json.dumps(spoilt))
    assert "datePublished" in issues(validator, tmp_path / "crate", tmp_path / "cache")
