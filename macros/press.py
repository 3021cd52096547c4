"""Typst, which lays out nodes as a tagged PDF, and draws pictures: words in, bytes out, the same each time."""

from __future__ import annotations

import functools
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from macros.output import Output
from macros.render import TEMPLATES
from macros.typeface import TYPEFACE, faces


class NotPrintedError(ValueError):
    """A document cannot be laid out; its text says which, and why."""


def printed(path: str, guide: Mapping[str, Any], day: date) -> Output:
    """Return the document that guide.typ lays out from `guide`, at `path`, dated midnight of `day`.

    A document that would not meet PDF/UA-1, the standard of accessible PDF, raises NotPrintedError.
    """
    try:
        content, pages = _print(json.dumps({**guide, "typeface": TYPEFACE}, ensure_ascii=False, sort_keys=True), day)
    except (RuntimeError, UserWarning) as error:  # what Typst raises, and what it only warns of
        raise NotPrintedError(f"{path} cannot be printed: {error}") from error
    return Output(path, content, pages)


@functools.lru_cache(maxsize=64)
def _print(guide: str, day: date) -> tuple[bytes, int]:
    import pikepdf  # only a printed guide needs it

    made = datetime.combine(day, time(), UTC)
    compile_ = _compiler("guide.typ").compile_with_warnings
    content, warnings = compile_(sys_inputs={"guide": guide}, format="pdf", pdf_standards="ua-1", timestamp=made)
    if warnings:
        raise warnings[0]
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
