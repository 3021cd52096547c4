"""The table of build, check and serving times, next to plain MkDocs with the same pages."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, Usage, measure, row, table
from tests.benchmarks.plain import expanded
from tests.conftest import copy_project
from tests.site_build.test_serve import free_port, wait

RUNS = 5


def served(project: Path) -> Iterator[tuple[str, Usage]]:
    """Serve `project`; yield the median time from each kind of change to the new page over HTTP, with the server's memory."""
    home = f"127.0.0.1:{free_port()}"
    with (project / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "macros", "serve", "--address", home], cwd=project, stderr=log, text=True)

    def seconds_until(path: str, text: str) -> float:
        start = time.monotonic()
        wait(f"http://{home}/{path}", lambda html: text in html, server)
        return time.monotonic() - start

    times = {"svf serve, from starting it to the first page": [seconds_until("", "<h1")]}
    for name, file, url, old, new in (
        ("a record", "data/recommendations/2f.yml", "stages/2-specify/", "title: ", "title: {} "),
        ("a page's prose", "content/about/report.md", "about/report/", "\n## ", "\n{} is new.\n\n## "),
        ("the stylesheet", "content/framework.css", "framework.css", "/* ", "/* {} "),
    ):
        label = f"svf serve, from saving {name} to the new page"
        text, times[label] = (project / file).read_text("utf-8"), []
        assert old in text, file
        for mark in ("Alpha", "Beta", "Gamma"):
            (project / file).write_text(text.replace(old, new.format(mark), 1), "utf-8")
            times[label].append(seconds_until(url, mark))
            time.sleep(1)  # let the server finish before the next change
    server.terminate()
    used = os.wait4(server.pid, 0)[2]
    for name, seconds in times.items():
        yield name, Usage(statistics.median(seconds), used.ru_maxrss, 0)


def build(work: Path) -> None:
    """Print the table."""
    project, plain = copy_project(ROOT, work / "ours"), expanded(ROOT, work / "plain")
    svf = [sys.executable, "-m", "macros"]
    commands = {
        "mkdocs build, macros expanded before": ([sys.executable, "-m", "mkdocs", "build", "-q"], plain),
        "svf build, nothing printed before": ([*svf, "build"], project),
        "svf build, nothing to print": ([*svf, "build"], project),
        "svf check": ([*svf, "check"], project),
        "svf check, a record changed": ([*svf, "check"], project),
    }
    usages: dict[str, list[Usage]] = {name: [] for name in commands}
    record = project / "data/recommendations/2f.yml"
    for run in range(RUNS):
        for cache in ("outputs", "project"):
            shutil.rmtree(project / ".cache" / cache, ignore_errors=True)
        for name, (command, folder) in commands.items():
            if name.endswith("changed"):
                record.write_text(f"# Change {run}\n{record.read_text('utf-8')}", "utf-8")
            usages[name].append(measure(command, folder))
    title = f"Building, checking and serving: commands in turn, median of {RUNS}, serving of three. Memory is that of the largest process."
    table(title, "command", "seconds", "ratio to plain MkDocs", "memory")
    first = statistics.median(usage.seconds for usage in next(iter(usages.values())))
    for name, runs in [*usages.items(), *((name, [usage]) for name, usage in served(project))]:
        seconds = statistics.median(usage.seconds for usage in runs)
        row(name, f"{seconds:.2f}", f"{seconds / first:.2f}", f"{max(usage.memory for usage in runs) / 1024:.0f} MB")
