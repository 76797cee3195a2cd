"""Whether access to the data agrees with what is said of the people that samples come from."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.access_context import RESTRICTIONS, AccessContext
from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.model import AccessLevel, Specimen
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.deposit.privacy.reasons import is_reason
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []

_HUMAN = re.compile(r"homo sapiens|humans?|NCBITaxon:9606", re.IGNORECASE)
#: Words of samples that were taken from somebody; a line of cells that can be bought comes from nobody who is asked.
_TAKEN = re.compile(
    r"\b(?:patients?|donors?|volunteers?|participants?|probands?|biops(?:y|ies)|resect\w*|autops\w*|post-?mortem|"
    r"surger(?:y|ies)|surgical|blood of|bone marrow|placentas?|cord blood|foreskins?|cadavers?|patienten?|spender\w*|"
    r"biopsien?|pacientes?|donantes?|biopsias?|donneurs?)\b",
    re.IGNORECASE,
)


@rule("access.restricted-data", severity=Severity.ERROR, reference=RESTRICTIONS)
def restricted_data(context: AccessContext) -> Iterator[Problem]:
    """The description says that some of the data must be restricted, and that everybody may have them, now or later.

    An embargo ends, and a public licence without any word of access lets everybody have them at once. Write
    `access: {level: restricted, conditions: ...}`; or, if what had to be restricted was taken out, say so under
    `privacy.redaction`.
    """
    said = context.said
    if not said.privacy.restricted:
        raise NotApplicable("no data have to be restricted")
    if said.access.level is AccessLevel.RESTRICTED or is_reason(said.privacy.redaction):
        return
    public = context.public_licenses
    if said.access.level is None and not public:
        return
    seen = f"access.level is {said.access.level}"
    if said.access.level is None:
        seen = f"access.level is not given and license.{context.license_field} lets everybody have them ({public[0]})"
    yield told_of(
        context.loaded,
        ("access", "level"),
        f"privacy.restricted says that data must be restricted, but {seen}",
        "Write restricted under access.level, or say under privacy.redaction what was taken out.",
    )


@rule("access.human-subjects", severity=Severity.WARNING, reference=RESTRICTIONS)
def human_subjects(context: AccessContext) -> Iterator[Problem]:
    """Samples come from people, nothing restricts the access for good, and nobody says what protects those people.

    Write under `privacy.notes` that they agreed to open sharing or cannot be identified, under `privacy.approval` which
    ethics committee approved it, or restrict the access. An embargo ends; it protects nobody afterwards.
    """
    privacy, level = context.said.privacy, context.said.access.level
    if not privacy.human_subjects:
        raise NotApplicable("the description does not say that samples come from people")
    if level is AccessLevel.RESTRICTED:
        raise NotApplicable("access is restricted")
    if not any(is_reason(text) for text in (privacy.notes, privacy.approval, privacy.redaction)):
        yield told_of(
            context.loaded,
            ("privacy", "human_subjects"),
            f"privacy.human_subjects says that samples come from people and access.level is {level or 'not given'}, "
            "but privacy.notes does not say what protects these people",
            "Write under privacy.notes that they agreed to open sharing or cannot be identified, or restrict the "
            "access.",
        )


@rule("access.human-source", severity=Severity.WARNING, reference=RESTRICTIONS)
def human_source(context: AccessContext) -> Iterator[Problem]:
    """The description says that no samples come from people, and of a sample that it was taken from patients or donors.

    Lines of cells such as HeLa are none of these. Ask the depositor; if people gave the samples, write
    `privacy.human_subjects: true`, and under `privacy.notes` what protects them.
    """
    if context.said.privacy.human_subjects is not False:
        raise NotApplicable("the description does not deny that samples come from people")
    for index, specimen in enumerate(context.said.specimens):
        for path, words in _taken_from_people(specimen):
            place: FieldPath = ("specimens", index, *path)
            yield told_of(
                context.loaded,
                place,
                f"privacy.human_subjects says that no samples come from people, but {field_name(place)} speaks of "
                f"{words!r}",
                "Ask the depositor whether people gave these samples, and correct one of the two.",
            )


def _taken_from_people(specimen: Specimen) -> Iterator[tuple[FieldPath, str]]:
    """The fields that tell of somebody from whom a human sample was taken, with the word that does."""
    organism = specimen.organism
    human = any(_HUMAN.fullmatch(text or "") for text in (organism.name, organism.term))
    other = (organism.name or organism.term) and not human
    if other or specimen.cell_line.name or specimen.cell_line.term:
        return
    fields = {
        ("origin",): specimen.origin,
        ("description",): specimen.description,
        ("material", "name"): specimen.material.name,
        ("tissue", "name"): specimen.tissue.name,
    }
    for path, text in fields.items():
        found = _TAKEN.search(text or "")
        if found is not None and (human or re.search("patient|pacient", found[0], re.IGNORECASE)):
            yield path, found[0]
            return
