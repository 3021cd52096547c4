"""Differences between two states of the records, and released editions."""
