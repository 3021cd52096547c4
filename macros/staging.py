"""What is written takes its place whole: a build has a folder of its own beside site/, a file has one beside its place."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

UNTOUCHED = "The last good site/ is untouched."
_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_HERE, _EXCHANGE = -100, 2
"""What Linux calls AT_FDCWD and RENAME_EXCHANGE."""


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
def stoppable() -> Iterator[Callable[[], None]]:
    """Let a signal to stop end the block in one plain line, with status 1; what is yielded makes it deaf to signals, for its last step.

    A second signal does not disturb what the first one has cleared up.
    """

    def deaf() -> None:
        for sign in before:
            signal.signal(sign, signal.SIG_IGN)

    def stop(*_: Any) -> None:
        deaf()
        sys.exit(f"Stopped. {UNTOUCHED}")

    before = {sign: handler for sign in _TO_STOP if (handler := signal.getsignal(sign)) is not signal.SIG_IGN}  # as under nohup
    try:
        for sign in before:
            signal.signal(sign, stop)
        yield deaf
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Yield a folder to build into, beside site/; remove it whatever happens, and first put right what a killed build left."""
    for old in root.glob(".site-*-old"):
        if not (root / "site").exists():
            old.rename(root / "site")
    for left in root.glob(".site-*"):
        shutil.rmtree(left, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=".site-", dir=root))
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def replace(site: Path, staging: Path) -> None:
    """Put the finished folder `staging` in the place of `site`; if that fails, the old `site` stays.

    Where the system can let two folders change places in one step, there is no moment without a site. Elsewhere there is a short
    one, and `staged` puts right what is left if the build is killed in it.
    """
    old = staging.with_name(f"{staging.name}-old")
    if not site.exists():
        staging.rename(site)
    elif _exchanged(site, staging):
        shutil.rmtree(staging, ignore_errors=True)
    else:
        site.rename(old)
        try:
            staging.rename(site)
        except OSError:
            old.rename(site)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


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
