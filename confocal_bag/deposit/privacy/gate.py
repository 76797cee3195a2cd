"""What keeps a bag of data about people from being built until somebody has answered for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import AccessLevel, Description
from confocal_bag.deposit.privacy.answers import answers_for_patients, is_answered, shown_to_all
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules
from confocal_bag.image.privacy import PersonalKind

__all__ = ["GATE_RULES", "GateContext", "check_gate"]

#: Findings that no draft overrules: only a reason given on purpose, which the bag records.
GATE_RULES = ("privacy.gate", "privacy.human-subject")
_PATIENTS = "privacy.human-subject"
#: What names people or where they are; paths, serial numbers and typed comments alone do not stop a build.
_PERSONAL = (
    "privacy.person",
    "privacy.contact",
    _PATIENTS,
    "privacy.name",
    "privacy.place",
    "privacy.dicom",
)
_UNKNOWN = "privacy.not-searched"
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """What the rule looks at: the description, if there is one, and what the other rules found of people."""

    loaded: LoadedDescription | None
    found: Sequence[Finding]

    @property
    def said(self) -> Description:
        """The description; an empty one where there is none."""
        return self.loaded.description if self.loaded else Description()

    @property
    def paths_of_patients(self) -> list[str]:
        """The files that hold what looks like a number, date of birth or name of a patient, and not days alone."""
        found = [one for one in self.found if one.rule == _PATIENTS]
        kinds = {PersonalKind.SUBJECT.value}
        shown = [one for one in found if kinds & {field["kind"] for field in one.detail.get("fields", ())}]
        return list(dict.fromkeys(one.path or "" for one in shown))

    def paths(self, *rules: str) -> list[str]:
        """The files that these rules speak of, each once."""
        return list(dict.fromkeys(one.path or "" for one in self.found if one.rule in rules))


def check_gate(loaded: LoadedDescription | None, found: Sequence[Finding]) -> tuple[list[Check], list[Finding]]:
    """Run the rule on what the other rules about personal data found."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    return run_rules(chosen, GateContext(loaded=loaded, found=found))


@rule("privacy.gate", severity=Severity.ERROR, reference="primer, key curatorial question 9")
def gate(context: GateContext) -> Iterator[Problem]:
    """Samples come from people, or data must be restricted, and nobody has answered for personal data in the files.

    Names, addresses, telephone numbers, record numbers and places count; creators and contributors do not. So does
    what could not be searched, such as a scan or a locked archive: nobody knows what it holds. Where the description
    does not say whether samples come from people, record numbers, dates of birth and names of patients count alone.

    Take the data out or have the files made anew without them, or say in a sentence under `privacy.notes` what protects
    the people concerned, or under `privacy.redaction` what was taken out; where no samples come from people, write
    `privacy.human_subjects: false`. "No idea", "ask later", "pending IRB" and "no consent" are no answers.

    Identifiers of patients (record numbers, dates of birth, names) that everybody may read need more: where a licence
    lets everybody pass the data on, or access is not restricted, no sentence will do but one that says that they are
    pseudonyms, study numbers, invented or of animals, or that these people agreed to their publication. Otherwise write
    `access: {level: restricted, conditions: ...}` and a licence of your own (LicenseRef-).

    No bag is built before, not even a draft, except with `build --override-privacy "REASON"`: the bag then records the
    reason.
    """
    said = context.said
    why, patients = _why(said), context.paths_of_patients
    if why is None and said.privacy.human_subjects is False:
        raise NotApplicable("the description says that no samples come from people and no data are restricted")
    if why is None and not patients:
        raise NotApplicable("nothing speaks of human subjects or of restricted data")
    if not is_answered(said):
        yield from _unanswered(context, why)
    elif patients and said.privacy.human_subjects is not False and not answers_for_patients(said):
        yield _problem(
            context,
            f"What looks like data of patients is in {_named(patients)}, and {shown_to_all(said)}; privacy.notes does "
            "not say why they may be read",
            "Ask for files without it; or restrict the access and the licence; or say under privacy.notes that these "
            "are pseudonyms, study numbers or of animals, or that the people agreed to publication; or build with "
            '--override-privacy "REASON", which the bag records.',
        )


def _unanswered(context: GateContext, why: str | None) -> Iterator[Problem]:
    if why is None:
        who = "privacy.human_subjects does not say" if context.loaded else "No description says"
        yield _problem(
            context,
            f"{who} whether samples come from people, and what looks like data of patients is in "
            f"{_named(context.paths_of_patients)}",
            "Write privacy.human_subjects: false if no samples come from people; if they do, true, and in a sentence "
            "under privacy.notes what protects them.",
        )
        return
    personal, unknown = context.paths(*_PERSONAL), context.paths(_UNKNOWN)
    if personal or unknown:
        what = f"the personal data in {_named(personal)}" if personal else ""
        and_what = f"what was not searched in {_named(unknown)}" if unknown else ""
        yield _problem(
            context,
            f"{why}, and nobody has answered for {' and '.join(one for one in (what, and_what) if one)}",
            "Ask for files without it; or say in a sentence under privacy.notes what protects the people concerned, or "
            'under privacy.redaction what was taken out; or build with --override-privacy "REASON", which the bag '
            "records.",
        )


def _problem(context: GateContext, message: str, remedy: str) -> Problem:
    if context.loaded is None:
        return Problem(message=f"{message}.", remedy=remedy)
    return told_of(context.loaded, ("privacy",), message, remedy)


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"


def _why(said: Description) -> str | None:
    if said.privacy.human_subjects:
        return "privacy.human_subjects says that samples come from people"
    if said.privacy.restricted:
        return "privacy.restricted says that data must be restricted"
    if said.access.level is AccessLevel.RESTRICTED:
        return "access.level says that access is restricted"
    return None
