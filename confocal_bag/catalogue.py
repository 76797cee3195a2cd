"""Every rule there is, for `explain` and the documentation."""

from importlib import import_module

from confocal_bag.findings import RULES, Rule

__all__ = ["all_rules"]

_HOMES = (
    "confocal_bag.bag.rules",
    "confocal_bag.bag.holey.rules",
    "confocal_bag.bag.changing.interrupted",
    "confocal_bag.bag.splitting.parts",
    "confocal_bag.bag.profiles.rules",
    "confocal_bag.bag.splitting.split",
    "confocal_bag.bag.changing.update",
    "confocal_bag.deposit.rules",
    "confocal_bag.deposit.access",
    "confocal_bag.deposit.container_rules",
    "confocal_bag.deposit.privacy",
    "confocal_bag.deposit.image_rules",
    "confocal_bag.deposit.sequences",
    "confocal_bag.deposit.curation.rules",
    "confocal_bag.deposit.curation.finding_answers",
    "confocal_bag.deposit.description.rules",
    "confocal_bag.deposit.levels.assess",
    "confocal_bag.deposit.fair",
    "confocal_bag.stacks",
    "confocal_bag.promises",
    "confocal_bag.audit.rules",
)


def all_rules() -> dict[str, Rule]:
    """The rules by their ids, in the order of their families."""
    for home in _HOMES:
        import_module(home)
    return dict(sorted(RULES.items()))
