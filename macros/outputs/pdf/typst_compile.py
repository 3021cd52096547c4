"""Typst: lays out nodes as tagged PDFs, and draws pictures; the same input gives the same bytes."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from macros.model.output import Output
from macros.templates import TEMPLATES
from macros.text.fonts import TYPEFACE, faces

_MIN_WORK = 200_000
"""Characters of content for which starting another process pays."""


class NotPrintedError(ValueError):
    """A document cannot be laid out; the text says which, and why."""


class Guide(NamedTuple):
    """A document to be printed: its path in the site, the values for guide.typ as JSON, and its date."""

    path: str
    content: str
    day: date

    @classmethod
    def of(cls, path: str, values: Mapping[str, Any], day: date) -> Guide:
        """Return the document at `path` of `values`, in our typeface, dated midnight of `day`."""
        return cls(path, json.dumps({**values, "typeface": TYPEFACE}, ensure_ascii=False, sort_keys=True), day)


def printed(guides: Sequence[Guide], cache: Cache | None = None) -> tuple[Output, ...]:
    """Return each of `guides` as a PDF, in their order; those in `cache` are not printed again.

    A document that does not meet PDF/UA-1, the standard of accessible PDF, raises NotPrintedError.
    """
    outputs = {guide: output for guide in guides if cache and (output := cache.get(_cache_name(guide), guide.path))}
    missing = sorted((guide for guide in guides if guide not in outputs), key=lambda guide: -len(guide.content))  # the longest starts first
    workers = min(sum(len(guide.content) for guide in missing) // _MIN_WORK, len(missing), os.cpu_count() or 1)
    if workers > 1:
        ignore = (signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the workers too; only this process answers it
        try:
            with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, ignore) as pool:
                new = dict(zip(missing, pool.map(_print, missing), strict=True))
        except BrokenProcessPool:
            raise NotPrintedError("the printing was stopped; there may be too little memory") from None
    else:
        new = {guide: _print(guide) for guide in missing}
    if cache and new:
        cache.keep({_cache_name(guide): output for guide, output in new.items()})
    outputs |= new
    return tuple(outputs[guide] for guide in guides)


def printed_together(key: str, make: Callable[[], Iterable[Guide]], cache: Cache) -> tuple[Output, ...]:
    """Return the guides of `make` as PDFs; if `cache` has all that were made under the same `key`, nothing is laid out."""
    index = cache.get(f"{key}.json", "")
    names: dict[str, str] = json.loads(index.content) if index else {}
    outputs = tuple(output for path, name in names.items() if (output := cache.get(name, path)))
    if not names or len(outputs) < len(names):
        guides = tuple(make())
        outputs = printed(guides, cache)
        cache.keep({f"{key}.json": Output("", json.dumps({guide.path: _cache_name(guide) for guide in guides}).encode())})
    return outputs


class Cache:
    """PDFs on disk, each named by a hash of its content, date, template and typeface, and the versions of the packages that print it.

    A file begins with a line for a hash of the rest, which detects damage, and a line for the number of pages.
    """

    LIMIT = 128 * 1024 * 1024
    """The size in bytes; the files that were used longest ago are deleted first."""

    def __init__(self, folder: Path) -> None:
        """Keep files in `folder`, which is created if needed; if that fails, nothing is kept."""
        self.folder = folder

    def get(self, name: str, path: str) -> Output | None:
        """Return the file `name` as the output at `path`, or None if it is missing or damaged."""
        with suppress(OSError, ValueError):
            file = self.folder / name
            digest, rest = file.read_bytes().split(b"\n", 1)
            if digest.decode() == hashlib.sha256(rest).hexdigest():
                os.utime(file)
                pages, content = rest.split(b"\n", 1)
                return Output(path, content, int(pages))
        return None

    def keep(self, outputs: Mapping[str, Output]) -> None:
        """Write `outputs` under their names."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, output in outputs.items():
                rest = f"{output.pages}\n".encode() + output.content
                with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                    file.write(f"{hashlib.sha256(rest).hexdigest()}\n".encode() + rest)
                Path(file.name).replace(self.folder / name)
            size = 0
            for entry in sorted(os.scandir(self.folder), key=lambda entry: -entry.stat().st_mtime):
                size += entry.stat().st_size
                if size > self.LIMIT:
                    Path(entry.path).unlink(missing_ok=True)


def _cache_name(guide: Guide) -> str:
    parts = (guide.content.encode(), guide.day.isoformat().encode(), _layout_hash())
    return hashlib.sha256(b"".join(parts)).hexdigest()


@functools.cache
def _layout_hash() -> bytes:
    files = ((TEMPLATES / "guides/guide.typ").read_bytes(), *(face.read_bytes() for face in faces()))
    return hashlib.sha256(b"".join((*files, *(version(package).encode() for package in ("typst", "pikepdf"))))).digest()


def _print(guide: Guide) -> Output:
    import pikepdf  # only printing needs it

    compile_ = _compiler("guides/guide.typ").compile_with_warnings
    timestamp = datetime.combine(guide.day, time(), UTC)
    try:
        content, warnings = compile_(sys_inputs={"guide": guide.content}, format="pdf", pdf_standards="ua-1", timestamp=timestamp)
        if warnings:
            raise warnings[0]
    except (RuntimeError, UserWarning) as error:  # Typst's errors and warnings
        raise NotPrintedError(f"{guide.path} cannot be printed: {error}") from None
    compressed = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(compressed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return Output(guide.path, compressed.getvalue(), len(document.pages))


def drawn(template: str, values: Mapping[str, str]) -> bytes:
    """Return the picture of `values` by the Typst file macros/templates/`template`, as PNG with two pixels per point."""
    return bytes(_compiler(template).compile(sys_inputs=dict(values), format="png", ppi=144))


@functools.cache
def _compiler(template: str) -> Any:
    import typst  # a large module that only printing needs

    return typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_folder_of_faces().name]),
    )


@functools.cache
def _folder_of_faces() -> tempfile.TemporaryDirectory[str]:
    """Return a folder with only our four faces: a package may have the same face twice, in two formats."""
    folder = tempfile.TemporaryDirectory(prefix="svf-typeface-")
    for face in faces():
        shutil.copy(face, folder.name)
    return folder
