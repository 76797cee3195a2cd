"""Personal data in a deposit: a good case and a bad case for each rule, who may be named, and that nothing is told."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.privacy import check_privacy, search_deposit
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import Finding, Outcome, Severity
from tests import make
from tests.image import headers
from tests.recording import Ran

Spoil = Callable[[Path], object]

_USER = "<Information><Document><UserName>smcardle</UserName></Document></Information>"


def judged(folder: Path, description: str = "title: x\n") -> tuple[dict[str, Outcome], list[Finding]]:
    """What the rules say of a folder that is described so."""
    deposit = open_deposit(folder)
    inventory = take_inventory(deposit)
    said = read_description(description).description
    checks, findings = check_privacy(inventory, search_deposit(deposit, inventory), said)
    return {check.rule: check.outcome for check in checks}, findings


def findings(folder: Path, description: str = "title: x\n") -> list[Finding]:
    """The findings, but for the notes of the synthetic LSM."""
    return [one for one in judged(folder, description)[1] if one.path != "cells.lsm"]


def archive(folder: Path) -> None:
    """A zip file within the deposit that holds what cannot be searched."""
    with zipfile.ZipFile(folder / "more.zip", "w") as packed:
        packed.writestr("x.pdf", "%PDF-1.4 x")


#: the rule, one file that breaks it, the severity, the path it must name
CASES: list[tuple[str, Spoil, Severity, str]] = [
    ("privacy.person", lambda f: headers.czi(f / "a.czi", _USER), Severity.WARNING, "a.czi"),
    ("privacy.contact", lambda f: (f / "r.txt").write_text("mail jo@lab.edu"), Severity.WARNING, "r.txt"),
    ("privacy.folder", lambda f: (f / "r.txt").write_text("C:\\Users\\jo\\x"), Severity.ADVICE, "r.txt"),
    ("privacy.device", lambda f: headers.czi(f / "a.czi", '<D SerialNumber="471"/>'), Severity.INFO, "a.czi"),
    ("privacy.place", lambda f: headers.tiff(f / "a.tif", {}, gps={2: b"\1" * 24}), Severity.ADVICE, "a.tif"),
    ("privacy.free-text", lambda f: headers.tiff(f / "a.tif", {269: b"by Jane\0"}), Severity.INFO, "a.tif"),
    ("privacy.human-subject", lambda f: (f / "MRN1234_a.txt").write_text("x"), Severity.WARNING, "MRN1234_a.txt"),
    ("privacy.human-subject", lambda f: (f / "t.csv").write_text("id\npatient id 123456"), Severity.WARNING, "t.csv"),
    ("privacy.name", lambda f: headers.czi(f / "day2 smcardle.czi", _USER), Severity.WARNING, "day2 smcardle.czi"),
    (
        "privacy.dicom",
        lambda f: (f / "a.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 9),
        Severity.WARNING,
        "a.dcm",
    ),
    ("privacy.not-searched", archive, Severity.INFO, "more.zip"),
]


@pytest.mark.parametrize(("rule", "spoil", "severity", "path"), CASES, ids=[f"{c[0]}-{c[3]}" for c in CASES])
def test_each_rule_finds_its_case(tmp_path: Path, rule: str, spoil: Spoil, severity: Severity, path: str) -> None:
    """One file that breaks it, in a deposit that is fine without."""
    folder = make.small_deposit(tmp_path / "d")
    assert findings(folder) == []
    (folder / "cells.lsm").unlink()
    assert judged(folder)[0][rule] is Outcome.PASSED
    spoil(folder)
    outcomes, _ = judged(folder)
    assert outcomes[rule] is Outcome.FAILED
    assert (rule, severity, path) in {(one.rule, one.severity, one.path) for one in findings(folder)}


@pytest.mark.parametrize(
    "creator",
    [
        "{given: Sara, family: McArdle}",
        "{name: Sara McArdle}",
        '{name: "McArdle, Sara"}',
        "{given: Sara, family: McArdle, email: s.m@lab.edu}",
        "{name: x, email: smcardle@lab.edu}",
        "{given: Sara Jane, family: M\u00e7Ardle}",
    ],
)
def test_creators_may_be_named(tmp_path: Path, creator: str) -> None:
    """A login that is made of a creator's name, and a folder of that login, are expected."""
    folder = tmp_path / "d"
    folder.mkdir()
    headers.czi(folder / "a.czi", _USER + r"<StorageFolder>C:\Users\smcardle\x</StorageFolder>")
    assert {one.rule for one in findings(folder)} == {"privacy.person", "privacy.folder"}
    assert findings(folder, f"creators: [{creator}]\n") == []
    assert findings(folder, f"contributors: [{creator}]\n") == []
    assert len(findings(folder, "creators: [{given: Ann, family: Other, email: a@lab.edu}]\n")) == 2


def test_an_address_is_allowed_as_it_is_written(tmp_path: Path) -> None:
    """That of a creator, and of nobody else."""
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "readme.txt").write_text("Write to Jane.Doe@lab.edu or to sam@lab.edu", encoding="utf-8")
    (one,) = findings(folder, "creators: [{name: Jane Doe, email: jane.doe@lab.edu}]\n")
    assert one.rule == "privacy.contact"
    assert [field["masked"] for field in one.detail["fields"]] == ["s**********"]


def test_what_is_known_of_patients_depends_on_what_is_said(tmp_path: Path) -> None:
    """An error where people were imaged, until it is said what protects them; a contradiction where none were."""
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "MRN1234_a.txt").write_text("x")
    (folder / "2020-05-01 b.txt").write_text("x")
    said = "privacy: {human_subjects: true%s}\n"
    seen = {one.path: one.severity for one in findings(folder, said % "")}
    assert seen == {"MRN1234_a.txt": Severity.ERROR, "2020-05-01 b.txt": Severity.WARNING}
    protected = findings(folder, said % ', notes: "all consented to open sharing, protocol 12"')
    assert {one.severity for one in protected} == {Severity.WARNING}
    (denied,) = findings(folder, "privacy: {human_subjects: false}\n")
    assert (denied.path, denied.severity) == ("MRN1234_a.txt", Severity.WARNING)
    assert {one.severity for one in findings(folder, said % ", notes: ok") if one.path != "2020-05-01 b.txt"} == {
        Severity.ERROR
    }
    assert [one.path for one in findings(folder)] == ["MRN1234_a.txt"]


def test_years_in_file_names_are_asked_about_where_people_were_imaged(tmp_path: Path) -> None:
    """Nobody can know a name in a file name; a year beside words may be that of a birth."""
    folder = tmp_path / "d"
    folder.mkdir()
    for name in ("Mueller_Hans_1956_biopsy.txt", "z2019_a.txt", "cells_2019.txt", "488_1999nm.txt", "run_1956-04.txt"):
        (folder / name).write_text("x")
    asked = findings(folder, "privacy: {human_subjects: true, notes: All consented to open sharing}\n")
    assert [(one.path, one.severity) for one in asked] == [("Mueller_Hans_1956_biopsy.txt", Severity.WARNING)]
    assert findings(folder) == []


def test_a_finding_gives_the_fields_and_masks_the_values(tmp_path: Path) -> None:
    """Paths of the fields in full, of the values the first letter and the length."""
    folder = tmp_path / "d"
    folder.mkdir()
    headers.czi(folder / "a.czi", _USER)
    (one,) = findings(folder)
    where = "ImageDocument/Metadata/Information/Document/UserName"
    assert f"{where} (s*******)" in one.message
    assert one.detail["fields"] == [
        {"field": where, "kind": "name or login of a person", "masked": "s*******", "length": 8}
    ]


_SECRETS = ("smcardle", "janedoe", "jane.doe@lab.edu", "4647000108", "CROKER", "Doe, Jane", "ruiany")


def _deposit(folder: Path) -> Path:
    """Personal data of every kind, in headers of files that are converted and in others."""
    make.small_deposit(folder)
    audit = r"&lt;AuditTrail&gt;&lt;Input&gt;Z:\CROKER\EXPT3\a.czi&lt;/Input&gt;&lt;/AuditTrail&gt;"
    device = '<HardwareSetting><Device SerialNumber="4647000108"/></HardwareSetting>'
    headers.czi(folder / "a.czi", f"{_USER}<AuditTrail>{audit}</AuditTrail>{device}")
    headers.oif(folder / "b.oif", "File Info", {"UserName": "janedoe", "Path": "W:\\Doe, Jane\\x\\"})
    headers.tiff(folder / "c.tif", headers.imagej("Information|Document|UserName #1 = ruiany\n", ">"), order=">")
    (folder / "d.csv").write_text("cell,who\n1,jane.doe@lab.edu\n", encoding="utf-8")
    return folder


def test_no_report_tells_a_value(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """As text and in every other form."""
    folder = _deposit(tmp_path / "d")
    for form in ("text", "json", "jsonl", "csv", "junit"):
        ran = run("inspect", folder, "--format", form)
        assert "privacy.person" in ran.out
        assert [secret for secret in _SECRETS if secret in ran.out + ran.err] == [], form


def test_a_bag_tells_values_in_the_files_it_was_given_only(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Readme, metadata, sidecars, converted copies and tag files have none; raw files are as they came."""
    folder, bag = _deposit(tmp_path / "d"), tmp_path / "bag"
    before = make.snapshot(folder)
    run("build", folder, bag, "--draft")
    given = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    told, copies = [], 0
    for path in bag.rglob("*"):
        if path.is_file() and path.name not in {Path(name).name for name in given}:
            content = path.read_bytes()
            told += [
                (path.name, one)
                for one in _SECRETS
                for code in ("utf-8", "utf-16-le", "utf-16-be")
                if one.encode(code) in content
            ]
            copies += path.name.endswith(".ome.tiff")
    assert told == []
    assert copies >= 2
    assert (bag / "data/raw/a.czi").read_bytes() == (folder / "a.czi").read_bytes()
    assert make.snapshot(folder) == before
    found = json.loads((bag / "data/metadata/findings.json").read_text(encoding="utf-8"))
    assert "privacy.person" in {one["rule"] for one in found["findings"]}
