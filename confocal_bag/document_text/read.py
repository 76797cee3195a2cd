"""Read the text of a document, whatever its format."""

from typing import BinaryIO

from confocal_bag.document_text.model import DocumentText, first_characters
from confocal_bag.document_text.office_file import MAIN_PARTS, read_office
from confocal_bag.document_text.plain import plain_lines

__all__ = ["TEXT_FORMATS", "read_document"]

#: The formats read here, by their ids in the table of formats.
TEXT_FORMATS = frozenset({"text", "markdown", "pdf", *MAIN_PARTS})
_MOST_CHARACTERS = 4 << 20


def read_document(stream: BinaryIO, known: str, *, most_characters: int = _MOST_CHARACTERS) -> DocumentText:
    """The text of a document whose format has the id `known`, one of `TEXT_FORMATS`, by its first characters.

    What cannot be read is told in `gaps`, and never raised. A hostile file takes long or much memory: call it for
    formats other than plain text in a guarded process.
    """
    if known == "pdf":
        from confocal_bag.document_text.pdf import read_pdf

        return read_pdf(stream, most_characters=most_characters)
    if known in MAIN_PARTS:
        return read_office(stream, MAIN_PARTS[known], most_characters=most_characters)
    # Of no encoding does a character take more than four bytes; a mark and a cut character at the end go away.
    content = stream.read(4 * most_characters + 16)
    lines, gaps = first_characters(plain_lines(content), most_characters)
    return DocumentText(lines=lines, gaps=gaps, flows=True)
