"""Jinja templates and word lists: every word and tag around the records."""

import functools
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).parent


@functools.cache
def texts(path: str, agreement: str | None = None) -> dict[str, Any]:
    """Return the texts in the YAML or JSON file macros/templates/`path`; `agreement` is the short name of the agreement."""
    content: dict[str, Any] = yaml.safe_load((TEMPLATES / path).read_text("utf-8").replace("{agreement}", agreement or ""))
    return content
