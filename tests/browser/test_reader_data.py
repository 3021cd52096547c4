"""Test what the site sends about its readers: nothing, unless data/site.yml has endpoints; then the page and the answer only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from macros.model.framework import Framework
from macros.rendering.page_macros import PageMacros
from macros.site_build import mkdocs_hooks
from tests.conftest import html_of, make_project, wait_until
from tests.support.http_server import served

FEEDBACK, COUNTS = "https://forms.example/useful", "https://count.example/hit"


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small site that counts its pages and asks its readers."""
    project, site = make_project(tmp_path_factory.mktemp("project")), tmp_path_factory.mktemp("site")
    with (project / "data/site.yml").open("a") as file:
        file.write(f"feedback: {FEEDBACK}\ncounts: {COUNTS}\n")
    mkdocs_hooks.build(project, site)
    with served(site) as address:
        yield address


def received_by(page: Page) -> list[Request]:
    """Answer the requests of `page` to the endpoints; return the list that they are added to."""
    received: list[Request] = []

    def receive(route: Route) -> None:
        received.append(route.request)
        route.fulfill(body="Thanks")

    for url in (FEEDBACK, COUNTS):
        page.route(url, receive)
    return received


def test_nothing_is_asked_or_counted_without_an_endpoint(site: Path, real: Framework) -> None:
    for mark, endpoint in (('class="feedback"', real.site.feedback), ('name="counts"', real.site.counts)):
        assert any(mark in file.read_text("utf-8") for file in html_of(site)) == (endpoint is not None), mark
    assert ("does not count readers" in (site / "about/privacy/index.html").read_text("utf-8")) == (real.site.counts is None)


def test_only_the_page_and_the_answer_are_sent(page: Page, asking: str) -> None:
    received = received_by(page)
    page.context.add_cookies([{"name": "known", "value": "reader", "url": url} for url in (FEEDBACK, COUNTS)])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"{asking}values/?q=private#openness")
    wait_until(page, lambda: len(received) == 1)
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Thank you. Only the page and your answer were sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_disabled()
    assert [(r.url, r.post_data) for r in received] == [(COUNTS, "page=%2Fvalues%2F"), (FEEDBACK, "page=%2Fvalues%2F&useful=no")]
    assert not any({"cookie", "referer"} & set(request.all_headers()) for request in received)
    assert complaints == []


def test_without_a_script_an_answer_is_sent_and_nothing_is_counted(without_script: Page, asking: str) -> None:
    received = received_by(without_script)
    without_script.goto(f"{asking}glossary/")
    without_script.get_by_role("button", name="Yes", exact=True).click()
    without_script.wait_for_url("**/useful")
    assert [(r.url, r.post_data) for r in received] == [(FEEDBACK, "page=%2Fglossary%2F&useful=yes")]
    assert received[0].all_headers().get("referer", asking) == asking, "at most the site, not the page"


def test_an_answer_that_cannot_be_sent_says_so(page: Page, asking: str) -> None:
    page.route(FEEDBACK, lambda route: route.abort())
    page.goto(f"{asking}values/")
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_text("Your answer could not be sent.")).to_be_visible()


def test_the_privacy_page_names_the_hosts(small: Framework) -> None:
    site = small.site.model_copy(update={"feedback": FEEDBACK, "counts": COUNTS})
    text = PageMacros(Framework({**small.records, ("site", "site"): site}, small.documents), str).reader_data()
    assert "<p>It sets no cookies.</p>" in text
    assert "sent to count.example to be counted. Nothing else is sent." in text
    assert "sent to forms.example. Nothing else is sent." in text
