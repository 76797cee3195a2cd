"""The lines of plain text, in whatever encoding it came."""

from collections.abc import Iterator

from confocal_bag.document_text.model import Line

__all__ = ["decoded", "plain_lines"]

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
#: The longest piece of a character of UTF-8 that a cut leaves at either end.
_CUT = 3


def plain_lines(content: bytes) -> Iterator[Line]:
    """The lines of a text, empty ones too, each with its number from 1."""
    for number, text in enumerate(decoded(content).splitlines(), start=1):
        yield Line(place=f"line {number}", text=text)


def decoded(content: bytes) -> str:
    """The text of some bytes, which may begin and end within a character.

    UTF-16 where a mark or the zero bytes say so, else UTF-8, else Windows-1252, which old notes are written in.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[2:].decode(encoding, "replace")
    for zeros, encoding in ((content[1:200:2], "utf-16-le"), (content[:200:2], "utf-16-be")):
        if zeros and zeros.count(0) > len(zeros) * 0.7:
            return content.decode(encoding, "replace")
    try:
        return _whole_characters(content).decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _whole_characters(content: bytes) -> bytes:
    """The bytes without the pieces of characters at either end, if they are UTF-8."""
    start = next((at for at, byte in enumerate(content[: _CUT + 1]) if byte & 0xC0 != 0x80), 0)
    try:
        content[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        if start + error.start >= len(content) - _CUT and error.reason == "unexpected end of data":
            return content[start : start + error.start]
    return content[start:]
