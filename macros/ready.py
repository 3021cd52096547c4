"""Everything because of which the edition that data/site.yml names cannot be released yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from macros.checks import is_example, workflows_run_on_the_branch
from macros.fields import unwritten
from macros.framework import Framework
from macros.problem import Problem, report
from macros.project import Project
from macros.review import not_yet
from macros.revision import RevisionError, commit, git, refusal
from macros.schema import stale
from macros.singles import Site
from macros.snapshot import following, tag_of
from macros.source import setting

CHANGELOG = "CHANGELOG.md"
UNRELEASED = re.compile(r"^## Unreleased[ ]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)

_GAP = r"\b(?:TODO|TBC|TBD|TBA|FIXME|XXX)\b|(?i:lorem ipsum)|(?<!\[)\[(?i:insert|name|number|date)\b[^\][\n]*\](?![(\[])"
"""What stands in a text where something is still to be written."""

_GAP_OF_A_RECORD = re.compile(_GAP)
_GAP_OF_A_PAGE = re.compile(rf"{_GAP}|(?i:this draft has(?: no publisher yet)?|no publisher yet|not yet named)")
_OWNER = re.compile(r"(?<=\s)(?:@[\w.-]+(?:/[\w.-]+)?|[^\s@]+@[^\s@]+)")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


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
        for record in framework.records:
            yield from not_yet(framework, record, on)
    yield from workflows_run_on_the_branch(root, site.branch)
    for output in stale(root):
        yield Problem(output.path, 1, 1, "schema", "out of date", "run svf schema, and commit what it writes")


def _placeholders(root: Path, project: Project, framework: Framework) -> Iterator[Problem]:
    """Yield a problem for each text or address that still holds the place of the publisher's own."""
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
    instead = "write what belongs there, or delete the sentence: an edition is not released with a gap"
    for page in project.pages:
        for line, column, gap in _matches(root / page.path, _GAP_OF_A_PAGE):
            yield Problem(page.path, line, column, "placeholder", f'"{gap}" holds the place of missing text', instead)
        for line, column, address in _matches(root / page.path, _ADDRESS):
            if is_example(address):
                yield Problem(page.path, line, column, "placeholder", "a reserved example address", "write a real one, or delete it")
    for holder, loc, text in framework.prose:
        for found in _GAP_OF_A_RECORD.finditer(text):
            wrong = f'"{found[0]}" holds the place of missing text'
            yield framework.problem(holder, loc, "placeholder", wrong, instead, offset=found.start())
    yield from _owners(root, ".github/CODEOWNERS", framework.site)
    yield from _links(root, ".github/ISSUE_TEMPLATE/config.yml", framework.site)


def _owners(root: Path, path: str, site: Site) -> Iterator[Problem]:
    """Yield a problem for each name in the code owners at `path` that is not of the repository's owner, where it stands first."""
    owner, example = site.project.split("/")[0], is_example(site.repository)
    seen = set()
    for line, column, name in _matches(root / path, _OWNER):
        if name not in seen and (example or is_example(name) or (name[0] == "@" and name[1:].split("/")[0] != owner)):
            wrong = f'"{name}" is {"a placeholder" if example else "not of the owner of the repository"}'
            right = "@owner or @owner/team" if example else f"@{owner} or @{owner}/{name.partition('/')[2] or 'team'}"
            yield Problem(path, line, column, "placeholder", wrong, f"write who guards the file, as {right}, here and in the lines below")
        seen.add(name)


def _links(root: Path, path: str, site: Site) -> Iterator[Problem]:
    """Yield a problem for each address in the file at `path` that is an example, or leads to CONTRIBUTING.md of another repository."""
    right = site.file_at("CONTRIBUTING.md", "blob")
    for line, column, address in _matches(root / path, _ADDRESS):
        ours = address.endswith("/CONTRIBUTING.md")
        if is_example(address) or (ours and address != right):
            wrong = "still a reserved example address" if is_example(address) else f"not in the repository {site.repository}"
            known = ours and not is_example(site.repository)
            instead = f"write {right}" if known else "write the address in the publisher's own repository"
            yield Problem(path, line, column, "placeholder", wrong, instead, "url")


def _matches(file: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of each match of `pattern` in `file`, comments of a whole line aside."""
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


def changelog(root: Path) -> str | None:
    """Return the text of the changelog of `root`, or None if there is none that can be read."""
    try:
        return (root / CHANGELOG).read_bytes().decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None
