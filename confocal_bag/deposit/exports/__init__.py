"""The documents a bag carries: readme and metadata files."""
