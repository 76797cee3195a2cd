"""Files that name a patient deep inside: in archives and in office documents, made by the tests."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.pdf_files import pdf

PATIENTS = "name,DOB,MRN\nAnna Meyer,1961-03-04,1234567\n"
SECRETS = ("Anna Meyer", "1961-03-04", "1234567")
NOTE = "The biopsy is of patient MRN 1234567."

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_T = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
_TABLE = 'xmlns:b="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
_CORE = (
    '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:d="http://purl.org/dc/elements/1.1/"><d:creator>Sara McArdle</d:creator></c:coreProperties>'
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these members, deflated; the same bytes at any time, as names of tests are made of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(members: Mapping[str, str | bytes]) -> bytes:
    """A tar file of these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, content in members.items():
            raw = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            packed.addfile(info, io.BytesIO(raw))
    return buffer.getvalue()


def docx(note: str = NOTE) -> bytes:
    """A Word document whose sentence is split into runs, as Word does."""
    runs = "".join(f"<w:r><w:t>{note[at : at + 5]}</w:t></w:r>" for at in range(0, len(note), 5))
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {_W}><w:body><w:p>{runs}</w:p></w:body></w:document>",
            "docProps/core.xml": _CORE,
        }
    )


def xlsx() -> bytes:
    """A workbook with a table of patients, of shared strings and numbers, its first column empty."""
    strings = "".join(f"<si><t>{one}</t></si>" for one in ("name", "MRN", "Anna Meyer"))
    sheet = (
        f'<worksheet {_S}><sheetData><row><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row><c r="B2" t="s"><v>2</v></c><c r="C2"><v>1234567</v></c></row></sheetData></worksheet>'
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": f"<sst {_S}>{strings}</sst>",
        }
    )


def pptx() -> bytes:
    """A slide with a sentence."""
    slide = f"<p><a:p {_A}><a:r><a:t>{NOTE}</a:t></a:r></a:p></p>"
    return zipped({"[Content_Types].xml": "<Types/>", "ppt/slides/slide1.xml": slide})


def odt() -> bytes:
    """An OpenDocument text with a table of patients."""
    cells = [f"<b:table-cell><t:p>{one}</t:p></b:table-cell>" for one in ("name", "DOB", "Anna Meyer", "1961")]
    rows = [f"<b:table-row>{''.join(cells[at : at + 2])}</b:table-row>" for at in (0, 2)]
    content = f"<o {_T} {_TABLE}><b:table>{''.join(rows)}</b:table></o>"
    mime = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": "<m/>"})


#: What holds a patient, by the name of the file and what it holds.
HIDDEN: dict[str, bytes] = {
    "p.zip": zipped({"list/patients.csv": PATIENTS}),
    "p.csv.gz": gzip.compress(PATIENTS.encode()),
    "p.csv.bz2": bz2.compress(PATIENTS.encode()),
    "p.csv.xz": lzma.compress(PATIENTS.encode()),
    "p.tar": tarred({"list/patients.csv": PATIENTS}),
    "p.tar.gz": gzip.compress(tarred({"list/patients.csv": PATIENTS})),
    "README.docx": docx(),
    "list.xlsx": xlsx(),
    "talk.pptx": pptx(),
    "note.odt": odt(),
    "protocol.pdf": pdf([["Our protocol"], [NOTE]]),
    "docs.tar": tarred({"protocol.pdf": pdf([[NOTE]])}),
    "docs.zip": zipped({"README.docx": docx()}),
    "deep.zip": zipped({"more.tar.gz": gzip.compress(tarred({"a.zip": zipped({"p.csv": PATIENTS})}))}),
    "named.zip": zipped({"MRN1234567_a.dat": b"\0\1\2"}),
}


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file into a folder that may not be there yet."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder
