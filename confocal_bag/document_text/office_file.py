"""The text of a Word or OpenDocument file: of the document itself, without headers, footers and notes."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, BinaryIO

from confocal_bag.document_text.model import DocumentText, first_characters
from confocal_bag.document_text.office import NOT_SAID, office_lines
from confocal_bag.safe_xml import parse_xml
from confocal_bag.zip_format import ZIP_DAMAGE, refuse_huge_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAIN_PARTS", "read_office"]

#: The part that holds the document itself, by the format.
MAIN_PARTS: Mapping[str, str] = {"docx": "word/document.xml", "odt": "content.xml"}
#: The XML of a readme of some hundred pages; what unpacks to more is not read.
_MOST_BYTES = 8 << 20
#: KeyError is for a part that is not there; of bzip2, damage is an OSError; what is not XML is a ValueError.
_DAMAGE = (*ZIP_DAMAGE, KeyError, OSError)


def read_office(stream: BinaryIO, main_part: str, *, most_characters: int) -> DocumentText:
    """The paragraphs of a document and the rows of its tables."""
    try:
        refuse_huge_directory(stream)
        with zipfile.ZipFile(stream) as archive, archive.open(main_part) as part:
            content = part.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            return DocumentText(gaps=(f"its text unpacks to more than {_MOST_BYTES:,} bytes",))
        root = parse_xml(content)
    except _DAMAGE as error:
        what = str(error.args[0] if isinstance(error, KeyError) and error.args else error)
        return DocumentText(gaps=(f"it is damaged ({what or type(error).__name__})",))
    kept, gaps = first_characters(office_lines(root, leave_out=NOT_SAID), most_characters)
    return DocumentText(lines=kept, gaps=gaps)
