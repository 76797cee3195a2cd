"""Deposit in, the letter to its depositor out, with the table for the answers."""

from dataclasses import dataclass, replace

from confocal_bag.deposit.curation.binding import deposit_marks
from confocal_bag.deposit.curation.copies import find_copies
from confocal_bag.deposit.curation.letter import LetterFacts, render_letter
from confocal_bag.deposit.curation.requests import Requests, gather_requests
from confocal_bag.deposit.curation.sheet import render_sheet
from confocal_bag.deposit.curation.study import study_facts
from confocal_bag.deposit.curation.unanswered import Unanswered
from confocal_bag.deposit.exports.template import Templates
from confocal_bag.inspect import Inspection, will_transform, z_planes
from confocal_bag.vocabulary import PracticeLevel

__all__ = ["Asked", "ask_depositor", "current_description"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a depositor. `left` are the things that the curator has to fill in, in words."""

    facts: LetterFacts
    requests: Requests

    def letter(self, *, markdown: bool = False) -> str:
        """The letter, as plain text or Markdown."""
        return render_letter(self.facts, markdown=markdown)

    def sheet(self) -> str:
        """The table for the answers, as CSV."""
        return render_sheet(self.requests, deposit_marks(self.facts.inventory))

    @property
    def left(self) -> tuple[str, ...]:
        """What the curator has to fill in for the level aimed at, in words."""
        levels = (level for level in PracticeLevel if level.rank <= self.facts.aim.rank)
        return tuple(word for level in levels for word in self.requests.curator[level])

    @property
    def out_of_reach(self) -> str | None:
        """What nobody knows, and which levels can be reached without it, in a sentence; None where nothing is missing.

        It is not asked again.
        """
        missed = [one for one in self.requests.not_known if one.level is not None]
        if not missed:
            return None
        words = "; ".join(one.wording.short for one in missed)
        least = min((one.level for one in missed if one.level), key=lambda level: level.rank)
        below = [level for level in PracticeLevel if level.rank < least.rank]
        rest = f"{below[-1]} can" if below else "no level can; build with --draft, or ask others who may know"
        return f"Nobody knows {words}, so it is not asked again. The level {least} cannot be reached without; {rest}."


def current_description(inspection: Inspection, *, level: PracticeLevel) -> str:
    """The text of deposit.yaml as `describe` would leave it: drafted, or refreshed from the headers."""
    from confocal_bag.deposit.description.draft import draft_description
    from confocal_bag.deposit.description.refresh import refresh_description

    if inspection.described is None:
        return draft_description(inspection.inventory, level=level)
    return refresh_description(inspection.described.content.decode("utf-8"), inspection.inventory)


def ask_depositor(
    inspection: Inspection,
    *,
    aim: PracticeLevel,
    size: str,
    sheet: str | None = None,
    templates: Templates | None = None,
    unanswered: Unanswered | None = None,
) -> Asked:
    """Gather what only the depositor can answer; `size` is that of the deposit, in words.

    `unanswered` are answers to earlier letters that could not be taken, and what nobody knows.
    Each question names an entry of deposit.yaml as `describe` writes it, so that answers find their places.
    """
    from confocal_bag.deposit.description.file import read_description
    from confocal_bag.deposit.description.model import Person, Specimen
    from confocal_bag.deposit.levels.assess import assess_level
    from confocal_bag.deposit.levels.view import DepositView

    said = read_description(current_description(inspection, level=aim)).description
    claimed = said.level if inspection.described is not None else PracticeLevel.MINIMUM
    # An entry that is still empty is asked for field by field.
    full = said.model_copy(
        update={
            "specimens": said.specimens or (Specimen(),),
            "creators": said.creators or (Person(),),
            "level": claimed,
        }
    )
    inventory, planes = inspection.inventory, z_planes(inspection.sequences)
    transformed = will_transform(inventory, inspection.inner)
    level = assess_level(full, inventory, transformed=transformed, z_planes=planes, inner=inspection.inner)
    study = study_facts(replace(inspection.curation.facts, description=full, level=level, aim=aim))
    view = DepositView(
        description=full, inventory=inventory, transformed=transformed, z_planes=frozenset(map(str, planes))
    )
    copies = find_copies(inspection.deposit, inventory, inspection.loaded)
    findings = [one for one in inspection.findings if one.rule != "deposit.same-content"] + copies
    requests = gather_requests(study, view, aim, findings, unanswered)
    facts = LetterFacts(
        inventory=inventory,
        description=said,
        requests=requests,
        aim=aim,
        reached=level.reached,
        size=size,
        sheet=sheet,
        templates=templates or Templates(),
    )
    return Asked(facts=facts, requests=requests)
