"""Manifests: which file has which checksum, one a line. Payload and tag manifests share this form."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from confocal_bag.bag.fixity import ALGORITHMS, digest_length
from confocal_bag.bag.paths import BAGIT_1_0, Version, decode_path, encode_path, is_plain_path, plain_path
from confocal_bag.bag.tagtext import Fault, LineProblem, Problems, quoted, read_lines
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Manifest", "ManifestEntry", "format_manifest", "parse_manifest"]

_LINE = re.compile(r"([^ \t]+)[ \t]+(.+)", re.DOTALL)
#: A line on which nothing is to be said but, maybe, the number of its digits: most lines of most manifests.
_CLEAN_LINE = re.compile(r"([0-9a-f]+)[ \t]+([^*% \t][^%]*)")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")


class ManifestEntry(NamedTuple):
    """One line of a manifest. A tuple, because a bag can have a million of them.

    `path` is the name as it is on disk, `digest` lower-case hexadecimal (empty where the line holds none that
    can be compared), `spelled` the name as the manifest writes it, `line` its number from 1 (0 for an entry
    not yet written).
    """

    path: str
    digest: str
    line: int = 0
    spelled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The entries of one manifest in the order of its lines, and every line that is not as it should be."""

    entries: tuple[ManifestEntry, ...] = ()
    problems: tuple[LineProblem, ...] = ()


def parse_manifest(
    data: bytes,
    version: Version = BAGIT_1_0,
    encoding: str = "utf-8",
    *,
    algorithm: str | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Manifest:
    """Read a manifest in a known encoding (RFC 8493 2.1.3).

    With `algorithm`, digests of the wrong length are faults too. `names` maps names to equal ones that are in memory
    anyway, to be used in their place. Names lose empty and `.` components (with a
    problem), nothing else: they are never stripped.
    """
    problems = Problems()
    digits = digest_length(algorithm) if algorithm and algorithm in ALGORITHMS else None
    entries: list[ManifestEntry] = []
    for number, line in read_lines(data, encoding, problems):
        clean = _CLEAN_LINE.fullmatch(line)
        if clean and (digits is None or len(clean[1]) == digits) and is_plain_path(clean[2]):
            path = names.get(clean[2], clean[2])
            entries.append(ManifestEntry(path, clean[1], number, path))
            continue
        match = _LINE.fullmatch(line)
        if not line.strip(" \t"):
            problems.add(number, Fault.BLANK, "is blank")
        elif match is None or line.startswith("#"):
            problems.add(number, Fault.MALFORMED, f"reads {quoted(line)} where a checksum and a path are expected")
        else:
            digest = _digest(number, match[1], digits, problems)
            entries.append(_entry(number, digest, match[2], version, problems))
    return Manifest(entries=tuple(entries), problems=problems.all())


def _digest(number: int, text: str, digits: int | None, problems: Problems) -> str:
    if not _HEXADECIMAL.fullmatch(text):
        problems.add(number, Fault.MALFORMED, f"has the checksum {quoted(text)}, which is not hexadecimal")
        return ""
    if digits is not None and len(text) != digits:
        problems.add(number, Fault.MALFORMED, f"has a checksum of {len(text)} digits where {digits} are expected")
        return ""
    return text.lower()


def _entry(number: int, digest: str, spelled: str, version: Version, problems: Problems) -> ManifestEntry:
    if spelled.startswith("*"):
        spelled = spelled[1:]
        problems.add(number, Fault.BINARY_MARKER, f"has md5sum's mark * before {quoted(spelled)}")
    decoded = decode_path(spelled, version)
    if decoded.note:
        problems.add(number, Fault.RAW_PERCENT, f"spells {quoted(spelled)}: {decoded.note}")
    path = plain_path(decoded.path)
    if path != decoded.path:
        problems.add(number, Fault.NOT_PLAIN, f"spells {quoted(spelled)} where {quoted(path)} is expected")
    raw = plain_path(spelled)
    return ManifestEntry(path=path, digest=digest, line=number, spelled=path if raw == path else raw)


def format_manifest(entries: Iterable[ManifestEntry], version: Version = BAGIT_1_0) -> bytes:
    """A manifest in UTF-8, sorted by the bytes of the names: the same entries always give the same bytes.

    Raises CannotFinish for a name that is not UTF-8, which no such manifest can spell.
    """
    lines = []
    for entry in entries:
        try:
            name = entry.path.encode("utf-8")
        except UnicodeEncodeError:
            raise CannotFinish(
                f"The name of {readable_path(entry.path)} is not UTF-8 and cannot be listed in a manifest; "
                "rename the file."
            ) from None
        lines.append((name, f"{entry.digest}  {encode_path(entry.path, version)}\n".encode()))
    return b"".join(line for _, line in sorted(lines))
