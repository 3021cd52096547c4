"""A cache on disk, keyed by a hash of everything that a result depends on."""

from __future__ import annotations

import functools
import hashlib
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from macros.loading.files import file_state
from macros.templates import TEMPLATES

T = TypeVar("T")
_MAX_FILES = 30  # the newest files to keep in each folder


def hash_of(root: Path, files: Iterable[Path], *values: object) -> str:
    """Return a hash of `files` in `root`, by path and content, of `values`, and of our code, templates and packages."""
    hashes = [(file.relative_to(root).as_posix(), _digest(file, file_state(file))) for file in files]
    return hashlib.sha256(repr((hashes, values, _code())).encode()).hexdigest()


@functools.lru_cache(maxsize=10_000)
def _digest(file: Path, _state: object) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


@functools.cache
def _code() -> str:
    files = [file for file in sorted(TEMPLATES.parent.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    hashes = [(file.relative_to(TEMPLATES.parent).as_posix(), hashlib.sha256(file.read_bytes()).digest()) for file in files]
    packages = sorted(info.name for folder in sys.path for info in Path(folder).glob("*.dist-info"))
    return hashlib.sha256(repr((hashes, packages, sys.version)).encode()).hexdigest()


def cached(folder: Path, key: str, make: Callable[[], T]) -> T:
    """Return the result of `make`, from the cache in `folder` if it has one for `key`; old results are deleted.

    Pickle is safe here: whoever can write to .cache/ can also change our code.
    """
    file = folder / f"{key}.pickle"
    with suppress(OSError):
        content = file.read_bytes()
        if hashlib.sha256(content[32:]).digest() == content[:32]:  # not damaged
            file.touch()
            result: T = pickle.loads(content[32:])  # noqa: S301
            return result
    result = make()
    content = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary:
            temporary.write(hashlib.sha256(content).digest() + content)
        Path(temporary.name).replace(file)
        for old in sorted(folder.iterdir(), key=lambda file: -file.stat().st_mtime)[_MAX_FILES:]:
            old.unlink(missing_ok=True)
    return result
