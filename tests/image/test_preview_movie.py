"""The movie walks from the first plane to the last, loops, and stays small."""

import numpy as np
import pytest

from confocal_bag.image.preview import movie
from confocal_bag.image.preview.movie import chosen_depths, frame_shape
from tests.image.synthetic_series import frames_of, preview_of


def moving_spot(planes: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """A bright column that is one step further to the right in each plane."""
    values = np.zeros((planes, 30, planes), np.uint16)
    values[np.arange(planes), :, np.arange(planes)] = 500
    return values


def test_frames_go_from_the_first_plane_to_the_last() -> None:
    """One frame for each plane, in their order, and the loop has no end."""
    preview = preview_of(moving_spot(20), "ZYX")
    assert preview.movie is not None
    frames, header = frames_of(preview.movie)
    assert preview.movie_depths == tuple(range(20))
    assert len(frames) == 20
    assert header["loop"] == 0
    width = frames[0].shape[1] // 20
    places = [int(np.argmax(frame[0, :, 0])) // width for frame in frames]
    assert places == list(range(20))


def test_a_line_below_says_how_deep_the_frame_lies() -> None:
    """It grows to full width; so frames differ even where planes do not."""
    preview = preview_of(np.full((8, 64, 64), 3, np.uint8), "ZYX")
    assert preview.movie is not None
    frames, _ = frames_of(preview.movie)
    assert [int((frame[-1, :, 0] > 128).sum()) for frame in frames] == [32 * number for number in range(1, 9)]


@pytest.mark.parametrize("depth", [2, 3, 63, 64, 65, 500, 100_000])
def test_at_most_64_planes_are_chosen_evenly(depth: int) -> None:
    """The first and the last are among them, none comes twice, and gaps differ by one at most."""
    chosen = chosen_depths(depth)
    assert (chosen[0], chosen[-1]) == (0, depth - 1)
    assert len(chosen) == min(depth, 64)
    gaps = np.diff(chosen)
    assert gaps.min() >= 1
    assert gaps.max() - gaps.min() <= 1


def test_frames_have_the_colours_of_the_channels() -> None:
    """Green in the first plane, magenta in the last, dark where neither is."""
    values = np.zeros((2, 3, 40, 40), np.uint8)
    values[0, 0, :20], values[1, 2, 20:] = 200, 200
    preview = preview_of(values, "CZYX", colors=("#00FF00", "#FF00FF"))
    assert preview.movie is not None
    frames, _ = frames_of(preview.movie)
    assert np.abs(frames[0][5, 5].astype(int) - (0, 255, 0)).max() <= 8
    assert np.abs(frames[2][-10, 5].astype(int) - (255, 0, 255)).max() <= 8
    assert frames[1][:-4].max() <= 8


def test_a_noisy_stack_is_made_small_enough() -> None:
    """Noise does not compress: frames become smaller until a megabyte holds them, and none is left out."""
    noise = np.random.default_rng(1).integers(0, 4096, (64, 256, 256), dtype=np.uint16)
    preview = preview_of(noise, "ZYX", size=256)
    assert preview.movie is not None
    assert len(preview.movie) <= 1_000_000
    frames, _ = frames_of(preview.movie)
    assert len(frames) == 64
    assert frames[0].shape[1] >= 96


def test_frames_of_many_channels_fit_their_memory() -> None:
    """The more frames and channels, the smaller the frames that are held."""
    for planes in (1, 64, 64 * 32, 64 * 32 * 3):
        rows, columns = frame_shape(2048, 2048, size=384, planes=planes)
        assert rows * columns * planes * 4 <= 64 << 20
    assert frame_shape(2048, 1024, size=384, planes=64) == (256, 128)


def test_the_limit_is_what_makes_frames_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the same stack has larger frames."""
    values = np.random.default_rng(2).integers(0, 255, (8, 200, 200), dtype=np.uint8)
    large = preview_of(values, "ZYX").movie
    monkeypatch.setattr(movie, "_MOST_BYTES", 60_000)
    small = preview_of(values, "ZYX").movie
    assert large is not None
    assert small is not None
    assert len(small) <= 60_000 < len(large)
    assert frames_of(small)[0][0].shape[1] < frames_of(large)[0][0].shape[1] == 200
