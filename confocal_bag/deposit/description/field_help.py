"""What is told of one field of deposit.yaml."""

from dataclasses import dataclass

from confocal_bag.vocabulary import PracticeLevel

__all__ = ["GOOD", "MINIMUM", "MOST", "FieldHelp", "told"]

MINIMUM, GOOD, MOST = PracticeLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHelp:
    """Help for one field. `level` is the least demanding level that needs it; None where none does.

    The levels are judged by the same value: see `needed_level`.
    """

    meaning: str
    example: str
    level: PracticeLevel | None
    condition: str = ""

    @property
    def needed_for(self) -> str:
        """The level in words."""
        return f"needed for: {self.level}{self.condition}" if self.level else f"optional{self.condition}"


def told(meaning: str, example: str, level: PracticeLevel | None = None, condition: str = "") -> FieldHelp:
    """The help for a field: what belongs there, an example, the level, and on which condition it is needed."""
    return FieldHelp(meaning=meaning, example=example, level=level, condition=condition)
