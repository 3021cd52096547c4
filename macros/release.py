"""The command that releases an edition: everything is checked, then written, committed and tagged, or nothing is."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import click

from macros.command import DAY, project_root
from macros.framework import Framework
from macros.problem import report
from macros.project import Project, read_project
from macros.ready import CHANGELOG, UNRELEASED, changelog, not_ready
from macros.revision import RevisionError, commit, git, project_at
from macros.snapshot import Snapshot, read_editions, snapshot

LONGEST = 20_000
"""How many characters of what changed for readers an entry of the changelog holds at most."""


class NotReleasedError(Exception):
    """A release cannot be made or finished; its text says why."""


class _Release(NamedTuple):
    """What is written: the snapshot, the whole changelog with its new entry, and that entry."""

    snapshot: Snapshot
    changelog: str
    entry: str


@click.command()
@click.option("--day", type=DAY, metavar="DATE", help="The day of the edition; without it, today.")
@click.option("--dry-run", is_flag=True, help="Check everything and show the entry of the changelog, but write nothing.")
def release(day: datetime | None, dry_run: bool) -> None:
    """Release the edition that data/site.yml names: keep its words, write the changelog, commit, and tag.

    Everything is checked first. If anything is wrong, all of it is named, nothing is written, and the status is 1.
    """
    root = project_root()
    on = day.date() if day else date.today()
    project = read_project(root)
    try:
        wrong = list(not_ready(root, project, on))
        if wrong or project.framework is None:
            raise NotReleasedError("\n".join(wrong))
        _warn_of_reviews(project.framework, on)
        made = _made(root, project, project.framework)
        if not dry_run:
            _write(root, project, made)
    except (NotReleasedError, RevisionError, OSError) as error:
        click.echo(str(error))
        click.echo("Not released; nothing was written.", err=True)
        sys.exit(1)
    site = project.framework.site
    if dry_run:
        click.echo(made.entry)
        click.echo(f"Nothing was written: svf release would write {made.snapshot.path} and this entry, and tag it.", err=True)
        return
    click.echo(f"Released edition {site.edition} as {made.snapshot.tag}: one commit and one tag, on this machine only.")
    click.echo(f"Now: git push origin {site.branch} {made.snapshot.tag}")
    click.echo(
        "A workflow then makes the release with its guides and data; the page Editions links them there when the next edition is out."
    )


def _warn_of_reviews(framework: Framework, on: date) -> None:
    from macros.review import overdue

    due = tuple(replace(problem, severity="warning") for problem in overdue(framework, on))
    if due:
        click.echo(report(due), err=True)


def _made(root: Path, project: Project, framework: Framework) -> _Release:
    """Return what the release of `project` writes."""
    from macros.render import Renderer

    text = changelog(root) or ""
    kept = "".join(UNRELEASED.findall(text)).strip()
    last = project.snapshots[-1] if project.snapshots else None
    told = _told(root, project, framework, last) if last else ""
    values = {"site": framework.site, "kept": kept, "last": last.edition if last else "", "told": told}
    entry = Renderer(framework, str).render("release.md.j2", **values).strip() + "\n"
    whole = UNRELEASED.sub(lambda _: f"## Unreleased\n\n{entry}\n", text).rstrip("\n") + "\n"
    return _Release(snapshot(framework, project.revision), whole, entry)


def _told(root: Path, project: Project, framework: Framework, last: Snapshot) -> str:
    """Return what changed for readers since `last`, or "" if the records and pages of then cannot be read now."""
    from macros.comparing import State, compare
    from macros.release_notes import release_notes
    from macros.touched import touched

    before, wrong = project_at(root, f"refs/tags/{last.tag}")
    if wrong or before.framework is None:
        return ""
    comparison = compare(State(before.framework, before.pages), State(framework, project.pages)).without("site", "edition", "edition_date")
    return release_notes(comparison, touched(before, project), before.framework, framework, LONGEST).strip()


def _write(root: Path, project: Project, made: _Release) -> None:
    """Write, commit and tag `made`; raise NotReleasedError if a step fails, with everything as it was."""
    new = made.snapshot
    day = f"{new.day.day} {new.day:%B %Y}"
    with _all_or_nothing(root, (new.path, CHANGELOG), new.tag):
        (root / new.path).parent.mkdir(exist_ok=True)
        (root / new.path).write_bytes(new.content)
        (root / CHANGELOG).write_bytes(made.changelog.encode())
        read, problems = read_editions(root)
        if problems or read != (*project.snapshots, new) or read_project(root).revision != project.revision:
            raise NotReleasedError(report(problems) or f"{new.path} does not read as it was written; ask whoever looks after the code")
        _do(root, "add", "--", new.path, CHANGELOG)
        _do(root, "commit", "--quiet", "-m", f"Release edition {new.edition}", "--", new.path, CHANGELOG)
        _do(root, "tag", "-a", "-m", f"Edition {new.edition}, {day}", new.tag)


@contextmanager
def _all_or_nothing(root: Path, paths: tuple[str, ...], tag: str) -> Iterator[None]:
    """Put `paths`, the branch and its index back as they are now, and take `tag` away, if the block does not end well.

    A signal to stop is for Git alone, which ends tidily; here it waits, so that nothing is cut short.
    """
    head = commit(root, "HEAD")
    before = {path: (root / path).read_bytes() if (root / path).is_file() else None for path in paths}
    folders = [folder for path in paths if not (folder := (root / path).parent).exists()]
    handlers = {sign: signal.signal(sign, lambda *_: None) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except BaseException:
        git(root, "tag", "-d", tag)
        git(root, "reset", "--quiet", "--soft", head)
        git(root, "reset", "--quiet", "--", *paths)
        for path, content in before.items():
            if content is None:
                (root / path).unlink(missing_ok=True)
            else:
                (root / path).write_bytes(content)
        for folder in folders:
            if folder.is_dir():
                folder.rmdir()
        raise
    finally:
        for sign, handler in handlers.items():
            signal.signal(sign, handler)


def _do(root: Path, *words: str) -> None:
    """Have Git do `words`; raise NotReleasedError with what it says if it does not."""
    done = git(root, *words)
    if done.returncode:
        raise NotReleasedError(f"git {words[0]} failed: {(done.stderr or done.stdout).decode('utf-8', 'replace').strip()}")
