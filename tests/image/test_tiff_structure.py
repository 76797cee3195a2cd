"""TIFFs with one thing wrong give the one fault expected; sound ones give none."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.convert import convert_image
from confocal_bag.image.open import open_image
from confocal_bag.image.synthetic import cell_stack, write_lsm
from confocal_bag.image.tiff_structure import tiff_faults

STACK = cell_stack(planes=3, size=32)[:, 0]
Spoil = Callable[[Path], object]


def plain(path: Path, **options: Any) -> Path:
    """Three pages, uncompressed, several strips each."""
    path = path / "plain.tif"
    tifffile.imwrite(path, STACK, metadata=None, rowsperstrip=8, photometric="minisblack", **options)
    return path


def ome(path: Path) -> Path:
    """Three planes as OME-TIFF."""
    path = path / "stack.ome.tif"
    tifffile.imwrite(path, STACK, ome=True, metadata={"axes": "ZYX"}, photometric="minisblack")
    return path


def imagej(path: Path) -> Path:
    """Three slices as ImageJ TIFF."""
    path = path / "stack.tif"
    tifffile.imwrite(path, STACK.astype("u2"), imagej=True, metadata={"axes": "ZYX"})
    return path


def overwrite(tag: int, value: Any, *, page: int = 1) -> Spoil:
    """Give a tag of a page another value."""

    def spoil(path: Path) -> None:
        with tifffile.TiffFile(path, mode="r+") as tiff:
            found = tiff.pages[page]
            assert isinstance(found, tifffile.TiffPage)
            found.tags[tag].overwrite(value)

    return spoil


def numbers(tag: int, change: Callable[[tuple[int, ...]], tuple[int, ...]], *, page: int = 1) -> Spoil:
    """Change the numbers of a tag."""

    def spoil(path: Path) -> None:
        with tifffile.TiffFile(path, mode="r+") as tiff:
            found = tiff.pages[page]
            assert isinstance(found, tifffile.TiffPage)
            entry = found.tags[tag]
            value = entry.value if isinstance(entry.value, tuple) else (entry.value,)
            entry.overwrite(change(value))

    return spoil


def replaced(old: str, new: str) -> Spoil:
    """Change the description of the first page."""

    def spoil(path: Path) -> None:
        with tifffile.TiffFile(path, mode="r+") as tiff:
            entry = tiff.pages.first.tags[270]
            assert old in entry.value
            entry.overwrite(entry.value.replace(old, new))

    return spoil


def next_offset(path: Path, page: int) -> int:
    """Where the offset of the directory after a page stands."""
    with tifffile.TiffFile(path) as tiff:
        found = tiff.pages[page]
        assert isinstance(found, tifffile.TiffPage)
        return int(found.offset) + 2 + 12 * len(found.tags)


def link(page: int, target: Callable[[Path], int]) -> Spoil:
    """Let the directory of a page point elsewhere."""

    def spoil(path: Path) -> None:
        at, content = next_offset(path, page), bytearray(path.read_bytes())
        content[at : at + 4] = struct.pack("<I", target(path))
        path.write_bytes(bytes(content))

    return spoil


def first_page(path: Path) -> int:
    """Where the first directory stands."""
    return int(struct.unpack("<I", path.read_bytes()[4:8])[0])


STRIPS = 4
#: what is written, what is done to it, the fault expected
CASES: list[tuple[str, Callable[[Path], Path], Spoil, str]] = [
    ("a loop", plain, link(1, first_page), "chain"),
    ("a directory beyond the end", plain, link(1, lambda path: path.stat().st_size + 10), "chain"),
    ("a directory cut short", plain, link(1, lambda path: path.stat().st_size - 3), "chain"),
    ("a strip beyond the end", plain, numbers(273, lambda v: (*v[:3], 1 << 30)), "blocks-outside"),
    ("a strip in the header", plain, numbers(273, lambda v: (4, *v[1:])), "blocks-outside"),
    ("a strip too short", plain, numbers(279, lambda v: (*v[:2], v[2] - 7, v[3])), "blocks-short"),
    ("a strip not stored", plain, numbers(279, lambda v: (v[0], 0, *v[2:])), "blocks-empty"),
    ("strips that are not listed", plain, overwrite(278, 4), "blocks-missing"),
    ("strips that overlap", plain, numbers(273, lambda v: (v[0], v[0] + 9, *v[2:])), "blocks-overlap"),
    ("a page without rows", plain, overwrite(257, 0), "dimensions"),
    ("OME-XML of another size", ome, replaced('SizeX="32"', 'SizeX="33"'), "ome-size"),
    ("OME-XML of another type", ome, replaced('Type="uint16"', 'Type="int16"'), "ome-type"),
    ("OME-XML of wider samples", ome, replaced('Type="uint16"', 'Type="uint32"'), "ome-type"),
    ("OME-XML of fewer planes", ome, replaced('SizeZ="3"', 'SizeZ="2"'), "ome-xml"),
    ("OME-XML that names a page too many", ome, replaced('IFD="0"', 'IFD="1"'), "ome-pages"),
    ("ImageJ sizes that make no stack", imagej, replaced("slices=3", "slices=4"), "imagej-counts"),
]


def codes(path: Path) -> list[str]:
    """The kinds of faults of a file, each once."""
    return list(dict.fromkeys(fault.code for fault in tiff_faults(path)))


@pytest.mark.parametrize("make", [plain, ome, imagej])
def test_a_sound_tiff_has_no_fault(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """Nothing is said without a reason."""
    assert tiff_faults(make(tmp_path)) == ()


OPTIONS: list[dict[str, Any]] = [
    {"compression": "zlib"},
    {"compression": "lzw", "predictor": True},
    {"bigtiff": True},
    {"byteorder": ">"},
    {"tile": (16, 16)},
    {"tile": (16, 16), "compression": "jpeg2000"},
    {"volumetric": True, "tile": (16, 16, 16)},
]


@pytest.mark.parametrize("options", OPTIONS, ids=[" ".join(map(str, one.values())) for one in OPTIONS])
def test_no_way_of_writing_is_a_fault(options: dict[str, Any], tmp_path: Path) -> None:
    """Tiles, compressions, byte orders, BigTIFF, volumes."""
    path = tmp_path / "plain.tif"
    tifffile.imwrite(path, STACK, metadata=None, photometric="minisblack", **options)
    assert tiff_faults(path) == ()


def test_colour_in_planes_of_its_own_is_no_fault(tmp_path: Path) -> None:
    """Each sample then has strips of its own."""
    path = tmp_path / "rgb.tif"
    picture = np.ones((3, 40, 50), "u1")
    tifffile.imwrite(path, picture, photometric="rgb", planarconfig="separate", rowsperstrip=16)
    assert tiff_faults(path) == ()


def test_bytes_behind_the_last_page_are_no_fault(tmp_path: Path) -> None:
    """Nobody reads them."""
    path = plain(tmp_path)
    with path.open("ab") as stream:
        stream.write(b"anything" * 100)
    assert tiff_faults(path) == ()


def test_lsm_files_and_our_own_copies_have_no_fault(tmp_path: Path) -> None:
    """Thumbnails between the pages; what a conversion writes."""
    path = tmp_path / "cells.lsm"
    write_lsm(path, cell_stack(planes=3, size=32))
    assert tiff_faults(path) == ()
    (tmp_path / "out").mkdir()
    converted = convert_image(path, tmp_path / "out")
    assert converted
    for copy in (tmp_path / "out").rglob("*.tiff"):
        assert tiff_faults(copy) == ()


@pytest.mark.parametrize(("make", "spoil", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_thing_wrong_gives_one_fault(make: Callable[[Path], Path], spoil: Spoil, code: str, tmp_path: Path) -> None:
    """Of its own kind."""
    path = make(tmp_path)
    spoil(path)
    assert codes(path) == [code]


def test_a_page_that_the_ome_xml_does_not_name_is_told(tmp_path: Path) -> None:
    """Readers of OME-TIFF never show it."""
    path = ome(tmp_path)
    with tifffile.TiffFile(path) as tiff:
        xml = tiff.ome_metadata or ""
    smaller = xml.replace('SizeZ="3"', 'SizeZ="2"').replace('PlaneCount="3"', 'PlaneCount="2"')
    tifffile.imwrite(path, STACK, description=smaller, metadata=None, photometric="minisblack")
    assert codes(path) == ["pages-unused"]


def test_more_pages_than_imagej_declares_are_told(tmp_path: Path) -> None:
    """A stack to which pages were added."""
    path = tmp_path / "stack.tif"
    description = "ImageJ=1.11a\nimages=2\nslices=2\n"
    tifffile.imwrite(path, STACK, description=description, metadata=None, photometric="minisblack")
    assert codes(path) == ["pages-unused"]


def test_folded_axes_that_do_not_divide_their_axis_are_told(tmp_path: Path) -> None:
    """ModuloAlongZ of two steps in three slices."""
    path = ome(tmp_path)
    with tifffile.TiffFile(path) as tiff:
        xml = tiff.ome_metadata or ""
    note = (
        '<StructuredAnnotations><XMLAnnotation ID="Annotation:0" Namespace="openmicroscopy.org/omero/dimension/modulo">'
        '<Value><Modulo><ModuloAlongZ Type="phase" Start="0" End="1"/></Modulo></Value></XMLAnnotation>'
        "</StructuredAnnotations></OME>"
    )
    folded = xml.replace("</Image>", '<AnnotationRef ID="Annotation:0"/></Image>').replace("</OME>", note)
    tifffile.imwrite(path, STACK, description=folded, metadata=None, photometric="minisblack")
    (fault,) = tiff_faults(path)
    assert (fault.code, "ModuloAlongZ" in fault.message) == ("ome-xml", True)


def test_strip_sizes_that_are_not_recorded_follow_from_the_rows(tmp_path: Path) -> None:
    """TIFF 5 allowed to leave them out; the file must still hold the rows."""
    path = tmp_path / "old.tif"
    path.write_bytes(old_tiff(rows=4, columns=10, stored=40))
    assert tiff_faults(path) == ()
    path.write_bytes(old_tiff(rows=4, columns=10, stored=39))
    assert codes(path) == ["blocks-outside"]


def old_tiff(*, rows: int, columns: int, stored: int) -> bytes:
    """An 8-bit picture without tag 279, its pixels last."""
    tags = [(256, columns), (257, rows), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 7 * 12 + 4), (277, 1)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + bytes(stored)


def test_a_million_pages_that_share_their_lists_cost_little(tmp_path: Path) -> None:
    """Pages of a hostile file point at one list of strips; the list is not read for each."""
    count, pages = 20_000, 3_000
    start = 8 + 4 * count
    body = bytearray(b"II*\0" + struct.pack("<I", start) + struct.pack(f"<{count}I", *([8] * count)))
    size = 2 + 5 * 12 + 4
    for number in range(pages):
        following = start + (number + 1) * size if number < pages - 1 else 0
        tags = [(256, 4, 1, 1), (257, 4, 1, count), (273, 4, count, 8), (278, 4, 1, 1), (279, 4, count, 8)]
        body += struct.pack("<H", 5) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
        body += struct.pack("<I", following)
    path = tmp_path / "hostile.tif"
    path.write_bytes(bytes(body))
    faults = tiff_faults(path)
    assert faults[-1].code == "chain" or len(faults) == 20


def test_sizes_no_memory_holds_are_only_numbers(tmp_path: Path) -> None:
    """2^31 by 2^31 pixels in a kilobyte, two thousand million strips."""
    path = plain(tmp_path)
    for tag, value in ((256, 2**31), (257, 2**31)):
        overwrite(tag, value)(path)
    assert codes(path) == ["blocks-missing"]


def test_a_tiff_that_opens_carries_its_faults_in_its_record(tmp_path: Path) -> None:
    """The reader passes over a contradiction in the description; the record tells it."""
    path = imagej(tmp_path)
    replaced("slices=3", "slices=3\nframes=2")(path)
    with open_image(path) as image:
        (record,) = records(image, describe_acquisition(image), examine=True)
    assert [fault.code for fault in record.structure] == ["imagej-counts"]


@pytest.mark.parametrize("spoil", [CASES[0][2], CASES[3][2]], ids=["a loop", "a strip beyond the end"])
def test_a_tiff_that_cannot_be_whole_is_not_opened(spoil: Spoil, tmp_path: Path) -> None:
    """Then its one fault is that it cannot be read."""
    path = plain(tmp_path)
    spoil(path)
    with pytest.raises(CannotFinish):
        open_image(path)


def one_strip(path: Path, stored: int) -> Path:
    """An uncompressed page of one strip, whose bytes are counted otherwise than the rows need."""
    path = path / "one.tif"
    tifffile.imwrite(path, STACK[0], metadata=None, photometric="minisblack")
    overwrite(279, stored, page=0)(path)
    return path


@pytest.mark.parametrize("stored", [0, 1 << 30])
def test_an_only_strip_is_as_long_as_its_rows_whatever_is_counted(stored: int, tmp_path: Path) -> None:
    """All readers take the rows; the pixels are all there."""
    path = one_strip(tmp_path, stored)
    assert codes(path) == []
    with open_image(path) as image:
        (plane,) = image.planes(image.series[0])
    assert (plane.pixels == STACK[0]).all()


@pytest.mark.parametrize(("stored", "code"), [(0, "blocks-outside"), (1 << 30, "blocks-outside"), (5, "blocks-short")])
def test_an_only_strip_that_is_cut_is_damage_whatever_is_counted(stored: int, code: str, tmp_path: Path) -> None:
    """The rows reach beyond the end of the file, or fewer bytes are counted than they need."""
    path = one_strip(tmp_path, stored)
    if code == "blocks-outside":
        # The directory stands before the pixels.
        path.write_bytes(path.read_bytes()[:-1])
    assert codes(path) == [code]
    with pytest.raises(CannotFinish):
        open_image(path).close()


def listed_beyond(path: Path, tag: int) -> Path:
    """A page that lists two strips more than it has rows for."""
    path = path / "more.tif"
    tifffile.imwrite(path, STACK[0], metadata=None, photometric="minisblack", rowsperstrip=8)
    overwrite(257, 16, page=0)(path)
    numbers(tag, lambda old: (*old[:2], *[1 << 30 if tag == 273 else 0] * 2), page=0)(path)
    return path


@pytest.mark.parametrize("tag", [273, 279])
def test_strips_beyond_the_rows_are_no_part_of_the_page(tag: int, tmp_path: Path) -> None:
    """Wherever they are said to be, and of whatever size."""
    path = listed_beyond(tmp_path, tag)
    assert codes(path) == []
    with open_image(path) as image:
        (plane,) = image.planes(image.series[0])
    assert (plane.pixels == STACK[0][:16]).all()


def tiled(path: Path, places: tuple[int, ...], sizes: tuple[int, ...]) -> Path:
    """A page of four tiles, of which those with a 1 keep their place, or their size."""
    path = path / "tiled.tif"
    tifffile.imwrite(path, STACK[0], metadata=None, photometric="minisblack", tile=(16, 16))
    numbers(324, lambda old: tuple(a * b for a, b in zip(old, places, strict=True)), page=0)(path)
    numbers(325, lambda old: tuple(a * b for a, b in zip(old, sizes, strict=True)), page=0)(path)
    return path


def test_tiles_that_were_left_out_are_zeros_and_a_warning_with_their_number(tmp_path: Path) -> None:
    """As GDAL writes them: neither a place nor a size. The conversion says it too."""
    path = tiled(tmp_path, (1, 0, 1, 0), (1, 0, 1, 0))
    (fault,) = tiff_faults(path)
    assert (fault.code, fault.is_damage, fault.message[:15]) == ("tiles-sparse", False, "2 of the 4 tile")
    with open_image(path) as image:
        (plane,) = image.planes(image.series[0])
    assert not plane.pixels[:, 16:].any()
    assert (plane.pixels[:, :16] == STACK[0][:, :16]).all()
    (made,) = convert_image(path, tmp_path / "out")
    assert any("2 tiles" in one for one in made.remarks)


@pytest.mark.parametrize(
    ("places", "sizes"), [((1, 0, 1, 1), (1, 1, 1, 1)), ((1, 1, 1, 1), (1, 0, 1, 1)), ((0,) * 4, (0,) * 4)]
)
def test_tiles_that_are_gone_are_damage(places: tuple[int, ...], sizes: tuple[int, ...], tmp_path: Path) -> None:
    """A size without a place, a place without a size, or no tile at all."""
    path = tiled(tmp_path, places, sizes)
    assert codes(path) == ["blocks-empty"]
    with pytest.raises(CannotFinish, match="not stored"):
        open_image(path).close()


def test_strips_that_are_left_out_are_damage(tmp_path: Path) -> None:
    """The custom is one of tiles."""
    path = plain(tmp_path)
    for tag in (273, 279):
        numbers(tag, lambda old: (*old[:2], 0, *old[3:]))(path)
    assert codes(path) == ["blocks-empty"]
    with pytest.raises(CannotFinish, match="not stored"):
        open_image(path).close()
