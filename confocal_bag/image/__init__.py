"""Pixels and instrument metadata; knows nothing of bags."""
