"""Typst: lays out nodes as tagged PDFs, and draws pictures; the same input gives the same bytes."""

from __future__ import annotations

import functools
import io
import json
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, time
from subprocess import PIPE, Popen
from threading import local
from typing import Any, NamedTuple

from macros.model.output import Output
from macros.templates import TEMPLATES
from macros.text.characters import TYPEFACE, faces


class NotPrintedError(ValueError):
    """A document cannot be laid out; the text says which, and why."""


class Guide(NamedTuple):
    """A document to be printed: its path in the site, the values for guide.typ as JSON, and its date."""

    path: str
    content: str
    day: date

    @classmethod
    def of(cls, path: str, values: Mapping[str, Any], day: date) -> Guide:
        """Return the document at `path` of `values`, in our typeface, dated `day`."""
        return cls(path, json.dumps({**values, "typeface": TYPEFACE}, ensure_ascii=False, sort_keys=True), day)


def printed(guides: Iterable[Guide]) -> Iterator[Output]:
    """Return `guides` as PDFs, in their order, which workers print while the caller goes on; raise NotPrintedError if one fails."""
    # Typst's threads block each other, so each worker is a process with one thread.
    number, environment = os.cpu_count() or 1, os.environ | {"PYTHONPATH": str(TEMPLATES.parents[1]), "RAYON_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-c", f"from {__name__} import work; work()"]
    workers: list[Popen[bytes]] = []
    own = local()  # of each thread

    def by_worker(guide: Guide) -> Output:
        if not hasattr(own, "worker"):
            own.worker = Popen(command, stdin=PIPE, stdout=PIPE, env=environment)
            workers.append(own.worker)
        try:
            pickle.dump(guide, own.worker.stdin)
            own.worker.stdin.flush()
            answer: Output | NotPrintedError = pickle.load(own.worker.stdout)  # noqa: S301  (from `work`)
        except (EOFError, BrokenPipeError):
            raise NotPrintedError(f"{guide.path} cannot be printed: its worker stopped, perhaps for lack of memory") from None
        if isinstance(answer, NotPrintedError):
            raise answer
        return answer

    def results() -> Iterator[Output]:
        try:
            yield from pdfs
        finally:
            pool.shutdown(cancel_futures=True)
            for worker in workers:
                worker.communicate()

    pool = ThreadPoolExecutor(number)
    pdfs = pool.map(by_worker, guides)
    return results()


def print_guide(guide: Guide) -> Output:
    """Return `guide` as a PDF; raise NotPrintedError if it does not meet PDF/UA-1, the standard of accessible PDF."""
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


def _compiler(template: str) -> Any:
    import typst  # a large module that only printing needs

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_folder_of_faces().name])
    return typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=fonts)


@functools.cache
def _folder_of_faces() -> tempfile.TemporaryDirectory[str]:
    """Return a folder with only our four faces: a package may have the same face twice, in two formats."""
    folder = tempfile.TemporaryDirectory(prefix="svf-typeface-")
    for face in faces():
        shutil.copy(face, folder.name)
    return folder


def work() -> None:
    """Print the guides that come through standard input, one at a time, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the command, which closes our input
    with suppress(EOFError, BrokenPipeError):
        while guide := pickle.load(sys.stdin.buffer):  # noqa: S301  (from `printed`)
            try:
                answer: Output | NotPrintedError = print_guide(guide)
            except NotPrintedError as error:
                answer = error
            pickle.dump(answer, sys.stdout.buffer)
            sys.stdout.flush()
