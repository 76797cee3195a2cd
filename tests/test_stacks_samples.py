"""Real sequences become one OME-TIFF whose planes are those of the files, byte by byte."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.deposit.sequences import find_sequences
from confocal_bag.findings import Severity
from confocal_bag.stacks import StackMode
from confocal_bag.validate import validate_bag

SAMPLES = Path(__file__).parents[1].parent / "shared/samples/seq"

#: The folder of each, the axes in the order of the pages, and their sizes.
SEQUENCES = {"bdp2_planes": ("T", "Z", "C"), "mitocheck": ("T", "Z", "W")}


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_real_sequence_compiles_to_planes_that_equal_its_files(tmp_path: Path, name: str) -> None:
    """Each page holds the bytes that the file of that place has, read without this program; the bag proves it again."""
    if not (SAMPLES / name).is_dir():
        pytest.skip("the folder of real sequences is not beside this checkout")
    result = build_bag(SAMPLES / name, tmp_path / "bag", BuildOptions(draft=True, stacks=StackMode.BOTH))
    assert result.bag is not None
    (compiled,) = (result.bag / "data").rglob("*.ome.tiff")
    (sequence,) = find_sequences(path.name for path in (SAMPLES / name).iterdir()).sequences
    files = sorted(
        sequence.files,
        key=lambda file: [file.coordinates[axis] for axis in SEQUENCES[name]],
    )
    with tifffile.TiffFile(compiled) as tiff:
        pages = [page.asarray() for page in tiff.pages]
    assert len(pages) == len(files) == 6
    for page, file in zip(pages, files, strict=True):
        expected = tifffile.imread(SAMPLES / name / file.path)
        assert (page.dtype, page.shape, page.tobytes()) == (expected.dtype, expected.shape, expected.tobytes())
        assert np.any(expected)
    report = validate_bag(result.bag, pixels=True)
    assert [finding for finding in report.findings if finding.severity is Severity.ERROR] == []
    assert report.summary["pixels_read"] is True
