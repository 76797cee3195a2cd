"""Writes a small but true-to-life Zeiss LSM file, for the demonstration and for tests.

The layout is the one real LSM files have: a TIFF whose image directories alternate with thumbnail directories, channels
in planes of their own, and tag 34412 (CZ_LSMINFO) pointing to the scan information and the channel colours. The image
itself is computed: round cells through depth. The file says in its notes that it is synthetic.
"""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["cell_stack", "write_lsm", "write_plane"]

Stack = npt.NDArray[np.uint16]
Samples = npt.NDArray[np.uint8] | Stack

_LSM_MAGIC = 67127628
_LSM_INFO_BYTES = 464
_THUMBNAIL = 32
_END_OF_BLOCK = 0xFFFFFFFF
_PIXEL_UM, _STEP_UM = 0.09, 0.5
#: name, dye, laser line in nm, detection band in nm, colour as red, green, blue
_CHANNELS = (
    ("Ch1", "DAPI", 405.0, (410.0, 495.0), (0, 0, 255)),
    ("Ch2", "Alexa Fluor 488", 488.0, (499.0, 553.0), (0, 255, 0)),
    ("Ch3", "Alexa Fluor 568", 561.0, (570.0, 620.0), (255, 0, 0)),
    ("Ch4", "Alexa Fluor 647", 633.0, (638.0, 755.0), (255, 0, 255)),
)
#: CZ_LSMINFO ScanType
_STACK, _STACK_SERIES = 0, 6
_STEP_S = 2.5


def cell_stack(*, planes: int = 8, size: int = 96, seed: int = 1) -> Stack:
    """Two channels of a few round cells: an array of shape (z, channel, rows, columns), 12-bit values in uint16."""
    random = np.random.default_rng(seed)
    z, y, x = np.meshgrid(np.arange(planes), np.arange(size), np.arange(size), indexing="ij")
    nuclei, membranes = np.zeros((2, planes, size, size))
    for _ in range(6):
        row, column = random.uniform(12, size - 12, 2)
        depth, radius = random.uniform(0, planes), random.uniform(7, 11)
        distance = np.sqrt((y - row) ** 2 + (x - column) ** 2 + ((z - depth) * _STEP_UM / _PIXEL_UM) ** 2)
        nuclei += np.exp(-((distance / (radius * 0.6)) ** 2))
        membranes += np.exp(-(((distance - radius) / 1.6) ** 2))
    signal = np.stack([nuclei, membranes], axis=1) * 2600 + random.normal(180, 25, (planes, 2, size, size))
    return np.clip(signal, 0, 4095).astype("<u2")


def write_lsm(path: Path, stack: Samples) -> None:
    """Write an array of shape (z, channel, rows, columns), or (time, z, ...), as an LSM file of 8 or 12 bits.

    It may have one to four channels. Values of 16-bit samples must be below 4096.
    """
    series = stack if stack.ndim == 5 else stack[np.newaxis]
    times, planes, channels, rows, columns = series.shape
    size = series.dtype.itemsize
    body = bytearray(b"II*\0\0\0\0\0")
    images = [_append(body, plane.astype(f"<u{size}").tobytes()) for one in series for plane in one]
    thumbnails = [_append(body, bytes(3 * _THUMBNAIL * _THUMBNAIL)) for _ in images]
    offsets = {
        "colors": _append(body, _channel_colors(channels)),
        "scan": _append(body, _scan_information(planes, channels, rows, columns, bits=8 if size == 1 else 12)),
        "times": _append(body, _time_stamps(times)) if times > 1 else 0,
    }
    info = _append(body, _lsm_info((columns, rows, planes, channels, times), offsets, size))
    link = 4
    for number, image in enumerate(images):
        tags = _image_tags(image, (channels, rows, columns), size, info if number == 0 else None, body)
        link = _append_directory(body, link, tags)
        link = _append_directory(body, link, _thumbnail_tags(thumbnails[number], body))
    path.write_bytes(bytes(body))


def _append(body: bytearray, content: bytes) -> int:
    """Append on an even offset, as TIFF asks; return the offset."""
    body.extend(b"\0" * (len(body) % 2))
    offset = len(body)
    body.extend(content)
    return offset


Tag = tuple[int, int, int, int]


def _append_directory(body: bytearray, link: int, tags: Sequence[Tag]) -> int:
    """Append an image file directory, point `link` to it, and return where its own link lies."""
    content = struct.pack("<H", len(tags))
    for code, kind, count, value in sorted(tags):
        content += struct.pack("<HHII", code, kind, count, value)
    offset = _append(body, content + b"\0\0\0\0")
    struct.pack_into("<I", body, link, offset)
    return offset + len(content)


_SHORT, _LONG, _BYTE = 3, 4, 1


def _longs(body: bytearray, values: Sequence[int]) -> int:
    """The value field of a LONG tag: the number itself, or the offset of several."""
    return values[0] if len(values) == 1 else _append(body, struct.pack(f"<{len(values)}I", *values))


def _image_tags(offset: int, shape: tuple[int, int, int], sample: int, info: int | None, body: bytearray) -> list[Tag]:
    """The tags of a page whose samples have so many bytes."""
    channels, rows, columns = shape
    size, bits = rows * columns * sample, [8 * sample] * channels
    tags: list[Tag] = [
        (254, _LONG, 1, 0),
        (256, _LONG, 1, columns),
        (257, _LONG, 1, rows),
        # Real LSM files keep even two values elsewhere, against the letter of TIFF; readers count on it.
        (258, _SHORT, channels, _append(body, struct.pack(f"<{channels}H", *bits)) if channels > 1 else bits[0]),
        (259, _SHORT, 1, 1),
        (262, _SHORT, 1, 1),
        (273, _LONG, channels, _longs(body, [offset + number * size for number in range(channels)])),
        (277, _SHORT, 1, channels),
        (279, _LONG, channels, _longs(body, [size] * channels)),
        (284, _SHORT, 1, 2),
    ]
    return tags if info is None else [*tags, (34412, _BYTE, _LSM_INFO_BYTES, info)]


def _thumbnail_tags(offset: int, body: bytearray) -> list[Tag]:
    size = _THUMBNAIL * _THUMBNAIL
    return [
        (254, _LONG, 1, 1),
        (256, _LONG, 1, _THUMBNAIL),
        (257, _LONG, 1, _THUMBNAIL),
        (258, _SHORT, 3, _append(body, struct.pack("<3H", 8, 8, 8))),
        (259, _SHORT, 1, 1),
        (262, _SHORT, 1, 2),
        (273, _LONG, 3, _longs(body, [offset + number * size for number in range(3)])),
        (277, _SHORT, 1, 3),
        (279, _LONG, 3, _longs(body, [size] * 3)),
        (284, _SHORT, 1, 2),
    ]


def _lsm_info(sizes: tuple[int, int, int, int, int], offsets: Mapping[str, int], sample: int) -> bytes:
    """The CZ_LSMINFO structure; what it does not use stays zero, as in files the microscope writes.

    `sizes` are columns, rows, planes, channels and times; DataType is 1 for 8-bit samples, 2 for 12-bit ones.
    """
    content = bytearray(_LSM_INFO_BYTES)
    struct.pack_into("<Ii5ii2i", content, 0, _LSM_MAGIC, _LSM_INFO_BYTES, *sizes, sample, 128, 128)
    struct.pack_into("<3d", content, 40, _PIXEL_UM * 1e-6, _PIXEL_UM * 1e-6, _STEP_UM * 1e-6)
    struct.pack_into("<H", content, 88, _STACK_SERIES if sizes[4] > 1 else _STACK)
    struct.pack_into("<I", content, 108, offsets["colors"])
    struct.pack_into("<d", content, 112, _STEP_S if sizes[4] > 1 else 0.0)
    struct.pack_into("<I", content, 124, offsets["scan"])
    struct.pack_into("<I", content, 132, offsets["times"])
    return bytes(content)


def _time_stamps(times: int) -> bytes:
    """Size and number, then the seconds at which each stack began."""
    return struct.pack(f"<ii{times}d", 8 + 8 * times, times, *(_STEP_S * number for number in range(times)))


def _channel_colors(channels: int) -> bytes:
    chosen = _CHANNELS[:channels]
    values = b"".join(struct.pack("<4B", *channel[4], 0) for channel in chosen)
    names = b"".join(struct.pack("<I", len(channel[0]) + 1) + channel[0].encode() + b"\0" for channel in chosen)
    start = 24
    sizes = (start + len(values) + len(names), channels, channels, start, start + len(values), 0)
    return struct.pack("<6I", *sizes) + values + names


Value = str | int | float


def _entry(code: int, value: Value) -> bytes:
    """One entry of the scan information: a text, an integer or a real number."""
    if isinstance(value, str):
        content = value.encode() + b"\0"
        return struct.pack("<III", code, 2, len(content)) + content
    if isinstance(value, int):
        return struct.pack("<IIIi", code, 4, 4, value)
    return struct.pack("<IIId", code, 5, 8, value)


def _block(code: int, content: bytes) -> bytes:
    """A nested block: its opening entry, its entries, its end."""
    return struct.pack("<III", code, 0, 0) + content + struct.pack("<III", _END_OF_BLOCK, 0, 0)


def _entries(values: dict[int, Value]) -> bytes:
    return b"".join(_entry(code, value) for code, value in values.items())


def _scan_information(planes: int, channels: int, rows: int, columns: int, *, bits: int) -> bytes:
    recording: dict[int, Value] = {
        0x10000001: "synthetic",
        0x10000003: "Synthetic file written by confocal-bag; no microscope recorded it.",
        0x10000004: "Plan-Apochromat 63x/1.40 Oil DIC M27",
        0x10000008: "Stack",
        0x1000000A: rows,
        0x1000000B: columns,
        0x1000000C: planes,
        0x10000016: 2.0,
        0x10000017: 2.0,
        0x1000001C: _PIXEL_UM,
        0x1000001D: _PIXEL_UM,
        0x1000001E: _STEP_UM,
        0x10000036: 43572.4375,  # 2019-04-17 10:30 in days since 1899-12-30
    }
    tracks = b"".join(_track(number, bits) for number in range(channels))
    return _block(0x10000000, _entries(recording) + _block(0x20000000, tracks))


def _track(number: int, bits: int) -> bytes:
    name, dye, line_nm, (low_nm, high_nm), color = _CHANNELS[number]
    red, green, blue = color
    track: dict[int, Value] = {0x4000000C: f"Track {number + 1}", 0x40000005: 4, 0x40000006: 1, 0x40000019: 1.02}
    detection: dict[int, Value] = {
        0x70000003: 650.0 + 50 * number,
        0x70000009: 48.9,
        0x7000000B: 1,
        0x7000000C: "Pmt1",
        0x70000014: name,
        0x70000022: low_nm,
        0x70000023: high_nm,
        0x70000026: dye,
    }
    illumination: dict[int, Value] = {0x90000001: f"{line_nm:.0f}", 0x90000002: 2.0, 0x90000003: line_nm, 0x90000004: 1}
    data: dict[int, Value] = {
        0xD0000001: name,
        0xD0000003: 1,
        0xD0000004: red | green << 8 | blue << 16,
        0xD0000006: bits,
    }
    return _block(
        0x40000000,
        _entries(track)
        + _block(0x60000000, _block(0x70000000, _entries(detection)))
        + _block(0x80000000, _block(0x90000000, _entries(illumination)))
        + _block(0xC0000000, _block(0xD0000000, _entries(data))),
    )


def write_plane(path: Path, pixels: Stack) -> None:
    """Write rows and columns, or (channel, rows, columns), as an ImageJ TIFF with the pixel size."""
    import tifffile

    axes = "YX" if pixels.ndim == 2 else "CYX"
    resolution = (1 / _PIXEL_UM, 1 / _PIXEL_UM)
    tifffile.imwrite(path, pixels, imagej=True, resolution=resolution, metadata={"axes": axes, "unit": "um"})
