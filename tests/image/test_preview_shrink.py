"""Planes are made smaller by exact means over areas."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.image.preview import shrink as module
from confocal_bag.image.preview.shrink import fitted_shape, shrink


def by_definition(values: npt.NDArray[Any], shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Every pixel cut into pieces that fit both grids; the mean of those that are numbers."""
    (rows, columns), (high, wide) = values.shape, shape
    pieces = np.repeat(np.repeat(values.astype(np.float64), high, axis=0), wide, axis=1)
    areas = pieces.reshape(high, rows, wide, columns).transpose(0, 2, 1, 3).reshape(high, wide, -1)
    finite = np.isfinite(areas)
    total, count = np.where(finite, areas, 0).sum(axis=2), finite.sum(axis=2)
    means: npt.NDArray[np.float64] = np.divide(total, count, out=np.full(shape, np.nan), where=count > 0)
    return means


@given(st.data())
def test_every_new_pixel_is_the_mean_of_its_area(data: st.DataObject) -> None:
    """Also where areas end within pixels, where pixels are no numbers, and where the plane is read in strips."""
    rows, columns = data.draw(st.integers(1, 24)), data.draw(st.integers(1, 24))
    shape = data.draw(st.integers(1, rows)), data.draw(st.integers(1, columns))
    values = np.random.default_rng(data.draw(st.integers(0, 99))).normal(50, 20, (rows, columns))
    if data.draw(st.booleans()):
        values[values < 45] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PER_STRIP", data.draw(st.sampled_from([1, 30, 1 << 20])))
        assert np.allclose(shrink(values, shape), by_definition(values, shape), rtol=1e-5, equal_nan=True)


def test_a_fine_grid_becomes_even_grey() -> None:
    """Lines one pixel apart do not become wide stripes."""
    grid = np.zeros((500, 500), np.uint8)
    grid[:, ::2] = 200
    small = shrink(grid, (50, 50))
    assert small.min() == small.max() == 100


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u4", ">f4", "f8", "c8"])
def test_every_kind_of_number_is_averaged(dtype: str) -> None:
    """Of complex numbers the magnitude; negative values stay negative."""
    values = np.array([[0, 1], [1, 0]]).astype(dtype)
    if np.dtype(dtype).kind in "ifc":
        values *= values.dtype.type(-4)
    expected = {"i": -2.0, "f": -2.0, "c": 2.0}.get(np.dtype(dtype).kind, 0.5)
    assert shrink(values, (1, 1)).tolist() == [[expected]]


def test_the_largest_numbers_stay_finite() -> None:
    """A mean that float32 cannot hold is cut to the largest it can."""
    assert np.isfinite(shrink(np.full((3, 3), 1e300), (2, 2))).all()


def test_the_copy_that_is_averaged_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more pixels are turned into floating point at once than a strip has."""
    seen = []
    original = module._numbers

    def watched(strip: npt.NDArray[Any]) -> Any:
        seen.append(strip.size)
        return original(strip)

    monkeypatch.setattr(module, "_PER_STRIP", 10_000)
    monkeypatch.setattr(module, "_numbers", watched)
    shrink(np.ones((1000, 700), np.uint16), (100, 70))
    assert max(seen) <= 10_000
    assert sum(seen) == 700_000


@pytest.mark.parametrize(
    ("plane", "picture"),
    [((512, 1024), (192, 384)), ((100, 50), (100, 50)), ((1, 5000), (1, 384)), ((9, 100_000), (1, 384))],
)
def test_pictures_keep_the_shape_of_the_plane(plane: tuple[int, int], picture: tuple[int, int]) -> None:
    """The longer side is what was asked for; small planes are left as they are."""
    assert fitted_shape(*plane, 384) == picture
