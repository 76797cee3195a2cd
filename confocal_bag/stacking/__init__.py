"""The planned stacks of a bag under way, made one image each and proven; and the statement of its sequences."""

from confocal_bag.stacking.stacking import make_stacks

__all__ = ["make_stacks"]
