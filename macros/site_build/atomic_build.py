"""Replace site/ and single files in one step, so that an interrupted command leaves the last good ones."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from filelock import FileLock, Timeout

UNTOUCHED = "The last good site/ is untouched."


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until no other build runs in `root`."""
    lock = FileLock(root / ".build.lock")
    try:
        acquired = lock.acquire(blocking=False)
    except Timeout:
        click.echo("Another build is running in this folder. Waiting for it to finish.", err=True)
        acquired = lock.acquire()
    with acquired:
        yield


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP end the block with one line and status 1."""

    def stop(*_: Any) -> None:
        for sign in before:
            signal.signal(sign, signal.SIG_IGN)  # a second one must not interrupt the clean-up
        sys.exit("Stopped. site/ still holds the last complete build.")

    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {sign: handler for sign in signs if (handler := signal.getsignal(sign)) is not signal.SIG_IGN}  # as under nohup
    try:
        for sign in before:
            signal.signal(sign, stop)
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Yield a temporary folder beside site/ to build into; remove it at the end, and before that what a killed build left."""
    _tidy(root)
    staging = Path(tempfile.mkdtemp(prefix=".site-", dir=root))
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        _tidy(root)


def replace(site: Path, staging: Path) -> None:
    """Put the finished folder `staging` in the place of `site`; if that fails, `staged` puts the old site back."""
    if site.exists():
        site.rename(staging.with_name(f"{staging.name}-old"))
    staging.rename(site)


def _tidy(root: Path) -> None:
    """Put back a site that was moved away and not replaced, and remove temporary folders."""
    for old in root.glob(".site-*-old"):
        if not (root / "site").exists():
            old.rename(root / "site")
    for folder in root.glob(".site-*"):
        shutil.rmtree(folder, ignore_errors=True)


def write(file: Path, content: bytes) -> None:
    """Write `content` as `file`, whole or not at all; raise OSError if that fails."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(content)
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def why(error: OSError) -> str:
    """Return in plain words why something could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "There is no room left on the disk; make some, and try again."
    if error.errno == errno.EFBIG:
        return "A file would be larger than this account may write."
    file = os.path.relpath(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes, os.PathLike)) else "A file"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{file} may not be written or read by this account; ask whoever looks after the machine."
    return f"{file}: {error.strerror or error}."
