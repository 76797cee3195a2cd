"""A shelf of bags, checked again and again, with a history of every check."""

from confocal_bag.audit.audit import audit_shelf
from confocal_bag.audit.budget import Budget, parse_budget, parse_duration
from confocal_bag.audit.options import AuditOptions
from confocal_bag.audit.status import forget_bag, shelf_status

__all__ = ["AuditOptions", "Budget", "audit_shelf", "forget_bag", "parse_budget", "parse_duration", "shelf_status"]
