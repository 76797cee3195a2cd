"""The documentation says what the program does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.cli.app import GROUPS
from docs.generate import rules_page
from tests.recording import Ran

ROOT = Path(__file__).resolve().parents[1]


def test_the_page_of_rules_is_up_to_date() -> None:
    """Run `make docs` after changing a rule."""
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rules_page()


def test_the_readme_names_every_command_and_no_other() -> None:
    """Every command shown in the README exists, and none is missing."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)(?:^ {4}(?:\$ |\S*/)?|`)confocal-bag ([a-z]+)", text))
    commands = {name for group in GROUPS.values() for name in group}
    assert named <= commands
    assert commands - named <= {"demo", "doctor"}
    assert "make demo" in text
    assert "make test" in text


def test_every_page_that_a_page_points_to_exists() -> None:
    """No dead links between the pages of the project."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_the_demonstration_ends_as_the_readme_shows_it(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line by line; three dots stand for what is left out."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"`make demo` ends like this:\n\n((?:(?: {4}.*)?\n)+?)\n*(?=\S)", readme)
    assert shown
    lines = [line.removeprefix("    ") for line in shown[1].rstrip().splitlines()]
    assert len(lines) > 10
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n" for line in lines
    )
    monkeypatch.chdir(tmp_path)
    printed = run("demo", "demo").out
    assert re.search(rf"(?m)^{pattern}\Z", printed), printed[-2000:]
