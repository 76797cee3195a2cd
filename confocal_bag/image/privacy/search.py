"""Search one file for personal data, by the parser of its format and then by its bytes; no pixel is decoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish
from confocal_bag.image.fault import reason
from confocal_bag.image.formats import Kind, identify, open_regular
from confocal_bag.image.privacy.byte_scan import byte_fields
from confocal_bag.image.privacy.detectors import detect_contacts, detect_keyed
from confocal_bag.image.privacy.model import PersonalField, PersonalKind, Search
from confocal_bag.image.privacy.xml_fields import fields_in_text, fields_in_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from confocal_bag.image.format_table import Format

__all__ = ["header_fields", "search_file"]

#: More fields than this of one file tell a reader nothing that these do not.
_MOST_FIELDS = 1000
_TEXT_PIECE = 1 << 20
_LARGEST_XML = 1 << 28
_TEXTS = {Kind.DOCUMENT, Kind.TABLE, Kind.SCRIPT}
_XML_TEXTS = {"xlef", "ome-xml", "ome-companion", "xml"}
#: Documents that keep their text compressed or in records of their own.
_PACKED = {"pdf", "docx", "pptx", "xlsx", "odt", "ods", "doc", "xls", "ppt", "npy", "hdf5", "mat", "prism"}
_SETTINGS = {"olympus-pty", "olympus-lut", "olympus-roi", "zarr-part"}


def search_file(path: Path, known: Format | None = None, *, with_bytes: bool = True) -> Search:
    """What a file records of people; without its bytes, in the header that its parser reads.

    Raises CannotFinish where the file cannot be read at all.
    """
    from confocal_bag.image.readers.choice import reader_errors

    found, problem = known or identify(path), None
    if not path.is_file() or (found.id == "zarr-part" and not _is_zarr_text(path)):
        return Search()
    fields: dict[tuple[str, PersonalKind, str], PersonalField] = {}
    try:
        _keep(fields, header_fields(path, found))
    except CannotFinish as error:
        problem = str(error)
    except reader_errors() as error:
        problem = f"its header cannot be read ({reason(path, error)})"
    if found.kind is Kind.ARCHIVE or found.id in _PACKED:
        problem = f"what is packed in a {found.name} file is not looked into"
    if not with_bytes:
        return Search(fields=tuple(fields.values()), problem=problem)
    try:
        _keep(fields, (one for one in byte_fields(path) if not _is_known(one, fields.values())))
    except OSError as error:
        raise CannotFinish(f"{path} cannot be read: {error.strerror}.") from error
    return Search(fields=tuple(fields.values()), problem=problem)


def _is_zarr_text(path: Path) -> bool:
    """Whether a part of a Zarr store holds attributes and not a chunk of samples."""
    return path.name == "zarr.json" or path.name.startswith(".z")


def header_fields(path: Path, known: Format) -> Iterator[PersonalField]:
    """The fields that the parser of the format finds; none for a format that has no parser here."""
    parser = _parser(known)
    return iter(()) if parser is None else parser(path)


def _parser(known: Format) -> Callable[[Path], Iterator[PersonalField]] | None:  # noqa: PLR0911 - one for each vendor
    from confocal_bag.image.privacy import tiff_fields, vendor_fields

    match known.id:
        case "czi":
            return vendor_fields.czi_fields
        case "lsm":
            return vendor_fields.lsm_fields
        case "nd2":
            return vendor_fields.nd2_fields
        case "lif" | "lof":
            return vendor_fields.leica_fields
        case "oib" | "oif":
            return vendor_fields.olympus_fields
        case "tiff" | "bigtiff" | "imagej-tiff" | "ome-tiff" | "stk" | "fluoview-tiff":
            return tiff_fields.tiff_fields
        case _ if known.id in _XML_TEXTS:
            return _xml_file
        case _ if (known.kind in _TEXTS and known.id not in _PACKED) or known.id in _SETTINGS:
            return _text_file
        case _:
            return None


def _xml_file(path: Path) -> Iterator[PersonalField]:
    with open_regular(path) as stream:
        content = stream.read(_LARGEST_XML)
    return fields_in_xml(content)


def _text_file(path: Path) -> Iterator[PersonalField]:
    """A readme, table or script: its first and last megabyte, line by line."""
    with open_regular(path) as stream:
        end = stream.seek(0, 2)
        stream.seek(0)
        content = stream.read(_TEXT_PIECE)
        yield from _lines(content, "line", 1)
        if end > _TEXT_PIECE:
            stream.seek(max(_TEXT_PIECE, end - _TEXT_PIECE))
            yield from _lines(stream.read(_TEXT_PIECE), "line of the last megabyte", 1)


def _lines(content: bytes, word: str, first: int) -> Iterator[PersonalField]:
    for number, line in enumerate(_decoded(content).splitlines(), first):
        where = f"{word} {number}"
        yield from fields_in_text(where, line)
        for kind, value in (*detect_keyed(line, people=False), *detect_contacts(line)):
            yield PersonalField(where=where, kind=kind, value=value)


def _decoded(content: bytes) -> str:
    """Text in UTF-16 where a mark or the zero bytes say so, else in UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(encoding, "replace")
    for zeros, encoding in ((content[1:200:2], "utf-16-le"), (content[:200:2], "utf-16-be")):
        if zeros and zeros.count(0) > len(zeros) * 0.7:
            return content.decode(encoding, "replace")
    return content.decode("utf-8", "replace")


def _keep(fields: dict[tuple[str, PersonalKind, str], PersonalField], found: Iterable[PersonalField]) -> None:
    """Add fields that are new; the same field of a second channel, frame or page is not."""
    for one in found:
        if len(fields) >= _MOST_FIELDS:
            return
        # Identifiers are all different and tell the same; numbers at the end count lines or repetitions.
        value = "" if one.kind is PersonalKind.IDENTIFIER else one.value.strip()
        fields.setdefault((re.sub(r"\d+$", "", one.where), one.kind, value), one)


def _is_known(found: PersonalField, fields: Iterable[PersonalField]) -> bool:
    """Whether the bytes show what a header field has told already, or a part of it; a path may run on in bytes."""
    plain = found.value.replace("\\\\", "\\").casefold()
    same = (one.value.casefold() for one in fields if one.kind is found.kind)
    return any(plain in value or (found.kind is PersonalKind.FOLDER and value in plain) for value in same)
