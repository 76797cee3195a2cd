"""Names inside a bag: encoding, safety, normalization."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confocal_bag.bag.paths import (
    BAGIT_1_0,
    decode_path,
    encode_path,
    is_safe_path,
    plain_path,
    same_name,
    unsafe_because,
)

DRAFT = (0, 97)
NAMES = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("%0ADad25\n\r"), max_size=30)


@given(NAMES)
@example("100%25%0A\r\n%")
def test_a_name_survives_encoding_and_decoding(name: str) -> None:
    """What a 1.0 manifest spells is read back as the same name, without a note and on one line."""
    spelled = encode_path(name)
    assert decode_path(spelled).path == name
    assert decode_path(spelled).note is None
    assert "\n" not in spelled
    assert "\r" not in spelled


@given(st.text(max_size=30))
def test_any_text_can_be_decoded(text: str) -> None:
    """Decoding raises for nothing, and leaves text without a percent sign alone."""
    decoded = decode_path(text)
    assert "%" in text or decoded.path == text


@pytest.mark.parametrize(
    ("version", "spelled", "name", "noted"),
    [
        (BAGIT_1_0, "data/a%0ab%0Dc%25", "data/a\nb\rc%", "silent"),
        (BAGIT_1_0, "data/a%250A", "data/a%0A", "silent"),
        (BAGIT_1_0, "data/100%.txt", "data/100%.txt", "noted"),
        (BAGIT_1_0, "data/%7Ea", "data/%7Ea", "noted"),
        (DRAFT, "data/100%.txt", "data/100%.txt", "silent"),
        (DRAFT, "data/a%25%0d", "data/a%25\r", "silent"),
        (BAGIT_1_0, "data/%0A" * 5, "data/\n" * 5, "silent"),
    ],
)
def test_decoding_follows_the_version(version: tuple[int, int], spelled: str, name: str, noted: str) -> None:
    """1.0 decodes %25, its drafts do not; a raw percent sign earns a note in 1.0 only."""
    decoded = decode_path(spelled, version)
    assert decoded.path == name
    assert (decoded.note is not None) == (noted == "noted")


def test_the_drafts_encode_line_ends_only() -> None:
    """Before 1.0 a percent sign is written as it is."""
    assert encode_path("data/5%\n", DRAFT) == "data/5%%0A"
    assert encode_path("data/5%\n") == "data/5%25%0A"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../bag-evil/x",
        "data/../../x",
        "data/..",
        "data/sub/../a.txt",
        "/etc/passwd",
        "//server/share",
        "\\\\server\\share\\x",
        "\\x",
        "data\\..\\..\\x",
        "data/a\\..\\..\\..\\x",
        "C:\\x",
        "c:/x",
        "C:x",
        "~/x",
        "~root/x",
        "%HOMEDRIVE%/x",
        "%TEMP%\\x",
        "data/a\0b",
    ],
)
def test_a_path_that_leads_out_of_the_bag_is_not_safe(path: str) -> None:
    """Absolute, climbing, drive, UNC, home and variable paths are refused on every platform, with a reason."""
    assert not is_safe_path(path)
    assert unsafe_because(path)


@pytest.mark.parametrize(
    "path",
    [
        "data/a.txt",
        "data/a..b",
        "data/...",
        "data/a\\b.txt",
        "data/~a",
        "data/%7Ea",
        "data/a%b%",
        "bagit.txt",
        "data/c:x",
    ],
)
def test_an_odd_name_below_data_is_safe(path: str) -> None:
    """Dots, backslashes, tildes and percent signs inside names are ordinary characters."""
    assert is_safe_path(path)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("./data/a", "data/a"),
        ("data//a", "data/a"),
        ("data/./a/.", "data/a"),
        ("data/a.", "data/a."),
        ("data/ a ", "data/ a "),
        ("data/../a", "data/../a"),
        ("/./data", "/data"),
    ],
)
def test_only_empty_and_dot_components_are_dropped(path: str, plain: str) -> None:
    """Blanks, trailing dots and .. stay; an absolute path stays absolute."""
    assert plain_path(path) == plain


def test_names_are_compared_without_regard_to_normalization() -> None:
    """NFC and NFD of one name are the same name; different letters are not."""
    name = "data/Núñez"
    assert same_name(unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
    assert not same_name(name, "data/Nunez")
