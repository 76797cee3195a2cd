"""Templates and profiles are found in a wheel as in a checkout, and two installs are the same."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_a_wheel_holds_templates_and_profiles(tmp_path: Path) -> None:
    """The built package finds its own files with no checkout near."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    assert {f"confocal_bag/profiles/{path.name}" for path in (ROOT / "profiles").glob("*.json")} <= names
    assert {f"confocal_bag/templates/{path.name}" for path in (ROOT / "templates").glob("*.j2")} <= names
    code = (
        "from confocal_bag.resources import profiles_folder, templates_folder\n"
        "print(profiles_folder(), templates_folder())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "installed", capture_output=True, text=True, check=True
    )
    assert found.stdout.count(str(tmp_path / "installed")) == 2


def test_the_package_is_a_command_without_its_script() -> None:
    """`python -m confocal_bag` works where the folder of scripts is not on the PATH."""
    done = subprocess.run(
        [sys.executable, "-m", "confocal_bag", "--version"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "confocal-bag"), done


def test_every_dependency_is_pinned_by_name_and_version_alone() -> None:
    """The constraints name no address."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 80
    for line in lines:
        name, separator, version = line.partition("==")
        assert separator, line
        assert name.replace("-", "").replace("_", "").replace(".", "").isalnum(), line
        assert version.replace(".", "").isalnum(), line
