"""Bad input gets a sentence and an exit code, and nothing is lost or left behind."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]


def spoiled(name: str, spoil: Callable[[Path], None]) -> Callable[[Path], Path]:
    """A small deposit with one thing wrong."""

    def maker(folder: Path) -> Path:
        make.small_deposit(folder)
        spoil(folder)
        return folder

    maker.__name__ = name
    return maker


def raw_name(folder: Path, name: bytes) -> Path:
    """A path whose name is given in bytes."""
    return Path(os.fsdecode(os.fsencode(folder) + b"/" + name))


def truncate(folder: Path) -> None:
    """Cut the vendor file to six tenths."""
    path = folder / "cells.lsm"
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])


def collide(folder: Path) -> None:
    """Two names that differ by Unicode form."""
    (folder / "caf\u00e9.txt").write_text("a")
    (folder / "cafe\u0301.txt").write_text("b")


#: what is wrong, how to make it, the rule that says so, a word of the sentence
SPOILED = [
    (
        "link-inside",
        lambda folder: (folder / "l.lsm").symlink_to("cells.lsm"),
        "deposit.symbolic-link",
        "symbolic link",
    ),
    ("link-outside", lambda folder: (folder / "l").symlink_to("/etc/passwd"), "deposit.symbolic-link", "/etc/passwd"),
    ("link-dangling", lambda folder: (folder / "l").symlink_to("gone"), "deposit.symbolic-link", "gone"),
    ("fifo", lambda folder: os.mkfifo(folder / "pipe"), "deposit.special-file", "named pipe"),
    ("not-utf8", lambda folder: raw_name(folder, b"caf\xe9.txt").write_text("x"), "deposit.name-not-utf8", "\\xe9"),
    ("case", lambda folder: (folder / "NOTES.txt").write_text("x"), "deposit.names-collide", "letter case"),
    ("unicode", collide, "deposit.names-collide", "Unicode form"),
    ("backslash", lambda folder: raw_name(folder, b"a\\..\\b").write_text("x"), "deposit.name-unsafe", "parent folder"),
    ("truncated", truncate, "image.unreadable", "cells.lsm"),
    (
        "text-called-czi",
        lambda folder: (folder / "n.czi").write_text("hello"),
        "image.extension-disagrees",
        "Plain text",
    ),
    ("zero-bytes", lambda folder: (folder / "z.nd2").touch(), "deposit.empty-file", "0 bytes"),
]


@pytest.mark.parametrize(("name", "spoil", "rule", "word"), SPOILED, ids=[case[0] for case in SPOILED])
def test_a_spoiled_deposit_is_refused_with_a_sentence(
    name: str, spoil: Callable[[Path], None], rule: str, word: str, deposit: Watch, run: Run, tmp_path: Path
) -> None:
    """The rule names the file; no bag and no leftovers appear; the deposit stays as it was."""
    source = deposit(spoiled(name, spoil))
    ran = run("build", source, tmp_path / "bag", "--level", "minimum")
    assert ran.code == 1
    assert f"error   {rule}" in ran.out
    assert word in ran.out
    assert [path.name for path in tmp_path.iterdir()] == ["deposit"]


HARMLESS_IN_A_DRAFT = [case for case in SPOILED if case[0] not in ("not-utf8", "backslash")]


@pytest.mark.parametrize(
    ("name", "spoil"), [case[:2] for case in HARMLESS_IN_A_DRAFT], ids=[case[0] for case in HARMLESS_IN_A_DRAFT]
)
def test_a_draft_of_a_spoiled_deposit_is_a_valid_bag(
    name: str, spoil: Callable[[Path], None], deposit: Watch, run: Run, tmp_path: Path
) -> None:
    """Every file is in it as it came, and what was left out is listed."""
    source = deposit(spoiled(name, spoil))
    assert run("build", "--draft", source, tmp_path / "bag").code == 0
    assert run("validate", "--pixels", tmp_path / "bag").code == 0
    kept = sorted(path.read_bytes() for path in source.rglob("*") if path.is_file() and not path.is_symlink())
    bagged = [path.read_bytes() for path in (tmp_path / "bag/data").rglob("*") if path.is_file()]
    assert all(content in bagged for content in kept)
    if name in ("link-outside", "link-dangling", "fifo"):
        assert "not followed" in (tmp_path / "bag/data/readme/README.txt").read_text() or name == "fifo"


@pytest.mark.parametrize("name", ["not-utf8", "backslash"])
def test_what_no_manifest_can_name_is_refused_even_in_a_draft(
    name: str, deposit: Watch, run: Run, tmp_path: Path
) -> None:
    """Such a bag could not be valid."""
    spoil = next(case[1] for case in SPOILED if case[0] == name)
    ran = run("build", "--draft", deposit(spoiled(name, spoil)), tmp_path / "bag")
    assert ran.code == 1
    assert not (tmp_path / "bag").exists()


def test_a_vendor_file_with_the_wrong_extension_is_still_read(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """It is named for what it is, warned about, and converted."""

    def maker(folder: Path) -> Path:
        make.lsm(folder / "cells.tif")
        return folder

    ran = run("build", "--draft", deposit(maker), tmp_path / "bag")
    assert ran.code == 0
    assert "Zeiss LSM by its bytes" in ran.out
    assert (tmp_path / "bag/data/transformed/cells.tif.ome.tiff").is_file()


def test_an_unreadable_file_is_named(deposit: Watch, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may not read a file is told which, and nothing is built, not even a draft."""
    source = deposit(make.small_deposit)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("notes.txt") and allowed(path, mode))
    ran = run("build", "--draft", source, tmp_path / "bag")
    assert ran.code == 1
    assert "notes.txt cannot be read: Permission denied" in ran.out
    assert not (tmp_path / "bag").exists()


#: the arguments after the command, the exit code, a word of the sentence
REFUSED = [
    (["inspect", "{tmp}/nowhere"], "no folder"),
    (["inspect", "{tmp}/empty"], "holds no files"),
    (["inspect", "{deposit}/notes.txt"], "is a file"),
    (["inspect", "{tmp}/bagged"], "already a BagIt bag"),
    (["build", "{tmp}/nowhere", "{tmp}/bag"], "no folder"),
    (["build", "{tmp}/empty", "{tmp}/bag"], "holds no files"),
    (["build", "{deposit}/notes.txt", "{tmp}/bag"], "is a file"),
    (["build", "{tmp}/bagged", "{tmp}/bag"], "already a BagIt bag"),
    (["build", "{deposit}", "{tmp}/bagged"], "already exists"),
    (["build", "{deposit}", "{deposit}/bag"], "inside the deposit"),
    (["build", "{deposit}", "{tmp}/no/such/parent/bag"], "parent"),
    (["validate", "{tmp}/nowhere"], "nowhere"),
    (["convert", "{tmp}/nowhere.czi", "{tmp}/out"], "nowhere.czi"),
    (["convert", "{deposit}/notes.txt", "{tmp}/out"], "notes.txt"),
    (["sequences", "{tmp}/nowhere"], "no folder"),
    (["sequences", "--names-from", "{tmp}/nowhere"], "cannot be read"),
    (["describe", "{tmp}/nowhere"], "no folder"),
]


@pytest.mark.parametrize(("arguments", "word"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_what_cannot_be_done_gets_one_sentence_and_exit_code_3(
    arguments: list[str], word: str, deposit: Watch, run: Run, tmp_path: Path
) -> None:
    """On standard error, with no trace, and nothing appears or changes."""
    source = deposit(make.small_deposit)
    (tmp_path / "empty").mkdir()
    (tmp_path / "bagged").mkdir()
    (tmp_path / "bagged/bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    ran = run(*(argument.format(tmp=tmp_path, deposit=source) for argument in arguments))
    assert ran.code == 3, ran
    assert word in ran.err
    assert ran.err.startswith("confocal-bag: ")
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert not (tmp_path / "bag").exists()


def test_wrong_usage_gets_exit_code_2(run: Run) -> None:
    """As every command-line tool does."""
    for arguments in (
        ["build"],
        ["inspect", "--no-such-option"],
        ["sequences"],
        ["convert", "one"],
        ["no-such-command"],
        ["profiles", "no-such-profile"],
        ["explain", "bag.no-such-rule"],
    ):
        assert run(*arguments).code == 2


def test_a_full_disk_leaves_nothing_and_says_so(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """The destination does not appear, the deposit is untouched, the sentence says what to do."""
    source = deposit(make.demo_deposit)
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here (this needs root)")
    try:
        ran = run("build", source, disk / "bag")
        assert ran.code == 3
        assert "space" in ran.err
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_write_error_while_copying_is_a_sentence(
    deposit: Watch, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same without root: the system reports a full disk in the middle of a copy."""
    import errno

    source = deposit(make.small_deposit)
    honest = os.write

    def full(descriptor: int, data: bytes) -> int:
        if b"Mouse fibroblasts" in bytes(data[:100]):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return honest(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    ran = run("build", "--draft", source, tmp_path / "bag")
    assert ran.code == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [".bag.confocal-bag-staging", "deposit"]
