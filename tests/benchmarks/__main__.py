"""Measures on this machine, and prints a table: `make bench`. The figures are of one run; compare ratios, not seconds."""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from macros.library import Library
from macros.model import Recommendation, Stage
from macros.project import read_project
from tests.benchmarks import guides as printed
from tests.benchmarks.lighthouse import CATEGORIES, scores
from tests.benchmarks.scale import copied
from tests.benchmarks.weight import on_disk, weights

ROOT = Path(__file__).parent.parent.parent
RUNS = 5


def timed(command: list[str], folder: Path) -> tuple[float, int]:
    """Run `command` in `folder`; return seconds and its peak memory in KB."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
        "sys.stderr.buffer.write(done.stderr)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "sys.exit(done.returncode)"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, *command], cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return seconds, int(done.stdout)


def median(command: list[str], folder: Path, runs: int = RUNS) -> tuple[float, int]:
    found = [timed(command, folder) for _ in range(runs)]
    return statistics.median(s for s, _ in found), max(m for _, m in found)


def row(*cells: object) -> None:
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()


def check_at_scale(work: Path) -> None:
    svf = [sys.executable, "-m", "macros", "check"]
    sys.stdout.write(f"\nsvf check, as a whole process, median of {RUNS} (3 at 100 times)\n\n")
    row("data", "records", "seconds", "ratio to 1", "peak memory")
    row(*["---"] * 5)
    first = 0.0
    for times in (1, 10, 100):
        folder = copied(ROOT, work / f"times{times}", times)
        records = sum(1 for _ in (folder / "data").rglob("*.yml"))
        seconds, memory = median(svf, folder, RUNS if times < 100 else 3)
        first = first or seconds
        row(f"{times} times", records, f"{seconds:.2f}", f"{seconds / first:.1f}", f"{memory / 1024:.0f} MB")
        shutil.rmtree(folder)


def expanded(folder: Path) -> Path:
    """Lay out in `folder` the pages of the real site with the macros already expanded, for plain MkDocs."""
    framework = read_project(ROOT).framework
    assert framework is not None
    for source in (ROOT / "content").rglob("*"):
        target = folder / source.relative_to(ROOT)
        if source.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix != ".md":
            shutil.copy(source, target)
            continue
        path = source.relative_to(ROOT / "content").as_posix()
        here = re.sub(r"(^|/)index\.md$", r"\1", path)
        here = here.removesuffix(".md") + "/" if here.endswith(".md") else here
        macros = Library(framework, lambda: here).macros()  # noqa: B023  (called before the next turn)

        def call(found: re.Match[str]) -> str:
            return str(macros[found[1]](*re.findall(r'"([^"]*)"', found[2])))  # noqa: B023

        target.write_text(re.sub(r"\{\{ (\w+)\((.*?)\) \}\}", call, source.read_text("utf-8")), "utf-8")
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    settings = re.sub(r"^hooks: .*\n|^watch: .*\n", "", settings, flags=re.MULTILINE)
    settings = re.sub(r"^  - macros:\n(?:      .*\n)+", "", settings, flags=re.MULTILINE)
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    return folder


def build_beside_mkdocs(work: Path) -> None:
    folder = expanded(work / "plain")
    ours, plain = [], []
    for _ in range(RUNS):
        ours.append(timed([sys.executable, "-m", "macros", "build"], ROOT)[0])
        plain.append(timed([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(work / "out")], folder)[0])
    pages = sum(1 for _ in (work / "out").rglob("*.html"))
    sys.stdout.write(f"\nA build of the whole site, median of {RUNS}, in turn\n\n")
    row("command", "seconds", "ratio")
    row(*["---"] * 3)
    row(f"mkdocs build, macros expanded before ({pages} pages)", f"{statistics.median(plain):.2f}", "1")
    ratio = statistics.median(a / b for a, b in zip(ours, plain, strict=True))
    row("svf build", f"{statistics.median(ours):.2f}", f"{ratio:.2f}")


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
    """Print all tables, or those whose names are given: build, weight, guides, check, lighthouse."""
    framework = read_project(ROOT).framework
    assert framework is not None
    sys.stdout.write(
        f"{len(framework.records)} records, {len(framework.all(Stage))} stages, {len(framework.all(Recommendation))} recommendations\n"
    )
    with tempfile.TemporaryDirectory() as name:
        tables = {
            "build": build_beside_mkdocs,
            "weight": weight,
            "guides": guides,
            "check": check_at_scale,
            "lighthouse": lighthouse,
        }
        for chosen in sys.argv[1:] or tables:
            tables[chosen](Path(name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"\nThe benchmark itself used {peak / 1024:.0f} MB.\n")


if __name__ == "__main__":
    main()
