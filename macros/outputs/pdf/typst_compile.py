"""Typst, which lays out nodes as a tagged PDF, and draws pictures: words in, bytes out, the same each time."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Mapping, Sequence
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


class NotPrintedError(ValueError):
    """A document cannot be laid out; its text says which, and why."""


class Guide(NamedTuple):
    """A document to be printed: its path in the site, what guide.typ lays out, as JSON, and the day that it is dated."""

    path: str
    content: str
    day: date

    @classmethod
    def of(cls, path: str, content: Mapping[str, Any], day: date) -> Guide:
        """Return the document at `path` of `content`, in our typeface, dated midnight of `day`."""
        return cls(path, json.dumps({**content, "typeface": TYPEFACE}, ensure_ascii=False, sort_keys=True), day)


def printed(guides: Sequence[Guide], cache: Cache | None = None) -> tuple[Output, ...]:
    """Return each of `guides` as guide.typ lays it out, in their order; what `cache` holds is not printed again.

    A document that would not meet PDF/UA-1, the standard of accessible PDF, raises NotPrintedError.
    """
    if cache:
        _PRINTED.update({guide: kept for guide in guides if guide not in _PRINTED and (kept := cache.get(guide))})
    new = [guide for guide in guides if guide not in _PRINTED]
    hands = min(sum(len(guide.content) for guide in new) // _WORTH, len(new), os.cpu_count() or 1)
    if hands > 1:
        new.sort(key=lambda guide: -len(guide.content))  # the longest first, so that none is waited for alone
        ignore = (signal.SIGINT, signal.SIG_IGN)  # a key that stops the build reaches these processes too; the first one answers
        try:
            with ProcessPoolExecutor(hands, get_context("spawn"), signal.signal, ignore) as pool:
                made = list(pool.map(_print, new))
        except BrokenProcessPool:
            raise NotPrintedError("the printing was stopped; there may be too little memory") from None
    else:
        made = [_print(guide) for guide in new]
    _PRINTED.update(zip(new, made, strict=True))
    if cache and new:
        cache.keep(zip(new, made, strict=True))
    while len(_PRINTED) > max(_KEPT, len(guides)):
        _PRINTED.pop(next(iter(_PRINTED)))
    return tuple(Output(guide.path, *_PRINTED[guide]) for guide in guides)


class Cache:
    """Printed documents on disk, each under a hash of all that makes it: content, day, template, typeface, versions of what lays it out."""

    LIMIT = 128 * 1024 * 1024
    """How many bytes are kept; the documents that were used longest ago go first."""

    def __init__(self, folder: Path) -> None:
        """Keep documents in `folder`, which need not exist; one that cannot be read or written is only slower."""
        self.folder = folder

    def get(self, guide: Guide) -> tuple[bytes, int] | None:
        """Return the bytes of `guide` and its number of pages, or None if they are not kept, or damaged."""
        return self._read(self._name(guide))

    def keep(self, documents: Iterable[tuple[Guide, tuple[bytes, int]]]) -> None:
        """Keep `documents`, each with its bytes and number of pages."""
        self._write((self._name(guide), made) for guide, made in documents)

    def group(self, key: bytes) -> tuple[Output, ...] | None:
        """Return the documents of the group `key`, or None if not all of them are kept."""
        found = self._read(_digest(b"group", key, _layout()))
        names = json.loads(found[0]) if found else {}
        kept = tuple(Output(path, *document) for path, name in names.items() if (document := self._read(name)))
        return kept if kept and len(kept) == len(names) else None

    def keep_group(self, key: bytes, guides: Sequence[Guide]) -> None:
        """Keep which documents the group `key` has: `guides`, in their order."""
        names = {guide.path: self._name(guide) for guide in guides}
        self._write([(_digest(b"group", key, _layout()), (json.dumps(names).encode(), 0))])

    def _read(self, name: str) -> tuple[bytes, int] | None:
        with suppress(OSError, ValueError):
            file = self.folder / name
            digest, pages, content = file.read_bytes().split(b"\n", 2)
            if digest.decode() == _digest(pages, content):
                os.utime(file)
                return content, int(pages)
        return None

    def _write(self, documents: Iterable[tuple[str, tuple[bytes, int]]]) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, (content, number) in documents:
                pages = str(number).encode()
                with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                    file.write(b"\n".join((_digest(pages, content).encode(), pages, content)))
                Path(file.name).replace(self.folder / name)
            used = 0
            for entry in sorted(os.scandir(self.folder), key=lambda entry: -entry.stat().st_mtime):
                used += entry.stat().st_size
                if used > self.LIMIT:
                    Path(entry.path).unlink(missing_ok=True)

    def _name(self, guide: Guide) -> str:
        return _digest(guide.content.encode(), guide.day.isoformat().encode(), _layout())


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@functools.cache
def _layout() -> bytes:
    """Return what stands for the template, the typeface and the versions of what lays a document out."""
    files = [(TEMPLATES / "guides/guide.typ").read_bytes(), *(face.read_bytes() for face in faces())]
    return _digest(*files, *(version(package).encode() for package in ("typst", "pikepdf"))).encode()


_PRINTED: dict[Guide, tuple[bytes, int]] = {}
_KEPT = 64
"""How many documents are kept in a process, so that what has not changed is not printed again."""
_WORTH = 200_000
"""How much there must be to print, in characters of content, for each process that is started."""


def _print(guide: Guide) -> tuple[bytes, int]:
    """Return the bytes of `guide`, and how many pages it has."""
    import pikepdf  # only a printed guide needs it

    made = datetime.combine(guide.day, time(), UTC)
    compile_ = _compiler("guides/guide.typ").compile_with_warnings
    try:
        content, warnings = compile_(sys_inputs={"guide": guide.content}, format="pdf", pdf_standards="ua-1", timestamp=made)
        if warnings:
            raise warnings[0]
    except (RuntimeError, UserWarning) as error:  # what Typst raises, and what it only warns of
        raise NotPrintedError(f"{guide.path} cannot be printed: {error}") from None
    small = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        pages = len(document.pages)
        document.save(small, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return small.getvalue(), pages


def drawn(template: str, values: Mapping[str, str]) -> bytes:
    """Return the picture that macros/templates/`template` (Typst) draws of `values`, as PNG with two pixels to a point."""
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
    """Return a folder that holds the four faces and no other: a package may hold the same face twice, in two forms."""
    folder = tempfile.TemporaryDirectory(prefix="svf-typeface-")
    for face in faces():
        shutil.copy(face, folder.name)
    return folder
