"""Take a path apart: folder, stem, extension, kind of file, copy suffix. Names are never assumed to be sane."""

import re
from enum import StrEnum
from typing import NamedTuple
from unicodedata import decimal, normalize

from confocal_bag.deposit.sequences.words import (
    CONTAINER_EXTENSIONS,
    IMAGE_EXTENSIONS,
    JUNK_NAMES,
    SIDECAR_EXTENSIONS,
)
from confocal_bag.findings import readable_path

__all__ = ["FileName", "Kind", "folded", "readable_pair", "take_apart", "without_copy_suffix"]

#: No file system holds a longer name component, in characters; longer text is not read as a name.
LONGEST_NAME = 1024

_EXTENSION = re.compile(r"(?:\.ome)?\.([A-Za-z0-9]{1,6})\Z", re.IGNORECASE)
_COPIES = (
    re.compile(r"[ _-]+(?:copy|kopie|copie|copia)(?:[ _-]*\(?[0-9]{1,3}\)?)?\Z", re.IGNORECASE),
    re.compile(r"[ _]?\([0-9]{1,3}\)\Z"),
)
_COPY_OF = re.compile(r"(?:copy|kopie)(?: \([0-9]{1,3}\))? (?:of|von) (?P<after>.+)\Z", re.IGNORECASE | re.DOTALL)


class Kind(StrEnum):
    """What sort of file a name promises."""

    IMAGE = "image"
    CONTAINER = "container"
    UNKNOWN = "unknown"
    SIDECAR = "sidecar"
    JUNK = "junk"


class FileName(NamedTuple):
    """A path in pieces. `path` is as given; the rest is in Unicode form NFC. `extension` has its dot, or is empty."""

    path: str
    folder: str
    stem: str
    extension: str
    kind: Kind


def take_apart(path: str) -> FileName:
    """Split one path with `/` between its folders."""
    text = path if path.isascii() else _with_ascii_digits(normalize("NFC", path))
    folder, _, name = text.rpartition("/")
    found = _EXTENSION.search(name)
    if found is None or not found.start() or found.group(1).isdigit():
        return FileName(path, folder, name, "", Kind.JUNK if _is_junk(name) else _bare_kind(name))
    return FileName(path, folder, name[: found.start()], found.group(0), _kind(name, found.group(1).lower()))


def _with_ascii_digits(text: str) -> str:
    """Numbers as they are counted with, also where they are written in full width or in another script."""
    return "".join([str(decimal(c)) if c.isdecimal() else c for c in text])


def _bare_kind(name: str) -> Kind:
    return Kind.SIDECAR if name.startswith(".") or len(name) > LONGEST_NAME else Kind.UNKNOWN


def _kind(name: str, extension: str) -> Kind:
    if _is_junk(name):
        return Kind.JUNK
    if name.startswith(".") or extension in SIDECAR_EXTENSIONS or len(name) > LONGEST_NAME:
        return Kind.SIDECAR
    if extension in IMAGE_EXTENSIONS:
        return Kind.IMAGE
    return Kind.CONTAINER if extension in CONTAINER_EXTENSIONS else Kind.UNKNOWN


def _is_junk(name: str) -> bool:
    """Whether an operating system or office program left the file behind."""
    return name.startswith(("._", "~$")) or name.lower() in JUNK_NAMES


def without_copy_suffix(stem: str) -> tuple[str, str] | None:
    """The stem a file manager started from, and the mark it added; None when nothing looks like a copy."""
    lower = stem.casefold()
    if not stem.endswith(")") and "copi" not in lower and "copy" not in lower and "kopie" not in lower:
        return None
    before = _COPY_OF.match(stem)
    if before is not None:
        return before.group("after"), stem[: before.start("after")]
    # Only the end can carry the mark, so a long name costs no more than a short one.
    head, tail = stem[:-40], stem[-40:]
    for copy in _COPIES:
        after = copy.search(tail)
        if after is not None and head + tail[: after.start()]:
            return head + tail[: after.start()], after.group(0)
    return None


def folded(text: str) -> str:
    """Text as Windows and macOS compare it: NFC, without case."""
    return (text if text.isascii() else normalize("NFC", text)).casefold()


def readable_pair(one: str, other: str) -> str:
    """Two paths for people; where they look alike, with a word on the one in decomposed characters."""
    if normalize("NFC", one) != normalize("NFC", other):
        return f"{readable_path(one)} and {readable_path(other)}"
    return " and ".join(
        readable_path(path) + ("" if normalize("NFC", path) == path else " (in decomposed characters)")
        for path in (one, other)
    )
