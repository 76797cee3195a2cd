"""Formats are told by bytes; names only tell text from text."""

import io
import os
import struct
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.findings import CannotFinish
from confocal_bag.image.formats import FORMATS, Kind, extension_disagrees, identify, identify_stream
from confocal_bag.image.synthetic import cell_stack, write_lsm

SETTINGS = "\r\n".join(["[Acquisition Parameters Common]", 'Acquisition Device="FV1000"']).encode("utf-16")


def ole2(name: str) -> bytes:
    """The header of a compound file whose directory holds `name`."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    head[30:32], head[48:52] = struct.pack("<H", 9), struct.pack("<I", 0)
    return bytes(head) + name.encode("utf-16-le").ljust(512, b"\0")


def zipped(*names: str) -> bytes:
    """A ZIP with empty members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return content.getvalue()


CASES: list[tuple[str, bytes, str]] = [
    ("a.czi", b"ZISRAWFILE".ljust(16, b"\0"), "czi"),
    ("a.nd2", b"\xda\xce\xbe\x0a" + b"x" * 60, "nd2"),
    ("a.lif", b"\x70\0\0\0\x20\0\0\0\x2a" + b"\0" * 60, "lif"),
    ("a.oib", ole2("OibInfo.txt"), "oib"),
    ("a.doc", ole2("WordDocument"), "doc"),
    ("Thumbs.db", ole2("Catalog"), "ole2"),
    ("a.oif", SETTINGS, "oif"),
    ("a.pty", SETTINGS, "olympus-pty"),
    ("a.docx", zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ("RoiSet.zip", zipped("1.roi", "2.roi"), "imagej-roiset"),
    ("a.zip", zipped("cell.lsm"), "zip"),
    ("a.roi", b"Iout\0\xe4", "imagej-roi"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "png"),
    ("a.jpg", b"\xff\xd8\xff\xe0", "jpeg"),
    ("a.gif", b"GIF89a", "gif"),
    ("a.avi", b"RIFF\0\0\0\0AVI LIST", "avi"),
    ("a.mp4", b"\0\0\0\x20ftypisom", "mp4"),
    ("a.mov", b"\0\0\0\x14ftypqt  ", "mov"),
    ("a.pdf", b"%PDF-1.4\n", "pdf"),
    ("a.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 50, "hdf5"),
    ("a.ics", b"\t\nics_version\t2.0\n", "ics"),
    ("a.gz", b"\x1f\x8b\x08\0", "gzip"),
    ("a.tar", b"name".ljust(257, b"\0") + b"ustar\x0000", "tar"),
    ("a.ome.xml", b'<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"/>', "ome-xml"),
    ("a.companion.ome", b'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"/>', "ome-companion"),
    ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
    ("a.csv", b"well,count\nA1,3\n", "csv"),
    ("a.tsv", b"well\tcount\n", "tsv"),
    ("a.json", b'{"a": 1}', "json"),
    ("a.yaml", b"a: 1\n", "yaml"),
    ("README.md", b"# Title\n", "markdown"),
    ("README.txt", "Größe in µm\n".encode(), "text"),
    ("old.txt", "Größe in µm\n".encode("cp1252"), "text"),
    ("count.py", b"print(1)\n", "python"),
    ("count.ijm", b"run('Duplicate');\n", "imagej-macro"),
    ("count.m", b"x = 1;\n", "matlab"),
    ("plot.R", b"x <- 1\n", "r"),
    ("a.czi", b"just some text\n", "text"),
    ("a.czi", b"", "empty"),
    ("a.bin", bytes(range(256)) * 4, "unknown"),
]


@pytest.mark.parametrize(("name", "content", "expected"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_a_file_is_told_by_its_bytes(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    """Each signature gives its format, whatever the name says."""
    path = tmp_path / name
    path.write_bytes(content)
    assert identify(path).id == expected


def test_the_kinds_of_tiff_are_told_apart(tmp_path: Path) -> None:
    """LSM by its tag, OME and ImageJ by the description, BigTIFF by the header."""
    pixels = np.zeros((2, 8, 8), np.uint8)
    tifffile.imwrite(tmp_path / "plain.tif", pixels[0], metadata=None)
    tifffile.imwrite(tmp_path / "big.tif", pixels[0], metadata=None, bigtiff=True)
    tifffile.imwrite(tmp_path / "ij.tif", pixels, imagej=True)
    tifffile.imwrite(tmp_path / "ome.tif", pixels, ome=True)
    tifffile.imwrite(tmp_path / "bigome.tif", pixels, ome=True, bigtiff=True)
    write_lsm(tmp_path / "lsm.tif", cell_stack(planes=1, size=32))
    found = {path.stem: identify(path) for path in tmp_path.iterdir()}
    assert {stem: one.id for stem, one in found.items()} == {
        "plain": "tiff", "big": "bigtiff", "ij": "imagej-tiff", "ome": "ome-tiff", "bigome": "ome-tiff", "lsm": "lsm",
    }  # fmt: skip
    assert found["plain"].puid == "fmt/353"
    assert found["big"].puid == found["bigome"].puid == "fmt/1917", "DROID's fmt/898 (Zoomify) is a trap"


@pytest.mark.parametrize(
    "content",
    [
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 0) + struct.pack("<I", 8),
        b"II*\0" + struct.pack("<IH", 8, 0xFFFF),
        b"II*\0" + struct.pack("<IHHHII", 8, 1, 270, 2, 0xFFFFFFFF, 4) + b"\0\0\0\0",
        b"II+\0\x08\0\0\0" + b"\xff" * 8,
        b"MM\0*\xff\xff\xff\xff",
    ],
    ids=["loop", "many-entries", "endless-description", "offset-beyond-everything", "offset-beyond-the-end"],
)
def test_a_hostile_tiff_is_only_a_tiff(content: bytes) -> None:
    """Absurd offsets and counts neither crash nor hang the identification."""
    assert identify_stream(io.BytesIO(content), "a.tif").id in ("tiff", "bigtiff")


@given(
    content=st.binary(max_size=600), magic=st.sampled_from([c[1][:40] for c in CASES] + [b"II*\0\x08\0\0\0", b"PK\5\6"])
)
def test_no_bytes_make_identification_fail(content: bytes, magic: bytes) -> None:
    """Any bytes behind any signature have a format."""
    assert identify_stream(io.BytesIO(magic + content), "x").id in FORMATS


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    """A link is called a link and a pipe is left alone: opening one would wait for ever."""
    (tmp_path / "target.csv").write_text("a,b\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "target.csv")
    os.mkfifo(tmp_path / "pipe.czi")
    assert identify(tmp_path / "link.csv").id == "link"
    assert identify(tmp_path / "pipe.czi").id == "special"


def test_folders_are_told_apart(tmp_path: Path) -> None:
    """A folder with OME-Zarr attributes is an image; any other is a folder."""
    zarr, plain = tmp_path / "a.zarr", tmp_path / "plain"
    zarr.mkdir()
    plain.mkdir()
    (zarr / ".zattrs").write_text('{"multiscales": []}')
    assert (identify(zarr).id, identify(plain).id) == ("ome-zarr", "folder")


def test_a_missing_file_cannot_be_identified(tmp_path: Path) -> None:
    """The sentence names the path."""
    with pytest.raises(CannotFinish, match=r"gone\.czi"):
        identify(tmp_path / "gone.czi")


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("cell.czi", "czi", "agrees"),
        ("cell.CZI", "czi", "agrees"),
        ("cell.tif", "lsm", "disagrees"),
        ("cell.lsm", "czi", "disagrees"),
        ("cell.ome.tif", "ome-tiff", "agrees"),
        ("cell.tif", "ome-tiff", "agrees"),
        ("cell.ome.tif", "imagej-tiff", "disagrees"),
        ("cell.dat", "czi", "disagrees"),
        ("cell", "czi", "agrees"),
        ("cell.czi", "text", "disagrees"),
        ("cell.czi", "empty", "disagrees"),
        ("notes.log", "text", "agrees"),
        ("table.csv", "text", "agrees"),
        ("notes.xyz", "unknown", "agrees"),
    ],
)
def test_an_extension_that_promises_another_format_is_noticed(name: str, found: str, expected: str) -> None:
    """Only an extension of a format that is told by its bytes can disagree."""
    assert extension_disagrees(PurePosixPath(name), FORMATS[found]) is (expected == "disagrees")


def test_the_table_is_consistent() -> None:
    """Extensions are lower-case with a dot, PUIDs and EDAM identifiers well formed."""
    for one in FORMATS.values():
        assert all(extension.startswith(".") and extension == extension.lower() for extension in one.extensions)
        assert one.puid is None or one.puid.split("/")[0] in ("fmt", "x-fmt")
        assert one.edam is None or one.edam.startswith("format_")
        assert isinstance(one.kind, Kind)


def test_real_files_have_their_formats(shared: Path) -> None:
    """Every sample is identified as the folder it lies in says."""
    expected = {
        "czi": "czi",
        "lif": "lif",
        "lsm": "lsm",
        "nd2": "nd2",
        "oib": "oib",
        "ome-tiff": "ome-tiff",
        "zip": "zip",
    }
    for folder, name in expected.items():
        for path in (shared / "samples" / folder).iterdir():
            assert identify(path).id == name, path.name
