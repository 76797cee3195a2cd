"""Rules about what goes wrong later: empty folders, system files, names other systems refuse."""

import re
from collections.abc import Iterator

from confocal_bag.bag.rules.inspection import Inspection
from confocal_bag.findings import Problem, Severity, readable_path, rule

SYSTEM_NAMES = {
    ".ds_store",
    ".appledouble",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    "__macosx",
    "$recycle.bin",
    "desktop.ini",
    "ehthumbs.db",
    "system volume information",
    "thumbs.db",
}
RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)
REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]')
LONGEST_NAME = 255


@rule("bag.folder-empty", severity=Severity.WARNING, reference="RFC 8493 2.1.3")
def folder_empty(inspection: Inspection) -> Iterator[Problem]:
    """No folder of the payload is empty: manifests list files only, so transfers lose empty folders."""
    for folder in inspection.bag.source.listing.empty_folders:
        if folder.startswith("data/"):
            yield Problem(
                path=readable_path(folder),
                message=f"The folder '{readable_path(folder)}' is empty; no manifest records it.",
                remedy="If the folder means something, put a small file into it that says what.",
            )


@rule("bag.system-file", severity=Severity.WARNING)
def system_file(inspection: Inspection) -> Iterator[Problem]:
    """The payload holds no files that macOS and Windows write for themselves (.DS_Store, Thumbs.db).

    Such a file changes whenever somebody opens the folder, and then the bag is no longer valid.
    """
    ordinary: set[str] = set()
    for path in inspection.bag.payload:
        folder, _, name = path.lower().rpartition("/")
        if folder not in ordinary and SYSTEM_NAMES.isdisjoint(folder.split("/")):
            ordinary.add(folder)
        if folder not in ordinary or name in SYSTEM_NAMES or name.startswith("._"):
            yield Problem(
                path=readable_path(path),
                message=f"'{readable_path(path)}' belongs to an operating system, not to the data.",
                remedy="Leave such files out when the bag is made.",
            )


@rule("bag.name-not-portable", severity=Severity.ADVICE, reference="RFC 8493 6.1.2")
def name_not_portable(inspection: Inspection) -> Iterator[Problem]:
    """Names can be written on every common system: no characters, endings or words that Windows refuses."""
    folders: dict[str, str | None] = {}
    for path in inspection.bag.source.files:
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = next(filter(None, map(_refused, folder.split("/"))), None)
        because = folders[folder] or _refused(name)
        if because is not None:
            yield Problem(path=readable_path(path), message=f"'{readable_path(path)}' {because}.")


def _refused(name: str) -> str | None:
    if REFUSED_BY_WINDOWS.search(name):
        return "has a character that Windows does not allow in names"
    if name.endswith((" ", ".")):
        return "has a name that ends with a blank or a full stop, which Windows drops"
    if RESERVED_ON_WINDOWS.fullmatch(name):
        return "has a name that Windows keeps for a device"
    if len(name) * 4 > LONGEST_NAME and len(name.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
        return f"has a name of more than {LONGEST_NAME} bytes"
    return None


@rule("bag.name-not-utf8", severity=Severity.WARNING, reference="RFC 8493 6.1.3")
def name_not_utf8(inspection: Inspection) -> Iterator[Problem]:
    """Names of files are UTF-8; others cannot be listed in a manifest and are damaged in transfer."""
    for path in inspection.bag.source.files:
        if not path.isascii() and readable_path(path) != path:
            yield Problem(
                path=readable_path(path),
                message=f"The name '{readable_path(path)}' is not UTF-8.",
                remedy="Ask for the file under a name in UTF-8.",
            )
