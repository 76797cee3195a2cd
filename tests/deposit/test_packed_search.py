"""What is packed is searched for personal data like everything else, and what cannot be is listed."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.privacy import packed, search_deposit
from confocal_bag.deposit.source import open_deposit
from confocal_bag.image.format_table import FORMATS
from confocal_bag.image.privacy import PersonalKind, Search
from confocal_bag.inspect import inspect_deposit
from tests import make
from tests.deposit.packing_people import HIDDEN, NOTE, PATIENTS, SECRETS, docx, put, tarred, zipped
from tests.image import headers
from tests.office_files import W, odt
from tests.pdf_files import encrypted_pdf, pdf, scanned_pdf
from tests.recording import Ran


def searched(folder: Path) -> Search:
    """The search of the one file of a deposit."""
    deposit = open_deposit(folder)
    (search,) = search_deposit(deposit, take_inventory(deposit)).values()
    return search


def subjects(search: Search) -> set[str]:
    """What was found of patients."""
    return {one.value for one in search.fields if one.kind is PersonalKind.SUBJECT}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_patient_is_found_wherever_it_is_packed(tmp_path: Path, name: str) -> None:
    """In archives, compressed files and office documents, three levels deep."""
    search = searched(put(tmp_path / "d", name, HIDDEN[name]))
    assert any(secret in value for value in subjects(search) for secret in SECRETS)
    assert search.gap is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.zip", zipped({"a.csv": "cell,area\n1,2\n", "b.txt": "Fixed in PFA"})),
        ("p.csv.gz", gzip.compress(b"cell,area\n1,2\n", mtime=0)),
        ("README.docx", docx("Cells were fixed in 4 % PFA.")),
        ("p.tar", tarred({"a.txt": "Fixed in PFA"})),
    ],
)
def test_what_names_no_patient_is_searched_and_clean(tmp_path: Path, name: str, content: bytes) -> None:
    """Nothing is found, and nothing is left unsearched."""
    search = searched(put(tmp_path / "d", name, content))
    assert (subjects(search), search.gap) == (set(), None)


def test_the_writer_of_a_document_is_a_person(tmp_path: Path) -> None:
    """Word writes the name of whoever made the file into it."""
    search = searched(put(tmp_path / "d", "README.docx", docx()))
    assert [one.value for one in search.fields if one.kind is PersonalKind.PERSON] == ["Sara McArdle"]


def test_a_table_tells_patients_by_its_headings(tmp_path: Path) -> None:
    """The name counts because record numbers stand beside it; other columns do not."""
    table = "cell;name;MRN\n1;Anna Meyer;77\n2;;n/a\n"
    assert subjects(searched(put(tmp_path / "d", "p.csv", table.encode()))) == {"Anna Meyer", "77"}
    assert subjects(searched(put(tmp_path / "e", "p.csv", b"cell,name\n1,Anna Meyer\n"))) == set()
    assert subjects(searched(put(tmp_path / "f", "p.tsv", b"age\t40\nMRN\t1234567\n"))) == {"MRN: 1234567"}


_COMMENT = "<< /Type /Annot /Subtype /Text /T (Jo Doe) /Contents (mail jo@lab.edu) /Rect [0 0 9 9] >>"


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_pdf_tells_people_in_text_properties_xmp_and_comments(tmp_path: Path, *, is_packed: bool) -> None:
    """Each with its page; a number on the next line belongs to the word before it."""
    info = {"Author": "Sara McArdle", "Title": r"C:\\Users\\smith\\protocol", "Creator": "Writer", "Producer": "x"}
    pages = [["Our protocol"], ["The biopsy is of patient", "1234567 and others."]]
    content = pdf(pages, info=info, creator="Anna Meyer", notes=[_COMMENT])
    name = "a.zip" if is_packed else "protocol.pdf"
    search = searched(put(tmp_path / "d", name, zipped({"protocol.pdf": content}) if is_packed else content))
    before = "protocol.pdf, " if is_packed else ""
    found = {(one.where, one.kind, one.value) for one in search.fields}
    assert found == {
        (f"{before}page 2, line 1", PersonalKind.SUBJECT, "patient 1234567"),
        (f"{before}page 1, note 1", PersonalKind.EMAIL, "jo@lab.edu"),
        (f"{before}page 1, note 1", PersonalKind.PERSON, "Jo Doe"),
        (f"{before}property Author", PersonalKind.PERSON, "Sara McArdle"),
        (f"{before}property Title", PersonalKind.FOLDER, r"C:\Users\smith\protocol"),
        (f"{before}XMP/xmpmeta/RDF/Description/creator/Seq/li", PersonalKind.PERSON, "Anna Meyer"),
    }
    assert search.gap is None


def test_who_wrote_an_opendocument_text_and_its_comments_is_found(tmp_path: Path) -> None:
    """In meta.xml and in the text, with table, row and paragraph."""
    meta = (
        "<meta:initial-creator>Sara McArdle</meta:initial-creator><dc:creator>unknown</dc:creator>"
        "<meta:printed-by>Jo Doe</meta:printed-by><dc:title>mail an@lab.edu</dc:title>"
    )
    comment = "<text:p><office:annotation><dc:creator>Anna Meyer</dc:creator></office:annotation></text:p>"
    comment = comment.replace("<dc:creator>", '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">')
    cells = "".join(f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in ("name", "MRN"))
    data = cells.replace("name", "Ben Ott").replace("MRN", "77")
    rows = "".join(f"<table:table-row>{one}</table:table-row>" for one in (cells, data))
    table = f"<table:table>{rows}</table:table>"
    search = searched(put(tmp_path / "d", "note.odt", odt(comment + table, meta=meta)))
    assert {(one.where, one.value) for one in search.fields} == {
        ("meta.xml, initial-creator", "Sara McArdle"),
        ("meta.xml, printed-by", "Jo Doe"),
        ("meta.xml, title", "an@lab.edu"),
        ("content.xml, creator", "Anna Meyer"),
        ("column name, content.xml, table 1, row 2", "Ben Ott"),
        ("column MRN, content.xml, table 1, row 2", "77"),
    }


def test_who_comments_and_changes_a_word_document_is_found(tmp_path: Path) -> None:
    """What was struck out is searched too, for it is still in the file."""
    comments = f'<w:comments {W}><w:comment w:author="Jo Doe"><w:p/></w:comment></w:comments>'
    struck = '<w:p><w:del w:author="Author"><w:r><w:delText>patient 1234567</w:delText></w:r></w:del></w:p>'
    document = f"<w:document {W}><w:body>{struck}</w:body></w:document>"
    members = {"[Content_Types].xml": "", "word/document.xml": document, "word/comments.xml": comments}
    search = searched(put(tmp_path / "d", "a.docx", zipped(members)))
    assert {(one.where, one.value) for one in search.fields} == {
        ("word/document.xml, paragraph 1", "patient 1234567"),
        ("word/comments.xml, comment", "Jo Doe"),
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (encrypted_pdf("x", "secret"), "it is locked with a password"),
        (pdf([["x"]])[:400], "it is damaged"),
        (scanned_pdf(), "it has no text"),
        (pdf([["x"]] * 501), "read up to page 500 of 501"),
        (pdf([["a"], ["b"]], streams={0: zlib.compress(b"(x) Tj\n" * (4 << 20))}), "page 1 cannot be read"),
    ],
    ids=["locked", "truncated", "scanned", "long", "bomb"],
)
def test_a_pdf_that_cannot_be_searched_is_listed_with_the_reason(tmp_path: Path, content: bytes, says: str) -> None:
    """On its own and in an archive."""
    assert says in str(searched(put(tmp_path / "d", "a.pdf", content)).gap)
    gap = str(searched(put(tmp_path / "e", "p.zip", zipped({"a.pdf": content}))).gap)
    assert "not a.pdf (" in gap
    assert says in gap


def test_the_bytes_tell_a_pdf_and_a_text_whatever_they_are_called(tmp_path: Path) -> None:
    """A PDF called .txt is searched as PDF, a text called .pdf as text."""
    for name, content in (("a.txt", pdf([[NOTE]])), ("a.pdf", NOTE.encode())):
        search = searched(put(tmp_path / name, name, content))
        assert (subjects(search), search.gap) == ({"MRN 1234567"}, None)


def _locked() -> bytes:
    """A zip file whose member claims to be encrypted."""
    raw = bytearray(zipped({"a.txt": "x"}))
    raw[6] |= 1
    raw[raw.index(b"PK\1\2") + 8] |= 1
    return bytes(raw)


def _nested(depth: int) -> bytes:
    content = PATIENTS.encode()
    for _ in range(depth):
        content = zipped({"a.zip": content})
    return content


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("p.zip", zipped({"a.pdf": b"%PDF-1.4 x", "b.txt": "x"}), "not a.pdf"),
        ("p.zip", _locked(), "not a.txt"),
        ("p.zip", _nested(6), "a.zip!/a.zip"),
        ("p.zip", zipped({"a.zip": zipped({"x": "y"})[:-30]}), "not a.zip"),
        ("p.zip", zipped({"x": "y"})[:-30], "damaged zip"),
        ("p.tar.gz", gzip.compress(tarred({"x": "y"}), mtime=0)[:-20], "damaged"),
        ("p.tar", tarred({"a.tif": b"II*\0\10\0\0\0\0\0\0\0\0\0"}), "not a.tif"),
        ("p.7z", b"7z\xbc\xaf\x27\x1c\0\4", "not looked into"),
        ("README.docx", zipped({"[Content_Types].xml": "", "word/document.xml": "<broken"}), "word/document.xml"),
        ("README.docx", zipped({"[Content_Types].xml": "", "word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
         "word/document.xml"),
    ],
)  # fmt: skip
def test_what_is_not_searched_is_listed(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    """Documents of other kinds, locked and damaged members, images in a tar, what lies too deep."""
    assert says in str(searched(put(tmp_path / "d", name, content)).gap)


def test_a_bomb_ends_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members after it are listed as not searched."""
    monkeypatch.setattr(packed, "_MOST_UNPACKED", 12 << 20)
    content = zipped({"a.txt": "x", "bomb.dat": b"\1" * (24 << 20), "z.txt": NOTE})
    search = packed.search_packed(put(tmp_path / "d", "p.zip", content) / "p.zip", FORMATS["zip"])
    assert search.unsearched == ("bomb.dat", "z.txt")
    assert "more is packed" in str(search.gap)
    long = gzip.compress(tarred({"bomb.dat": b"\1" * (24 << 20), "z.txt": NOTE}))
    search = packed.search_packed(put(tmp_path / "e", "p.tgz", long) / "p.tgz", FORMATS["gzip"])
    assert "more is packed" in str(search.gap)


def test_images_in_a_zip_file_are_searched_by_their_headers(tmp_path: Path) -> None:
    """They are read on their own; nothing of the zip file is left."""
    inside = headers.czi(tmp_path / "a.czi", "<UserName>smcardle</UserName>").read_bytes()
    folder = put(tmp_path / "d", "p.zip", zipped({"a.czi": inside, "b.txt": "x"}))
    found = inspect_deposit(folder).findings
    assert [one.path for one in found if one.rule == "privacy.person"] == ["p.zip!/a.czi"]
    assert [one for one in found if one.rule == "privacy.not-searched"] == []


def test_a_damaged_member_is_all_that_is_not_searched(tmp_path: Path) -> None:
    """The others are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "CORRUPT")
        archive.writestr("b.csv", PATIENTS)
    content = buffer.getvalue().replace(b"CORRUPT", b"CORRUPX", 1)
    search = searched(put(tmp_path / "d", "p.zip", content))
    assert search.unsearched == ("a.txt",)
    assert "1234567" in subjects(search)


def test_no_report_tells_what_is_packed(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Findings name the file and the line, and mask the values."""
    folder = make.small_deposit(tmp_path / "d")
    for name, content in HIDDEN.items():
        if name != "named.zip":  # its member is called so
            put(folder, name, content)
    ran = run("inspect", folder, "--format", "json")
    assert "privacy.human-subject" in ran.out
    assert [secret for secret in SECRETS if secret in ran.out + ran.err] == []
