"""What the payload manifests of a holey bag promise of the files that fetch.txt names: their names and digests."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from confocal_bag.bag.bag import Bag
from confocal_bag.bag.holey.unfinished import Download
from confocal_bag.bag.paths import nfc, unsafe_because
from confocal_bag.findings import readable_path

__all__ = ["NotPromised", "PromisedFiles"]


class NotPromised(Exception):  # noqa: N818 - says what was seen, as the messages do
    """A file that is not fetched, because nothing could tell whether the right one came."""


@dataclass(frozen=True, slots=True)
class _Promise:
    """What one line of a payload manifest says of a file."""

    manifest: str
    algorithm: str
    digest: str
    path: str


class PromisedFiles:
    """The lines of the payload manifests for the paths wanted, however these are spelled in Unicode."""

    def __init__(self, bag: Bag, wanted: Collection[str]) -> None:
        keys = {nfc(path) for path in wanted}
        self._promises: dict[str, list[_Promise]] = defaultdict(list)
        for one in bag.manifests.values():
            for line in one.manifest.entries:
                if (key := nfc(line.path)) in keys:
                    promise = _Promise(one.name, one.algorithm if one.is_verifiable else "", line.digest, line.path)
                    self._promises[key].append(promise)

    def name_of(self, path: str) -> str:
        """The name a file gets, which is the one the manifests list. Raises NotPromised."""
        if (because := unsafe_because(path)) is not None:
            raise NotPromised(f"its name is not safe: {because}")
        if not path.startswith("data/"):
            raise NotPromised("it is not below data/")
        promises = self._promises.get(nfc(path))
        if not promises:
            raise NotPromised("no payload manifest lists it, so it could not be verified")
        for promise in promises:
            if not promise.algorithm:
                raise NotPromised(f"{promise.manifest} uses an algorithm that is not known here")
            if not promise.digest:
                raise NotPromised(f"{promise.manifest} has no readable checksum for it")
        return next((one.path for one in promises if one.path == path), promises[0].path)

    def mismatch(self, download: Download, path: str) -> str | None:
        """Which manifest the content contradicts, None when it is what all of them list."""
        promises = self._promises[nfc(path)]
        seen = download.fixity(sorted({one.algorithm for one in promises}))
        wrong = [one.manifest for one in promises if seen.digests[one.algorithm] != one.digest]
        if wrong:
            return f"the content is not what {readable_path(', '.join(dict.fromkeys(wrong)))} lists"
        return None
