"""Mends what the theme gets wrong in each page, and says so if a mend no longer fits."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import yaml

from macros.render import TEMPLATES

_ENGINE = re.compile(r'<meta name="generator" content="([a-z]+)-[^"]*">')


class Mend(NamedTuple):
    """A fault of the theme: why it is one, the pattern that finds it once in a page, and what is put in its place.

    With an `engine`, it is a fault of the theme as that engine has it.
    """

    why: str
    find: str
    put: str
    engine: str = ""


class MendError(ValueError):
    """A mend does not fit the page exactly once; its text says which, and what to do."""


@functools.cache
def mends() -> tuple[Mend, ...]:
    """Return the mends, as macros/templates/mends.yml lists them."""
    return tuple(Mend(**found) for found in yaml.safe_load((TEMPLATES / "mends.yml").read_text("utf-8")))


def mended(page: str, html: str) -> str:
    """Return the `html` of the built `page` with each fault mended; raise MendError if one is not there just once."""
    named = _ENGINE.search(html)
    for mend in mends():
        if mend.engine and (named is None or named[1] != mend.engine):
            continue
        html, times = re.subn(mend.find, mend.put.replace("\\", r"\\"), html)
        if times != 1:
            raise MendError(
                f"{page}: a fault of the theme is there {times} times and not once: {mend.why} "
                "The theme has changed; look at its page, and change or take out the mend in macros/templates/mends.yml."
            )
    return html
