"""The records and pages of a commit, read without checking it out or running any of its code."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from macros.loading.files import FOLDERS
from macros.model.problem import Problem


class GitError(Exception):
    """Git cannot find, read or write a commit; the message says why, and what to do."""


def base_of(root: Path, base: str, head: str = "") -> str:
    """Return the commit where `head` (or what is checked out) branched off `base`, or `base` itself if they have no common ancestor."""
    base_commit, head_commit = commit(root, base), commit(root, head or "HEAD")
    done = git(root, "merge-base", base_commit, head_commit)
    if done.returncode and _shallow(root):
        raise GitError(f"This clone is too shallow to compare {base} and {head or 'HEAD'}. Run git fetch --unshallow.")
    return base_commit if done.returncode else done.stdout.decode().split()[0]


def commit(root: Path, name: str) -> str:
    """Return the commit that `name` (a branch, tag or commit) stands for in the repository of `root`; raise GitError if none."""
    opened = git(root, "rev-parse", "--git-dir")
    if opened.returncode:
        raise GitError(_refusal(opened.stderr))
    done = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if done.returncode == 0:
        return done.stdout.decode().strip()
    fetch = "git fetch --unshallow" if _shallow(root) else "git fetch"
    raise GitError(f'There is no branch, tag or commit "{name}" here. Run {fetch}, or name another, for example origin/main.')


def other_files(root: Path, base: str, head: str) -> list[str]:
    """Return the files that shape the site, other than records and pages, that differ between `base` and `head` or what is checked out."""
    paths = ("mkdocs.yml", "macros", "overrides", "content", ":!content/*.md", ":!*.md")
    done = git(root, "diff", "--name-only", "--relative", base_of(root, base, head), *filter(None, [head]), "--", *paths)
    return done.stdout.decode("utf-8", "replace").split("\n")[:-1]


def _shallow(root: Path) -> bool:
    return git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _refusal(output: bytes) -> str:
    """Return why Git cannot read a repository, from its `output`."""
    return f"Git cannot read the repository: {output.decode('utf-8', 'replace').strip().removeprefix('fatal: ')}"


def lay_out(root: Path, name: str, home: Path) -> Iterator[Problem]:
    """Write the records and pages of the commit `name` into `home`; yield a problem for each file that is refused."""
    done = git(root, "archive", "--format=tar", f"{name}^{{tree}}")  # of a tree, so that Git fills in no keywords
    if done.returncode:
        raise GitError(_refusal(done.stderr))
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            try:
                if member.name.split("/")[0] in FOLDERS:
                    archive.extract(member, home, filter="data")
            except (OSError, tarfile.TarError):
                wrong, instead = "a link, or a name that cannot be used", "put the file itself here, with a plain, short name"
                yield Problem(member.name, 1, 1, "unreadable", wrong, instead)


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run Git with `arguments` in `root`, in English; raise OSError if Git is not installed."""
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env={**os.environ, "LANGUAGE": "en"})
