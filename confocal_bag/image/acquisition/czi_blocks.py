"""What a CZI records outside its metadata XML: tiles, stage positions with the planes, and time stamps."""

from __future__ import annotations

import struct
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from confocal_bag.image.acquisition.facts import StagePosition
from confocal_bag.image.acquisition.values import finite, iso_date, positive
from confocal_bag.image.acquisition.xml import child_text, parse_header
from confocal_bag.image.readers.zisraw import ZisrawError, read_sub_blocks
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element

    from confocal_bag.image.readers.zisraw import SubBlock

__all__ = ["SceneBlocks", "mean_step", "read_blocks"]

_SEGMENT = struct.Struct("<16sqq")
_LARGEST_TAGS = 1 << 20
_MOST_STAMPS = 1 << 20
_MOST_ATTACHMENTS = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneBlocks:
    """One scene: its mosaic tiles (None without a mosaic), where it was taken, seconds between its frames."""

    tiles: int | None = None
    stage: StagePosition = field(default_factory=StagePosition)
    time_increment_s: float | None = None


def read_blocks(path: Path) -> dict[int, SceneBlocks]:
    """The scenes of a CZI by number; a file without scenes has scene 0. Damaged parts are as if absent."""
    with open_regular(path) as stream:
        try:
            blocks = read_sub_blocks(stream)
        except ZisrawError:
            return {}
        scenes: dict[int, list[SubBlock]] = defaultdict(list)
        for block in blocks:
            if not block.is_reduced:
                scenes[block.start.get("S", 0)].append(block)
        stamps = _time_stamps(stream)
        return {number: _scene(stream, scenes[number], stamps) for number in sorted(scenes)}


def _scene(stream: BinaryIO, blocks: Sequence[SubBlock], stamps: Sequence[float]) -> SceneBlocks:
    tiles = {block.start["M"] for block in blocks if "M" in block.start}
    times = {block.start.get("T", 0) for block in blocks}
    return SceneBlocks(
        tiles=len(tiles) if len(tiles) > 1 else None,
        stage=_stage(stream, min(blocks, key=lambda block: sorted(block.start.items()))),
        time_increment_s=mean_step(stamps) if len(stamps) == len(times) else _tagged_step(stream, blocks, len(times)),
    )


def mean_step(stamps: Sequence[float]) -> float | None:
    """The mean of the steps between times in order, in seconds; None for fewer than two, or none that pass."""
    return positive((stamps[-1] - stamps[0]) / (len(stamps) - 1)) if len(stamps) > 1 else None


def _tagged_step(stream: BinaryIO, blocks: Sequence[SubBlock], times: int) -> float | None:
    """Seconds between frames, from the times in the tags of the first plane and of the same plane of the last frame."""
    if times < 2:
        return None
    first = min(blocks, key=lambda block: sorted(block.start.items()))
    same = [block for block in blocks if {**block.start, "T": 0} == {**first.start, "T": 0}]
    last = max(same, key=lambda block: block.start.get("T", 0))
    began, ended = (iso_date(child_text(_parsed_tags(stream, block), "AcquisitionTime")) for block in (first, last))
    if began is None or ended is None or len(same) != times:
        return None
    try:
        passed = datetime.fromisoformat(ended) - datetime.fromisoformat(began)
    except TypeError:  # one of them has a zone, and the other none
        return None
    return positive(passed.total_seconds() / (times - 1))


def _parsed_tags(stream: BinaryIO, block: SubBlock) -> Element | None:
    content = _tags(stream, block)
    try:
        return parse_header(content).find("Tags") if content else None
    except ValueError:
        return None


def _stage(stream: BinaryIO, block: SubBlock) -> StagePosition:
    """The stage in the tags of a sub-block, in micrometres; absent or all zero where it was not read."""
    tags = _parsed_tags(stream, block)
    x, y, z = (finite(child_text(tags, name)) for name in ("StageXPosition", "StageYPosition", "FocusPosition"))
    return StagePosition(x_um=x, y_um=y, z_um=z) if x or y or z else StagePosition()


def _tags(stream: BinaryIO, block: SubBlock) -> bytes:
    """The metadata of a sub-block; it follows the sizes and the directory entry, padded to 256 bytes."""
    if not _is_segment(stream, block.position, b"ZISRAWSUBBLOCK"):
        return b""
    (length,) = struct.unpack("<i", _exactly(stream, 4))
    if not 0 < length <= _LARGEST_TAGS:
        return b""
    entry = 32 + 20 * len(block.start)
    stream.seek(block.position + _SEGMENT.size + max(256, 16 + entry))
    return stream.read(length).strip(b"\0")


def _time_stamps(stream: BinaryIO) -> list[float]:
    """The attachment TimeStamps (CZTIMS): seconds of every time point since the start."""
    if not _is_segment(stream, 0, b"ZISRAWFILE"):
        return []
    position = struct.unpack("<iiii16s16siqqiq", _exactly(stream, 80))[10]
    if not _is_segment(stream, position, b"ZISRAWATTDIR"):
        return []
    (count,) = struct.unpack("<i", _exactly(stream, 4))
    for number in range(min(count, _MOST_ATTACHMENTS)):
        stream.seek(position + _SEGMENT.size + 256 + 128 * number)
        entry = _exactly(stream, 128)
        if entry[:2] == b"A1" and entry[40:48].rstrip(b"\0") == b"CZTIMS":
            return _stamps_at(stream, struct.unpack_from("<q", entry, 12)[0])
    return []


def _stamps_at(stream: BinaryIO, position: int) -> list[float]:
    if not _is_segment(stream, position, b"ZISRAWATTACH"):
        return []
    stream.seek(position + _SEGMENT.size + 256)
    _, count = struct.unpack("<ii", _exactly(stream, 8))
    if not 0 < count <= _MOST_STAMPS:
        return []
    return list(struct.unpack(f"<{count}d", _exactly(stream, 8 * count)))


def _is_segment(stream: BinaryIO, position: int, name: bytes) -> bool:
    """Stand at the data of the segment at `position`, if it is one of this name."""
    if position < 0:
        return False
    stream.seek(position)
    header = stream.read(_SEGMENT.size)
    return len(header) == _SEGMENT.size and header[:16].rstrip(b"\0") == name


def _exactly(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    return content + b"\0" * (length - len(content))
