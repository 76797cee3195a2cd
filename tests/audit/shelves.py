"""Shelves of small bags for the tests."""

import os
import shutil
from pathlib import Path

from tests.bag.bags import make_bag

__all__ = ["flip", "make_shelf", "resealed"]


def make_shelf(folder: Path, number: int) -> Path:
    """So many bags, each with content of its own."""
    folder.mkdir()
    for one in range(number):
        make_bag(folder / f"bag{one:04d}", payload={"data/a.txt": b"alpha\n", "data/number.txt": f"{one}\n".encode()})
    return folder


def flip(path: Path) -> None:
    """Change one byte and nothing else, as a disk does: not even the time of change."""
    status = path.stat()
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def resealed(bag: Path, payload: dict[str, bytes]) -> None:
    """Replace the payload of a bag as somebody does who knows how: manifests and all."""
    shutil.rmtree(bag)
    make_bag(bag, payload=payload)
