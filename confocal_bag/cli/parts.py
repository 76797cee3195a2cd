"""The parts that `build --max-size` makes of a bag that is too large, in a folder beside it."""

import os
from pathlib import Path

import typer

from confocal_bag.cli.ending import say
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["refuse_parts", "split_if_larger"]


def refuse_parts(bag: Path, raw_url: str | None) -> None:
    """Say before the bag is built what would keep it from being split. Raises BadParameter and CannotFinish."""
    if raw_url is not None:
        raise typer.BadParameter("A bag whose raw files are kept elsewhere is not split; leave out one of the options.")
    if os.path.lexists(_parts_folder(bag)):
        raise CannotFinish(f"{readable_path(_parts_folder(bag))} exists and is never overwritten. Move it away.")


def split_if_larger(bag: Path, limit: int) -> None:
    """Make parts of a bag that has more than `limit` bytes; they share its files, so they cost no room."""
    from confocal_bag.bag.splitting.split import split_bag

    if sum(path.stat().st_size for path in bag.rglob("*") if path.is_file()) <= limit:
        return
    for part in split_bag(bag, _parts_folder(bag), max_size=limit, by_link=True):
        too_large = f": larger than {limit:,} bytes, for it holds one large file" if part.bytes > limit else ""
        say(f"Part {readable_path(part.path)}{too_large}", err=True)


def _parts_folder(bag: Path) -> Path:
    return bag.with_name(f"{bag.name}.parts")
