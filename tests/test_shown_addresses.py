"""Passwords in addresses, which no report repeats."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.findings import readable_path
from tests.bag.bags import make_bag
from tests.recording import Ran

Run = Callable[..., Ran]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("sftp://me:geheim@host/bag", "sftp://me:***@host/bag"),
        (Path("sftp://me:geheim@host/bag"), "sftp://me:***@host/bag"),
        ("s3://key:ge/he@im@bucket/x", "s3://key:***@bucket/x"),
        ("https://me:geheim@host/bag", "https://me:***@host/bag"),
        ("sftp://me@host:2222/a:b@c", "sftp://me@host:2222/a:b@c"),
        ("sftp://host:22/a@b", "sftp://host:22/a@b"),
        ("sftp://[::1]:22/a@b", "sftp://[::1]:22/a@b"),
        ("s3://bucket/a:b@c", "s3://bucket/a:b@c"),
        ("folder/a:b@c", "folder/a:b@c"),
        ("C:/a:b@c", "C:/a:b@c"),
    ],
)
def test_only_the_password_of_an_address_is_left_out(path: str | Path, shown: str) -> None:
    """Ports and at signs in names stay."""
    assert readable_path(path) == shown


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit", "html"])
def test_no_format_shows_a_password(tmp_path: Path, run: Run, form: str) -> None:
    """A list may hold an address that is refused for its password; the bag after it is judged."""
    bag = make_bag(tmp_path / "good")
    (tmp_path / "list").write_text(f"sftp://me:geheim@host/bag\n{bag}\n", encoding="utf-8")
    ran = run("validate", "--from", tmp_path / "list", "--format", form)
    assert ran.code == 3
    assert "geheim" not in ran.out + ran.err
    assert "me:***@host" in ran.out
    if form == "json":
        assert [one["verdict"] for one in json.loads(ran.out)] == ["incomplete", "valid"]
