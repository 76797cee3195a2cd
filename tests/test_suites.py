"""Suites of hard bags, judged by the command, by whoever runs the tests and by an ordinary user."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.cli.app import main
from tests.bag.bags import state
from tests.ordinary_user import folder_for, give, run_apart
from tests.recording import Ran

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("ordinary", [False, True], ids=["as-we-are", "ordinary-user"])]

#: Bags of the Library of Congress whose files were never committed: incomplete wherever letter case matters.
IMPOSSIBLE = {"duplicate-file-with-different-case", "special-system-files"}


@pytest.fixture
def place(ordinary: bool) -> Iterator[Path]:  # noqa: FBT001
    """A folder of the user who judges."""
    with folder_for(ordinary=ordinary) as folder:
        yield folder


def command(*arguments: object) -> Ran:
    """Run `confocal-bag`, here."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    sys.argv = ["confocal-bag", *map(str, arguments)]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
            code: Any = 0
        except SystemExit as ended:
            code = ended.code
    return Ran(code=int(code or 0), out=_printed(out), err=_printed(err))


def _printed(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def faults(bag: Path, *options: str, valid: bool, warned: bool, ordinary: bool) -> list[str]:
    """What is wrong with the way the bag is judged."""
    with folder_for(ordinary=ordinary) as work:

        def judge() -> tuple[Ran, object, object]:
            os.chdir(work)
            tempfile.tempdir = os.fspath(work)
            before = _looks(bag.parent)
            return command("validate", *options, bag), before, _looks(bag.parent)

        ran, before, after = run_apart(judge, ordinary=ordinary)
        said = ran.out + ran.err
        found = {
            f"its exit code is {ran.code}: {said[-300:]}": ran.code not in ({0} if valid else {1, 3}),
            "it is judged with a trace": "Traceback" in said,
            "it gets no warning": warned and "warn" not in said.casefold(),
            "it was changed": before != after,
            f"left behind: {[path.name for path in work.iterdir()]}": any(work.iterdir()),
        }
    return [fault for fault, applies in found.items() if applies]


def _looks(folder: Path) -> dict[str, tuple[int, ...]]:
    """Kind, size and time of change of everything below a folder; an archive may be known to have been read."""
    return {path: seen[:3] for path, seen in state(folder).items()}


@pytest.fixture
def conformance(shared: Path, place: Path, ordinary: bool) -> Path:  # noqa: FBT001
    """The bags of the Library of Congress."""
    path = shared / "conformance" / "loc-suite.tar.gz"
    if not path.is_file():
        pytest.skip("the conformance suite is not among the shared reference files")
    with tarfile.open(path) as archive:
        archive.extractall(place, filter="data")
    give(place, ordinary=ordinary)
    return place / "suite"


def test_the_conformance_suite_is_judged_rightly(conformance: Path, *, ordinary: bool) -> None:
    """54 bags, and 6 that only Windows gets wrong; each by its folder, but for two that lack a file."""
    command("validate", conformance / "v1.0/valid/basicBag")
    wrong, seen = {}, 0
    for bag in sorted(path for path in conformance.glob("v*/*/*") if path.is_dir()):
        seen += 1
        category = bag.parent.name
        found = faults(
            bag,
            valid=category in ("valid", "warning") and bag.name not in IMPOSSIBLE,
            warned=category == "warning" and bag.name not in IMPOSSIBLE,
            ordinary=ordinary,
        )
        if found:
            wrong[f"{category}/{bag.name}"] = found
    assert wrong == {}
    assert seen == 60


@pytest.fixture
def adversarial(shared: Path, place: Path, ordinary: bool) -> Path:  # noqa: FBT001
    """The adversarial bags."""
    generator = shared / "conformance/adversarial.py"
    if not generator.is_file():
        pytest.skip("the adversarial bags are not among the shared reference files")
    subprocess.run([sys.executable, generator, place / "made"], check=True, capture_output=True)
    give(place, ordinary=ordinary)
    return place / "made"


def test_the_adversarial_suite_is_judged_rightly(adversarial: Path, *, ordinary: bool) -> None:
    """Folders and archives; where reasonable tools differ, --strict gives the verdict by the letter."""
    cases = json.loads((adversarial / "expected.json").read_text())
    can_be_kept_out = ordinary or os.geteuid() != 0
    judged = {name: case for name, case in cases.items() if can_be_kept_out or not case.get("nonroot")}
    wrong = {}
    for name, case in judged.items():
        for options, expected in (((), case["expect"]), (("--strict",), case.get("strict") or case["expect"])):
            found = faults(
                adversarial / case["path"],
                *options,
                valid=expected != "invalid",
                warned=expected == "warning",
                ordinary=ordinary,
            )
            if found:
                wrong[" ".join([name, *options])] = found
    assert wrong == {}
    assert len(judged) >= 119
