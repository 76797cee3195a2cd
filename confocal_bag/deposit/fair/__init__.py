"""The FAIR checklist: what of it a deposit already fulfils, what not, and what nobody can tell offline."""

from confocal_bag.deposit.fair.check import FairResult, check_fair
from confocal_bag.deposit.fair.view import FairView

__all__ = ["FairResult", "FairView", "check_fair"]
