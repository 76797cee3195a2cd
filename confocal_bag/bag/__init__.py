"""BagIt itself (RFC 8493); knows nothing of microscopy."""
