"""Decode the bytes of a file, or say in which line it is not plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from macros.model.problem import Problem
from macros.text.characters import INVISIBLE, character_name

MAX_BYTES = 256 * 1024
"""The largest file that is read, in bytes."""

_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
_WIDE_SPACE = re.compile("[ ]*(?:[-*+]|[a-z_]+:|\\d+[.)])?[ ]*[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""A space, at the start of a line or after its key or mark, that neither YAML nor Markdown takes for one."""


def decode_file(file: Path, path: str, largest: int = MAX_BYTES) -> tuple[str | None, list[Problem]]:
    """Return the text of `file`, of at most `largest` bytes, or None and what is wrong; problems call it `path`."""

    def refused(name: str, wrong: str, instead: str, before: bytes = b"") -> tuple[None, list[Problem]]:
        return None, [Problem(path, before.count(b"\n") + 1, 1, name, wrong, instead)]

    if problem := not_a_plain_file(file):
        return refused(*problem)
    try:
        with file.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        return refused("unreadable", f"cannot be read ({error.strerror})", "check that it exists and that you may read it")
    if len(raw) > largest:
        return refused("too-large", f"larger than {largest // 1024} KB", "split it")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return refused("byte-order-mark", "an invisible mark at the start", "save the file as UTF-8 without BOM")
    if b"\x00" in raw:
        return refused("binary", "not text (it has a NUL byte)", "save it as plain text in UTF-8", raw.partition(b"\x00")[0])
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return refused("not-utf-8", "a character that is not UTF-8", "save the file as UTF-8", raw[: error.start])
    problems = list(_lines(text, path))
    return (None if problems else text), problems


def not_a_plain_file(file: Path) -> tuple[str, str, str] | None:
    """Return the name of the problem, what is wrong and what to do if `file` is a link, a folder or a pipe; None if it is not."""
    if file.is_symlink():
        return "symlink", "a link to another file", "put the file itself here"
    return ("unreadable", "not a file", "put the file itself here") if file.exists() and not file.is_file() else None


def _lines(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if _CONFLICT.fullmatch(line):
            yield Problem(path, number, 1, "merge-conflict", "a mark left by a merge", "keep one of the two versions and delete the marks")
        elif found := INVISIBLE.search(line):
            wrong = f"an invisible character, {character_name(found[0])}"
            yield Problem(path, number, found.start() + 1, "control-character", wrong, "delete it and type the text again")
        elif found := _WIDE_SPACE.match(line):
            yield Problem(path, number, found.end(), "odd-space", f"an unusual space, {character_name(found[0][-1])}", "type a plain space")
        elif "\t" in line:
            before = line.partition("\t")[0]
            wrong = "a tab in the text" if before.strip() else "a tab at the start of the line"
            yield Problem(path, number, len(before) + 1, "tab", wrong, "use spaces")
