"""What the numbers of a TIFF stand for is kept by a conversion, said where it cannot be, and the same in one image."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image import ome_tiff, write_series
from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.conversion_note import ConversionNote
from confocal_bag.image.convert import Conversion, convert_image, convert_sequence
from confocal_bag.image.meaning_note import PIXELS
from confocal_bag.image.meaning_tags import page_tags
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.pixel_meaning import page_meanings
from confocal_bag.image.readers.sequence import open_sequence
from confocal_bag.image.series_meaning import MixedPagesError, SeriesMeaning, meaning_of

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
RANDOM = np.random.default_rng(11)
GRAY = RANDOM.integers(0, 255, (12, 10), dtype=np.uint8)
COLOR = RANDOM.integers(0, 255, (12, 10, 3), dtype=np.uint8)
INKS = RANDOM.integers(0, 255, (12, 10, 4), dtype=np.uint8)
ANY_COLORS = RANDOM.integers(0, 65535, (3, 256), dtype=np.uint16)
MANY_COLORS = RANDOM.integers(0, 65535, (3, 65536), dtype=np.uint16)
GREEN = np.zeros((3, 256), np.uint16)
GREEN[1] = np.arange(256) * 257
RED = np.roll(GREEN, -1, axis=0)
Options = dict[str, Any]


def turned(orientation: int) -> Options:
    """The options that write a tag Orientation."""
    return {"extratags": [(274, 3, 1, orientation, True)]}


def write(path: Path, *pages: tuple[npt.NDArray[np.generic], Options]) -> Path:
    """A TIFF of these pages, grey with black at 0 where the options say nothing else."""
    with tifffile.TiffWriter(path) as writer:
        for pixels, options in pages:
            writer.write(pixels, **{"photometric": "minisblack", "metadata": None, "contiguous": False, **options})
    return path


def converted(path: Path, **options: Any) -> Conversion:
    """The one OME-TIFF made of a file."""
    (made,) = convert_image(path, path.parent / "out", **options)
    return made


def pairs(path: Path) -> dict[str, str]:
    """What the document of a file says of its pixels, which is one annotation at most."""
    with open_image(path) as image:
        structured = describe_acquisition(image).structured_annotations
    maps = [one for one in (structured.map_annotations if structured else []) if one.namespace == PIXELS]
    assert len(maps) <= 1
    return {str(pair.k): pair.value for one in maps for pair in one.value.ms}


#: the pixels of a page, its options, the photometric interpretation and extra samples of the copy, words of the remark
KEPT: list[tuple[npt.NDArray[np.generic], Options, int, tuple[int, ...], str]] = [
    (GRAY, {"photometric": "miniswhite"}, 0, (), "255 black"),
    (GRAY > 99, {"photometric": "miniswhite"}, 1, (), "1 black (WhiteIsZero); the values are kept"),
    (GRAY.astype("f4"), {"photometric": "miniswhite"}, 0, (), "the largest value black"),
    (GRAY, {"photometric": "palette", "colormap": ANY_COLORS}, 3, (), "table of 256"),
    (INKS, {"photometric": "separated", "planarconfig": "contig"}, 5, (), "separated"),
    (COLOR, {"photometric": "cielab"}, 8, (), "CIELab"),
    (COLOR, {"photometric": "ycbcr"}, 1, (0, 0), "YCbCr (6), which the OME-TIFF cannot hold"),
    (GRAY.astype("u2"), {"photometric": "palette", "colormap": MANY_COLORS}, 3, (), "table of 65536"),
    (COLOR, {"photometric": "rgb"}, 2, (), ""),
    (np.moveaxis(COLOR, -1, 0), {"photometric": "rgb", "planarconfig": "separate"}, 2, (), ""),
    (INKS, {"photometric": "rgb", "extrasamples": ["assocalpha"]}, 2, (1,), ""),
    (COLOR, {"photometric": "minisblack", "planarconfig": "contig", "extrasamples": [0, 0]}, 1, (0, 0), ""),
    (COLOR[..., :2], {"planarconfig": "contig", "extrasamples": ["unassalpha"]}, 1, (2,), ""),
    (GRAY, {}, 1, (), ""),
    (
        np.kron(COLOR[:8, :8], np.ones((8, 8, 1), np.uint8)),
        {"photometric": "rgb", "compression": "jpeg"},
        2,
        (),
        "YCbCr",
    ),
]


@pytest.mark.parametrize(("pixels", "options", "photometric", "extra", "words"), KEPT)
def test_a_copy_means_what_its_source_does(
    pixels: npt.NDArray[np.generic],
    options: Options,
    photometric: int,
    extra: tuple[int, ...],
    words: str,
    tmp_path: Path,
) -> None:
    """By the same tags; the values are the stored ones; a remark where it is not plain."""
    path = write(tmp_path / "a.tif", (pixels, options))
    made = converted(path)
    (before,), (after,) = page_meanings(path), page_meanings(made.path)
    assert before is not None
    assert after is not None
    assert (after.photometric, after.extra_samples, after.color_map) == (photometric, extra, before.color_map)
    stored = tifffile.imread(path)
    assert (
        tifffile.imread(made.path).tolist()
        == (np.moveaxis(stored, 0, -1) if options.get("planarconfig") == "separate" else stored)
        .astype(made.series.dtype)
        .tolist()
    )
    assert any(words in one for one in made.remarks) if words else made.remarks == ()
    assert pairs(made.path) == pairs(path)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_image_is_not_turned_and_its_tag_is_kept(orientation: int, tmp_path: Path) -> None:
    """On every page, compressed or not."""
    path = write(tmp_path / "a.tif", (GRAY, turned(orientation)), (GRAY + 1, turned(orientation)))
    made = converted(path, compression="deflate")
    assert [one.orientation for one in page_meanings(made.path) if one] == [orientation, orientation]
    assert tifffile.imread(made.path, key=1).tolist() == (GRAY + 1).tolist()
    assert f"orientation is {orientation} (row 0 at the" in made.remarks[0]
    assert pairs(made.path)["Orientation"].startswith(str(orientation))


def test_what_a_page_cannot_hold_is_said(tmp_path: Path) -> None:
    """In the remark, in the note that the build keeps, and in the document of the source and of the copy."""
    path = write(tmp_path / "a.tif", (GRAY, {"photometric": "cfa"}))
    made = converted(path)
    (remark,) = made.remarks
    assert "colour filter array (32803), which the OME-TIFF cannot hold" in remark
    note = ConversionNote.of(made, "x")
    assert ConversionNote.from_json(note.as_json()) == note
    assert note.outcome == f"1 plane read again from the result; all equal. {remark}"
    assert pairs(made.path) == pairs(path)
    assert pairs(path)["Photometric interpretation"] == "colour filter array (32803)"


def test_a_note_without_remarks_is_read_too(tmp_path: Path) -> None:
    """Builds that an earlier version began are resumed."""
    values = ConversionNote.of(converted(write(tmp_path / "a.tif", (GRAY, {}))), "x").as_json()
    del values["remarks"]
    assert ConversionNote.from_json(values).outcome == "1 plane read again from the result; all equal"


def test_an_orientation_that_tiff_does_not_define_is_said_and_not_written(tmp_path: Path) -> None:
    """No reader could follow it; 0 stands for nothing at all."""
    made = converted(write(tmp_path / "a.tif", (GRAY, turned(9))))
    assert [one.orientation for one in page_meanings(made.path) if one] == [1]
    assert "9 (not defined by TIFF 6.0)" in made.remarks[0]
    assert converted(write(tmp_path / "b.tif", (GRAY, turned(0)))).remarks == ()


def test_a_table_for_few_bits_is_kept_for_the_values_that_there_are(tmp_path: Path) -> None:
    """Four bits are read as eight; the colours of values that cannot occur are black."""
    entries = {256: 4, 257: 4, 258: 4, 259: 1, 262: 3, 273: 134, 277: 1, 278: 4, 279: 8, 320: 142}
    table = [1000 * number for number in range(48)]
    directory = b"".join(struct.pack("<HHII", tag, 3, 48 if tag == 320 else 1, value) for tag, value in entries.items())
    content = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 10) + directory + bytes(4)
    path = tmp_path / "a.tif"
    path.write_bytes(content + bytes([0x12, 0x3F]) * 4 + struct.pack("<48H", *table))
    made = converted(path)
    (page,) = page_meanings(made.path)
    assert page is not None
    assert [page.color_map[at : at + 17] for at in (0, 256, 512)] == [(*table[at : at + 16], 0) for at in (0, 16, 32)]
    assert tifffile.imread(made.path)[0].tolist() == [1, 2, 3, 15]
    assert pairs(path)["Bits of a stored sample"] == pairs(made.path)["Bits of a stored sample"] == "4"


def without_photometric(path: Path) -> None:
    """Give the tag PhotometricInterpretation of the only page a number that no reader knows."""
    with tifffile.TiffFile(path) as tiff:
        at = tiff.pages.first.tags[262].offset
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, at, 65100)
    path.write_bytes(content)


def test_a_page_that_does_not_say_is_not_made_to_say(tmp_path: Path) -> None:
    """The copy has to have the tag; that the source has none is a remark and stands in the document."""
    path = write(tmp_path / "a.tif", (GRAY, {}))
    without_photometric(path)
    with open_image(path) as image:
        (series,) = image.series
        (meaning,) = page_meanings(path)
        assert meaning is not None
        assert meaning.photometric is None
        assert page_tags(meaning, series).code == 1
    assert pairs(path)["Photometric interpretation"] == "not recorded"


def test_a_table_for_fewer_colours_than_values_is_not_written(tmp_path: Path) -> None:
    """LSM has tables of 256 colours for 16 bits; TIFF wants one for each value. The table stands in the document."""
    path = write(tmp_path / "a.tif", (GRAY, {"photometric": "palette", "colormap": GREEN}))
    with open_image(path) as image:
        (series,), (meaning,) = image.series, page_meanings(path)
    assert meaning is not None
    assert page_tags(meaning, series).photometric == "palette"
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tiff.pages.first.tags[320].overwrite(GREEN[:, :128].reshape(-1).tolist())
    (meaning,) = page_meanings(path)
    assert meaning is not None
    assert meaning.colors == 128
    assert page_tags(meaning, series).photometric == "minisblack"
    assert len(pairs(path)["Colour table of channel 0"].split()) == 128


#: what one of four planes has that the others do not, and the words that say so
ODD: list[tuple[Options, str]] = [
    ({"photometric": "miniswhite"}, "photometric interpretation WhiteIsZero (0), .* BlackIsZero (1)"),
    (turned(3), "orientation 3 (row 0 at the bottom, column 0 at the right), .* 1 (row 0 at the top"),
    ({"photometric": "palette", "colormap": GREEN}, "photometric interpretation palette colour (3)"),
]


@pytest.mark.parametrize(("odd", "words"), ODD)
def test_pages_that_mean_different_things_are_not_converted(odd: Options, words: str, tmp_path: Path) -> None:
    """The image opens, for its pages can be read; nothing is left of the conversion; the message says which page."""
    description: Options = {"description": "ImageJ=1.54\nimages=4\nslices=4\n"}
    path = write(tmp_path / "a.tif", (GRAY, description), (GRAY + 1, {}), (GRAY + 2, odd), (GRAY + 3, {}))
    match = rf"a\.tif cannot be made one image: page 3 of 4 has .*{words}".replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(MixedPagesError, match=match):
        convert_image(path, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))
    with open_image(path) as image:
        assert sum(1 for _ in image.planes(image.series[0])) == 4
    assert pairs(path) == {"Meaning of the pixels": "differs between planes; the tags of each page say it"}


def stack(folder: Path, *planes: Options) -> list[tuple[dict[str, int | str], Path]]:
    """Files of one plane each, numbered along Z."""
    return [({"Z": z}, write(folder / f"s_z{z}.tif", (GRAY + z, options))) for z, options in enumerate(planes)]


@pytest.mark.parametrize(("odd", "words"), ODD)
def test_slices_that_mean_different_things_are_no_stack(odd: Options, words: str, tmp_path: Path) -> None:
    """Neither opened as one image nor converted."""
    files = stack(tmp_path, {}, {}, odd, {})
    match = rf"s_z2\.tif has .*{words}".replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(UnreadableImage, match=match):
        open_sequence(files, name="s")
    with pytest.raises(UnreadableImage, match=match):
        convert_sequence(files, tmp_path / "out", name="s")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_slices_with_tables_of_other_colours_are_no_stack(tmp_path: Path) -> None:
    """Along Z one value has to be one colour."""
    palette: Options = {"photometric": "palette"}
    files = stack(tmp_path, {**palette, "colormap": GREEN}, {**palette, "colormap": RED})
    with pytest.raises(MixedPagesError, match=r"s_z1\.tif has another table of 256 colours"):
        open_sequence(files, name="s")


def test_slices_of_other_depths_are_no_stack(tmp_path: Path) -> None:
    """10 bits and 12 bits in 16: a value of 1000 is near the top of one and a quarter of the other."""
    depth = "ImageJ=1.54\nimages=1\nBitsPerPixel = {}\n"
    files = stack(tmp_path, *({"description": depth.format(bits)} for bits in (12, 12, 10)))
    with pytest.raises(UnreadableImage, match=r"s_z2\.tif: the header .* 10 bits were acquired, that of s_z0\.tif 12"):
        open_sequence(files, name="s")


def test_a_stack_all_of_which_is_turned_over_is_one(tmp_path: Path) -> None:
    """Equal numbers mean the same in all of it."""
    white: Options = {"photometric": "miniswhite", **turned(4)}
    made = convert_sequence(stack(tmp_path, white, white), tmp_path / "out", name="s")
    assert [(one.photometric, one.orientation) for one in page_meanings(made.path) if one] == [(0, 4), (0, 4)]
    assert len(made.remarks) == 2


def test_each_channel_keeps_the_colour_that_it_is_shown_in(tmp_path: Path) -> None:
    """Microscopes export channels as palette images with a table from black to their colour."""
    tables = {0: GREEN, 1: RED}
    files: list[tuple[dict[str, int | str], Path]] = [
        ({"Z": z, "C": c}, write(tmp_path / f"z{z}c{c}.tif", (GRAY, {"photometric": "palette", "colormap": table})))
        for z in range(2)
        for c, table in tables.items()
    ]
    made = convert_sequence(files, tmp_path / "out", name="s")
    wanted = [tuple(tables[plane.coordinates["C"]].reshape(-1).tolist()) for plane in made.planes]
    assert [one.color_map for one in page_meanings(made.path) if one] == wanted
    assert [key for key in pairs(made.path) if key.startswith("Colour")] == [
        "Colour table of channel 0",
        "Colour table of channel 1",
    ]
    odd: Options = {"photometric": "palette", "colormap": ANY_COLORS}
    spoilt: list[tuple[dict[str, int | str], Path]] = [
        *files[:-1],
        ({"Z": 1, "C": 1}, write(tmp_path / "odd.tif", (GRAY, odd))),
    ]
    with pytest.raises(MixedPagesError, match="another table"):
        open_sequence(spoilt, name="s")


def test_channels_in_colours_of_no_order_are_no_image(tmp_path: Path) -> None:
    """Such a table names colours; a value is a number of one, another one in the other channel."""
    files: list[tuple[dict[str, int | str], Path]] = [
        ({"C": c}, write(tmp_path / f"c{c}.tif", (GRAY, {"photometric": "palette", "colormap": table})))
        for c, table in enumerate((GREEN, ANY_COLORS))
    ]
    with pytest.raises(MixedPagesError, match="in tables without order"):
        open_sequence(files, name="s")


def test_series_of_one_file_may_mean_what_they_like(tmp_path: Path) -> None:
    """A grey image and its white-is-zero mask are two images."""
    path = write(tmp_path / "a.tif", (GRAY, {}), (GRAY[:6], {"photometric": "miniswhite"}))
    with open_image(path) as image:
        seen = [meaning_of(image, series).first for series in image.series]
    assert [one.photometric for one in seen if one] == [1, 0]
    made = convert_image(path, tmp_path / "out")
    assert [one.remarks == () for one in made] == [True, False]


def test_a_tag_that_was_not_written_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is read again for what it says too."""
    original = ome_tiff.write_pages

    def forget(*arguments: Any, meaning: SeriesMeaning, **options: Any) -> Any:
        assert meaning.first is not None
        return original(*arguments, meaning=SeriesMeaning(channels={}), **options)

    monkeypatch.setattr(write_series, "write_pages", forget)
    # In this process, so that a test can meddle with it.
    monkeypatch.setattr("confocal_bag.image.worker.process.is_inside", lambda: True)
    with pytest.raises(CannotFinish, match="does not say what its pixels mean"):
        convert_image(write(tmp_path / "a.tif", (GRAY, {"photometric": "miniswhite"})), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real samples are not beside the checkout")
def test_real_channels_in_colours_of_their_own_become_one_image(tmp_path: Path) -> None:
    """Six planes that BigDataProcessor wrote, red and green."""
    folder = SAMPLES / "seq" / "bdp2_planes"
    files: list[tuple[dict[str, int | str], Path]] = [
        ({"Z": z, "C": c}, folder / f"mouse_Sequence_T0__z00{z}_c00{c}.tif") for z in (1, 2, 3) for c in (1, 2)
    ]
    made = convert_sequence(files, tmp_path, name="mouse")
    ends = [one.color_map[255::256] for one in page_meanings(made.path) if one]
    assert ends == [(65280, 0, 0), (0, 65280, 0)] * 3


def test_a_copy_of_more_bits_does_not_call_its_largest_value_black(tmp_path: Path) -> None:
    """No value of a page of one bit is 255; a copy of the copy says no more than there is, and both tell the bits."""
    made = converted(write(tmp_path / "mask.tif", (GRAY > 99, {"photometric": "miniswhite"})))
    assert any("cannot hold" in one and "WhiteIsZero" in one for one in made.remarks)
    with open_image(made.path) as image:
        assert describe_acquisition(image).images[0].pixels.significant_bits == 1
    again = converted(made.path)
    assert [one for one in again.remarks if "255" in one] == []
    said = pairs(again.path)
    assert (said["Photometric interpretation"], said["Bits of a stored sample"]) == ("WhiteIsZero (0)", "1")


@pytest.mark.parametrize(("bits", "dtype"), [(1, "?"), (4, "u1"), (12, "u2"), (8, "u1")])
def test_the_bits_of_a_stored_sample_are_significant_where_they_are_fewer(
    bits: int, dtype: str, tmp_path: Path
) -> None:
    """OME 2016-06 SignificantBits, by the tag BitsPerSample."""
    options = {"bitspersample": bits} if dtype != "?" and bits != 8 else {}
    path = write(tmp_path / "few.tif", ((GRAY % 2).astype(dtype), options))
    with open_image(path) as image:
        assert describe_acquisition(image).images[0].pixels.significant_bits == (None if bits == 8 else bits)


def test_a_table_from_dark_to_bright_is_a_way_to_show_and_no_remark(tmp_path: Path) -> None:
    """The values are intensities; the table is kept and the sidecar has it."""
    made = converted(write(tmp_path / "green.tif", (GRAY, {"photometric": "palette", "colormap": GREEN})))
    assert made.remarks == ()
    (page,) = page_meanings(made.path)
    assert page is not None
    assert page.photometric == 3


def test_pages_that_are_all_called_reduced_have_a_meaning(tmp_path: Path) -> None:
    """There is nothing that they are copies of."""
    path = write(tmp_path / "all.tif", *[(GRAY, {"photometric": "miniswhite", "subfiletype": 1})] * 2)
    assert [one.photometric for one in page_meanings(path) if one] == [0, 0]
    assert len(converted(path).planes) == 2
