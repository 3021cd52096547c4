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
    """The edition (year-month), its day, the revision of records and pages, and where they are published.

    `revision` is 8 hexadecimal digits of a hash of data/ and content/: the same text has the same revision.
    `home` is the site's address with a trailing slash, or "" if it has none yet; `name` is the name of the site.
    """

    edition: str
    day: date
    revision: str
    home: str
    name: str

    def at(self, url: str) -> str:
        """Return the complete address of `url`, which is relative to the site's root, for example `glossary/#outcome`."""
        return f"{self.home}{url}"
