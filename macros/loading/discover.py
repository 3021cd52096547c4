"""Find the files in data/ and content/; refuse links, unknown files and too much of anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from macros.loading.decode import not_a_plain_file
from macros.model.problem import Problem
from macros.text.characters import kebab
from macros.text.patterns import ID_PATTERN

FOLDERS = ("data", "content")
MAX_FILES = 3_000
"""How many files the two folders may hold together."""

MAX_TOTAL_BYTES = 8 * 1024 * 1024
"""How many bytes those files may have together."""

_LEFTOVER = re.compile(
    r"""thumbs\.db | desktop\.ini | 4913 | ~\$.* | lu\w+\.tmp  # operating systems, Vim, office programs
    | \#.+\# | .+_(?:backup|base|local|remote)_\d+(?:\.\w+)?  # Emacs, Git
    | .+(?:~|\.(?:bak|backup|old|orig|rej|save|sw[a-p]|tmp))(?:\.\w+)?
    | .+\.(?:ya?ml|md|css|js|json)(?!\.(?:txt|ya?ml|md)$)[^a-z0-9].*
    | copy\ of\ .+ | .+\ copy(?:\ \(?\d+\)?)?(?:\.\w+)?  # file managers
    | .+\ ?\((?:(?:another\ )?copy(?:\ \d+)?|\d+|.*conflict.*)\)(?:\.\w+)? | .+\.sync-conflict-\d.*""",
    re.IGNORECASE | re.VERBOSE,
)
"""The names of backups, copies and other files that programs leave behind, as `2f.yml~` and `2f - Copy (2).yml`."""

_CODE = ("framework.css", "framework.js", "search.js", "suggest.js")
"""The only files of content/ that are not pages."""


@dataclass(frozen=True)
class FoundFiles:
    """The files of a project, sorted, and what is wrong with them; if there is `too_much`, the list is not complete."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    too_much: bool = False


def find_files(root: Path) -> FoundFiles:
    """Return the files in the two folders of the project `root`, without hidden ones; links are not followed."""
    files: list[Path] = []
    problems: list[Problem] = []
    size = 0
    for item in _items(root):
        path = item.relative_to(root)
        is_hidden = any(part.startswith(".") for part in path.parts)
        if (is_hidden and not item.is_dir()) or (item.is_dir() and not item.is_symlink()):
            continue
        if problem := not_a_plain_file(item):
            problems.append(Problem(path.as_posix(), 1, 1, *problem))
            continue
        files.append(item)
        problems += _page_name(path)
        size += file_state(item)[1]
        if len(files) > MAX_FILES or size > MAX_TOTAL_BYTES:
            wrong = f"more than {MAX_FILES:,} files, or {MAX_TOTAL_BYTES // 1024 // 1024} MB"
            too_much = Problem(path.parts[0], 1, 1, "too-much", wrong, "keep only records and pages, each of a few KB")
            return FoundFiles(tuple(sorted(files)), (too_much,), too_much=True)
    return FoundFiles(tuple(sorted(files)), tuple(sorted(problems)))


def _items(root: Path) -> Iterator[Path]:
    for folder in (root / name for name in FOLDERS):
        yield from [folder] if folder.is_symlink() else folder.rglob("*")


def file_state(file: Path) -> tuple[int, int]:
    """Return when `file` was changed, in nanoseconds, and its size in bytes, or zeros if it does not exist."""
    try:
        status = file.lstat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _page_name(path: Path) -> Iterator[Problem]:
    """Yield a problem if the file at `path`, from the root, is in content/ and is neither code nor a page with a valid name."""
    inside = PurePosixPath(*path.parts[1:])
    parts = (*inside.parts[:-1], inside.stem)
    if path.parts[0] != "content" or str(inside) in _CODE:
        return
    if problem := leftover(path):
        yield problem
    elif inside.suffix != ".md":
        instead = "write pages as files that end in .md; other files belong with the code"
        yield Problem(path.as_posix(), 1, 1, "unknown-file", "not a page", instead)
    elif inside.stem == "readme" or not all(re.fullmatch(ID_PATTERN, part) for part in parts):
        plain = re.sub(r"\breadme$", "index", "/".join(kebab(part) or "page" for part in parts))
        wrong = "names of pages and folders have only small letters, digits and hyphens; readme is not allowed"
        yield Problem(path.as_posix(), 1, 1, "file-name", wrong, f"rename it to content/{plain}.md")


def leftover(path: PurePath) -> Problem | None:
    """Return a problem if the file at `path`, from the root, or a folder on its way has the name of a backup or a copy."""
    for name in path.parts[1:]:
        if _LEFTOVER.fullmatch(name) and not re.fullmatch(rf"{ID_PATTERN}\.(?:yml|md)", name):
            instead = f'copy any changes you need into the original, and delete "{name}"'
            return Problem(path.as_posix(), 1, 1, "leftover", f'"{name}" is a backup, a copy or a temporary file', instead)
    return None
