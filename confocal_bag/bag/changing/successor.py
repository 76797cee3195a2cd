"""The bag that takes the place of another one: what stays is linked, what comes is copied, the rest follows."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from confocal_bag.bag.bag import MAX_INFO_BYTES, MAX_LIST_BYTES, Bag
from confocal_bag.bag.changing.changes import Changes, UpdatePlan
from confocal_bag.bag.changing.linking import link
from confocal_bag.bag.changing.tag_edit import InfoEditor, without_lines
from confocal_bag.bag.changing.verified import Known, refuse_errors
from confocal_bag.bag.copying import copy_and_hash
from confocal_bag.bag.digester import Fixity, OnBytes, hash_stream
from confocal_bag.bag.fixity import hash_file, hash_files
from confocal_bag.bag.listing import list_folder
from confocal_bag.bag.manifest import ManifestEntry, format_manifest
from confocal_bag.bag.rules import Depth, check_bag
from confocal_bag.bag.second_opinion import OpinionOutcome, ask_bagit
from confocal_bag.bag.sizes import readable_size
from confocal_bag.bag.writing.durable import sync_tree
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Successor"]

_BUG = "The new bag is not valid and was not kept; report this as a bug of confocal-bag"


@dataclass(kw_only=True)
class Successor:
    """One new bag under way. Call `make`, `prove`, `sync` and `refuse_late_changes` in this order; all may raise
    CannotFinish or OSError.

    `payload` are the payload files it will hold, `written` the files that were not merely linked.
    """

    old: Bag
    plan: UpdatePlan
    changes: Changes
    known: Mapping[str, Known]
    folder: Path
    payload: dict[str, Fixity] = field(init=False)
    written: dict[str, Fixity] = field(default_factory=dict)
    linked: int = 0
    copied: int = 0

    def __post_init__(self) -> None:
        going = {*self.plan.removed, *self.plan.replaced}
        payload = (path for path in self.old.payload if path not in going)
        self.payload = {path: self.known[path].fixity for path in payload}

    def make(self, on_bytes: OnBytes | None = None) -> None:
        """Write everything: files that stay, files that come, tag files that follow from them."""
        self._make_folders()
        stale = self._stale_fetch_lines()
        superseded = {*self.plan.removed, *self.plan.replaced, *self._superseded_manifests()}
        superseded |= {self.old.info_name} if self._changes_info else set()
        superseded |= {"fetch.txt"} if stale else set()
        for path in self.old.source.files:
            if path not in superseded:
                self._carry(path, on_bytes)
        for path, source in self.plan.incoming.items():
            self._bring(path, source, on_bytes)
        if self._changes_info:
            self._write(self.old.info_name, self._edited_info())
        if stale:
            self._write_fetch(stale)
        self._write_manifests()
        self._write_tag_manifests()
        self._copy_modes()

    def prove(self, jobs: int) -> None:
        """Judge the new bag, and read back every file that was not merely linked."""
        refuse_errors(check_bag(self.folder, depth=Depth.COMPLETENESS).findings, _BUG)
        read = hash_files((self.folder / name for name in self.written), self.plan.algorithms, jobs=jobs)
        for name, (_, seen) in zip(self.written, read, strict=True):
            if seen != self.written[name]:
                raise CannotFinish(
                    f"{readable_path(name)} is not read back as it was written; the bag was left as it is. "
                    "Try another disk."
                )
        opinion = ask_bagit(self.folder)
        if opinion.outcome is OpinionOutcome.DISAGREES and (
            ask_bagit(self.old.source.path).outcome is not OpinionOutcome.DISAGREES
        ):
            raise CannotFinish(
                f"The reference implementation of BagIt does not accept the bag as it would be: {opinion.reason}. "
                "It was left as it is; choose another change."
            )

    def refuse_late_changes(self) -> None:
        """Refuse to replace a bag into which somebody wrote meanwhile: the new one would not have it."""
        root = self.old.source.path
        now = list_folder(root).files
        for path in sorted({*now.keys() ^ self.old.source.files.keys()}):
            raise _changed(path)
        for path, known in self.known.items():
            if (root / path).lstat().st_mtime_ns != known.changed_ns:
                raise _changed(path)

    def sync(self) -> None:
        """Make the new bag durable."""
        sync_tree(self.folder, (self.folder / path for path in self.written))

    def _make_folders(self) -> None:
        """Every folder that will hold a file, and those that were empty before."""
        going = set(self.plan.removed)
        files = [path for path in self.old.source.files if path not in going]
        folders = {"data", *self.old.source.listing.empty_folders}
        for path in (*files, *self.plan.incoming):
            folders.add(path.rpartition("/")[0])
        self.folder.mkdir()
        for folder in folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)

    def _carry(self, path: str, on_bytes: OnBytes | None) -> None:
        """Link a file that stays; copy it where the file system does not link."""
        source, target = self.old.source.path / path, self.folder / path
        if link(source, target):
            self.linked += 1
        else:
            fixity = copy_and_hash(source, target, self.plan.algorithms, on_bytes=on_bytes)
            shutil.copymode(source, target, follow_symlinks=False)
            self.written[path] = fixity
            self.copied += 1
            self._refuse_other_content(path, fixity)
        self._refuse_late_change(path, target)

    def _refuse_other_content(self, path: str, fixity: Fixity) -> None:
        known = self.known.get(path)
        if known and any(known.fixity.digests.get(name, digest) != digest for name, digest in fixity.digests.items()):
            raise _changed(path)

    def _refuse_late_change(self, path: str, target: Path) -> None:
        known, now = self.known.get(path), target.lstat()
        if known and (now.st_mtime_ns, now.st_size) != (known.changed_ns, known.fixity.size):
            raise _changed(path)

    def _bring(self, path: str, source: Path, on_bytes: OnBytes | None) -> None:
        self.written[path] = copy_and_hash(source, self.folder / path, self.plan.algorithms, on_bytes=on_bytes)
        if path.startswith("data/"):
            self.payload[path] = self.written[path]

    def _write(self, path: str, content: bytes) -> None:
        with (self.folder / path).open("xb") as stream:
            stream.write(content)
        self.written[path] = hash_stream(BytesIO(content).read, self.plan.algorithms, size=len(content))

    @property
    def _changes_info(self) -> bool:
        return bool(self.plan.fields) or (self.plan.changes_payload and self.old.info_name in self.old.source.files)

    def _edited_info(self) -> bytes:
        editor = InfoEditor(self._read(self.old.info_name, MAX_INFO_BYTES))
        for label in self.changes.unset_fields:
            editor.unset(label)
        for label, value in self.changes.set_fields:
            editor.set(label, value)
        for label, value in self.changes.append_fields:
            editor.append(label, value)
        if self.plan.changes_payload:
            size = sum(one.size for one in self.payload.values())
            for label, value in (("Payload-Oxum", f"{size}.{len(self.payload)}"), ("Bag-Size", readable_size(size))):
                if editor.has(label):
                    editor.set(label, value)
        return editor.content()

    def _write_fetch(self, stale: set[int]) -> None:
        content = without_lines(self._read("fetch.txt", MAX_LIST_BYTES), stale)
        if content:
            self._write("fetch.txt", content)

    def _stale_fetch_lines(self) -> set[int]:
        """The lines of fetch.txt about files that are removed or replaced: what they lead to is no longer wanted."""
        gone = {*self.plan.removed, *self.plan.replaced}
        entries = self.old.fetch.entries if self.old.fetch else ()
        return {one.line for one in entries if self.old.find(one.path, one.spelled) in gone}

    def _read(self, name: str, limit: int) -> bytes:
        return self.old.source.read(name, limit=limit) if name in self.old.source.files else b""

    def _superseded_manifests(self) -> set[str]:
        """Manifests of the old bag that are not carried over as they are."""
        staying = set() if self.plan.changes_payload else {name for name, _ in self.plan.manifests}
        return {one.name for one in self.old.all_manifests} - staying

    def _write_manifests(self) -> None:
        for name, algorithm in self.plan.manifests:
            if not (self.folder / name).exists():
                entries = (
                    ManifestEntry(path=path, digest=one.digests[algorithm]) for path, one in self.payload.items()
                )
                self._write(name, format_manifest(entries, self.old.version))

    def _write_tag_manifests(self) -> None:
        """A tag file that no tag manifest listed before is still not listed, unless it is new."""
        listed = {*self.known, *self.written, "bagit.txt", *(name for name, _ in self.plan.manifests)}
        listed -= {one.name for one in self.old.tag_manifests.values()}
        names = [name for name in sorted(listed) if not name.startswith("data/") and (self.folder / name).exists()]
        algorithms = tuple(dict.fromkeys(algorithm for _, algorithm in self.plan.tag_manifests))
        fixities = {name: hash_file(self.folder / name, algorithms) for name in names if algorithms}
        for tag_manifest, algorithm in self.plan.tag_manifests:
            entries = (ManifestEntry(path=name, digest=one.digests[algorithm]) for name, one in fixities.items())
            self._write(tag_manifest, format_manifest(entries, self.old.version))

    def _copy_modes(self) -> None:
        """Folders are as open or closed as they were."""
        for folder, _, _ in os.walk(self.folder, topdown=False):
            before = self.old.source.path / Path(folder).relative_to(self.folder)
            if before.is_dir():
                shutil.copymode(before, folder)


def _changed(path: str) -> CannotFinish:
    return CannotFinish(
        f"{readable_path(path)} changed while the bag was being updated; the bag was left as it is. "
        "Find what writes there and start again."
    )
