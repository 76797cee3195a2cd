"""A large bag in parts, each a bag of its own (RFC 8493 2.2.2)."""
