"""What is kept of a shipment: what was sent where, by which digests, and how its arrival was proven."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confocal_bag import __version__
from confocal_bag.findings import one_line, readable_path

__all__ = ["Receipt", "Shipped", "receipt_document", "receipt_lines", "receipt_text", "receipt_warnings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One file at its destination. `sent` is false for one that was there already and is the same.

    `proof` says how the copy was found equal: by the checksum that the store computed, or by reading it back.
    """

    name: str
    size: int
    digests: Mapping[str, str]
    sent: bool
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A bag that arrived; `files` are named below `destination`, `removed` are those of the bag it replaced.

    `is_draft` says that the bag calls itself a draft, which is kept but not published.
    """

    bag: str
    destination: str
    form: str
    begun: datetime
    ended: datetime
    files: tuple[Shipped, ...]
    removed: tuple[str, ...] = ()
    is_draft: bool = False

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(one.size for one in self.files)


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """The receipt as values that JSON can hold."""
    return {
        "record": 1,
        "tool": {"name": "confocal-bag", "version": __version__},
        "command": "ship",
        "subject": receipt.bag,
        "destination": receipt.destination,
        "form": receipt.form,
        "draft": receipt.is_draft,
        "warnings": receipt_warnings(receipt),
        "begun": receipt.begun.isoformat(timespec="seconds"),
        "ended": receipt.ended.isoformat(timespec="seconds"),
        "bytes": receipt.size,
        "files": [
            {
                "name": readable_path(one.name),
                "bytes": one.size,
                "digests": dict(one.digests),
                "sent": one.sent,
                "proof": one.proof,
            }
            for one in receipt.files
        ],
        "removed": [readable_path(name) for name in receipt.removed],
    }


def receipt_text(receipt: Receipt) -> str:
    """The receipt for people, ending in one line per file and digest: algorithm, digest, name."""
    lines = [
        f'Receipt of "confocal-bag" {__version__}',
        *receipt_lines(receipt),
        *(f"Removed      {readable_path(name)}" for name in receipt.removed),
        "",
        *(
            f"{algorithm}  {digest}  {readable_path(one.name)}"
            for one in receipt.files
            for algorithm, digest in one.digests.items()
        ),
    ]
    return "".join(f"{one_line(line)}\n" for line in lines)


def receipt_lines(receipt: Receipt) -> list[str]:
    """The receipt in short: what went where, in which form, and how its arrival was proven."""
    sent = sum(one.sent for one in receipt.files)
    there = len(receipt.files) - sent
    proofs = Counter(one.proof for one in receipt.files)
    return [
        f"Bag          {receipt.bag}",
        f"Destination  {receipt.destination}",
        f"Form         {receipt.form}",
        f"Begun        {receipt.begun.isoformat(timespec='seconds')}",
        f"Ended        {receipt.ended.isoformat(timespec='seconds')}",
        f"Files        {len(receipt.files):,}; {sent:,} sent, {there:,} there already; {receipt.size:,} bytes",
        f"Proven by    {'; '.join(f'{proof}: {number:,}' for proof, number in sorted(proofs.items()))}",
        *(f"Warning      {warning}" for warning in receipt_warnings(receipt)),
    ]


def receipt_warnings(receipt: Receipt) -> list[str]:
    """What whoever sent the bag has to know before others get it."""
    if not receipt.is_draft:
        return []
    return [
        "The bag is a draft ('Confocal-Draft: true'); do not publish it. "
        "Build it again when the description is complete, and send that bag."
    ]
