"""What reading one file may take."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

__all__ = ["Limits"]

_SECONDS = 120.0
_BYTES_PER_SECOND = 16 << 20
_BYTES = 2 << 30
_EXPANSION = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most `seconds` between two signs of progress, and the most `bytes` of memory."""

    seconds: float
    bytes: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Limits for a file by its size; those of the smallest where there is no file.

        120 s, and as long as a slow disk takes for the whole file, for a header may be spread all over it. 2 GiB, and
        eight times the file for planes that are compressed, but never more than the machine has.
        """
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        wanted = _BYTES + _EXPANSION * size
        return cls(seconds=_SECONDS + size / _BYTES_PER_SECOND, bytes=min(wanted, _machine_bytes() or wanted))


def _machine_bytes() -> int | None:
    """The memory of this machine; None where the system does not say."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", ()):
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
