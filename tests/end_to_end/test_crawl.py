"""Test that the weekly link check names each dead link at its line."""

from __future__ import annotations

import http.server
from pathlib import Path

import pytest

from macros.model.problem import Problem
from tests.conftest import TESTS
from tests.crawl import Dead, answers, dead, problems
from tests.support.http_server import running


class _Other(http.server.BaseHTTPRequestHandler):
    """Somebody else's site: /good is there, /shy blocks machines, and everything else is gone."""

    def do_GET(self) -> None:
        self.send_response({"/good": 200, "/shy": 403}.get(self.path, 404))
        self.send_header("Content-Type", "text/html")
        self.send_header("LinkChecker", "own site")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815


def test_external_links_are_followed(tmp_path: Path) -> None:
    with running(_Other) as other:
        urls = [f"{other}good", f"{other}gone", f"{other}shy", "https://a.example.org/", "./nowhere.html", "mailto:a@b.example"]
        (tmp_path / "index.html").write_text("<!doctype html><title>x</title>" + "".join(f'<a href="{url}">x</a>' for url in urls))
        links = dead(tmp_path, TESTS / "linkcheckerrc-external")
        assert [(link.address, link.result[:3]) for link in links] == [
            ("./nowhere.html", "404"),
            (f"{other}gone", "404"),
            (f"{other}shy", "403"),
        ]
        (tmp_path / "index.html").write_text(f'<!doctype html><title>x</title><a href="{other}good">x</a>')
        assert dead(tmp_path, TESTS / "linkcheckerrc-external") == []
        assert [answers(url) for url in (*urls[:3], "http://127.0.0.1:1/")] == [True, True, True, False]


def test_a_dead_link_is_a_problem_at_its_lines(tmp_path: Path) -> None:
    (tmp_path / "data/sources").mkdir(parents=True)
    (tmp_path / "content").mkdir()
    (tmp_path / "data/sources/a.yml").write_text("title: A\nweb: https://x.example/a\n")
    (tmp_path / "data/sources/b.yml").write_text("title: B\nweb: https://x.example/a/b\n")
    (tmp_path / "content/a.md").write_text("See [A](https://x.example/a).\n")
    links = [Dead("https://x.example/a", "about/", "404 Not Found"), Dead("https://x.example/z", "law/", "403 Forbidden")]
    gone, shy = "write where it is now, or name another source", "open it yourself: the site may block only machines"
    wrong = "https://x.example/a cannot be opened (404 Not Found)"
    assert list(problems(links, tmp_path)) == [
        Problem("content/a.md", 1, 9, "dead-address", wrong, gone),
        Problem("data/sources/a.yml", 2, 6, "dead-address", wrong, gone),
        Problem("site/law/", 1, 1, "dead-address", "https://x.example/z cannot be opened (403 Forbidden)", shy, severity="warning"),
    ]


@pytest.mark.parametrize(
    ("result", "reason", "severity"),
    [
        ("410 Gone", "410 Gone", "error"),
        ("ConnectionError: HTTPSConnectionPool(host='x', port=443): (url: /404) Failed to resolve 'x'", "there is no such site", "error"),
        ("ConnectTimeout: HTTPSConnectionPool(host='x', port=443): url: /404 Connection to x timed out.", "no answer in time", "warning"),
        ("SSLError: certificate verify failed", "its certificate is not good", "warning"),
        ("ConnectionError: [Errno 111] Connection refused", "no connection", "warning"),
    ],
)
def test_results_are_explained_in_plain_words(tmp_path: Path, result: str, reason: str, severity: str) -> None:
    (problem,) = problems([Dead("https://x.example/404", "law/", result)], tmp_path)
    assert problem.wrong == f"https://x.example/404 cannot be opened ({reason})"
    assert problem.severity == severity
