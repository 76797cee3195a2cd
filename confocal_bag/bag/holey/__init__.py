"""Bags that name files kept elsewhere, and how they are completed (RFC 8493 2.2.3, 5.3)."""
