"""Follow the links of the built site: `python -m tests.crawl`; with `external`, links to other sites, too."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

import click

from macros.cli.context import print_problems, reporting_options
from macros.model.problem import Format, Problem
from tests.conftest import ROOT, TESTS
from tests.support.http_server import served

GONE = ("404", "410", "there is no such site")
"""Results that mean a page is gone; any other may be a site that blocks machines or has an outage."""

_REASONS = {
    r"Failed to resolve|Name or service not known|nodename nor servname|getaddrinfo": "there is no such site",
    r"(?i)time(?:d )?out": "no answer in time",
    r"(?i)certificate|SSL": "its certificate is not good",
    r"ConnectionError|ConnectionRefused|ConnectionReset": "no connection",
}


class Dead(NamedTuple):
    """A dead link: its address as written, its page, and LinkChecker's result."""

    address: str
    page: str
    result: str


def dead(site: Path, settings: Path) -> list[Dead]:
    """Return the dead links of the built `site`, found by LinkChecker with `settings`; exit if it cannot run."""
    with served(site) as home:
        words = [sys.executable, "-m", "linkcheck", "-f", str(settings), "--no-status", "-o", "csv", home]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    rows = csv.DictReader((line for line in done.stdout.splitlines() if not line.startswith("#")), delimiter=";")
    links = {
        Dead(row["url"] if "//" in row["urlname"] else row["urlname"], urlsplit(row["parentname"]).path.lstrip("/"), row["result"])
        for row in rows
        if row.get("valid") == "False" or row.get("warningstring")
    }
    if done.returncode not in (0, 1) or bool(links) != bool(done.returncode):
        sys.exit(f"LinkChecker could not follow the links: {done.stderr[-500:] or done.stdout[-500:]}")
    return sorted(links)


def problems(links: Iterable[Dead], root: Path) -> Iterator[Problem]:
    """Yield a problem for each line of `root` that has the address of one of `links`, or else for its page."""
    files = sorted([*(root / "data").rglob("*.yml"), *(root / "content").rglob("*.md")])
    lines = [(f.relative_to(root).as_posix(), n, line) for f in files for n, line in enumerate(f.read_text("utf-8").split("\n"), 1)]
    for link in links:
        result = next((reason for form, reason in _REASONS.items() if re.search(form, link.result)), " ".join(link.result.split())[:80])
        gone = result.startswith(GONE)
        wrong = f"{link.address} cannot be opened ({result})"
        instead = "write where it is now, or name another source" if gone else "open it yourself: the site may block only machines"
        written = re.compile(rf"{re.escape(urldefrag(link.address)[0].rstrip('/'))}/?(?![\w/?=&-]|\.\w)")
        places = [(path, n, m.start() + 1) for path, n, line in lines if (m := written.search(line))]
        for path, line, column in places or [(f"site/{link.page}", 1, 1)]:
            yield Problem(path, line, column, "dead-address", wrong, instead, severity="error" if gone else "warning")


def answers(address: str) -> bool:
    """Return whether the server of `address` answers, whatever it says."""
    try:
        urlopen(Request(address, method="HEAD"), timeout=10).close()  # noqa: S310, they begin with http
    except OSError as error:
        return isinstance(error, HTTPError)
    return True


@click.command()
@reporting_options
@click.argument("which", type=click.Choice(["own", "external"]), default="own")
def main(which: str, form: Format, summary: Path | None) -> None:
    """Print the dead links of site/; exit with status 1 if a page is certainly gone."""
    if not (ROOT / "site" / "index.html").is_file():
        sys.exit("There is no site/. Run make site first.")
    if external := which == "external":
        click.echo("Following the links to other sites, two a second: this takes minutes", err=True)
        some = re.findall(r"https?://[^\s)]+", "".join(file.read_text("utf-8") for file in sorted((ROOT / "data/sources").glob("*.yml"))))
        if not any(map(answers, dict.fromkeys(some[:: len(some) // 5 or 1]))):
            sys.exit("No other site answers. Is there a network? Nothing was checked.")
    found = sorted(set(problems(dead(ROOT / "site", TESTS / ("linkcheckerrc-external" if external else "linkcheckerrc")), ROOT)))
    print_problems(found, form, summary)
    sys.exit(any(problem.severity == "error" or not external for problem in found))


if __name__ == "__main__":
    main()
