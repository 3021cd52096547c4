"""Decode the bytes of a file, or say at which line it is not plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from macros.model.problem import Problem
from macros.text.normalisation import UNSEEN, named

LARGEST = 256 * 1024
"""The largest file that is read, in bytes."""

_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
_WIDE_SPACE = re.compile("[ ]*(?:[-*+]|[a-z_]+:|\\d+[.)])?[ ]*[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""A line that begins, or goes on behind its key or its mark, with a space that neither YAML nor Markdown takes for one."""


def text_of(file: Path, path: str, largest: int = LARGEST) -> tuple[str | None, list[Problem]]:
    """Return the text of `file` of at most `largest` bytes, or None and what is wrong; problems call it `path`."""

    def refused(name: str, wrong: str, instead: str, line: int = 1) -> tuple[None, list[Problem]]:
        return None, [Problem(path, line, 1, name, wrong, instead)]

    if file.is_symlink():
        return refused("symlink", "a link to another file", "put the file itself here")
    if file.exists() and not file.is_file():
        return refused("unreadable", "no file", "check that it is a file that you may read")
    try:
        with file.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        return refused("unreadable", f"cannot be read ({error.strerror})", "check that it is a file that you may read")
    if len(raw) > largest:
        return refused("too-large", f"larger than {largest // 1024} KB", "split it; one file holds one thing")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:3] == b"\xef\xbb\xbf":
        return refused("byte-order-mark", "an invisible mark at the start", "save the file as UTF-8 without BOM")
    if b"\x00" in raw:
        line = raw[: raw.index(b"\x00")].count(b"\n") + 1
        return refused("binary", "not text (it holds a NUL byte)", "save it as plain text in UTF-8", line)
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return refused("not-utf-8", "a character that is not UTF-8", "save the file as UTF-8", line)
    problems = list(_lines(text, path))
    return (None if problems else text), problems


def _lines(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if _CONFLICT.fullmatch(line):
            yield Problem(
                path, number, 1, "merge-conflict", "a mark left by a merge", "keep the right one of the two versions and delete the marks"
            )
        elif found := UNSEEN.search(line):
            wrong = f"an invisible character, {named(found[0])}"
            yield Problem(path, number, found.start() + 1, "control-character", wrong, "delete it and type the text again")
        elif found := _WIDE_SPACE.match(line):
            wrong = f"the space {named(found[0][-1])}, which is no plain space"
            yield Problem(path, number, found.end(), "odd-space", wrong, "type a plain space")
        elif "\t" in line:
            column = line.index("\t") + 1
            leading = not line[: column - 1].strip()
            name, wrong = ("tab-indentation", "a tab at the start of the line") if leading else ("tab", "a tab in the text")
            yield Problem(path, number, column, name, wrong, "use spaces")
