"""Which files an entry of deposit.yaml speaks of: a path, a folder, or a pattern such as raw/**/*.czi."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from confocal_bag.findings import readable_path

__all__ = ["FileEntries", "is_pattern", "matches"]


def is_pattern(text: str) -> bool:
    """Whether the text names files by pattern or folder rather than one by one."""
    return "*" in text or "?" in text or text.endswith("/")


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names a path.

    `*` stays inside one folder, `**` spans folders, `folder/` means all of it. Brackets mean themselves:
    microscopes write them into file names.
    """
    return _match_parts(_pieces(pattern), tuple(path.split("/")))


def _pieces(pattern: str) -> tuple[str, ...]:
    pattern = pattern.removeprefix("./")
    if pattern.endswith("/"):
        pattern += "**"
    return tuple(PurePosixPath(pattern).parts)


def _match_parts(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    # reachable[i]: the pattern so far can end before parts[i]
    reachable = [True] + [False] * len(parts)
    for piece in pattern:
        step = [False] * (len(parts) + 1)
        if piece == "**":
            open_ended = False
            for i, here in enumerate(reachable):
                open_ended = open_ended or here
                step[i] = open_ended
        else:
            for i, part in enumerate(parts):
                step[i + 1] = reachable[i] and _match_name(piece, part)
        reachable = step
    return reachable[-1]


def _match_name(piece: str, name: str) -> bool:
    if "*" not in piece and "?" not in piece:
        return piece == name
    return fnmatch.fnmatchcase(name, piece.replace("[", "[[]"))


class FileEntries:
    """Finds the entry that speaks of a file: its own path first, else the first pattern that names it.

    Patterns are kept by the folder they begin with, so that a deposit of many folders is searched quickly.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._exact: dict[str, int] = {}
        self._patterns: dict[tuple[str, ...], list[tuple[int, tuple[str, ...]]]] = {}
        for index, pattern in enumerate(patterns):
            if not pattern:
                continue
            self._exact.setdefault(pattern.removeprefix("./"), index)
            if is_pattern(pattern):
                pieces = _pieces(pattern)
                fixed = next((i for i, piece in enumerate(pieces) if "*" in piece or "?" in piece), len(pieces))
                self._patterns.setdefault(pieces[:fixed], []).append((index, pieces[fixed:]))

    def index_for(self, path: PurePosixPath | str) -> int | None:
        """The position of the entry for a path; None where no entry speaks of it."""
        text = readable_path(path)
        exact = self._exact.get(text)
        return exact if exact is not None else min(self._matching(text), default=None)

    def counts(self, paths: Iterable[PurePosixPath]) -> Mapping[int, int]:
        """How many of the paths each entry speaks of, whether or not another entry comes first."""
        counts: dict[int, int] = {}
        for path in paths:
            text = readable_path(path)
            found = set(self._matching(text))
            if text in self._exact:
                found.add(self._exact[text])
            for index in found:
                counts[index] = counts.get(index, 0) + 1
        return counts

    def _matching(self, path: str) -> Iterator[int]:
        parts = tuple(path.split("/"))
        for depth in range(len(parts) + 1):
            for index, pieces in self._patterns.get(parts[:depth], ()):
                if _match_parts(pieces, parts[depth:]):
                    yield index
