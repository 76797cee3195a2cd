"""Templates: the built-in ones, and those of a folder of the user's own that override or extend them by name.

A template of one's own runs in a sandbox: it sees the values it is given and calls the functions that lay out text,
and nothing else. A name that no value has is an error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.resources import templates_folder

__all__ = ["Templates"]

_LARGEST = 1_000_000


@dataclass(frozen=True)
class Templates:
    """The templates to render from: those of `folder` before the built-in ones; without it only these."""

    folder: Path | None = None

    def check(self) -> None:
        """Compile every template of the user's folder. Raises `CannotFinish` where one of them could not be used."""
        if self.folder is None:
            return
        own = list(self._own())
        known = {path.name for path in templates_folder().glob("*.*.j2") if path.suffixes[-2] in (".txt", ".md")}
        if not known.intersection(own):
            raise CannotFinish(
                f"{readable_path(self.folder)} holds no template with the name of a built-in one. "
                f"Name yours like the one it replaces: {', '.join(sorted(known))}."
            )
        from confocal_bag.deposit.exports.sandbox import loaded

        for name in own:
            loaded(self, name, {})

    def _own(self) -> Iterator[str]:
        """The names of the templates in the user's folder."""
        assert self.folder is not None
        if not self.folder.is_dir():
            raise CannotFinish(f"{readable_path(self.folder)} is no folder. Give the folder that holds the templates.")
        yield from sorted(path.name for path in self.folder.glob("*.j2"))

    def render(self, name: str, values: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> str:
        """The text of one template, `functions` at hand, without blanks at the ends of lines or gaps between them.

        Raises `CannotFinish` with the file and the line for an error in a template of the user's folder.
        """
        from confocal_bag.deposit.exports.sandbox import rendered

        return rendered(self, name, values, functions)

    def source(self, name: str) -> tuple[str, Path]:
        """The text of a template and where it lies. Raises `LookupError` where there is none of that name."""
        path = self._path(name)
        try:
            if path.stat().st_size > _LARGEST:
                raise CannotFinish(
                    f"{readable_path(path)} is larger than {_LARGEST:,} bytes, too large for a template."
                )
            return path.read_text(encoding="utf-8"), path
        except UnicodeDecodeError:
            raise CannotFinish(f"{readable_path(path)} is not UTF-8; save it as UTF-8.") from None
        except OSError as error:
            raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}.") from error

    def _path(self, name: str) -> Path:
        built_in = name.startswith(BUILT_IN)
        plain = name.removeprefix(BUILT_IN)
        if plain != Path(plain).name:
            raise LookupError(name)
        candidates = [templates_folder() / plain]
        if self.folder is not None and not built_in:
            candidates.insert(0, self.folder / plain)
        for path in candidates:
            if path.is_file() and path.resolve().parent == path.parent.resolve():
                return path
        raise LookupError(name)


#: What stands before the name of a built-in template that one of the same name extends.
BUILT_IN = "built-in:"
