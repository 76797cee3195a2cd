"""Readers for the formats that bioio lacks or gets wrong, and the choice of a reader for every format."""
