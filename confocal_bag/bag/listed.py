"""What a manifest lists, matched to the files that lie there: one pass, which sets aside the lines worth a look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from confocal_bag.bag.bag import Bag, ManifestFile, Match
from confocal_bag.bag.manifest import ManifestEntry
from confocal_bag.bag.paths import is_plain_payload_path, unsafe_because

__all__ = ["Listed", "read_listed"]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The lines of one manifest.

    `first` holds the first line about each file, by the file it means, or by the name it gives where there is no such
    file; `again` all further lines about the same. `odd` are the lines, in their order, that name anything but a
    payload file that lies there under exactly that name.
    """

    manifest: ManifestFile
    first: Mapping[str, ManifestEntry]
    again: tuple[Match, ...]
    odd: tuple[Match, ...]

    def comparable(self, files: Mapping[str, int]) -> Iterator[str]:
        """Those of the files that have a digest to be compared; none whose listed name is not safe."""
        refused = {match.file for match in self.odd if unsafe_because(match.entry.path) is not None}
        repeated = {match.file for match in self.again if match.entry.digest}
        for file, entry in self.first.items():
            if file in files and file not in refused and (entry.digest or file in repeated):
                yield file

    def digests(self, file: str) -> tuple[str, ...]:
        """Every digest listed for a file; more than one where it is listed again."""
        entry = self.first.get(file)
        given = (entry.digest,) if entry is not None and entry.digest else ()
        if not self.again:
            return given
        return (*given, *(match.entry.digest for match in self.again_of.get(file, ()) if match.entry.digest))

    @cached_property
    def again_of(self) -> dict[str, list[Match]]:
        """The further lines by the file they mean."""
        found: dict[str, list[Match]] = {}
        for match in self.again:
            if match.file is not None:
                found.setdefault(match.file, []).append(match)
        return found


def read_listed(bag: Bag, manifest: ManifestFile) -> Listed:
    """Match each line of one manifest of the bag to the file it means."""
    files = bag.source.files
    first: dict[str, ManifestEntry] = {}
    again: list[Match] = []
    odd: list[Match] = []
    for entry in manifest.manifest.entries:
        path = entry.path
        if path in files and path == entry.spelled and is_plain_payload_path(path):
            key = path
        else:
            file = bag.find(path, entry.spelled)
            key = path if file is None else file
            odd.append(Match(entry, file))
        if first.setdefault(key, entry) is not entry:
            again.append(Match(entry, key if key in files else None))
    return Listed(manifest=manifest, first=first, again=tuple(again), odd=tuple(odd))
