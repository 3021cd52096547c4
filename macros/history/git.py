"""The records and pages at a Git revision, read without checking it out or running any of its code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from macros.history.snapshot import FOLDER, MAX_EDITION_SIZE
from macros.loading.files import MAX_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from macros.loading.loader import NOT_RECORDS
from macros.model.problem import Problem

FOLDERS = ("data", "content")
_FILE = ("100644", "100755")
_LINK = "120000"


class RevisionError(Exception):
    """A revision cannot be found or read; its message says why, and what to do."""


def base_of(root: Path, base: str, head: str = "") -> str:
    """Return the commit where `head` (or what is checked out) branched off `base`, or `base` itself if they have no common ancestor."""
    base_commit, head_commit = commit(root, base), commit(root, head or "HEAD")
    done = git(root, "merge-base", base_commit, head_commit)
    if done.returncode and _shallow(root):
        raise RevisionError(f"This clone is too shallow to compare {base} and {head or 'HEAD'}. Run git fetch --unshallow.")
    return base_commit if done.returncode else done.stdout.decode().split()[0]


def commit(root: Path, revision: str) -> str:
    """Return the commit that `revision` (a branch, tag or commit) names in the repository of `root`; raise RevisionError if none."""
    opened = git(root, "rev-parse", "--git-dir")
    if opened.returncode:
        raise RevisionError(refusal(root, opened.stderr))
    if revision.isprintable():
        done = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode().strip()
    fetch = "git fetch --unshallow" if _shallow(root) else "git fetch"
    raise RevisionError(f'There is no revision "{revision}" here. Name a branch, tag or commit, for example origin/main, or run {fetch}.')


def _shallow(root: Path) -> bool:
    return git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def refusal(root: Path, output: bytes) -> str:
    """Return why Git cannot read the repository of `root`, and what to do, from the `output` of Git."""
    text = output.decode("utf-8", "replace")
    if trust := re.search(r"git config --global --add safe\.directory .+", text):
        return f"This repository belongs to another user, so Git refuses to read it. If you trust it, run: {trust[0]}"
    if "not a git repository" in text and not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return "This folder is not in a Git repository. Clone the repository with Git."
    reason = text.strip().rpartition("\n")[2].removeprefix("fatal: ").rstrip(".")
    return f"Git cannot read the repository ({reason}). Run git fsck to see what is damaged, or clone it again."


def lay_out(root: Path, revision: str, home: Path) -> Iterator[Problem]:
    """Write the records and pages at `revision` into `home`; yield a problem for each file that is refused."""
    for folder in FOLDERS:
        (home / folder).mkdir()
    sizes, objects = dict[str, int](), dict[str, str]()
    for mode, object_, size, path in _files(root, revision):
        if mode == _LINK:
            yield Problem(path, 1, 1, "symlink", "a link to another file", "replace it with the file")
        elif ".." in path.split("/"):
            yield Problem(path, 1, 1, "file-name", "the name leads out of its folder", "give the file a plain name")
        elif size > (limit := MAX_EDITION_SIZE if path.startswith(f"{FOLDER}/") else MAX_BYTES):
            yield Problem(path, 1, 1, "too-large", f"larger than {limit // 1024} KB", "make it smaller")
        elif mode in _FILE:
            sizes[path], objects[path] = size, object_
    if len(sizes) > MAX_FILES or sum(sizes.values()) > MAX_TOTAL_BYTES:
        limits = f"{MAX_FILES:,} files or {MAX_TOTAL_BYTES // 1024 // 1024} MB"
        raise RevisionError(f"{revision} is too large to compare: it has more than {limits} of records and pages.")
    done = git(root, "cat-file", "--batch", data="".join(f"{object_}\n" for object_ in objects.values()).encode())
    content, end = done.stdout, -1
    for path, size in sizes.items():
        header = content.find(b"\n", start := end + 1)
        if done.returncode or header < 0 or not content[start:header].endswith(f" blob {size}".encode()):
            raise RevisionError(refusal(root, done.stderr or f"{path} is missing from it".encode()))
        end = header + 1 + size
        try:
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(content[header + 1 : end])
        except OSError:
            yield Problem(path, 1, 1, "file-name", "the file name cannot be used", "give the file a plain, short name")


def _files(root: Path, revision: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield mode, object, size in bytes and path of the records, pages and editions at `revision`."""
    done = git(root, "ls-tree", "-r", "-z", "--long", revision, "--", *(f"{folder}/" for folder in FOLDERS))
    if done.returncode:
        raise RevisionError(refusal(root, done.stderr))
    for line in done.stdout.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, object_, size = about.decode().split()
        path = name.decode("utf-8", "replace")
        parts = path.split("/")
        if path.endswith(".md") if parts[0] == "content" else parts[1] not in NOT_RECORDS or path.startswith(f"{FOLDER}/"):
            yield mode, object_, int(size) if size.isdigit() else 0, path


def git(root: Path, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run Git with `arguments` in `root`, in English, with `data` as its input; raise RevisionError if Git is not installed."""
    found = shutil.which("git")
    if found is None:
        raise RevisionError("Git is not installed. Install it, and try again.")
    command = [found, "--no-optional-locks", "-C", str(root), *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False, env={**os.environ, "LANGUAGE": "en"})
