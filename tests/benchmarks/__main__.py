"""Measures on this machine, and prints a table: `make bench`. The figures are of one run; compare ratios, not seconds."""

from __future__ import annotations

import functools
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from macros.model.core import Recommendation, Stage
from macros.site_build.project import read_project
from tests.benchmarks import guides as printed
from tests.benchmarks.build import build
from tests.benchmarks.growth import growth
from tests.benchmarks.lighthouse import CATEGORIES, scores
from tests.benchmarks.measure import ROOT, row, timed
from tests.benchmarks.weight import on_disk, weights

RUNS = 5


def guides(work: Path) -> None:
    project = read_project(ROOT)
    site = work / "site"
    timed([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)], ROOT)
    sys.stdout.write(f"\nPrinted guides inside a build, median of {RUNS}\n\n")
    row("made", "seconds", "ratio to the stage guides", "mean size")
    row(*["---"] * 4)
    mine = printed.ours(RUNS)
    for name, seconds, ratio, size in (*mine, *printed.beside(project, site, mine[0][1], RUNS)):
        row(name, f"{seconds:.2f}", f"{ratio:.1f}", f"{size / 1024:.0f} KB")


def weight(work: Path) -> None:
    found = weights(work)
    sys.stdout.write("\nWhat a browser fetches for a stage guide, packed by gzip, headers included, mean and most of seven\n\n")
    row("pages", "first page", "requests", "asked of others", "next page", "whole site on disk")
    row(*["---"] * 6)
    for name, words in (("stock", "the theme's own, with its search"), ("ours", "ours")):
        stages = found[name]
        first, after = ([getattr(one, part) for one in stages] for part in ("first", "next"))
        row(
            words,
            f"{statistics.mean(first) / 1000:.1f} KB, {max(first) / 1000:.1f}",
            max(one.requests for one in stages),
            sum(one.others for one in stages),
            f"{statistics.mean(after) / 1000:.1f} KB, {max(after) / 1000:.1f}",
            f"{on_disk(work / name) / 1e6:.1f} MB",
        )
    for part in ("first", "next"):
        ratio = statistics.mean(getattr(one, part) for one in found["ours"]) / statistics.mean(getattr(one, part) for one in found["stock"])
        sys.stdout.write(f"Ratio of the {part} page, ours to stock: {ratio:.2f}\n")


def lighthouse(work: Path) -> None:
    site = work / "scored"
    timed([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)], ROOT)
    found = scores(site, 3)
    sys.stdout.write("\nLighthouse, as on a phone, median of 3\n\n")
    if not found:
        sys.stdout.write("Not measured; fetch it with: npm ci --prefix tests/benchmarks\n")
        return
    row("page", *CATEGORIES)
    row(*["---"] * (len(CATEGORIES) + 1))
    for page, said in found.items():
        row(page, *(f"{said[category]:.0f}" for category in CATEGORIES))


def main() -> None:
    """Print all tables, or those whose names are given: build, weight, guides, growth, lighthouse.

    Behind growth may stand how many times the records there should be: 1, 3 and 10 if nothing does.
    """
    framework = read_project(ROOT).framework
    assert framework is not None
    sys.stdout.write(
        f"{len(framework.records)} records, {len(framework.all(Stage))} stages, {len(framework.all(Recommendation))} recommendations\n"
    )
    factors = tuple(int(word) for word in sys.argv[1:] if word.isdecimal())
    with tempfile.TemporaryDirectory() as name:
        tables: dict[str, Callable[[Path], None]] = {
            "build": build,
            "weight": weight,
            "guides": guides,
            "growth": functools.partial(growth, factors=factors or (1, 3, 10)),
            "lighthouse": lighthouse,
        }
        for chosen in [word for word in sys.argv[1:] if not word.isdecimal()] or tables:
            tables[chosen](Path(name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"\nThe benchmark itself used {peak / 1024:.0f} MB.\n")


if __name__ == "__main__":
    main()
