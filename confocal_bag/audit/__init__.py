"""A shelf of bags, checked again and again, with a history of every check."""

from confocal_bag.audit.audit import audit_shelf
from confocal_bag.audit.budget import Budget, parse_budget, parse_duration
from confocal_bag.audit.decisions import accept_damage, forget_bag
from confocal_bag.audit.options import AuditOptions
from confocal_bag.audit.status import shelf_status

__all__ = [
    "AuditOptions",
    "Budget",
    "accept_damage",
    "audit_shelf",
    "forget_bag",
    "parse_budget",
    "parse_duration",
    "shelf_status",
]
