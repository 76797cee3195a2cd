"""Every help page fits a screen, and names only what there is."""

import re
from collections.abc import Callable

import pytest

from confocal_bag.cli.app import GROUPS
from tests.recording import Ran

COMMANDS = [name for group in GROUPS.values() for name in group]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_help_page_has_at_most_fifty_lines(command: str, run: Callable[..., Ran]) -> None:
    """Of eighty columns; each option with a word on what it does."""
    ran = run(command, "--help")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 80
    options = re.findall(r"^  (?:-\w, )?--[\w-]+.*", ran.out, re.MULTILINE)
    assert options
    assert not [one for one in options if re.search(r"<list\[|range>", one)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_help_page_names_every_choice(command: str, run: Callable[..., Ran]) -> None:
    """A metavar in capitals hides what may be written; the words say it."""
    words = " ".join(run(command, "--help").out.split())
    for option, choices in (
        ("--format FORMAT text", ("json", "jsonl", "csv", "junit", "html")),
        ("--fail-on", ("error", "warning", "advice", "never")),
        ("--level", ("minimum", "good-enough", "most-reproducible")),
        ("--compression", ("none", "deflate", "lzw", "zstd")),
        ("--stacks", ("keep", "compile", "both")),
        ("--as", ("folder", "zip", "tar", "tar.gz", "tar.zst")),
    ):
        if f" {option} " in words:
            said = words.partition(f" {option} ")[2].partition(" --")[0]
            assert not [choice for choice in choices if choice not in f"{option} {said}"]
