"""Search every file of a deposit for personal data, once."""

from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.privacy.packed import can_open, search_packed
from confocal_bag.deposit.source import Deposit
from confocal_bag.findings import readable_path
from confocal_bag.image import worker
from confocal_bag.image.formats import Kind
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.privacy import PersonalKind, Search, search_file
from confocal_bag.image.privacy.collected import Collected

__all__ = ["search_deposit"]

_HEADED = (Kind.IMAGE, Kind.COMPANION)
#: The description is written to name people, but no patients.
_OWN_FILES = ("deposit.yaml",)


def search_deposit(deposit: Deposit, inventory: Inventory, *, jobs: int = 1) -> dict[PurePosixPath, Search]:
    """What every file of a deposit records of people, of `jobs` files at once.

    Headers and the ends of files are read, and of what is packed, no pixels.
    """
    records = [one for one in inventory.files if one.bytes]
    searches = worker.in_order(partial(_search, deposit), records, jobs=jobs)
    return {record.path: search for record, search in zip(records, searches, strict=True)}


def _search(deposit: Deposit, record: FileRecord) -> Search:
    """The search of one file: of a binary header, and of what is packed, in a guarded process."""
    lies = deposit.local(record.path)
    try:
        if record.format.kind in _HEADED:
            search = worker.run(search_file, lies, record.format)
        else:
            search = search_file(lies, record.format)
        if can_open(record.format):
            search = _with_packed(search, worker.run(search_packed, lies, record.format))
    except UnreadableImage as error:
        search = Search(problem=str(error))
    if record.path.name in _OWN_FILES:
        patients = tuple(one for one in search.fields if one.kind is PersonalKind.SUBJECT)
        return Search(fields=patients, problem=search.problem)
    if search.problem is None:
        return search
    # What is kept in the bag names the file as the depositor knows it, not where it lies on this machine.
    return replace(search, problem=search.problem.replace(readable_path(lies), readable_path(record.path)))


def _with_packed(of_file: Search, of_content: Search) -> Search:
    """The search of what is packed in a file, with what the bytes of the file itself show beyond it."""
    collected = Collected()
    collected.take(of_content.fields)
    collected.take_untold(of_file.fields)
    return replace(of_content, fields=collected.fields)
