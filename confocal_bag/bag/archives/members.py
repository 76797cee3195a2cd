"""A bag in a .zip, .tar, .tar.gz or .tar.zst, judged by its member list and read in stream, never unpacked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from confocal_bag.bag.archives.compression import Compression, compression_of
from confocal_bag.bag.archives.packed import open_packed
from confocal_bag.bag.listing import Irregular, Listing, SourceFault, name_order
from confocal_bag.bag.paths import unsafe_because
from confocal_bag.bag.source import BagSource
from confocal_bag.findings import CannotFinish, Severity, readable_path

__all__ = ["MAX_MEMBERS", "Member", "judge_members", "open_archive", "ratio_fault"]

#: Members read of one archive, so that a hostile one cannot fill the memory.
MAX_MEMBERS = 5_000_000
#: Unpacked bytes per packed byte that images of mostly background do not reach by far.
SUSPECT_RATIO = 200
SUSPECT_FROM_BYTES = 64 << 20
#: Beyond this size an archive of suspect ratio is not read.
REFUSED_FROM_BYTES = 64 << 30

_ENDINGS = (".tar.gz", ".tgz", ".tar.zst", ".tar", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry of an archive as its member list has it; `kind` names what is neither file nor folder."""

    name: str
    size: int
    is_folder: bool = False
    kind: str | None = None
    obstacle: str | None = None


@dataclass(kw_only=True)
class _Judgement:
    """The listing of an archive while its members are gone through."""

    top: str
    files: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    irregular: list[Irregular] = field(default_factory=list)
    faults: list[SourceFault] = field(default_factory=list)

    def add(self, rule: str, message: str, path: str | None = None, severity: Severity | None = None) -> None:
        """Record a fault of the archive."""
        self.faults.append(SourceFault(rule=f"bag.{rule}", message=message, path=path, severity=severity))


def open_archive(path: Path) -> BagSource:
    """The bag in an archive. The kind is told by the first bytes; raises CannotFinish for any other file."""
    from confocal_bag.bag.archives.tar import open_tar
    from confocal_bag.bag.archives.zip import open_zip

    try:
        with open_packed(path) as stream:
            head = stream.read(512)
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read ({error.strerror or error}).") from error
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return open_zip(path)
    if (compression := compression_of(head)) is not Compression.NONE:
        return open_tar(path, compression)
    if head[257:262] == b"ustar" or (path.name.lower().endswith(".tar") and head):
        return open_tar(path, Compression.NONE)
    raise CannotFinish(
        f"{readable_path(path)} is a file, but no .zip, .tar, .tar.gz or .tar.zst; name a bag's folder or its archive."
    )


def judge_members(path: Path, members: Iterator[Member]) -> tuple[Listing, str]:
    """The listing of the bag among the members, and the prefix its files have in the archive.

    Nothing is read: names, kinds and sizes alone are looked at. Members that are unsafe or come twice are
    faults and no part of the listing.
    """
    listed = list(members)
    faults: list[SourceFault] = []
    top = _top_folder(path, listed, faults)
    judgement = _Judgement(top=top, faults=faults)
    seen: set[str] = set()
    for member in listed:
        _judge(member, judgement, seen)
    for name in judgement.folders & judgement.files.keys():
        judgement.add("archive-member-twice", f"'{readable_path(name)}' is both a file and a folder.", name)
    listing = Listing(
        files={name: judgement.files[name] for name in sorted(judgement.files, key=name_order)},
        folders=frozenset(judgement.folders),
        top=top.rstrip("/"),
        empty_folders=tuple(sorted(judgement.folders - _occupied(judgement), key=name_order)),
        irregular=tuple(judgement.irregular),
        faults=tuple(judgement.faults),
    )
    return listing, top


def _judge(member: Member, judgement: _Judgement, seen: set[str]) -> None:
    name = member.name.rstrip("/") if member.is_folder else member.name
    shown = readable_path(member.name)
    plain = name.removeprefix("./")
    because = unsafe_because(plain) or ("it holds a backslash" if "\\" in plain else None)
    if plain in ("", ".") and member.is_folder:
        return
    if because is not None:
        judgement.add("archive-member-unsafe", f"The member '{shown}' is not safe to unpack: {because}.", member.name)
        return
    if plain in seen:
        if not member.is_folder:
            judgement.add("archive-member-twice", f"The archive holds '{shown}' twice.", member.name)
        return
    seen.add(plain)
    if judgement.top and not plain.startswith(judgement.top):
        return  # outside the bag, or the bag's own folder
    path = plain[len(judgement.top) :]
    if not path:
        return
    _note_folders(path, judgement, itself=member.is_folder)
    if member.kind is not None:
        judgement.irregular.append(Irregular(path=path, kind=member.kind))
    elif not member.is_folder:
        judgement.files[path] = member.size
        if member.obstacle is not None:
            judgement.add("archive-member-unreadable", f"The member '{shown}' {member.obstacle}.", path)


def _note_folders(path: str, judgement: _Judgement, *, itself: bool) -> None:
    if itself:
        judgement.folders.add(path)
    above = path
    while "/" in above:
        above = above.rpartition("/")[0]
        if above in judgement.folders:
            break
        judgement.folders.add(above)


def _occupied(judgement: _Judgement) -> set[str]:
    """The folders that have something in them."""
    inside = (*judgement.files, *judgement.folders, *(one.path for one in judgement.irregular))
    return {name.rpartition("/")[0] for name in inside}


def _top_folder(path: Path, members: list[Member], faults: list[SourceFault]) -> str:
    """The prefix of the bag in the archive, `bag/`; empty where the bag was packed without its folder."""
    names = [member.name.removeprefix("./") for member in members]
    tops = sorted({name.split("/")[0] for name in names if name not in ("", ".")}, key=name_order)
    files = {member.name.removeprefix("./") for member in members if not member.is_folder}
    strays = [top for top in tops if top in files]
    judgement = _Judgement(top="", faults=faults)
    if "bagit.txt" in names:
        judgement.add(
            "archive-layout",
            "The bag lies at the top of the archive; one folder with the bag in it is expected.",
        )
        return ""
    if len(tops) != 1 or strays:
        shown = ", ".join(f"'{readable_path(top)}'" for top in tops[:10]) or "nothing"
        judgement.add("archive-layout", f"The top of the archive holds {shown}; one folder, the bag, is expected.")
    bags = [top for top in tops if f"{top}/bagit.txt" in set(names)] or [top for top in tops if top not in strays]
    if not bags:
        return ""
    stem = next((path.name[: -len(end)] for end in _ENDINGS if path.name.lower().endswith(end)), path.name)
    if stem != bags[0]:
        shown = f"'{readable_path(bags[0])}'"
        judgement.add(
            "archive-name",
            f"The archive unpacks to {shown}; '{readable_path(stem)}' is expected from its name.",
        )
    return f"{bags[0]}/"


def ratio_fault(packed: int, unpacked: int) -> SourceFault | None:
    """The fault of an archive that unpacks to suspiciously much; an error if it should not be read at all."""
    if unpacked < SUSPECT_FROM_BYTES or unpacked <= packed * SUSPECT_RATIO:
        return None
    refused = unpacked > REFUSED_FROM_BYTES
    times = unpacked // max(packed, 1)
    return SourceFault(
        rule="bag.archive-ratio",
        message=f"The archive of {packed:,} bytes unpacks to at least {unpacked:,}, {times:,} times as many"
        f"{'; it was not read' if refused else ''}.",
        severity=Severity.ERROR if refused else None,
    )
