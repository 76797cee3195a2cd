"""What each field of deposit.yaml is, with an example of a good answer and the level that needs it."""

from confocal_bag.deposit.description.dataset_fields import DATASET_FIELDS
from confocal_bag.deposit.description.field_help import GOOD, MINIMUM, MOST, FieldHelp
from confocal_bag.deposit.description.file_fields import FILE_FIELDS
from confocal_bag.deposit.description.microscope_fields import MICROSCOPE_FIELDS
from confocal_bag.deposit.description.sample_fields import SAMPLE_FIELDS
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["FIELD_HELP", "PARTS", "FieldHelp", "field_help", "needed_level"]

#: By the field's place without list positions: "creators.orcid".
FIELD_HELP: dict[str, FieldHelp] = {**DATASET_FIELDS, **SAMPLE_FIELDS, **MICROSCOPE_FIELDS, **FILE_FIELDS}

#: What levels ask for that is no field of its own, or that a field must hold besides: the level of each.
PARTS: dict[str, PracticeLevel] = {
    "protocols": MINIMUM,
    "transformed": GOOD,
    "transformed of everything": MOST,
    "metadata": MOST,
    "channels.probe RRID": MOST,
    "protocols.processing in detail": MOST,
}


def needed_level(key: str) -> PracticeLevel:
    """The least demanding level that needs a field or part; KeyError where none does."""
    level = PARTS.get(key) or FIELD_HELP[key].level
    if level is None:
        raise KeyError(key)
    return level


def field_help(path: str) -> FieldHelp | None:
    """The help for a field, by its place without list positions."""
    return FIELD_HELP.get(path)
