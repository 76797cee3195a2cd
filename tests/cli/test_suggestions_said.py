"""`sequences --suggest` says what its table holds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recording import Ran


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["cell_z01.tif", "cell_z02.tif"], "No better name is suggested for any file; {table} holds its heading only."),
        ([f"cell_z{z}.tif" for z in range(1, 12)], "{table}: better names for 9 files. Nothing was renamed."),
    ],
)
def test_what_is_suggested_is_said(tmp_path: Path, run: Callable[..., Ran], names: list[str], said: str) -> None:
    """Nothing at all, too."""
    listing, table = tmp_path / "names.txt", tmp_path / "better.csv"
    listing.write_text("\n".join(names))
    ran = run("sequences", "--names-from", listing, "--suggest", table)
    assert ran.err == said.format(table=table) + "\n"
    assert table.read_text(encoding="utf-8-sig").startswith("old,new,why")
