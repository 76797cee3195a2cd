"""Lossy or not: WebP by the kind of its picture chunk (RFC 9649 2.4 to 2.7)."""

from confocal_bag.image.lossy.compression import Verdict
from confocal_bag.image.lossy.window import Window

__all__ = ["judge_webp"]

_NAME = "WebP"
_MOST_CHUNKS = 4096
_FRAME_HEAD = 16


def judge_webp(window: Window) -> Verdict:
    """Lossy where any picture chunk is VP8, lossless where all are VP8L."""
    if window.read(0, 4) != b"RIFF" or window.read(8, 4) != b"WEBP":
        return Verdict(name=_NAME, lossy=None, evidence="it does not begin like a WebP")
    at, lossless = 12, False
    for _ in range(_MOST_CHUNKS):
        kind, size = window.read(at, 4), int.from_bytes(window.read(at + 4, 4), "little")
        if kind == b"VP8 ":
            return Verdict(name=_NAME, lossy=True, evidence='chunk "VP8 " (lossy)')
        lossless |= kind == b"VP8L"
        if len(kind) < 4:
            break
        # The pictures of an animation are chunks within their frame.
        at += 8 + (_FRAME_HEAD if kind == b"ANMF" else size + size % 2)
    if lossless:
        return Verdict(name=_NAME, lossy=False, evidence='chunk "VP8L" (lossless)')
    return Verdict(name=_NAME, lossy=None, evidence="it has no picture chunk")
