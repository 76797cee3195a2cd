"""A living bag: changed so that it is the old one or the new one at every moment."""
