"""Where nothing may be written: in bags, among a depositor's files, over what is read; and folders that are missing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from confocal_bag.containment import folders_around, lies_in
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["made_folder", "refuse_inside_bag", "refuse_inside_deposit", "refuse_place"]


def refuse_place(output: Path, inputs: Iterable[Path] = ()) -> None:
    """Refuse to write a file or folder into a bag or a deposit, over an input, into one, or into a folder with one.

    Raises `CannotFinish`.
    """
    refuse_inside_bag(output)
    refuse_inside_deposit(output)
    shown = readable_path(output)
    for one in inputs:
        is_around = lies_in(one.resolve(), output)
        if lies_in(output, one):
            if is_around:
                raise CannotFinish(f"{shown} is itself what is read. Choose another place.")
            raise CannotFinish(f"{shown} lies in {readable_path(one)}, which is only read. Choose another place.")
        if is_around:
            raise CannotFinish(
                f"{shown} holds {readable_path(one)}, and nothing is written beside a depositor's files. "
                "Name another folder; one that does not exist yet is made."
            )


def refuse_inside_bag(output: Path) -> None:
    """Refuse to write anything new into a bag. Raises `CannotFinish`."""
    if any((folder / "bagit.txt").is_file() for folder in folders_around(output)):
        raise CannotFinish(
            f"{readable_path(output)} lies inside a bag, which is never written to. Choose another place."
        )


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """The folder and those above it are made where they are missing, and removed again where the work fails.

    Raises `CannotFinish` where they cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise CannotFinish(f"{readable_path(folder)} is a file; a folder was expected there.") from None
    except OSError as error:
        shown = readable_path(folder)
        raise CannotFinish(f"{shown} cannot be made: {error.strerror}. Choose another folder.") from error
    try:
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):  # somebody else put something into it
                one.rmdir()
        raise
