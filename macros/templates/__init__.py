"""Jinja templates and word lists: every word and tag around the records."""

from pathlib import Path

TEMPLATES = Path(__file__).parent
