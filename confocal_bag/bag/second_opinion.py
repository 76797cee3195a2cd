"""Ask the Library of Congress bagit library what it thinks of a bag, and know when it cannot tell.

The library is the one every archive has, so its agreement is worth stating. It also refuses bags that are
valid and crashes on some that are not; such an answer is reported as "cannot judge", never as a verdict.
Its yes is not ours: it overlooks faults that the rules of this package report.
"""

import logging
import os
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from confocal_bag.bag.paths import nfc
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Opinion", "OpinionOutcome", "ask_bagit"]

#: Characters at which the library ends a line although RFC 8493 does not.
_FALSE_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_READ_OF_TAG_FILE_BYTES = 1024 * 1024
_LONGEST_REASON = 2000
_PARENT_STEP = re.compile(rb"\.\.[/\\]")
_QUIET = threading.Lock()


class OpinionOutcome(StrEnum):
    """What the library's answer amounts to."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    CANNOT_JUDGE = "cannot-judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The library's answer; the reason is None when it agrees."""

    outcome: OpinionOutcome
    reason: str | None = None


def ask_bagit(bag: Path, *, full: bool = False) -> Opinion:
    """The library's opinion of a bag folder: of its completeness only, or of every checksum too.

    It is not asked about a bag that it cannot be let near: one with links, pipes or devices, which it would
    open, or with paths that lead out of the bag.
    """
    if not bag.is_dir():
        raise CannotFinish(f"{readable_path(bag)} is not a folder; a second opinion needs an unpacked bag.")
    danger = _danger(bag)
    if danger:
        return Opinion(outcome=OpinionOutcome.CANNOT_JUDGE, reason=f"cannot judge: {danger}")
    reason, crashed = _answer(bag, full=full)
    if reason is None:
        return Opinion(outcome=OpinionOutcome.AGREES)
    limit = _known_limit(bag)
    if limit or crashed:
        because = limit or "it failed on this bag"
        return Opinion(outcome=OpinionOutcome.CANNOT_JUDGE, reason=f"cannot judge: {because} ({reason})")
    return Opinion(outcome=OpinionOutcome.DISAGREES, reason=reason)


def _answer(bag: Path, *, full: bool) -> tuple[str | None, bool]:
    """The library's complaint, if any, and whether it was a crash."""
    import bagit

    with _QUIET, _silence(logging.getLogger(bagit.LOGGER.name)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            bagit.Bag(os.fspath(bag)).validate(processes=1, completeness_only=not full)
        except bagit.BagError as error:
            return _sentence(str(error)), False
        except (ValueError, LookupError, AttributeError, TypeError, OSError, RecursionError) as crash:
            return _sentence(f"{type(crash).__name__}: {crash}"), True
    return None, False


def _sentence(text: str) -> str:
    text = readable_path(text)
    return text if len(text) <= _LONGEST_REASON else text[:_LONGEST_REASON] + "..."


@contextmanager
def _silence(logger: logging.Logger) -> Iterator[None]:
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _danger(bag: Path) -> str | None:
    """Why the library must not be asked, or None."""
    try:
        for path, mode in _members(bag):
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                return f"{readable_path(path)} is a link, pipe or device, which it would open"
        for manifest in bag.glob("*manifest-*.txt"):
            with manifest.open("rb") as lines:
                if any(_PARENT_STEP.search(line.replace(b"\0", b"")) for line in lines):
                    return f"{readable_path(manifest.name)} may lead out of the bag, where it would follow"
    except OSError as error:
        return f"{readable_path(error.filename or bag)} cannot be read ({error.strerror})"
    return None


def _members(bag: Path) -> Iterator[tuple[Path, int]]:
    def stop(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(bag, onerror=stop):
        for name in (*folders, *names):
            path = Path(parent, name)
            yield path, path.lstat().st_mode


def _known_limit(bag: Path) -> str | None:
    """A known defect of the library that this bag meets, or None."""
    if "tagmanifest-" in os.fspath(bag.absolute()):
        return "it misreads the manifests of a bag whose own path holds 'tagmanifest-'"
    for path, _ in _members(bag):
        name = path.relative_to(bag).as_posix()
        defect = _defect_with(name)
        if defect:
            return f"it misreads the name {readable_path(name)!r}, {defect}"
    for manifest in bag.glob("*manifest-*.txt"):
        with manifest.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            if any(line != nfc(line) for line in lines):
                return f"it compares the Unicode forms of the names in {manifest.name} wrongly"
    for tag_file in ("bag-info.txt", "bagit.txt"):
        path = bag / tag_file
        if not path.is_file():
            continue
        with path.open("rb") as stream:
            text = stream.read(_READ_OF_TAG_FILE_BYTES).decode("utf-8", "replace")
        if _FALSE_LINE_ENDS.search(text):
            return f"it misreads {tag_file}, which holds a character that it takes for the end of a line"
    return None


def _defect_with(name: str) -> str | None:
    if "%" in name:
        return "because it does not decode percent signs"
    if "\n" in name or "\r" in name:
        return "because it decodes only some line ends"
    if name != name.strip():
        return "because it drops blanks at the ends of names"
    if _FALSE_LINE_ENDS.search(name):
        return "because of a character that it takes for the end of a line"
    if name != nfc(name):
        return "because it compares Unicode forms wrongly"
    return None
