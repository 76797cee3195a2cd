"""What a document says as text, with the places where a person finds it: plain text, Word, OpenDocument, PDF."""

from confocal_bag.document_text.model import DocumentText, Line, Property
from confocal_bag.document_text.read import TEXT_FORMATS, read_document

__all__ = ["TEXT_FORMATS", "DocumentText", "Line", "Property", "read_document"]
