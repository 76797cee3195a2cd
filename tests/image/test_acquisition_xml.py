"""Vendors' XML as it is found in files: in old encodings, with control characters, and hostile."""

import pytest

from confocal_bag.image.acquisition.xml import parse_header


@pytest.mark.parametrize(
    "content",
    [
        "<a>5 µm</a>".encode(),
        b"<a>5 \xb5m</a>",
        b"<?xml version='1.0'?><a>5 \xb5m</a>",
        "\ufeff<a>5 µm</a>".encode(),
        "<a>5 µm</a>".encode("utf-16"),
        "<?xml version='1.0' encoding='utf-16'?><a>5 µm</a>".encode(),
        "<?xml version='1.0' encoding='Windows-1252'?><a>5 µm</a>".encode("cp1252"),
        "\r\n <?xml version='1.0' encoding='utf-8'?><a>5 µm</a>".encode(),
        "<a>5 \x01µ&#x1f;m&#0;</a>".encode(),
        "<a>5 µm</a>",
    ],
)
def test_a_header_is_read_in_whatever_encoding_it_was_written(content: bytes | str) -> None:
    """UTF-8 and UTF-16 with and without a mark, Windows-1252 that says nothing of it, and stray control characters."""
    assert parse_header(content).text == "5 µm"


def test_line_ends_that_are_spelled_out_are_kept() -> None:
    """They are characters XML can carry, beside one it cannot."""
    assert parse_header(b"<a>x&#10;y&#x9;z\x01</a>").text == "x\ny\tz"


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b"no xml", b"<a><b></a>", b"<a>\xb5", b"<?xml version='1.0'?>" * 5000]
)
def test_what_is_no_xml_is_said_to_be_none(content: bytes) -> None:
    """Mending ends after one try."""
    with pytest.raises(ValueError, match="not well-formed"):
        parse_header(content)


def test_a_document_type_is_refused_also_in_a_header_that_was_mended() -> None:
    """It is how entities are smuggled in."""
    with pytest.raises(ValueError, match="document type"):
        parse_header(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>\xb5&x;</a>")
