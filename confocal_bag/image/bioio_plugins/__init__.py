"""Our readers as plugins of bioio, for programs that are built on it: one module for each entry point.

Nothing else of this program imports them, for bioio takes most of a second to load.
"""
