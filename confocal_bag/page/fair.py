"""The FAIR checklist of a bag: that of the deposit it was made of, with what only the bag can tell."""

from collections.abc import Callable, Mapping

from confocal_bag.counted import counted
from confocal_bag.findings import Outcome, Severity
from confocal_bag.page.page import Page, SubjectKind
from confocal_bag.page.run import RunFair
from confocal_bag.vocabulary import Tier

__all__ = ["fair_of"]

_DATA_TIERS = (Tier.RAW, Tier.TRANSFORMED, Tier.PROCESSED)


def fair_of(page: Page) -> tuple[RunFair, ...]:
    """The checklist of the run, or of the inspection that a bag was made after; empty where nobody went through it.

    Of a bag the tests of fixity and of images are told as the bag is, not as the deposit was.
    """
    before = (page.packed or page.run).fair
    if page.kind is not SubjectKind.BAG:
        return before
    return tuple(_TOLD_BY_A_BAG[one.id](page, one) if one.id in _TOLD_BY_A_BAG else one for one in before)


def _fixity(page: Page, test: RunFair) -> RunFair:
    """The manifests, as this run found them."""
    wrong = [one for one in page.run.findings if one.rule.startswith("bag.") and one.severity is Severity.ERROR]
    if wrong:
        told = f"{counted(len(wrong), 'error')}, the first: {wrong[0].message}"
        return test.model_copy(update={"outcome": "fail", "evidence": told})
    looked = any(one.rule == "bag.file-changed" and one.outcome is Outcome.PASSED for one in page.run.checks)
    if page.run.summary.get("depth") != "full" or not looked:
        told = "the checksums were not computed in this run; a full `confocal-bag validate` does"
        return test.model_copy(update={"outcome": "not-testable", "evidence": told})
    told = f"payload files: {page.run.summary.get('payload_files')}, each there and with the checksums of the manifests"
    return test.model_copy(update={"outcome": "pass", "evidence": told})


def _viewable(page: Page, test: RunFair) -> RunFair:
    """The images that common programs open, copies that the build made among them."""
    if test.outcome != "pass" or page.kept is None:
        return test
    images = [
        one
        for one in page.files
        if one.tier in _DATA_TIERS and one.format.open and (one.images or (one.format.mime or "").startswith("image/"))
    ]
    copies = {one.copy for one in page.kept.conversions} & {one.path for one in images}
    made = f", among them {counted(len(copies), 'copy/copies')} made by the build" if copies else ""
    told = f"{counted(len(images), 'image file')} in open formats{made}"
    return test.model_copy(update={"evidence": told})


_TOLD_BY_A_BAG: Mapping[str, Callable[[Page, RunFair], RunFair]] = {"R6": _fixity, "A3": _viewable}
