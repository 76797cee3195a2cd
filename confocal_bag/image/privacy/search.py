"""Search one file for personal data, by the parser of its format and then by its bytes; no pixel is decoded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from confocal_bag.findings import CannotFinish
from confocal_bag.image.fault import reason
from confocal_bag.image.formats import Kind, identify
from confocal_bag.image.privacy.byte_scan import byte_fields
from confocal_bag.image.privacy.collected import Collected
from confocal_bag.image.privacy.content import PACKED, XML_TEXTS, fields_in_lines, is_text
from confocal_bag.image.privacy.model import Search
from confocal_bag.image.privacy.xml_fields import fields_in_xml
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confocal_bag.image.format_table import Format
    from confocal_bag.image.privacy.model import PersonalField

__all__ = ["header_fields", "search_file"]

_TEXT_PIECE = 1 << 20
_LARGEST_XML = 1 << 28


def search_file(path: Path, known: Format | None = None, *, with_bytes: bool = True) -> Search:
    """What a file records of people; without its bytes, in the header that its parser reads.

    Raises CannotFinish where the file cannot be read at all.
    """
    from confocal_bag.image.readers.choice import reader_errors

    found, problem = known or identify(path), None
    if not path.is_file() or (found.id == "zarr-part" and not _is_zarr_text(path)):
        return Search()
    collected = Collected()
    try:
        collected.take(header_fields(path, found))
    except CannotFinish as error:
        problem = str(error)
    except reader_errors() as error:
        problem = f"its header cannot be read ({reason(path, error)})"
    if found.kind is Kind.ARCHIVE or found.id in PACKED:
        problem = f"what is packed in a {found.name} file is not looked into"
    if not with_bytes:
        return Search(fields=collected.fields, problem=problem)
    try:
        collected.take_untold(byte_fields(path))
    except OSError as error:
        raise CannotFinish(f"{path} cannot be read: {error.strerror}.") from error
    return Search(fields=collected.fields, problem=problem)


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
        case _ if known.id in XML_TEXTS:
            return _xml_file
        case _ if is_text(known):
            return partial(_text_file, is_table=known.kind is Kind.TABLE)
        case _:
            return None


def _xml_file(path: Path) -> Iterator[PersonalField]:
    with open_regular(path) as stream:
        content = stream.read(_LARGEST_XML)
    return fields_in_xml(content)


def _text_file(path: Path, *, is_table: bool = False) -> Iterator[PersonalField]:
    """A readme, table or script: its first and last megabyte, line by line."""
    with open_regular(path) as stream:
        end = stream.seek(0, 2)
        stream.seek(0)
        yield from fields_in_lines(stream.read(_TEXT_PIECE), is_table=is_table)
        if end > _TEXT_PIECE:
            stream.seek(max(_TEXT_PIECE, end - _TEXT_PIECE))
            yield from fields_in_lines(stream.read(_TEXT_PIECE), "line of the last megabyte")
