"""The commands release and notes: pre-release checks, the commit and tag of an edition, and its section of the changelog."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from macros.checks.relations import is_example, overdue
from macros.checks.settings import setting
from macros.cli.context import CommandError, day, project_at, project_root, settings_problems
from macros.cli.diff import release_notes
from macros.history.compare import compare, state_of
from macros.history.editions import FOLDER, Snapshot, following, snapshot, tag_of
from macros.history.git import GitError, commit, git
from macros.model.framework import Framework
from macros.model.problem import Problem, report
from macros.model.types import is_placeholder
from macros.outputs.json_schema import stale
from macros.rendering.environment import text_environment
from macros.site_build.atomic_build import build_lock
from macros.site_build.project import Project, read_project
from macros.templates import texts

CHANGELOG = "CHANGELOG.md"
_UNRELEASED = re.compile(r"^## Unreleased[ ]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_OWN = re.compile(r"(?<=@)[\w-]+|https?:[^\s)]*(?=/blob/|/about/suggest/)")
_PLACEHOLDER = re.compile("|".join(texts("messages/placeholders.yml")["texts"]))


@click.command()
@click.option("--day", "on", type=day, metavar="DATE", help="With --dry-run: a later day to check for.")
@click.option("--dry-run", is_flag=True, help="Check everything and show the entry of the changelog, but write nothing.")
def release(on: date | None, dry_run: bool) -> None:
    """Release the edition that data/site.yml names, unless anything is wrong: keep its records, write the changelog, commit, and tag."""
    root, today = project_root(), date.today()
    if (on := on or today) < today or (on > today and not dry_run):
        raise CommandError(f"Today is {today}. An edition is released on its day; make missing DATE=... looks at a later one.")
    try:
        with build_lock(root):
            project = read_project(root)
            if (reasons := list(not_ready(root, project, on))) or project.framework is None:
                raise GitError("\n".join(reasons))
            if unsure := [replace(one, severity="warning") for one in (*_other_month(project), *overdue(project.framework, on))]:
                click.echo(report(unsure), err=True)
            edition, entry = snapshot(project.framework, project.revision), _entry(root, project, project.framework)
            if not dry_run:
                _write(root, edition, entry)
    except (GitError, OSError) as error:
        click.echo(str(error))
        sys.exit("Not released; nothing was written.")
    words = texts("messages/released.yml")
    if dry_run:
        click.echo(entry)
    click.echo(words["dry_run" if dry_run else "released"].format(edition=edition, branch=project.framework.site.branch), err=dry_run)


@click.command()
@click.argument("tag", metavar="TAG", help="The tag of the edition, for example edition-2026-11.")
def notes(tag: str) -> None:
    """Print the section of CHANGELOG.md for the edition TAG, in Markdown."""
    section = re.search(rf"(?ms)^## Edition {re.escape(tag.removeprefix('edition-'))},[^\n]*$(.*?)(?=^## |\Z)", changelog(project_root()))
    if section is None or not section[1].strip():
        raise click.ClickException(f'{CHANGELOG} has no text for the edition "{tag}"; make release writes it')
    click.echo(section[1].strip())


def changelog(root: Path) -> str:
    """Return the text of the changelog of `root`, or "" if there is none."""
    return (root / CHANGELOG).read_text("utf-8") if (root / CHANGELOG).is_file() else ""


def _entry(root: Path, project: Project, framework: Framework) -> str:
    """Return the changelog's entry of the edition of `project`; if the last edition cannot be read now, it has no changes."""
    changes = ""
    if last := project.snapshots[-1] if project.snapshots else None:
        before, problems = project_at(root, f"refs/tags/{last.tag}")
        if before.framework and not problems:
            comparison = compare(state_of(before.framework, before.pages), state_of(framework, project.pages))
            changes = release_notes(comparison, before.framework, framework).strip()
    unreleased = "".join(_UNRELEASED.findall(changelog(root))).strip()
    template = text_environment().get_template("messages/release.md.j2")
    return template.render(site=framework.site, unreleased=unreleased, last=last and last.edition, changes=changes).strip() + "\n"


def _write(root: Path, edition: Snapshot, entry: str) -> None:
    """Write, commit and tag `edition`; if a step fails or is interrupted, put everything back: nothing else is uncommitted."""
    text = _UNRELEASED.sub(lambda _: f"## Unreleased\n\n{entry}\n", changelog(root)).rstrip("\n") + "\n"
    head, file, paths = commit(root, "HEAD"), root / edition.path, (edition.path, CHANGELOG)
    message = f"Edition {edition.edition}, {edition.day.day} {edition.day:%B %Y}"
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(edition.content)
        (root / CHANGELOG).write_bytes(text.encode())
        record = ("commit", "--quiet", "-m", f"Release edition {edition.edition}", "--", *paths)
        for command in ("add", "--", *paths), record, ("tag", "-a", "-m", message, edition.tag):
            if (done := git(root, *command)).returncode:
                raise GitError(f"git {command[0]} failed: {(done.stderr or done.stdout).decode('utf-8', 'replace').strip()}")
    except BaseException as error:
        if not isinstance(error, GitError):  # a tag that git could not make is another's
            git(root, "tag", "-d", edition.tag)
        for undo in ("reset", "--quiet", "--hard", head), ("clean", "--quiet", "--force", "-d", "--", FOLDER):
            git(root, *undo)
        raise


def not_ready(root: Path, project: Project, on: date) -> Iterator[str]:
    """Yield every reason why `project` cannot be released `on` that day, a line each."""
    problems = [*project.errors, *settings_problems(project)]
    if project.framework is not None:
        problems += [*_placeholders(root, project, project.framework), *_problems(root, project, project.framework, on)]
    if problems:
        yield report(problems)
    try:
        yield from _git_reasons(root, project)
    except GitError as error:
        yield str(error)
    if len(_UNRELEASED.findall(changelog(root))) != 1:
        yield f"{CHANGELOG}:1:1: needs one line ## Unreleased; add it above the last edition"


def _problems(root: Path, project: Project, framework: Framework, on: date) -> Iterator[Problem]:
    """Yield the problems that prevent only a release."""
    site, key = framework.site, ("site", "site")
    if project.snapshots and site.edition == (last := project.snapshots[-1].edition):
        instead = f"write the next one, for example {max(f'{on:%Y-%m}', following(last))}"
        yield framework.problem(key, ("edition",), "edition", f"edition {last} is already released", instead)
    if site.edition_date != on:
        instead = f"write edition_date: {on} and commit it" + f", or release it on {site.edition_date}" * (site.edition_date > on)
        yield framework.problem(key, ("edition_date",), "edition-date", f"{site.edition_date} is not the day of this release", instead)
    yield from (problem for problem in overdue(framework, on) if problem.name == "checked-in-future")
    for output in stale(root):
        yield Problem(output.path, 1, 1, "schema", "out of date", "run .venv/bin/svf schema, and commit what it writes")


def _other_month(project: Project) -> Iterator[Problem]:
    """Yield a problem if the edition is not named after the month of its day, unless that month has an edition."""
    month = f"{(site := project.valid_framework.site).edition_date:%Y-%m}"
    if month not in (site.edition, *(released.edition for released in project.snapshots)):
        wrong, instead = f"{site.edition} is not the month of {site.edition_date}", f"write edition: {month}, unless you mean it"
        yield project.valid_framework.problem(("site", "site"), ("edition",), "edition-month", wrong, instead)


def _placeholders(root: Path, project: Project, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each placeholder in settings, pages, records and files for GitHub, and each name of another repository there."""
    yield from (replace(problem, severity="error") for problem in project.problems if problem.name == "placeholder")
    for name in ("site_name", "site_description", "site_url"):
        line, value = setting(root, name)
        if value and (is_example(value) or is_placeholder(value)):
            yield Problem("mkdocs.yml", line, 1, "placeholder", f'"{value}" is a placeholder', "write the site's own", name)
    readme, name = root / "README.md", setting(root, "site_name")[1]
    if readme.is_file() and readme.read_text("utf-8").partition("\n")[0].strip() != f"# {name}":
        yield Problem(readme.name, 1, 1, "site-name", "the heading is not the name of the site", f"write # {name}, then what it is")
    home, repository, owner = setting(root, "site_url")[1].rstrip("/"), framework.site.repository, framework.site.project.split("/")[0]
    files, usual = texts("messages/placeholders.yml")["files"], "replace it, or delete the line"
    for path in (*(page.path for page in project.pages), *(path for path in files if (root / path).is_file())):
        known = {repository, owner, home}
        for number, row in enumerate((root / path).read_text("utf-8").split("\n"), 1):
            if path.endswith(".md") or not row.startswith("#"):
                for at, text in _found(row):
                    yield Problem(path, number, at + 1, "placeholder", f'"{text}" is a placeholder', files.get(path, usual))
                for named in re.finditer(_OWN, row) if path in files and not [*_found(row)] else ():
                    if named[0] not in known:
                        known.add(named[0])
                        own = home if row.startswith("/about", named.end()) else repository if ":" in named[0] else owner
                        yield Problem(path, number, named.start() + 1, "owner", f'"{named[0]}" is not the publisher\'s', f"write {own}")
    for holder, loc, prose in framework.prose:
        for at, text in _found(prose) if loc[0] != "parts" else ():  # templates have blanks
            yield framework.problem(holder, loc, "placeholder", f'"{text}" is a placeholder', usual, offset=at)


def _found(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each placeholder in `text` is, and what it says."""
    yield from ((match.start(), match[0]) for match in _PLACEHOLDER.finditer(text) if not match["address"] or is_example(match[0]))


def _git_reasons(root: Path, project: Project) -> Iterator[str]:
    """Yield what is wrong with the repository; raise GitError if there is none."""
    commit(root, "HEAD")
    if changed := git(root, "status", "--porcelain").stdout.decode("utf-8", "replace").splitlines():
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        yield f"Not committed: {', '.join(line[3:] for line in changed[:5])}{more}. Commit, undo with git restore, or delete new files."
    if project.framework is None:
        yield "Placeholders, dates, branch and tags were not checked. Fix the invalid records first."
        return
    site, branch = project.framework.site, git(root, "branch", "--show-current").stdout.decode().strip()
    if branch != site.branch:
        yield f"Editions are released from the branch {site.branch}, not from {branch or 'a commit'}. Run git switch {site.branch}."
    known = git(root, "rev-parse", "--verify", "--quiet", f"origin/{site.branch}").stdout.decode().strip()
    if branch == site.branch and known and known != commit(root, "HEAD"):
        yield f"{branch} is not the same as origin/{branch}. Run git pull, then git push what is not there yet."
    tags, last = git(root, "tag").stdout.decode().split(), project.snapshots[-1].tag if project.snapshots else None
    if (tag := tag_of(site.edition)) in tags:
        yield f"The tag {tag} already exists. If GitHub has it, release the next edition; if not, run git push origin {tag}."
    if last and last not in tags:
        yield f"The tag {last} of the last edition is missing. Run git fetch --tags. If GitHub does not have it, see PUBLISHING.md."
