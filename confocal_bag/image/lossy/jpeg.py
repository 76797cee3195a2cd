"""Lossy or not: JPEG, lossless JPEG and JPEG-LS by their frame and scan headers (ITU T.81 B.2, ITU T.87 C.2)."""

from confocal_bag.image.lossy.compression import Verdict
from confocal_bag.image.lossy.window import Window

__all__ = ["judge_jpeg"]

_MOST_SEGMENTS = 4096
_START_OF_SCAN = 0xDA
_LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF})
_JPEG_LS = 0xF7
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {_JPEG_LS}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def judge_jpeg(window: Window) -> Verdict:
    """What the first frame of a JPEG or JPEG-LS codestream says."""
    frame, at = None, 2
    if window.read(0, 2) != b"\xff\xd8":
        return Verdict(name="JPEG", lossy=None, evidence="its codestream does not begin like a JPEG")
    for _ in range(_MOST_SEGMENTS):
        marker = window.read(at, 2)
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        if marker[1] == 0xFF:
            at += 1
            continue
        size = 0 if marker[1] in _ALONE else window.number(at + 2, 2)
        if size is None:
            break
        if marker[1] in _FRAMES and frame is None:
            frame = marker[1]
            if frame not in _LOSSLESS and frame != _JPEG_LS:
                return Verdict(name="JPEG", lossy=True, evidence=f"frame header SOF{frame - 0xC0}: a DCT is lossy")
        if marker[1] == _START_OF_SCAN:
            return _judge_scan(frame, window.read(at + 4, size - 2))
        at += 2 + size
    return Verdict(name="JPEG", lossy=None, evidence="its codestream has no frame header that can be read")


def _judge_scan(frame: int | None, scan: bytes) -> Verdict:
    """The last three bytes of a scan header are NEAR, interleaving and shift in JPEG-LS; Ss, Se, AhAl in JPEG."""
    if frame is None or len(scan) < 4:
        return Verdict(name="JPEG", lossy=None, evidence="its scan header cannot be read")
    shift = scan[-1] & 0x0F
    if frame == _JPEG_LS:
        near = scan[-3]
        seen = f"scan header with NEAR={near}" + (f" and a point transform of {shift} bits" if shift else "")
        return Verdict(name="JPEG-LS", lossy=bool(near or shift), evidence=seen)
    seen = f"frame header SOF{frame - 0xC0} (lossless process)"
    if shift:
        seen += f", but a point transform drops {shift} bits"
    return Verdict(name="lossless JPEG", lossy=bool(shift), evidence=seen)
