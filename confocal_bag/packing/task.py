"""One build: what it is made from, how, and what is said of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from confocal_bag import __version__
from confocal_bag.bag.writing.writer import BagWriter
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.ome_notes import file_entries
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import FileRecord
from confocal_bag.deposit.privacy.texts import redaction_sentence, texts_naming_people
from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.inspect import Inspection
from confocal_bag.plan import BagPlan
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["AGENT", "PackingTask"]

AGENT = f"confocal-bag {__version__}"


@dataclass(frozen=True, kw_only=True)
class PackingTask:
    """What one build is to do, `jobs` images at once. Nothing of it changes while the bag is made.

    `unpacking` lends the images inside zip files. With `raw_url` raw files are not copied, for they lie there.
    """

    inspection: Inspection
    plan: BagPlan
    writer: BagWriter
    unpacking: Unpacking
    level: PracticeLevel
    algorithms: Sequence[str]
    compression: str | None = None
    raw_url: str | None = None
    keep_personal: bool = False
    jobs: int = 1
    second_reader: bool = False
    date: datetime | None = None
    privacy_override: str | None = None
    begun: datetime = field(default_factory=lambda: datetime.now().astimezone())
    drawn: UUID = field(default_factory=uuid4)

    @property
    def moment(self) -> datetime:
        """When the bag is made: the given date, else the beginning of this run."""
        return self.date or self.begun

    def bag_uuid(self, rows: Sequence[InventoryRow]) -> UUID:
        """The identifier of the bag; for a given date one that follows from it and from the files that came in."""
        if self.date is None:
            return self.drawn
        received = sorted((row.path, sorted(row.digests.items())) for row in rows if row.origin)
        return uuid5(NAMESPACE_URL, f"{self.date.isoformat()} {json.dumps(received)}")

    @cached_property
    def described(self) -> tuple[FileRecord, ...]:
        """The files of the deposit, and the images in zip files that the bag describes."""
        return (*(copy.record for copy in self.plan.copies), *(one.record for one in self.plan.members))

    @cached_property
    def description(self) -> Description:
        """What is said of the deposit: its deposit.yaml, or the draft made from the headers."""
        said = (self.inspection.loaded or read_description(self.drafted_text)).description
        said = self._with_override(self._with_redaction(said))
        if self.raw_url is None or said.raw_location:
            return said
        # Where the raw files are is known then, whether or not deposit.yaml says it too.
        return said.model_copy(update={"raw_location": self.raw_url})

    @cached_property
    def drafted_text(self) -> str:
        """The description of a deposit that nobody has described."""
        from confocal_bag.deposit.description.draft import draft_description

        return draft_description(self.inspection.inventory, level=self.level)

    @cached_property
    def entries(self) -> FileEntries:
        """The entries of the description about files."""
        return file_entries(self.description)

    def _with_override(self, said: Description) -> Description:
        """The description with the reason for which personal data nobody had answered for were packed."""
        if not self.privacy_override:
            return said
        notes = f"Packed although nobody had answered for personal data in the files; reason: {self.privacy_override}"
        return said.model_copy(update={"privacy": said.privacy.model_copy(update={"notes": notes})})

    def _with_redaction(self, said: Description) -> Description:
        """The description with a sentence, if it has none, about what sidecars and converted copies leave out."""
        count = sum(bool(self.inspection.withheld(record)) for record in self.described)
        if self.keep_personal or said.privacy.redaction or not count:
            return said
        texts = texts_naming_people(self.inspection.inventory, self.inspection.personal, said)
        sentence = redaction_sentence(count, texts)
        return said.model_copy(update={"privacy": said.privacy.model_copy(update={"redaction": sentence})})
