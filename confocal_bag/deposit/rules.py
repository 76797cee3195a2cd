"""What can be wrong with a deposit as it came: links, names, unreadable and damaged files."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.source import Deposit, EntryKind, SourceEntry
from confocal_bag.deposit.tiers import folded, has_microscope_extension, image_folder, litter_reason
from confocal_bag.findings import RULES, Check, Finding, Problem, Severity, Skipped, readable_path, rule, run_rules
from confocal_bag.image.formats import Kind

if TYPE_CHECKING:
    from pathlib import PurePosixPath

__all__ = ["DepositContext", "check_deposit"]

_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositContext:
    """What the rules of a deposit look at."""

    deposit: Deposit
    inventory: Inventory


def check_deposit(deposit: Deposit, inventory: Inventory) -> tuple[list[Check], list[Finding]]:
    """Run every rule about a deposit's files."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    return run_rules(chosen, DepositContext(deposit=deposit, inventory=inventory))


def _entries(context: DepositContext, kind: EntryKind) -> Iterator[tuple[SourceEntry, str]]:
    for entry in context.deposit.entries:
        if entry.kind is kind:
            yield entry, readable_path(entry.path)


@rule("deposit.symbolic-link", severity=Severity.ERROR, reference="RFC 8493 5.2")
def symbolic_link(context: DepositContext) -> Iterator[Problem]:
    """A deposit holds a symbolic link.

    A link's target may lie outside the deposit, change later or not exist at the archive, so links are never
    followed. Put the file itself in the link's place, or remove the link.
    """
    for entry, path in _entries(context, EntryKind.LINK):
        yield Problem(
            path=path,
            message=f"{path} is a symbolic link to {entry.note}; a file was expected. Links are not followed.",
            remedy="Replace the link by the file it stands for, or remove it.",
            detail={"target": entry.note},
        )


@rule("deposit.special-file", severity=Severity.ERROR, reference="RFC 8493 2.1.2")
def special_file(context: DepositContext) -> Iterator[Problem]:
    """A deposit holds a named pipe, socket or device, which has no content that can be preserved."""
    for entry, path in _entries(context, EntryKind.SPECIAL):
        yield Problem(
            path=path,
            message=f"{path} is a {entry.note}, not a file.",
            remedy="Remove it from the deposit; it holds no data.",
        )


@rule("deposit.unreadable", severity=Severity.ERROR)
def unreadable(context: DepositContext) -> Iterator[Problem]:
    """A file or folder of the deposit cannot be read, so nobody can say what it holds."""
    for entry, path in _entries(context, EntryKind.UNREADABLE):
        yield Problem(
            path=path,
            message=f"{path} cannot be read: {entry.note}.",
            remedy="Give yourself permission to read it, or ask for the file again.",
        )


@rule("deposit.name-not-utf8", severity=Severity.ERROR, reference="RFC 8493 2.1.3")
def name_not_utf8(context: DepositContext) -> Iterator[Problem]:
    """A file name is not valid UTF-8, so a BagIt manifest in UTF-8 cannot name the file."""
    for entry in context.deposit.files:
        if litter_reason(entry.path):
            continue
        path = readable_path(entry.path)
        try:
            str(entry.path).encode("utf-8")
        except UnicodeEncodeError:
            yield Problem(
                path=path,
                message=f"The name {path} is not valid UTF-8; a manifest cannot name it.",
                remedy="Ask the depositor for the intended name and rename a copy of the file.",
                detail={"bytes": str(entry.path).encode("utf-8", "surrogateescape").hex()},
            )


@rule("deposit.name-unsafe", severity=Severity.ERROR, reference="RFC 8493 5.1")
def name_unsafe(context: DepositContext) -> Iterator[Problem]:
    """A name would lead out of the bag where a backslash separates folders, as on Windows."""
    for entry in context.deposit.files:
        if ".." in re.split(r"[/\\]", str(entry.path)):
            path = readable_path(entry.path)
            yield Problem(
                path=path,
                message=f"The name {path} climbs to a parent folder where a backslash separates folders.",
                remedy="Ask the depositor for the intended name and rename a copy of the file.",
            )


@rule("deposit.name-awkward", severity=Severity.WARNING, reference="RFC 8493 5.1")
def name_awkward(context: DepositContext) -> Iterator[Problem]:
    """A name cannot be kept on some systems: it holds a control character, ends in a blank or dot, or is reserved."""
    for entry in context.deposit.entries:
        reasons = sorted({reason for part in entry.path.parts for reason in _awkwardness(part)})
        if reasons:
            path = readable_path(entry.path)
            yield Problem(
                path=path,
                message=f"The name {path} {' and '.join(reasons)}; some systems cannot keep such a name.",
                remedy="Ask the depositor to rename it; it is bagged under the name it came with.",
            )


def _awkwardness(name: str) -> Iterator[str]:
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in name):
        yield "holds a control character"
    if set(name) & set('<>:"|?*\\'):
        yield 'holds one of < > : " | ? * \\'
    if name.endswith((" ", ".")):
        yield "ends in a blank or a dot"
    if name.partition(".")[0].upper() in _RESERVED:
        yield "is reserved on Windows"


@rule("deposit.names-collide", severity=Severity.ERROR, reference="RFC 8493 6.1.2")
def names_collide(context: DepositContext) -> Iterator[Problem]:
    """Two names of files or folders differ only by letter case or by Unicode form.

    On Windows and macOS one of the two files would overwrite the other, or the two folders would become one.
    """
    same: dict[str, dict[PurePosixPath, None]] = defaultdict(dict)
    for entry in context.deposit.entries:
        for path in (entry.path, *entry.path.parents[:-1]):
            same[folded(path)][path] = None
    for spellings in same.values():
        if len(spellings) > 1:
            names = [readable_path(path) for path in spellings]
            yield Problem(
                path=names[1],
                message=f"{' and '.join(names)} differ only by letter case or Unicode form; "
                "on Windows and macOS one would overwrite the other.",
                remedy="Ask the depositor which is meant, and give the files clearly different names.",
                detail={"paths": names},
            )


@rule("deposit.empty-file", severity=Severity.WARNING)
def empty_file(context: DepositContext) -> Iterator[Problem]:
    """A file holds no bytes: often an interrupted copy. An error when the file should be a microscope's image."""
    for record in context.inventory.files:
        if record.bytes == 0:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                severity=Severity.ERROR if _promises_an_image(record) else None,
                message=f"{path} is empty (0 bytes).",
                remedy="Ask the depositor whether the transfer was interrupted.",
            )


@rule("deposit.empty-folder", severity=Severity.INFO, reference="RFC 8493 2.1.3")
def empty_folder(context: DepositContext) -> Iterator[Problem]:
    """A folder holds nothing. BagIt lists files only, so the bag will not have the folder."""
    for _, path in _entries(context, EntryKind.EMPTY_FOLDER):
        yield Problem(path=path, message=f"The folder {path} is empty and will not be in the bag.")


@rule("deposit.litter", severity=Severity.INFO)
def litter(context: DepositContext) -> Iterator[Problem]:
    """A file was left by an operating system (.DS_Store, Thumbs.db and the like). It is left out of the bag."""
    for entry in context.deposit.files:
        reason = litter_reason(entry.path)
        if reason:
            path = readable_path(entry.path)
            yield Problem(path=path, message=f"{path} is operating-system litter ({reason}) and is left out.")


@rule("deposit.same-content", severity=Severity.ADVICE)
def same_content(context: DepositContext) -> Iterator[Problem]:
    """Two files hold exactly the same bytes."""
    if not any(record.digests for record in context.inventory.files):
        raise Skipped("files are compared with each other by `inspect` only")
    same: dict[str, list[FileRecord]] = defaultdict(list)
    for record in context.inventory.files:
        # Chunks of an image that hold nothing are alike, and so are its many small documents.
        if record.bytes and "sha256" in record.digests and not image_folder(record.path):
            same[record.digests["sha256"]].append(record)
    for records in same.values():
        if len(records) > 1:
            names = [readable_path(record.path) for record in records]
            yield Problem(
                path=names[1],
                message=f"{', '.join(names)} hold the same bytes.",
                remedy="Ask the depositor whether the copies are meant.",
                detail={"paths": names},
            )


@rule("image.unreadable", severity=Severity.ERROR)
def image_unreadable(context: DepositContext) -> Iterator[Problem]:
    """An image cannot be read completely: it is truncated, damaged, or not what its signature says.

    Nothing is converted from such a file. The primer keeps what is received at the minimum level; a draft bag keeps
    the file as it came.
    """
    for record in context.inventory.files:
        if record.image_problem and not record.type_not_in_ome:
            yield Problem(
                path=readable_path(record.path),
                message=record.image_problem,
                remedy="Ask for the file again; a draft bag keeps it as it came, without a converted copy.",
            )


@rule("image.extension-disagrees", severity=Severity.WARNING)
def extension_disagrees(context: DepositContext) -> Iterator[Problem]:
    """A file's bytes are of one format and its extension names another.

    An error when the extension promises a microscope's image and the bytes hold none: the image is missing.
    """
    for record in context.inventory.every:
        if record.extension_disagrees and record.bytes:
            path = readable_path(record.path)
            usual = ", ".join(record.format.extensions) or "none"
            yield Problem(
                path=path,
                severity=Severity.ERROR if _promises_an_image(record) else None,
                message=f"{path} is {record.format.name} by its bytes; its extension {record.path.suffix or '(none)'} "
                f"says otherwise (usual: {usual}).",
                remedy="Ask the depositor whether the file was renamed; it is kept under the name it came with.",
                detail={"format": record.format.id},
            )


def _promises_an_image(record: FileRecord) -> bool:
    return record.format.kind is not Kind.IMAGE and has_microscope_extension(record.path)


@rule("tier.unknown-format", severity=Severity.ADVICE)
def unknown_format(context: DepositContext) -> Iterator[Problem]:
    """The format of a file is not known, so nobody can say whether it can be opened in the future."""
    for record in context.inventory.files:
        if record.format.kind is Kind.UNKNOWN and record.bytes:
            path = readable_path(record.path)
            yield Problem(
                path=path,
                message=f"The format of {path} is not known; it is kept as received.",
                remedy="Ask the depositor what wrote it, and describe it in deposit.yaml under files.",
            )
