"""A value has the same digits wherever people read it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.deposit.description.facts import number_text, rounded
from confocal_bag.deposit.exports.dimensions import short_number
from tests.recording import Ran

VALUES = st.floats(min_value=1e-6, max_value=1e12)


@given(VALUES)
def test_a_value_that_was_rounded_reads_as_the_one_it_was_rounded_from(value: float) -> None:
    """A header's value, and the one that deposit.yaml got from it."""
    assert number_text(value) == short_number(value) == number_text(rounded(value)) == short_number(rounded(value))
    assert abs(Decimal(number_text(value)) - Decimal(repr(value))) <= Decimal(repr(value)) * Decimal("0.000005")


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.968253968253968, "3.96825"), (3.96825, "3.96825"), (2.0000005, "2"), (0.1234565, "0.123456"), (12.0, "12")],
)
def test_six_digits_are_read_and_halves_go_to_the_even_one(value: float, text: str) -> None:
    """Of the decimal number that people would write, not of its binary neighbour; no zeros that say nothing."""
    assert number_text(value) == text


def test_inspect_and_the_draft_description_give_one_number(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Read from the header by the one, and rounded into deposit.yaml by the other."""
    (tmp_path / "deposit").mkdir()
    size_um = 3.968253968253968
    tifffile.imwrite(
        tmp_path / "deposit/a.ome.tif",
        np.zeros((8, 8), np.uint16),
        metadata={"axes": "YX", "PhysicalSizeX": size_um, "PhysicalSizeY": size_um},
    )
    shown = run("inspect", tmp_path / "deposit").out
    run("describe", tmp_path / "deposit")
    described = (tmp_path / "deposit.curation/deposit.yaml").read_text(encoding="utf-8")
    assert "3.96825 x 3.96825 µm" in shown
    assert "3.96825" in described
    assert "3.9683" not in shown + described
