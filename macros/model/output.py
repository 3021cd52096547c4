"""What leaves the framework besides its pages: a file, and the stamp of edition, date and revision that each form carries."""

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
    """Which words these are: edition (year-month), its day, the revision of records and pages, and where they are published.

    `revision` is 8 hexadecimal digits made from what data/ and content/ hold: the same words have the same revision.
    `home` is the site's address with a stroke at its end, or "" if it has none yet; `name` is what the site is called.
    """

    edition: str
    day: date
    revision: str
    home: str
    name: str

    def at(self, url: str) -> str:
        """Return the whole address of `url`, which runs from the site's root, for example `glossary/#outcome`."""
        return f"{self.home}{url}"
