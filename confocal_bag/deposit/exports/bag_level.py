"""The one practice level of a bag, which its profile, its readme and bag-info.txt name."""

from confocal_bag.vocabulary import PracticeLevel

__all__ = ["level_of_bag"]


def level_of_bag(reached: PracticeLevel | None, aim: PracticeLevel | None) -> PracticeLevel | None:
    """The level that was aimed at, or in a draft the lower one that is reached; None where none is reached.

    A deposit that reaches more than its bag aims at is in a bag of the lower level, for only that was asked of it.
    """
    if reached is None or aim is None:
        return reached
    return min(reached, aim, key=lambda level: level.rank)
