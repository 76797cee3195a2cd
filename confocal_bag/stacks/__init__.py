"""Stacks of loose planes: which of them become one image in the bag, and which stay loose files, and why."""

from confocal_bag.stacks.model import LooseSequence, PlannedStack, StackMode, StackPlan, shared_folder
from confocal_bag.stacks.planning import RESULT_SUFFIX, plan_stacks, stated_sequences
from confocal_bag.stacks.rules import NOT_COMPILED, check_stacks

__all__ = [
    "NOT_COMPILED",
    "RESULT_SUFFIX",
    "LooseSequence",
    "PlannedStack",
    "StackMode",
    "StackPlan",
    "check_stacks",
    "plan_stacks",
    "shared_folder",
    "stated_sequences",
]
