"""Running a command, measuring it, and printing rows of a table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each run compiles our modules again


class Usage(NamedTuple):
    """What a command used: seconds, peak memory in KB, and seconds of processor time, which depend less on other processes."""

    seconds: float
    memory: int
    processor: float


def measure(command: list[str], folder: Path) -> Usage:
    """Run `command` in `folder`; return what it and its children used."""
    start = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors[-2000:]}")
    return Usage(time.monotonic() - start, used.ru_maxrss, used.ru_utime + used.ru_stime)


def table(title: str, *headings: str) -> None:
    """Print the title and the headings of a table."""
    sys.stdout.write(f"\n{title}\n\n")
    row(*headings)
    row(*["---"] * len(headings))


def row(*cells: object) -> None:
    """Print `cells` as a row of a table."""
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()
