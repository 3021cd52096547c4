"""Writing files of the site, and replacing site/ or a file in one step, so that an interrupted command leaves the last good one."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from filelock import FileLock, Timeout

from macros.model.output import Output

SITE_UNCHANGED = "The last good site/ is untouched."


@contextmanager
def build_lock(root: Path) -> Iterator[None]:
    """Keep other builds and releases of `root` waiting; wait until none is running."""
    lock = FileLock(root / ".build.lock")
    try:
        acquired = lock.acquire(blocking=False)
    except Timeout:
        click.echo("Another build or release is running in this folder. Waiting for it to finish.", err=True)
        acquired = lock.acquire()
    with acquired:
        yield


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block with one line and status 1."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(*_: Any) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)  # a second one must not interrupt the clean-up
        sys.exit("Stopped. site/ holds a complete build.")

    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def staging_folder(root: Path) -> Iterator[Path]:
    """Yield a temporary folder next to site/ to build into; at the end, remove it and what killed builds have left."""
    _tidy(root)
    staging = Path(tempfile.mkdtemp(prefix=".site-", dir=root))
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        _tidy(root)


def replace(site: Path, staging: Path) -> None:
    """Replace `site` by the finished folder `staging`; if that fails, `staging_folder` puts the old site back."""
    if site.exists():
        site.rename(staging.with_name(f"{staging.name}-old"))
    staging.rename(site)


def _tidy(root: Path) -> None:
    """Put back a site that was moved but not replaced, and remove temporary folders."""
    for old in root.glob(".site-*-old"):
        if not (root / "site").exists():
            old.rename(root / "site")
    for folder in root.glob(".site-*"):
        shutil.rmtree(folder, ignore_errors=True)


def write(file: Path, content: bytes) -> None:
    """Write `content` to `file`, completely or not at all; raise OSError if that fails."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_bytes(content)
        if file.exists():
            shutil.copymode(file, temporary)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def write_outputs(site: Path, outputs: Iterable[Output]) -> None:
    """Write `outputs` into the built `site`."""
    for output in outputs:
        file = site / output.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(output.content)


def describe_error(error: OSError) -> str:
    """Return a sentence that says why a file could not be read or written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and try again."
    file = os.path.relpath(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes, os.PathLike)) else "A file"
    return f"{file}: {error.strerror or error}."
