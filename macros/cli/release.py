"""The commands release and notes: pre-release checks, the commit and tag of an edition, and its section of the changelog."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from macros.checks.relations import checked_in_future, is_example, overdue
from macros.checks.settings import workflows_run_on_the_branch
from macros.cli.context import Day, project_at, project_root
from macros.history.compare import compare, state_of
from macros.history.editions import Snapshot, following, read_editions, snapshot, tag_of
from macros.history.git import RevisionError, commit, git, refusal
from macros.loading.yaml_reader import setting
from macros.model.framework import Framework
from macros.model.problem import Problem, did_you_mean, report
from macros.model.types import is_placeholder
from macros.outputs.json_schema import stale
from macros.site_build.project import Project, read_project

CHANGELOG = "CHANGELOG.md"
CODE_OWNERS = ".github/CODEOWNERS"
UNRELEASED_SECTION = re.compile(r"^## Unreleased[ ]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBC|TBD|TBA|FIXME|XXX)\b|(?i:lorem ipsum)|(?<!\[)\[(?i:insert|name|number|date)\b[^\][\n]*\](?![(\[])"
)
_FILE_PLACEHOLDER = re.compile(
    rf"{_PLACEHOLDER.pattern}|(?i:this draft has(?: no publisher yet)?|no publisher yet|not yet named)|(?P<address>https?://[^\s\"'<>]+)"
)
"""In files also the notice of a draft, and addresses, which may be examples."""

_TEAM = re.compile(r"(?<=\s)@(?P<owner>[\w.-]+)/[\w.-]+")


class NotReleasedError(Exception):
    """A release cannot be made; its message says why."""


@click.command()
@click.option("--day", type=Day(), metavar="DATE", help="The day of the edition; without it, today.")
@click.option("--dry-run", is_flag=True, help="Check everything and show the entry of the changelog, but write nothing.")
def release(day: date | None, dry_run: bool) -> None:
    """Release the edition that data/site.yml names: keep its records, write the changelog, commit, and tag.

    Everything is checked first. If anything is wrong, every problem is listed, nothing is written, and the status is 1.
    """
    root, on = project_root(), day or date.today()
    project = read_project(root)
    try:
        if (reasons := list(not_ready(root, project, on))) or project.framework is None:
            raise NotReleasedError("\n".join(reasons))
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
    click.echo(f"Released edition {edition.edition} as {edition.tag}: one commit and one tag, not pushed yet.")
    click.echo(f"Now run: git push origin {project.framework.site.branch} {edition.tag}")
    click.echo("A workflow then publishes the release with its guides and data.")


@click.command()
@click.argument("tag", metavar="TAG", help="The tag of the edition, for example edition-2026-11.")
def notes(tag: str) -> None:
    """Print the section of CHANGELOG.md for the edition TAG, in Markdown."""
    found = re.findall(r"(?ms)^## Edition (\S+),[^\n]*$(.*?)(?=^## |\Z)", changelog(project_root()))
    sections = {tag_of(edition): section.strip() for edition, section in found}
    if not sections.get(tag):
        instead = "write what changed" if tag in sections else did_you_mean(tag, sections) or "svf release writes the section of an edition"
        raise click.ClickException(f'{CHANGELOG} has no text for the edition "{tag}"; {instead}')
    click.echo(sections[tag])


def changelog(root: Path) -> str:
    """Return the text of the changelog of `root`, or "" if there is none."""
    return (root / CHANGELOG).read_text("utf-8") if (root / CHANGELOG).is_file() else ""


def _entry(root: Path, project: Project, framework: Framework) -> str:
    """Return the changelog's entry of the edition of `project`."""
    from macros.rendering.environment import Renderer

    unreleased = "".join(UNRELEASED_SECTION.findall(changelog(root))).strip()
    last = project.snapshots[-1] if project.snapshots else None
    changes = _changes(root, project, framework, last) if last else ""
    values = {"site": framework.site, "unreleased": unreleased, "last": last.edition if last else "", "changes": changes}
    return Renderer(framework, str).render("messages/release.md.j2", **values).strip() + "\n"


def _changes(root: Path, project: Project, framework: Framework, last: Snapshot) -> str:
    """Return what changed for readers since `last`, or "" if its records and pages cannot be read now."""
    from macros.cli.affected_pages import affected
    from macros.cli.diff_report import release_notes

    before, problems = project_at(root, f"refs/tags/{last.tag}")
    if problems or before.framework is None:
        return ""
    comparison = compare(state_of(before.framework, before.pages), state_of(framework, project.pages))
    return release_notes(comparison, affected(before, project), before.framework, framework).strip()


def _write(root: Path, project: Project, edition: Snapshot, entry: str) -> None:
    """Write, commit and tag `edition`; if a step fails or is interrupted, put everything back."""
    text = UNRELEASED_SECTION.sub(lambda _: f"## Unreleased\n\n{entry}\n", changelog(root)).rstrip("\n") + "\n"
    head, file = commit(root, "HEAD"), root / edition.path
    message = f"Edition {edition.edition}, {edition.day.day} {edition.day:%B %Y}"
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(edition.content)
        (root / CHANGELOG).write_bytes(text.encode())
        if problems := read_editions(root)[1]:
            raise NotReleasedError(report(problems))
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
        if not project.snapshots and file.parent.is_dir():
            file.parent.rmdir()
        raise


def not_ready(root: Path, project: Project, on: date) -> Iterator[str]:
    """Yield every reason why `project` cannot be released `on` that day, a line each."""
    problems = list(project.errors)
    if project.framework is not None:
        problems += _problems(root, project, project.framework, on)
    if problems:
        yield report(problems)
    try:
        yield from _git_reasons(root, project)
    except RevisionError as error:
        yield str(error)
    if len(UNRELEASED_SECTION.findall(changelog(root))) != 1:
        yield f"{CHANGELOG}:1:1: needs one line ## Unreleased; add it above the last edition"


def _problems(root: Path, project: Project, framework: Framework, on: date) -> Iterator[Problem]:
    """Yield the problems that prevent only a release."""
    site, key = framework.site, ("site", "site")
    yield from _placeholders(root, project, framework)
    if project.snapshots and site.edition == (last := project.snapshots[-1].edition):
        instead = f"write the next one, for example {max(f'{on:%Y-%m}', following(last))}"
        yield framework.problem(key, ("edition",), "edition", f"edition {last} is already released", instead)
    if site.edition_date != on:
        wrong = f"{site.edition_date} is not the day of this release"
        instead = f"write edition_date: {on} and commit it, or give --day {site.edition_date}"
        yield framework.problem(key, ("edition_date",), "edition-date", wrong, instead)
    yield from checked_in_future(framework, on)
    yield from workflows_run_on_the_branch(root, site.branch)
    for output in stale(root):
        yield Problem(output.path, 1, 1, "schema", "out of date", "run svf schema, and commit what it writes")


def _placeholders(root: Path, project: Project, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each placeholder in settings, pages, records and the files for GitHub."""
    yield from (replace(problem, severity="error") for problem in project.problems if problem.name == "placeholder")
    for name in ("site_name", "site_description", "site_url"):
        line, value = setting(root, name)
        if value and (is_example(value) or is_placeholder(value)):
            yield Problem("mkdocs.yml", line, 1, "placeholder", f'"{value}" is a placeholder', "write the site's own", name)
    for path in (*(page.path for page in project.pages), ".github/ISSUE_TEMPLATE/config.yml"):
        for line, found in _matches(root / path, _FILE_PLACEHOLDER):
            if not found["address"] or is_example(found["address"]):
                wrong = f'"{found[0]}" is a placeholder'
                yield Problem(path, line, found.start() + 1, "placeholder", wrong, "replace it, or delete the line")
    for holder, loc, text in framework.prose:
        for found in _PLACEHOLDER.finditer(text):
            wrong, instead = f'"{found[0]}" is a placeholder', "replace it, or delete the line"
            yield framework.problem(holder, loc, "placeholder", wrong, instead, offset=found.start())
    owner = "" if is_example(framework.site.repository) else framework.site.project.split("/")[0]
    for line, found in _matches(root / CODE_OWNERS, _TEAM):
        if found["owner"] != owner:
            wrong, instead = f'"{found[0]}" is not a team of the owner of the repository', "write who reviews the file"
            yield Problem(CODE_OWNERS, line, found.start() + 1, "placeholder", wrong, instead)


def _matches(file: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the line and each match of `pattern` in `file`, except in comments."""
    for number, line in enumerate(file.read_text("utf-8").split("\n") if file.is_file() else (), 1):
        if file.suffix == ".md" or not line.lstrip().startswith("#"):
            yield from ((number, found) for found in pattern.finditer(line))


def _git_reasons(root: Path, project: Project) -> Iterator[str]:
    """Yield what is wrong with the repository; raise RevisionError if there is none."""
    commit(root, "HEAD")
    status = git(root, "status", "--porcelain")
    if status.returncode:
        raise RevisionError(refusal(root, status.stderr))
    if changed := status.stdout.decode("utf-8", "replace").splitlines():
        names = ", ".join(line[3:] for line in changed[:5])
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        yield f"There are uncommitted changes ({names}{more}). Commit them, or undo them with git restore."
    if project.framework is None:
        return
    site = project.framework.site
    branch = git(root, "symbolic-ref", "--short", "--quiet", "HEAD").stdout.decode().strip()
    if branch != site.branch:
        yield f"Editions are released from the branch {site.branch}, not from {branch or 'a commit'}. Run git switch {site.branch}."
    if _tagged(root, tag_of(site.edition)):
        yield f"The tag {tag_of(site.edition)} already exists. Release the next edition."
    for last in project.snapshots[-1:]:
        if not _tagged(root, last.tag):
            yield f"The tag {last.tag} of the last edition is missing. Run git fetch --tags."


def _tagged(root: Path, tag: str) -> bool:
    return git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}").returncode == 0
