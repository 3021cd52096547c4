"""Addresses are for good: each file and id that the site had in November 2026 is still there.

tests/expected/addresses.txt has a line for each file of the site: its path, then the ids in its article. Left out are what readers cannot
link to: the search index, the editor's own files, names with a hash in them, and pop-ups (`term-...`), which follow the text.
`formerly:` keeps an id that changes: in the record that takes another's place, and in a page's front matter for a heading's anchor.
"""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from tests.conftest import TESTS

LIST = TESTS / "expected" / "addresses.txt"
UNLINKED = re.compile(r"pagefind/|edit/.+/|assets/")


def ids_of(file: Path) -> list[str]:
    """Return the ids in the article of the page `file`, or in all of it if it has no article."""
    page = lxml.html.parse(str(file)).getroot()
    article = page.find(".//article")
    found = (element.get("id") for element in (page if article is None else article).iter(lxml.etree.Element))
    return [i for i in found if i and not i.startswith("term-")]


def files_of(site: Path) -> dict[str, list[str]]:
    """Return the files of the built `site` that somebody may have linked to, each with its ids."""
    files = ((file, file.relative_to(site).as_posix()) for file in sorted(site.rglob("*")) if file.is_file())
    return {path: ids_of(file) if file.suffix == ".html" else [] for file, path in files if not UNLINKED.match(path)}


@pytest.mark.our_content
def test_every_address_and_anchor_is_kept(site: Path) -> None:
    now = files_of(site)
    gone, lost = [], []
    for path, *ids in map(str.split, LIST.read_text("utf-8").splitlines()):
        if path not in now:
            gone.append(f"{path} is gone")
        else:
            lost += [f"{path} has lost #{i}" for i in ids if i not in now[path]]
    advice = "Name the old id in formerly: of the record that takes its place, or in the front matter of the page."
    assert not gone + lost, "\n".join((*gone, *lost, advice))
