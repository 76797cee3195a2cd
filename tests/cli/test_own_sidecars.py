"""OME-XML that came with a deposit is metadata in its bag, and nobody's sidecar."""

from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.findings import Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.recording import Ran

OME = '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"/>'


@pytest.mark.slow
def test_a_bag_with_the_depositors_own_ome_xml_is_valid(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Beside its image, and in a folder called like that of the bag's sidecars."""
    deposit = make.demo_deposit(tmp_path / "deposit")
    (deposit / "ome").mkdir()
    for name in ("fibroblasts.ome.xml", "ome/fibroblasts.ome.xml"):
        (deposit / name).write_text(OME)
    ran = run("build", deposit, tmp_path / "bag")
    assert ran.code == 0, ran.err
    found = {path.relative_to(tmp_path / "bag").as_posix() for path in (tmp_path / "bag").rglob("fibroblasts.ome.xml")}
    assert found == {
        "data/metadata/fibroblasts.ome.xml",
        "data/metadata/depositor/ome/fibroblasts.ome.xml",
    }
    assert validate_bag(tmp_path / "bag").verdict is Verdict.VALID
