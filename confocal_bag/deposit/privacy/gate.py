"""What keeps a bag of data about people from being built until somebody has answered for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import AccessLevel, Privacy
from confocal_bag.deposit.privacy.reasons import is_reason
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules

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
    does not say whether samples come from people, record numbers and dates of birth of patients count alone.

    Take the data out or have the files made anew without them, or say in a sentence under `privacy.notes` what protects
    the people concerned, or under `privacy.redaction` what was taken out; where no samples come from people, write
    `privacy.human_subjects: false`. No bag is built before, not even a draft, except with
    `build --override-privacy "REASON"`: the bag then records the reason.
    """
    privacy = context.loaded.description.privacy if context.loaded else Privacy()
    why = _why(context)
    if why is None:
        yield from _unanswered(context)
        return
    if is_reason(privacy.notes) or is_reason(privacy.redaction):
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


def _unanswered(context: GateContext) -> Iterator[Problem]:
    """Patients are named, and the description does not say whether samples come from people."""
    privacy = context.loaded.description.privacy if context.loaded else Privacy()
    if privacy.human_subjects is False:
        raise NotApplicable("the description says that no samples come from people and no data are restricted")
    paths = context.paths(_PATIENTS)
    if not paths:
        raise NotApplicable("nothing speaks of human subjects or of restricted data")
    if not (is_reason(privacy.notes) or is_reason(privacy.redaction)):
        who = "privacy.human_subjects does not say" if context.loaded else "No description says"
        yield _problem(
            context,
            f"{who} whether samples come from people, and what looks like data of patients is in {_named(paths)}",
            "Write privacy.human_subjects: false if no samples come from people; if they do, true, and in a sentence "
            "under privacy.notes what protects them.",
        )


def _problem(context: GateContext, message: str, remedy: str) -> Problem:
    if context.loaded is None:
        return Problem(message=f"{message}.", remedy=remedy)
    return told_of(context.loaded, ("privacy",), message, remedy)


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"


def _why(context: GateContext) -> str | None:
    if context.loaded is None:
        return None
    said = context.loaded.description
    if said.privacy.human_subjects:
        return "privacy.human_subjects says that samples come from people"
    if said.privacy.restricted:
        return "privacy.restricted says that data must be restricted"
    if said.access.level is AccessLevel.RESTRICTED:
        return "access.level says that access is restricted"
    return None
