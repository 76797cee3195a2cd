"""The inside of a guarded process."""

import atexit
import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from confocal_bag.image.ome_units import leave_out_units

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["beat", "call", "is_inside", "load", "start"]

Result = TypeVar("Result")

_PARENT_CHECK_S = 1.0
#: Parameters of glibc's mallopt, and what becomes of them: buffers up to 32 MiB are kept, and as much in all.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BUFFER, _KEPT_IN_ALL = 32 << 20, 32 << 20


class _Guarded:
    """What a guarded process knows of itself; `beats` is None everywhere else."""

    beats: "Connection | None" = None


def start(beats: "Connection", parent: int) -> None:
    """Make a guarded process of this one: silent, left alone by Ctrl-C, and gone when its `parent` (a pid) is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    _keep_buffers()
    leave_out_units()
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    # To take everything apart at the end takes longer than reading a file.
    atexit.register(os._exit, 0)
    _Guarded.beats = beats


def is_inside() -> bool:
    """Whether this is a guarded process."""
    return _Guarded.beats is not None


def beat(size: int) -> None:
    """Tell the process outside that so many more bytes are done, 0 as a mere sign of life; it may not be there."""
    if _Guarded.beats is not None:
        _Guarded.beats.send_bytes(size.to_bytes(8, "little"))


def call(
    function: Callable[..., Result], folder: str | None, most_bytes: int, /, *arguments: Any, **options: Any
) -> Result:
    """Call a function that may use so much memory, in the folder that relative paths are meant from."""
    beat(0)
    if folder is not None:
        os.chdir(folder)
    _limit_memory(most_bytes)
    return function(*arguments, **options)


def load() -> None:
    """Load the libraries that most images need."""
    # What is loaded stays; to look for garbage in it takes a tenth of the time.
    gc.disable()
    import ome_types  # noqa: F401
    import tifffile  # noqa: F401

    import confocal_bag.image.acquisition
    import confocal_bag.image.ome_tiff
    import confocal_bag.image.open  # noqa: F401

    gc.freeze()
    gc.enable()


def _limit_memory(most_bytes: int) -> None:
    """Have allocations fail beyond the limit; Windows knows no such limit."""
    if sys.platform == "win32":
        return
    import resource

    # The data limit counts what is allocated but not files that are mapped; other systems have only the whole.
    which = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, hard = resource.getrlimit(which)
    wanted = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    resource.setrlimit(which, (wanted, hard))


def _keep_buffers() -> None:
    """Have the C library use the memory of one plane for the next; to get it from the system anew costs a tenth."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(_MMAP_THRESHOLD, _KEPT_BUFFER)
            library.mallopt(_TRIM_THRESHOLD, _KEPT_IN_ALL)


def _silence() -> None:
    """What decoders print is for their developers, and standard output belongs to the results."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_S)
    os._exit(1)
