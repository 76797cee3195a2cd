"""Write the curator's own files so that nothing that people may have edited is lost."""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["WrittenFile", "write_keeping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that was written, unless it said the same before; `kept` is where the one that was there lies now."""

    path: Path
    changed: bool
    kept: Path | None = None

    def in_words(self) -> str:
        """What was done, on one line."""
        shown = readable_path(self.path)
        if not self.changed:
            return f"{shown} is as it was"
        return f"Wrote {shown}" + (f"; the one that was there is kept as {self.kept.name}" if self.kept else "")


def write_keeping(path: Path, text: str) -> WrittenFile:
    """Write a text in one step; another text that was there keeps its place under a new name beside it.

    Raises `CannotFinish` where it cannot be written, and for a link.
    """
    shown = readable_path(path)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise CannotFinish(f"{shown} is a link or a folder; it is not written to. Choose another name.")
    content = text.encode("utf-8")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == content:
            return WrittenFile(path=path, changed=False)
        with partial.open("xb") as file:
            file.write(content)
        kept = _move_aside(path) if path.exists() else None
        partial.replace(path)
    except OSError as error:
        raise CannotFinish(f"{shown} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        partial.unlink(missing_ok=True)
    return WrittenFile(path=path, changed=True, kept=kept)


def _move_aside(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}.earlier-{number}{path.suffix}") for number in count(1))
    free = next(name for name in names if not name.exists() and not name.is_symlink())
    path.rename(free)
    return free
