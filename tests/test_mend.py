"""Faults of the theme are mended, and a mend that no longer fits says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.mend import MendError, mended, mends

from .conftest import html_of

PIECES = [
    '<html lang="en" class="no-js">',
    '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">',
    '<input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">',
    '<label class="md-overlay" for="__drawer"></label>',
    '<div data-md-component="skip">\n<a href="#reach" class="md-skip">Skip to content</a>\n</div>',
    "<main>Words</main>",
    '<div class="md-dialog" data-md-component="dialog">\n<div class="md-dialog__inner md-typeset"></div>\n</div>',
    "</html>",
]


def test_every_fault_is_mended_and_nothing_else() -> None:
    found = mended("index.md", "\n".join(PIECES))
    assert re.sub(r"\n+", "\n", found) == (
        '<html lang="en-GB">\n<a href="#content" class="md-skip">Skip to the content</a>\n<main>Words</main>\n</html>'
    )


@pytest.mark.parametrize("piece", [piece for piece in PIECES if "<main>" not in piece and piece != "</html>"])
def test_a_mend_that_no_longer_fits_says_which(piece: str) -> None:
    for times, html in ((0, "\n".join(PIECES).replace(piece, "")), (2, "\n".join([*PIECES, piece]))):
        with pytest.raises(MendError, match=rf"^about/index\.md: .* {times} times and not once: .*mends\.yml"):
            mended("about/index.md", html)


def test_every_mend_has_a_reason() -> None:
    assert all(mend.why.endswith(".") and len(mend.why.split()) > 4 for mend in mends())


def test_no_page_of_the_site_has_what_was_mended(site: Path) -> None:
    for file in html_of(site):
        html = file.read_text("utf-8")
        if "md-typeset" in html:
            assert '<a href="#content" class="md-skip">' in html, file
            assert 'id="content"' in html, file
            assert "data-md-toggle" not in html, file
            assert 'class="md-dialog"' not in html, file
            assert '<html lang="en-GB">' in html, file


def test_what_another_engine_gets_wrong_is_mended_where_it_made_the_page() -> None:
    theirs = '<a id="__skip" tabindex="-1"></a>'
    made = '<meta name="generator" content="zensical-0.0.73">'
    found = mended("index.md", "\n".join([made, theirs, *PIECES]))
    assert theirs not in found
    assert "zensical" not in found
    with pytest.raises(MendError, match="0 times"):
        mended("index.md", "\n".join([made, *PIECES]))
    assert theirs in mended("index.md", "\n".join([theirs, *PIECES]))
