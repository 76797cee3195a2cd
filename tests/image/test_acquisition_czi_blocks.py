"""What a CZI records outside its XML, on files of a few segments made here (ZISRAW, "CZI file format" 1.2)."""

import struct
from pathlib import Path

import pytest

from confocal_bag.image.acquisition.czi_blocks import read_blocks
from confocal_bag.image.acquisition.facts import StagePosition

_TAGS = b"<METADATA><Tags><StageXPosition>%s</StageXPosition><StageYPosition>-7.25</StageYPosition>" + (
    b"<FocusPosition>3</FocusPosition></Tags></METADATA>"
)


def _segment(name: bytes, body: bytes) -> bytes:
    return struct.pack("<16sqq", name, len(body), len(body)) + body


def _entry(position: int, starts: dict[str, int]) -> bytes:
    dimensions = b"".join(
        struct.pack("<4siifi", letter.encode(), start, 2 if letter in "XY" else 1, 0.0, 2 if letter in "XY" else 1)
        for letter, start in starts.items()
    )
    return struct.pack("<2siqiiBB4si", b"DV", 0, position, 0, 0, 0, 0, b"", len(starts)) + dimensions


def _czi(path: Path, blocks: list[tuple[dict[str, int], bytes]], stamps: list[float]) -> Path:
    """A file of one sub-block of 2 x 2 pixels for each (starts, tags), and a TimeStamps attachment."""
    body, entries = bytearray(bytes(32 + 512)), []
    for starts, tags in blocks:
        entry = _entry(len(body), starts | {"X": 0, "Y": 0})
        head = struct.pack("<iiq", len(tags), 0, 4) + entry
        entries.append(entry)
        body += _segment(b"ZISRAWSUBBLOCK", head.ljust(256, b"\0") + tags + bytes(4))
    directory = len(body)
    body += _segment(b"ZISRAWDIRECTORY", struct.pack("<i", len(entries)).ljust(128, b"\0") + b"".join(entries))
    attachment = len(body)
    data = struct.pack(f"<ii{len(stamps)}d", 8 + 8 * len(stamps), len(stamps), *stamps)
    body += _segment(b"ZISRAWATTACH", struct.pack("<i", len(data)).ljust(256, b"\0") + data)
    attachments = len(body)
    row = struct.pack("<2s10sqi16s8s80s", b"A1", b"", attachment, 0, b"", b"CZTIMS", b"TimeStamps")
    body += _segment(b"ZISRAWATTDIR", struct.pack("<i", 1).ljust(256, b"\0") + row)
    fields = struct.pack("<iiii16s16siqqiq", 1, 0, 0, 0, b"", b"", 0, directory, 0, 0, attachments)
    body[: 32 + 512] = _segment(b"ZISRAWFILE", fields.ljust(512, b"\0"))
    path.write_bytes(bytes(body))
    return path


def test_tiles_stage_and_time_stamps_are_read_by_scene(tmp_path: Path) -> None:
    """Two tiles in the first scene, none in the second; the stage is that of the first plane."""
    blocks = [
        ({"S": 0, "M": 1, "T": 0}, _TAGS % b"20.5"),
        ({"S": 0, "M": 0, "T": 0}, _TAGS % b"10.5"),
        ({"S": 0, "M": 0, "T": 1}, b""),
        ({"S": 2, "T": 0}, b""),
        ({"S": 2, "T": 1}, b""),
    ]
    scenes = read_blocks(_czi(tmp_path / "a.czi", blocks, [0.5, 33.75]))
    assert sorted(scenes) == [0, 2]
    assert (scenes[0].tiles, scenes[2].tiles) == (2, None)
    assert scenes[0].stage == StagePosition(x_um=10.5, y_um=-7.25, z_um=3)
    assert scenes[2].stage == StagePosition()
    assert scenes[0].time_increment_s == pytest.approx(33.25)


def test_stamps_of_another_number_than_the_frames_tell_nothing(tmp_path: Path) -> None:
    """Some files stamp every plane."""
    scenes = read_blocks(_czi(tmp_path / "a.czi", [({"T": 0}, b""), ({"T": 1}, b"")], [0.0, 1.0, 2.0]))
    assert scenes[0].time_increment_s is None


def _taken(time: str) -> bytes:
    return f"<METADATA><Tags><AcquisitionTime>{time}</AcquisitionTime></Tags></METADATA>".encode()


def test_the_times_of_the_planes_tell_the_increment_where_stamps_do_not(tmp_path: Path) -> None:
    """Of one plane in the first and in the last frame: the planes of a frame are taken one after the other."""
    blocks = [
        ({"T": 0, "Z": 0}, _taken("2021-06-15T06:09:43.0304818Z")),
        ({"T": 0, "Z": 1}, _taken("2021-06-15T06:09:44.0304818Z")),
        ({"T": 1, "Z": 0}, b""),
        ({"T": 2, "Z": 0}, _taken("2021-06-15T06:10:03.0304818Z")),
        ({"T": 2, "Z": 1}, _taken("2021-06-15T06:10:04.0304818Z")),
    ]
    scenes = read_blocks(_czi(tmp_path / "a.czi", blocks, [0.0] * 5))
    assert scenes[0].time_increment_s == pytest.approx(10.0)


@pytest.mark.parametrize("last", ["", "soon", "0001-01-01T00:00:00", "2021-06-15T06:10:03", "2021-06-15T06:09:43Z"])
def test_times_that_cannot_be_compared_tell_no_increment(tmp_path: Path, last: str) -> None:
    """No time, no date, another kind of time, or none that passed."""
    blocks = [({"T": 0}, _taken("2021-06-15T06:09:43Z")), ({"T": 1}, _taken(last))]
    assert read_blocks(_czi(tmp_path / "a.czi", blocks, []))[0].time_increment_s is None


@pytest.mark.parametrize("tags", [b"no xml", b"<METADATA/>", b"<!DOCTYPE a><METADATA><Tags/></METADATA>"])
def test_tags_that_cannot_be_read_are_as_if_absent(tmp_path: Path, tags: bytes) -> None:
    """The pixels and the rest of the header are none the worse."""
    assert read_blocks(_czi(tmp_path / "a.czi", [({"T": 0}, tags)], []))[0].stage == StagePosition()


def test_a_stage_at_zero_was_not_read(tmp_path: Path) -> None:
    """ZEN writes zeros without a motorised stage."""
    tags = (_TAGS % b"0").replace(b"-7.25", b"0").replace(b">3<", b">0<")
    assert read_blocks(_czi(tmp_path / "a.czi", [({"T": 0}, tags)], []))[0].stage == StagePosition()


@pytest.mark.parametrize("kept", [0, 40, 600, 1000])
def test_a_file_cut_short_has_no_blocks(tmp_path: Path, kept: int) -> None:
    """Whoever opens it says so; here it must not fail in another way."""
    path = _czi(tmp_path / "a.czi", [({"T": 0}, _TAGS % b"1")], [0.0])
    path.write_bytes(path.read_bytes()[:kept])
    assert read_blocks(path) == {}
