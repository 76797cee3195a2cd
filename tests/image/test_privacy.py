"""Personal data in headers, texts and bytes: every place that is known, in every encoding, and nothing else."""

import struct
from collections.abc import Callable
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from confocal_bag.image.formats import FORMATS
from confocal_bag.image.privacy import PersonalKind, mask, search_file
from confocal_bag.image.privacy.byte_scan import fields_in_bytes
from confocal_bag.image.privacy.detectors import detect, detect_contacts
from confocal_bag.image.privacy.subjects import detect_subjects
from confocal_bag.image.privacy.xml_fields import fields_in_xml
from tests import make
from tests.image import headers

_OME = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_EXPT = r"Z:\WBK-TEMP\CROKER\EXPT3 PAD4 03-21-23\a.czi"
_MADE_BY_PROGRAMS = f'<OME xmlns="{_OME}" Creator="Bio-Formats"><StageLabel Name="Scene position #0"/></OME>\0'.encode()
_AUDIT = f"<AuditTrail><Rescale><Input>{_EXPT}</Input></Rescale></AuditTrail>"
_DEEP = f'<?xml version="1.0" encoding="utf-16"?><Outer><Inner>{escape(_AUDIT)}</Inner></Outer>'
_LIF = (
    '<LMSDataContainerHeader Version="2"><Element Name="p" UniqueID="4630e1c4-e6c1-11e6-af9e-64006a2aec7c"><Data>'
    r'<Experiment Path="C:\Users\J&#246;rg M&#252;ller\Project001"/></Data><Children/><Attachment>'
    '<ATLConfocalSettingDefinition SystemSerialNumber="8100000201"/></Attachment></Element></LMSDataContainerHeader>'
)
_META = "ImageDocument/Metadata"

Maker = Callable[[Path], Path]

#: what makes the file, the field that must be found, its kind and its value
CASES: list[tuple[str, Maker, str, PersonalKind, str]] = [
    (
        "czi-user",
        lambda p: headers.czi(p, "<Information><Document><UserName>smcardle</UserName></Document></Information>"),
        f"{_META}/Information/Document/UserName",
        PersonalKind.PERSON,
        "smcardle",
    ),
    (
        "czi-shown-name",
        lambda p: headers.czi(p, "<Information><User><DisplayName>Timm Ho</DisplayName></User></Information>"),
        f"{_META}/Information/User/DisplayName",
        PersonalKind.PERSON,
        "Timm Ho",
    ),
    *(
        (
            f"czi-document-{name}",
            lambda p, name=name: headers.czi(
                p, f"<Information><Document><{name}>by Jo</{name}></Document></Information>"
            ),
            f"{_META}/Information/Document/{name}",
            PersonalKind.FREE_TEXT,
            "by Jo",
        )
        for name in ("Name", "Title", "Comment", "Description", "Keywords")
    ),
    *(
        (
            f"czi-{name}",
            lambda p, name=name: headers.czi(
                p, rf"<Experiment><AutoSave><{name}>D:\Ruian\2017</{name}></AutoSave></Experiment>"
            ),
            f"{_META}/Experiment/AutoSave/{name}",
            PersonalKind.FOLDER,
            r"D:\Ruian\2017",
        )
        for name in ("StorageFolder", "SingleFileSaveDestinationFolder", "ImagePath")
    ),
    (
        "czi-default",
        lambda p: headers.czi(
            p,
            r'<HardwareSetting><ParameterCollection><ImagePath Default="C:\Users\m1srh\x"/></ParameterCollection>'
            "</HardwareSetting>",
        ),
        f"{_META}/HardwareSetting/ParameterCollection/ImagePath/@Default",
        PersonalKind.FOLDER,
        r"C:\Users\m1srh\x",
    ),
    (
        "czi-escaped",
        lambda p: headers.czi(p, f"<CustomAttributes><AuditTrail>{escape(_AUDIT)}</AuditTrail></CustomAttributes>"),
        f"{_META}/CustomAttributes/AuditTrail/AuditTrail/Rescale/Input",
        PersonalKind.FOLDER,
        _EXPT,
    ),
    (
        "czi-escaped-twice",
        lambda p: headers.czi(p, f'<Device Adcs="{escape(_DEEP)}"/>'),
        f"{_META}/Device/Adcs/Outer/Inner/AuditTrail/Rescale/Input",
        PersonalKind.FOLDER,
        _EXPT,
    ),
    *(
        (
            f"czi-{name}",
            lambda p, name=name: headers.czi(p, f'<HardwareSetting><Device {name}="4647000108"/></HardwareSetting>'),
            f"{_META}/HardwareSetting/Device/@{name}",
            PersonalKind.DEVICE,
            "4647000108",
        )
        for name in ("SerialNumber", "SystemSerialNumber")
    ),
    (
        "lif-path",
        lambda p: headers.lif(p, _LIF),
        "LMSDataContainerHeader/Element/Data/Experiment/@Path",
        PersonalKind.FOLDER,
        "C:\\Users\\J\u00f6rg M\u00fcller\\Project001",
    ),
    (
        "lif-serial",
        lambda p: headers.lif(p, _LIF),
        "LMSDataContainerHeader/Element/Attachment/ATLConfocalSettingDefinition/@SystemSerialNumber",
        PersonalKind.DEVICE,
        "8100000201",
    ),
    (
        "lif-identifier",
        lambda p: headers.lif(p, _LIF),
        "LMSDataContainerHeader/Element/@UniqueID",
        PersonalKind.IDENTIFIER,
        "4630e1c4-e6c1-11e6-af9e-64006a2aec7c",
    ),
    *(
        (
            f"oif-{key}",
            lambda p, key=key, value=value: headers.oif(p, "File Info", {key: value}),
            f"[File Info] {key}",
            kind,
            value,
        )
        for key, kind, value in (
            ("UserName", PersonalKind.PERSON, "LAndrews"),
            ("Path", PersonalKind.FOLDER, "W:\\Andrews, Laura\\July 26th 2012\\"),
            ("UserComment", PersonalKind.FREE_TEXT, "for Laura"),
        )
    ),
    *(
        (
            f"tiff-{tag}-{order}",
            lambda p, tag=tag, order=order, raw=raw: headers.tiff(p, {tag: raw}, order=order),
            f"TIFF tag {tag} {name}",
            kind,
            "Jane Doe",
        )
        for order in "<>"
        for tag, name, kind, raw in (
            (315, "Artist", PersonalKind.PERSON, b"Jane Doe\0"),
            (316, "HostComputer", PersonalKind.HOST, b"Jane Doe\0"),
            (269, "DocumentName", PersonalKind.FREE_TEXT, b"Jane Doe\0"),
            (33432, "Copyright", PersonalKind.PERSON, b"Jane Doe\0"),
            (40093, "XPAuthor", PersonalKind.PERSON, "Jane Doe\0".encode("utf-16-le")),
        )
    ),
    (
        "tiff-exif",
        lambda p: headers.tiff(p, {}, exif={37510: b"ASCII\0\0\0Jane Doe"}),
        "TIFF tag 37510 UserComment",
        PersonalKind.FREE_TEXT,
        "Jane Doe",
    ),
    (
        "tiff-gps",
        lambda p: headers.tiff(p, {}, gps={2: struct.pack("<6I", 48, 1, 8, 1, 14, 1)}),
        "TIFF tag 34853 GPS",
        PersonalKind.PLACE,
        "48 1 8 1 14 1",
    ),
    (
        "tiff-software",
        lambda p: headers.tiff(p, {305: b"made on C:\\Users\\jane\\bin\0"}),
        "TIFF tag 305 Software",
        PersonalKind.FOLDER,
        "C:\\Users\\jane\\bin",
    ),
    (
        "tiff-description",
        lambda p: headers.tiff(p, {270: b"from /home/jdoe/data/a.lsm\0"}),
        "TIFF tag 270 ImageDescription",
        PersonalKind.FOLDER,
        "/home/jdoe/data/a.lsm",
    ),
    (
        "tiff-xmp",
        lambda p: headers.tiff(
            p,
            {
                700: b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                b'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:RDF><r:Description><dc:creator><r:Seq>'
                b"<r:li>Jane Doe</r:li></r:Seq></dc:creator></r:Description></r:RDF></x:xmpmeta>"
            },
        ),
        "TIFF tag 700 XMP/xmpmeta/RDF/Description/creator/Seq/li",
        PersonalKind.PERSON,
        "Jane Doe",
    ),
    *(
        (
            f"imagej-{order}-{kind.name}",
            lambda p, order=order, text=text: headers.tiff(p, headers.imagej(text, order), order=order),
            "TIFF tag 50839 Info",
            kind,
            value,
        )
        for order in "<>"
        for text, kind, value in (
            ("Location = F:\\Testdata_Zeiss\\TIFF\n", PersonalKind.FOLDER, "F:\\Testdata_Zeiss\\TIFF"),
            ("Information|Document|UserName #1 = ruiany\n", PersonalKind.PERSON, "ruiany"),
        )
    ),
    *(
        (
            f"ome-{path}",
            lambda p, xml=xml: headers.tiff(p, {270: f'<OME xmlns="{_OME}">{xml}</OME>\0'.encode()}),
            f"OME/{path}",
            kind,
            value,
        )
        for path, xml, kind, value in (
            ("Experimenter/@UserName", '<Experimenter ID="E:0" UserName="ruiany"/>', PersonalKind.PERSON, "ruiany"),
            ("Experimenter/@LastName", '<Experimenter LastName="Yan"/>', PersonalKind.PERSON, "Yan"),
            ("Experimenter/@Institution", '<Experimenter Institution="Y Lab"/>', PersonalKind.PERSON, "Y Lab"),
            ("Experimenter/@Email", '<Experimenter Email="r.yan@lab.edu"/>', PersonalKind.EMAIL, "r.yan@lab.edu"),
            ("X/@Annotator", '<X Annotator="ruiany"/>', PersonalKind.PERSON, "ruiany"),
            ("Image/StageLabel/@Name", '<Image><StageLabel Name="Jo Doe"/></Image>', PersonalKind.FREE_TEXT, "Jo Doe"),
            (
                "StructuredAnnotations/XMLAnnotation/Value/ImageDocument/UserName",
                "<StructuredAnnotations><XMLAnnotation><Value><ImageDocument><UserName>ruiany</UserName>"
                "</ImageDocument></Value></XMLAnnotation></StructuredAnnotations>",
                PersonalKind.PERSON,
                "ruiany",
            ),
            (
                "A/Value/OriginalMetadata/Value",
                "<A><Value><OriginalMetadata><Key>Information|Document|UserName #1</Key><Value>ruiany</Value>"
                "</OriginalMetadata></Value></A>",
                PersonalKind.PERSON,
                "ruiany",
            ),
        )
    ),
    *(
        (
            f"text-{encoding}-{kind.name}",
            lambda p, encoding=encoding, text=text: _text(p, text, encoding),
            "line 2",
            kind,
            value,
        )
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        for text, kind, value in (
            ("write to j.doe@lab.edu.", PersonalKind.EMAIL, "j.doe@lab.edu"),
            ("Phone: (555) 123-4567", PersonalKind.PHONE, "(555) 123-4567"),
            ("call +44 20 7946 0123 now", PersonalKind.PHONE, "+44 20 7946 0123"),
            ("on \\\\labserver\\jdoe\\raw", PersonalKind.FOLDER, "\\\\labserver\\jdoe\\raw"),
            ("in C:\\Documents and Settings\\jdoe\\x", PersonalKind.FOLDER, "C:\\Documents and Settings\\jdoe\\x"),
            ("at /Users/jdoe/Desktop", PersonalKind.FOLDER, "/Users/jdoe/Desktop"),
            ("see 0000-0002-1825-0097", PersonalKind.ORCID, "0000-0002-1825-0097"),
            ("MRN 1234567", PersonalKind.SUBJECT, "MRN 1234567"),
            ("DOB: 1970-01-31", PersonalKind.SUBJECT, "DOB: 1970-01-31"),
        )
    ),
]


def _text(path: Path, line: str, encoding: str) -> Path:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path.write_bytes(mark + f"Title of the data set\n{line}\n".encode(encoding))
    return path


def _extension(name: str) -> str:
    kind = name.partition("-")[0]
    return {"imagej": "tif", "ome": "ome.tif", "tiff": "tif", "text": "txt"}.get(kind, kind)


@pytest.mark.parametrize(("name", "maker", "where", "kind", "value"), CASES, ids=[case[0] for case in CASES])
def test_every_known_place_is_found(
    tmp_path: Path, name: str, maker: Maker, where: str, kind: PersonalKind, value: str
) -> None:
    """The field, its kind and its value; and the masked value does not tell it."""
    path = maker(tmp_path / f"a.{_extension(name)}")
    before = path.read_bytes()
    search = search_file(path)
    assert search.problem is None
    found = {(one.where, one.kind): one for one in search.fields}
    assert (where, kind) in found, sorted(found)
    assert found[where, kind].value == value
    assert value not in found[where, kind].masked
    assert value not in repr(found[where, kind])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "maker",
    [
        lambda p: headers.czi(p, "<Information><Document><UserName> </UserName><Title/></Document></Information>"),
        lambda p: headers.czi(p, '<CameraDisplayName>C 2</CameraDisplayName><Folder>A</Folder><A SerialNumber="0"/>'),
        lambda p: headers.czi(p, r"<A>C:\Program Files\Carl Zeiss\ZEN</A><B>http://example.org/home/x</B><C>a@2x.png</C>"),
        lambda p: headers.lif(p, '<LMSDataContainerHeader><Element UserSettingName="S6"/></LMSDataContainerHeader>'),
        lambda p: headers.oif(p, "File Info", {"Path": ".\\", "FileType": "GrayScale"}),
        lambda p: headers.tiff(p, {305: b"OME Bio-Formats 6.5.0\0", 270: b"ImageJ=1.53\nunit=um\n\0", 315: b"\0\0"}),
        lambda p: headers.tiff(p, headers.imagej("Author = unknown\nm_sUserName = Custom\nCameraUserName=x\n", "<")),
        lambda p: headers.tiff(p, {270: _MADE_BY_PROGRAMS}),
    ],
)  # fmt: skip
def test_what_tells_nothing_of_a_person_is_not_reported(tmp_path: Path, maker: Maker) -> None:
    """Placeholders, programs, and names of lenses, filters and cameras."""
    assert search_file(maker(tmp_path / "a.tif")).fields == ()


def test_the_attachments_of_a_czi_are_searched(tmp_path: Path) -> None:
    """An event list in the middle of a large file, with text in UTF-16; a directory elsewhere is left alone."""
    path = headers.czi(tmp_path / "a.czi", "<Information/>")
    content = bytearray(path.read_bytes() + b"\1" * (3 << 20))
    event = r"saved as \\labserver\jdoe\a.czi".encode("utf-16-le")
    attached, directory = len(content), len(content) + 32 + 256 + len(event)
    content += struct.pack("<16sqq", b"ZISRAWATTACH", 256 + len(event), 256 + len(event))
    content += struct.pack("<i", len(event)).ljust(256, b"\0") + event
    entry = struct.pack("<2s10sqi16s8s80s", b"A1", b"", attached, 0, b"", b"CZEVL", b"EventList")
    content += struct.pack("<16sqq", b"ZISRAWATTDIR", 384, 384) + struct.pack("<i", 1).ljust(256, b"\0") + entry
    struct.pack_into("<q", content, 104, directory)
    path.write_bytes(content + b"\1" * (2 << 20))
    (one,) = search_file(path).fields
    assert one.where.startswith("attachment EventList, byte")
    assert (one.kind, one.value) == (PersonalKind.FOLDER, r"\\labserver\jdoe\a.czi")
    for position in (1, -5, 1 << 60):
        struct.pack_into("<q", content, 104, position)
        path.write_bytes(content + b"\1" * (2 << 20))
        assert search_file(path).fields == ()


def test_the_notes_and_the_user_of_an_lsm_are_found(tmp_path: Path) -> None:
    """The same text under the number of the notes, and of the user (0x10000047)."""
    path = make.lsm(tmp_path / "a.lsm")
    assert "ScanInformation/Notes" in {one.where for one in search_file(path).fields}
    content = path.read_bytes()
    assert content.count(struct.pack("<I", 0x10000004)) == 1
    path.write_bytes(content.replace(struct.pack("<I", 0x10000004), struct.pack("<I", 0x10000047)))
    found = {one.where: one.kind for one in search_file(path).fields}
    assert found["ScanInformation/User"] is PersonalKind.PERSON


_ND2_TEXTS = {
    "author": "Jane Doe", "sampleId": "mouse of Jane", "group": "Doe lab", "location": "Room 5",
    "conclusion": "good", "description": "Camera Name: Fusion, SN:500651", "date": "1/1/2020", "capturing": "A1",
}  # fmt: skip


class _Nd2:
    """What the nd2 library shows of a file."""

    is_legacy = False

    def __init__(self, path: Path) -> None:
        self.text_info = _ND2_TEXTS
        self.custom_data = {"AppInfo": {"Where": r"C:\Users\jane\x", "UserName": "my filter"}}
        chunks = (b"ImageMetadataSeqLV|0!", b"ImageMetadataSeqLV|1!", b"CustomData|X!")
        self._rdr = SimpleNamespace(chunkmap=dict.fromkeys(chunks, 0))

    def __enter__(self) -> "_Nd2":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def unstructured_metadata(self, *, strip_prefix: bool, include: set[str]) -> dict[str, Any]:
        assert include == {"ImageMetadataSeqLV|0"}
        assert not strip_prefix
        planes = [{"a0": {"pCameraSetting": {"CameraUserName": "Fusion, SN:500651"}}, "m_sUserName": "GFP"}]
        return {"ImageMetadataSeqLV|0": {"sSampleSetting": planes}}


def test_the_texts_of_an_nd2_are_found_and_the_names_of_its_filters_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Author and free text, serial numbers within text, and the false positive m_sUserName."""
    monkeypatch.setattr("nd2.ND2File", _Nd2)
    path = tmp_path / "a.nd2"
    path.write_bytes(b"\0" * 40)
    found = {(one.where, one.kind.name) for one in search_file(path, FORMATS["nd2"]).fields}
    assert found == {
        ("text_info/author", "PERSON"),
        *((f"text_info/{name}", "FREE_TEXT") for name in ("sampleId", "group", "location", "conclusion")),
        ("text_info/description", "DEVICE"),
        ("ImageMetadataSeqLV|0/sSampleSetting/pCameraSetting/CameraUserName", "DEVICE"),
        ("CustomData/AppInfo/Where", "FOLDER"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [1, 2, 5_000_001])
def test_the_bytes_of_any_file_are_searched_at_both_ends(tmp_path: Path, encoding: str, before: int) -> None:
    """In each encoding, at even and odd places, before and behind more than a megabyte of something else."""
    text = r"saved by jane.doe@lab.edu in C:\Users\janedoe\data as <UserName>janed</UserName>"
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x01" * before + text.encode(encoding) + b"\x01")
    found = {(one.kind, one.value) for one in search_file(path).fields}
    assert (PersonalKind.EMAIL, "jane.doe@lab.edu") in found
    assert any(kind is PersonalKind.FOLDER and value.startswith(r"C:\Users\janedoe\data") for kind, value in found)
    assert (PersonalKind.PERSON, "janed") in found
    assert {one.where.partition("(")[2] for one in search_file(path).fields} == {f"{encoding.upper()})"}


@pytest.mark.parametrize("content", [b"", b"x", b"x\0", b"\0x\0", b"\0" * 5000])
def test_a_file_of_next_to_nothing_holds_nothing(content: bytes) -> None:
    """Of no byte, of one, of zeros."""
    assert list(fields_in_bytes(content)) == []


def test_chance_makes_no_personal_data() -> None:
    """Ten megabytes of compressed pixels."""
    import numpy as np

    content = np.random.default_rng(3).integers(0, 256, 10 << 20, dtype=np.uint8).tobytes()
    assert list(fields_in_bytes(content)) == []


@pytest.mark.parametrize(
    "text",
    [
        "not an ORCID: 0000-0002-1825-0098", "10.1000/home/x", "user@host", "p < 0.05, n = 12", "a:b\\c", "s\\d+/n: x",
        "1.5e+03 2.0 +12.5", "12 34 56 78 90 12", "SN: none", "serial: abc", "patients were imaged", "Mobile phase",
        "\\\\ alpha \\beta", "https://example.org/Users/docs",
    ],
)  # fmt: skip
def test_ordinary_text_is_not_personal(text: str) -> None:
    """What a readme or table is full of."""
    assert [*detect(text), *detect_contacts(text), *detect_subjects(text)] == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("smcardle", "s*******"),
        ("J", "*"),
        ("D:\\Ruian\\2017", "D:\\R****\\2***"),
        ("\\\\host\\share", "\\\\h***\\s****"),
        ("/home/jdoe", "/h***/j***"),
        ("Andrews, Laura", "A*************"),
    ],
)
def test_a_masked_value_shows_its_first_letter_and_length(value: str, shown: str) -> None:
    """Of a path, of each of its folders."""
    assert mask(value) == shown


def test_a_long_masked_value_is_cut_off() -> None:
    """And its length is said."""
    assert mask("x" * 500).endswith("(500 characters)")
    assert len(mask("x" * 500)) < 100


def test_hostile_xml_is_a_problem_and_not_a_disaster(tmp_path: Path) -> None:
    """Entities are refused; what the bytes show is found all the same."""
    xml = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x><UserName>janedoe</UserName>&a;</x>'
    search = search_file(headers.lif(tmp_path / "a.lif", xml))
    assert search.problem is not None
    assert [(one.kind, one.value) for one in search.fields] == [(PersonalKind.PERSON, "janedoe")]


def test_who_is_signed_in_to_a_leica_is_found_and_nobody_is_not() -> None:
    """LAS X writes a word of its own where its users do not sign in."""
    template = '<ATLCameraSettingDefinition UserManagementUserName="{}"/>'
    found = list(fields_in_xml(template.format("jmueller")))
    assert [(one.kind, one.value) for one in found] == [(PersonalKind.PERSON, "jmueller")]
    assert list(fields_in_xml(template.format("UserManagementFeatureInactive"))) == []


def test_xml_within_xml_ends_somewhere() -> None:
    """However often it is escaped."""
    xml = "<a>C:\\Users\\jane\\x</a>"
    for _ in range(9):
        xml = f"<a>{escape(xml)}</a>"
    assert next(one.kind for one in fields_in_xml(xml)) is PersonalKind.FOLDER


def test_a_packed_file_says_that_it_was_not_looked_into(tmp_path: Path) -> None:
    """An archive may hold anything."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("notes.txt", "x")
    assert "not looked into" in str(search_file(tmp_path / "a.zip").problem)
