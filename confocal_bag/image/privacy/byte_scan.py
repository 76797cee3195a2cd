"""Personal data in the first and last megabyte of any file, as UTF-8 and as UTF-16 of both byte orders.

What a parser does not reach (attachments, unknown formats, damaged files) is still looked at. In compressed pixels
short runs of printable bytes are chance, so that only what chance does not make is reported.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from confocal_bag.image.privacy.detectors import detect, is_home, is_numbers
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.image.privacy.subjects import detect_subjects
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from confocal_bag.image.privacy.model import Found

__all__ = ["byte_fields", "fields_in_bytes"]

_PIECE = 1 << 20
_SHORTEST = 12
#: How a run in UTF-8 goes on behind a letter that is not ASCII.
_FURTHER = re.compile(rb"(?:[\xc3-\xcf][\x80-\xbf][\t\x20-\x7e]*)*")
_TAGGED = re.compile(
    r"<(UserName|FirstName|LastName|Email|CreatedByUser)>([^<>]{2,200})</|"
    r"(?<![\w])(UserName|FirstName|LastName|Email)=\"([^\"<>]{2,200})\""
)
_LONG_FOLDER = re.compile(r"(?:[A-Za-z]:[\\/]{1,2}|\\\\)[^\W_][\w ,.-]{2,}(?:[\\/]{1,2}[^\W_][\w ,.$-]{2,})+[\\/]{0,2}")
_CHANCE_EMAIL = re.compile(r"[\w.+-]{3,}@[A-Za-z0-9-]{3,}(?:\.[A-Za-z0-9-]+)*\.(?:[a-z]{2}|com|org|edu|gov|net|info)")


def byte_fields(path: Path) -> Iterator[PersonalField]:
    """What the first and last megabyte of a file show."""
    with open_regular(path) as stream:
        end = stream.seek(0, os.SEEK_END)
        yield from _piece(stream, 0)
        if end > _PIECE:
            yield from _piece(stream, max(_PIECE, end - _PIECE))


def _piece(stream: BinaryIO, start: int) -> Iterator[PersonalField]:
    stream.seek(start)
    return fields_in_bytes(stream.read(_PIECE), start)


def fields_in_bytes(content: bytes, start: int = 0) -> Iterator[PersonalField]:
    """What the runs of text in some bytes show; `start` is where they stand in the file."""
    if not content:
        return
    for encoding, at, text in _texts(content):
        for kind, value in _found(text):
            yield PersonalField(where=f"byte {start + at} ({encoding})", kind=kind, value=value)


def _texts(content: bytes) -> Iterator[tuple[str, int, str]]:
    """The runs of text with their encoding and where they begin."""
    wide = {encoding: dict(_wide_runs(content, encoding)) for encoding in ("UTF-16-LE", "UTF-16-BE")}
    # Text in one byte order looks like text in the other, a byte further on and a character shorter.
    for encoding, other in (("UTF-16-LE", "UTF-16-BE"), ("UTF-16-BE", "UTF-16-LE")):
        for start, run in wide[encoding].items():
            rival = max(len(wide[other].get(start + step, b"")) for step in (-1, 1))
            if len(run) > rival or (len(run) == rival and encoding == "UTF-16-LE"):
                yield encoding, start, run.decode(encoding, "replace")
    ascii_letters, _ = _letters()
    for start, end in _runs(ascii_letters[np.frombuffer(content, np.uint8)]):
        further = _FURTHER.match(content, end)
        yield "UTF-8", start, content[start : further.end() if further else end].decode("utf-8", "replace")


def _wide_runs(content: bytes, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Where runs of letters with a zero byte each begin, at even and at odd places, and their bytes."""
    letter, zero = (0, 1) if encoding == "UTF-16-LE" else (1, 0)
    _, latin_letters = _letters()
    for first in (0, 1):
        count = (len(content) - first) // 2
        pairs = np.frombuffer(content, np.uint8, offset=first, count=2 * max(count, 0)).reshape(-1, 2)
        for start, end in _runs(latin_letters[pairs[:, letter]] & (pairs[:, zero] == 0)):
            yield first + 2 * start, content[first + 2 * start : first + 2 * end]


def _runs(good: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Beginning and end of every stretch of at least twelve."""
    edges = np.flatnonzero(np.diff(good, prepend=False, append=False)).reshape(-1, 2)
    return [(int(start), int(end)) for start, end in edges[edges[:, 1] - edges[:, 0] >= _SHORTEST]]


@cache
def _letters() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each byte, whether it is printable ASCII, and whether it is printable in Latin-1."""
    bytes_ = np.arange(256)
    plain = ((bytes_ >= 0x20) & (bytes_ <= 0x7E)) | (bytes_ == 0x09)
    return plain, plain | (bytes_ > 0xA0)


def _found(text: str) -> Iterator[Found]:
    if is_numbers(text):
        return
    for kind, value in detect(text):
        if kind is PersonalKind.FOLDER and not (_LONG_FOLDER.fullmatch(value) or is_home(value)):
            continue
        if kind is PersonalKind.EMAIL and not _CHANCE_EMAIL.fullmatch(value):
            continue
        if kind is not PersonalKind.DEVICE:
            yield kind, value
    yield from detect_subjects(text)
    for found in _TAGGED.finditer(text):
        kind = PersonalKind.EMAIL if "Email" in (found[1], found[3]) else PersonalKind.PERSON
        yield kind, found[2] or found[4]
