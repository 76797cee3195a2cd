"""Thumbnails, projections, composites: the right pixels in the right place in the right colour."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from confocal_bag.image.model import PixelSize, Plane, Series
from confocal_bag.image.preview import PreviewMaker
from confocal_bag.image.preview.colors import DEFAULT_PALETTE, channel_colors
from confocal_bag.image.preview.scale_bar import bar_length_um, bar_text
from confocal_bag.image.record import ImageRecord
from tests.image.synthetic_series import pixels_of, planes_of, preview_of, record_of, series_of


def ramp(*shape: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """Values that differ everywhere."""
    return np.arange(np.prod(shape), dtype=np.uint16).reshape(shape)


def corner(shape: tuple[int, int], place: tuple[slice, slice], dtype: str = "u2") -> np.ndarray[Any, Any]:
    """Dark but for one corner."""
    values = np.zeros(shape, dtype)
    values[place] = 100
    return values


@pytest.mark.parametrize("shape", [(64, 64), (600, 900)])
def test_a_bright_corner_stays_in_its_corner(shape: tuple[int, int]) -> None:
    """Nothing is mirrored, turned or exchanged, in pictures that are enlarged and in such that are made smaller."""
    values = corner(shape, (slice(0, shape[0] // 4), slice(-shape[1] // 4, None)))
    preview = preview_of(values[None, None, None], "TCZYX")
    for picture in (preview.channels[0].thumbnail, preview.composite):
        pixels = pixels_of(picture)
        rows, columns = pixels.shape[:2]
        assert (rows, columns) == ((384, 384) if shape == (64, 64) else (256, 384))
        assert pixels[: rows // 4 - 1, 3 * columns // 4 + 1 :].min() == 255
        assert pixels[rows // 4 + 1 :].max() == 0
        assert pixels[:, : 3 * columns // 4 - 1].max() == 0


def test_the_thumbnail_is_the_middle_and_the_projection_the_maximum() -> None:
    """Every plane has a spot of its own; the thumbnail shows one, the projection and the composite all."""
    values = np.zeros((5, 40, 50), np.uint16)
    for z in range(5):
        values[z, 5, 10 * z] = 1000
    preview = preview_of(values, "ZYX")
    channel = preview.channels[0]
    assert preview.thumbnail_depth == 2
    assert channel.projection is not None
    lit = {7 * 10 * z for z in range(5)}
    assert set(np.flatnonzero(pixels_of(channel.thumbnail)[38, ::7, 0]) * 7) == {7 * 20}
    assert set(np.flatnonzero(pixels_of(channel.projection)[38, ::7, 0]) * 7) == lit
    assert set(np.flatnonzero(pixels_of(preview.composite)[38, ::7, 0]) * 7) == lit
    assert any("plane 3 of 5 along Z" in note for note in preview.notes)


def test_a_single_plane_has_no_projection_and_no_movie() -> None:
    """They would show the thumbnail again."""
    preview = preview_of(ramp(1, 8, 8), "ZYX")
    assert preview.channels[0].projection is None
    assert preview.movie is None
    assert preview.movie_depths == ()


def test_channels_have_their_recorded_colours() -> None:
    """Each quarter is lit in one channel, and the last in all."""
    values = np.zeros((3, 40, 40), np.uint8)
    values[0, :20, :20] = values[1, :20, 20:] = values[2, 20:, :20] = values[:, 20:, 20:] = 200
    preview = preview_of(values, "CYX", colors=("#FF0000", "#00a000", "#0000FF"))
    pixels = pixels_of(preview.composite)
    assert pixels[10, 10].tolist() == [255, 0, 0]
    assert pixels[10, -10].tolist() == [0, 160, 0]
    assert pixels[-10, 10].tolist() == [0, 0, 255]
    assert pixels[-10, -10].tolist() == [255, 160, 255]
    assert [one.color for one in preview.channels] == ["#FF0000", "#00A000", "#0000FF"]
    assert all(one.color_is_recorded for one in preview.channels)
    assert pixels_of(preview.channels[0].thumbnail)[10, 10].tolist() == [255, 255, 255]


def test_faint_light_is_seen_on_grey() -> None:
    """Fluorescence adds to transmitted light, however faint it is, and no sum runs over into dark."""
    values = np.zeros((2, 40, 40), np.uint8)
    values[0, :20], values[0, 20:, :20] = 100, 50
    values[1, 20:], values[1, :, 0] = 40, 80
    pixels = pixels_of(preview_of(values, "CYX", colors=("#FFFFFF", "#00FF00")).composite)
    assert pixels[-5, 100].tolist() == [128, 255, 128]
    assert pixels[5, 100].tolist() == [255, 255, 255]
    assert pixels[5, 0].tolist() == [255, 255, 255]
    assert pixels[-5, -5].tolist() == [0, 128, 0]


def test_many_channels_do_not_burn_out() -> None:
    """Thirty white channels of half brightness are half bright together."""
    values = np.tile(np.array([0, 50, 100], np.uint8), (30, 20, 1))
    middle = pixels_of(preview_of(values, "CYX", colors=("#FFFFFF",) * 30).composite)
    assert middle[0, middle.shape[1] // 2].tolist() == [128, 128, 128]


def test_a_colour_that_is_not_recorded_is_said_to_be_ours() -> None:
    """It comes from the default palette, is none that another channel has, and black counts as none."""
    recorded = [None, DEFAULT_PALETTE[0].lower(), "#000000", "red"]
    colors = channel_colors(recorded)
    assert [one.is_recorded for one in colors] == [False, True, False, False]
    assert [one.color for one in colors] == [DEFAULT_PALETTE[number] for number in (1, 0, 2, 3)]
    preview = preview_of(ramp(2, 8, 8), "CYX", colors=(None, "#FF00FF"))
    assert [one.color_is_recorded for one in preview.channels] == [False, True]
    assert any("No colour is recorded for dye0; " in note for note in preview.notes)


def test_a_single_channel_of_no_colour_is_white() -> None:
    """Grey shows most."""
    assert channel_colors([None])[0].color == "#FFFFFF"


def test_red_green_and_blue_are_shown_as_they_are() -> None:
    """Samples of eight bits are not stretched, and the composite is the image."""
    values = np.zeros((40, 30, 3), np.uint8)
    values[:20] = (10, 60, 30)
    preview = preview_of(values, "YXS")
    for picture in (preview.channels[0].thumbnail, preview.composite):
        pixels = pixels_of(picture)
        assert pixels[0, 0].tolist() == [10, 60, 30]
        assert pixels[-1, 0].tolist() == [0, 0, 0]
    assert (preview.channels[0].low, preview.channels[0].high) == (0, 255)


def test_deep_colour_is_stretched_as_one() -> None:
    """Sixteen bits of red, green and blue share one range, so that hues stay."""
    values = np.zeros((40, 30, 3), np.uint16)
    values[:20] = (1000, 500, 0)
    pixels = pixels_of(preview_of(values, "YXS").composite)
    assert pixels[0, 0].tolist() == [255, 128, 0]


def test_transparency_is_left_out_and_said() -> None:
    """A fourth sample is no colour."""
    preview = preview_of(np.full((20, 20, 4), 7, np.uint8), "YXS")
    assert pixels_of(preview.composite)[0, 0].tolist() == [7, 7, 7]
    assert "Of 4 samples of each pixel the first three are shown." in preview.notes


def test_the_stretch_runs_from_percentile_to_percentile_of_the_whole_stack() -> None:
    """One hot pixel in ten thousand does not make everything else black, and one plane has the range of all."""
    values = np.tile(np.linspace(100, 200, 100), (2, 100, 1)).round().astype(np.uint16)
    values[1] += 100
    values[0, 0, 0], values[0, 0, 1] = 60000, 0
    channel = preview_of(values, "ZYX").channels[0]
    assert (channel.low, channel.high) == pytest.approx((100, 300), abs=2)
    middle = pixels_of(channel.thumbnail)[:, :, 0]
    assert (int(middle.min()), int(middle.max())) == pytest.approx((128, 255), abs=3)


def test_a_few_spots_on_an_even_ground_are_seen() -> None:
    """Where both percentiles are the ground the range is that of all values."""
    values = np.zeros((200, 200), np.uint16)
    values[100, 50] = 4
    preview = preview_of(values, "YX")
    assert (preview.channels[0].low, preview.channels[0].high) == (0, 4)
    assert pixels_of(preview.composite)[100, 50].tolist() == [255, 255, 255]
    assert any("percentiles" in note and "smallest to its largest" in note for note in preview.notes)


@pytest.mark.parametrize("value", [0, 7])
def test_a_constant_image_is_black_and_said(value: int) -> None:
    """There is no range to stretch."""
    preview = preview_of(np.full((9, 9), value, np.uint16), "YX")
    assert pixels_of(preview.composite).max() == 0
    assert any(f"is {value} everywhere" in note for note in preview.notes)


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "i2", "u4", "i4", ">u2", "f2", "f4", "f8", "c8", "c16"])
def test_every_type_of_number_is_shown(dtype: str) -> None:
    """Dark left, bright right; below zero as well."""
    values = np.tile(np.arange(40), (10, 1)) > 19
    numbers = values.astype(dtype)
    if np.dtype(dtype).kind in "if":
        numbers -= numbers.dtype.type(1)
    pixels = pixels_of(preview_of(numbers, "YX").composite)
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[0, -1].tolist() == [255, 255, 255]


def test_what_is_no_number_is_black_and_said() -> None:
    """NaN and infinite values change neither the range nor their neighbours."""
    values = np.tile(np.linspace(1, 2, 40), (40, 1))
    values[:10, -10:] = np.nan
    values[-10:, -10:] = np.inf
    preview = preview_of(values, "YX")
    pixels = pixels_of(preview.composite)
    assert pixels[0, -1].tolist() == pixels[-1, -1].tolist() == [0, 0, 0]
    assert pixels[pixels.shape[0] // 2, -1].tolist() == [255, 255, 255]
    assert (preview.channels[0].low, preview.channels[0].high) == pytest.approx((1, 2), abs=0.01)
    assert "Pixels that are no numbers (NaN, infinite) are shown black." in preview.notes


def test_an_image_without_any_number_is_black_and_said() -> None:
    """The range is not recorded rather than zero."""
    preview = preview_of(np.full((5, 5), np.nan), "YX", colors=("#FF0000",))
    assert preview.channels[0].low is None
    assert pixels_of(preview.composite).max() == 0
    assert "No pixel of dye0 is a number." in preview.notes


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (1, 3000), (3000, 1), (3, 40_000)])
def test_images_of_odd_shapes_can_be_seen(shape: tuple[int, int]) -> None:
    """No side is thinner than 16 pixels and none much longer than asked for."""
    pixels = pixels_of(preview_of(ramp(*shape), "YX").channels[0].thumbnail)
    assert min(pixels.shape[:2]) >= 16
    assert max(pixels.shape[:2]) <= 384


def test_only_the_first_time_point_is_shown_and_said() -> None:
    """The second has another spot, which no picture shows."""
    values = np.zeros((2, 10, 10), np.uint8)
    values[0, 0, 0] = values[1, 9, 9] = 200
    preview = preview_of(values, "TYX")
    pixels = pixels_of(preview.composite)
    assert (pixels[0, 0, 0], pixels[-1, -1, 0]) == (255, 0)
    assert "Only the first of 2 time points is shown." in preview.notes


def test_of_wavelength_steps_the_brightest_counts_and_of_phases_the_first() -> None:
    """A spot at any step is seen, one at the second phase is not; the notes say both."""
    values = np.zeros((3, 2, 10, 10), np.uint8)
    values[0, 0, 0, 0] = values[2, 0, 9, 0] = values[1, 1, 0, 9] = 200
    preview = preview_of(values, "LHYX")
    pixels = pixels_of(preview.composite)
    assert (pixels[0, 0, 0], pixels[-1, 0, 0], pixels[0, -1, 0]) == (255, 255, 0)
    assert "Of 3 wavelength steps the brightest is shown." in preview.notes
    assert "Only the first of 2 positions along axis H is shown." in preview.notes


def test_a_scan_without_y_is_shown_as_it_lies() -> None:
    """Rows of an xz scan run along Z; a stack of them goes through Y, and its bar measures X."""
    values = np.zeros((4, 30, 60), np.uint16)
    values[1, :10, :10] = 90
    series = series_of(values, "YZX")
    known = ImageRecord(
        series=0, name="xz", axes=series.axes, dtype="uint16", pixel_size_um=PixelSize(x=0.5, y=2.0, z=1.0)
    )
    maker = PreviewMaker(series, known)
    for plane in planes_of(values, series):
        maker.add(plane)
    preview = maker.finish()
    assert pixels_of(preview.composite)[0, 0].tolist() == [255, 255, 255]
    assert preview.movie_depths == (0, 1, 2, 3)
    assert preview.scale_bar_um == 10
    assert any("along Y" in note for note in preview.notes)
    assert any("not square" in note for note in preview.notes)


@pytest.mark.parametrize(
    ("columns", "pixel_um", "length_um"), [(96, 0.5, 10.0), (384, 0.1, 10.0), (1024, 0.2, 50.0), (2000, 0.0004, 0.2)]
)
def test_the_scale_bar_is_as_long_as_it_says(columns: int, pixel_um: float, length_um: float) -> None:
    """White pixels in the strip below, times micrometres of the image per pixel of the picture."""
    preview = preview_of(ramp(columns // 4, columns), "YX", pixel_um=pixel_um)
    assert preview.scale_bar_um == length_um
    pixels = pixels_of(preview.composite)
    image_rows = pixels_of(preview.channels[0].thumbnail).shape[0]
    strip = pixels[image_rows:, :, 0]
    row = strip[len(strip) // 2]
    bar = int(np.argmin(row[4:] > 0))
    assert row[:4].max() == 0
    assert bar * pixel_um * columns / 384 == pytest.approx(length_um, abs=pixel_um * columns / 384)
    assert strip[:, bar + 8 :].max() == 255


def test_the_text_of_the_scale_bar_is_there_and_sharp() -> None:
    """Letters are white on black without grey, and differ with the length."""
    strips = []
    for pixel_um in (0.1, 0.2):
        pixels = pixels_of(preview_of(ramp(20, 384), "YX", pixel_um=pixel_um).composite)[20:]
        assert set(np.unique(pixels)) == {0, 255}
        strips.append(pixels[:, 106:])
    assert not np.array_equal(strips[0], strips[1])


@pytest.mark.parametrize("pixel_um", [None, 0.0, -1.0, float("nan"), float("inf"), 1e308])
def test_without_a_pixel_size_there_is_no_scale_bar(pixel_um: float | None) -> None:
    """Nothing is invented; the composite has the size of the thumbnail."""
    preview = preview_of(ramp(20, 20), "YX", pixel_um=pixel_um)
    assert preview.scale_bar_um is None
    assert pixels_of(preview.composite).shape == pixels_of(preview.channels[0].thumbnail).shape
    assert any("no scale bar" in note for note in preview.notes)


def test_lengths_are_round_and_no_longer_than_a_third() -> None:
    """1, 2 or 5 times a power of ten, with the unit people use."""
    lengths = [bar_length_um(pixel_um, 300) for pixel_um in (0.0021, 0.01, 0.02, 0.05, 0.07, 1.0, 9.99, 20.0)]
    assert lengths == [0.2, 1.0, 2.0, 5.0, 5.0, 100.0, 500.0, 2000.0]
    assert [bar_text(one) for one in (0.2, 0.005, 1.0, 500.0, 2000.0)] == ["200 nm", "5 nm", "1 µm", "500 µm", "2 mm"]


def test_a_narrow_picture_gets_room_for_the_text() -> None:
    """The strip is wider than the image, which stays at its left."""
    pixels = pixels_of(preview_of(ramp(384, 20), "YX", pixel_um=1.0).composite)
    assert pixels.shape[1] > 40
    assert pixels[:384, 20:].max() == 0


def test_more_channels_than_can_be_told_apart_are_left_out_and_said() -> None:
    """Thirty-two are shown, whatever the header declares."""
    preview = preview_of(ramp(40, 4, 4), "CYX")
    assert len(preview.channels) == 32
    assert "Only the first 32 of 40 channels are shown." in preview.notes


def test_the_same_planes_give_the_same_bytes() -> None:
    """In any order: the pictures of planes that arrive backwards are the same."""
    values = np.random.default_rng(5).integers(0, 4000, (3, 2, 50, 70), dtype=np.uint16)
    series = series_of(values, "ZCYX")
    maker = PreviewMaker(series, record_of(series, 0.2))
    for plane in reversed(list(planes_of(values, series))):
        maker.add(plane)
    first, second, third = preview_of(values, "ZCYX", pixel_um=0.2), preview_of(values, "ZCYX", pixel_um=0.2), maker
    assert first == second
    assert third.finish().composite == first.composite


def test_planes_pass_through_while_they_are_watched() -> None:
    """The very same planes come out, and the preview is ready."""
    values = ramp(2, 3, 8, 8)
    series = series_of(values, "ZCYX")
    planes = list(planes_of(values, series))
    maker = PreviewMaker(series, record_of(series))
    assert [id(plane) for plane in maker.watch(planes)] == [id(plane) for plane in planes]
    assert maker.is_complete


def test_a_preview_of_some_planes_is_none() -> None:
    """A missing plane is not taken for a dark one, nor made up for by one that comes twice."""
    values = ramp(3, 8, 8)
    series = series_of(values, "ZYX")
    maker = PreviewMaker(series, record_of(series))
    first, second, _ = planes_of(values, series)
    for plane in (first, second, second):
        maker.add(plane)
    assert not maker.is_complete
    with pytest.raises(ValueError, match="planes of image 1 were not added: 1"):
        maker.finish()


def test_a_plane_of_another_shape_is_refused() -> None:
    """It is none of the series."""
    series = series_of(ramp(2, 8, 8), "ZYX")
    with pytest.raises(ValueError, match=r"shape \(8, 9\)"):
        PreviewMaker(series, record_of(series)).add(Plane(coordinates={"Z": 0}, pixels=ramp(8, 9)))


def test_memory_does_not_grow_with_the_stack() -> None:
    """A stack of 130 megabytes goes through a small part of that."""
    series = Series(index=0, name="deep", axes={"Z": 1000, "Y": 256, "X": 256}, dtype=np.dtype(np.uint16))

    def planes() -> Iterator[Plane]:
        for z in range(1000):
            yield Plane(coordinates={"Z": z}, pixels=np.full((256, 256), z, np.uint16))

    maker = PreviewMaker(series, record_of(series), 64)
    tracemalloc.start()
    try:
        for plane in planes():
            maker.add(plane)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
    assert maker.finish().channels[0].high == pytest.approx(998, abs=1)
