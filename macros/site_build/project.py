"""A project: the records and pages of a folder, read and checked together."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from macros.checks.house_style import WORDING_PROBLEMS, wording_problems
from macros.checks.pages import Addresses, address_collisions, dead_links, outline_problems, page_problems
from macros.checks.relations import CHECKS, RECOMMENDATION_ID
from macros.checks.settings import menu_problems, read_settings, setting
from macros.history.editions import Editions, Snapshot, edition_checks, read_editions
from macros.loading.disk_cache import cached, hash_of
from macros.loading.files import FoundFiles, file_state, find_files
from macros.loading.loader import MAX_PROBLEMS, NOT_RECORDS, load
from macros.loading.pages import Call, Page, calls, invalid_arguments, pages, unknown_terms
from macros.loading.validation import MAX_PROBLEMS_PER_RECORD
from macros.model.document import Document
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.problem import InvalidDataError, Problem, likely_typo
from macros.model.records import KINDS, Criterion, Event, Record, Words
from macros.rendering.page_macros import PageMacros, has_title
from macros.rendering.sandbox import article
from macros.site_build.record_pages import record_pages
from macros.templates import texts
from macros.text.characters import invalid_characters, normalised
from macros.text.inline_markdown import links


@dataclass(frozen=True, eq=False)
class Project:
    """The content of `root`: the framework (None if a record is invalid), pages, pages that cite each point, problems, editions."""

    root: Path
    framework: Framework | None
    pages: tuple[Page, ...]
    citations: Mapping[str, Sequence[Page]]
    problems: tuple[Problem, ...]
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop a build."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def valid_framework(self) -> Framework:
        """Return the framework; raise InvalidDataError if a record is invalid."""
        if self.framework is None:
            raise InvalidDataError(self.errors)
        return self.framework

    @property
    def all_pages(self) -> tuple[Page, ...]:
        """Return the pages, with those made from records."""
        return (*self.pages, *(made.page for made in record_pages(self.framework).values())) if self.framework else self.pages

    @property
    def draft(self) -> bool:
        """Return whether the site is a draft: data/site.yml names no publisher, or has an example address."""
        return any(problem.name == "placeholder" for problem in self.problems)

    @functools.cached_property
    def revision(self) -> str:
        """Return 8 hexadecimal digits that depend only on the records and pages."""
        digest = hashlib.sha256()
        for file in find_files(self.root).files:
            path = file.relative_to(self.root)
            if file.suffix == ".md" if path.parts[0] == "content" else file.suffix == ".yml" and path.parts[1] not in NOT_RECORDS:
                content = file.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{path.as_posix()} {len(content)}\n".encode() + content)
        return digest.hexdigest()[:8]

    @functools.cached_property
    def editions(self) -> Editions:
        """Return the released editions, and the current revision."""
        return Editions(self.snapshots, self.revision)

    def stamp(self, site_url: str, site_name: str, *, preview: bool = False) -> Stamp:
        """Return the stamp of this project, published at `site_url` as `site_name`; a `preview` has no revision, so that outputs stay."""
        site = self.valid_framework.site
        revision = "preview" if preview else self.revision
        name = " ".join(normalised(site_name).split())
        return Stamp(site.edition, site.edition_date, revision, site_url.rstrip("/") + "/" if site_url else "", name)


def read_project(root: Path) -> Project:
    """Read and check the records and pages of `root`; the last two results are cached until a file changes."""
    files = find_files(root)
    return _read(root, files, tuple(file_state(file) for file in (*files.files, root / "mkdocs.yml")))


@functools.lru_cache(maxsize=2)
def _load(root: Path, _states: object) -> tuple[Framework | None, tuple[Problem, ...], tuple[Snapshot, ...]]:
    """Return the framework, problems and editions of data/."""
    framework, problems = load(root, CHECKS)
    snapshots, edition_problems = read_editions(root)
    if framework is not None and not edition_problems:
        problems += tuple(islice(edition_checks(framework, snapshots), MAX_PROBLEMS_PER_RECORD))
    return framework, (*problems, *edition_problems), snapshots


@functools.lru_cache(maxsize=2)
def _read(root: Path, files: FoundFiles, states: tuple[object, ...]) -> Project:
    if any(problem.name == "too-much" for problem in files.problems):
        return Project(root, None, (), {}, files.problems)
    if not (root / ".cache").is_dir():  # a copy, or a project that no command has accepted yet: reading it writes nothing
        return _checked(root, files, states)
    try:
        key = hash_of(root, [*files.files, *filter(Path.exists, [root / "mkdocs.yml"])], root, files.problems)
    except OSError:  # a file that cannot be read is a problem for the check
        return _checked(root, files, states)
    return cached(root / ".cache/project", key, lambda: _checked(root, files, states))


def _checked(root: Path, files: FoundFiles, states: tuple[object, ...]) -> Project:
    records = tuple(pair for pair in zip(files.files, states, strict=False) if pair[0].is_relative_to(root / "data"))
    framework, record_problems, snapshots = _load(root, records)
    settings = read_settings(root)
    problems = [*files.problems, *record_problems, *settings.problems]
    for name in ("site_name", "site_description"):
        line, text = setting(root, name)
        problems += [Problem("mkdocs.yml", line, 1, "character", wrong, instead, name) for _, wrong, instead in invalid_characters(text)]
    macros = PageMacros.names()
    page_calls: dict[Page, list[Call]] = {}
    for page, front_matter_problems in pages(root):
        if len(problems) > MAX_PROBLEMS:
            break
        problems += front_matter_problems
        if page is None:
            continue
        problems += islice(page_problems(page), MAX_PROBLEMS_PER_RECORD)
        results = list(calls(page, macros))
        page_calls[page] = [call for call in results if isinstance(call, Call)]
        invalid_calls = [problem for problem in results if isinstance(problem, Problem)]
        problems += invalid_calls
        if framework is not None and not invalid_calls:
            problems += islice(wording_problems(page, framework.get(Words, "words")), MAX_PROBLEMS_PER_RECORD)
    invalid = {problem.path for problem in problems if problem.severity == "error" and problem.name not in WORDING_PROBLEMS}
    valid = tuple(page for page in page_calls if page.path not in invalid)
    for page in valid:
        problems += islice(outline_problems(page, page_calls[page], has_title), MAX_PROBLEMS_PER_RECORD)
    citations: dict[str, list[Page]] = {}
    for page, called in page_calls.items():
        for point in dict.fromkeys(call.arguments["point"] for call in called if call.name == "point"):
            citations.setdefault(point, []).append(page)
        if framework is not None:
            problems += islice(unknown_terms(page, framework), MAX_PROBLEMS_PER_RECORD)
            for call in called:
                problems += invalid_arguments(page, call, macros[call.name], framework)
    if framework is not None:
        problems += (problem for problem in _not_shown(framework, page_calls) if problem.record or problem.path not in invalid)
        problems += _address_problems(root, framework, settings, files, valid, Editions(snapshots))
        problems += _not_cited(framework, citations)
    return Project(root, framework, tuple(page_calls), citations, tuple(sorted(set(problems))), snapshots)


def _address_problems(
    root: Path, framework: Framework, settings: Document, files: FoundFiles, pages: tuple[Page, ...], editions: Editions
) -> Iterator[Problem]:
    """Yield a problem for each page that is missing from nav or has the address of another, and each dead link."""
    paths = [path for file in files.files if (path := file.relative_to(root).as_posix()).startswith("content/") and file.suffix == ".md"]
    needed = {own.removeprefix("content/") for record in framework.records.values() if (own := page_path(record))}
    yield from menu_problems(settings, [path.removeprefix("content/") for path in paths], needed)
    others = {url for record in framework.records.values() for url in record.old_urls if "#" not in url}
    made = tuple(made.page for made in record_pages(framework).values())
    yield from address_collisions((*made, *pages), others | {"edit/"})
    if len(pages) < len(paths):  # links may lead to a page with an error
        return
    anchors: dict[str, set[str]] = {}
    for path, _, anchor in (url.partition("#") for record in framework.records.values() for url in (record.url, *record.old_urls)):
        anchors.setdefault(path, set()).add(anchor)

    def html(page: Page) -> str:
        return article(page, PageMacros(framework, lambda: page.url, {}, {}, editions).macros())

    home = setting(root, "site_url")[1]
    addresses = Addresses((*pages, *made), anchors, others, home, html)
    yield from islice(dead_links(pages, addresses), MAX_PROBLEMS_PER_RECORD)
    for key, leaves in framework.leaves.items() if home else ():
        for leaf in leaves:
            for target in dict.fromkeys((*links(leaf.value), leaf.value)) if "://" in str(leaf.value) else ():
                if fault := addresses.wrong(target):
                    offset = max(leaf.value.find(target), 0)
                    yield framework.problem(key, leaf.loc, "dead-link", f'"{target}" {fault[0]}', fault[1], offset=offset)


def _not_shown(framework: Framework, page_calls: Mapping[Page, Sequence[Call]]) -> Iterator[Problem]:
    """Yield a problem for each page that links or records need, but which is missing or does not show what it should."""
    pages = {page.url: page for page in page_calls}

    def shows(page: Page | None, macro: str, argument: str = "") -> bool:
        return any(call.name == macro and argument in ("", *call.arguments.values()) for call in (page_calls[page] if page else ()))

    for row in texts("messages/pages.yml")["needed"]:
        path, macro, kind = f"content/{row['page']}", row.get("call", ""), KINDS.get(row.get("kind", ""))
        page, call = pages.get(Page(path, None, "", 1).url), f" with {{{{ {macro}() }}}}" if macro else ""
        if (kind is None or framework.all(kind)) and (page is None or (macro and not shows(page, macro))):
            wrong = f"links lead to this page, but {'it does not show what they name' if page else 'it is missing'}"
            yield Problem(path, 1, 1, "no-page", wrong, f"write {path}{call}, and add it to nav: in mkdocs.yml")
    for key, record in framework.records.items():
        path, macro, argument, named = page_path(record) or "", record.kind, record.id, ""
        if isinstance(record, Criterion | Event):
            path, named = f"content/{record.page}.md", record.page
            macro, argument = ("events", named) if isinstance(record, Event) else ("comparison", "")
        page = pages.get(record.url.partition("#")[0])
        if path and not shows(page, macro, argument):
            near = likely_typo(named, [url.rstrip("/") for url in pages]) if named and not page else None
            other = next((page.path for page in page_calls if shows(page, macro, argument)), "") if argument and not page else ""
            call = f'{macro}("{argument}")' if argument else f"{macro}()"
            instead = f"move {other} to {path}" if other else f"write {path} with {{{{ {call} }}}}, and add it to nav: in mkdocs.yml"
            instead = f'did you mean "{near}"?' if near else instead
            yield framework.problem(key, ("page",) if named else (), "no-page", "no page at its address shows it", instead)


def _not_cited(framework: Framework, citations: Mapping[str, object]) -> Iterator[Problem]:
    """Yield a problem for each point of the report that no record or page cites; another rule covers recommendations."""
    for position, (point_id, point) in enumerate(framework.points.items()):
        if point_id not in citations and not RECOMMENDATION_ID.fullmatch(point_id) and not framework.referrers(point):
            instead = f'cite it in points: of a record, or with {{{{ point("{point_id}") }}}} in a page'
            yield framework.problem(("report", "report"), ("points", position), "point-unused", f'"{point_id}" is used nowhere', instead)


def page_path(record: Record) -> str | None:
    """Return the path of the page of `record`, from the project's root, or None if it needs no file of its own."""
    if record.generated or not record.address.endswith("/") or "{" not in record.address:
        return None
    return f"content/{record.url.rstrip('/')}.md"
