"""Write small OIB files, which are OLE2 compound files, for tests."""

import struct
from collections.abc import Mapping
from pathlib import Path

from tests.image.synthetic_oif import write_oif

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
#: The table of sectors stands in sector 0, the directory begins in sector 1.
DIRECTORY_START = 1


def write_oib(path: Path, axes: Mapping[str, int]) -> None:
    """Write what `write_oif` writes as an OIB."""
    folder = path.with_name(f"{path.name}-parts")
    folder.mkdir()
    write_oif(folder / "x.oif", axes)
    streams = {"Stream00000": (folder / "x.oif").read_bytes()}
    lines = ["[OibSaveInfo]", "Name=x.oif", "Version=2.0.0.0", "MainFileName=Stream00000", "Stream00000=x.oif"]
    lines.append("Storage00001=x.oif.files")
    for number, one in enumerate(sorted((folder / "x.oif.files").iterdir()), start=1):
        streams[f"Stream{number:05d}"] = one.read_bytes()
        lines.append(f"Stream{number:05d}=Storage00001/{one.name}")
    streams["OibInfo.txt"] = b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le")
    path.write_bytes(compound_file(streams))


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of version 3 with these streams in its root; small ones in the mini stream."""
    small = {name: content for name, content in streams.items() if len(content) < _CUTOFF}
    mini, starts = b"", dict[str, int]()
    mini_table: list[int] = []
    for name, content in small.items():
        starts[name] = len(mini_table)
        count = -(-len(content) // _MINI)
        mini += content.ljust(count * _MINI, b"\0")
        mini_table += [*range(starts[name] + 1, starts[name] + count), _END]
    mini_bytes = struct.pack(f"<{len(mini_table)}I", *mini_table)
    mini_bytes = mini_bytes.ljust(-(-len(mini_bytes) // _SECTOR) * _SECTOR, b"\xff")
    directory_sectors = -(-(len(streams) + 1) // 4)
    table, body = [_TABLE, *range(2, 1 + directory_sectors), _END], b""
    mini_table_start, body = _append(table, body, mini_bytes)
    mini_start, body = _append(table, body, mini)
    for name, content in streams.items():
        if name not in small:
            starts[name], body = _append(table, body, content)
    directory = _entry("Root Entry", 5, child=1, start=mini_start, size=len(mini))
    for number, (name, content) in enumerate(streams.items(), start=1):
        following = number + 1 if number < len(streams) else _FREE
        directory += _entry(name, 2, right=following, start=starts[name], size=len(content))
    unused = _entry("", 0) * (-(len(streams) + 1) % 4)
    head = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1,
        DIRECTORY_START, 0, _CUTOFF, mini_table_start, len(mini_bytes) // _SECTOR, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return head + struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff") + directory + unused + body


def _append(table: list[int], body: bytes, content: bytes) -> tuple[int, bytes]:
    """Where the content begins, and the body with it; the table is continued."""
    if not content:
        return _END, body
    start, count = len(table), -(-len(content) // _SECTOR)
    table += [*range(start + 1, start + count), _END]
    return start, body + content.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    spelled = name.encode("utf-16-le")
    length = len(spelled) + 2 if name else 0
    return struct.pack("<64sHBBIII16sIQQIQ", spelled, length, kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size)
