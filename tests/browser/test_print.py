"""Test that a page printed from a browser has all its text and no navigation."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Page

from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Audience, Recommendation
from tests.browser.conftest import Partly
from tests.conftest import AUDIENCE, PRINCIPLE, STAGE, present, sweep
from tests.outputs.test_guides import article_of, leaves, squeezed
from tests.support.pdf import sheets_of

PAGES = ["", STAGE, f"audiences/{AUDIENCE}/", *present("brighton-and-hove/", "downloads/")]
PAGES += sweep(*present(f"{STAGE}all/", "definition/", "law/", "values/", "compact/", PRINCIPLE, "glossary/", "common-core/"))
PAGES += sweep(*present("about/sources/", "downloads/data/"))


@pytest.fixture
def dark(screen: Callable[..., Page]) -> Page:
    """A page of a browser whose owner likes dark screens."""
    return screen(1200, color_scheme="dark")


def printed(page: Page) -> list[str]:
    """Return the words of each sheet of the page, printed on A4, without the sheet's number."""
    sheets = sheets_of(page.pdf(format="A4"))
    return [re.sub(rf"\s*{number} / {len(sheets)}\s*", "\n", sheet, count=1) for number, sheet in enumerate(sheets, 1)]


@pytest.mark.parametrize("url", PAGES)
def test_all_text_is_printed_without_navigation(dark: Page, site: Path, address: str, stamp: Stamp, url: str) -> None:
    dark.goto(address + url)
    sheets = printed(dark)
    words = squeezed("".join(sheets))
    built = lxml.html.parse(site / url / "index.html").getroot().find(".//article")
    for link in built.xpath('.//a[starts-with(@href, "http")][not(ancestor::*[@class="web"])][not(ancestor::*[@class="edit-links"])]'):
        link.tail = f" ({link.get('href')}){link.tail or ''}"
    for gone in built.xpath(
        './/p[contains(@class, "download")] | .//p[@class="edit-page"] | .//*[@class="edit-links" or @class="suggest"]'
    ):
        gone.drop_tree()
    blocks = list(leaves(article_of(built, url)))
    assert blocks
    lost = [block for block in blocks if squeezed(block) not in words]
    assert lost == [], lost[:4]
    assert squeezed(stamp.name) in squeezed(sheets[0])[:60]
    assert squeezed(stamp.at(url)) in squeezed(sheets[0])
    assert f"revision{stamp.revision}" in words
    names = ("Skip to the content", "On this page", "Print this page", "Copy the address", "Show steps for", "Print everything", "Sitemap")
    for navigation in names:
        assert squeezed(navigation) not in words
    assert all(len(sheet.split()) > 3 for sheet in sheets[:-1]), "a sheet is empty"


@pytest.mark.parametrize("url", PAGES)
def test_it_fits_the_paper_and_is_dark_on_white(dark: Page, address: str, url: str) -> None:
    dark.set_viewport_size({"width": 673, "height": 970})  # A4 less the margins, at 96 dots an inch
    dark.emulate_media(media="print")
    dark.goto(address + url)
    wide = dark.evaluate(
        """[...document.querySelectorAll("article *")].filter(e => e.getClientRects().length
        && !e.closest(".visually-hidden, thead") && e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 40))"""
    )
    assert wide == []
    ground, ink = (f"getComputedStyle({part})" for part in ("document.body", "document.querySelector('article p')"))
    assert dark.evaluate(f"[{ground}.backgroundColor, {ink}.color]") == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


@pytest.mark.parametrize("audience", ["", *sweep(AUDIENCE)])
def test_a_recommendation_takes_one_or_two_sheets(dark: Page, address: str, real: Framework, audience: str) -> None:
    for record in [r for r in real.all(Recommendation) if not r.withdrawn][::6]:
        dark.goto(f"{address}{record.url}?for={audience}")
        assert len(printed(dark)) <= 2, record.id


def test_a_stage_printed_for_a_role_has_its_steps_questions_and_warnings(dark: Page, address: str, real: Framework, partly: Partly) -> None:
    role, stage, current = partly.audience.id, partly.stage, partly.current
    dark.goto(f"{address}{stage.url}all/?for={role}")
    dark.emulate_media(media="print")
    mine = sorted(r.id for r in current if role in r.audiences)
    assert sorted(dark.locator(".recommendation:visible").evaluate_all("all => all.map(e => e.dataset.id)")) == mine
    assert sorted(dark.locator("h3:visible").evaluate_all("all => all.map(e => e.id)")) == mine
    assert dark.locator(".checklist li:visible").count() == sum(len(r.ask) for r in current if r.id in mine)
    assert dark.locator(".avoid > li:visible").count() == sum(len(r.avoid) for r in current if r.id in mine)
    left_out = ".compact, .stage-compact, .related, .cites, .address, .law-summary, .terms, .sourced"
    assert dark.locator(left_out).locator("visible=true").count() == 0
    dark.evaluate("window.print = () => {}")
    dark.emulate_media(media="screen")
    dark.get_by_role("button", name="Print everything").click()
    dark.emulate_media(media="print")
    assert dark.locator(".recommendation:visible").count() == len(real.recommendations(stage))
    assert dark.locator(".compact").first.is_visible()


def test_closed_details_are_printed(dark: Page, site: Path) -> None:
    style = (site / "framework.css").read_text("utf-8")
    dark.set_content(f"<style>{style}</style><details><summary>More</summary><p>Folded words</p></details>")
    assert "Folded words" in printed(dark)[0]


def test_what_is_shown_is_printed_and_says_so(dark: Page, address: str, real: Framework) -> None:
    current = (r for r in real.all(Recommendation) if not r.withdrawn)
    recommendation = next(r for r in current if 0 < sum(AUDIENCE in do.audience for do in r.do) < len(r.do))
    mine = [do for do in recommendation.do if AUDIENCE in do.audience]
    dark.add_init_script("window.print = () => {}")
    dark.goto(f"{address}{recommendation.url}?for={AUDIENCE}")
    label = squeezed(f"Steps for {real.get(Audience, AUDIENCE).plural.lower()}, {len(mine)} of {len(recommendation.do)}")
    steps = [squeezed(text) for text in dark.locator(".steps > li > p:not(.for)").all_text_contents()]

    def sheets() -> str:
        return squeezed("".join(printed(dark)))

    shown = [squeezed(text) for text in dark.locator(".steps > li:visible > p:not(.for)").all_text_contents()]
    for button, expected in (("Print what is shown", shown), ("Print everything", steps), ("Print what is shown", shown)):
        dark.get_by_role("button", name=button).click()
        text = sheets()  # printing ends with the event that brings back what was shown
        assert [step for step in steps if step in text] == expected
        assert (label in text[:400]) == (expected is shown)
    assert dark.locator(".print-page").is_hidden(), "one place to print"
