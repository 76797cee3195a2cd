"""All that was found out about a deposit, and its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from confocal_bag.deposit.curation.study import CurationStudy
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.exports.described_sizes import SizesSaid
from confocal_bag.deposit.fair import FairResult
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment
from confocal_bag.deposit.sequences import SequenceReport, as_json
from confocal_bag.deposit.source import Deposit
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.findings import Check, Finding, Report
from confocal_bag.image.privacy import Search
from confocal_bag.image.privacy.withhold import withheld_fields
from confocal_bag.inspect.file_document import file_document, summarize_files
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["DescriptionFile", "Inspection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionFile:
    """A description as it was read, once; `place` is its path in the deposit, None when it lies elsewhere."""

    path: Path
    content: bytes
    place: PurePosixPath | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that was found out about a deposit.

    `described` is None when nobody has described it yet; `aim` is the practice level it was judged by, if any.
    `personal` holds what each file records of people, `inner` what its zip files hold, `curation` the answers to the
    primer's decision tree and key questions, `fair` the FAIR checklist, `curation_log` what the curators did, None
    where nobody has written one.
    """

    deposit: Deposit
    inventory: Inventory
    described: "DescriptionFile | None"
    aim: PracticeLevel | None
    loaded: LoadedDescription | None
    sequences: SequenceReport
    level: LevelAssessment
    personal: Mapping[PurePosixPath, Search]
    inner: tuple[InnerFiles, ...]
    curation: CurationStudy
    fair: tuple[FairResult, ...]
    curation_log: bytes | None
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    def report(self, subject: str) -> Report:
        """The inspection as a report, with the keys that `inspect --format json` promises."""
        sequences = as_json(self.sequences)
        said = SizesSaid(self.loaded.description if self.loaded else None)
        return Report(
            command="inspect",
            subject=subject,
            checks=self.checks,
            findings=self.findings,
            summary=summarize_files(self.inventory),
            extra={
                "files": [file_document(record, said) for record in self.inventory.files],
                "inner_files": [file_document(record, said) for one in self.inner for record in one.images],
                "left_out": [{"path": str(one.path), "reason": one.reason} for one in self.inventory.left_out],
                **sequences,
                "level": self.level_document,
                **self.curation.as_document(),
                "fair": self.fair_document,
            },
        )

    def withheld(self, record: FileRecord) -> list[str]:
        """The fields of an image's header that sidecars and converted copies leave out, by their paths."""
        search = self.personal.get(record.path)
        return withheld_fields(search.fields) if search and record.images else []

    @property
    def fair_document(self) -> list[Mapping[str, Any]]:
        """The FAIR checklist, as values that JSON can hold."""
        return [one.as_document() for one in self.fair]

    @property
    def level_document(self) -> Mapping[str, Any]:
        """The level that is reached, and what each level still needs, as values that JSON can hold."""
        return {
            "reached": self.level.reached.value if self.level.reached else None,
            "missing": {
                level.value: [
                    {"field": one.field, "fields": list(one.fields), "message": one.message, "remedy": one.remedy}
                    for one in missing
                ]
                for level, missing in self.level.missing.items()
            },
        }
