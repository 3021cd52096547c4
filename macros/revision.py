"""The records and pages of a Git revision, read without checking it out and without running anything of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from macros.load import NOT_RECORDS
from macros.problem import Problem
from macros.project import Project, read_project
from macros.snapshot import FOLDER
from macros.snapshot import LARGEST as LARGEST_EDITION
from macros.text import LARGEST
from macros.tree import MOST_BYTES, MOST_FILES

FOLDERS = ("data", "content")
_FILE = ("100644", "100755")
_LINK = "120000"


class RevisionError(Exception):
    """A revision cannot be found or read; its text says why, and what to do."""


class _File(NamedTuple):
    """A file of a revision: its mode and object in Git, its size in bytes, and its path from the project's root."""

    mode: str
    object: str
    size: int
    path: str


def base_of(root: Path, base: str, head: str = "") -> str:
    """Return the commit from which `head` (or what is checked out) grew out of `base`, so that later changes of `base` do not count.

    Where the two have no history in common, that is `base` itself. Raise RevisionError if either cannot be found.
    """
    one, other = commit(root, base), commit(root, head or "HEAD")
    done = git(root, "merge-base", one, other)
    if done.returncode == 0:
        return done.stdout.decode().split()[0]
    if _shallow(root):
        raise RevisionError(
            f"The history here is cut short before {base} and {head or 'HEAD'} meet; fetch all of it: git fetch --unshallow"
        )
    if done.returncode != 1:  # 1 means only that the two have no history in common
        raise RevisionError(refusal(root, done.stderr))
    return one


def commit(root: Path, revision: str) -> str:
    """Return the commit that `revision` (a branch, tag or commit) names in the repository of `root`; raise RevisionError if none."""
    if not revision.isprintable() or not revision or revision.startswith("-"):
        raise RevisionError(f'"{revision}" is no revision; name a branch, a tag or a commit, for example origin/main')
    opened = git(root, "rev-parse", "--git-dir")
    if opened.returncode:
        raise RevisionError(refusal(root, opened.stderr))
    found = _resolved(root, f"{revision}^{{commit}}")
    if not found:
        raise RevisionError(_missing(root, revision))
    return found


def _resolved(root: Path, revision: str) -> str:
    """Return the object that `revision` names, or "" if it names none that can be read."""
    done = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision)
    return "" if done.returncode else done.stdout.decode().strip()


def _shallow(root: Path) -> bool:
    return git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _missing(root: Path, revision: str) -> str:
    """Return why there is no commit `revision` in the repository of `root`, and what to do."""
    for name in (revision, "HEAD"):
        if (found := _resolved(root, name)) and (read := git(root, "cat-file", "-t", found)).returncode:
            return refusal(root, read.stderr)
    if not git(root, "rev-list", "--max-count=1", "--all").stdout.strip():
        return f'There is no revision "{revision}" here, because nothing is committed yet; commit the files with git commit.'
    if _shallow(root):
        return f'There is no revision "{revision}" here, because this clone has only the latest history; run git fetch --unshallow.'
    return f'There is no revision "{revision}" here; git branch --all lists branches, and git fetch brings what is missing.'


def refusal(root: Path, said: bytes) -> str:
    """Return in plain words why Git does not read the repository of `root`, by what it has `said`, and what to do."""
    text = said.decode("utf-8", "replace")
    if trust := re.search(r"git config --global --add safe\.directory .+", text):
        return f"This repository belongs to another user, so Git refuses to read it. If you trust it, run: {trust[0]}"
    if "not a git repository" in text and not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return "This folder is not in a Git repository, so there is nothing to compare it with; clone the repository with Git."
    lines = [re.sub(r"^(?:fatal|error): ", "", line.strip()) for line in text.splitlines() if line.strip()]
    reason = (lines or ["no reason given"])[-1].rstrip(".")
    return f"Git cannot read the repository here ({reason}); run git fsck to see what is damaged, or clone it again."


def project_at(root: Path, revision: str) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project as `revision` holds it, and what keeps it from being compared; raise RevisionError if it cannot be found.

    Its records and pages are laid out for a moment in a folder of their own; links to other files are not followed.
    """
    with TemporaryDirectory(prefix="svf-revision-") as folder:
        home = Path(folder).resolve()
        problems = tuple(_lay_out(root, commit(root, revision), home))
        project = read_project(home)
    return project, tuple(sorted({*problems, *unread(project)}))


def unread(project: Project) -> tuple[Problem, ...]:
    """Return the problems because of which `project` cannot be compared: a record or a page that cannot be read."""
    held = {page.path for page in project.pages if page.meta}
    pages = tuple(p for p in project.errors if p.path.startswith("content/") and p.path not in held)
    return pages if project.framework else tuple(p for p in project.errors if p.path.startswith("data/")) + pages


def _lay_out(root: Path, revision: str, home: Path) -> Iterator[Problem]:
    """Write the records and pages of `revision` into `home`; yield a problem for each file that is not taken."""
    for folder in FOLDERS:
        (home / folder).mkdir()
    files = []
    for file in _files(root, revision):
        if file.mode == _LINK:
            yield Problem(file.path, 1, 1, "symlink", "a link to another file", "put the file itself here")
        elif not _stays_inside(file.path):
            yield Problem(file.path, 1, 1, "file-name", "a name that leads out of its folder", "give the file a plain name")
        elif file.size > (LARGEST_EDITION if file.path.startswith(f"{FOLDER}/") else LARGEST):
            yield Problem(file.path, 1, 1, "too-large", f"larger than {LARGEST // 1024} KB", "split it; one file holds one thing")
        elif file.mode in _FILE:
            files.append(file)
    if len(files) > MOST_FILES or sum(file.size for file in files) > MOST_BYTES:
        most = f"{MOST_FILES:,} files, or {MOST_BYTES // 1024 // 1024} MB"
        raise RevisionError(f"{revision} holds too much to be compared, more than {most}; name a revision with only records and pages.")
    for file, content in zip(files, _contents(root, files), strict=True):
        target = home / file.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError:
            yield Problem(file.path, 1, 1, "file-name", "a name that no folder can hold", "give the file a plain, short name")


def _files(root: Path, revision: str) -> Iterator[_File]:
    """Yield the files of `revision` that may hold records, pages and what the editions said."""
    done = git(root, "ls-tree", "-r", "-z", "--long", revision, "--", *(f"{folder}/" for folder in FOLDERS))
    if done.returncode:
        raise RevisionError(refusal(root, done.stderr))
    for line in done.stdout.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, object_, size = about.decode().split()
        path = name.decode("utf-8", "replace")
        parts = path.split("/")
        if path.endswith(".md") if parts[0] == "content" else parts[1] not in NOT_RECORDS or path.startswith(f"{FOLDER}/"):
            yield _File(mode, object_, int(size) if size.isdigit() else 0, path)


def _stays_inside(path: str) -> bool:
    return (
        not any(part in ("", ".", "..") or "\\" in part or "\ufffd" in part for part in path.split("/"))
        and not PurePosixPath(path).is_absolute()
    )


def _contents(root: Path, files: list[_File]) -> Iterator[bytes]:
    """Yield the bytes of each of `files`."""
    done = git(root, "cat-file", "--batch", asked="".join(f"{file.object}\n" for file in files).encode())
    found, at = done.stdout, 0
    for file in files:
        end = found.find(b"\n", at)
        if done.returncode or end < 0 or not found[at:end].endswith(f" blob {file.size}".encode()):
            raise RevisionError(refusal(root, done.stderr or f"{file.path} is missing from it".encode()))
        yield found[end + 1 : end + 1 + file.size]
        at = end + 1 + file.size + 1


def git(root: Path, *words: str, asked: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Return what Git answers to `words` in `root`, in English, with `asked` as its input; raise RevisionError if there is no Git."""
    found = shutil.which("git")
    if found is None:
        raise RevisionError("There is no Git on this machine; install it, and run this again.")
    command = [found, "--no-optional-locks", "-C", str(root), *words]
    return subprocess.run(command, input=asked, capture_output=True, check=False, env={**os.environ, "LANGUAGE": "en"})
