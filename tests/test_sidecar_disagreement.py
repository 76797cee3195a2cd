"""`validate` notices when a sidecar and its file disagree in anything the file records, though the manifests agree."""

import re
from pathlib import Path

import pytest

from confocal_bag.findings import Severity, Verdict
from confocal_bag.validate import validate_bag
from tests.test_validate import rewrite_manifests

_RAW = "data/metadata/ome/raw"


def _change(bag: Path, old: str, new: str) -> None:
    """Change the first place in the sidecar of the bag's LSM file, and have the manifests agree."""
    (sidecar,) = (bag / _RAW).rglob("*.lsm.ome.xml")
    text = sidecar.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text, f"the sidecar does not hold {old}"
    sidecar.write_text(changed, encoding="utf-8")
    rewrite_manifests(bag)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r' Name="\w+"', ' Name="other"'),
        (r'SizeX="\d+"', 'SizeX="7"'),
        (r'SizeZ="\d+"', 'SizeZ="700"'),
        (r'PhysicalSizeX="[\d.]+"', 'PhysicalSizeX="0.19"'),
        (r'PhysicalSizeZ="[\d.]+"', 'PhysicalSizeZ="5"'),
        (r' PhysicalSizeY="[\d.]+"', ""),
        (r'Type="uint16"', 'Type="int16"'),
        (r'SignificantBits="12"', 'SignificantBits="16"'),
        (r'LensNA="1.4"', 'LensNA="1.2"'),
        (r'NominalMagnification="63.0"', 'NominalMagnification="40"'),
        (r'Immersion="Oil"', 'Immersion="Water"'),
        (r'Objective Model="[^"]+"', 'Objective Model="other"'),
        (r'(<Laser ID="[^"]+") Wavelength="405.0"', r'\1 Wavelength="355"'),
        (r'(<LightSourceSettings ID="[^"]+") Wavelength="405.0"', r'\1 Wavelength="355"'),
        (r'Detector Model="Pmt1"', 'Detector Model="HyD"'),
        (r'Voltage="650.0"', 'Voltage="800"'),
        (r'Zoom="2.0"', 'Zoom="4"'),
        (r'PinholeSize="48.9"', 'PinholeSize="98"'),
        (r'ExcitationWavelength="405.0"', 'ExcitationWavelength="488"'),
        (r'Fluor="DAPI"', 'Fluor="Hoechst"'),
        (r'Color="65535"', 'Color="16711935"'),
        (r'AcquisitionMode="\w+"', 'AcquisitionMode="WideField"'),
        (r"<AcquisitionDate>2019", "<AcquisitionDate>2018"),
        (r'(K="Plane.PixelDwellTime">)1.02', r"\g<1>2.04"),
        (r'(K="Laser lines">)405 nm', r"\g<1>355 nm"),
        (r'(K="ConfocalScannerSettings.IntegrationNumber">)4', r"\g<1>8"),
    ],
)
def test_each_kind_of_fact_is_held_against_the_file(bag: Path, old: str, new: str) -> None:
    """Changed or taken out, one at a time: the bag is invalid, and the finding names the file."""
    _change(bag, old, new)
    report = validate_bag(bag)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    assert report.verdict is Verdict.INVALID
    assert {finding.rule for finding in errors} <= {"image.sidecar-contradicts", "image.sidecar-invalid"}
    assert any(".lsm" in (finding.path or "") for finding in errors)


def _of_another_version(bag: Path) -> None:
    _change(bag, r'Creator="[^"]+"', 'Creator="confocal-bag 0.0.9"')


def _with_another_objective(bag: Path) -> None:
    _change(bag, r'LensNA="1.4"', 'LensNA="1.2"')


def test_a_sidecar_of_another_version_is_only_warned_of(bag: Path) -> None:
    """It may have read the header otherwise, and nobody changed anything."""
    _of_another_version(bag)
    assert validate_bag(bag).verdict is Verdict.VALID
    _with_another_objective(bag)
    report = validate_bag(bag)
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    (finding,) = [one for one in report.findings if one.severity is Severity.WARNING]
    assert finding.rule == "image.sidecar-contradicts"
    assert "LensNA 1.2; the file has 1.4" in finding.message


def test_what_no_header_records_is_not_held_against_it(bag: Path) -> None:
    """What the depositor says is nowhere in the file."""
    _change(bag, "Mus musculus", "Rattus rattus")
    assert validate_bag(bag).verdict is Verdict.VALID
