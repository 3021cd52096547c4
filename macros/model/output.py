"""Generated files, and the stamp of edition, date and revision in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Output:
    """One file: its path from the site's root, and its bytes; `pages` counts those of a printed document."""

    path: str
    content: bytes
    pages: int = 0


@dataclass(frozen=True)
class Stamp:
    """The edition of the content, its day and revision, and where it is published."""

    edition: str  # year-month
    day: date
    revision: str  # 8 hexadecimal digits of a hash of data/ and content/
    home: str  # the address of the site with a trailing slash, or "" if it has none yet
    name: str  # the name of the site

    def at(self, url: str) -> str:
        """Return the complete address of `url`, which is relative to the site's root, for example `glossary/#outcome`."""
        return f"{self.home}{url}"
