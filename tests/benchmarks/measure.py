"""Running a command, measuring it, and printing rows of a table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
_CODE = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
    "sys.stderr.buffer.write(done.stderr)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_maxrss, used.ru_utime + used.ru_stime)\n"
    "sys.exit(done.returncode)"
)

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each run compiles our modules again


class Usage(NamedTuple):
    """What a command used: seconds, peak memory in KB, and seconds of processor time, which depend less on other processes."""

    seconds: float
    memory: int
    processor: float


def measure(command: list[str], folder: Path) -> Usage:
    """Run `command` in `folder`; return what it used."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", _CODE, *command], cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    memory, processor = done.stdout.split()
    return Usage(seconds, int(memory), float(processor))


def table(title: str, *headings: str) -> None:
    """Print the title and the headings of a table."""
    sys.stdout.write(f"\n{title}\n\n")
    row(*headings)
    row(*["---"] * len(headings))


def row(*cells: object) -> None:
    """Print `cells` as a row of a table."""
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()
