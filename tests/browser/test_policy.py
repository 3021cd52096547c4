"""Test the Content-Security-Policy, and that no page breaks it or asks other sites."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from macros.model.framework import Framework
from macros.site_build.artifacts import headers, policy
from macros.site_build.postprocess import parsed_pages
from tests.conftest import html_of, watched


def test_the_policy_allows_no_inline_code_and_only_the_publishers_endpoints(real: Framework) -> None:
    text = policy(real.site.model_copy(update={"feedback": None, "counts": None}))
    assert text.startswith("default-src 'none'; ")
    for unwanted in ("unsafe-inline", "'unsafe-eval'", "http", "frame-ancestors"):  # a page cannot set the last
        assert unwanted not in text
    assert "  Content-Security-Policy: frame-ancestors 'none'\n" in headers().content.decode()
    assert "X-Content-Type-Options: nosniff" in headers().content.decode()
    site = real.site.model_copy(update={"feedback": "https://forms.example/useful?x=1", "counts": "https://count.example/hit"})
    parts = dict(part.split(" ", 1) for part in policy(site).split("; "))
    assert parts["connect-src"] == parts["form-action"] == "'self' https://forms.example https://count.example"
    assert parts["img-src"] == "'self'"


def test_every_page_has_the_policy_before_its_first_link_or_script(site: Path, real: Framework) -> None:
    for file in html_of(site):
        html = file.read_text("utf-8")
        assert html.count(policy(real.site)) == 1, file
        assert html.index("Content-Security-Policy") < min(html.find(tag) % len(html) for tag in ("<link", "<script")), file


def test_no_page_has_inline_scripts_or_styles(site: Path) -> None:
    for path, page in parsed_pages(site).items():
        assert page.xpath('//style | //script[not(@src)] | //@style | //@*[starts-with(name(), "on")]') == [], path
        assert not any(address.lower().startswith(("javascript:", "data:text")) for address in page.xpath("//@href | //@action")), path


def test_no_page_breaks_the_policy_or_requests_another_site(urls: list[str], address: str, real: Framework, browser: Browser) -> None:
    with watched(browser) as (page, requested, complaints):
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        if real.site.counts:
            page.route(re.compile(re.escape(real.site.counts)), lambda route: route.fulfill())
        for url in urls:
            page.goto(address + url)
            page.get_by_role("button", name="colours").click()
            if page.locator(".term-link:visible").count():
                page.locator(".term-link:visible").first.click()
                page.keyboard.press("Escape")
            if page.locator(".search-link").count():
                page.keyboard.press("Control+k")
                page.keyboard.type("outcome")
                page.locator("#search[data-shown=outcome]").wait_for()
            page.wait_for_load_state("networkidle")
    assert {url for url in requested if not url.startswith((address, "data:"))} <= {real.site.counts}
    assert complaints == []
