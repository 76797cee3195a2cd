"""The rules about deposits, family by family in the order of the report, and what each family looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.access import check_access
from confocal_bag.deposit.container_rules import check_containers
from confocal_bag.deposit.curation.finding_answers import settle_findings
from confocal_bag.deposit.curation.rules import check_curation
from confocal_bag.deposit.curation.study import CurationStudy
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.description.terms import untested_terms
from confocal_bag.deposit.description.written_terms import terms_at_hand
from confocal_bag.deposit.fair import FairResult, FairView, check_fair
from confocal_bag.deposit.image_rules import check_images
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.assess import LevelAssessment, check_level
from confocal_bag.deposit.ontology.table import TermTable, shipped_terms
from confocal_bag.deposit.privacy import check_gate, check_privacy
from confocal_bag.deposit.rules import check_deposit
from confocal_bag.deposit.sequences import SequenceReport, check_sequences
from confocal_bag.deposit.source import Deposit
from confocal_bag.deposit.zips.inner_files import InnerFiles
from confocal_bag.findings import Check, Finding
from confocal_bag.image.privacy import Search
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["FAMILIES", "Judged", "Seen", "judge"]

#: The outcome of the rules of a family, and what they found.
Judged = tuple[list[Check], list[Finding]]

#: Sequence rules that repeat, for images, what rules about the deposit say of all files.
_SAID_OF_EVERY_FILE = ("sequence.case-conflict", "sequence.junk-file")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that was seen of a deposit before it is judged. `aim` is the practice level that it is judged by, if any.

    `loaded` is its description, None where nobody has written one; `ontologies` are OBO files to test terms against.
    Dates are judged as of `today`, without it as of the day it is.
    """

    deposit: Deposit
    inventory: Inventory
    inner: tuple[InnerFiles, ...]
    personal: Mapping[PurePosixPath, Search]
    loaded: LoadedDescription | None
    sequences: SequenceReport
    level: LevelAssessment
    aim: PracticeLevel | None
    curation: CurationStudy
    ontologies: Sequence[Path] = ()
    today: date | None = None

    @property
    def description(self) -> Description | None:
        """What people say of the deposit."""
        return self.loaded.description if self.loaded else None

    @cached_property
    def known_terms(self) -> TermTable:
        """The terms that those of the description are held against."""
        return terms_at_hand(self.description, self.ontologies) if self.description else shipped_terms()

    @cached_property
    def privacy(self) -> Judged:
        """What the rules about personal data say of every file, those in zip files too."""
        every = replace(self.inventory, files=self.inventory.every)
        return check_privacy(every, self.personal, self.description)


def _deposit(seen: Seen) -> Judged:
    return check_deposit(seen.deposit, seen.inventory)


def _images(seen: Seen) -> Judged:
    return check_images(seen.deposit, seen.inventory)


def _sequences(seen: Seen) -> Judged:
    """What the sequence rules say beyond what the deposit's own rules say of every file."""
    checks, findings = check_sequences(seen.sequences)
    kept = [finding for finding in findings if finding.rule not in _SAID_OF_EVERY_FILE]
    return [check for check in checks if check.rule not in _SAID_OF_EVERY_FILE], kept


def _containers(seen: Seen) -> Judged:
    return check_containers(seen.deposit, seen.inventory, seen.inner)


def _privacy(seen: Seen) -> Judged:
    return seen.privacy


def _gate(seen: Seen) -> Judged:
    return check_gate(seen.loaded, seen.privacy[1])


def _description(seen: Seen) -> Judged:
    return check_description(seen.loaded, seen.inventory, seen.known_terms, seen.today) if seen.loaded else ([], [])


def _access(seen: Seen) -> Judged:
    return check_access(seen.loaded, seen.inventory, seen.today) if seen.loaded else ([], [])


def _level(seen: Seen) -> Judged:
    return check_level(seen.level, claimed=seen.aim)


def _curation(seen: Seen) -> Judged:
    return check_curation(seen.curation)


#: Every family but the last, the FAIR checklist, which looks at what all these found.
FAMILIES: tuple[Callable[[Seen], Judged], ...] = (
    _deposit,
    _images,
    _sequences,
    _containers,
    _privacy,
    _gate,
    _description,
    _access,
    _level,
    _curation,
)


def judge(seen: Seen) -> tuple[tuple[Check, ...], tuple[Finding, ...], tuple[FairResult, ...]]:
    """Run every rule about deposits: the outcome of each, what they found, and the FAIR checklist."""
    judged = settle_findings(seen.loaded, [family(seen) for family in FAMILIES])
    view = FairView(
        loaded=seen.loaded,
        inventory=seen.inventory,
        level=seen.level,
        findings=tuple(finding for _, findings in judged for finding in findings),
        untested_terms=untested_terms(seen.description, seen.known_terms) if seen.description else (),
    )
    checks, findings, fair = check_fair(view)
    judged.append((checks, findings))
    return (
        tuple(check for checks, _ in judged for check in checks),
        tuple(finding for _, findings in judged for finding in findings),
        fair,
    )
