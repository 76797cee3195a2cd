"""Personal data in the headers of the microscope makers' own formats, read by the parsers that read the rest."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from confocal_bag.image.acquisition.values import printable, text
from confocal_bag.image.privacy.czi_attachments import attachment_fields
from confocal_bag.image.privacy.model import PersonalField, PersonalKind
from confocal_bag.image.privacy.tiff_fields import tiff_fields
from confocal_bag.image.privacy.xml_fields import fields_in_text, fields_in_xml, kind_of_name, says_something
from confocal_bag.image.regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["czi_fields", "leica_fields", "lsm_fields", "nd2_fields", "olympus_fields", "settings_fields"]

#: A chunk of an ND2 for each frame after the first; the text info has been read already.
_ND2_SKIPPED = re.compile(r".*\|[1-9]\d*|ImageTextInfo.*")
_ND2_FREE_TEXT = ("sampleId", "group", "location", "conclusion")
_MOST_VALUES = 1 << 18


def czi_fields(path: Path) -> Iterator[PersonalField]:
    """The fields of a CZI's metadata XML, and what its attachments show."""
    from confocal_bag.image.readers.zisraw import read_metadata_xml

    content = read_metadata_xml(path)
    if content.strip(b"\0 \r\n"):
        yield from fields_in_xml(content)
    yield from attachment_fields(path)


def leica_fields(path: Path) -> Iterator[PersonalField]:
    """The fields of the XML, in UTF-16, of a LIF or LOF."""
    from liffile import LifFile

    with open_regular(path) as stream, LifFile(stream) as lif:
        yield from fields_in_xml(lif.xml_header())


def lsm_fields(path: Path) -> Iterator[PersonalField]:
    """The scan information and text blocks of an LSM, and its tags, for it is a TIFF."""
    from confocal_bag.image.acquisition.lsm_blocks import block_at
    from confocal_bag.image.readers.tiff_file import open_tiff

    with open_tiff(path) as tiff:
        info = tiff.lsm_metadata or {}
        block = block_at(tiff.filehandle, info.get("OffsetCharacteristics"))
        events = info.get("EventList") or []
    scan = info.get("ScanInformation") or {}
    kinds = {"User": PersonalKind.PERSON, **dict.fromkeys(("Name", "Description", "Notes"), PersonalKind.FREE_TEXT)}
    for name, kind in kinds.items():
        value = text(scan.get(name))
        if value is not None:
            yield PersonalField(where=f"ScanInformation/{name}", kind=kind, value=value)
    for line in block.decode("cp1252", "replace").splitlines():
        key, _, words = line.partition("=")
        value = text(words)
        if value is not None and key.strip() == "CreatedByUser":
            yield PersonalField(where="Characteristics/CreatedByUser", kind=PersonalKind.PERSON, value=value)
    for event in events:
        yield from fields_in_text("EventList", str(event))
    yield from tiff_fields(path)


def nd2_fields(path: Path) -> Iterator[PersonalField]:
    """The text info of an ND2, and the values of its other chunks that look like personal data.

    Names of fields tell nothing here: UserName is what a user called a filter.
    """
    from nd2 import ND2File

    with open_regular(path) as stream, ND2File(stream) as source:
        for name, value in (source.text_info or {}).items():
            yield from _nd2_text(name, str(value))
        if source.is_legacy:
            return
        chunks = source.unstructured_metadata(strip_prefix=False, include=_nd2_chunks(source))
        custom = source.custom_data or {}
    for where, value in islice(_values({**chunks, "CustomData": custom}, ""), _MOST_VALUES):
        if where.endswith("/CameraUserName") and text(value) is not None:
            yield PersonalField(where=where, kind=PersonalKind.DEVICE, value=value)
        else:
            yield from fields_in_text(where, value)


def _nd2_text(name: str, value: str) -> Iterator[PersonalField]:
    where = f"text_info/{name}"
    words = text(value)
    if name == "author" and words is not None:
        yield PersonalField(where=where, kind=PersonalKind.PERSON, value=words)
    elif name in _ND2_FREE_TEXT and words is not None:
        yield PersonalField(where=where, kind=PersonalKind.FREE_TEXT, value=words)
    else:
        yield from fields_in_text(where, value)


def _nd2_chunks(source: Any) -> set[str]:
    """The chunks of settings to look into: of those that come once for each frame, the first."""
    names = {bytes(name).rstrip(b"!").decode("ascii", "replace") for name in source._rdr.chunkmap}
    settings = {name for name in names if re.search(r"LV(?:\|0)?$|^ReportObjects$", name)}
    return {name for name in settings if not _ND2_SKIPPED.fullmatch(name)}


def _values(part: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text in nested mappings and lists with its path; numbers in lists say which, not what."""
    if isinstance(part, dict):
        for name, value in part.items():
            numbered = re.fullmatch(r"[ai]?\d+", str(name)) is not None
            yield from _values(value, where if numbered else f"{where}/{name}".lstrip("/"))
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _values(value, where)
    elif isinstance(part, str):
        yield where, part


def olympus_fields(path: Path) -> Iterator[PersonalField]:
    """The settings, in UTF-16, of an OIB, or of an OIF and the folder beside it."""
    from oiffile import SettingsFile

    from confocal_bag.image.readers.fluoview_files import open_files

    files, names = open_files(path)
    try:
        yield from settings_fields(files.settings)
        for name in sorted(names):
            if name.lower().endswith(".pty"):
                with files.open_file(name) as stream:
                    yield from settings_fields(SettingsFile(stream, name=name))
    finally:
        files.close()


def settings_fields(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[PersonalField]:
    """The fields of FluoView settings: sections of keys and values."""
    for section, pairs in settings.items():
        for key, recorded in pairs.items():
            value = text(printable(str(recorded))) if isinstance(recorded, str) else None
            if value is None:
                continue
            where = f"[{section}] {key}"
            kind = _settings_kind(section, str(key))
            if kind is not None and says_something(kind, value):
                yield PersonalField(where=where, kind=kind, value=value)
            else:
                yield from fields_in_text(where, value)


def _settings_kind(section: str, key: str) -> PersonalKind | None:
    if section == "File Info" and key == "Path":
        return PersonalKind.FOLDER
    return PersonalKind.FREE_TEXT if key == "UserComment" else kind_of_name(key)
