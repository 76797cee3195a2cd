"""Synthetic deposits and files for the tests; nothing here comes from a real microscope."""

import os
from pathlib import Path

from confocal_bag.demo import make_demo_deposit
from confocal_bag.image.synthetic import cell_stack, write_lsm, write_plane

__all__ = ["demo_deposit", "lsm", "plane_sequence", "small_deposit", "snapshot"]


def lsm(path: Path, *, planes: int = 3, size: int = 24) -> Path:
    """A two-channel z-stack as a Zeiss LSM file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lsm(path, cell_stack(planes=planes, size=size))
    return path


def plane_sequence(folder: Path, *, planes: int = 3, size: int = 24) -> list[Path]:
    """One TIFF per plane, named stack_z001.tif and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"stack_z{number:03d}.tif" for number in range(1, planes + 1)]
    for path, plane in zip(paths, cell_stack(planes=planes, size=size)[:, 0], strict=True):
        write_plane(path, plane)
    return paths


def small_deposit(folder: Path) -> Path:
    """A vendor file, a plane sequence and a note, with no description."""
    folder.mkdir(parents=True)
    lsm(folder / "cells.lsm")
    plane_sequence(folder / "planes")
    (folder / "notes.txt").write_text("Mouse fibroblasts, fixed and stained.\n", encoding="utf-8")
    return folder


def demo_deposit(folder: Path) -> Path:
    """The demonstration deposit: everything the most demanding level asks for."""
    return make_demo_deposit(folder)


def snapshot(folder: Path) -> dict[str, tuple[bytes | str, int, int]]:
    """Content, size and time of change of everything below a folder, links and special files not followed."""
    seen: dict[str, tuple[bytes | str, int, int]] = {}
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(parent, name)
            status = path.lstat()
            regular = path.is_file() and not path.is_symlink()
            content: bytes | str = (
                path.read_bytes() if regular else os.fspath(path.readlink()) if path.is_symlink() else ""
            )
            seen[str(path.relative_to(folder))] = (content, status.st_size, status.st_mtime_ns)
    return seen
