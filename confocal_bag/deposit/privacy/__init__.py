"""Personal data in a deposit: searched for, judged by who may be named, reported masked."""

from confocal_bag.deposit.privacy.gate import GATE_RULES, check_gate
from confocal_bag.deposit.privacy.rules import check_privacy
from confocal_bag.deposit.privacy.search import search_deposit

__all__ = ["GATE_RULES", "check_gate", "check_privacy", "search_deposit"]
