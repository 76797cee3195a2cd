"""Planes are counted by the file's own directory, and a file that cannot hold what it lists is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image.count import count_planes, count_series
from confocal_bag.image.formats import identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oif import write_oif


def counted(path: Path) -> int | None:
    """The planes of a file of whatever format."""
    return count_planes(path, identify(path))


def cut(path: Path, share: float) -> Path:
    """A copy of the file that ends early."""
    short = path.with_name(f"cut-{path.name}")
    content = path.read_bytes()
    short.write_bytes(content[: int(len(content) * share)])
    return short


def make_all(folder: Path) -> dict[Path, int]:
    """One small file of each format and the number of its planes."""
    pixels = np.arange(6 * 24 * 20, dtype=np.uint16).reshape(6, 24, 20)
    tifffile.imwrite(folder / "ij.tif", pixels, imagej=True, metadata={"axes": "ZYX"})
    tifffile.imwrite(folder / "x.ome.tif", pixels.reshape(3, 2, 24, 20), metadata={"axes": "ZCYX"})
    tifffile.imwrite(folder / "plain.tif", pixels, metadata=None)
    write_lsm(folder / "x.lsm", cell_stack(planes=3, size=32))
    write_czi(folder / "x.czi", [({"C": c, "Z": z}, pixels[c * 3 + z]) for c in range(2) for z in range(3)])
    write_lif(folder / "x.lif", [LifImage("a", "ZCYX", pixels.reshape(3, 2, 24, 20))])
    return {folder / name: 6 for name in ("ij.tif", "x.ome.tif", "plain.tif", "x.lsm", "x.czi", "x.lif")}


def test_each_format_counts_its_planes(tmp_path: Path) -> None:
    """Thumbnails of an LSM are no planes; each channel is one."""
    for path, planes in make_all(tmp_path).items():
        assert counted(path) == planes, path.name


@pytest.mark.parametrize("share", [0.98, 0.6, 0.3])
def test_a_file_that_was_cut_is_refused(tmp_path: Path, share: float) -> None:
    """A copy that ends early is told by its own directory, and the sentence says what to do."""
    for path in make_all(tmp_path):
        with pytest.raises(CannotFinish, match="complete copy"):
            counted(cut(path, share))


def test_a_page_cut_inside_its_pixels_is_refused(tmp_path: Path) -> None:
    """The directory is whole and stands before the pixels, which end too early."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.ones((64, 64), np.uint16), metadata=None)
    assert counted(path) == 1
    with pytest.raises(CannotFinish, match="has pixels up to byte"):
        counted(cut(path, 0.9))


def test_a_pyramid_of_a_czi_makes_no_planes(tmp_path: Path) -> None:
    """A sub-block that stores fewer samples than its extent is a reduced copy."""
    from confocal_bag.image.readers.zisraw import SubBlock, planes

    def block(stored: int) -> SubBlock:
        start, size = {"X": 0, "Y": 0, "Z": stored}, {"X": 8, "Y": 8, "Z": 1}
        return SubBlock(
            position=0, pixel_type=0, compression=0, start=start, size=size, stored_columns=stored, stored_rows=stored
        )

    assert list(planes([block(8), block(4)])) == [(("Z", 8),)]


def test_an_oib_whose_sectors_loop_is_refused(shared: Path, tmp_path: Path) -> None:
    """A chain of sectors that comes back to itself would be followed for ever."""
    path = tmp_path / "a.oib"
    content = bytearray((shared / "samples" / "oib" / "test.oib").read_bytes())
    shift = int.from_bytes(content[30:32], "little")
    table = (int.from_bytes(content[76:80], "little") + 1) << shift
    entries = [int.from_bytes(content[table + 4 * i : table + 4 * i + 4], "little") for i in range(300)]
    at = next(i for i, following in enumerate(entries) if following == i + 1 and entries[i + 1] == i + 2)
    content[table + 4 * (at + 1) : table + 4 * (at + 1) + 4] = (at + 1).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match="belongs to a chain already"):
        counted(path)


def test_a_stack_in_one_piece_counts_by_its_length(tmp_path: Path) -> None:
    """ImageJ may list one page of a stack that lies in one piece behind it; then the file must have room for all."""
    path = tmp_path / "ij.tif"
    with path.open("w+b") as stream, tifffile.TiffWriter(stream) as writer:
        writer.write(np.zeros((16, 16), np.uint8), description="ImageJ=1.53\nimages=4\nslices=4\n", metadata=None)
        stream.seek(0, 2)
        stream.write(bytes(16 * 16 * 3))
    assert counted(path) == 4
    with pytest.raises(CannotFinish, match="declares 4 slices"):
        counted(cut(path, 0.8))


def test_an_ome_tiff_without_a_page_it_names_is_refused(tmp_path: Path) -> None:
    """The OME-XML speaks of a second file that is not beside the first."""
    path = tmp_path / "a.ome.tif"
    xml = (
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0"><Pixels '
        'DimensionOrder="XYZCT" ID="Pixels:0" SizeC="2" SizeT="1" SizeX="8" SizeY="8" SizeZ="1" Type="uint8">'
        '<Channel ID="Channel:0"/><Channel ID="Channel:1"/>'
        '<TiffData FirstC="0" IFD="0" PlaneCount="1"><UUID FileName="a.ome.tif">urn:uuid:1</UUID></TiffData>'
        '<TiffData FirstC="1" IFD="0" PlaneCount="1"><UUID FileName="b.ome.tif">urn:uuid:2</UUID></TiffData>'
        "</Pixels></Image></OME>"
    )
    plane = np.zeros((8, 8), np.uint8)
    tifffile.imwrite(path, plane, description=xml, metadata=None)
    with pytest.raises(CannotFinish, match="2 planes, 1 of them"):
        counted(path)
    tifffile.imwrite(tmp_path / "b.ome.tif", plane, metadata=None)
    assert counted(path) == 2
    assert count_series(path, identify(path)) == 1


def test_a_renamed_ome_tiff_still_knows_itself(tmp_path: Path) -> None:
    """A file that names itself by its old name is complete under a new one."""
    path = tmp_path / "renamed.ome.tif"
    xml = (
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0"><Pixels '
        'DimensionOrder="XYZCT" ID="Pixels:0" SizeC="1" SizeT="1" SizeX="8" SizeY="8" SizeZ="1" Type="uint8">'
        '<Channel ID="Channel:0"/><TiffData><UUID FileName="old.ome.tif">urn:uuid:1</UUID></TiffData>'
        "</Pixels></Image></OME>"
    )
    tifffile.imwrite(path, np.zeros((8, 8), np.uint8), description=xml, metadata=None)
    assert counted(path) == 1


def test_a_tiff_whose_pages_loop_is_refused(tmp_path: Path) -> None:
    """The chain of pages that comes back to itself is reported, not followed for ever."""
    path = tmp_path / "loop.tif"
    tifffile.imwrite(path, np.zeros((5, 8, 8), np.uint8), metadata=None)
    with tifffile.TiffFile(path) as tiff:
        first, last = tiff.pages[0].offset, tiff.pages[-1].offset
    content = bytearray(path.read_bytes())
    entries = int.from_bytes(content[last : last + 2], "little")
    at = last + 2 + 12 * entries
    content[at : at + 4] = first.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(CannotFinish, match="loop"):
        counted(path)


def test_an_oif_counts_the_files_of_its_folder(tmp_path: Path) -> None:
    """Plane files count; a folder that is not there is said to be missing."""
    path = tmp_path / "x.oif"
    write_oif(path, {"X": 8, "Y": 6, "C": 2, "Z": 3})
    assert counted(path) == 6
    (tmp_path / "x.oif.files").rename(tmp_path / "elsewhere")
    with pytest.raises(CannotFinish, match=r"x\.oif\.files"):
        counted(path)


def test_real_files_have_the_planes_of_the_reference(shared: Path) -> None:
    """The count agrees with the reference for every sample."""
    import json

    for reference in sorted((shared / "samples" / "expected").glob("*.planes.json")):
        expected = json.loads(reference.read_text())
        path = shared / "samples" / expected["file"]
        samples = expected["series"][0]["rgbC"]
        planes = sum(series["n_planes"] for series in expected["series"])
        assert count_planes(path, identify(path), samples=samples) == planes, path.name


def stk(path: Path, *, planes: int = 5, declared: int = 5, notes: int = 0) -> Path:
    """A MetaMorph stack of 4 x 4 planes whose tag UIC2 counts `declared`; `notes` bytes of UIC1 stand behind them."""
    content = bytearray(b"II*\0" + bytes(4) + bytes(range(planes)) * 32)
    noted = len(content)
    content += bytes(notes)
    of_planes = len(content)
    content += bytes(24 * declared)
    numbers = len(content)
    content += struct.pack("<2I", 6, noted if notes else 1)
    tags = [
        (256, 3, 1, 4), (257, 3, 1, 4), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
        (277, 3, 1, 1), (278, 3, 1, 4), (279, 4, 1, 32), (33628, 4, 1, numbers), (33629, 5, declared, of_planes),
    ]  # fmt: skip
    content[4:8] = struct.pack("<I", len(content))
    content += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize("notes", [0, 100])
def test_a_metamorph_stack_counts_by_its_length(notes: int, tmp_path: Path) -> None:
    """Behind the planes lie notes of the program, which are no planes however long."""
    assert counted(stk(tmp_path / "a.stk", notes=notes)) == 5


@pytest.mark.parametrize("declared", [3, 7])
def test_a_metamorph_stack_that_counts_other_planes_than_there_are_is_refused(declared: int, tmp_path: Path) -> None:
    """Readers go by the tag alone."""
    with pytest.raises(UnreadableImage, match=f"counts {declared} planes .* room for 5"):
        counted(stk(tmp_path / "a.stk", declared=declared))


def test_pages_that_are_all_called_reduced_count(tmp_path: Path) -> None:
    """There is nothing that they are copies of; beside a whole page they do not."""
    path, plane = tmp_path / "a.tif", np.zeros((8, 8), np.uint8)
    with tifffile.TiffWriter(path) as writer:
        for _ in range(4):
            writer.write(plane, subfiletype=1, metadata=None, contiguous=False)
    assert counted(path) == 4
    with open_image(path) as image:
        assert sum(series.plane_count for series in image.series) == 4
    tifffile.imwrite(path, plane, append=True, metadata=None)
    assert counted(path) == 1


def test_a_volume_in_one_page_counts_its_slices(tmp_path: Path) -> None:
    """The tags ImageDepth and TileDepth."""
    path = tmp_path / "a.tif"
    volume = np.arange(4 * 32 * 48, dtype=np.uint16).reshape(4, 32, 48)
    tifffile.imwrite(path, volume, tile=(2, 16, 16), volumetric=True, metadata=None, photometric="minisblack")
    assert counted(path) == 4
    with open_image(path) as image:
        (series,) = image.series
        assert [int(one.pixels[0, 0]) for one in image.planes(series)] == [int(one[0, 0]) for one in volume]
