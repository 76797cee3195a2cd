"""Ontology terms: which exist, what they are called, which word means which; offline."""
