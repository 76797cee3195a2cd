"""A bag as its tag files describe it and as its files lie there, read without judging."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

from confocal_bag.bag.bag_info import BagInfo, parse_bag_info
from confocal_bag.bag.declaration import Declaration, parse_bagit_txt
from confocal_bag.bag.digester import ALGORITHMS, normalise_algorithm
from confocal_bag.bag.fetch_list import Fetch, parse_fetch
from confocal_bag.bag.listing import Unreadable
from confocal_bag.bag.manifest import Manifest, ManifestEntry, parse_manifest
from confocal_bag.bag.paths import BAGIT_1_0, Version, nfc
from confocal_bag.bag.source import BagSource
from confocal_bag.bag.tagtext import LineProblem, is_known_encoding

__all__ = ["Bag", "ManifestFile", "Match", "read_bag"]

MANIFEST_NAME = re.compile(r"(tagmanifest|manifest)-(.+)\.txt", re.DOTALL)
#: Larger tag files are reported and not read, so that a hostile one cannot fill the memory.
MAX_LIST_BYTES = 512 << 20
MAX_ALL_LISTS_BYTES = 1 << 30
MAX_INFO_BYTES = 64 << 20
MAX_DECLARATION_BYTES = 64 << 10

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """One manifest: its file, its algorithm in BagIt's spelling and as the file spells it, its lines."""

    name: str
    algorithm: str
    spelled: str
    is_tag_manifest: bool
    manifest: Manifest

    @property
    def is_verifiable(self) -> bool:
        """Whether the algorithm is known here."""
        return self.algorithm in ALGORITHMS


class Match(NamedTuple):
    """A manifest line and the file it means; `file` is None where there is none."""

    entry: ManifestEntry
    file: str | None


@dataclass(frozen=True, kw_only=True)
class Bag:
    """Everything a bag says of itself, and its files. `declaration` is None where bagit.txt cannot be read.

    `version` and `encoding` are those the tag files were read by: the declared ones, or 1.0 and UTF-8.
    The manifests are by algorithm, spelled as in the names of their files.
    """

    source: BagSource
    declaration: Declaration | None
    version: Version
    encoding: str
    info: BagInfo | None
    info_name: str
    fetch: Fetch | None
    manifests: Mapping[str, ManifestFile]
    tag_manifests: Mapping[str, ManifestFile]
    unread: tuple[Unreadable, ...] = ()
    _by_nfc: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def bag_info(self) -> tuple[tuple[str, str], ...]:
        """The fields of bag-info.txt in their order; none where there is no such file."""
        return self.info.fields if self.info else ()

    @cached_property
    def payload(self) -> dict[str, int]:
        """The payload files and their sizes in bytes."""
        return {path: size for path, size in self.source.files.items() if path.startswith("data/")}

    @cached_property
    def tag_files(self) -> dict[str, int]:
        """All other files and their sizes in bytes."""
        return {path: size for path, size in self.source.files.items() if not path.startswith("data/")}

    @property
    def all_manifests(self) -> tuple[ManifestFile, ...]:
        """Payload manifests, then tag manifests."""
        return (*self.manifests.values(), *self.tag_manifests.values())

    def line_problems(self) -> Iterator[tuple[str, LineProblem]]:
        """Every fault of every tag file's lines but those of bagit.txt, with the name of the tag file."""
        for one in self.all_manifests:
            yield from ((one.name, problem) for problem in one.manifest.problems)
        if self.info:
            yield from ((self.info_name, problem) for problem in self.info.problems)
        if self.fetch:
            yield from (("fetch.txt", problem) for problem in self.fetch.problems)

    def matches(self, one: ManifestFile) -> Iterator[Match]:
        """Each line of the manifest with the file it means."""
        for entry in one.manifest.entries:
            yield Match(entry=entry, file=self.find(entry.path, entry.spelled))

    def find(self, path: str, spelled: str = "") -> str | None:
        """The file that a name means: exactly, else as it is spelled, else whatever its normalization.

        RFC 8493 6.1.3 asks for tolerance where a file system or a transfer changed the normalization.
        """
        if path in self.source.files:
            return path
        if spelled and spelled in self.source.files:
            return spelled
        if path.isascii():
            return None
        if not self._by_nfc:
            for file in self.source.files:
                if not file.isascii():
                    self._by_nfc.setdefault(nfc(file), []).append(file)
        candidates = self._by_nfc.get(nfc(path), ())
        return candidates[0] if candidates else None


def read_bag(source: BagSource, *, with_manifests: bool = True) -> Bag:
    """Read the tag files of a bag. Never raises for anything the bag holds."""
    reader = _Reader(source=source)
    declaration = reader.parse("bagit.txt", parse_bagit_txt, MAX_DECLARATION_BYTES)
    version = (declaration and declaration.version) or BAGIT_1_0
    declared = declaration.encoding if declaration else None
    encoding = declared if declared and is_known_encoding(declared) else "UTF-8"
    info_name = _info_name(source, version)
    manifests: dict[str, ManifestFile] = {}
    tag_manifests: dict[str, ManifestFile] = {}
    for one in reader.manifests(version, encoding) if with_manifests else ():
        (tag_manifests if one.is_tag_manifest else manifests)[one.spelled] = one
    return Bag(
        source=source,
        declaration=declaration,
        version=version,
        encoding=encoding,
        info=reader.parse(info_name, lambda data: parse_bag_info(data, encoding, version), MAX_INFO_BYTES),
        info_name=info_name,
        fetch=reader.parse("fetch.txt", lambda data: parse_fetch(data, encoding, version), MAX_LIST_BYTES),
        manifests=manifests,
        tag_manifests=tag_manifests,
        unread=tuple(reader.unread),
    )


def _info_name(source: BagSource, version: Version) -> str:
    """Before BagIt 0.96 the file was called package-info.txt."""
    old = "package-info.txt"
    return old if version < (0, 96) and old in source.files else "bag-info.txt"


@dataclass(kw_only=True)
class _Reader:
    """Reads tag files, and remembers those it could not read."""

    source: BagSource
    unread: list[Unreadable] = field(default_factory=list)
    room: int = MAX_ALL_LISTS_BYTES

    def parse(self, name: str, parser: Callable[[bytes], Parsed], limit: int) -> Parsed | None:
        """What the parser makes of a tag file; None where there is no such file or it cannot be read."""
        if name not in self.source.files:
            return None
        try:
            data = self.source.read(name, limit=min(limit, self.room))
            self.room -= len(data)
            return parser(data)
        except OSError as error:
            self.unread.append(Unreadable(path=name, reason=error.strerror or str(error)))
            return None

    def manifests(self, version: Version, encoding: str) -> Iterator[ManifestFile]:
        """Every manifest at the top of the bag, also those whose names are not spelled as they must be."""
        names = {path: path for path in self.source.files}
        for name in self.source.files:
            match = MANIFEST_NAME.fullmatch(name)
            if match is None or "/" in name:
                continue
            algorithm = normalise_algorithm(match[2])
            manifest = self.parse(
                name,
                partial(parse_manifest, version=version, encoding=encoding, algorithm=algorithm, names=names),
                MAX_LIST_BYTES,
            )
            yield ManifestFile(
                name=name,
                algorithm=algorithm,
                spelled=match[2],
                is_tag_manifest=match[1] == "tagmanifest",
                manifest=manifest or Manifest(),
            )
