"""bioio Reader classes for the formats bioio lacks or gets wrong."""
