"""Write small files whose headers hold whatever a test wants, in every encoding that vendors use."""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_oif import write_oif

Tags = Mapping[int, bytes | int]


def czi(path: Path, metadata: str) -> Path:
    """A CZI of one small plane with this inside ImageDocument/Metadata."""
    xml = f"<ImageDocument><Metadata>{metadata}</Metadata></ImageDocument>"
    write_czi(path, [({"C": 0}, np.zeros((4, 4), np.uint8))], xml=xml)
    return path


def lif(path: Path, xml: str) -> Path:
    """A LIF of a header alone, in UTF-16."""
    text = xml.encode("utf-16-le")
    path.write_bytes(struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(text) // 2) + text)
    return path


def oif(path: Path, section: str, pairs: Mapping[str, str]) -> Path:
    """An OIF with these keys added to a section of its settings, in UTF-16."""
    write_oif(path, {"X": 4, "Y": 4, "C": 1})
    lines = "".join(f'{key}="{value}"\r\n' for key, value in pairs.items())
    text = path.read_bytes()[2:].decode("utf-16-le").replace(f"[{section}]\r\n", f"[{section}]\r\n{lines}")
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    return path


def tiff(path: Path, tags: Tags, *, order: str = "<", exif: Tags | None = None, gps: Tags | None = None) -> Path:
    """A TIFF of one pixel with these tags: bytes as text or data, numbers as LONG; Exif and GPS as directories."""
    body = bytearray(struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, 0))
    pixel = len(body)
    body += b"\0\0"
    entries: dict[int, bytes | int] = {256: 1, 257: 1, 258: 8, 262: 1, 273: pixel, 277: 1, 278: 1, 279: 1, **tags}
    for pointer, more in ((34665, exif), (34853, gps)):
        if more is not None:
            entries[pointer] = _directory(body, more, order)
    first = _directory(body, entries, order)
    struct.pack_into(f"{order}I", body, 4, first)
    path.write_bytes(bytes(body))
    return path


def imagej(info: str, order: str) -> Tags:
    """Tags 50838 and 50839 with this Info, as ImageJ writes them."""
    text = info.encode("utf-16-le" if order == "<" else "utf-16-be")
    code = b"info"[::-1] if order == "<" else b"info"
    head = struct.pack(f"{order}4s4sI", b"IJIJ"[::-1] if order == "<" else b"IJIJ", code, 1)
    return {50838: struct.pack(f"{order}2I", len(head), len(text)), 50839: head + text}


def _directory(body: bytearray, tags: Tags, order: str) -> int:
    """Append a directory and the values that do not fit into it; where it stands."""
    entries = b""
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            entries += struct.pack(f"{order}HHII", tag, 4, 1, value)
            continue
        kind = {50838: 4, 2: 5}.get(tag, 2 if tag in (269, 270, 315, 316, 33432) else 1)
        count = len(value) // {4: 4, 5: 8}.get(kind, 1)
        held = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(f"{order}I", len(body))
        if len(value) > 4:
            body += value + b"\0" * (len(value) % 2)
        entries += struct.pack(f"{order}HHI4s", tag, kind, count, held)
    here = len(body)
    body += struct.pack(f"{order}H", len(tags)) + entries + b"\0\0\0\0"
    return here
