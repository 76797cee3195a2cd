"""Complete a holey bag: fetch what fetch.txt names and the payload lacks (RFC 8493 2.2.3, 5.2, 5.3).

Everything fetch.txt says is a stranger's word. Only hosts the user named are asked, nothing is written but files
below data/ that every payload manifest vouches for, and no file gets its name before its digests are verified.
One bad line never stops the others.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from confocal_bag.bag.bag import Bag, read_bag
from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.fetch_list import FetchEntry
from confocal_bag.bag.holey.address import AddressRefused, read_hosts
from confocal_bag.bag.holey.completion import Completion, FetchedFile, FetchFailure, Trouble
from confocal_bag.bag.holey.download import Downloader, DownloadFailed
from confocal_bag.bag.holey.open_folders import CannotPlace, size_in_bag
from confocal_bag.bag.holey.promised import NotPromised, PromisedFiles
from confocal_bag.bag.holey.staging import FetchStaging
from confocal_bag.bag.holey.unfinished import Download
from confocal_bag.bag.paths import nfc
from confocal_bag.bag.source import open_source
from confocal_bag.bag.tagtext import Fault
from confocal_bag.findings import CannotFinish, one_line, readable_path

__all__ = ["DEFAULT_MAX_SIZE", "Completion", "FetchFailure", "FetchedFile", "Trouble", "complete_bag"]

#: The most bytes that may come of a file whose length fetch.txt does not state.
DEFAULT_MAX_SIZE = 64 << 30


def complete_bag(
    bag: Path,
    *,
    allowed_hosts: Collection[str],
    on_bytes: OnBytes | None = None,
    timeout_s: float = 60.0,
    max_size: int = DEFAULT_MAX_SIZE,
    attempts: int = 4,
    pause: Callable[[float], None] = time.sleep,
) -> Completion:
    """Fetch the missing files of a bag that lies in a folder, from the hosts named and no others.

    `max_size` bounds files whose length fetch.txt does not state. A connection on which next to nothing comes for
    `timeout_s` is given up, and tried again up to `attempts` times after `pause`. What was fetched of an unfinished
    file stays beside the bag for the next run. Raises CannotFinish when there is no bag to complete, its tag files
    cannot be read, or the folder it lies in cannot be written to.
    """
    downloader = Downloader(
        allowed=read_hosts(allowed_hosts),
        timeout_s=timeout_s,
        attempts=attempts,
        pause=pause,
        on_bytes=on_bytes,
    )
    root, read = _read(bag)
    work = _Work(bag=read, max_size=max_size, downloader=downloader)
    if work.entries:
        with FetchStaging(root) as staging:
            for entries in work.entries.values():
                work.obtain(entries, staging)
            if not work.failures:
                staging.clear()
    work.look_for_the_rest()
    return Completion(
        bag=bag,
        has_fetch=read.fetch is not None,
        fetched=tuple(work.fetched),
        present=tuple(work.present),
        failures=tuple(work.failures),
    )


def _read(path: Path) -> tuple[Path, Bag]:
    with open_source(path) as source:
        if source.is_archive:
            raise CannotFinish(f"{readable_path(path)} is an archive, into which nothing is fetched; unpack it first.")
        bag = read_bag(source)
    if bag.declaration is None:
        raise CannotFinish(f"{readable_path(path)} has no readable bagit.txt, so it is no bag to be completed.")
    for one in bag.unread:
        raise CannotFinish(
            f"{readable_path(one.path)} in {readable_path(path)} cannot be read ({one.reason}); "
            "make it readable and start again."
        )
    if not bag.manifests:
        raise CannotFinish(f"{readable_path(path)} has no payload manifest to verify fetched files by.")
    return path.resolve(), bag


@dataclass(kw_only=True)
class _Work:
    """One bag being completed, and what became of its files so far."""

    bag: Bag
    max_size: int
    downloader: Downloader
    entries: dict[str, list[FetchEntry]] = field(default_factory=dict)
    fetched: list[FetchedFile] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    failures: list[FetchFailure] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._read_lines()
        self._promised = PromisedFiles(self.bag, self.entries)

    def _read_lines(self) -> None:
        """Group the lines of fetch.txt by file; a file on several lines has several addresses."""
        if self.bag.fetch is None:
            return
        for problem in self.bag.fetch.problems:
            if problem.fault in (Fault.MALFORMED, Fault.UNDECODABLE):
                reason = f"line {problem.line} of fetch.txt {problem.message}" if problem.line else problem.message
                self._fail("fetch.txt", Trouble.REFUSED, reason, line=problem.line)
        for entry in self.bag.fetch.entries:
            self.entries.setdefault(nfc(entry.path), []).append(entry)

    def _fail(
        self, path: str, trouble: Trouble, reason: str, *, url: str | None = None, line: int | None = None
    ) -> None:
        self.failures.append(FetchFailure(path=path, trouble=trouble, reason=reason, url=url, line=line))

    def obtain(self, entries: Sequence[FetchEntry], staging: FetchStaging) -> None:
        """See to one file, trying its addresses one after the other."""
        tried: list[FetchFailure] = []
        for entry in entries:
            try:
                path = self._promised.name_of(entry.path)
                if self._is_present(entry, path, staging):
                    self.present.append(path)
                else:
                    self.fetched.append(self._fetch(entry, path, staging))
                return
            except NotPromised as refused:
                tried.append(_failure(entry, Trouble.REFUSED, refused))
            except _Failed as failed:
                tried.append(_failure(entry, failed.trouble, failed))
        self.failures.extend(tried)

    def _is_present(self, entry: FetchEntry, path: str, staging: FetchStaging) -> bool:
        try:
            size = size_in_bag(staging.bag, path)
        except (CannotPlace, OSError) as error:
            raise _Failed(Trouble.NOT_PLACED, _words(error)) from error
        if size is None:
            return self.bag.find(path, entry.spelled) is not None
        if entry.length is not None and size != entry.length:
            raise _Failed(
                Trouble.NOT_PLACED,
                f"a file of {size:,} bytes has its name, fetch.txt states {entry.length:,}; "
                "remove the file to have it fetched",
            )
        return True

    def _fetch(self, entry: FetchEntry, path: str, staging: FetchStaging) -> FetchedFile:
        key = hashlib.sha256(f"{entry.url}\n{path}".encode("utf-8", "surrogateescape")).hexdigest()
        try:
            with staging.download(key) as download:
                resumed = download.size > 0
                self._download(entry, download, staging)
                if resumed and self._promised.mismatch(download, path):
                    # What an earlier run left may be of another version of the file: once more from the start.
                    download.restart()
                    self._download(entry, download, staging)
                if (mismatch := self._promised.mismatch(download, path)) is not None:
                    download.remove()
                    raise _Failed(Trouble.WRONG_CONTENT, mismatch)
                download.place(staging.bag, path)
                return FetchedFile(path=path, bytes=download.size, url=entry.url)
        except CannotPlace as error:
            raise _Failed(Trouble.NOT_PLACED, _words(error)) from error
        except OSError as error:
            raise _Failed(Trouble.NOT_PLACED, f"it cannot be written ({_words(error)})") from error

    def _download(self, entry: FetchEntry, download: Download, staging: FetchStaging) -> None:
        wanted, free = (entry.length or 0) - download.size, staging.free_bytes()
        if wanted > free:
            raise _Failed(Trouble.NOT_PLACED, f"it needs {wanted:,} bytes more and the disk has {free:,} left")
        limit = self.max_size if entry.length is None else entry.length
        try:
            self.downloader.fetch(entry.url, download, length=entry.length, limit=limit)
        except AddressRefused as refused:
            raise _Failed(Trouble.REFUSED, str(refused)) from refused
        except DownloadFailed as failed:
            raise _Failed(Trouble.NOT_DOWNLOADED, str(failed)) from failed

    def look_for_the_rest(self) -> None:
        """Name the files that manifests list, that are not there, and that fetch.txt says nothing of."""
        settled = {nfc(one.path) for one in self.fetched}
        settled.update(nfc(path) for path in self.present)
        settled.update(nfc(one.path) for one in self.failures)
        for path, spelled in self._listed():
            if nfc(path) not in settled and self.bag.find(path, spelled) is None:
                settled.add(nfc(path))
                self._fail(path, Trouble.NOT_OFFERED, "a manifest lists it, and fetch.txt does not say where it is")

    def _listed(self) -> Iterator[tuple[str, str]]:
        for one in self.bag.manifests.values():
            yield from ((entry.path, entry.spelled) for entry in one.manifest.entries)


class _Failed(Exception):  # noqa: N818 - a signal inside this module
    """One address did not give the file."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble


def _failure(entry: FetchEntry, trouble: Trouble, reason: Exception) -> FetchFailure:
    return FetchFailure(path=entry.path, trouble=trouble, reason=str(reason), url=entry.url, line=entry.line)


def _words(error: Exception) -> str:
    return one_line((error.strerror if isinstance(error, OSError) else None) or str(error))
