"""Personal data in a deposit: searched for, judged by who may be named, reported masked."""

from confocal_bag.deposit.privacy.rules import check_privacy
from confocal_bag.deposit.privacy.search import search_deposit

__all__ = ["check_privacy", "search_deposit"]
