"""Image-sequence file naming: which files are planes of one acquisition, and what is wrong with their names."""

from confocal_bag.deposit.sequences.completeness import completeness_sentence
from confocal_bag.deposit.sequences.document import as_json
from confocal_bag.deposit.sequences.find import find_sequences
from confocal_bag.deposit.sequences.grid import presence_grid
from confocal_bag.deposit.sequences.model import (
    AxisRange,
    Confidence,
    FileFacts,
    Sequence,
    SequenceFile,
    SequenceProblem,
    SequenceReport,
)
from confocal_bag.deposit.sequences.rules import check_sequences
from confocal_bag.deposit.sequences.suggest import Suggestion, suggest_names

__all__ = [
    "AxisRange",
    "Confidence",
    "FileFacts",
    "Sequence",
    "SequenceFile",
    "SequenceProblem",
    "SequenceReport",
    "Suggestion",
    "as_json",
    "check_sequences",
    "completeness_sentence",
    "find_sequences",
    "presence_grid",
    "suggest_names",
]
