"""What each of the primer's practice levels asks of a deposit."""

from confocal_bag.deposit.levels.assess import LevelAssessment, LevelContext, Missing, assess_level, check_level

__all__ = ["LevelAssessment", "LevelContext", "Missing", "assess_level", "check_level"]
