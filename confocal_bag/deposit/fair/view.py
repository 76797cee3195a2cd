"""What the FAIR tests look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment
from confocal_bag.findings import Finding, Severity
from confocal_bag.image.formats import Kind
from confocal_bag.vocabulary import PracticeLevel, Tier

__all__ = ["FairView"]

_DATA_TIERS = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)


@dataclass(frozen=True, kw_only=True)
class FairView:
    """A deposit, its description (None where nobody has written one), its level, and what the other rules found.

    `untested_terms` are the ontology terms that nothing at hand can look up.
    """

    loaded: LoadedDescription | None
    inventory: Inventory
    level: LevelAssessment
    findings: Sequence[Finding]
    untested_terms: Sequence[str] = ()

    @cached_property
    def said(self) -> Description:
        """The description; an empty one where there is none."""
        return self.loaded.description if self.loaded else Description()

    @cached_property
    def data(self) -> list[FileRecord]:
        """The files that hold data."""
        return [file for file in self.inventory.files if file.tier in _DATA_TIERS]

    @cached_property
    def packed(self) -> list[FileRecord]:
        """The images inside zip files that hold data."""
        return [file for file in self.inventory.inner if file.tier in _DATA_TIERS]

    @cached_property
    def images(self) -> list[FileRecord]:
        """The image files of the deposit, those in zip files too; of a set of files the one that stands for it."""
        data = (*self.data, *self.packed)
        return [one for one in data if one.format.kind is Kind.IMAGE and one.set_head in (None, one.path)]

    @cached_property
    def lacking(self) -> Mapping[PurePosixPath, str]:
        """The metadata documents that no build could write from the description, each with what is missing."""
        from confocal_bag.deposit.exports.documents import lacking

        return lacking(self.said)

    def found(self, *rules: str) -> list[Finding]:
        """What the rules with these ids found, but for what is only for information."""
        return [one for one in self.findings if one.rule in rules and one.severity is not Severity.INFO]

    def missing(self, *sections: str, level: PracticeLevel = PracticeLevel.MINIMUM) -> list[str]:
        """The fields of these sections of deposit.yaml that a practice level still needs."""
        fields = [one.field for one in self.level.missing[level]]
        return [name for name in fields if name.replace("[", ".").partition(".")[0] in sections or name in sections]
