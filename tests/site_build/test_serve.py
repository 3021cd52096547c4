"""Test `svf serve`: saved changes appear in the open page, and faults on the page and in the terminal until they are fixed."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError

import docx
import pytest
from playwright.sync_api import Browser, expect

from macros.site_build import mkdocs_hooks
from tests.conftest import ROOT
from tests.history.test_git import put
from tests.support.pdf import sheets_of

TIMEOUT = 120.0
"""Seconds that a busy machine may take."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310  (our own server)
            return str(answer.read().decode())
    except (URLError, ConnectionError):
        return ""


def wait(address: str, until: Callable[[str], bool], server: subprocess.Popen[str]) -> str:
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        assert server.poll() is None, "the server has stopped"
        text = page(address)
        if until(text):
            return text
        time.sleep(0.1)
    raise AssertionError(f"not seen in time; the page reads:\n{text[:2000]}")


@contextmanager
def serving(project: Path, log: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve `project` with `svf serve`, which writes to `log`; yield the site's address and the process."""
    address = f"127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "macros", "serve", "--address", address]
    with log.open("w") as stream:
        server = subprocess.Popen(words, cwd=project, stdout=stream, stderr=subprocess.STDOUT, text=True)
    try:
        yield f"http://{address}/", server
    finally:
        server.terminate()
        server.wait()


def with_own_templates(project: Path) -> Path:
    """Give `project` a copy of macros/ in place of the link, so that a test may change templates."""
    (project / "macros").unlink()
    shutil.copytree(ROOT / "macros", project / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    return project


def test_saved_changes_appear_in_the_open_page(project: Path, tmp_path: Path, browser: Browser) -> None:
    with_own_templates(project)
    with serving(project, tmp_path / "log") as (home, server):
        guide = f"{home}stages/1-find-out/"
        wait(guide, lambda text: "Go where people already meet" in text, server)
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(guide)
        article, heading = page.locator("article"), page.locator("h1").first

        put(project, "data/recommendations/1a.yml", "Go where people already meet", "Ask sooner for ideas")
        expect(article).to_contain_text("Ask sooner for ideas")

        put(project, "content/stages/1-find-out.md", "{{", "A new paragraph.\n\n{{")
        expect(article).to_contain_text("A new paragraph.")

        style = project / "content/framework.css"
        style.write_text(style.read_text("utf-8") + "\nh1 { letter-spacing: 7px !important; }\n", "utf-8")
        expect(heading).to_have_css("letter-spacing", "7px")

        template = project / "macros/templates/pages/stage_panel.html.j2"
        template.write_text(template.read_text("utf-8") + "\n<p>From a template of ours.</p>\n", "utf-8")
        expect(article).to_contain_text("From a template of ours.")

        put(project, "overrides/base.html", "</header>", "<p>From a template of the frame.</p></header>")
        expect(page.locator("header").first).to_contain_text("From a template of the frame.")
        assert complaints == []
        page.close()


FAULTS = [
    ("data/recommendations/1a.yml", "terms: [social-value]", "terms: [outcom]", "there is no term &quot;outcom&quot;"),
    ("content/stages/1-find-out.md", "{{", "{{ cycler.__init__ }}\n\n{{", "not a macro call"),
    ("mkdocs.yml", "site_name:", "site_name: [\nsite_name:", "mkdocs.yml"),
    ("macros/templates/pages/recommendation.html.j2", "{{", "\n{{ framework.nonsense.more }}{{", "pages/recommendation.html.j2:"),
    ("macros/templates/pages/stage_guide.md.j2", "{%", "{% nonsense %}\n{%", "pages/stage_guide.md.j2:5:1: Encountered"),
    ("overrides/main.html", "{% extends", "{% nonsense %}{% extends", "overrides/main.html:1:1: "),
]


def test_a_fault_is_shown_on_the_page_until_it_is_fixed(project: Path, tmp_path: Path) -> None:
    with_own_templates(project)
    record = project / "data/values/openness.yml"
    good = record.read_text()
    record.write_text("number: [")
    with serving(project, tmp_path / "log") as (home, server):
        guide = f"{home}stages/1-find-out/"
        wait(guide, lambda text: "data/values/openness.yml:" in text, server)
        record.write_text(good)
        wait(guide, lambda text: "Go where people already meet" in text, server)
        for path, old, new, message in FAULTS:
            text = (project / path).read_text("utf-8")
            assert old in text, path
            (project / path).write_text(text.replace(old, new, 1), "utf-8")
            wait(guide, lambda html, message=message: message in html and "Go where people already meet" not in html, server)  # type: ignore[misc]
            (project / path).write_text(text, "utf-8")
            wait(guide, lambda html: "Go where people already meet" in html, server)
    log = (tmp_path / "log").read_text()
    assert 'there is no term "outcom"; did you mean "outcome"?' in log
    assert "Traceback" not in log


def test_little_is_said_before_the_address_and_a_guide_is_printed_when_it_is_asked_for(project: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(project, log) as (home, server):
        wait(home, lambda text: "three stages" in text, server)
        page(f"{home}nowhere/")
        assert log.read_text().splitlines() == [
            "Building the site; this takes a moment.",
            "The form at /edit/ was not built, because its npm packages are missing. Run make site again when the network works.",
            f"Open {home} in your browser. Open pages reload when you save a file.",
            "Press Ctrl-C to stop.",
        ]
        assert " (PDF)</a>" in page(f"{home}stages/1-find-out/")
        assert "Go where people already meet" in words_of(f"{home}downloads/stage-1-find-out.pdf")
        put(project, "data/recommendations/1a.yml", "Go where people already meet", "Ask sooner for ideas")
        wait(f"{home}stages/1-find-out/", lambda text: "Ask sooner for ideas" in text, server)
        assert "Ask sooner for ideas" in words_of(f"{home}downloads/stage-1-find-out.pdf")
        with urllib.request.urlopen(f"{home}downloads/stage-1-find-out-summary.docx") as answer:  # noqa: S310  (our own server)
            assert "Ask sooner for ideas" in "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.read())).paragraphs)
        with pytest.raises(HTTPError, match="404"):
            words_of(f"{home}downloads/nothing.pdf")


def test_compiled_python_is_not_a_change(tmp_path: Path) -> None:
    config: Any = SimpleNamespace(docs_dir=str(tmp_path), config_file_path=str(tmp_path / "mkdocs.yml"), watch=[])
    mkdocs_hooks._changed_files(config)
    for name in ("a.pyc", "a.md"):
        (tmp_path / name).touch()
    assert mkdocs_hooks._changed_files(config) == {tmp_path / "a.md"}


def words_of(address: str) -> str:
    with urllib.request.urlopen(address) as answer:  # noqa: S310  (our own server)
        return " ".join(" ".join(sheets_of(answer.read())).split())


def test_the_search_finds_what_is_served_and_a_guide_that_cannot_be_printed_says_why(project: Path, tmp_path: Path) -> None:
    with_own_templates(project)
    put(project, "macros/templates/guides/guide.typ", "#", "#panic() #")
    with serving(project, tmp_path / "log") as (home, server):
        wait(f"{home}pagefind/words.json", lambda text: "ideas" in text, server)
        put(project, "data/recommendations/1a.yml", "Go where people already meet", "Ask early for zebras")
        wait(f"{home}pagefind/words.json", lambda text: "zebras" in text, server)
        with pytest.raises(HTTPError) as failed:
            words_of(f"{home}downloads/glossary.pdf")
        assert "downloads/glossary.pdf cannot be printed" in failed.value.read().decode()


def test_serve_names_the_template_that_keeps_it_from_starting(project: Path) -> None:
    put(project, "overrides/main.html", "{% extends", "{% nonsense %}{% extends")
    words = [sys.executable, "-m", "macros", "serve", "--address", f"127.0.0.1:{free_port()}"]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Not served. overrides/main.html:1:1: " in done.stderr
    assert "Traceback" not in done.stderr
