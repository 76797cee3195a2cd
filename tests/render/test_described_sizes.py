"""Sizes that only deposit.yaml knows, wherever a report shows an image."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.inspect import inspect_deposit
from confocal_bag.page.page import Wanted, make_page
from confocal_bag.page.run import run_of
from confocal_bag.render.html import as_html

DESCRIPTION = """\
acquisitions:
- id: scan
  pixel_size_um: [0.25, 0.25]
  z_step_um: 1.5
files:
- path: {name}
  acquisition: scan
"""


def deposit_of(folder: Path, names: list[str]) -> Path:
    """Planes of 8 x 8 pixels whose headers record no size, described in one entry."""
    (folder / "deposit").mkdir(parents=True)
    (folder / "deposit.curation").mkdir()
    for number, name in enumerate(names):
        tifffile.imwrite(folder / "deposit" / name, np.full((8, 8), number, np.uint16), metadata=None)
    (folder / "deposit.curation/deposit.yaml").write_text(DESCRIPTION.format(name=names[0]))
    return folder / "deposit"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["cells.tif"], "pixel 0.25 x 0.25 µm (from deposit.yaml)"),
        (["cells_z1.tif", "cells_z2.tif"], "z step 1.5 µm (from deposit.yaml)"),
    ],
)
def test_the_page_shows_the_sizes_that_the_description_gives(tmp_path: Path, names: list[str], words: str) -> None:
    """Of a file, and of the stack that several files are; the header's own record stays empty."""
    deposit = deposit_of(tmp_path, names)
    report = inspect_deposit(deposit).report(str(deposit))
    (image,) = report.extra["files"][0]["images"]
    assert image["pixel_size_um"] == {"x": None, "y": None, "z": None}
    assert "pixel 0.25 x 0.25 µm (from deposit.yaml)" in image["dimensions"]
    assert words in as_html([make_page(run_of(report), deposit, wanted=Wanted(pictures=0))])


def test_without_a_description_the_size_is_not_recorded(tmp_path: Path) -> None:
    """Nothing is invented."""
    deposit = deposit_of(tmp_path, ["cells.tif"])
    (tmp_path / "deposit.curation/deposit.yaml").unlink()
    report = inspect_deposit(deposit).report(str(deposit))
    assert "pixel size not recorded" in report.extra["files"][0]["images"][0]["dimensions"]
