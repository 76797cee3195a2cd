"""The OME-XML that describes a TIFF: its own, or that of the file which its BinaryOnly element points at.

An OME-TIFF may be one of several files that make an image together (OME-TIFF specification 6). The names of the
others come from the file, which may come from anyone: only plain names of files in the same folder count, and no link
is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from confocal_bag.findings import readable_path
from confocal_bag.image.regular_file import open_regular
from confocal_bag.image.tiff_directory import TiffDamagedError, directories, read_header

if TYPE_CHECKING:
    from typing import BinaryIO

    from confocal_bag.image.formats import Format

__all__ = ["OmeDocument", "head_of", "is_plain_name", "read_document", "set_bytes", "set_head"]

_DESCRIPTION = 270
_LARGEST = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class OmeDocument:
    """The OME-XML that describes the file it was asked for.

    `path` is the file that holds it, the same or a companion; `root` its parsed OME element; `own` the names under
    which it speaks of the file that holds it: a renamed file keeps its old name there.
    """

    path: Path
    content: bytes
    root: Any
    own: frozenset[str]

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the TIFF files that hold the pixels, in the order of the document; the own one as it is now."""
        names = (one.get("FileName") or "" for one in self.root.iter("{*}UUID") if _is_of_pixels(one))
        return tuple(dict.fromkeys(self.path.name if name in self.own else name for name in names))


def read_document(path: Path) -> OmeDocument:
    """The document that describes the file at `path`, an OME-TIFF or a companion file.

    Raises TiffDamagedError where it has none, it cannot be parsed, or the file it points at is not there.
    """
    document = _read(path)
    pointer = document.root.find("{*}BinaryOnly")
    if pointer is None:
        return document
    name = pointer.get("MetadataFile") or ""
    if not is_plain_name(name):
        raise TiffDamagedError(f"its OME-XML is said to be in {readable_path(name)!r}, not a name of a file beside it")
    try:
        found = _read(path.with_name(name))
    except FileNotFoundError as error:
        raise TiffDamagedError(f"its OME-XML is in the companion file {readable_path(name)}, not here") from error
    if found.root.find("{*}BinaryOnly") is not None:
        raise TiffDamagedError(f"{readable_path(name)}, which should hold its OME-XML, only points on to another file")
    if path.name not in found.members:
        raise TiffDamagedError(f"its companion file {readable_path(name)} does not list it")
    return found


def head_of(path: Path) -> str | None:
    """The name of the file that stands for the set that a file belongs to; None where it makes an image alone.

    That is the first TIFF that the OME-XML names and that knows of it, else the companion file. A file whose document
    cannot be read, or that the head does not own to, stands for itself.
    """
    try:
        document = read_document(path)
        if document.path == path and document.members in ((), (path.name,)):
            return None
        return _head(document)
    except (TiffDamagedError, OSError):
        return None


def set_head(path: Path, found: Format) -> str | None:
    """As `head_of`, for a file of any format: only OME-TIFFs and companion files belong to sets."""
    return head_of(path) if found.id in ("ome-tiff", "ome-companion") else None


def set_bytes(path: Path) -> int:
    """The bytes of all files that make an image together: the document's own and its members, as far as they exist."""
    document = read_document(path)
    files = {document.path, *(path.with_name(name) for name in document.members if is_plain_name(name))}
    return sum(one.lstat().st_size for one in files if one.exists())


def is_plain_name(name: str) -> bool:
    """Whether a name is that of a file in the same folder, on every system: no folder, no drive, not "..", no NUL."""
    plain = PurePath(name).name == name and PureWindowsPath(name).name == name
    return plain and name not in ("", ".", "..") and "\0" not in name


def _head(document: OmeDocument) -> str:
    """The first member if it shares the document or holds a document with the same members; else the own file."""
    name = next((name for name in document.members if is_plain_name(name)), document.path.name)
    try:
        other = read_document(document.path.with_name(name))
    except (TiffDamagedError, OSError):
        return document.path.name
    return name if other.path == document.path or other.members == document.members else document.path.name


def _read(path: Path) -> OmeDocument:
    with open_regular(path) as stream:
        content = _content(stream)
    root = _parse(content)
    return OmeDocument(path=path, content=content, root=root, own=_own_names(root, path))


def _content(stream: BinaryIO) -> bytes:
    """The description of the first page of a TIFF, or the whole of any other file."""
    header = read_header(stream)
    if header is not None:
        first = next(directories(stream, header, most=1), None)
        return first.data(stream, _DESCRIPTION, most=_LARGEST).split(b"\0", 1)[0] if first else b""
    if stream.seek(0, 2) > _LARGEST:
        raise TiffDamagedError(f"its OME-XML has more than {_LARGEST} bytes")
    stream.seek(0)
    return stream.read(_LARGEST)


def _parse(content: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TiffDamagedError(f"its OME-XML cannot be parsed ({error})") from error
    return root


def _own_names(root: Any, path: Path) -> frozenset[str]:
    """The names under which the OME-XML may speak of the file that holds it."""
    named = {one.get("FileName") or "": (one.text or "").strip() for one in root.iter("{*}UUID") if _is_of_pixels(one)}
    own = {name for name, uuid in named.items() if uuid and uuid == root.get("UUID")}
    if len(named) == 1 and not _lies_beside(path, next(iter(named))):
        own |= set(named)
    return frozenset({path.name, "", *own})


def _lies_beside(path: Path, name: str) -> bool:
    return is_plain_name(name) and path.with_name(name).exists()


def _is_of_pixels(uuid: Any) -> bool:
    parent = uuid.getparent()
    return parent is not None and str(parent.tag).rpartition("}")[2] == "TiffData"
