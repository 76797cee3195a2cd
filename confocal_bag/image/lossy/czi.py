"""The compressions of a CZI, sub-block by sub-block (Zeiss, "CZI file format" 1.2, DirectoryEntryDV)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from confocal_bag.image.lossy.compression import Compression, Verdict, summarize
from confocal_bag.image.lossy.jpeg import judge_jpeg
from confocal_bag.image.lossy.jpegxr import judge_jpegxr
from confocal_bag.image.lossy.window import Window
from confocal_bag.image.readers.zisraw import SubBlock, ZisrawError, read_sub_blocks
from confocal_bag.image.regular_file import open_regular

__all__ = ["czi_compressions"]

#: Codestreams of so many sub-blocks, spread over the file, are looked at; the compression code of each one is.
_MOST_LOOKS = 256
_SEGMENT_HEADER, _FIELDS, _LEAST_FIXED = 32, 16, 256
_ENTRY, _DIMENSION = 32, 20
_LOSSLESS = {0: "no compression", 2: "LZW", 5: "Zstandard", 6: "Zstandard"}
_CODESTREAMS: Mapping[int, Callable[[Window], Verdict]] = {1: judge_jpeg, 4: judge_jpegxr}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    scene: int
    verdict: Verdict


def czi_compressions(path: Path, number: int) -> list[tuple[Compression, ...]]:
    """The compressions of each of `number` scenes; all of them for each where sub-blocks cannot be assigned."""
    with open_regular(path) as stream:
        try:
            judged = list(_judged(stream, [one for one in read_sub_blocks(stream) if not one.is_reduced]))
        except ZisrawError:
            return [()] * number
    whole = summarize(one.verdict for one in judged)
    scenes = sorted({one.scene for one in judged})
    if len(whole) < 2 or len(scenes) != number:
        return [whole] * number
    return [summarize(one.verdict for one in judged if one.scene == scene) for scene in scenes]


def _judged(stream: BinaryIO, blocks: Sequence[SubBlock]) -> Iterator[_Judged]:
    step = max(1, -(-len(blocks) // _MOST_LOOKS))
    for number, block in enumerate(blocks):
        look = number % step == 0 or number == len(blocks) - 1
        if block.compression not in _CODESTREAMS or look:
            yield _Judged(scene=block.start.get("S", 0), verdict=_verdict(stream, block))


def _verdict(stream: BinaryIO, block: SubBlock) -> Verdict:
    code = block.compression
    if code in _LOSSLESS:
        return Verdict(name=_LOSSLESS[code], lossy=False, evidence=f"sub-block compression {code}")
    judge = _CODESTREAMS.get(code)
    if judge is None:
        return Verdict(name="compression", lossy=None, evidence=f"sub-block compression {code}, which may be lossy")
    seen = judge(_pixels(stream, block))
    return Verdict(name=seen.name, lossy=seen.lossy, evidence=f"sub-block compression {code}, {seen.evidence}")


def _pixels(stream: BinaryIO, block: SubBlock) -> Window:
    """Where the pixels of a sub-block lie: behind its fields and its own metadata."""
    stream.seek(block.position + _SEGMENT_HEADER)
    head = stream.read(_FIELDS)
    metadata, length = int.from_bytes(head[:4], "little"), int.from_bytes(head[8:16], "little")
    fixed = max(_LEAST_FIXED, _FIELDS + _ENTRY + _DIMENSION * len(block.size))
    return Window(stream=stream, start=block.position + _SEGMENT_HEADER + fixed + metadata, length=length)
