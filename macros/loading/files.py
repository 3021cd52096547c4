"""Find the files in data/ and content/, and decode them; refuse links, unknown files, other than plain text, and too much of anything."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from macros.model.problem import Problem
from macros.text.characters import INVISIBLE, character_name, kebab
from macros.text.patterns import ID_PATTERN

FOLDERS = ("data", "content")
MAX_FILES = 3_000  # how many files the two folders may hold together
MAX_TOTAL_BYTES = 8 * 1024 * 1024  # how many bytes those files may have together
# The only files of content/ that are not pages.
_CODE = ("checklist.js", "checklist-page.js", "framework.css", "framework.js", "search.js", "suggest.js")
MAX_BYTES = 256 * 1024  # the largest file that is read, in bytes
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
# A space, at the start of a line or after its key or mark, that neither YAML nor Markdown takes for one.
_WIDE_SPACE = re.compile("[ ]*(?:[-*+]|[a-z_]+:|\\d+[.)])?[ ]*[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True)
class FoundFiles:
    """The files of a project, sorted, and what is wrong with them; if there are too many, the list is not complete."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def find_files(root: Path) -> FoundFiles:
    """Return the files in the two folders of the project `root`, without hidden ones; links are not followed."""
    files: list[Path] = []
    problems: list[Problem] = []
    size = 0
    folders = [root / name for name in FOLDERS]
    for item in (item for folder in folders for item in ([folder] if folder.is_symlink() else folder.rglob("*"))):
        path = item.relative_to(root)
        status = item.lstat()
        if stat.S_ISDIR(status.st_mode) or (any(part.startswith(".") for part in path.parts) and not item.is_dir()):
            continue
        if not stat.S_ISREG(status.st_mode) and (problem := not_a_plain_file(item)):
            problems.append(Problem(path.as_posix(), 1, 1, *problem))
            continue
        files.append(item)
        problems += _page_name(path)
        size += status.st_size
        if len(files) > MAX_FILES or size > MAX_TOTAL_BYTES:
            wrong = f"more than {MAX_FILES:,} files, or {MAX_TOTAL_BYTES // 1024 // 1024} MB"
            too_much = Problem(path.parts[0], 1, 1, "too-much", wrong, "keep only records and pages, each of a few KB")
            return FoundFiles(tuple(sorted(files)), (too_much,))
    return FoundFiles(tuple(sorted(files)), tuple(sorted(problems)))


def file_state(file: Path) -> tuple[int, int]:
    """Return when `file` was changed, in nanoseconds, and its size in bytes, or zeros if it does not exist."""
    try:
        status = file.lstat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _page_name(path: Path) -> Iterator[Problem]:
    """Yield a problem if the file at `path`, from the root, is in content/ and is neither code nor a page with a valid name."""
    if path.parts[0] != "content" or "/".join(path.parts[1:]) in _CODE:
        return
    inside = PurePosixPath(*path.parts[1:])
    parts = (*inside.parts[:-1], inside.stem)
    if inside.suffix != ".md":
        instead = "delete a copy; write pages as files that end in .md; other files belong with the code"
        yield Problem(path.as_posix(), 1, 1, "unknown-file", "not a page", instead)
    elif inside.stem == "readme" or not all(re.fullmatch(ID_PATTERN, part) for part in parts):
        plain = re.sub(r"\breadme$", "index", "/".join(kebab(part) or "page" for part in parts))
        wrong = "names of pages and folders have only small letters, digits and hyphens; readme is not allowed"
        yield Problem(path.as_posix(), 1, 1, "file-name", wrong, f"rename it to content/{plain}.md, or delete a copy")


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
