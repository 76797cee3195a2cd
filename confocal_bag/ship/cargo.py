"""What is to be sent of a bag: its files one by one, or the one archive it is or is made into."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from confocal_bag.bag.archives.serialize import check_packable, serialize_bag
from confocal_bag.bag.bag import Bag
from confocal_bag.bag.digester import Fixity
from confocal_bag.bag.source import BagSource
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.private_folder import Purpose, private_folder
from confocal_bag.progress import Progress
from confocal_bag.ship.form import Form

__all__ = ["Cargo", "Item", "form_of", "load_cargo"]

_ENDINGS = {".zip": Form.ZIP, ".tar.gz": Form.TAR_GZ, ".tgz": Form.TAR_GZ, ".tar.zst": Form.TAR_ZST, ".tar": Form.TAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file to be sent; `expected` are digests it is known to have, by algorithm."""

    path: Path
    name: str
    size: int
    expected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """Everything to be sent. `folder` is the folder's name at the destination, None for one file by itself."""

    folder: str | None
    items: tuple[Item, ...]


def form_of(source: BagSource) -> Form | None:
    """The form of a bag that is an archive; None for a folder."""
    if not source.is_archive:
        return None
    ending = next((one for one in _ENDINGS if source.path.name.lower().endswith(one)), None)
    if ending is None:
        raise CannotFinish(
            f"{readable_path(source.path)} does not say by its name which archive it is; "
            "give it one that ends in .zip, .tar, .tar.gz or .tar.zst."
        )
    return _ENDINGS[ending]


@contextmanager
def load_cargo(bag: Bag, form: Form, *, work: Path | None, progress: Progress) -> Iterator[Cargo]:
    """What is to be sent. An archive that has to be made first lies in `work`, or with other temporary files, so long.

    Raises CannotFinish, also for too little room.
    """
    path = bag.source.path
    if form is Form.FOLDER:
        yield Cargo(folder=path.resolve().name, items=_files(bag))
    elif bag.source.is_archive:
        yield Cargo(folder=None, items=(Item(path=path, name=path.name, size=path.stat().st_size),))
    else:
        with _folder(work) as folder:
            archive = folder / f"{path.resolve().name}.{form.value}"
            size = sum(check_packable(path, archive).files.values())
            _refuse_full_disk(folder, size)
            progress.stage(f"Packing {archive.name}", 2 * size)
            fixity = serialize_bag(path, archive, on_bytes=progress.advance)
            yield Cargo(folder=None, items=(_archive_item(archive, fixity),))


def _files(bag: Bag) -> tuple[Item, ...]:
    """The payload, then the tag files; bagit.txt comes last, so that half a bag is not taken for one."""
    expected: dict[str, dict[str, str]] = {}
    for one in bag.all_manifests:
        if one.is_verifiable:
            for match in bag.matches(one):
                if match.file and match.entry.digest:
                    expected.setdefault(match.file, {}).setdefault(one.algorithm, match.entry.digest)
    names = sorted(bag.source.files, key=lambda name: (name == "bagit.txt", not name.startswith("data/")))
    return tuple(
        Item(path=bag.source.path / name, name=name, size=bag.source.files[name], expected=expected.get(name, {}))
        for name in names
    )


def _archive_item(archive: Path, fixity: Fixity) -> Item:
    return Item(path=archive, name=archive.name, size=fixity.size, expected=fixity.digests)


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    if work is None:
        with private_folder(Purpose.ARCHIVE) as folder:
            yield folder
        return
    try:
        with TemporaryDirectory(prefix="confocal-bag-ship-", dir=work) as made:
            yield Path(made)
    except FileNotFoundError as error:
        if work.is_dir():
            raise
        raise CannotFinish(f"{readable_path(work)} is no folder; name one with --work.") from error


def _refuse_full_disk(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise CannotFinish(
            f"The archive may take {size:,} bytes, and {readable_path(folder.parent)} has {free:,} left; "
            "name a folder with more room with --work, or send the bag as a folder."
        )
