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


def test_the_same_table_may_be_asked_for_again(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """One that somebody worked on, or of other names, is not replaced, and neither is a file of something else."""
    listing, table = tmp_path / "names.txt", tmp_path / "better.csv"
    listing.write_text("\n".join(f"cell_z{z}.tif" for z in range(1, 12)))
    assert run("sequences", "--names-from", listing, "--suggest", table).code == 0
    again = run("sequences", "--names-from", listing, "--suggest", table)
    assert (again.code, again.err) == (0, f"{table}: better names for 9 files. Nothing was renamed.\n")
    for content, said in ((table.read_bytes() + b"mine,,", "holds other names"), (b"mine", "is not a report")):
        table.write_bytes(content)
        ran = run("sequences", "--names-from", listing, "--suggest", table)
        assert (ran.code, said in ran.err) == (3, True), ran.err
        assert table.read_bytes() == content
