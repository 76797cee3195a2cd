"""Bag in, verdict out."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from confocal_bag.findings import Outcome, Severity, Verdict
from confocal_bag.validate import Depth, validate_bag
from tests import make


def rewrite_manifests(bag: Path) -> None:
    """Make every manifest agree with the files again, as somebody would who hides a change."""
    for prefix, files in (("manifest", payload(bag)), ("tagmanifest", tag_files(bag))):
        for algorithm in ("sha256", "sha512"):
            lines = [
                f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n" for path in files
            ]
            (bag / f"{prefix}-{algorithm}.txt").write_text("".join(lines))
    info = (bag / "bag-info.txt").read_text().splitlines()
    sizes = [path.stat().st_size for path in payload(bag)]
    oxum = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}"
    (bag / "bag-info.txt").write_text(
        "\n".join(oxum if line.startswith("Payload-Oxum") else line for line in info) + "\n"
    )
    for algorithm in ("sha256", "sha512"):
        lines = [
            f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n"
            for path in tag_files(bag)
        ]
        (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines))


def payload(bag: Path) -> list[Path]:
    """The payload files."""
    return sorted(path for path in (bag / "data").rglob("*") if path.is_file())


def tag_files(bag: Path) -> Iterator[Path]:
    """The files that tag manifests list."""
    return (path for path in sorted(bag.iterdir()) if path.is_file() and not path.name.startswith("tagmanifest"))


def rules(report_findings: object) -> set[str]:
    """The rules of the findings."""
    return {finding.rule for finding in report_findings}  # type: ignore[attr-defined]


def test_validation_changes_nothing(bag: Path) -> None:
    """Not a byte, not a time."""
    before = make.snapshot(bag)
    validate_bag(bag, pixels=True)
    assert make.snapshot(bag) == before


@pytest.mark.slow
def test_one_flipped_byte_anywhere_is_found_and_named(bag: Path) -> None:
    """In every file of the bag, payload and tag files alike."""
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    for path in files:
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :])
        report = validate_bag(bag)
        path.write_bytes(content)
        name = str(path.relative_to(bag))
        assert report.verdict is Verdict.INVALID, name
        named = [finding for finding in report.findings if name in (finding.path or "") or name in finding.message]
        assert named, f"{name}: {report.findings}"
    assert validate_bag(bag).verdict is Verdict.VALID


def test_a_changed_pixel_is_found_although_the_manifests_agree(bag: Path) -> None:
    """--pixels names the file and the plane; without it nobody could know."""
    import tifffile

    target = bag / "data/transformed/fibroblasts.lsm.ome.tiff"
    with tifffile.TiffFile(target) as tiff:
        offset = tiff.pages[5].dataoffsets[0]
    with target.open("r+b") as stream:
        stream.seek(offset + 100)
        byte = stream.read(1)[0]
        stream.seek(offset + 100)
        stream.write(bytes([byte ^ 1]))
    rewrite_manifests(bag)
    assert validate_bag(bag).verdict is Verdict.VALID
    report = validate_bag(bag, pixels=True)
    (finding,) = report.findings
    assert finding.rule == "image.planes-differ"
    assert finding.path == "data/transformed/fibroblasts.lsm.ome.tiff"
    assert finding.detail["plane"] == 5
    assert finding.detail["coordinates"]["Z"] == 2
    assert finding.detail["coordinates"]["C"] == 1


def test_a_file_outside_the_tiers_is_an_error(bag: Path) -> None:
    """The payload has five folders and a crate, nothing else."""
    (bag / "data/extra").mkdir()
    (bag / "data/extra/x.txt").write_text("x")
    (bag / "data/ro-crate-metadata.json").write_text("{}")
    rewrite_manifests(bag)
    report = validate_bag(bag)
    outside = [finding.path for finding in report.findings if finding.rule == "tier.outside"]
    assert outside == ["data/extra/x.txt"]


def test_a_bag_without_its_readme_is_invalid(bag: Path) -> None:
    """The primer asks for a readme at every level."""
    shutil.rmtree(bag / "data/readme")
    rewrite_manifests(bag)
    assert "tier.no-readme" in rules(validate_bag(bag).findings)


def test_a_raw_image_without_an_equal_copy_is_noticed(bag: Path) -> None:
    """The copy is recognised by its planes, so a renamed one still counts."""
    converted = bag / "data/transformed/fibroblasts.lsm.ome.tiff"
    sidecar = bag / "data/metadata/ome/transformed/fibroblasts.lsm.ome.tiff.ome.xml"
    converted.rename(converted.with_name("other.ome.tiff"))
    sidecar.rename(sidecar.with_name("other.ome.tiff.ome.xml"))
    rewrite_manifests(bag)
    assert "tier.not-transformed" not in rules(validate_bag(bag).findings)
    converted.with_name("other.ome.tiff").unlink()
    sidecar.with_name("other.ome.tiff.ome.xml").unlink()
    rewrite_manifests(bag)
    assert "tier.not-transformed" in rules(validate_bag(bag).findings)


def test_an_image_without_a_sidecar_is_noticed(bag: Path) -> None:
    """Every image this program can read has one when the bag is packed."""
    (bag / "data/metadata/ome/processed/MAX_fibroblasts.tif.ome.xml").unlink()
    rewrite_manifests(bag)
    assert "image.sidecar-missing" in rules(validate_bag(bag).findings)


def test_a_sidecar_without_its_image_is_an_error(bag: Path) -> None:
    """It would describe nothing."""
    (bag / "data/processed/MAX_fibroblasts.tif").unlink()
    rewrite_manifests(bag)
    assert "image.sidecar-orphan" in rules(validate_bag(bag).findings)


def test_a_sidecar_that_is_not_ome_xml_is_an_error(bag: Path) -> None:
    """Also when it tries to draw on the machine that reads it."""
    sidecar = bag / "data/metadata/ome/processed/MAX_fibroblasts.tif.ome.xml"
    sidecar.write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><OME>&x;</OME>')
    rewrite_manifests(bag)
    findings = validate_bag(bag).findings
    assert "image.sidecar-invalid" in rules(findings)
    assert not any("root:" in finding.message for finding in findings)


def test_a_sidecar_that_contradicts_its_image_is_an_error(bag: Path) -> None:
    """Sizes, type, channels and pixel size are compared with the file itself."""
    sidecar = bag / "data/metadata/ome/processed/MAX_fibroblasts.tif.ome.xml"
    sidecar.write_text(sidecar.read_text().replace('PhysicalSizeX="0.09', 'PhysicalSizeX="0.19'))
    rewrite_manifests(bag)
    (finding,) = [one for one in validate_bag(bag).findings if one.severity is Severity.ERROR]
    assert finding.rule == "image.sidecar-contradicts"
    assert "MAX_fibroblasts.tif" in finding.message


def test_what_was_not_looked_at_is_said(bag: Path) -> None:
    """No finding never means not looked at."""
    report = validate_bag(bag, depth=Depth.FAST)
    outcomes = {check.rule: check.outcome for check in report.checks}
    assert outcomes["image.sidecar-contradicts"] is Outcome.SKIPPED
    assert outcomes["image.planes-differ"] is Outcome.SKIPPED
    assert report.summary["depth"] == "fast"


def test_a_bag_that_claims_no_profile_is_judged_as_bagit_alone(tmp_path: Path) -> None:
    """Archives receive other people's bags too."""
    from confocal_bag.bag.writing.writer import BagWriter

    with BagWriter(tmp_path / "plain") as writer:
        writer.write("data/hello.txt", b"hello\n")
        writer.seal([("Source-Organization", "Somebody")])
    report = validate_bag(tmp_path / "plain")
    assert report.verdict is Verdict.VALID
    assert not any(check.rule.startswith("tier.") for check in report.checks)
    asked = validate_bag(tmp_path / "plain", profiles=["confocal-minimum"])
    assert asked.verdict is Verdict.INVALID
