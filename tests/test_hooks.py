"""Serving: a bad record shows its problem on the page and in the terminal, and the server recovers when it is mended."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

LONG = 120.0
"""How many seconds a busy machine may take; a test waits no longer than it must."""


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
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        assert server.poll() is None, "the server has stopped"
        text = page(address)
        if until(text):
            return text
        time.sleep(0.1)
    raise AssertionError(f"not seen in time; the page reads:\n{text[:2000]}")


def test_serve_shows_problems_and_recovers(project: Path, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    log = tmp_path / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "macros", "serve", "--address", address], cwd=project, stdout=stream, stderr=subprocess.STDOUT, text=True
        )
    try:
        home, guide = f"http://{address}/", f"http://{address}/stages/1-plan/"
        wait(guide, lambda text: "Ask early for ideas" in text, server)

        record = project / "data/recommendations/1a.yml"
        good = record.read_text()
        record.write_text(good.replace("Ask early for ideas", "Ask sooner for ideas"))
        wait(guide, lambda text: "Ask sooner for ideas" in text, server)

        record.write_text(good.replace("terms: [outcome]", "terms: [outcom]"))
        shown = wait(home, lambda text: "Not shown: 1 problem in 1 file" in text, server)
        assert "there is no term &quot;outcom&quot;; did you mean &quot;outcome&quot;?" in shown
        assert 'there is no term "outcom"; did you mean "outcome"?' in log.read_text()

        record.write_text(good)
        wait(guide, lambda text: "Ask early for ideas" in text, server)

        content = project / "content/index.md"
        text = content.read_text()
        content.write_text(text + "\n{{ cycler.__init__.__globals__ }}\n")
        shown = wait(home, lambda text: "Not shown" in text, server)
        assert "not a macro call" in shown
        assert "module" not in shown
        content.write_text(text)
        wait(home, lambda text: "Ask early for ideas" in text, server)
    finally:
        server.terminate()
        server.wait()


def test_serve_starts_with_a_bad_record_too(project: Path, tmp_path: Path) -> None:
    record = project / "data/values/trust.yml"
    good = record.read_text()
    record.write_text("number: [")
    address = f"127.0.0.1:{free_port()}"
    with (tmp_path / "log").open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "macros", "serve", "--address", address], cwd=project, stdout=stream, stderr=subprocess.STDOUT, text=True
        )
    try:
        wait(f"http://{address}/", lambda text: "data/values/trust.yml:" in text, server)
        record.write_text(good)
        wait(f"http://{address}/values/", lambda text: "Each side believes the other" in text, server)
    finally:
        server.terminate()
        server.wait()
