"""Any image file opens by its bytes, gives its planes in OME's order, and is refused where it is not whole."""

import os
import struct
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image.convert import convert_image
from confocal_bag.image.model import UnreadableImage, plane_bytes
from confocal_bag.image.open import READERS, open_image
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oif import write_oif

RANDOM = np.random.default_rng(5)


def samples(*shape: int) -> npt.NDArray[np.uint16]:
    """Samples that differ everywhere."""
    return RANDOM.integers(0, 60000, shape, dtype=np.uint16)


def planes_of(path: Path) -> list[list[npt.NDArray[np.generic]]]:
    """The planes of each series."""
    with open_image(path) as image:
        return [[plane.pixels for plane in image.planes(series)] for series in image.series]


def test_planes_come_in_the_order_of_ome(tmp_path: Path) -> None:
    """C runs fastest, then Z, then T, whatever the order in the file."""
    values = samples(2, 3, 2, 6, 5)
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "CZTYX", values)])
    with open_image(path) as image:
        (series,) = image.series
        planes = list(image.planes(series))
    assert dict(series.axes) == {"T": 2, "C": 2, "Z": 3, "Y": 6, "X": 5}
    places = [(plane.coordinates["T"], plane.coordinates["Z"], plane.coordinates["C"]) for plane in planes]
    assert places == list(np.ndindex(2, 3, 2))
    for (t, z, c), plane in zip(places, planes, strict=True):
        assert plane.pixels.tolist() == values[c, z, t].tolist()


def test_tiles_and_positions_are_series_of_their_own(tmp_path: Path) -> None:
    """A tile is a picture; nothing is stitched."""
    values = samples(3, 2, 6, 5)
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "MZYX", values)])
    with open_image(path) as image:
        assert [series.notes["M"] for series in image.series] == ["0", "1", "2"]
        assert image.expected_planes == 6
    assert [[p.tolist() for p in one] for one in planes_of(path)] == [[p.tolist() for p in tile] for tile in values]


def test_rows_of_an_xz_scan_stay_along_z(tmp_path: Path) -> None:
    """The axes end in Z and X, and there is no Y."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "TZX", samples(2, 6, 5))])
    with open_image(path) as image:
        assert list(image.series[0].axes) == ["T", "C", "Z", "X"]
        assert (image.series[0].rows, image.series[0].columns) == (6, 5)


def test_a_wavelength_scan_keeps_its_axis(tmp_path: Path) -> None:
    """Lambda is neither time nor depth."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "LYX", samples(4, 6, 5))])
    with open_image(path) as image:
        assert image.series[0].stacked_axes == {"L": 4, "T": 1, "C": 1, "Z": 1}


@pytest.mark.parametrize("wrong", ["x.tif", "x.czi", "x.bin", "x", "odd::name #1 ä.lsm"])
def test_the_name_of_a_file_does_not_matter(tmp_path: Path, wrong: str) -> None:
    """A file opens by its bytes, whatever it is called."""
    stack = cell_stack(planes=2, size=32)
    write_lsm(tmp_path / wrong, stack)
    write_czi(tmp_path / f"czi-{wrong}", [({"C": 0}, samples(6, 7))])
    write_lif(tmp_path / f"lif-{wrong}", [LifImage("a", "YX", samples(6, 7))])
    assert [p.tolist() for p in planes_of(tmp_path / wrong)[0]] == stack.reshape(-1, 32, 32).tolist()
    assert len(planes_of(tmp_path / f"czi-{wrong}")[0]) == len(planes_of(tmp_path / f"lif-{wrong}")[0]) == 1


def test_a_name_that_is_not_text_opens(tmp_path: Path) -> None:
    """Linux file names are bytes."""
    name = os.fsdecode(b"caf\xe9.czi")
    write_czi(tmp_path / name, [({"C": 0}, samples(6, 7))])
    write_lsm(tmp_path / f"{name}.lsm", cell_stack(planes=1, size=32))
    assert len(planes_of(tmp_path / name)[0]) == 1
    assert len(planes_of(tmp_path / f"{name}.lsm")[0]) == 2


@pytest.mark.parametrize("name", ["notes.czi", "notes.lsm", "notes.nd2", "empty.lif"])
def test_a_file_that_is_no_image_is_refused(tmp_path: Path, name: str) -> None:
    """The sentence says what the file is."""
    path = tmp_path / name
    path.write_text("" if name.startswith("empty") else "only words")
    with pytest.raises(CannotFinish, match="Empty file" if name.startswith("empty") else "Plain text"):
        open_image(path)


def test_a_czi_that_lacks_planes_is_refused(tmp_path: Path) -> None:
    """A stack that was stopped early would otherwise be filled up with invented black planes."""
    values = samples(2, 3, 6, 7)
    blocks = [({"C": c, "Z": z}, values[c, z]) for c, z in np.ndindex(2, 3)]
    path = tmp_path / "a.czi"
    write_czi(path, blocks[:-1])
    with pytest.raises(CannotFinish, match="lists 5 planes, its header makes it 6"):
        open_image(path)


def test_an_oif_that_lost_a_plane_is_refused(tmp_path: Path) -> None:
    """It is not read as an image with fewer channels."""
    path = tmp_path / "a.oif"
    write_oif(path, {"X": 8, "Y": 6, "C": 3})
    assert len(planes_of(path)[0]) == 3
    (tmp_path / "a.oif.files" / "s_C003.tif").unlink()
    with pytest.raises(CannotFinish, match=r"3 planes are declared and 2 plane files"):
        open_image(path)


def test_an_ome_tiff_with_broken_xml_is_refused(tmp_path: Path) -> None:
    """It would otherwise be read as plain pages of unknown meaning."""
    path = tmp_path / "a.ome.tif"
    tifffile.imwrite(path, samples(2, 3, 6, 7), metadata={"axes": "ZCYX"})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"</Pixels>", b"</Pixelz>"))
    with pytest.raises(CannotFinish, match="OME-XML"):
        open_image(path)


def test_an_ome_tiff_is_read_by_its_xml_whatever_follows_it(tmp_path: Path) -> None:
    """tifffile takes a description that does not end in OME for a plain text and makes one stack of all images."""
    pixels = (
        'DimensionOrder="XYCZT" SizeC="1" SizeT="1" SizeX="7" SizeY="6" SizeZ="1" Type="uint16"><Channel/>'
        '<TiffData IFD="{0}" PlaneCount="1"/></Pixels></Image>'
    )
    images = "".join(f'<Image ID="Image:{i}"><Pixels ID="Pixels:{i}" {pixels.format(i)}' for i in range(2))
    xml = f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">{images}</OME><!-- signed -->'
    path = tmp_path / "a.ome.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(samples(6, 7), description=xml, metadata=None)
        writer.write(samples(6, 7), metadata=None)
    with open_image(path) as image:
        assert [dict(series.axes) for series in image.series] == [{"T": 1, "C": 1, "Z": 1, "Y": 6, "X": 7}] * 2


def test_a_plane_larger_than_its_file_can_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged header can ask for terabytes; the limits are lowered to see it."""
    path = tmp_path / "a.lsm"
    write_lsm(path, cell_stack(planes=1, size=32))
    monkeypatch.setattr("confocal_bag.image.open._SMALLEST_LIMIT", 100)
    monkeypatch.setattr("confocal_bag.image.open._MOST_EXPANSION", 0)
    with pytest.raises(CannotFinish, match="declares 2 planes of 2048 bytes"):
        open_image(path)


def test_a_damaged_plane_names_itself(tmp_path: Path) -> None:
    """Where one plane cannot be decoded the sentence says which."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, samples(5, 16, 16), metadata=None, compression="adobe_deflate")
    with tifffile.TiffFile(path) as tiff:
        offset = tiff.pages[3].dataoffsets[0]
    content = bytearray(path.read_bytes())
    content[offset : offset + 8] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(CannotFinish, match="N=3"):
        planes_of(path)


def test_big_endian_samples_digest_like_little_endian_ones(tmp_path: Path) -> None:
    """The bytes of a digest do not depend on the byte order of the file."""
    values = samples(6, 7)
    tifffile.imwrite(tmp_path / "big.tif", values.astype(">u2"), metadata=None, byteorder=">")
    tifffile.imwrite(tmp_path / "little.tif", values, metadata=None, byteorder="<")
    big, little = (plane_bytes(planes_of(tmp_path / name)[0][0]) for name in ("big.tif", "little.tif"))
    assert big == little == values.tobytes()
    assert plane_bytes(values.astype(">u2")) == values.astype("<u2").tobytes()


def test_a_print_resolution_is_no_pixel_size(tmp_path: Path) -> None:
    """72 dots per inch are for printers; ImageJ's calibration with a unit counts, without one it does not."""
    values = samples(6, 7)
    tifffile.imwrite(tmp_path / "dpi.tif", values, metadata=None, resolution=(72, 72), resolutionunit="INCH")
    tifffile.imwrite(tmp_path / "um.tif", values, imagej=True, resolution=(5, 4), metadata={"unit": "um"})
    tifffile.imwrite(tmp_path / "none.tif", values, imagej=True, resolution=(5, 4))
    sizes = {}
    for name in ("dpi.tif", "um.tif", "none.tif"):
        with open_image(tmp_path / name) as image:
            sizes[name] = image.series[0].pixel_size_um
    assert (sizes["dpi.tif"].x, sizes["none.tif"].x) == (None, None)
    assert sizes["um.tif"].x == pytest.approx(0.2)
    assert sizes["um.tif"].y == pytest.approx(0.25)


def test_the_depositors_file_is_not_touched(tmp_path: Path) -> None:
    """Reading needs no permission to write and leaves no trace."""
    path = tmp_path / "a.lsm"
    write_lsm(path, cell_stack(planes=1, size=32))
    path.chmod(0o444)
    before = path.stat()
    planes_of(path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.lsm"]


def test_every_choice_of_reader_has_its_reason() -> None:
    """The table of readers is documentation too: the page on readers lists each of them."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "readers.md").read_text()
    for name, choice in READERS.items():
        assert choice.reason in page, name


@pytest.mark.slow
def test_a_real_file_cut_anywhere_is_whole_or_refused(shared: Path, tmp_path: Path) -> None:
    """No sample cut short opens with fewer planes or other samples."""
    for folder in ("czi", "lif", "lsm", "nd2", "oib", "ome-tiff", "tiff"):
        for path in sorted((shared / "samples" / folder).iterdir()):
            content = path.read_bytes()
            whole = [[plane_bytes(p) for p in series] for series in planes_of(path)]
            short = tmp_path / path.name
            for share in (0.02, 0.3, 0.6, 0.9, 0.99):
                short.write_bytes(content[: int(len(content) * share)])
                try:
                    found = [[plane_bytes(p) for p in series] for series in planes_of(short)]
                except CannotFinish:
                    continue
                assert found == whole, f"{path.name} cut to {share}"


def test_series_are_numbered_from_zero(tmp_path: Path) -> None:
    """`Series.index` is the place in `ImageFile.series`."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage(f"image {i}", "YX", samples(6, 5)) for i in range(3)])
    with open_image(path) as image:
        assert image.series[0].index == 0
        assert all(after.index == before.index + 1 for before, after in pairwise(image.series))


def paged(path: Path, **options: Any) -> Path:
    """A TIFF of three pages."""
    with tifffile.TiffWriter(path) as writer:
        for number in range(3):
            pixels = np.arange(32 * 32, dtype=np.uint16).reshape(32, 32) + number
            writer.write(pixels, metadata=None, contiguous=False, photometric="minisblack", **options)
    return path


def change_size(path: Path, size: Callable[[int], int], *, page: int = 1) -> None:
    """Say another number of bytes of the first strip or tile of a page."""
    with tifffile.TiffFile(path) as tiff:
        tags = list(tiff.pages)[page].aspage().tags
        tag = tags[325 if 325 in tags else 279]
        at, code = tag.valueoffset, {3: "<H", 4: "<I"}[int(tag.dtype)]
    content = bytearray(path.read_bytes())
    struct.pack_into(code, content, at, size(struct.unpack_from(code, content, at)[0]))
    path.write_bytes(content)


@pytest.mark.parametrize("options", [{}, {"rowsperstrip": 8}, {"tile": (16, 16)}], ids=["one strip", "strips", "tiles"])
@pytest.mark.parametrize("name", ["a.tif", "a.ome.tif"])
def test_a_strip_shorter_than_its_rows_is_refused(options: dict[str, Any], name: str, tmp_path: Path) -> None:
    """Readers fill in zeros, or what lies behind it. Refused before a pixel is read; so is one that is not stored."""
    path = paged(tmp_path / name, **options)
    if name.endswith("ome.tif"):
        tifffile.imwrite(path, samples(3, 32, 32), ome=True, metadata={"axes": "ZYX"}, contiguous=False, **options)
    with open_image(path) as image:
        assert image.expected_planes == 3
    content, page = path.read_bytes(), 0 if name.endswith("ome.tif") else 1
    change_size(path, lambda size: size - 1, page=page)
    with pytest.raises(UnreadableImage, match=r"(strip|tile) 0 of the page .* its uncompressed rows need"):
        open_image(path)
    path.write_bytes(content)
    change_size(path, lambda _: 0, page=page)
    with pytest.raises(UnreadableImage, match="are not stored"):
        open_image(path)
    with pytest.raises(UnreadableImage, match="are not stored"):
        convert_image(path, tmp_path / "out")


def test_a_strip_longer_than_its_rows_is_read(tmp_path: Path) -> None:
    """Some writers count the bytes behind it."""
    path = paged(tmp_path / "a.tif")
    change_size(path, lambda size: size + 1, page=0)
    assert len(planes_of(path)[0]) == 3


def half_of(compression: str) -> bytes:
    """The first half of page 1 of `paged`, compressed."""
    half = (np.arange(16 * 32, dtype=np.uint16) + 1).tobytes()
    coders: dict[str, Callable[[bytes], Any]] = {
        "adobe_deflate": imagecodecs.zlib_encode,
        "lzw": imagecodecs.lzw_encode,
        "zstd": imagecodecs.zstd_encode,
        "packbits": imagecodecs.packbits_encode,
    }
    return bytes(coders[compression](half))


@pytest.mark.parametrize("compression", ["adobe_deflate", "lzw", "zstd", "packbits"])
def test_a_compressed_strip_that_holds_fewer_rows_is_refused(compression: str, tmp_path: Path) -> None:
    """It decodes without complaint, to half of its rows."""
    path, half = paged(tmp_path / "a.tif", compression=compression), half_of(compression)
    with tifffile.TiffFile(path) as tiff:
        at = tiff.pages[1].dataoffsets[0]
    content = bytearray(path.read_bytes())
    content[at : at + len(half)] = half
    path.write_bytes(content)
    change_size(path, lambda _: len(half))
    with pytest.raises(UnreadableImage, match="cannot be decoded"):
        planes_of(path)
    with pytest.raises(UnreadableImage, match="cannot be decoded"):
        convert_image(path, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("compression", ["jpeg", "jpegxr"])
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_a_codestream_that_ends_too_early_is_refused(
    compression: str, tile: tuple[int, int] | None, tmp_path: Path
) -> None:
    """Its decoder makes up the rest."""
    path = tmp_path / "a.tif"
    options: dict[str, Any] = {"compression": compression, "tile": tile, "metadata": None}
    tifffile.imwrite(path, RANDOM.integers(0, 255, (32, 32), dtype=np.uint8), **options)
    assert len(planes_of(path)[0]) == 1
    change_size(path, lambda size: size // 2, page=0)
    with pytest.raises(UnreadableImage, match="is cut short"):
        planes_of(path)
