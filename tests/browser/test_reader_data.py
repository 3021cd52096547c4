"""What the site takes from its readers: nothing, unless data/site.yml says where; then the page and the answer, and nothing else."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from macros.model.framework import Framework
from macros.rendering.page_macros import Library
from macros.site_build import mkdocs_hooks
from tests.conftest import html_of, served, settled

Received = list[tuple[str, dict[str, str], str]]


class _Endpoint(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent: path, headers, body."""

    def __init__(self, received: Received, *args: Any) -> None:
        self.received = received
        super().__init__(*args)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("Set-Cookie", "follow=me")
        self.end_headers()
        self.wfile.write(b"Thanks")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def endpoint() -> Iterator[tuple[str, Received]]:
    """The address of a server that keeps what it is sent, and what that is."""
    received: Received = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Endpoint, received))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def asking(project: Path, tmp_path: Path, endpoint: tuple[str, Received]) -> Iterator[str]:
    """The address of the small site, whose publisher asks its readers and counts its pages."""
    file = project / "data/site.yml"
    file.write_text(file.read_text() + f"feedback: {endpoint[0]}/useful\ncounts: {endpoint[0]}/hit\n")
    mkdocs_hooks.build(project, tmp_path / "site")
    with served(tmp_path / "site") as address:
        yield address


def test_nothing_is_asked_or_counted_unless_the_publisher_says_where(site: Path, real: Framework) -> None:
    for mark, said in (('class="feedback"', real.site.feedback), ('name="counts"', real.site.counts)):
        assert any(mark in file.read_text("utf-8") for file in html_of(site)) == (said is not None), mark
    assert ("counts no reader" in (site / "about/privacy/index.html").read_text("utf-8")) == (real.site.counts is None)


def test_a_page_is_counted_and_an_answer_sent_and_nothing_else(browser: Browser, asking: str, endpoint: tuple[str, Received]) -> None:
    received = endpoint[1]
    context = browser.new_context()
    context.add_cookies([{"name": "known", "value": "reader", "url": endpoint[0]}])
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"{asking}values/?q=private#trust")
    settled(page, lambda: len(received) == 1)
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Thank you. Only the page and your answer were sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_disabled()
    context.close()
    assert [(path, body) for path, _, body in received] == [("/hit", "page=%2Fvalues%2F"), ("/useful", "page=%2Fvalues%2F&useful=no")]
    for _, headers, _ in received:
        assert "cookie" not in headers
        assert "referer" not in headers
    assert refused == []


def test_without_a_script_an_answer_is_sent_and_nothing_is_counted(browser: Browser, asking: str, endpoint: tuple[str, Received]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{asking}glossary/")
    page.get_by_role("button", name="Yes", exact=True).click()
    page.wait_for_url("**/useful")
    context.close()
    assert [(path, body) for path, _, body in endpoint[1]] == [("/useful", "page=%2Fglossary%2F&useful=yes")]
    assert endpoint[1][0][1].get("referer", asking) == asking, "at most, whose form it is"


def test_an_answer_that_cannot_be_sent_says_so(browser: Browser, asking: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/useful", lambda route: route.abort())
    page.goto(f"{asking}values/")
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_text("Your answer could not be sent.")).to_be_visible()
    context.close()


def test_the_privacy_page_says_what_is_taken(small: Framework) -> None:
    library = Library(small, str)
    assert library.reader_data() == "<p>It sets no cookie and counts no reader.</p>\n"
    small.site.__dict__.update(feedback="https://forms.example/useful", counts="https://count.example/hit")
    try:
        said = library.reader_data()
    finally:
        small.site.__dict__.update(feedback=None, counts=None)
    assert "<p>It sets no cookie.</p>" in said
    assert "sent to count.example, and nothing else" in said
    assert "sent to forms.example, and nothing else" in said
