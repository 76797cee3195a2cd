"""Deposit in, everything that can be said of it out: files, tiers, sequences, description, level, findings."""

from confocal_bag.inspect.inspecting import find_description, inspect_deposit, work_folder
from confocal_bag.inspect.inspection import DescriptionFile, Inspection
from confocal_bag.inspect.sequences_seen import z_planes
from confocal_bag.inspect.to_convert import convertible_members, is_convertible, will_transform

__all__ = [
    "DescriptionFile",
    "Inspection",
    "convertible_members",
    "find_description",
    "inspect_deposit",
    "is_convertible",
    "will_transform",
    "work_folder",
    "z_planes",
]
