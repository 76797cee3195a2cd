"""What one compression did to the pixels, and what was seen that says so."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Compression", "Verdict", "is_lossy", "summarize"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one strip, tile, sub-block or stream says: its compression, lossy or not (None: cannot be told), and why.

    `evidence` names the field or marker that was read, without a full stop.
    """

    name: str
    lossy: bool | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """A compression of an image, seen in `blocks` strips, tiles, sub-blocks, files or streams.

    Of very many codestreams a part is looked at, spread over the file.
    """

    name: str
    lossy: bool | None
    evidence: str
    blocks: int


def summarize(verdicts: Iterable[Verdict]) -> tuple[Compression, ...]:
    """Equal verdicts put together, lossy ones first."""
    counts = Counter(verdicts)
    found = (
        Compression(name=one.name, lossy=one.lossy, evidence=one.evidence, blocks=number)
        for one, number in counts.items()
    )
    return tuple(sorted(found, key=lambda one: (one.lossy is not True, one.lossy is not None, one.name)))


def is_lossy(compressions: Iterable[Compression]) -> bool | None:
    """True when any compression is lossy, False when all are lossless, None when nobody can tell."""
    seen = [one.lossy for one in compressions]
    if True in seen:
        return True
    return None if not seen or None in seen else False
