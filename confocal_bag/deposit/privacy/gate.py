"""What keeps a bag of data about people from being built until somebody has answered for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.context import told_of
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.model import AccessLevel
from confocal_bag.deposit.placeholders import says_something
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules

__all__ = ["GATE_RULES", "GateContext", "check_gate"]

#: Findings that no draft overrules: only a reason given on purpose, which the bag records.
GATE_RULES = ("privacy.gate", "privacy.human-subject")
#: What names people or where they are; paths, serial numbers and typed comments alone do not stop a build.
_PERSONAL = (
    "privacy.person",
    "privacy.contact",
    "privacy.human-subject",
    "privacy.name",
    "privacy.place",
    "privacy.dicom",
)
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """What the rule looks at: the description, and what the other rules found of people."""

    loaded: LoadedDescription
    found: Sequence[Finding]


def check_gate(loaded: LoadedDescription, found: Sequence[Finding]) -> tuple[list[Check], list[Finding]]:
    """Run the rule on what the other rules about personal data found."""
    chosen = [one for one in RULES.values() if one.run.__module__ == __name__]
    return run_rules(chosen, GateContext(loaded=loaded, found=found))


@rule("privacy.gate", severity=Severity.ERROR, reference="primer, key curatorial question 9")
def gate(context: GateContext) -> Iterator[Problem]:
    """Samples come from people, or data must be restricted, and files hold personal data nobody has answered for.

    Names, addresses, telephone numbers, record numbers and places count; creators and contributors do not. Take the
    data out or have the files made anew without them, or say under `privacy.notes` what protects the people concerned,
    or under `privacy.redaction` what was taken out. No bag is built before, not even a draft, except with
    `build --override-privacy "REASON"`: the bag then records the reason.
    """
    said = context.loaded.description
    why = _why(context)
    if why is None:
        raise NotApplicable("the description speaks neither of human subjects nor of restricted data")
    if says_something(said.privacy.notes) or says_something(said.privacy.redaction):
        return
    paths = list(dict.fromkeys(one.path or "" for one in context.found if one.rule in _PERSONAL))
    if paths:
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        yield told_of(
            context.loaded,
            ("privacy",),
            f"{why}, and nobody has answered for the personal data in {', '.join(paths[:_SHOWN])}{more}",
            "Ask for files without it; or say under privacy.notes what protects the people concerned, or under "
            'privacy.redaction what was taken out; or build with --override-privacy "REASON", which the bag records.',
        )


def _why(context: GateContext) -> str | None:
    said = context.loaded.description
    if said.privacy.human_subjects:
        return "privacy.human_subjects says that samples come from people"
    if said.privacy.restricted:
        return "privacy.restricted says that data must be restricted"
    if said.access.level is AccessLevel.RESTRICTED:
        return "access.level says that access is restricted"
    return None
