"""Runs a command and measures it, and prints rows of a table."""

from __future__ import annotations

import os
import signal
import statistics
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


OVER_MEMORY = 3
"""The status with which a command ends that found no more memory."""


class OverError(Exception):
    """The command took more than it may, and was stopped; its text is `time` or `memory`."""


class Taken(NamedTuple):
    """What a command took: seconds, its peak memory in KB, and seconds of processors, which tell more where others use the machine too."""

    seconds: float
    memory: int
    processor: float


def taken(command: list[str], folder: Path, limit: float | None = None) -> Taken:
    """Run `command` in `folder`; return what it took.

    Raise OverError if it takes longer than `limit` seconds (then it and all that it started are stopped) or ends with OVER_MEMORY.
    """
    start = time.monotonic()
    wrapped = [sys.executable, "-c", _CODE, *command]
    done = subprocess.Popen(wrapped, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, wrong = done.communicate(timeout=limit)
    except BaseException as error:
        os.killpg(done.pid, signal.SIGKILL)
        done.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise OverError("time") from None
        raise
    seconds = time.monotonic() - start
    if done.returncode == OVER_MEMORY:
        raise OverError("memory")
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{wrong[-2000:]}")
    memory, processor = out.split()
    return Taken(seconds, int(memory), float(processor))


def timed(command: list[str], folder: Path) -> tuple[float, int]:
    """Run `command` in `folder`; return seconds and its peak memory in KB."""
    return taken(command, folder)[:2]


def median(command: list[str], folder: Path, runs: int) -> tuple[float, int]:
    """Run `command` in `folder` so many times; return the median of the seconds, and the most memory in KB."""
    found = [timed(command, folder) for _ in range(runs)]
    return statistics.median(s for s, _ in found), max(m for _, m in found)


def row(*cells: object) -> None:
    """Print `cells` as a row of a table."""
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()
