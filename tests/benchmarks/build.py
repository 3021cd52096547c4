"""Times build, check and serving, beside plain MkDocs with the same pages."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, Taken, row, taken
from tests.benchmarks.plain import expanded
from tests.site_build.test_serve import free_port

RUNS = 5
RECORD, PAGE, STYLE = "data/recommendations/2f.yml", "content/about/report.md", "content/framework.css"
STARTING = 120.0
"""How many seconds a served site may take to start, or to show what was saved."""


def copied(folder: Path) -> Path:
    """Lay out a copy of the project in `folder`, to be changed and built there."""
    for name in ("data", "content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name in ("macros", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=STARTING) as answer:  # noqa: S310  (our own server)
            return str(answer.read().decode())
    except OSError:
        return ""


def _wait(address: str, words: str) -> float:
    """Return how many seconds it takes until `words` stand in what `address` serves."""
    start = time.monotonic()
    while words not in _fetched(address):
        if time.monotonic() - start > STARTING:
            raise SystemExit(f"{words} did not appear at {address}")
        time.sleep(0.02)
    return time.monotonic() - start


def served(project: Path) -> Iterator[tuple[str, Taken]]:
    """Serve `project`; yield what is done, and the median time from then to the new page over HTTP, with the server's memory."""
    home = f"127.0.0.1:{free_port()}"
    with (project / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "macros", "serve", "--address", home], cwd=project, stderr=log)
    saves: dict[str, tuple[str, str, Callable[[str, str], str]]] = {
        "a record": (RECORD, "stages/2-specify/", lambda text, mark: text.replace("title: ", f"title: {mark} ", 1)),
        "a page's prose": (PAGE, "about/report/", lambda text, mark: f"{text}\n{mark} is new.\n"),
        "the stylesheet": (STYLE, "framework.css", lambda text, mark: f"{text}\n/* {mark} */\n"),
    }
    found = {"svf serve, from starting it to the first page": [_wait(f"http://{home}/", "<h1")]}
    for name, (path, url, change) in saves.items():
        text, seconds = (project / path).read_text("utf-8"), []
        for mark in ("Alpha", "Beta", "Gamma"):
            (project / path).write_text(change(text, mark), "utf-8")
            seconds.append(_wait(f"http://{home}/{url}", mark))
            time.sleep(1)  # what goes on after the page is up is not measured with the next
        found[f"svf serve, from saving {name} to the new page"] = seconds
    server.terminate()
    used = os.wait4(server.pid, 0)[2]
    for name, seconds in found.items():
        yield name, Taken(statistics.median(seconds), used.ru_maxrss, 0)


def build(work: Path) -> None:
    """Print the table: the commands in turn, and the served site once."""
    project, pages = copied(work / "ours"), expanded(ROOT, work / "plain")
    found: dict[str, list[Taken]] = {}
    svf = [sys.executable, "-m", "macros"]
    for _ in range(RUNS):
        commands = {
            "mkdocs build, macros expanded before": ([sys.executable, "-m", "mkdocs", "build", "-q"], pages),
            "svf build, nothing printed before": ([*svf, "build"], project),
            "svf build, nothing to print": ([*svf, "build"], project),
            "svf check": ([*svf, "check"], project),
        }
        shutil.rmtree(project / ".cache/pdf", ignore_errors=True)
        for name, (command, folder) in commands.items():
            found.setdefault(name, []).append(taken(command, folder))
    sys.stdout.write(
        f"\nBuilding, checking and serving; commands in turn, median of {RUNS}, served pages of three."
        " Memory is that of the largest process.\n\n"
    )
    row("done", "seconds", "ratio to plain MkDocs", "memory")
    row(*["---"] * 4)
    plain = next(iter(found.values()))
    for name, runs in [*found.items(), *((name, [one]) for name, one in served(project))]:
        seconds = statistics.median(one.seconds for one in runs)
        ratio = seconds / statistics.median(one.seconds for one in plain)
        row(name, f"{seconds:.2f}", f"{ratio:.2f}", f"{max(one.memory for one in runs) / 1024:.0f} MB")
