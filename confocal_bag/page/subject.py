"""What somebody wants a page of: a bag, a deposit, or a saved run."""

from enum import StrEnum
from pathlib import Path, PurePosixPath

from confocal_bag.bag.source import open_source
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.image.formats import identify
from confocal_bag.remote.address import address_of

__all__ = ["SubjectForm", "look_at"]

_LOOKED_AT = 4096


class SubjectForm(StrEnum):
    """What a path holds."""

    BAG = "bag"
    DEPOSIT = "deposit"
    SAVED = "saved run"


def look_at(path: Path) -> SubjectForm:
    """Tell a bag, a deposit and a saved run apart, by content. Raises CannotFinish where there is nothing.

    What lies in a store is refused: a page shows pictures, and these need the files here.
    """
    if (address := address_of(path)) is not None:
        raise CannotFinish(
            f"{address} lies in a store, of which `report` makes no page. `confocal-bag validate ADDRESS -o page.html` "
            "makes one of a bag, without pictures, and `confocal-bag inspect ADDRESS -o page.html` one of a deposit."
        )
    try:
        if path.is_dir():
            return SubjectForm.BAG if (path / "bagit.txt").is_file() else SubjectForm.DEPOSIT
        with path.open("rb") as stream:
            begin = stream.read(_LOOKED_AT).lstrip()
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check the path.") from error
    if begin[:1] in (b"{", b"["):
        return SubjectForm.SAVED
    if identify(path).id != "zip":
        return SubjectForm.BAG
    with open_source(path) as source:
        return SubjectForm.BAG if any(_declares(name) for name in source.files) else SubjectForm.DEPOSIT


def _declares(name: str) -> bool:
    """Whether a name in an archive is that of a bag's declaration; some archives have the bag in a folder."""
    place = PurePosixPath(name)
    return place.name == "bagit.txt" and len(place.parts) <= 2
