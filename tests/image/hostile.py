"""What hostile files do to the process that reads them; run in guarded processes, which import this module."""

import ctypes
import fcntl
import os
import sys
import threading
from pathlib import Path
from typing import Any

from confocal_bag.image import guarded, worker, write_series
from confocal_bag.image.model import UnreadableImage


def name(path: Path) -> str:
    """Nothing hostile."""
    return path.name


def process_id(path: Path) -> int:
    """The process this runs in."""
    return os.getpid()


def crash(path: Path) -> None:
    """Read at address 0."""
    ctypes.string_at(0)


def hang(path: Path) -> None:
    """Never end, and hold a lock on the file for as long as the process lives; one beat says that it is held."""
    with path.open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        worker.beat(1)
        threading.Event().wait()


def go_on_beating(path: Path, times: int, seconds: float) -> str:
    """Slow but alive."""
    for _ in range(times):
        threading.Event().wait(seconds)
        worker.beat(0)
    return "done"


def swell(path: Path, size: int) -> int:
    """Use much memory."""
    return len(bytearray(size))


def refuse(path: Path) -> None:
    """What a reader says of a damaged file."""
    raise UnreadableImage(f"{path.name} is damaged.")


def print_noise(path: Path) -> str:
    """Write to both standard streams, as decoders do."""
    os.write(1, b"noise")
    os.write(2, b"noise")
    return "quiet"


def records_or_crash(path: Path, *rest: Any, **options: Any) -> Any:
    """Read a file whose name begins with "bad" into a crash, others as they are."""
    if path.name.startswith("bad"):
        crash(path)
    return guarded._records(path, *rest, **options)


def convert_or_crash(path: Path, *rest: Any, **options: Any) -> Any:
    """Convert a file, and crash when everything is written if its name begins with "bad"."""
    done = write_series.write_all(path, *rest, **options)
    if path.name.startswith("bad"):
        crash(path)
    return done


def loaded(path: Path) -> list[str]:
    """The modules of this process."""
    return list(sys.modules)
