"""A bag as the promise rules see it: its images, its sidecars, and what the sidecars say."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish, Skipped, readable_path
from confocal_bag.progress import SILENT, Progress
from confocal_bag.promises.inside_zips import Undescribed, undescribed_members
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.deposit.zips.unpacking import Unpacking
    from confocal_bag.image.formats import Format
    from confocal_bag.image.sidecar_check import SidecarFacts

__all__ = ["SIDECARS", "SUFFIX", "PackedBag"]

SIDECARS = PurePosixPath("metadata/ome")
SUFFIX = ".ome.xml"
_MOST_SIDECAR_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PackedBag:
    """One bag. `payload` holds paths below data/; no file is opened before a rule asks for it.

    A bag in an archive has no `root`: its sidecars come from `read_member` (path below data/, most bytes wanted) in
    the order of `payload`, and rules that need its images are skipped. `elsewhere` are payload files that fetch.txt
    names and the bag lacks. Pixels of `jobs` images are read at once.
    """

    root: Path | None
    payload: tuple[PurePosixPath, ...]
    read_member: Callable[[PurePosixPath, int], bytes | None] | None = None
    open_images: bool = True
    read_pixels: bool = False
    elsewhere: frozenset[PurePosixPath] = frozenset()
    progress: Progress = SILENT
    jobs: int = 1

    def local(self, path: PurePosixPath) -> Path:
        """Where a payload file lies on this machine. Raises Skipped in an archive."""
        if self.root is None:
            raise Skipped("the bag is an archive; use --pixels to have it unpacked and its images looked at")
        return self.root / "data" / path

    @cached_property
    def images(self) -> Mapping[PurePosixPath, "Format"]:
        """The payload files that are images this program reads, with their formats. Raises Skipped in an archive."""
        from confocal_bag.image.guarded import read_set_head
        from confocal_bag.image.readers.choice import READERS

        readable = {path: known for path, known in self._formats.items() if known.id in READERS}
        # Of the files of a set of OME-TIFFs, one stands for the image.
        return {
            path: known
            for path, known in readable.items()
            if read_set_head(self.local(path), known) in (None, path.name)
        }

    @cached_property
    def _formats(self) -> Mapping[PurePosixPath, "Format"]:
        """The formats of the files of data, but for those inside images that are folders."""
        from confocal_bag.deposit.tiers import image_folder
        from confocal_bag.image.formats import identify

        tiers = (Tier.RAW.value, Tier.TRANSFORMED.value, Tier.PROCESSED.value)
        candidates = [path for path in self.payload if path.parts[0] in tiers and not image_folder(path)]
        return {path: identify(self.local(path)) for path in candidates}

    @cached_property
    def undescribed(self) -> Undescribed:
        """The images in zip files that no sidecar describes; none where images are not opened, or in an archive."""
        if self.root is None or not self.open_images:
            return Undescribed()
        archives = {path: self.local(path) for path, known in self._formats.items() if known.id == "zip"}
        return undescribed_members(archives, set(self.sidecars.values()))

    @cached_property
    def sidecars(self) -> Mapping[PurePosixPath, PurePosixPath]:
        """Each sidecar and the image it speaks of, both below data/."""
        found = [path for path in self.payload if path.is_relative_to(SIDECARS) and path.name.endswith(SUFFIX)]
        return {path: _described_by(path) for path in found}

    @cached_property
    def members(self) -> Mapping[PurePosixPath, PurePosixPath]:
        """For each image in a file of the payload, a zip file, that file; whether a sidecar describes it or none.

        Such an image has the path that it would have were the zip file a folder.
        """
        known = {*self.payload, *self.elsewhere}
        described = [path for path in self.sidecars.values() if path not in known]
        holders = {path: next((parent for parent in path.parents if parent in known), None) for path in described}
        return {**self.undescribed.holders, **{path: holder for path, holder in holders.items() if holder is not None}}

    def holder(self, path: PurePosixPath) -> PurePosixPath:
        """The file of the payload that holds an image: itself, or the zip file it is in."""
        return self.members.get(path, path)

    def shown(self, path: PurePosixPath) -> str:
        """How the place of an image is written for people: data/raw/scans.zip!/day1/cell.lsm."""
        holder = self.holder(path)
        if holder == path:
            return f"data/{readable_path(path)}"
        return f"data/{readable_path(holder)}!/{readable_path(path.relative_to(holder))}"

    @contextmanager
    def at_hand(self, path: PurePosixPath, unpacking: "Unpacking") -> Iterator[Path]:
        """Where an image lies on this machine for as long as it is read.

        Raises UnreadableImage where a zip file does not give it, Skipped in an archive; what is said against an image
        of a zip file, here or in the block, names it by its place.
        """
        from confocal_bag.image.model import UnreadableImage

        holder, found = self.holder(path), None
        if holder == path:
            yield self.local(path)
            return
        try:
            with unpacking.image(self.local(holder), path.relative_to(holder)) as found:
                yield found
        except UnreadableImage as problem:
            told = str(problem).replace(readable_path(self.local(holder)), f"data/{readable_path(holder)}")
            raise type(problem)(told.replace(readable_path(found), self.shown(path)) if found else told) from problem

    @cached_property
    def readings(self) -> Mapping[PurePosixPath, "SidecarReading"]:
        """What each sidecar says and what is wrong with it; each is read and checked once."""
        return {path: self._reading(path) for path in self.sidecars}

    @cached_property
    def facts(self) -> Mapping[PurePosixPath, "SidecarFacts"]:
        """What each sound sidecar says, by the path of its image."""
        return {self.sidecars[path]: reading.facts for path, reading in self.readings.items() if reading.facts}

    def content(self, path: PurePosixPath) -> bytes:
        """The bytes of the sidecar of an image; it must be a sound one."""
        return self._read(SIDECARS / path.with_name(path.name + SUFFIX)) or b""

    def document(self, path: PurePosixPath) -> bytes | None:
        """The bytes of a metadata file of the payload; None where there are too many."""
        return self._read(path)

    def was_read_by_plugin(self, path: PurePosixPath) -> bool:
        """Whether an image was packed through a bioio plugin, which may not be installed here."""
        from confocal_bag.image.readers.choice import READERS

        facts = self.facts.get(path)
        return bool(facts and facts.reader and facts.reader not in {one.name for one in READERS.values()})

    def size(self, path: PurePosixPath) -> int:
        """The bytes of a payload file; 0 where there is none, and of an image in a zip file."""
        try:
            return self.local(path).lstat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def _reading(self, path: PurePosixPath) -> "SidecarReading":
        from confocal_bag.image.sidecar_check import check_sidecar, read_sidecar

        content = self._read(path)
        if content is None:
            return SidecarReading(problems=(f"it is larger than {_MOST_SIDECAR_BYTES:,} bytes and was not read.",))
        problems = tuple(check_sidecar(content))
        return SidecarReading(problems=problems, facts=None if problems else read_sidecar(content))

    def _read(self, path: PurePosixPath) -> bytes | None:
        """The bytes of a metadata file; None where there are too many."""
        try:
            if self.read_member is not None:
                return self.read_member(path, _MOST_SIDECAR_BYTES)
            with self.local(path).open("rb") as stream:
                content = stream.read(_MOST_SIDECAR_BYTES + 1)
        except OSError as error:
            raise CannotFinish(
                f"{path} cannot be read: {error.strerror or error}. Check the disk and its permissions."
            ) from error
        return content if len(content) <= _MOST_SIDECAR_BYTES else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarReading:
    """The sentences about what is wrong with a sidecar, and what it says when nothing is."""

    problems: tuple[str, ...]
    facts: "SidecarFacts | None" = None


def _described_by(sidecar: PurePosixPath) -> PurePosixPath:
    inner = sidecar.relative_to(SIDECARS)
    return inner.with_name(inner.name.removesuffix(SUFFIX))
