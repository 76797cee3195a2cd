"""Names inside a bag: percent-encoding by BagIt version, safety, Unicode normalization.

Names are text in which bytes that are not UTF-8 are kept as lone surrogates ("surrogateescape").
"""

import re
import unicodedata
from dataclasses import dataclass

__all__ = [
    "BAGIT_1_0",
    "DecodedPath",
    "Version",
    "decode_path",
    "encode_path",
    "is_plain_path",
    "is_plain_payload_path",
    "is_safe_path",
    "nfc",
    "plain_path",
    "same_name",
    "unsafe_because",
]

Version = tuple[int, int]
"""Major and minor number of the BagIt version, as in (1, 0)."""

BAGIT_1_0: Version = (1, 0)

_ESCAPE_1_0 = re.compile(r"%(0A|0D|25)", re.IGNORECASE)
_ESCAPE_BEFORE_1_0 = re.compile(r"%(0A|0D)", re.IGNORECASE)
_SUSPICIOUS = re.compile(r"\0|\\|\.\.")
_DRIVE = re.compile(r"[A-Za-z]:")
_WINDOWS_VARIABLE = re.compile(r"%[^%/\\\s]+%")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPath:
    """A name as it is on disk, with a note where the manifest spelled it against the rules of its version."""

    path: str
    note: str | None = None


def encode_path(path: str, version: Version = BAGIT_1_0) -> str:
    """The name as a manifest of this version spells it (RFC 8493 2.1.3; before 1.0 a percent sign stays)."""
    if version >= BAGIT_1_0:
        path = path.replace("%", "%25")
    return path.replace("\n", "%0A").replace("\r", "%0D")


def decode_path(text: str, version: Version = BAGIT_1_0) -> DecodedPath:
    """The name that a manifest of this version means by `text`.

    A percent sign that begins none of the version's escapes stays as it is; in a 1.0 manifest that earns a
    note, because many tools write names raw.
    """
    if version < BAGIT_1_0:
        return DecodedPath(path=_ESCAPE_BEFORE_1_0.sub(_unescape, text))
    decoded = _ESCAPE_1_0.sub(_unescape, text)
    if "%" in _ESCAPE_1_0.sub("", text):
        return DecodedPath(path=decoded, note="a percent sign is written as it is; BagIt 1.0 asks for %25")
    return DecodedPath(path=decoded)


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def is_safe_path(path: str) -> bool:
    """Whether the decoded name stays inside the bag on every platform (RFC 8493 5.1)."""
    return unsafe_because(path) is None


def is_plain_payload_path(path: str) -> bool:
    """Whether the name is one below `data/` without anything that could make it unsafe."""
    return path.startswith("data/") and not _SUSPICIOUS.search(path)


def unsafe_because(path: str) -> str | None:
    """Why the decoded name could lead out of the bag on some platform, or None if it cannot (RFC 8493 5.1).

    A backslash inside a name below `data/` is an ordinary character on most systems and is accepted, unless
    the name climbs out of the bag when the backslash is read as a separator.
    """
    if is_plain_payload_path(path):
        return None
    components = re.split(r"[/\\]", path)
    first = components[0]
    dangers = (
        (not path, "it is empty"),
        ("\0" in path, "it holds a NUL character"),
        (path.startswith(("/", "\\")), "it is an absolute path"),
        (path.startswith("~"), "it begins with ~, which stands for a home folder"),
        (".." in components, "it climbs to a parent folder (..)"),
        (_DRIVE.match(path), "it begins with a Windows drive letter"),
        (first != "data" and _WINDOWS_VARIABLE.search(first), "it holds a Windows variable (%NAME%)"),
    )
    return next((reason for danger, reason in dangers if danger), None)


def is_plain_path(path: str) -> bool:
    """Whether the name certainly has no empty and no `.` components; one with a folder called "a." counts as unsure."""
    return "//" not in path and "./" not in path and not path.endswith(("/", "/."))


def plain_path(path: str) -> str:
    """The name without empty and `.` components; `..` is kept for `unsafe_because` to report."""
    if is_plain_path(path):
        return path
    root = "/" if path.startswith("/") else ""
    return root + "/".join(part for part in path.split("/") if part not in ("", "."))


def nfc(path: str) -> str:
    """The name in Unicode normalization form C; ASCII names cost nothing."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing but their Unicode normalization (RFC 8493 6.1.3)."""
    return one == other or nfc(one) == nfc(other)
