"""Find files that hold the same bytes among those of one size, for a letter that is written before all are hashed."""

import hashlib
from collections import Counter
from dataclasses import replace

from confocal_bag.deposit.curation.finding_answers import settle_findings
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.rules import DepositContext
from confocal_bag.deposit.source import Deposit
from confocal_bag.findings import RULES, CannotFinish, Finding, readable_path, run_rules
from confocal_bag.image.regular_file import open_regular

__all__ = ["find_copies"]


def find_copies(deposit: Deposit, inventory: Inventory, loaded: LoadedDescription | None) -> list[Finding]:
    """What the rule about equal files finds, answers taken in; only files of one size are read.

    Raises `CannotFinish` where one cannot be read.
    """
    sizes = Counter(one.bytes for one in inventory.files)
    files = tuple(_hashed(deposit, one) if one.bytes and sizes[one.bytes] > 1 else one for one in inventory.files)
    if not any(one.digests for one in files):
        return []
    context = DepositContext(deposit=deposit, inventory=replace(inventory, files=files))
    judged = run_rules([RULES["deposit.same-content"]], context)
    return settle_findings(loaded, [judged])[0][1]


def _hashed(deposit: Deposit, record: FileRecord) -> FileRecord:
    if "sha256" in record.digests:
        return record
    path = deposit.local(record.path)
    try:
        with open_regular(path) as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise CannotFinish(f"{readable_path(path)} cannot be read: {error.strerror}. Check its permissions.") from error
    return replace(record, digests={**record.digests, "sha256": digest})
