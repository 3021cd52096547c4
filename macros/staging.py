"""A build has a folder of its own, beside site/, and no other build runs meanwhile."""

from __future__ import annotations

import fcntl
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until no other build runs in `root`."""
    with (root / ".build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("Another build is running here; waiting for it.", err=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Yield a folder to build into, beside site/; remove it, and what broken builds left, whatever happens."""

    def stop(*_: Any) -> None:
        sys.exit("Stopped. The last good site/ is untouched.")

    for left in root.glob(".site-*"):
        shutil.rmtree(left, ignore_errors=True)
    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGTERM, signal.SIGINT)}
    staging = Path(tempfile.mkdtemp(prefix=".site-", dir=root))
    staging.chmod(0o755)
    try:
        yield staging
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
        shutil.rmtree(staging, ignore_errors=True)
