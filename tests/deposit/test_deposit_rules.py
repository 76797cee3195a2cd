"""What is wrong with a deposit as it came: a good case and a bad case for each rule."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.rules import check_deposit
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import Finding, Severity
from tests import make

Spoil = Callable[[Path], object]


def findings(folder: Path) -> list[Finding]:
    """What the rules say of a folder."""
    deposit = open_deposit(folder)
    return check_deposit(deposit, take_inventory(deposit))[1]


def swap_case(folder: Path) -> None:
    """A second name that differs by letter case."""
    (folder / "Notes.TXT").write_text("x")


#: the rule, one mutation that breaks it, the severity, the path it must name
CASES: list[tuple[str, Spoil, Severity, str]] = [
    ("deposit.symbolic-link", lambda f: (f / "l").symlink_to("notes.txt"), Severity.ERROR, "l"),
    ("deposit.special-file", lambda f: os.mkfifo(f / "p"), Severity.ERROR, "p"),
    ("deposit.names-collide", swap_case, Severity.ERROR, "notes.txt"),
    ("deposit.name-awkward", lambda f: (f / "a ").write_text("x"), Severity.WARNING, "a "),
    ("deposit.name-awkward", lambda f: (f / "aux.txt").write_text("x"), Severity.WARNING, "aux.txt"),
    ("deposit.name-awkward", lambda f: (f / "a:b").write_text("x"), Severity.WARNING, "a:b"),
    ("deposit.empty-file", lambda f: (f / "e.txt").touch(), Severity.WARNING, "e.txt"),
    ("deposit.empty-folder", lambda f: (f / "e").mkdir(), Severity.INFO, "e"),
    ("deposit.litter", lambda f: (f / ".DS_Store").write_text("x"), Severity.INFO, ".DS_Store"),
    (
        "deposit.same-content",
        lambda f: (f / "z.txt").write_bytes((f / "notes.txt").read_bytes()),
        Severity.ADVICE,
        "z.txt",
    ),
    ("tier.unknown-format", lambda f: (f / "x.xyz").write_bytes(b"\x01\x02\xff"), Severity.ADVICE, "x.xyz"),
    ("image.extension-disagrees", lambda f: (f / "cells.lsm").rename(f / "cells.tif"), Severity.WARNING, "cells.tif"),
]


def test_a_sound_deposit_has_no_findings(tmp_path: Path) -> None:
    """None of the rules speaks without a reason."""
    assert findings(make.small_deposit(tmp_path / "deposit")) == []


@pytest.mark.parametrize(("rule", "spoil", "severity", "path"), CASES, ids=[f"{case[0]}-{case[3]}" for case in CASES])
def test_one_thing_wrong_gives_one_finding(
    rule: str, spoil: Spoil, severity: Severity, path: str, tmp_path: Path
) -> None:
    """Of its own rule, with a sentence that names the file."""
    folder = make.small_deposit(tmp_path / "deposit")
    spoil(folder)
    (found,) = findings(folder)
    assert (found.rule, found.severity, found.path) == (rule, severity, path)
    assert path in found.message


def test_left_out_things_are_listed_with_the_reason(tmp_path: Path) -> None:
    """Nothing is dropped in silence."""
    folder = make.small_deposit(tmp_path / "deposit")
    (folder / "Thumbs.db").write_text("x")
    (folder / "empty").mkdir()
    (folder / "link").symlink_to("notes.txt")
    inventory = take_inventory(open_deposit(folder))
    reasons = {str(one.path): one.reason for one in inventory.left_out}
    assert reasons.keys() == {"Thumbs.db", "empty", "link"}
    assert "litter" in reasons["Thumbs.db"]
    assert "links are not followed" in reasons["link"]


def test_a_deposit_is_looked_at_without_a_trace(tmp_path: Path) -> None:
    """Neither content nor times change, whatever is read."""
    folder = make.demo_deposit(tmp_path / "deposit")
    before = make.snapshot(folder)
    take_inventory(open_deposit(folder))
    assert make.snapshot(folder) == before
