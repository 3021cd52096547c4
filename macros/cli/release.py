"""The release of an edition: the checks before it, what it writes, and its notes from the changelog."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from macros.checks.relations import is_example
from macros.checks.review_dates import checked_in_future, overdue
from macros.checks.settings import workflows_run_on_the_branch
from macros.cli.context import DAY, project_at, project_root
from macros.history.compare import compare, state_of
from macros.history.git import RevisionError, commit, git, refusal
from macros.history.snapshot import Snapshot, following, read_editions, snapshot, tag_of
from macros.loading.yaml_reader import setting
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean, report
from macros.model.singletons import Site
from macros.model.types import unwritten
from macros.outputs.json_schema import stale
from macros.site_build.project import Project, read_project

CHANGELOG = "CHANGELOG.md"
UNRELEASED = re.compile(r"^## Unreleased[ ]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)

_GAP = r"\b(?:TODO|TBC|TBD|TBA|FIXME|XXX)\b|(?i:lorem ipsum)|(?<!\[)\[(?i:insert|name|number|date)\b[^\][\n]*\](?![(\[])"
"""A mark that something is still to be written."""

_GAP_OF_A_RECORD = re.compile(_GAP)
_GAP_OF_A_PAGE = re.compile(rf"{_GAP}|(?i:this draft has(?: no publisher yet)?|no publisher yet|not yet named)")
_OWNER = re.compile(r"(?<=\s)(?:@[\w.-]+(?:/[\w.-]+)?|[^\s@]+@[^\s@]+)")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


class NotReleasedError(Exception):
    """A release cannot be made; its text says why."""


@click.command()
@click.option("--day", type=DAY, metavar="DATE", help="The day of the edition; without it, today.")
@click.option("--dry-run", is_flag=True, help="Check everything and show the entry of the changelog, but write nothing.")
def release(day: datetime | None, dry_run: bool) -> None:
    """Release the edition that data/site.yml names: keep its records, write the changelog, commit, and tag.

    Everything is checked first. If anything is wrong, all of it is listed, nothing is written, and the status is 1.
    """
    root, on = project_root(), day.date() if day else date.today()
    project = read_project(root)
    try:
        if (wrong := list(not_ready(root, project, on))) or project.framework is None:
            raise NotReleasedError("\n".join(wrong))
        if due := tuple(replace(problem, severity="warning") for problem in overdue(project.framework, on)):
            click.echo(report(due), err=True)
        edition, entry = snapshot(project.framework, project.revision), _entry(root, project, project.framework)
        if not dry_run:
            _write(root, project, edition, entry)
    except (NotReleasedError, RevisionError, OSError) as error:
        click.echo(str(error))
        click.echo("Not released; nothing was written.", err=True)
        sys.exit(1)
    if dry_run:
        click.echo(entry)
        click.echo(f"Nothing was written: svf release would write {edition.path} and this entry, and tag it.", err=True)
        return
    click.echo(f"Released edition {edition.edition} as {edition.tag}: one commit and one tag, on this machine only.")
    click.echo(f"Now: git push origin {project.framework.site.branch} {edition.tag}")
    click.echo("A workflow then publishes the release with its guides and data. The page Editions links to them from the next edition on.")


@click.command()
@click.argument("tag", metavar="TAG", help="The tag of the edition, for example edition-2026-11.")
def notes(tag: str) -> None:
    """Print what CHANGELOG.md says of the edition that TAG names, in Markdown."""
    text = changelog(project_root())
    if text is None:
        raise click.UsageError(f"There is no {CHANGELOG} in this folder.")
    found = {tag_of(edition): words.strip() for edition, words in re.findall(r"(?ms)^## Edition (\S+),[^\n]*$(.*?)(?=^## |\Z)", text)}
    if not found.get(tag):
        instead = "write what changed" if tag in found else did_you_mean(tag, found) or "svf release writes the section of an edition"
        raise click.ClickException(f'{CHANGELOG} says nothing of the edition "{tag}"; {instead}')
    click.echo(found[tag])


def changelog(root: Path) -> str | None:
    """Return the text of the changelog of `root`, or None if it cannot be read."""
    try:
        return (root / CHANGELOG).read_bytes().decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None


def _entry(root: Path, project: Project, framework: Framework) -> str:
    """Return the changelog's entry of the edition of `project`."""
    from macros.rendering.environment import Renderer

    kept = "".join(UNRELEASED.findall(changelog(root) or "")).strip()
    last = project.snapshots[-1] if project.snapshots else None
    changes = _changes(root, project, framework, last) if last else ""
    values = {"site": framework.site, "kept": kept, "last": last.edition if last else "", "changes": changes}
    return Renderer(framework, str).render("messages/release.md.j2", **values).strip() + "\n"


def _changes(root: Path, project: Project, framework: Framework, last: Snapshot) -> str:
    """Return what changed for readers since `last`, or "" if its records and pages cannot be read now."""
    from macros.cli.affected_pages import affected
    from macros.cli.diff_report import release_notes

    before, wrong = project_at(root, f"refs/tags/{last.tag}")
    if wrong or before.framework is None:
        return ""
    comparison = compare(state_of(before.framework, before.pages), state_of(framework, project.pages))
    return release_notes(comparison, affected(comparison, before, project), before.framework, framework).strip()


def _write(root: Path, project: Project, edition: Snapshot, entry: str) -> None:
    """Write, commit and tag `edition`; if a step fails or is interrupted, put everything back."""
    text = UNRELEASED.sub(lambda _: f"## Unreleased\n\n{entry}\n", changelog(root) or "").rstrip("\n") + "\n"
    head, file = commit(root, "HEAD"), root / edition.path
    is_first = not file.parent.exists()
    message = f"Edition {edition.edition}, {edition.day.day} {edition.day:%B %Y}"
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(edition.content)
        (root / CHANGELOG).write_bytes(text.encode())
        read, problems = read_editions(root)
        if problems or read != (*project.snapshots, edition) or read_project(root).revision != project.revision:
            raise NotReleasedError(report(problems) or f"{edition.path} cannot be read as it was written; report this as a bug")
        for command in (
            ("add", "--", edition.path, CHANGELOG),
            ("commit", "--quiet", "-m", f"Release edition {edition.edition}", "--", edition.path, CHANGELOG),
            ("tag", "-a", "-m", message, edition.tag),
        ):
            done = git(root, *command)
            if done.returncode:
                raise NotReleasedError(f"git {command[0]} failed: {(done.stderr or done.stdout).decode('utf-8', 'replace').strip()}")
    except BaseException:
        git(root, "tag", "-d", edition.tag)
        git(root, "reset", "--quiet", "--soft", head)
        git(root, "reset", "--quiet", "--", edition.path, CHANGELOG)
        git(root, "checkout", "--quiet", "--", CHANGELOG)
        file.unlink(missing_ok=True)
        if is_first and file.parent.is_dir():
            file.parent.rmdir()
        raise


def not_ready(root: Path, project: Project, on: date) -> Iterator[str]:
    """Yield every reason why `project` cannot be released `on` that day, a line each."""
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
        yield f"{CHANGELOG}:1:1: needs one line ## Unreleased; add it above the last edition"


def _unfit(root: Path, project: Project, framework: Framework, on: date) -> Iterator[Problem]:
    """Yield the problems that only prevent a release."""
    site, key = framework.site, ("site", "site")
    yield from _placeholders(root, project, framework)
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
        yield from checked_in_future(framework, on)
    yield from workflows_run_on_the_branch(root, site.branch)
    for output in stale(root):
        yield Problem(output.path, 1, 1, "schema", "out of date", "run svf schema, and commit what it writes")


def _placeholders(root: Path, project: Project, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each placeholder in settings, pages and records."""
    for problem in project.problems:
        if problem.name == "placeholder":
            instead = f"{problem.instead.partition(';')[0]}: an edition is not released before a publisher is named"
            yield replace(problem, severity="error", instead=instead)
    for name in ("site_name", "site_description", "site_url"):
        line, value = setting(root, name)
        if is_example(value):
            yield Problem("mkdocs.yml", line, 1, "placeholder", "still a reserved example address", "write the site's own", name)
        elif value and unwritten(value):
            yield Problem("mkdocs.yml", line, 1, "placeholder", f'"{value}" is a placeholder', "write the site's own", name)
    instead = "write the text, or delete the sentence"
    for page in project.pages:
        for line, column, gap in _matches(root / page.path, _GAP_OF_A_PAGE):
            yield Problem(page.path, line, column, "placeholder", f'"{gap}" is a placeholder', instead)
        for line, column, address in _matches(root / page.path, _ADDRESS):
            if is_example(address):
                yield Problem(page.path, line, column, "placeholder", "a reserved example address", "write a real one, or delete it")
    for holder, loc, text in framework.prose:
        for found in _GAP_OF_A_RECORD.finditer(text):
            wrong = f'"{found[0]}" is a placeholder'
            yield framework.problem(holder, loc, "placeholder", wrong, instead, offset=found.start())
    yield from _owners(root, ".github/CODEOWNERS", framework.site)
    yield from _links(root, ".github/ISSUE_TEMPLATE/config.yml", framework.site)


def _owners(root: Path, path: str, site: Site) -> Iterator[Problem]:
    """Yield a problem for each name in the code owners at `path` that does not belong to the repository's owner."""
    owner, example, seen = site.project.split("/")[0], is_example(site.repository), set[str]()
    for line, column, name in _matches(root / path, _OWNER):
        if name not in seen and (example or is_example(name) or (name[0] == "@" and name[1:].split("/")[0] != owner)):
            wrong, instead = f'"{name}" is not of the owner of the repository', "write who guards the file, here and in the lines below"
            yield Problem(path, line, column, "placeholder", wrong, instead)
        seen.add(name)


def _links(root: Path, path: str, site: Site) -> Iterator[Problem]:
    """Yield a problem for each example address in the file at `path`, and each link to another repository's CONTRIBUTING.md."""
    right = site.file_at("CONTRIBUTING.md", "blob")
    for line, column, address in _matches(root / path, _ADDRESS):
        if is_example(address) or (address.endswith("/CONTRIBUTING.md") and address != right):
            wrong, instead = f'"{address}" is not an address of the publisher', f"write the publisher's own, such as {right}"
            yield Problem(path, line, column, "placeholder", wrong, instead, "url")


def _matches(file: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of each match of `pattern` in `file`, except in lines that are comments."""
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, ValueError):
        return
    for number, line in enumerate(lines, 1):
        if file.suffix == ".md" or not line.lstrip().startswith("#"):
            yield from ((number, found.start() + 1, found[0]) for found in pattern.finditer(line))


def _git_not_ready(root: Path, project: Project) -> Iterator[str]:
    """Yield what is wrong with the repository; raise RevisionError if there is none."""
    commit(root, "HEAD")
    status = git(root, "status", "--porcelain", "-z")
    if status.returncode:
        raise RevisionError(refusal(root, status.stderr))
    changed = status.stdout.decode("utf-8", "replace").strip("\0").split("\0")
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
