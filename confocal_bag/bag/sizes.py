"""Numbers of bytes as people write and read them, in powers of ten as RFC 8493 2.2.2 shows them."""

import re

from confocal_bag.findings import UsageProblem

__all__ = ["parse_size", "readable_size"]

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
_BINARY = {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40, "PIB": 2**50}
_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([A-Za-z]{0,3})\s*")


def readable_size(size: int) -> str:
    """A size with three digits: "260 B", "12.4 GB"."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 999.5 or (unit == "B" and size < 1000):
            return f"{size} B" if unit == "B" else f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} PB"


def parse_size(text: str) -> int:
    """The bytes that "30GB", "1.5 TB", "700MiB" or "5000" mean. Raises UsageProblem."""
    match = _SIZE.fullmatch(text)
    factor = {**_UNITS, **_BINARY}.get(match[2].upper()) if match else None
    if match is None or factor is None:
        raise UsageProblem(f"{text!r} is no size; write it as 30GB, 1.5TB, 700MiB or a number of bytes.")
    whole, _, fraction = match[1].partition(".")
    return int(int(whole + fraction) * factor // 10 ** len(fraction))
