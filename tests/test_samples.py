"""The whole way with real vendor files, where they are beside the checkout."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import Severity, Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.conftest import SHARED

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def samples_bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft bag of all samples; the deposit must be the same afterwards, byte for byte and time for time."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared reference files is not beside this checkout")
    folder = tmp_path_factory.mktemp("samples")
    deposit = folder / "deposit"
    shutil.copytree(SHARED / "samples", deposit)
    before = make.snapshot(deposit)
    build_bag(deposit, folder / "bag", BuildOptions(draft=True))
    assert make.snapshot(deposit) == before
    return folder / "bag"


def test_a_bag_of_every_sample_is_valid_for_everybody(samples_bag: Path) -> None:
    """The reference implementation, our rules, and every plane."""
    ran = subprocess.run([sys.executable, "-m", "bagit", "--validate", samples_bag], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    report = validate_bag(samples_bag, pixels=True)
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert {finding.rule for finding in report.findings} <= {"profile.bag-info-required", "profile.bag-info-values"}


def test_every_vendor_file_has_its_copies_with_all_planes(samples_bag: Path) -> None:
    """As many series and planes as the reference counts."""
    events = (samples_bag / "data/metadata/events.jsonl").read_text().splitlines()
    migrations = [event for event in map(json.loads, events) if event["type"] == "migration"]
    made: dict[str, list[int]] = {}
    for event in migrations:
        made.setdefault(event["objects"][0]["path"].removeprefix("data/raw/"), []).append(
            int(event["outcome"].split()[0])
        )
    expected = {}
    for path in (SHARED / "samples/expected").glob("*.planes.json"):
        reference = json.loads(path.read_text())
        if not reference["file"].startswith(("ome-tiff/", "tiff/")):
            expected[reference["file"]] = [series["n_planes"] for series in reference["series"]]
    # One of them lies in a zip file too.
    expected["zip/38_mixture.lsm.zip"] = expected["lsm/phasorpy_38_mixture.lsm"]
    assert made == expected


def test_a_flipped_byte_in_any_file_is_found(samples_bag: Path) -> None:
    """A file of each kind, at a random place."""
    chosen = random.Random(20190417)
    files = sorted(path for path in samples_bag.rglob("*") if path.is_file() and path.stat().st_size)
    for path in chosen.sample(files, 12):
        content = path.read_bytes()
        place = chosen.randrange(len(content))
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        report = validate_bag(samples_bag)
        path.write_bytes(content)
        name = str(path.relative_to(samples_bag))
        errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
        assert any(name in (finding.path or "") or name in finding.message for finding in errors), name


def test_the_sidecars_of_the_bag_say_nothing_wrong_and_invent_nothing(samples_bag: Path) -> None:
    """By the judge that knows what each file records."""
    judge = SHARED / "corpora/metadata/judge.py"
    command = [sys.executable, str(judge), str(samples_bag / "data/metadata/ome"), "--only-present", "--min", "0.95"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "wrong 0  invented 0" in ran.stdout
