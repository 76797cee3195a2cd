"""Signs of values that were lost before: seen where they are, and nowhere else."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.open import open_image
from confocal_bag.image.signs import Sign, SignKind, color_signs, gray_signs, is_ordered_table
from confocal_bag.image.synthetic import cell_stack

Pixels = npt.NDArray[np.generic]


def kinds(path: Path) -> list[SignKind]:
    """The signs of the first image of a file."""
    with open_image(path) as image:
        return [sign.kind for sign in records(image, describe_acquisition(image), examine=True)[0].signs]


def cells() -> npt.NDArray[np.uint16]:
    """A plane of round cells, 12-bit values."""
    return np.asarray(cell_stack(planes=3, size=200)[1, 0], dtype=np.uint16)


def eight_bits() -> npt.NDArray[np.uint8]:
    """The cells as an 8-bit detector takes them."""
    return (cells() >> 4).astype("u1")


def gradient_table(*, green: bool = True) -> npt.NDArray[np.uint16]:
    """A look-up table from black to one colour."""
    ramp = np.arange(256, dtype="u2") * 257
    return np.stack([np.zeros_like(ramp), ramp if green else np.zeros_like(ramp), ramp])


def test_plain_acquisitions_show_nothing() -> None:
    """8-bit and 12-bit values as detectors give them."""
    assert list(gray_signs(eight_bits())) == []
    assert list(gray_signs(cells())) == []


def test_twelve_bits_moved_to_the_top_lose_nothing() -> None:
    """Multiples of 16 are how some cameras store 12 bits."""
    assert list(gray_signs(cells() << 4)) == []


@pytest.mark.parametrize("factor", [256, 257])
def test_eight_bits_in_sixteen_are_seen(factor: int) -> None:
    """Both ways of making 16 bits of 8."""
    (sign,) = gray_signs(eight_bits().astype("u2") * np.uint16(factor))
    assert (sign.kind, str(factor) in sign.evidence) == (SignKind.BIT_DEPTH, True)


@pytest.mark.parametrize("factor", [1.4, 2.0, 3.1])
def test_a_stretched_histogram_is_seen(factor: float) -> None:
    """Contrast was changed in the pixels: some levels never occur."""
    stretched = np.clip(eight_bits() * factor, 0, 255).astype("u1")
    assert [sign.kind for sign in gray_signs(stretched)] == [SignKind.GAPS]


def test_few_levels_are_no_comb() -> None:
    """A mask or a label image has gaps by its nature."""
    labels = np.repeat(np.arange(0, 120, 12, dtype="u1"), 400).reshape(40, 100)
    assert list(gray_signs(labels)) == []
    assert list(gray_signs(np.zeros((40, 40), "u1"))) == []


@pytest.mark.parametrize("samples", [(0,), (0, 1), (1, 2)])
def test_pure_colours_are_seen(samples: tuple[int, ...]) -> None:
    """No camera gives a picture without any blue at all."""
    plane = np.zeros((200, 200, 3), "u1")
    for number in samples:
        plane[..., number] = eight_bits()
    (sign,) = color_signs(plane)
    assert sign.kind is SignKind.COMPOSITE


def test_a_colour_picture_is_no_composite() -> None:
    """Three samples with light in each say nothing; nor does an empty picture."""
    picture = np.random.default_rng(1).integers(1, 255, (40, 40, 3)).astype("u1")
    assert list(color_signs(picture)) == []
    assert list(color_signs(np.zeros((40, 40, 3), "u1"))) == []


def test_look_up_tables_are_ordered_and_palettes_are_not() -> None:
    """Dark to bright, back, smooth through the colours, with marked ends; random colours are a palette."""
    ramp = gradient_table()
    marked = ramp.copy()
    marked[:, 0], marked[:, -1] = (0, 0, 65535), (65535, 0, 0)
    hue = np.linspace(0, 2 * np.pi, 256)
    spectrum = np.stack([np.cos(hue + shift) * 32767 + 32767 for shift in (0, 2, 4)]).astype("u2")
    for table in (ramp, ramp[:, ::-1], marked, spectrum):
        assert is_ordered_table(table)
    assert not is_ordered_table(np.random.default_rng(3).integers(0, 65535, (3, 256)).astype("u2"))


def test_a_palette_tiff_is_seen_and_a_look_up_table_is_not(tmp_path: Path) -> None:
    """ImageJ keeps the colour of a channel as a table in the file."""
    random = np.random.default_rng(3).integers(0, 65535, (3, 256)).astype("u2")
    for name, table in (("palette", random), ("green", gradient_table())):
        tifffile.imwrite(tmp_path / f"{name}.tif", eight_bits(), photometric="palette", colormap=table)
    assert kinds(tmp_path / "palette.tif") == [SignKind.PALETTE]
    assert kinds(tmp_path / "green.tif") == []


INFOS: list[tuple[str, bool]] = [
    ("BitsPerPixel = 12\n", True),
    ("Information|Image|ComponentBitCount #1 = 12\n", True),
    ("[Acquisition] ValidBitCounts = 12\n", True),
    ("BitsPerPixel = 8\n", False),
    ("BitsPerPixel = 8\nDataChannel BitsPerSample #1 = 12\n", False),
    ("Note = 12 cells\n", False),
]


@pytest.mark.parametrize(("info", "seen"), INFOS)
def test_a_header_that_remembers_twelve_bits_is_believed_when_it_is_clear(
    *, info: str, seen: bool, tmp_path: Path
) -> None:
    """ImageJ carries the header of the acquisition along; where it says two things nothing is claimed."""
    path = tmp_path / "export.tif"
    tifffile.imwrite(path, eight_bits(), imagej=True, metadata={"axes": "YX", "Info": info})
    assert (kinds(path) == [SignKind.BIT_DEPTH]) is seen


def test_sixteen_bit_files_of_twelve_bit_acquisitions_lost_nothing(tmp_path: Path) -> None:
    """That is what they are for."""
    path = tmp_path / "whole.tif"
    tifffile.imwrite(path, cells(), imagej=True, metadata={"axes": "YX", "Info": "BitsPerPixel = 12\n"})
    assert kinds(path) == []


def test_original_metadata_in_ome_xml_tells_too(tmp_path: Path) -> None:
    """Bio-Formats keeps the vendor's keys as pairs."""
    path = tmp_path / "export.ome.tif"
    tifffile.imwrite(path, eight_bits(), ome=True, metadata={"axes": "YX"})
    with tifffile.TiffFile(path) as tiff:
        xml = tiff.ome_metadata or ""
    pair = (
        "<StructuredAnnotations><XMLAnnotation ID='Annotation:0' Namespace='x'><Value><OriginalMetadata>"
        "<Key>Image|ComponentBitCount</Key><Value>12</Value></OriginalMetadata></Value></XMLAnnotation>"
        "</StructuredAnnotations></OME>"
    )
    tifffile.imwrite(path, eight_bits(), description=xml.replace("</OME>", pair), metadata=None)
    assert kinds(path) == [SignKind.BIT_DEPTH]


def test_signs_compare_by_what_they_say() -> None:
    """They are plain values."""
    options: dict[str, Any] = {"kind": SignKind.GAPS, "evidence": "x"}
    assert Sign(**options) == Sign(**options)


def test_what_has_to_be_understood_is_not_called_lost() -> None:
    """A negative has all its values."""
    lost = {SignKind.PALETTE, SignKind.BIT_DEPTH, SignKind.GAPS, SignKind.COMPOSITE}
    assert {kind for kind in SignKind if kind.is_loss} == lost
