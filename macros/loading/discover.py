"""What stands in data/ and content/: no link out of them is followed, nothing unknown is published, and there is an end to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from macros.model.problem import Problem
from macros.text.normalisation import kebab
from macros.text.patterns import ID_PATTERN

FOLDERS = ("data", "content")
MOST_FILES = 3_000
"""How many files the two folders may hold together."""

MOST_BYTES = 8 * 1024 * 1024
"""How many bytes those files may have together."""

DEEPEST = 6
"""How many folders may stand inside one another."""

_LITTER = re.compile(r"(?i)(?:eh)?thumbs\.db|desktop\.ini|icon\r?|4913|5036|~\$.*|\.?~lock\..*#|(?:~wr|lu)\w+\.tmp")
"""Names of files that operating systems and office programs leave, and of those that Vim makes for a moment when it saves."""

_NAME = r"(?P<name>.+?\.(?:ya?ml|md|css|js|json))"
_ENDING = r"(?P<ending>\.[A-Za-z]+)?"
_NTH = r"(?:another |\d+[a-z]{2} )?copy(?: \(?\d+\)?)?"
_BACKUPS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"#(?P<name>.+)#{_ENDING}",
        rf"{_NAME}(?!\.(?:txt|ya?ml|md)$)[^a-z0-9].*",
        rf"(?P<name>.+?)_(?:backup|base|local|remote)_\d+{_ENDING}",
        rf"(?P<name>.+?)(?:~|\.(?:bak|backup|old|orig|rej|save|sw[a-p]|tmp|temp)){_ENDING}",
    )
]
"""How editors, `patch` and Git name what a file held before, or what it may yet hold: `2f.yml~`, `2f.yml.bak`, `2f_BASE_123.yml`."""

_COPIES = [
    re.compile(form + _ENDING, re.IGNORECASE)
    for form in (
        r"copy (?:\(\d+\) )?of (?P<name>.+?)",
        rf"(?P<name>.+?) (?:- )?{_NTH}",
        rf"(?P<name>.+?) ?\((?:{_NTH}|\d+|[^()]*(?:conflict|case clash)[^()]*)\)",
        r"(?P<name>.+?)[._-](?:sync-)?conflict-\d[\w.-]*?",
    )
]
"""How file managers and shared folders name a copy of a file or a folder: `2f (copy).yml`, `2f - Copy.yml`."""

_SCRIPTS = ("framework.css", "framework.js", "search.js", "suggest.js")
"""The only files of content/ that are no pages: our own."""


@dataclass(frozen=True)
class Tree:
    """The plain files of a project, sorted, and what is wrong with what stands there; if there is `too_much`, it is not all there."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    too_much: bool = False


class _TooMuchError(Exception):
    """Looking further is no use; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def tree(root: Path) -> Tree:
    """Return what stands in the folders of the project `root`; hidden files are not looked at, and nothing is read or raised."""
    files: list[Path] = []
    problems: list[Problem] = []
    size = 0
    try:
        for folder in FOLDERS:
            for found in _inside(root / folder, root):
                if isinstance(found, Problem):
                    problems.append(found)
                    continue
                files.append(found)
                size += found.lstat().st_size
                if len(files) > MOST_FILES:
                    raise _TooMuchError(
                        _problem(folder, "too-many-files", f"more than {MOST_FILES:,} files", "keep only records and pages")
                    )
                if size > MOST_BYTES:
                    wrong = f"more than {MOST_BYTES // 1024 // 1024} MB in all"
                    raise _TooMuchError(_problem(folder, "too-large", wrong, "keep only records and pages, each of a few KB"))
                problems += _named(found.relative_to(root))
    except _TooMuchError as error:
        return Tree(tuple(sorted(files)), (error.problem,), too_much=True)
    except OSError as error:
        return Tree((), (_problem(folder, "unreadable", f"cannot be read ({error.strerror})", "try again"),), too_much=True)
    return Tree(tuple(sorted(files)), tuple(sorted(problems)))


def state(file: Path) -> tuple[int, int]:
    """Return when `file` was changed, in nanoseconds, and its size in bytes; a file that has just gone has neither."""
    try:
        status = file.lstat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _problem(path: str, name: str, wrong: str, instead: str) -> Problem:
    return Problem(path, 1, 1, name, wrong, instead)


def _inside(folder: Path, root: Path, depth: int = 1) -> Iterator[Path | Problem]:
    """Yield each plain file in `folder`, in order, and a problem for each link and each thing that is no file."""
    path = folder.relative_to(root).as_posix()
    if folder.is_symlink():
        yield _problem(path, "symlink", "a link to another file", "put the file itself here")
    elif folder.is_dir():
        if depth > DEEPEST:
            raise _TooMuchError(_problem(path, "too-deep", f"more than {DEEPEST} folders inside one another", "make it flatter"))
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number > MOST_FILES:
                    raise _TooMuchError(_problem(path, "too-many-files", f"more than {MOST_FILES:,} files", "keep only records and pages"))
                hidden, item = entry.name.startswith("."), folder / entry.name
                if (entry.is_symlink() and (not hidden or entry.is_dir())) or (not hidden and entry.is_dir()):
                    yield from _inside(item, root, depth + 1)
                elif not hidden and entry.is_file(follow_symlinks=False):
                    yield item
                elif not hidden:
                    where = item.relative_to(root).as_posix()
                    yield _problem(where, "unreadable", "no file", "check that it is a file that you may read")


def _named(path: Path) -> Iterator[Problem]:
    """Yield a problem if the file at `path`, from the root, is one of content/ that is neither a page nor one of ours."""
    inside = PurePosixPath(*path.parts[1:])
    if path.parts[0] != "content" or str(inside) in _SCRIPTS:
        return
    if problem := leftover(path):
        yield problem
    elif inside.suffix != ".md":
        instead = "write a page as a file that ends in .md; whoever looks after the code keeps all other files"
        yield _problem(path.as_posix(), "unknown-file", "not a page; it would be published as it is", instead)
    elif not all(re.fullmatch(ID_PATTERN, part) for part in (*inside.parts[:-1], inside.stem)):
        plain = "/".join(kebab(part) or "page" for part in (*inside.parts[:-1], inside.stem))
        wrong = "a page's name, and its folder's, is small letters, digits and hyphens"
        yield _problem(path.as_posix(), "file-name", wrong, f"rename it to content/{plain}.md")
    elif inside.stem == "readme":
        yield _problem(path.as_posix(), "file-name", "a name that means the folder's first page", "name it index.md")


def leftover(path: PurePath) -> Problem | None:
    """Return a problem if the file at `path`, from the root, is a backup, a copy or another leftover, or is in a copied folder."""
    *folders, name = path.parts[1:]
    for folder in folders:
        if found := _first(_COPIES, folder):
            original = found["name"]
            instead = f'delete that folder, after copying any changes you need into "{original}"'
            return _problem(path.as_posix(), "leftover", f'"{folder}" is a copy of the folder "{original}"', instead)
    if re.fullmatch(ID_PATTERN, path.stem) and path.suffix in (".yml", ".md"):
        return None
    if _LITTER.fullmatch(name):
        return _problem(path.as_posix(), "leftover", "a leftover file of an editor or of the operating system", "delete this file")
    found = backup = _first(_BACKUPS, name)
    found = found or _first(_COPIES, name)
    if not found:
        return None
    original = found["name"] + (found.groupdict().get("ending") or "")
    if "." not in original:
        original += ".yml" if path.parts[0] == "data" else ".md"
    wrong = f"an editor's backup copy of {original}" if backup else f"a copy of {original}"
    return _problem(path.as_posix(), "leftover", wrong, f"delete this file, after copying any changes you need into {original}")


def _first(forms: Iterable[re.Pattern[str]], name: str) -> re.Match[str] | None:
    return next((found for form in forms if (found := form.fullmatch(name))), None)
