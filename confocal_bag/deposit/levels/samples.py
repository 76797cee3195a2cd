"""What each practice level asks of the samples: a minimal, plain or detailed sample description."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.description.fields import field_help
from confocal_bag.deposit.description.model import Description, Specimen
from confocal_bag.deposit.levels.assess import Missing
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["needed", "sample_needs"]


def needed(field: str, message: str, remedy: str | None = None) -> Missing:
    """Something missing; without a remedy, the field's help is what to do."""
    help_text = field_help(re.sub(r"\[\d+\]", "", field))
    if remedy is None and help_text is not None:
        example = f", for example: {help_text.example}" if help_text.example else ""
        remedy = f"Fill in `{field}` in deposit.yaml{example}"
    return Missing(
        field=field,
        message=message,
        remedy=(remedy or f"Fill in `{field}` in deposit.yaml").rstrip(".") + ".",
    )


def sample_needs(description: Description, level: PracticeLevel) -> Iterator[Missing]:
    """What this level asks of the samples that no lower level does, and that is missing."""
    if level is PracticeLevel.MINIMUM:
        yield from _minimum_samples(description)
    elif level is PracticeLevel.GOOD_ENOUGH:
        yield from _good_samples(description)
    else:
        yield from _most_samples(description)


def _minimum_samples(description: Description) -> Iterator[Missing]:
    if not description.specimens:
        yield needed("specimens[0].organism.name", "No specimen is described: what was imaged is not recorded.")
    for index, specimen in enumerate(description.specimens):
        name, known_as = f"specimens[{index}]", _called(specimen, index)
        if not says_something(specimen.organism.name) and not says_something(specimen.material.name):
            yield needed(f"{name}.organism.name", f"The organism or material of {known_as} is not recorded.")
        if not says_something(specimen.origin):
            yield needed(f"{name}.origin", f"The origin of {known_as} is not recorded.")


def _called(specimen: Specimen, index: int) -> str:
    return f"specimen {specimen.id or index + 1}"


def _good_samples(description: Description) -> Iterator[Missing]:
    for index, specimen in enumerate(description.specimens):
        name, known_as = f"specimens[{index}]", _called(specimen, index)
        if says_something(specimen.material.name):
            continue
        parts = (specimen.cell_type.name, specimen.tissue.name, specimen.component.name)
        if not any(map(says_something, parts)):
            yield needed(
                f"{name}.cell_type.name",
                f"The cell type, tissue or cellular component of {known_as} is not recorded.",
            )
        if specimen.live:
            continue
        if not says_something(specimen.fixation.name) and not says_something(specimen.fixation.protocol):
            yield needed(f"{name}.fixation.name", f"The fixation of {known_as} is not recorded, nor that it was live.")
        if not says_something(specimen.sectioning.method) and specimen.sectioning.thickness_um is None:
            yield needed(f"{name}.sectioning.method", f"Whether and how {known_as} was sectioned is not recorded.")


def _most_samples(description: Description) -> Iterator[Missing]:
    for index, specimen in enumerate(description.specimens):
        name, known_as = f"specimens[{index}]", _called(specimen, index)
        details = (specimen.strain, specimen.genotype, specimen.sex, specimen.age, specimen.stage)
        if not says_something(specimen.material.name) and not any(map(says_something, details)):
            yield needed(f"{name}.strain", f"The strain, genotype, sex, age or stage of {known_as} is not recorded.")
        if not says_something(specimen.mounting.medium):
            yield needed(f"{name}.mounting.medium", f"The mounting medium of {known_as} is not recorded.")
        if not says_something(specimen.mounting.coverslip):
            yield needed(f"{name}.mounting.coverslip", f"The coverslip of {known_as} is not recorded.")
