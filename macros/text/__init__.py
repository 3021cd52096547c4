"""Text handling that is independent of records."""
