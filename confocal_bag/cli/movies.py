"""The movies of `confocal-bag sequences --movies`: one through the depth of each stack."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.cli.ending import say
from confocal_bag.cli.places import made_folder, refuse_inside_bag, refuse_inside_deposit
from confocal_bag.containment import lies_in
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.model import UnreadableImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confocal_bag.deposit.sequences import Sequence
    from confocal_bag.deposit.source import Deposit

__all__ = ["write_movies"]


def write_movies(deposit: Path, sequences: "Iterable[Sequence]", folder: Path) -> None:
    """Write a movie of each sequence with several places in depth, and say which stack has none and why.

    Raises `CannotFinish` where the folder lies in the deposit or in a bag, or a movie cannot be written.
    """
    from confocal_bag.deposit.source import open_deposit

    _refuse(folder, deposit)
    source = open_deposit(deposit)
    with made_folder(folder):
        for one in sequences:
            if "Z" in one.varying:
                say(f"{readable_path(_name(one))}: {_movie(source, one, folder)}", err=True)


def _movie(source: "Deposit", sequence: "Sequence", folder: Path) -> str:
    """Write one movie; what became of it, in words."""
    from confocal_bag.image.preview import StackFile, write_stack_movie

    files = [
        StackFile(path=source.local(PurePosixPath(file.path)), coordinates=file.coordinates) for file in sequence.files
    ]
    name = _name(sequence)
    try:
        made = write_stack_movie(name, files, folder, stem=name.replace("/", "_"))
    except UnreadableImage as problem:
        return f"no movie: {problem}"
    if made is None:
        return "no movie: it has no depth that can be shown"
    return "; ".join((f"{readable_path(made.path)}, {made.shows}, {made.bytes:,} bytes", *made.notes))


def _name(sequence: "Sequence") -> str:
    return "/".join(part for part in (sequence.folder, sequence.stem) if part) or "stack"


def _refuse(folder: Path, deposit: Path) -> None:
    shown = readable_path(folder)
    if lies_in(folder, deposit):
        raise CannotFinish(
            f"{shown} lies in {readable_path(deposit)}, which is never written to. Choose another place."
        )
    refuse_inside_bag(folder)
    refuse_inside_deposit(folder)
