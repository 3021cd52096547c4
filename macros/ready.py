"""Everything because of which the edition that data/site.yml names cannot be released yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from macros.checks import is_example, workflows_run_on_the_branch
from macros.framework import Framework
from macros.problem import Problem, report
from macros.project import Project
from macros.review import not_yet
from macros.revision import RevisionError, commit, git
from macros.schema import stale
from macros.snapshot import following, tag_of
from macros.source import setting

CHANGELOG = "CHANGELOG.md"
UNRELEASED = re.compile(r"^## Unreleased[ ]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def not_ready(root: Path, project: Project, on: date) -> Iterator[str]:
    """Yield everything because of which `project` cannot be released `on` that day, a line each."""
    problems = list(project.errors)
    if project.framework is not None:
        problems += _unfit(root, project, project.framework, on)
    if problems:
        yield report(problems)
    try:
        yield from _git_not_ready(root, project)
    except RevisionError as error:
        yield str(error)
    if (text := changelog(root)) is None:
        yield f"{CHANGELOG}:1:1: missing, or not text in UTF-8; bring it back from Git"
    elif len(UNRELEASED.findall(text)) != 1:
        yield f"{CHANGELOG}:1:1: needs one line ## Unreleased, under which stands what is new; add it above the last edition"


def _unfit(root: Path, project: Project, framework: Framework, on: date) -> Iterator[Problem]:
    """Yield a problem for what is sound, but not ready to be released."""
    site, key = framework.site, ("site", "site")
    instead = "write the publisher's own: an edition is not released before a publisher is named"
    yield from (replace(p, severity="error", instead=instead) for p in project.problems if p.name == "placeholder")
    line, address = setting(root, "site_url")
    if is_example(address):
        yield Problem("mkdocs.yml", line, 1, "placeholder", "still a reserved example address", "write the site's own", "site_url")
    last = project.snapshots[-1] if project.snapshots else None
    if last and site.edition == last.edition:
        wrong = f"edition {last.edition} has been released already"
        instead = f"write the next one, for example {max(f'{on:%Y-%m}', following(last.edition))}"
        yield framework.problem(key, ("edition",), "edition", wrong, instead)
    if site.edition_date != on:
        wrong = f"{site.edition_date} is not the day of this release"
        instead = f"write edition_date: {on} and commit it, or give --day {site.edition_date}"
        yield framework.problem(key, ("edition_date",), "edition-date", wrong, instead)
    elif last and on < last.day:
        yield framework.problem(key, ("edition_date",), "edition-date", f"edition {last.edition} is of {last.day}", "write a later day")
    else:
        for record in framework.records:
            yield from not_yet(framework, record, on)
    yield from workflows_run_on_the_branch(root, site.branch)
    for output in stale(root):
        yield Problem(output.path, 1, 1, "schema", "out of date", "run svf schema, and commit what it writes")


def _git_not_ready(root: Path, project: Project) -> Iterator[str]:
    """Yield what is wrong with the repository; raise RevisionError if there is none."""
    commit(root, "HEAD")
    changed = git(root, "status", "--porcelain", "-z").stdout.decode("utf-8", "replace").strip("\0").split("\0")
    if changed != [""]:
        names = ", ".join(name[3:] for name in changed[:5])
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        yield f"There are changes that are not committed ({names}{more}); commit them, or take them back with git restore."
    if project.framework is None:
        return
    site = project.framework.site
    branch = git(root, "symbolic-ref", "--short", "--quiet", "HEAD").stdout.decode().strip()
    if branch != site.branch:
        where = f"The branch {branch}" if branch else "No branch"
        yield f"{where} is checked out, but editions are released from {site.branch}; run git switch {site.branch}."
    if _tagged(root, tag_of(site.edition)):
        yield f"The tag {tag_of(site.edition)} exists already, so that edition {site.edition} has been released; write the next one."
    for last in project.snapshots[-1:]:
        if not _tagged(root, last.tag):
            yield f"The tag {last.tag} of the last edition is not here, to compare with; run git fetch --tags."


def _tagged(root: Path, tag: str) -> bool:
    return git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}").returncode == 0


def changelog(root: Path) -> str | None:
    """Return the text of the changelog of `root`, or None if there is none that can be read."""
    try:
        return (root / CHANGELOG).read_bytes().decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None
