"""Test that a page printed from a browser has all its text and no navigation."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader

from macros.model.output import Stamp
from tests.conftest import sweep
from tests.outputs.test_guides import article_of, leaves, squeezed

PAGES = [
    "",
    "stages/1-strategy/",
    "brighton-and-hove/",
    "audiences/councillor/",
    "downloads/",
    *sweep(
        "stages/4-choose/",
        "definition/",
        "law/",
        "values/",
        "compact/",
        "compact/2-design/",
        "glossary/",
        "common-core/",
        "about/sources/",
        "downloads/data/",
    ),
]


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window whose owner likes dark screens."""
    found = browser.new_context(color_scheme="dark", viewport={"width": 1200, "height": 900})
    yield found
    found.close()


def printed(context: BrowserContext, address: str) -> list[str]:
    """Return the words of each sheet of the page at `address`, printed on A4, without the sheet's number."""
    page = context.new_page()
    page.goto(address)
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    page.close()
    return [re.sub(rf"\s*{number} / {len(sheets)}\s*", "\n", sheet.extract_text(), count=1) for number, sheet in enumerate(sheets, 1)]


@pytest.mark.parametrize("url", PAGES)
def test_all_text_is_printed_without_navigation(context: BrowserContext, site: Path, address: str, stamp: Stamp, url: str) -> None:
    sheets = printed(context, address + url)
    words = squeezed("".join(sheets))
    built = lxml.html.parse(site / url / "index.html").getroot().find(".//article")
    for link in built.xpath('.//a[starts-with(@href, "http")][not(ancestor::*[@class="web"])][not(ancestor::*[@class="ways"])]'):
        link.tail = f" ({link.get('href')}){link.tail or ''}"
    for gone in built.xpath('.//p[contains(@class, "download")] | .//p[@class="edit-page"] | .//details[@class="ways"]'):
        gone.drop_tree()
    blocks = list(leaves(article_of(built, url)))
    assert blocks
    lost = [block for block in blocks if squeezed(block) not in words]
    assert lost == [], lost[:4]
    assert squeezed(stamp.name) in squeezed(sheets[0])[:60]
    assert squeezed(stamp.at(url)) in squeezed(sheets[0])
    assert f"revision{stamp.revision}" in words
    for navigation in (
        "Skip to the content",
        "On this page",
        "Print this page",
        "Copy the address",
        "Show the steps for",
        "Edit the words",
        "Sitemap",
    ):
        assert squeezed(navigation) not in words
    assert all(len(sheet.split()) > 3 for sheet in sheets[:-1]), "a sheet is empty"


@pytest.mark.parametrize("url", PAGES)
def test_nothing_is_wider_than_the_paper(context: BrowserContext, address: str, url: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 673, "height": 970})  # A4 less the margins, at 96 dots an inch
    page.emulate_media(media="print")
    page.goto(address + url)
    wide = page.evaluate(
        """[...document.querySelectorAll("article *")].filter(e => e.getClientRects().length
        && !e.closest(".visually-hidden, thead") && e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 40))"""
    )
    page.close()
    assert wide == []


def test_a_dark_screen_prints_dark_on_white(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(address)
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('article p')).color]"
    )
    page.close()
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_closed_details_are_printed(context: BrowserContext, site: Path) -> None:
    page = context.new_page()
    style = (site / "framework.css").read_text("utf-8")
    page.set_content(f"<style>{style}</style><details><summary>More</summary><p>Folded words</p></details>")
    words = PdfReader(io.BytesIO(page.pdf())).pages[0].extract_text()
    page.close()
    assert "Folded words" in words
